"""Timestamps: the moment that a feed, a page or a date line tells, in the forms of the Arabic press or of the standards.

Knows: RFC 3339 and 2822, days by number or month name in every calendar of `data/months.tsv`, clock times, zones.
Does not know: days told relative to another (`transforms.arabic.dates`), or which line of a text tells one.
"""

import functools
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from typing import Final, NamedTuple

from transforms.arabic import lexicon
from transforms.arabic.characters import normal_form
from transforms.arabic.dategrammar import months, weekdays
from transforms.arabic.numberwords import latin_digits, number_words

#: A longer text is no timestamp.
_LONGEST: Final = 300
#: Two calendars may differ by so many days: the first of a Hijri month is seen, not computed.
_SIGHTING: Final = 2
_ENGLISH: Final = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_ENGLISH_DAYS: Final = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_EPOCH: Final = re.compile(r"(\d{10})(?:\.\d+|\d{3})?")
_COMPACT: Final = re.compile(r"((?:19|20)\d{6})(\d{2})(\d{2})(\d{2})?")
_PERSIAN: Final = str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789")
_MORNING: Final = ("ص", "صباحا", "فجرا", "am", "a.m.")
_EVENING: Final = ("م", "مساء", "ظهرا", "عصرا", "ليلا", "بعد الظهر", "pm", "p.m.")
_HALF: Final = re.compile(r"[ap]\.?m\b", re.IGNORECASE)
_CLOCK: Final = re.compile(
    r"(?<![\d:.])(?:(?P<hour>\d{1,2})[:h](?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d+)?)?"
    r"|(?<=الساعه )(?P<hour2>\d{1,2})(?:\.(?P<minute2>\d{2}))?)(?![\d:])"
    rf"(?:\s*(?P<half>{'|'.join(re.escape(h) for h in sorted(_MORNING + _EVENING, key=len, reverse=True))})(?!\w))?"
)
_OFFSET: Final = re.compile(
    r"\s*[(]?\s*(?:gmt|utc)?\s*(?P<sign>[+-])\s?(?P<hours>\d{1,2})(?::?(?P<minutes>\d{2}))?(?!\d)"
)
_NUMERIC: Final = re.compile(r"(?<![\d/.\\:-])(\d{1,4}) ?([/.\\-]) ?(\d{1,2}) ?\2 ?(\d{1,4})(?![\d/\\-]|\.\d)")


class Day(NamedTuple):
    """A day of a calendar as a text tells it; `year` is None where it is not told."""

    start: int  # in the folded text
    end: int
    year: int | None
    month: int
    day: int
    hijri: bool

    def on(self, year: int) -> date | None:
        """The day in a year of its calendar; None where there is none."""
        try:
            if not self.hijri:
                return date(year, self.month, self.day)
            from hijridate import Hijri

            return date.fromordinal(Hijri(year, self.month, self.day).to_gregorian().toordinal())
        except (ValueError, OverflowError):
            return None


def fold(text: str) -> str:
    """The text in normal form with Western digits: what the patterns of this module read."""
    return normal_form(latin_digits(text.translate(_PERSIAN)))


@functools.cache
def _months() -> dict[str, tuple[int, bool]]:
    """Month and whether it is a Hijri one, by name in normal form; English names and their abbreviations too."""
    known = {name: (month, system == "hijri") for name, (month, system, _) in months().items()}
    for month, name in enumerate(_ENGLISH, 1):
        known |= {name: (month, False), name[:3]: (month, False)}
    return known | {"sept": (9, False)}


@functools.cache
def _ordinals() -> dict[str, int]:
    ones = {word: value for word, (value, kind) in number_words().items() if kind == "ordinal"}
    tens = {"العشرين": 20, "العشرون": 20, "الثلاثين": 30, "الثلاثون": 30}
    found = ones | tens | dict.fromkeys(("غره", "فاتح"), 1)
    for one, value in ones.items():
        found[f"{one} عشر"] = value + 10
        found |= {f"{one} و{ten}": value + number for ten, number in tens.items()}
    return found


def any_of(words: list[str]) -> str:
    """A pattern of any of the words, the longest first."""
    return "|".join(re.escape(w) for w in sorted(words, key=lambda w: (-len(w), w)))


@functools.cache
def _named() -> tuple[re.Pattern[str], ...]:
    """Patterns of days with the month's name: day first, month first, year first."""
    names = any_of(list(_months()))
    gap = r"[\s/\\.,،()\-–—]{0,3}"
    month = rf"(?<![^\W\d])(?P<month>{names})(?!\w)(?:{gap}(?P<other>{names})(?!\w))?"
    day = rf"(?<!\w)(?<!\d[/.:-])(?P<day>\d{{1,2}}|{any_of(list(_ordinals()))})(?:st|nd|rd|th)?"
    year = r"(?P<year>\d{4})(?!\d)"
    told = r"(?:من )?(?:عام |لعام |سنه |العام )?"
    return (
        re.compile(rf"{day}{gap}(?:من )?(?:شهر )?{month}(?:{gap}{told}{year}(?![:]))?"),
        re.compile(rf"{month}\s{{0,2}}{day}(?!\w){gap}{year}"),
        re.compile(rf"(?<!\w){year}{gap}{month}{gap}{day}(?!\w)"),
    )


def days_in(folded: str) -> list[Day]:
    """The days of a calendar that a folded text tells, in order; none overlaps another."""
    found: list[Day] = []
    for pattern in _named():
        for match in pattern.finditer(folded):
            day = _named_day(match)
            if day and not any(day.start < other.end and other.start < day.end for other in found):
                found.append(day)
    found += [day for match in _NUMERIC.finditer(folded) if (day := _numeric_day(match, folded))]
    return sorted(found)


def _named_day(match: re.Match[str]) -> Day | None:
    month, hijri = _months()[match["month"]]
    other = match["other"]
    if other and _months()[other] != (month, hijri):
        return None
    day = int(match["day"]) if match["day"].isdecimal() else _ordinals()[match["day"]]
    year = int(match["year"]) if match["year"] else None
    if year and hijri != (1300 <= year <= 1500):
        return None
    if not 1 <= day <= (30 if hijri else 31):
        return None
    return Day(match.start(), match.end(), year, month, day, hijri)


def _numeric_day(match: re.Match[str], folded: str) -> Day | None:
    """Day before month, unless that cannot be: no such month, or only the other way falls on the weekday told."""
    texts = (match[1], match[3], match[4])
    first, month, last = map(int, texts)
    if len(texts[0]) == 4:
        year, day = first, last
    elif len(texts[2]) == 4 or len(texts[2]) == 2:
        year, day = (last if len(texts[2]) == 4 else 2000 + last - 100 * (last >= 70)), first
    else:
        return None
    hijri = 1300 <= year <= 1500
    if not hijri and not 1600 < year < 2200:
        return None
    made = Day(match.start(), match.end(), year, month, day, hijri)
    turned = made._replace(month=day, day=month)
    right, other = made.on(year), turned.on(year)
    if right and other and (told := weekday_in(folded)) is not None and right.weekday() != told == other.weekday():
        return turned
    return made if right else turned if other else None


@functools.cache
def _weekday_pattern() -> re.Pattern[str]:
    names = [*weekdays(), *_ENGLISH_DAYS, *(name[:3] for name in _ENGLISH_DAYS)]
    return re.compile(rf"(?<!\w)(?P<name>{any_of(names)})(?!\w)")


def weekday_in(folded: str) -> int | None:
    """The weekday that a folded text names, Monday 0; None where it names none or several."""
    found = set()
    for match in _weekday_pattern().finditer(folded):
        name = match["name"]
        found.add(weekdays()[name] if name in weekdays() else [d[:3] for d in _ENGLISH_DAYS].index(name[:3]))
    return found.pop() if len(found) == 1 else None


def agreed(days: list[tuple[Day, date]], weekday: int | None) -> date | None:
    """The one day that all tell; a Hijri day may differ a little, or altogether where the weekday speaks against it."""
    common = {exact for day, exact in days if not day.hijri}
    hijri = {exact for day, exact in days if day.hijri}
    chosen = common or hijri
    if len(chosen) != 1:
        return None
    (exact,) = chosen
    if any(abs((exact - other).days) > _SIGHTING for other in hijri) and exact.weekday() != weekday:
        return None
    return exact


#: Zones that stand behind a clock time without a word before.
_BARE: Final = frozenset(("مكه المكرمه", "غرينتش", "جرينتش"))


@functools.cache
def _zones() -> dict[str, str]:
    return {normal_form(row["name"]): row["zone"] for row in lexicon.table("zones")}


@functools.cache
def _zone_pattern() -> re.Pattern[str]:
    latin = any_of([name for name in _zones() if name.isascii()])
    arabic = any_of([name for name in _zones() if not name.isascii()])
    bare = any_of([name for name in _zones() if name in _BARE])  # other places begin a dateline
    return re.compile(
        rf"\s*[(]?\s*(?:(?P<latin>{latin})(?!\w)|(?P<bare>{bare})(?!\w)|(?:بتوقيت|بالتوقيت|توقيت|ت)\s+(?:مدينه )?(?P<arabic>{arabic})(?!\w))"
    )


def _zone(folded: str, after: int) -> tzinfo | None:
    """The zone told just after a clock time, or by `بتوقيت` anywhere."""
    if offset := _OFFSET.match(folded, after):
        minutes = int(offset["hours"]) * 60 + int(offset["minutes"] or 0)
        if minutes <= 14 * 60:
            return timezone(timedelta(minutes=-minutes if offset["sign"] == "-" else minutes))
    match = _zone_pattern().match(folded, after)
    if match is None:
        match = next((m for m in _zone_pattern().finditer(folded) if m["arabic"]), None)
    if match is None:
        return None
    told = _zones()[match["latin"] or match["bare"] or match["arabic"]]
    if told.lstrip("-").isdecimal():
        return timezone(timedelta(minutes=int(told)))
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(told)
    except ZoneInfoNotFoundError:  # a system without the database
        return None


def clock_spans(folded: str) -> Iterator[tuple[int, int]]:
    """Where a folded text tells clock times."""
    return (match.span() for match in _CLOCK.finditer(folded))


def at_clock(folded: str, day: date) -> tuple[datetime, int | None] | None:
    """The moment of a day at the first clock time of a folded text (else its midnight), in UTC, and the offset told."""
    hour = minute = second = 0
    zone = None
    if clock := _CLOCK.search(folded):
        hour = int(clock["hour"] or clock["hour2"])
        minute, second = int(clock["minute"] or clock["minute2"] or 0), int(clock["second"] or 0)
        half = clock["half"] or ""
        if half in _MORNING and hour == 12:
            hour = 0
        elif half == "ليلا" and (hour < 5 or hour == 12):
            hour %= 12
        elif half in _EVENING and hour < (10 if half == "ظهرا" else 12):
            hour += 12
        zone = _zone(folded, clock.end())
    try:
        moment = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=zone or UTC)
        return _told(moment) if zone else (moment, None)
    except (ValueError, OverflowError):
        return None


def _told(moment: datetime) -> tuple[datetime, int | None]:
    offset = moment.utcoffset()
    if offset is None:
        return moment.replace(tzinfo=UTC), None
    return moment.astimezone(UTC), int(offset.total_seconds() // 60)


def read_timestamp(text: str) -> tuple[datetime, int | None, str] | None:
    """Moment in UTC, offset in minutes as told, and rule; None where it is no timestamp.

    Without a zone the offset is None and the clock time stands as it was written, as if it were UTC.
    """
    text = latin_digits(text.translate(_PERSIAN).strip())
    if not text or len(text) > _LONGEST:
        return None
    if match := _EPOCH.fullmatch(text):
        return datetime.fromtimestamp(int(match[1]), UTC), 0, "epoch"
    if match := _COMPACT.fullmatch(text):
        text = f"{match[1]}T{match[2]}{match[3]}{match[4] or '00'}"
    for rule, read in (("rfc3339", datetime.fromisoformat), ("rfc2822", parsedate_to_datetime)):
        try:
            moment = read(text)
            if rule == "rfc2822" and _HALF.search(text):  # what it would read past
                break
            if moment.year > 1600:
                return (*_told(moment), rule)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    folded = fold(text)
    days = [(day, exact) for day in days_in(folded) if day.year and (exact := day.on(day.year))]
    exact = agreed(days, weekday_in(folded))
    moment_told = at_clock(folded, exact) if exact else None
    return (*moment_told, "arabic") if moment_told else None
