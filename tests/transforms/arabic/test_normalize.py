"""Cleaning: a table of what newswire brings, and properties over arbitrary text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.arabic.normalize import clean


@pytest.mark.parametrize(
    ("dirty", "text", "repairs"),
    [
        ("قال الوزير", "قال الوزير", ()),
        ("\ufeffقال\u200f الوزير\u202c", "قال الوزير", ("bidi",)),
        ("اليمنيــة", "اليمنية", ("tatweel",)),
        ("\ufefbفي", "لافي", ("presentation-forms",)),
        ("قال\r\n\r\n\r\n\r\nالوزير", "قال\n\nالوزير", ("line-ends",)),
        ("قال\u00a0 الوزير", "قال الوزير", ("spaces",)),
        ("قا\x00ل", "قال", ("controls",)),
    ],
)
def test_table(dirty: str, text: str, repairs: tuple[str, ...]) -> None:
    assert clean(dirty) == (text, repairs)


@given(st.text(alphabet=st.characters(), max_size=200))
def test_clean_text_stays_as_it_is(text: str) -> None:
    once = clean(text)
    assert clean(once.text) == (once.text, ())
