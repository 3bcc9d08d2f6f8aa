"""Event triggers: plain sentences of the genre, and spans that lie in the text."""

import pickle
from pathlib import Path

import numpy as np
import pytest

from transforms.arabic import lexicon
from transforms.arabic.tokens import tokenize
from transforms.engines import trigger_network
from transforms.engines.trigger_network import Network
from transforms.engines.triggers import TRIGGER_TYPES, StatisticalTriggers


@pytest.fixture(scope="module")
def engine() -> StatisticalTriggers:
    return StatisticalTriggers(lexicon.model_path("triggers.npz"))


@pytest.mark.parametrize(
    ("text", "trigger", "type"),
    [
        ("شنت طائرات حربية غارات على أحياء المدينة", "غارات", "ASSAULT"),
        ("واعتقلت الشرطة عشرين متظاهرا", "اعتقلت", "COERCE"),
        ("ودعا الوزير الأطراف إلى ضبط النفس", "دعا", "REQUEST"),
    ],
)
def test_plain_sentences(engine: StatisticalTriggers, text: str, trigger: str, type: str) -> None:
    found = {(text[n.start : n.end].removeprefix("و"), n.type) for n in engine.find([tokenize(text)])}
    assert (trigger, type) in found


def test_spans_types_and_scores_are_sound(engine: StatisticalTriggers) -> None:
    text = "التقى الرئيس نظيره في القاهرة، فيما تظاهر المئات احتجاجا على الاعتقالات."
    for name in engine.find([tokenize(text), ()]):
        assert 0 <= name.start < name.end <= len(text)
        assert name.type in TRIGGER_TYPES
        assert name.score is not None
        assert 0 < name.score <= 1


def test_neighbours_of_one_type_are_one_trigger_without_weak_ends() -> None:
    chances = np.zeros((7, len(TRIGGER_TYPES) + 1), np.float32)
    aid, assault = TRIGGER_TYPES.index("AID") + 1, TRIGGER_TYPES.index("ASSAULT") + 1
    chances[[0, 1, 2], assault] = 0.35, 0.9, 0.6  # the first is weak beside the second
    chances[[3, 5, 6], aid] = 0.8, 0.2, 0.5  # another type; one below the threshold parts
    chances[:, 0] = 1 - chances.sum(axis=1)
    groups = list(StatisticalTriggers("none")._groups(chances, 0.3))
    assert groups == [(1, 2, "ASSAULT", 0.9), (3, 3, "AID", 0.8), (6, 6, "AID", 0.5)]


def test_nothing_in_nothing_out(engine: StatisticalTriggers) -> None:
    assert engine.find([]) == ()
    assert engine.find([(), tokenize("."), ()]) == ()


def test_a_pickled_engine_finds_the_same(engine: StatisticalTriggers) -> None:
    sentences = [tokenize("دانت الوزارة الهجوم، وطالبت بوقف القصف فورا."), tokenize("وقتل جنديان.")]
    assert pickle.loads(pickle.dumps(engine)).find(sentences) == engine.find(sentences) != ()


def test_a_missing_model_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"none\.npz"):
        StatisticalTriggers(tmp_path / "none.npz").find([tokenize("نص")])


def test_what_was_seen_before_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    path = str(lexicon.model_path("triggers.npz"))
    sentences = [tokenize("اعتقلت الشرطة ثلاثة ناشطين في العاصمة"), tokenize("وقصفت الطائرات بلدة حدودية")]
    used = Network(path)
    monkeypatch.setattr(trigger_network, "_KEPT", 5)  # forgets between the calls
    first, again = used.chances(sentences), used.chances(sentences[::-1])[::-1]
    for line, (left, right) in zip(sentences, zip(first, again, strict=True), strict=True):
        assert left.shape == (len(line), len(TRIGGER_TYPES) + 1)
        assert left.sum(axis=1) == pytest.approx(np.ones(len(line)), abs=1e-5)
        assert left == pytest.approx(right, abs=1e-5)
