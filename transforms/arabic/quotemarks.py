"""Quotation marks: which words of a sentence stand in them, and where a content ends with them.

Knows: «…», "…", “…”, ''…''; marks that open and close alike, by the white space around them; one left open.  Does not know: speech.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from schemas.token import Token
from transforms.arabic.speech import forms

_OPEN: Final = {"«": "»", "“": "”", "”": "“", '"': '"', "'": "'", "„": "“"}
_CLOSE: Final = frozenset('»”“"')
#: Marks of quotation that open and close.
_PAIRS: Final = (("«", "»"), ("“", "”"), ('"', '"'))

#: So many words stand in marks within marks at most.
_NESTED: Final = 7


class Region(NamedTuple):
    """Quotation marks in a sentence, by token index: content is [first, last); `closed` where the end mark stands."""

    mark: int
    first: int
    last: int
    closed: bool


def find_regions(text: str, tokens: Sequence[Token], start: int) -> tuple[list[Region], int | None]:
    """The quotation marks from token `start` on, and the first token after a mark that the sentence leaves open."""
    regions: list[Region] = []
    mark: tuple[int, int, str] | None = None
    i = start
    while i < len(tokens):
        t = tokens[i]
        if (t.kind == "punct" and t.text in _OPEN) or t.text == "»":
            width = 1
            if t.text == "'":
                if i + 1 < len(tokens) and tokens[i + 1].text == "'" and tokens[i + 1].start == t.end:
                    width = 2
                else:
                    i += 1
                    continue
            after = text[tokens[i + width - 1].end : tokens[i + width - 1].end + 1]
            if mark is not None and (end := _nested(text, tokens, i, mark[2])) is not None:
                i = end + 1
                continue
            if mark is None:
                if t.text not in "»":
                    mark = (i, i + width, t.text)
            elif t.text == _OPEN[mark[2]] or (t.text in _CLOSE and mark[2] in _CLOSE and t.text not in "«“"):
                opens = t.text in "\"'" and after.isalnum() and text[t.start - 1 : t.start].isspace()
                if not opens:
                    regions.append(Region(mark[0], mark[1], i, True))
                    mark = None
            i += width
            continue
        i += 1
    if mark is not None:
        for k in range(mark[1], len(tokens) - 1):
            after = tokens[k + 1].norm
            if tokens[k].text == "." and after[:1] == "و" and after[1:] in forms():
                regions.append(Region(mark[0], mark[1], k, True))
                return regions, None
        regions.append(Region(mark[0], mark[1], len(tokens), False))
        if len(tokens) - mark[1] >= 3:
            return regions, mark[1]
    return regions, None


def _nested(text: str, tokens: Sequence[Token], i: int, outer: str) -> int | None:
    """Where a few words in marks within a quotation end that token i opens: `«تسليم كامل «داتا الاتصالات» المطلوبة»`.

    None where it opens none, or where no mark is left to close the outer ones.
    """
    closing = _OPEN.get(tokens[i].text)
    if closing is None or closing != _OPEN[outer] or not _begins(text, tokens[i]):
        return None
    ends = [j for j in range(i + 1, len(tokens)) if tokens[j].text == closing and not _begins(text, tokens[j])]
    return ends[0] if len(ends) > 1 and ends[0] - i <= _NESTED else None


def _begins(text: str, token: Token) -> bool:
    """Whether a mark stands behind white space or a clitic's gap and before a letter."""
    before, after = text[token.start - 1 : token.start], text[token.end : token.end + 1]
    return token.text == "«" or (after.isalnum() and (not before or before.isspace() or before in "(،"))


def inside_word(text: str, token: Token) -> bool:
    """Whether a mark stands right behind a letter."""
    return not text[token.start - 1 : token.start].isspace()


def closes(text: str, token: Token) -> bool:
    """Whether a mark ends a quotation."""
    if token.kind != "punct" or token.text not in "»”\"'":
        return False
    before, after = text[token.start - 1 : token.start], text[token.end : token.end + 1]
    if token.text == "'":
        return before == "'" and (not after or not after.isalnum())
    if token.text == '"':
        return not after.isalnum() and bool(before.strip() or not after or after in " .،\n")
    return True


def trim(tokens: Sequence[Token], first: int, stop: int) -> tuple[int, int]:
    """The range without marks at its ends, except one that closes what opens within."""
    while stop > first and tokens[stop - 1].kind == "punct" and tokens[stop - 1].text not in ")%":
        stop -= 1
    while first < stop and tokens[first].kind == "punct" and tokens[first].text != "(":
        first += 1
    # A mark that opens within the content closes within it: `هذه الأنباء «كاذبة»`.
    inside = [t.text for t in tokens[first:stop]]
    for opening, closing in _PAIRS:
        left = inside.count(opening) % 2 if opening == closing else inside.count(opening) > inside.count(closing)
        if left and stop < len(tokens) and tokens[stop].text == closing:
            return first, stop + 1
    return first, stop
