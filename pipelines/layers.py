"""Layers: what an article's spans are, and its sentences cut where spans begin and end, for a terminal or a page.

Knows: marks, colours and isolates.  The text itself stays whole and in order: whatever is put into a sentence stands
between its characters, and what is taken out again leaves them as they were.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from schemas.document import Document
from transforms.arabic.characters import DIACRITICS, LETTERS, TATWEEL

#: Letters that join; a colour within a word would part them in some terminals.
_WORD: Final = re.compile(f"[{LETTERS}{DIACRITICS}{TATWEEL}\u200c\u200d\\w]")
#: What steers the direction of text, and would undo the isolates around it; controls, too.  Joiners are letters' own.
_STEERING: Final = re.compile("[^\\S ]|[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")

#: By kind what goes before and after a span where there are no colours, and its colour (SGR) where there are.
MARKS: Final = {
    "quote": ("{", "}", "3"),
    "speaker": ("", "", "4"),
    "TITLE": ("", "", "2"),
    "QUANTITY": ("", "", "2"),
    "DATE": ("<", ">", "33"),
    "PER": ("[", "]", "36"),
    "ORG": ("[", "]", "35"),
    "LOC": ("[", "]", "32"),
    "NORP": ("[", "]", "34"),
    "WEAPON": ("[", "]", "31"),
    "event": ("*", "*", "1;7"),
}
#: Kinds by how wide they mostly are: an outer one is opened first and closed last.
_ORDER: Final = {kind: i for i, kind in enumerate(MARKS)}


class Mark(NamedTuple):
    """A span of a kind in MARKS; `note` tells more of it."""

    start: int
    end: int
    kind: str
    note: str


class Piece(NamedTuple):
    """A stretch of the text without an edge within, and the marks that cover it, outer ones first."""

    text: str
    marks: tuple[Mark, ...]


def marks_of(doc: Document) -> list[Mark]:
    """The spans of all layers in text order."""
    found = [Mark(q.start, q.end, "quote", q.speaker_name or q.speaker_text or "") for q in doc.quotes]
    found += [
        Mark(q.speaker_start, q.speaker_end, "speaker", q.cue or "")
        for q in doc.quotes
        if q.speaker_start is not None and q.speaker_end is not None
    ]
    found += [Mark(m.start, m.end, m.type, m.name or m.norm) for m in doc.mentions]
    found += [Mark(e.trigger_start, e.trigger_end, "event", f"{e.type} {e.mode or ''}".strip()) for e in doc.events]
    return sorted(set(found), key=lambda m: (m.start, -m.end, _ORDER[m.kind], m.note))


def printable(text: str) -> str:
    r"""The text with a blank in the place of each character that steers a terminal or turns directions: as long as it was.

    >>> printable("a\u202eb\x1b")
    'a b '
    """
    return _STEERING.sub(" ", text)


def widened(text: str, mark: Mark) -> Mark:
    """The mark over whole words."""
    start, end = mark.start, mark.end
    while start > 0 and _WORD.match(text[start - 1]) and _WORD.match(text[start]):
        start -= 1
    while end < len(text) and _WORD.match(text[end]) and _WORD.match(text[end - 1]):
        end += 1
    return mark._replace(start=start, end=end)


def pieces(text: str, start: int, end: int, marks: Sequence[Mark]) -> Iterator[Piece]:
    """text[start:end] cut at the edges of the marks, printable."""
    inside = [m for m in marks if m.start < end and start < m.end]
    edges = sorted({start, end, *(max(m.start, start) for m in inside), *(min(m.end, end) for m in inside)})
    shown = printable(text)
    for first, last in pairwise(edges):
        covering = [m for m in inside if m.start <= first and last <= m.end]
        yield Piece(shown[first:last], tuple(sorted(covering, key=lambda m: (_ORDER[m.kind], m.start))))


def coloured(parts: Sequence[Piece]) -> str:
    """Pieces for a terminal with colours."""
    found = []
    for part in parts:
        codes = ";".join(MARKS[m.kind][2] for m in part.marks)
        found.append(f"\x1b[{codes}m{part.text}\x1b[0m" if codes else part.text)
    return "".join(found)


def marked(parts: Sequence[Piece]) -> str:
    """Pieces with signs where spans begin and end."""
    found: list[str] = []
    before: tuple[Mark, ...] = ()
    for part in (*parts, Piece("", ())):
        found += [MARKS[m.kind][1] for m in reversed(before) if m not in part.marks]
        found += [MARKS[m.kind][0] for m in part.marks if m not in before]
        found.append(part.text)
        before = part.marks
    return "".join(found)


def right_to_left(text: str) -> str:
    """The text in an isolate of its own: the line around it keeps its order, and the text its."""
    return f"\u2067{text}\u2069"
