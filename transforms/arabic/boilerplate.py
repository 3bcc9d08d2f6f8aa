"""Boilerplate: lines of pages and feeds that are no part of the article: other articles, share bars, captions, notices.

Words in `data/boilerplate.tsv`.  Knows: how such lines begin.  Does not know: markup, which was removed before.
"""

import re
from functools import cache
from typing import Final

from transforms.arabic import lexicon
from transforms.arabic.characters import normal_form

#: A longer line that begins so is a paragraph of the article.
_SHORT: Final = 200
#: Notices stand in the last half of a text: so much of its lines comes before them at least.
_TAIL: Final = 1 / 2
_EDGES: Final = " \t:.،-–—|•«»\"'*#"


@cache
def _pattern(where: str) -> re.Pattern[str]:
    phrases = [
        normal_form(row["phrase"]).strip(_EDGES) for row in lexicon.table("boilerplate") if row["where"] == where
    ]
    return re.compile("(?:" + "|".join(map(re.escape, sorted(phrases, key=len, reverse=True))) + r")(?!\w)")


def without_boilerplate(text: str) -> str:
    r"""The text without such lines; as it is where nothing else would be left.

    >>> without_boilerplate("قال الوزير إن الجلسة بدأت.\\nاقرأ أيضا: خبر آخر\\nوأضاف أنها طويلة.")
    'قال الوزير إن الجلسة بدأت.\\nوأضاف أنها طويلة.'
    """
    lines = text.split("\n")
    kept = []
    for number, line in enumerate(lines):
        bare = normal_form(line).strip(_EDGES)
        if number >= _TAIL * len(lines) and _pattern("end").match(bare):
            break
        short = len(line) <= _SHORT
        if not (_pattern("whole").fullmatch(bare) or (short and _pattern("begin").match(bare))):
            kept.append(line)
    found = "\n".join(kept).strip()
    return found or text
