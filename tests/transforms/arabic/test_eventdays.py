"""Which times an event can have happened at, and what speaks for each; on sentences of our own."""

from datetime import date

import pytest

from tests.documents import document
from transforms.arabic.eventdays import Day, day_features, days
from transforms.arabic.roles import Past
from transforms.arabic.scene import Scene, Told
from transforms.arabic.triggerwords import trigger_key
from transforms.entities import annotate_mentions
from transforms.events import scene_of
from transforms.segment import segment

TEXT = (
    "نفذ المسلحون هجوما على الميناء يوم 2 مارس 2018.\n"
    "قصفت المدفعية أحياء البلدة.\n"
    "وتتواصل الاحتجاجات منذ 30 مارس 2018 في العاصمة.\n"
    "ودان الوزير هجوما سابقا."
)
PUBLISHED = date(2018, 4, 20)
MARCH_2, MARCH_30 = date(2018, 3, 2), date(2018, 3, 30)


def scene(*triggers: tuple[int, str, str]) -> tuple[Scene, list[Told]]:
    """The text with events: sentence, word, type."""
    doc = annotate_mentions(segment(document(TEXT)))
    told = []
    for sentence, word, kind in triggers:
        i = next(i for i, t in enumerate(doc.tokens[sentence]) if t.text == word)
        token = doc.tokens[sentence][i]
        told.append(Told(sentence, i, i, token.start, token.end, kind))
    return scene_of(doc, told), told


def candidates(
    told: tuple[int, str, str], past: tuple[tuple[tuple[int, str, str], Day | None], ...] = ()
) -> list[tuple[date, date, str]]:
    where, events = scene(*(event for event, _ in past), told)
    history = [
        (Past(event, trigger_key(where, event).root, None, None, None), day)
        for event, (_, day) in zip(events, past, strict=False)
    ]
    return [(d.first, d.last, d.rule) for d in days(where, events[-1], PUBLISHED, history)]


def test_a_date_of_the_sentence_comes_before_those_beside_it() -> None:
    assert candidates((0, "هجوما", "ASSAULT")) == [
        (MARCH_2, MARCH_2, "clause"),
        (PUBLISHED, PUBLISHED, "publication"),
    ]
    assert candidates((1, "قصفت", "ASSAULT")) == [
        (MARCH_2, MARCH_2, "carried"),
        (MARCH_30, MARCH_30, "later"),
        (PUBLISHED, PUBLISHED, "publication"),
    ]


def test_what_began_then_may_last_until_the_article() -> None:
    found = candidates((2, "الاحتجاجات", "PROTEST"))
    assert found[:2] == [(MARCH_30, MARCH_30, "clause"), (MARCH_30, PUBLISHED, "since")]


@pytest.mark.parametrize(("kind", "seen"), [("ASSAULT", True), ("AID", False)])
def test_days_far_back_count_for_events_of_the_type_alone(kind: str, seen: bool) -> None:
    old = ((0, "هجوما", kind), Day(MARCH_2, MARCH_2, "day", "clause", None))
    between = ((2, "الاحتجاجات", "PROTEST"), None)
    found = candidates((3, "سابقا", "ASSAULT"), (old, *[between] * 8))
    assert ((MARCH_2, MARCH_2, "carried") in found) == seen


def test_features_tell_whether_the_last_event_of_the_word_was_then() -> None:
    where, (first, last) = scene((0, "هجوما", "ASSAULT"), (3, "هجوما", "ASSAULT"))
    past = [
        (Past(first, trigger_key(where, first).root, None, None, None), Day(MARCH_2, MARCH_2, "day", "clause", None))
    ]
    found = days(where, last, PUBLISHED, past)
    never, *rows = day_features(where, last, found, "actual", PUBLISHED, past)
    then = next(row for day, row in zip(found, rows, strict=True) if day.first == MARCH_2)
    assert {"lr=True", "lt=True", "o<0"} <= set(then)
    assert "0lr=False" in never
    assert all("lr=False" in row for row in rows if row is not then)
