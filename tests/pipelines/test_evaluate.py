"""The scorers of words, sentences and numbers, on small files; `test_gate` has the annotated ones."""

import json
from pathlib import Path

import pytest

from pipelines import evaluate, numbers, words
from pipelines.baselines import WAYS

WIKINEWS = (
    "tok\ttag\nو+قال\tCONJ+V\nل+ال+جامع+ة\tPREP+DET+NOUN+NSUFF\nأعلن+ت\tV+PRON\nل+ه\tPREP+PRON\n12\tNUM\n.\tPUNC\n"
)
PUD = """\
# newdoc id = a
# text = وقال إنها كتبت.
1\tو\t_\tCCONJ\t_\t_\t0\t_\t_\tSpaceAfter=No
2\tقال\t_\tVERB\t_\t_\t0\t_\t_\t_
3\tإن\t_\tPART\t_\t_\t0\t_\t_\tSpaceAfter=No
4\tها\t_\tPRON\t_\t_\t0\t_\t_\t_
5\tكتبت\t_\tVERB\t_\t_\t0\t_\t_\tSpaceAfter=No
6\t.\t_\tPUNCT\t_\t_\t0\t_\t_\t_

"""


def test_wikinews_keeps_clitics_only(tmp_path: Path) -> None:
    (tmp_path / "w.ref").write_text(WIKINEWS, "utf-8")
    (document,) = words.read_wikinews(tmp_path / "w.ref")
    assert [(w.text, "+".join(w.pieces)) for w in document] == [
        ("وقال", "و+قال"),
        ("للجامعة", "ل+ال+جامعة"),
        ("أعلنت", "أعلنت"),
        ("له", "ل+ه"),
        ("12", "12"),
        (".", "."),
    ]
    right, whole, wrong = evaluate.score_wikinews([document])
    assert (right, whole, wrong) == (6, 6, [])
    assert evaluate.score_wikinews([[words.GoldWord("وزير", ("و", "زير"))]])[:2] == (0, 1)


def test_pud_counts_all_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "p.conllu").write_text(PUD, "utf-8")
    assert evaluate.score_pud(words.read_pud(tmp_path / "p.conllu")) == (1.0, 1.0, [])
    evaluate.main(["words", "--pud", str(tmp_path / "p.conllu")])
    assert "F1 1.0000" in capsys.readouterr().out


@pytest.mark.parametrize(("way", "right"), [("rules", 5), ("camel-tools", 3)])
def test_other_ways_to_divide_are_scored_alike(way: str, right: int, tmp_path: Path) -> None:
    (tmp_path / "w.ref").write_text(WIKINEWS, "utf-8")
    assert evaluate.score_wikinews(words.read_wikinews(tmp_path / "w.ref"), WAYS[way])[0] == right


def test_boundaries_that_nothing_shows_are_counted_apart() -> None:
    score = evaluate.score_sentences([["وصل الوزير.", "عنوان بلا نقطة", "قال ذلك. ثم ذهب.", "انتهى."]])
    assert score[:4] == (2, 2, 1, 0)
    assert len(score.extra) == 1


def test_the_ranker_learns_from_one_half_and_is_told_by_the_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head, _, rows = WIKINEWS.partition("\n")
    (tmp_path / "w.ref").write_text(f"{head}\n{rows * 100}", "utf-8")
    (tmp_path / "p.conllu").write_text(PUD + PUD.replace("id = a", "id = b"), "utf-8")
    files = ["--wikinews", str(tmp_path / "w.ref"), "--pud", str(tmp_path / "p.conllu")]
    words.train([*files, "--half", "first", "--out", str(tmp_path / "half.tsv")])
    told = [line for line in capsys.readouterr().out.splitlines() if line.startswith("learnt")]
    assert told == [f"learnt from half {n}, words right in the other: WikiNews 1.0000, PUD 1.0000," for n in (1, 2)]
    assert "weight\tfeature" in (tmp_path / "half.tsv").read_text("utf-8")


def test_counts_and_number_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "قتل ثلاثة جنود وأصيب نحو عشرين."
    events = [{"s": 0, "killed": 3, "injured": 21}, {"s": 0, "killed": 5, "injured": 1}]
    article = {"text": text, "sentences": [[0, len(text)]], "events": events}
    score = numbers.score_numbers([article])
    assert (score.wanted, score.right) == (3, 2)
    (tmp_path / "gold.jsonl").write_text(json.dumps(article) + "\n", "utf-8")
    evaluate.main(["numbers", str(tmp_path / "gold.jsonl"), "--errors", "1"])
    assert capsys.readouterr().out.startswith("gold: counts found 0.667 (2 of 3)\n  1 × 5:")


def test_number_words_of_num2words_are_read() -> None:
    pytest.importorskip("num2words")
    score = numbers.score_round_trip(numbers.samples())
    assert score.right / score.wanted >= 0.99, score.wrong[:5]
