"""Titles before a person's name."""

import pytest

from transforms.arabic.spans import Name
from transforms.arabic.titles import find_titles
from transforms.arabic.tokens import tokenize


@pytest.mark.parametrize(
    ("text", "person", "title"),
    [
        ("التقى وزير الخارجية سمير حداد نظيره", "سمير حداد", "وزير الخارجية"),
        ("وصل الرئيس كريم سالم", "كريم سالم", "الرئيس"),
        ("قتل العميد فراس نجم", "فراس نجم", "العميد"),
        ("وقال الوزير في بيان كريم سالم", "كريم سالم", None),
        ("غادر سمير حداد", "سمير حداد", None),
    ],
)
def test_titles(text: str, person: str, title: str | None) -> None:
    start = text.index(person)
    found = find_titles(tokenize(text), [Name(start, start + len(person), "PER", 1.0, "x")])
    assert [text[t.start : t.end] for t in found] == ([title] if title else [])
    assert all(t.type == "TITLE" for t in found)
