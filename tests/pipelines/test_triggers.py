"""Training and cross-validation of triggers, on sentences of our own."""

import json
from pathlib import Path

import pytest

from pipelines import train, triggers
from transforms.arabic.spans import Name

TOLD = [
    ("قصفت الطائرات مواقع المسلحين في المدينة", "قصفت", "ASSAULT"),
    ("قصفت المدفعية بلدة حدودية صباح الأحد", "قصفت", "ASSAULT"),
    ("اعتقلت الشرطة ثلاثة صحفيين في العاصمة", "اعتقلت", "COERCE"),
    ("اعتقلت قوات الأمن ناشطا بارزا", "اعتقلت", "COERCE"),
]


def article(text: str, trigger: str, kind: str) -> triggers.Article:
    start = text.index(trigger)
    span = [start, start + len(trigger)]
    return {"text": text, "sentences": [[0, len(text)]], "events": [{"s": 0, "type": kind, "span": span}]}


def named(start: int, end: int, kind: str, score: float) -> Name:
    return Name(start, end, kind, score, "maxent")


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    path = tmp_path / "train.jsonl"
    path.write_text("".join(json.dumps(article(*told)) + "\n" for told in TOLD), "utf-8")
    return path


def test_folds_part_every_file_and_miss_no_article() -> None:
    files = [("a", [article(*told) for told in TOLD]), ("b", [article(*TOLD[0])])]
    parts = list(triggers.folds(files, 2))
    assert [(len(learn), len(read)) for learn, read in parts] == [(2, 3), (3, 2)]
    assert [a["file"] for _, read in parts for a in read] == ["a", "a", "b", "a", "a"]


def test_types_are_scored_once_a_sentence_and_triggers_one_by_one() -> None:
    told = article(*TOLD[0])
    right, again, false = named(0, 4, "ASSAULT", 0.9), named(5, 13, "ASSAULT", 0.6), named(14, 19, "AID", 0.2)
    tally = triggers.score([triggers.Read("train", told, (right, again, false))])
    assert tally["type"] == {"right": 1, "found": 2, "wanted": 1}
    assert tally["type ASSAULT"] == {"right": 1, "found": 1, "wanted": 1}
    assert tally["type AID"] == {"right": 0, "found": 1, "wanted": 0}
    assert tally["trigger"] == {"right": 1, "found": 3, "wanted": 1}


def test_a_trigger_pairs_by_type_and_overlap() -> None:
    told = article(*TOLD[0])
    assert triggers.pairs(told, [named(0, 4, "COERCE", 0.5), named(5, 13, "ASSAULT", 0.5)]) == {}
    assert list(triggers.pairs(told, [named(3, 4, "ASSAULT", 0.5), named(0, 13, "ASSAULT", 0.5)])) == [1]


def test_the_report_tells_how_far_scores_can_be_believed() -> None:
    found = (named(0, 4, "ASSAULT", 0.95), named(5, 13, "ASSAULT", 0.25))
    lines = list(triggers.report([triggers.Read("train", article(*TOLD[0]), found)]))
    assert lines[0].split() == ["event", "type", "P", "1.000", "R", "1.000", "F1", "1.000", "(1)"]
    assert [line.split() for line in lines[-2:]] == [
        ["0.0–0.3", "1", "0.250", "0.000"],
        ["0.9–1.0", "1", "0.950", "1.000"],
    ]


def test_the_command_validates(gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    train.main(["triggers", "--validate", "2", "--gold", str(gold)])
    assert capsys.readouterr().out.splitlines()[0].split()[-3:] == ["F1", "1.000", "(4)"]


def test_the_same_gold_gives_the_same_model(gold: Path, tmp_path: Path) -> None:
    models = [tmp_path / "one.crfsuite", tmp_path / "two.crfsuite"]
    for path in models:
        train.main(["triggers", "--gold", str(gold), "--out", str(path)])
    assert models[0].read_bytes() == models[1].read_bytes()


def test_what_is_held_out_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SystemExit):
        train.main(["triggers", "--validate", "2", "--gold", str(tmp_path / "dev.jsonl")])
    with pytest.raises(SystemExit):
        train.main(["names", "--validate", "2", "--gold", str(tmp_path / "train.jsonl")])
