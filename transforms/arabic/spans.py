"""What the language modules find: spans with a meaning, before they become rows of the lake.

Offsets are code points into the article's text, end exclusive.  `transforms/*.py` turn each into a record of
`schemas` by adding ids and keys (`transforms.rows`).
"""

from datetime import date
from typing import NamedTuple


class Span(NamedTuple):
    """A stretch of the text."""

    start: int
    end: int


class Quantity(NamedTuple):
    """A number with what it counts; `value_min`/`value_max` are None where that side is open."""

    start: int
    end: int
    value_min: float | None
    value_max: float | None
    unit: str | None  # normal form of the counted noun's stem, "%", or None
    kind: str = "count"  # or ordinal: a place in a row, its value twice, its noun as unit


class DateSpan(NamedTuple):
    """An expression that fixes or bounds days; `first`..`last` inclusive, None where it cannot be told."""

    start: int
    end: int
    first: date | None
    last: date | None
    precision: str | None  # day, week, month, season, year, decade, interval
    rule: str


class Name(NamedTuple):
    """A name or nominal of type PER, ORG, LOC, NORP, TITLE or WEAPON, proclitics و ف ب ل ك left out."""

    start: int
    end: int
    type: str
    score: float | None
    engine: str
