"""The scorer of dates."""

import json
from pathlib import Path

import pytest

from pipelines import evaluate
from pipelines.dates import score_dates

TEXT = "وصل الوفد أمس، وعاد في آذار/مارس 2018. انتهت الدورة عام 2017."


def entity(surface: str, value: str | None) -> dict[str, object]:
    start = TEXT.index(surface)
    return {"type": "DATE", "span": [start, start + len(surface)], "value": value}


ARTICLE = {
    "text": TEXT,
    "date": "2018-05-04",
    "entities": [entity("أمس", "2018-05-03"), entity("آذار/مارس 2018", "2018-04"), entity("الدورة", None)],
}


def test_spans_and_values_are_counted_apart() -> None:
    score = score_dates([ARTICLE])
    assert (score.both, score.found, score.wanted, score.right, score.values) == (2, 3, 3, 1, 2)
    assert [line.split(":")[0] for line in score.wrong] == ["month-year", "missed", "false, year"]


def test_the_command_prints_a_line_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps(ARTICLE) + "\n", "utf-8")
    evaluate.main(["dates", str(path), "--errors", "1"])
    assert capsys.readouterr().out.startswith(
        "gold: precision 0.667 recall 0.667 F1 0.667, value right 0.500 (1 of 2)\n"
    )
