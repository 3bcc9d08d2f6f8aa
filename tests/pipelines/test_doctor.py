"""doctor: what it says of engines, models and lakes, and that it costs little."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pipelines.cli import main
from tests.made_engines import tiny_model, tiny_morphology
from tests.pipelines.whole_runs import ROOT
from transforms.lake.publishing import lock


@pytest.fixture(autouse=True)
def no_camel_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAMELTOOLS_DATA", str(tmp_path / "none"))


def report(capsys: pytest.CaptureFixture[str], *more: str, code: int = 0) -> dict[str, Any]:
    assert main(["doctor", "--json", *more]) == code
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def engines(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {engine["name"]: engine for engine in found["engines"]}


def test_the_default_engines_are_usable_and_camel_says_what_it_lacks(capsys: pytest.CaptureFixture[str]) -> None:
    found = report(capsys)
    told = engines(found)
    assert (found["usable"], told["statistical"]["usable"], told["triggers"]["usable"]) == (True, True, True)
    assert not told["camel"]["usable"]
    assert "camel_data -i ner-arabert" in told["camel"]["why"]
    models = {m["name"]: m for m in found["models"]}
    assert models["names.crfsuite"]["bytes"] == (ROOT / "transforms/arabic/models/names.crfsuite").stat().st_size
    assert all(len(m["sha256"]) == 64 for m in models.values())
    assert found["packages"]["apache-beam"].startswith("2.")


def test_deep_loads_what_is_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model, database = tiny_model(tmp_path / "model"), tiny_morphology(tmp_path / "tiny.db")
    given = ["--camel-model", str(model), "--morphology", str(database)]
    assert all(engine["usable"] for engine in report(capsys, "--deep", *given)["engines"])
    (model / "model.safetensors").write_bytes(b"broken")
    database.write_text("broken", "utf-8")
    told = engines(report(capsys, "--deep", *given))
    assert (told["camel"]["usable"], told["morphology"]["usable"]) == (False, False)
    assert "no morphology" in told["morphology"]["why"]


def test_a_broken_default_engine_is_exit_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from transforms.engines import statistical

    statistical.built_in.cache_clear()
    monkeypatch.setattr(statistical, "model_path", lambda name: tmp_path / name)
    try:
        found = report(capsys, code=1)
    finally:
        statistical.built_in.cache_clear()
    assert not found["usable"]
    assert "names.crfsuite" in engines(found)["statistical"]["why"]


def test_an_engine_from_outside_is_tried(capsys: pytest.CaptureFixture[str]) -> None:
    told = engines(report(capsys, "--names", "no.such:engine"))
    assert not told["no.such:engine"]["usable"]
    assert "cannot be imported" in told["no.such:engine"]["why"]


def test_the_state_of_a_lake(clean: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lake = report(capsys, "--lake", str(clean))["lake"]
    assert (lake["readable"], lake["writable"], lake["locked"], lake["runs"], lake["staged"]) == (
        True,
        True,
        False,
        1,
        0,
    )
    before = sorted(tmp_path.rglob("*"))
    none = report(capsys, "--lake", str(tmp_path / "a" / "b"))["lake"]
    assert (none["exists"], none["readable"], none["writable"]) == (False, False, True)
    assert sorted(tmp_path.rglob("*")) == before
    assert not report(capsys, "--lake", "/proc/none")["lake"]["readable"]
    file = tmp_path / "file"
    file.write_text("x", "utf-8")
    assert not report(capsys, "--lake", str(file))["lake"]["readable"]


def test_a_lake_that_is_being_published_to_is_locked(clean: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = [sys.executable, "-m", "pipelines", "doctor", "--lake", str(clean)]
    with lock(clean, 1.0):
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (done.returncode, "locked by a publisher" in done.stdout) == (0, True)


def test_the_table_is_for_people(clean: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--lake", str(clean)]) == 0
    told = capsys.readouterr().out
    assert "camel            not usable" in told
    assert "readable, writable, not locked, runs published: 1" in told
    assert told.endswith("khabar can be used here\n")


def test_it_is_quick_and_leaves_torch_and_beam_alone() -> None:
    code = (
        "import sys\nfrom pipelines.cli import main\nassert not main(['doctor'])\n"
        "print('HEAVY', [m for m in ('torch', 'transformers', 'apache_beam', 'duckdb') if m in sys.modules])"
    )
    before = os.times().children_user
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert "HEAVY []" in done.stdout, done.stderr
    assert os.times().children_user - before < 2.0
