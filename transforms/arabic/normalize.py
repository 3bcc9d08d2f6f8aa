"""Cleaning: the text as it is stored, which all offsets point into from here on.

Knows: which characters are noise in newswire.  Does not know: words; normal forms live on tokens, and what was read in
a wrong encoding `mojibake` mends.
"""

import re
import unicodedata
from typing import Final, NamedTuple

from transforms.arabic.characters import DIACRITICS, LETTERS, TATWEEL
from transforms.arabic.mojibake import mend


class Cleaned(NamedTuple):
    """A cleaned text and the short fixed words for what was mended in it."""

    text: str
    repairs: tuple[str, ...]


#: What goes, in order: word for `repairs`, the characters (a line end of two is one), replacement.
_STEPS: Final = (
    ("surrogates", "\ud800-\udfff", "\ufffd"),  # pairs of them are joined before
    ("line-ends", "\r\u0085\u2028\u2029\v\f", "\n"),
    ("bidi", "\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff", ""),
    (
        "controls",
        "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u180e\ufff0-\ufffb\ufffe\uffff\U000e0000-\U000e00ff",
        "",
    ),
    ("spaces", "\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000", " "),
)
_PATTERNS: Final = tuple(
    (name, re.compile(f"\r\n|[{kind}]" if name == "line-ends" else f"[{kind}]"), new) for name, kind, new in _STEPS
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
#: Most of a newswire text: letters, digits, punctuation, tatweel and lone vowel marks, which need no other repair.
_USUAL: Final = (
    "\n -~\u00a0\u060c\u061b\u061f\u0621-\u063a\u0640-\u0652\u0660-\u066c\u00ab\u00bb\u2013\u2014\u2018-\u201f\u2026"
)
_UNUSUAL = re.compile(f"[^{_USUAL}]|[\u064b-\u0652{TATWEEL}]{{2}}")
_NO_BREAK: Final = "\u00a0"  # in a quarter of the articles, mostly alone
#: What the steps mend, in one class of characters: one pass tells that a text has nothing of it.
_NOISE = re.compile(f"[{''.join(kind for _, kind, _ in _STEPS)}\ufb50-\ufdff\ufe70-\ufefc]")
_UNTIDY: Final = ("  ", " \n", "\n ", "\n\n\n")
_LAYOUT = ((re.compile(" {2,}"), " "), (re.compile(" *\n *"), "\n"), (re.compile("\n{3,}"), "\n\n"))


def clean(text: str) -> Cleaned:
    """The text in NFC without mojibake, controls, bidi marks, presentation forms or tatweel, its white space in order.

    Never raises; cleaning a clean text changes nothing and reports no repairs.
    """
    repairs: list[str] = []
    if not _UNUSUAL.search(text):
        if _NO_BREAK in text:
            text = text.replace(_NO_BREAK, " ")
            repairs.append("spaces")
        return Cleaned(_laid_out(_unstretched(text, repairs)), tuple(repairs))
    while True:
        read = mend(text)
        if read != text:
            repairs.append("mojibake")
        cleaned = _laid_out(_repaired(read, repairs))
        if cleaned == text or mend(cleaned) == cleaned:  # cleaning may bring together what is mojibake only then
            return Cleaned(cleaned, tuple(dict.fromkeys(repairs)))
        text = cleaned


def _laid_out(text: str) -> str:
    if any(layout in text for layout in _UNTIDY):
        for pattern, replacement in _LAYOUT:
            text = pattern.sub(replacement, text)
    return text.strip(" \n")


def _repaired(text: str, repairs: list[str]) -> str:
    """The text without noise; adds to `repairs` what was mended."""
    if _NOISE.search(text):
        text = _SURROGATE_PAIR.sub(_join_surrogates, text)
        for name, pattern, replacement in _PATTERNS:
            text, count = pattern.subn(replacement, text)
            if count:
                repairs.append(name)
        mended = _PRESENTATION.sub(lambda m: unicodedata.normalize("NFKC", m.group()), text)
        if mended != text:  # some, as ﷽, are characters of their own
            repairs.append("presentation-forms")
            text = mended
    text = _unstretched(_MARK_RUN.sub(_cut_marks, text), repairs)
    text = unicodedata.normalize("NFC", text)
    if _PERSIAN_LETTER.search(text):
        mended = _ARABIC_WORD.sub(_arabic_letters, text)
        if mended != text:
            repairs.append("persian-letters")
            text = unicodedata.normalize("NFC", mended)
    return text


def _unstretched(text: str, repairs: list[str]) -> str:
    if TATWEEL not in text:
        return text
    mended = _STRETCHED.sub(lambda m: m.group().replace(TATWEEL, ""), text)
    if mended != text:
        repairs.append("tatweel")
    return mended


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
