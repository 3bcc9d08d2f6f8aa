"""The gate: floors that are not reached fail, only a flag lowers one; and the real floors, where the data is at hand."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from pipelines import gate
from pipelines.cli import main

#: Annotated files of others, beside the project on some machines.
SHARED = Path(__file__).parents[3] / "shared"
FLOORS: Mapping[str, gate.Figures] = {"dates": {"f1": 0.9, "value": 0.8}, "words": {"pud": 0.98}}


def test_what_is_missing_or_too_low_is_told() -> None:
    assert gate.below(FLOORS, {"dates": {"f1": 0.9, "value": 0.85, "new": 0.1}}) == []
    assert [line.split(",")[0:2] for line in gate.below(FLOORS, {"dates": {"f1": 0.899}})] == [
        ["dates", " f1: 0.8990"],
        ["dates", " value: not measured"],
    ]


def test_floors_rise_and_fall_only_on_purpose() -> None:
    measured = {"dates": {"f1": 0.95, "value": 0.7, "new": 0.5}}
    assert gate.moved(FLOORS, measured, lower=False) == {
        "dates": {"f1": 0.947, "value": 0.8, "new": 0.497},
        "words": {"pud": 0.98},
    }
    assert gate.moved(FLOORS, measured, lower=True)["dates"]["value"] == 0.697
    assert gate.moved(FLOORS, {"dates": {"f1": 0.901}}, lower=True)["dates"]["f1"] == 0.9


def test_the_scorers_answer_becomes_one_figure_a_line() -> None:
    told = {"articles": 3, "names": {"p": 0.9, "f1": 0.8}, "status": {"acc": 0.7, "n": 4}, "mode": {"acc": None}}
    assert gate.flatten(told | {"by event type": {"AID": {"f1": 1.0}}}) == {"names": 0.8, "status": 0.7}


def test_the_command_fails_below_a_floor_and_lowers_it_when_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "gold").mkdir()
    floors = tmp_path / "floors.json"
    floors.write_text(json.dumps({"dates": {"f1": 0.9}}), "utf-8")
    monkeypatch.setattr(gate, "MEASURES", {"dates": lambda data: {"f1": 0.8}})
    command = ["gate", "--data", str(tmp_path), "--floors", str(floors)]
    assert main(command) == 3
    assert "below its floor: dates, f1: 0.8000, floor 0.900" in capsys.readouterr().err
    assert main([*command, "--raise"]) == 3
    assert json.loads(floors.read_text("utf-8")) == {"dates": {"f1": 0.9}}
    assert main([*command, "--lower"]) == 0
    assert json.loads(floors.read_text("utf-8")) == {"dates": {"f1": 0.797}}
    assert main(command) == 0


def test_without_the_data_there_is_nothing_to_measure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["gate", "--data", str(tmp_path)]) == 2
    assert "no annotated files" in capsys.readouterr().err


@pytest.mark.skipif(not (SHARED / "gold").is_dir(), reason="annotated files in ../shared are not at hand")
@pytest.mark.parametrize("group", sorted(gate.MEASURES))
def test_every_floor_is_reached(group: str) -> None:
    floors = json.loads(gate.FLOORS.read_text("utf-8"))
    assert floors[group]
    assert gate.below(floors, {group: gate.MEASURES[group](SHARED)}) == []
