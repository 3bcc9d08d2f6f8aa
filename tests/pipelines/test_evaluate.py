"""The scorers of words and sentences, on small files; and on the shared annotated files where they are at hand."""

from pathlib import Path

import pytest

from pipelines import evaluate, words

SHARED = Path(__file__).parents[3] / "shared" / "segmentation"
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


def test_boundaries_that_nothing_shows_are_counted_apart() -> None:
    score = evaluate.score_sentences([["وصل الوزير.", "عنوان بلا نقطة", "قال ذلك. ثم ذهب.", "انتهى."]])
    assert score[:4] == (2, 2, 1, 0)
    assert len(score.extra) == 1


@pytest.mark.skipif(not SHARED.is_dir(), reason="annotated files in ../shared/segmentation are not at hand")
def test_sentences_of_ntrex_and_pud() -> None:
    ntrex = evaluate.read_ntrex(SHARED / "newstest2019-ref.arb.txt", SHARED / "DOCUMENT_IDS.tsv")
    pud = [[text for text, _ in document] for document in words.read_pud(SHARED / "ar_pud-ud-test.conllu")]
    for documents in (ntrex, pud):
        score = evaluate.score_sentences(documents)
        assert score.found / score.shown >= 0.98
        assert 1 - len(score.extra) / (score.found + score.hidden_found + len(score.extra)) >= 0.99


@pytest.mark.skipif(not SHARED.is_dir(), reason="annotated files in ../shared/segmentation are not at hand")
def test_words_of_the_half_not_learnt_from(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = ["--wikinews", str(SHARED / "WikiNews.pos.ref"), "--pud", str(SHARED / "ar_pud-ud-test.conllu")]
    words.train([*files, "--half", "first", "--out", str(tmp_path / "half.tsv")])
    told = [line.split() for line in capsys.readouterr().out.splitlines() if line.startswith("learnt")]
    for line in told:
        assert float(line[-3].strip(",")) > 0.985
        assert float(line[-1].strip(",")) > 0.985
