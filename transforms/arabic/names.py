"""Who is who in an article: mentions of one person, body or place share the fullest form that the article gives.

Pure: names go in by type and normal form, the fullest form of each comes out.
"""

import functools
import re
from collections.abc import Sequence

#: Letters that spellings of foreign names leave out or put in (ترامب/ترمب, بوتن/بوتين).
_SOFT = re.compile(r"(?<=\w)[اويء](?=\w)")


@functools.lru_cache(maxsize=1 << 15)
def skeleton(word: str) -> str:
    """What spellings of one word share: no article, no long vowels inside, غ and ج for foreign g alike.

    >>> skeleton("ترامب") == skeleton("ترمب")
    True
    """
    bare = word[2:] if word.startswith(("ال", "لل")) and len(word) > 4 else word
    thin = _SOFT.sub("", bare) if len(bare) > 3 else bare
    return thin.replace("ئ", "").replace("ؤ", "").replace("غ", "ج").replace("ك", "ج") if len(thin) > 1 else bare


def fullest(names: Sequence[tuple[str, str]], same: Sequence[tuple[int, int]] = ()) -> list[int]:
    """For each (type, normal form) the index of its fullest form; `same` pairs names told to be one (in brackets).

    A person's short form is one of the full name's ends; a body's or place's is the full name's first words.
    """
    keys = [(kind, tuple(skeleton(word) for word in norm.split())) for kind, norm in names]
    first: dict[tuple[str, tuple[str, ...]], int] = {}
    for index, key in enumerate(keys):
        first.setdefault(key, index)
    chosen = dict(first.items())
    for key in first:
        kind, words = key
        longer = [k for k in first if k[0] == kind and len(k[1]) > len(words) and _short_of(kind, words, k[1])]
        if longer and (kind == "PER" or len(longer) == 1):
            # the longest, and among those the one told first
            chosen[key] = first[max(longer, key=lambda k: (len(k[1]), -first[k]))]
    for left, right in same:
        full, short = (left, right) if len(names[left][1]) >= len(names[right][1]) else (right, left)
        chosen[keys[short]] = chosen[keys[full]]
    return [chosen[key] for key in keys]


def _short_of(kind: str, short: tuple[str, ...], full: tuple[str, ...]) -> bool:
    if kind == "PER":
        return full[-len(short) :] == short or (len(short) == 1 and len(short[0]) > 2 and full[0] == short[0])
    return kind == "ORG" and len(short) >= 1 and full[: len(short)] == short and len(short[0]) > 2
