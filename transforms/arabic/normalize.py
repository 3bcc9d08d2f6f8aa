"""Cleaning: the text as it is stored, which all offsets point into from here on.

Knows: which characters are noise in newswire.  Does not know: words; normal forms live on tokens.
"""

import re
import unicodedata
from typing import Final, NamedTuple

from transforms.arabic.characters import DIACRITICS, LETTERS, TATWEEL


class Cleaned(NamedTuple):
    """A cleaned text and the short fixed words for what was mended in it."""

    text: str
    repairs: tuple[str, ...]


#: What goes, in order: word for `repairs`, pattern, replacement.
_STEPS: Final = (
    ("surrogates", re.compile("[\ud800-\udfff]"), "\ufffd"),  # pairs of them are joined before
    ("line-ends", re.compile("\r\n?|[\u0085\u2028\u2029\v\f]"), "\n"),
    ("bidi", re.compile("[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]"), ""),
    (
        "controls",
        re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u180e\ufff0-\ufffb\ufffe\uffff\U000e0000-\U000e00ff]"),
        "",
    ),
    ("spaces", re.compile("[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]"), " "),
)
_PRESENTATION = re.compile("[\ufb50-\ufdff\ufe70-\ufefc]+")
#: Tatweel and marks between two letters.
_STRETCHED = re.compile(f"(?<=[{LETTERS}])[{DIACRITICS}{TATWEEL}]+(?=[{LETTERS}])")
_SURROGATE_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_PERSIAN: Final = str.maketrans("یکھہ", "يكهه")
_PERSIAN_LETTER = re.compile("[یکھہ]")
#: Letters that Arabic has no use for: a word with one of them is Persian or Urdu and stays as it is.
_FOREIGN_LETTER = re.compile("[پچژگٹڈڑےۀۃۂ]")
_ARABIC_WORD = re.compile(f"[{LETTERS}{DIACRITICS}]+")
#: Canonical order of combining marks takes time with the square of their number, so that a run of them is cut.
_MOST_MARKS: Final = 30
_MARK_RUN = re.compile(rf"[^\w\s]{{{_MOST_MARKS // 2},}}")
_LAYOUT = ((re.compile(" {2,}"), " "), (re.compile(" *\n *"), "\n"), (re.compile("\n{3,}"), "\n\n"))


def clean(text: str) -> Cleaned:
    """The text in NFC without controls, bidi marks, presentation forms or tatweel, its white space in order.

    Never raises; cleaning a clean text changes nothing and reports no repairs.
    """
    repairs = []
    text = _SURROGATE_PAIR.sub(_join_surrogates, text)
    for name, pattern, replacement in _STEPS:
        text, count = pattern.subn(replacement, text)
        if count:
            repairs.append(name)
    mended = _PRESENTATION.sub(lambda m: unicodedata.normalize("NFKC", m.group()), text)
    if mended != text:  # some, as ﷽, are characters of their own
        repairs.append("presentation-forms")
        text = mended
    text = _MARK_RUN.sub(_cut_marks, text)
    if TATWEEL in text:
        mended = _STRETCHED.sub(lambda m: m.group().replace(TATWEEL, ""), text)
        if mended != text:
            repairs.append("tatweel")
            text = mended
    text = unicodedata.normalize("NFC", text)
    if _PERSIAN_LETTER.search(text):
        mended = _ARABIC_WORD.sub(_arabic_letters, text)
        if mended != text:
            repairs.append("persian-letters")
            text = unicodedata.normalize("NFC", mended)
    for layout, replacement in _LAYOUT:
        text = layout.sub(replacement, text)
    return Cleaned(text.strip(" \n"), tuple(repairs))


def _join_surrogates(pair: re.Match[str]) -> str:
    return pair.group().encode("utf-16", "surrogatepass").decode("utf-16")


def _arabic_letters(word: re.Match[str]) -> str:
    text = word.group()
    return text if _FOREIGN_LETTER.search(text) else text.translate(_PERSIAN)


def _cut_marks(run: re.Match[str]) -> str:
    kept, marks = [], 0
    for letter in run.group():
        marks = marks + len(unicodedata.normalize("NFD", letter)) if unicodedata.combining(letter) else 0
        if marks <= _MOST_MARKS:
            kept.append(letter)
    return "".join(kept)
