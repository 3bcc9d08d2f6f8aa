"""A word's skeleton of consonants: what the forms of one root mostly share.

Knows: clitics, affixes of verbs and nouns, long vowels.  Does not know: the root itself (no dictionary).
"""

import functools

_BEFORE = ("بال", "كال", "لل", "ال", "سي", "ست", "ب", "ل")
_AFTER = ("هما", "اتها", "اته", "هم", "ها", "ات", "ون", "ين", "وا", "تين", "ان", "ه", "ت", "ي", "ا")
_PATTERN = ("است", "مت", "ان", "ت", "ي", "م", "ا", "ن")


@functools.lru_cache(maxsize=1 << 16)
def consonants(norm: str) -> str:
    """The consonants of a word in normal form without those of clitics and affixes.

    >>> consonants("مهاجمه") == consonants("يهاجم") == consonants("الهجوم")
    True
    """
    word = norm[1:] if norm[:1] in "وف" and len(norm) > 4 else norm
    for before in (_BEFORE, _PATTERN):
        if before is _PATTERN:
            after = next((a for a in _AFTER if word.endswith(a) and len(word) - len(a) >= 3), "")
            word = word[: len(word) - len(after)]
        prefix = next((p for p in before if word.startswith(p) and len(word) - len(p) >= 3), "")
        word = word[len(prefix) :]
    return word[:1] + "".join(c for c in word[1:] if c not in "اويئؤء")
