"""ANERcorp: what is read of a file, how its labels join a model's, and strict spans."""

from pathlib import Path

import pytest

from pipelines import anercorp
from transforms.engines.additive import AdditiveModel

_LINES = """زار O
سامر B-PERS
الحداد I-PERS
مدينة O
نابلس B-LOC
(وفا) B-ORG
. O

غادر O
سامر B-PERS
"""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    path = tmp_path / "corpus.txt"
    path.write_text(_LINES, "utf-8")
    return path


def test_a_word_with_brackets_is_three_tokens_of_one_span(corpus: Path) -> None:
    ((first, second),) = anercorp.read(corpus)
    assert first.gold == ["O", "B-PERS", "I-PERS", "O", "B-LOC", "B-ORG", "O"]
    assert first.word == [0, 1, 2, 3, 4, 5, 5, 5, 6]
    assert first.labels[5:] == ["B-ORG", "I-ORG", "I-ORG", "O"]
    assert [t.text for t in second.tokens] == ["غادر", "سامر"]


def test_persons_are_anercorps_and_the_rest_first_the_models() -> None:
    labels = ["B-PERS", "I-PERS", "O", "B-ORG", "O", "B-LOC", "B-MISC"]
    found = ["B-PER", "O", "B-PER", "B-ORG", "I-ORG", "O", "B-NORP"]
    merged = ["B-PER", "I-PER", "O", "B-ORG", "I-ORG", "B-LOC", "B-NORP"]
    assert anercorp._merged(labels, found) == merged


def test_what_was_learnt_scores_on_itself(corpus: Path, tmp_path: Path) -> None:
    articles = list(anercorp.read(corpus)) * 5
    out = str(tmp_path / "model.crfsuite")
    anercorp.learn(articles, anercorp.name_features, out)
    assert anercorp.score(articles, AdditiveModel(out)) == {"all": 1, "PERS": 1, "LOC": 1, "ORG": 1, "MISC": 0}
