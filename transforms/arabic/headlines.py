"""Head lines: the day of an article as the first lines of a plain newspaper file tell it.

Knows: date lines (with weekday, Hijri equivalent, paper and number of the issue around the day) and datelines
(`تونس في 05 جوان /وات/`).  Does not know: where the file came from, or its own date.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Final, NamedTuple

from transforms.arabic.dategrammar import words
from transforms.arabic.timestamps import Day, agreed, at_clock, clock_spans, days_in, fold, weekday_in

#: So many lines that are not empty are the head.
_LINES: Final = 10
#: A longer line is a paragraph: only its dateline may tell a day.
_LINE_CHARACTERS: Final = 160
#: A dateline ends within so many characters, and so many words at most stand before its day.
_DATELINE: Final = 80
_PLACE_WORDS: Final = 6
#: More other words than these make a line with a day in it a headline or a sentence.
_OTHER_WORDS: Final = 8
_YEARS: Final = re.compile(r"(?<![\d/.-])(?:19[5-9]|20\d)\d(?![\d/.-])")
_WORD: Final = re.compile(r"[^\W\d_]{2,}")
#: What closes a dateline after its day: an agency between strokes or brackets, a dash or a colon.
_AGENCY: Final = re.compile(r"\s*(?:م\s*)?(?:/[^/]{2,30}/|\([^()]{2,40}\)|[-–—ـ:])")


class HeadDate(NamedTuple):
    """What the head of a text tells: moment in UTC, offset in minutes as told, and the rule."""

    moment: datetime
    offset: int | None
    rule: str


class _Reading(NamedTuple):
    score: int
    exact: date
    line: str
    rule: str


def find_head_date(lines: Sequence[str], fallback_year: int | None) -> HeadDate | None:
    """The day told by the first lines of a text; None where none of them is a date line.

    A day without a year takes it from another of the lines, else `fallback_year`; a weekday beside it must fit,
    in that year or the one before.  The rule is `line` or `dateline`, with `,year-beside` or `,year-of-file`.
    """
    head = [fold(line) for line in lines if line.strip()][:_LINES]
    beside = [year for line in head if len(line) <= _LINE_CHARACTERS and (year := _only_year(line))]
    found: list[_Reading] = []
    for line in head:
        short = len(line) <= _LINE_CHARACTERS
        reading = _date_line(line, beside, fallback_year) if short else None
        if reading := reading or _dateline(line, beside, fallback_year):
            found.append(reading)
    if not found:
        return None
    best = max(found, key=lambda reading: reading.score)
    told = at_clock(best.line, best.exact) or at_clock("", best.exact)
    return HeadDate(*told, best.rule) if told else None


def _only_year(line: str) -> int | None:
    """The year that a line tells, in a day or alone."""
    years = {day.year for day in days_in(line) if day.year and not day.hijri} or set(map(int, _YEARS.findall(line)))
    return years.pop() if len(years) == 1 else None


def _date_line(line: str, beside: Sequence[int], fallback: int | None) -> _Reading | None:
    """The day of a line that tells little else."""
    days = days_in(line)
    if not days:
        return None
    weekday = weekday_in(line)
    clock = next(clock_spans(line), None)
    others = _WORD.findall(_without(line, [(day.start, day.end) for day in days]))
    before = _WORD.findall(line[: days[0].start])
    last = before[-1] if before else ""
    if last in words("name") or len(others) > _OTHER_WORDS:
        return None
    if weekday is None and last in ("في", "منذ", "من", "حتي", "قبل", "بعد", "يوم", "ليوم") and len(before) > 2:
        return None
    told = any(day.year for day in days)
    if not told and weekday is None and len(others) > 2:
        return None
    exact, rule = _day_of(days, weekday, beside, fallback)
    if exact is None:
        return None
    score = 4 * told + 3 * (weekday == exact.weekday()) + 2 * (clock is not None) + (len(others) <= 4) + (not others)
    if told and weekday is not None and weekday != exact.weekday():
        score -= 3
    return _Reading(score, exact, line, f"line{rule}")


def _without(line: str, spans: Sequence[tuple[int, int]]) -> str:
    for start, end in reversed(spans):
        line = line[:start] + " " + line[end:]
    return line


def _dateline(line: str, beside: Sequence[int], fallback: int | None) -> _Reading | None:
    """The day between the place and the agency that open a paragraph."""
    opening = line[: 2 * _DATELINE]
    days = [day for day in days_in(opening) if day.end <= _DATELINE]
    if not days or len(_WORD.findall(line[: days[0].start])) > _PLACE_WORDS or not _AGENCY.match(line, days[-1].end):
        return None
    exact, rule = _day_of(days, weekday_in(line[: days[-1].end]), beside, fallback)
    return _Reading(2, exact, "", f"dateline{rule}") if exact else None


def _day_of(
    days: Sequence[Day], weekday: int | None, beside: Sequence[int], fallback: int | None
) -> tuple[date | None, str]:
    """The one day that all of them tell, and where its year is from."""
    full = [(day, exact) for day in days if day.year and (exact := day.on(day.year))]
    if full:
        return agreed(full, weekday), ""
    bare = {(day.month, day.day) for day in days if not day.hijri}
    if len(bare) != 1:
        return None, ""
    day = next(day for day in days if not day.hijri)
    years = [(year, ",year-beside") for year in dict.fromkeys(beside)]
    if fallback:
        years += [(fallback, ",year-of-file")] + ([(fallback - 1, ",year-of-file")] if weekday is not None else [])
    for year, rule in years:
        exact = day.on(year)
        if exact and weekday in (None, exact.weekday()):
            return exact, rule
    return None, ""
