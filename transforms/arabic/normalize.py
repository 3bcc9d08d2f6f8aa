"""Cleaning: the text as it is stored, which all offsets point into from here on.

Knows: which characters are noise in newswire.  Does not know: words; normal forms live on tokens.
"""

import re
import unicodedata
from typing import Final, NamedTuple

from transforms.arabic.characters import LETTERS, TATWEEL


class Cleaned(NamedTuple):
    """A cleaned text and the short fixed words for what was mended in it."""

    text: str
    repairs: tuple[str, ...]


#: What goes, in order: word for `repairs`, pattern, replacement.
_STEPS: Final = (
    ("surrogates", re.compile("[\ud800-\udfff]"), "\ufffd"),
    ("line-ends", re.compile("\r\n?|[\u0085\u2028\u2029\v\f]"), "\n"),
    ("bidi", re.compile("[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"), ""),
    ("controls", re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad]"), ""),
    ("spaces", re.compile("[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]"), " "),
    ("tatweel", re.compile(f"(?<=[{LETTERS}]){TATWEEL}+(?=[{LETTERS}])"), ""),
)
_PRESENTATION = re.compile("[\ufb50-\ufdff\ufe70-\ufefc]+")
_LAYOUT = ((re.compile(" {2,}"), " "), (re.compile(" *\n *"), "\n"), (re.compile("\n{3,}"), "\n\n"))


def clean(text: str) -> Cleaned:
    """The text in NFC without controls, bidi marks, presentation forms or tatweel, its white space in order.

    Never raises; cleaning a clean text changes nothing and reports no repairs.
    """
    repairs = []
    for name, pattern, replacement in _STEPS:
        text, count = pattern.subn(replacement, text)
        if count:
            repairs.append(name)
    text, count = _PRESENTATION.subn(lambda m: unicodedata.normalize("NFKC", m.group()), text)
    if count:
        repairs.append("presentation-forms")
        text = text.replace("\u00a0", " ")
        text = _STEPS[-1][1].sub("", text)
    text = unicodedata.normalize("NFC", text)
    for layout, replacement in _LAYOUT:
        text = layout.sub(replacement, text)
    return Cleaned(text.strip(" \n"), tuple(repairs))
