"""Cleaning: a table of what newswire brings, and properties over arbitrary text."""

import time
import unicodedata

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
        ("عام 1435 هـ", "عام 1435 هـ", ()),
        ("ءـ\u0300\u064b", "ءـ\u064b\u0300", ()),
        ("الـمُـــّقاتل", "المُّقاتل", ("tatweel",)),
        ("\ufefbفي", "لافي", ("presentation-forms",)),
        ("﷽", "﷽", ()),
        ("قال\r\n\r\n\r\n\r\nالوزير", "قال\n\nالوزير", ("line-ends",)),
        ("قال\u00a0 الوزير", "قال الوزير", ("spaces",)),
        ("قا\x00ل\ufffe", "قال", ("controls",)),
        ("قال\ud800", "قال\ufffd", ("surrogates",)),
        ("\ud83d\ude00", "\U0001f600", ()),
        ("علی کل حال", "علي كل حال", ("persian-letters",)),
        ("روزنامه پیک", "روزنامه پیک", ()),
    ],
)
def test_table(dirty: str, text: str, repairs: tuple[str, ...]) -> None:
    assert clean(dirty) == (text, repairs)


@given(
    st.one_of(
        st.text(alphabet=st.characters(), max_size=200),
        st.text(alphabet="اليکھہپگ ـًّٕ\u0344\u0315\u0300\ud83d\ude00\ufefb\ufc5e\u200f\n\t .a", max_size=120),
    )
)
def test_clean_text_stays_as_it_is(text: str) -> None:
    once = clean(text)
    assert clean(once.text) == (once.text, ())
    assert unicodedata.is_normalized("NFC", once.text)
    once.text.encode("utf-8")
    assert not set(once.text) & set("\x00\r\t\u200e\u200f\u202a\u2066\ufeff\u00ad")


@pytest.mark.parametrize("piece", ["\u0315\u0300", "ـ", " \n", "\u0344", "\ufefb\u200f", "کی ", "\ud800"])
def test_time_grows_with_the_text_only(piece: str) -> None:
    started = time.process_time()
    clean("a" + piece * 100_000)
    assert time.process_time() - started < 20
