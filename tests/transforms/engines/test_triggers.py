"""Event triggers: plain sentences of the genre, and spans that lie in the text."""

import pytest

from transforms.arabic import lexicon
from transforms.arabic.tokens import tokenize
from transforms.engines.triggers import TRIGGER_TYPES, StatisticalTriggers


@pytest.fixture(scope="module")
def engine() -> StatisticalTriggers:
    return StatisticalTriggers(lexicon.model_path("triggers.crfsuite"))


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
