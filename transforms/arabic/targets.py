"""Whose the things and places are that violence or force strikes: the sector of a target that no word of it tells.

Knows: words of a phrase, who struck.  Does not know: which phrases are targets (the events layer tells).  The annotated
articles give a struck town, or a man of no office, the sector of civilians, and what is of use in war that of the other side.
"""

import functools
from collections.abc import Sequence
from typing import Final

from transforms.arabic import lexicon
from transforms.arabic.characters import normal_form

#: Types of events that strike somebody.
STRIKING: Final = ("ASSAULT", "COERCE")
#: Sectors whose enemy, where nothing tells him, is an armed group.
_OF_STATES: Final = frozenset(("MIL", "GOV", "COP", "IGO", "SPY"))


def struck_sector(words: Sequence[str], by: str | None, kinds: Sequence[str], event: str) -> str | None:
    """The sector of a target whose own words tell none; None where it stays open.

    `words` are those of the phrase in normal form, `kinds` the types of the names in it, `by` the actor's sector and
    `event` the event's type.

    >>> struck_sector(("مواقع", "في", "المدينه"), "MIL", (), "ASSAULT")
    'REB'
    """
    if "PER" in kinds:
        return "CVL"
    if event not in STRIKING:
        return None
    if any(word.removeprefix("ال") in _assets() for word in words[:3]):
        return "REB" if by in _OF_STATES else "MIL" if by in ("REB", "CRM") else None
    return "CVL"


@functools.cache
def _assets() -> frozenset[str]:
    """Things of use in war, without the article: positions and stores, weapons and what carries them."""
    weapons = {row["word"] for row in lexicon.table("weapons") if row["kind"] not in ("part", "wide")}
    return frozenset(normal_form(word) for word in lexicon.words("assets", "word") | weapons)
