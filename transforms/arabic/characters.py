"""Characters: the normal form that look-ups use, and the classes of characters that rules name.

Knows: which letters are variants of one another in newswire spelling.  Does not know: words.
The variant maps are camel-tools' (`camel_tools.utils.normalize`, light to import).
"""

import functools
from typing import Final

from camel_tools.utils.normalize import normalize_alef_ar, normalize_alef_maksura_ar, normalize_teh_marbuta_ar

#: Harakat, tanwin, shadda, sukun, maddah and hamza marks, superscript alef: what a normal form leaves out.
DIACRITICS: Final = "\u064b-\u065f\u0670"
TATWEEL: Final = "\u0640"
#: Letters of Arabic words, Persian and Urdu extras included.
LETTERS: Final = "\u0621-\u063a\u0641-\u064a\u0671-\u06d3\u06d5"


def _normal(letter: str) -> str:
    return normalize_teh_marbuta_ar(normalize_alef_maksura_ar(normalize_alef_ar(letter)))


_DROPPED: Final = dict.fromkeys([*range(1611, 1632), 1648, 1600])
_NORMAL: Final = _DROPPED | {
    c: n for c in range(0x0621, 0x06D6) if (n := _normal(chr(c))) != chr(c) and c not in _DROPPED
}
_PLAIN: Final = _DROPPED | {ord("ٱ"): "ا", ord("ى"): "ي"}


@functools.lru_cache(maxsize=1 << 17)
def normal_form(word: str) -> str:
    """The form that look-ups use: no diacritics or tatweel; أ إ آ ٱ as ا, ى as ي, ة as ه; lower case for Latin.

    >>> normal_form("الإرهابيّة") == "الارهابيه"
    True
    """
    return fold(word)


def fold(word: str) -> str:
    """`normal_form`, worked out anew: for words that are kept by the caller."""
    return word.translate(_NORMAL).lower()


def plain_form(word: str) -> str:
    """The form that words are divided and counted in: as the normal form, but ة stays told from ه.

    >>> plain_form("الإرهابيّة") == "الارهابية"
    True
    """
    return word.translate(_PLAIN)
