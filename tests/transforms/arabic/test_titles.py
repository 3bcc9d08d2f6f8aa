"""Titles before a person's name, and the roles that they begin."""

import re
from pathlib import Path

import pytest

from transforms.arabic.spans import Name
from transforms.arabic.titles import Role, find_roles, find_titles
from transforms.arabic.tokens import tokenize
from transforms.entities import identities


def name(text: str, kind: str, words: str) -> Name:
    start = text.index(words)
    return Name(start, start + len(words), kind, None, "test")


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


def test_a_title_reaches_its_holder_over_the_body_that_it_belongs_to() -> None:
    for text, body, person, title in [
        ("قال القيادي في حركة النور سمير حداد إنها ترفض.", "حركة النور", "سمير حداد", "القيادي"),
        ("التقى المبعوث الدولي إلى اليمن سمير حداد الوفد.", "اليمن", "سمير حداد", "المبعوث الدولي"),
        ("قتل المسؤول العسكري في الفرقة الثانية فراس نجم.", "الفرقة الثانية", "فراس نجم", "المسؤول العسكري"),
    ]:
        found = find_titles(tokenize(text), [name(text, "ORG", body), name(text, "PER", person)])
        assert [text[t.start : t.end] for t in found] == [title]
    text = "قال الوزير في بيان حول الأزمة سمير حداد."
    assert find_titles(tokenize(text), [name(text, "PER", "سمير حداد")]) == ()


def test_roles_before_and_after_a_name_with_their_body() -> None:
    text = "قال آمر إدارة العمليات في هيئة الأركان العامة أندريه سامين إن فريد شلبي، المتحدث باسم وزارة الصحة، غادر. وشكر سامين الجميع."
    names = [
        name(text, "ORG", "هيئة الأركان العامة"),
        name(text, "PER", "أندريه سامين"),
        name(text, "PER", "فريد شلبي"),
    ]
    again = text.rindex("سامين")
    names += [name(text, "ORG", "وزارة الصحة"), Name(again, again + 5, "PER", None, "test")]
    title = name(text, "TITLE", "آمر إدارة العمليات")
    assert find_roles(text, names, [title]) == {
        1: Role("آمر إدارة العمليات في هيئة الأركان العامة", 0),
        2: Role("المتحدث باسم وزارة الصحة", 3),
    }
    rows = identities(text, names, [title])
    assert rows[4]["name"] == "أندريه سامين"
    assert rows[4]["role"] == "آمر إدارة العمليات في هيئة الأركان العامة"
    assert rows[4]["affiliation"] == "هيئة الأركان العامة"
    assert "role" not in rows[0]


def test_a_title_of_another_sentence_is_nobodys_role() -> None:
    text = "غادر الرئيس. وقال فريد شلبي ذلك."
    assert find_roles(text, [name(text, "PER", "فريد شلبي")], [name(text, "TITLE", "الرئيس")]) == {}


def _cases() -> list[list[str]]:
    lines = Path(__file__).with_name("roles.tsv").read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")][1:]


@pytest.mark.parametrize(("marked", "role", "affiliation"), _cases())
def test_role_and_affiliation_of_the_first_person(marked: str, role: str, affiliation: str) -> None:
    text, names, at = "", [], 0
    for found in re.finditer(r"\{(\w+):([^}]*)\}", marked):
        text += marked[at : found.start()]
        names.append(Name(len(text), len(text) + len(found[2]), found[1], None, "test"))
        text, at = text + found[2], found.end()
    text += marked[at:]
    rows = identities(text, names, find_titles(tokenize(text), names))
    person = next(row for name, row in zip(names, rows, strict=True) if name.type == "PER")
    assert (person.get("role") or "", person.get("affiliation") or "") == (role, affiliation)
