"""Characters: the normal form that look-ups use, and the classes of characters that rules name.

Knows: which letters are variants of one another in newswire spelling.  Does not know: words.
The variant maps are camel-tools' (`camel_tools.utils.normalize`, light to import).
"""

import functools
import re
from typing import Final

from camel_tools.utils.normalize import normalize_alef_ar, normalize_alef_maksura_ar, normalize_teh_marbuta_ar

#: Harakat, tanwin, shadda, sukun, maddah and hamza marks, superscript alef: what a normal form leaves out.
DIACRITICS: Final = "\u064b-\u065f\u0670"
TATWEEL: Final = "\u0640"
#: Letters of Arabic words, Persian and Urdu extras included.
LETTERS: Final = "\u0621-\u063a\u0641-\u064a\u0671-\u06d3\u06d5"

_ALEFS = str.maketrans("ٱى", "اي")
_DROPPED = re.compile(f"[{DIACRITICS}{TATWEEL}]")


@functools.lru_cache(maxsize=1 << 17)
def normal_form(word: str) -> str:
    """The form that look-ups use: no diacritics or tatweel; أ إ آ ٱ as ا, ى as ي, ة as ه; lower case for Latin.

    >>> normal_form("الإرهابيّة") == "الارهابيه"
    True
    """
    bare = _DROPPED.sub("", word)
    return normalize_teh_marbuta_ar(normalize_alef_maksura_ar(normalize_alef_ar(bare))).lower()


@functools.lru_cache(maxsize=1 << 17)
def plain_form(word: str) -> str:
    """The form that words are divided and counted in: as the normal form, but ة stays told from ه.

    >>> plain_form("الإرهابيّة") == "الارهابية"
    True
    """
    return _DROPPED.sub("", word).translate(_ALEFS)
