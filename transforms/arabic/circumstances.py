"""Circumstances of an event: its status, and the nearest of the places or dates told beside it.

Knows: the words shortly before a trigger, and distance in the sentence.  Does not know: clauses.
"""

import functools
from collections.abc import Iterable, Sequence
from typing import TypeVar

from schemas.mention import Mention
from schemas.token import Token
from transforms.arabic.lexicon import table

#: How many words before its trigger a cue of status may stand.
CUE_WINDOW = 3

T = TypeVar("T", bound=Mention)


@functools.cache
def _cues() -> dict[str, str]:
    return {row["cue"]: row["status"] for row in table("status_cues")}


def status_of(tokens: Sequence[Token], start: int) -> str:
    """Status of the event whose trigger starts at offset `start` in the sentence's tokens.

    A verb with the future س is planned; else the nearest cue before the trigger decides; else it is actual.
    """
    before = [t for t in tokens if t.end <= start and t.kind == "word"][-CUE_WINDOW:]
    here = next((t for t in tokens if t.start <= start < t.end), None)
    if here is not None and (here.norm[:2] in ("سي", "ست") and len(here.norm) > 4):
        return "planned"
    for token in reversed(before):
        # A cue after the conjunctions و and ف is still the cue.
        forms = (token.norm, token.stem, token.norm[1:] if token.norm[:1] in "وف" else token.norm)
        status = next((_cues()[form] for form in forms if form in _cues()), None)
        if status:
            return status
    return "actual"


def nearest(mentions: Iterable[T], start: int, end: int) -> T | None:
    """The mention nearest to text[start:end]; of two as near, the later one."""
    return min(mentions, key=lambda m: (max(m.start - end, start - m.end, 0), -m.start), default=None)
