"""Training and cross-validation of triggers, on sentences of our own."""

import json
from pathlib import Path

import numpy as np
import pytest

from pipelines import train, trigger_features, trigger_training, triggers, vectors
from transforms.arabic.spans import Name
from transforms.arabic.tokens import tokenize
from transforms.engines.trigger_network import Network
from transforms.engines.triggers import StatisticalTriggers

TOLD = [
    ("قصفت الطائرات مواقع المسلحين في المدينة", "قصفت", "ASSAULT"),
    ("قصفت المدفعية بلدة حدودية صباح الأحد", "قصفت", "ASSAULT"),
    ("اعتقلت الشرطة ثلاثة صحفيين في العاصمة", "اعتقلت", "COERCE"),
    ("اعتقلت قوات الأمن ناشطا بارزا", "اعتقلت", "COERCE"),
]

#: How often the articles of a gold file are told: few words ask for many looks.
REPEATED = 12


def article(text: str, trigger: str, kind: str) -> triggers.Article:
    start = text.index(trigger)
    span = [start, start + len(trigger)]
    return {"text": text, "sentences": [[0, len(text)]], "events": [{"s": 0, "type": kind, "span": span}]}


def named(start: int, end: int, kind: str, score: float) -> Name:
    return Name(start, end, kind, score, "network")


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    path = tmp_path / "train.jsonl"
    path.write_text("".join(json.dumps(article(*told)) + "\n" for told in TOLD) * REPEATED, "utf-8")
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


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """News of our own: the verbs of TOLD with other objects."""
    places = ("القرية", "البلدة", "المدينة", "العاصمة", "الضاحية", "المنطقة")
    texts = [
        f"{verb} القوات {one} في {place}.\nوقال شهود إن الوضع في {place} هادئ."
        for place in places
        for verb, one in (("قصفت", "مواقع"), ("اعتقلت", "ناشطا"), ("دمرت", "مواقع"), ("احتجزت", "صحفيا"))
    ]
    path = tmp_path / "news.jsonl"
    path.write_text("".join(json.dumps({"title": "أخبار", "text": text}) + "\n" for text in texts), "utf-8")
    return path


def test_vectors_are_repeatable_and_put_like_words_together(corpus: Path) -> None:
    company = vectors.build([corpus], min_count=1)
    again = vectors.build([corpus], min_count=1)
    assert company.words == again.words
    assert (company.rows == again.rows).all()
    row = {word: company.rows[i].astype(float) for i, word in enumerate(company.words)}
    assert row["القريه"] @ row["البلده"] > row["القريه"] @ row["قصفت"]


def test_what_is_known_is_no_unlabelled_article(corpus: Path) -> None:
    found = trigger_training.unlabelled([corpus], ["قصفت القوات مواقع في القرية."], most=30)
    assert len(found) == 23
    assert len(trigger_training.unlabelled([corpus], [], most=5)) == 5
    assert all(
        "القريه" not in {t.norm for t in line} for article in found for line in article if line[0].norm == "قصفت"
    )


def test_the_second_opinion_is_one_of_every_word() -> None:
    articles = [train.classes(article(*told)) for told in TOLD]
    chances = trigger_features.opinion(articles, [[tokenize("قصفت الطائرات البلدة"), ()], [tokenize("اعتقلت")]])
    assert chances.shape == (4, 17)
    assert chances.sum(axis=1) == pytest.approx([1] * 4, abs=1e-4)
    assert [trigger_features.LABELS[i] for i in chances[[0, 3]].argmax(axis=1)] == ["ASSAULT", "COERCE"]


def test_the_shipped_form_of_a_network_gives_what_the_trained_one_gives(corpus: Path, tmp_path: Path) -> None:
    company = vectors.build([corpus], min_count=1)
    sentences = [tokenize("قصفت الطائرات البلدة، واعتقلت الشرطة ناشطا."), (), tokenize("وقال شهود إن الوضع هادئ")]
    layout = trigger_training.Layout(company)
    layout.add(sentences)
    layout.add([tokenize("دمرت القوات مواقع")])
    data = layout.close()
    net = trigger_training.Net(data, trigger_training.STUDENT).eval()
    trigger_training.save(net, data, company, tmp_path / "net.npz")
    shipped = Network(str(tmp_path / "net.npz"))
    shipped.limit = -1e9  # every word is weighed
    shipped.forget()
    wanted = trigger_training.read([net], data)
    got = np.concatenate([*shipped.chances(sentences), *shipped.chances([tokenize("دمرت القوات مواقع")])])
    words = [t.kind != "punct" for t in (*sentences[0], *sentences[2])] + [True] * 3
    assert got[words] == pytest.approx(wanted[words], abs=2e-3)  # weights of 16 bits


def test_the_command_trains_repeatably_and_validates(
    gold: Path, corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outs = [tmp_path / "one.npz", tmp_path / "two.npz"]
    for out in outs:
        train.main(["triggers", "--gold", str(gold), "--corpus", str(corpus), "--out", str(out)])
    assert outs[0].read_bytes() == outs[1].read_bytes()
    tokens = [tokenize("قصفت الطائرات مواقع في البلدة")]
    assert [(n.start, n.end, n.type) for n in StatisticalTriggers(outs[0], 0.1).find(tokens)][:1] == [(0, 4, "ASSAULT")]
    train.main(["triggers", "--validate", "2", "--gold", str(gold), "--corpus", str(corpus)])
    assert capsys.readouterr().out.splitlines()[0].split()[-1] == f"({len(TOLD) * REPEATED})"


def test_what_is_held_out_is_refused(corpus: Path, tmp_path: Path) -> None:
    with pytest.raises(SystemExit):
        train.main(["triggers", "--validate", "2", "--gold", str(tmp_path / "dev.jsonl"), "--corpus", str(corpus)])
    with pytest.raises(SystemExit):
        train.main(["triggers", "--validate", "1", "--gold", str(tmp_path / "train.jsonl"), "--corpus", str(corpus)])
