"""Verbs told from nouns by the word."""

import pytest

from transforms.arabic.tokens import tokenize
from transforms.arabic.verbs import groups, verbal


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("قال", "S"),
        ("وأضافت", "S"),
        ("يقتلون", "V"),
        ("فقام", "V"),
        ("تستهدف", "V"),
        ("التقى", "V"),
        ("الشاحنة", ""),
        ("وزير", ""),
        ("المدينة", ""),
        ("بيان", ""),
        ("تحت", ""),
    ],
)
def test_verbal(word: str, kind: str) -> None:
    assert verbal(tokenize(word)[0]) == kind


def test_groups_of_known_and_unknown_words() -> None:
    assert len(groups("وزير")) == 3
    assert groups("ضصثقفغ") == ("-", "-", "-")
