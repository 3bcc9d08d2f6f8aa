"""Calendars: days of weeks, months and years worked out from the day of publication, on the side that is told.

Knows: Gregorian and Hijri months, and how far ahead and back a day without a year may lie.  Does not know: the text
around an expression.
"""

from calendar import monthrange
from datetime import date, timedelta
from typing import Final

from transforms.arabic.dategrammar import words
from transforms.arabic.numberwords import number_words

#: A day without a year is ahead where that is so near and the last such day so far back.
_NEAR: Final = timedelta(days=45)
#: A day or month without a year is not so far ahead, whatever the verb.
_AHEAD: Final = timedelta(days=270)

#: Years that are read as Hijri ones: in the tables of hijridate, and none that news tells of in the Gregorian calendar.
HIJRI_YEARS: Final = range(1343, 1501)


def shift_months(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def month_days(year: int, month: int, system: str) -> tuple[date, date]:
    if system != "hijri":
        return date(year, month, 1), date(year, month, monthrange(year, month)[1])
    from hijridate import Hijri

    first = Hijri(year, month, 1)
    start = first.to_gregorian()
    begin = date(start.year, start.month, start.day)
    return begin, begin + timedelta(days=first.month_length() - 1)


def hijri_day(year: int, month: int, day: int) -> date:
    """The day of a Hijri date (Umm al-Qura); ValueError where there is none."""
    from hijridate import Hijri

    try:
        found = Hijri(year, month, day).to_gregorian()
    except OverflowError as error:
        raise ValueError(f"no day in the tables: {year}-{month}-{day}") from error
    return date(found.year, found.month, found.day)


def day_number(text: str) -> int:
    if text.isdecimal():
        return int(text)
    values = {"العشرين": 20, "الثلاثين": 30, "عشر": 10, "والعشرين": 20, "والثلاثين": 30}
    return sum(values.get(word) or number_words()[word][0] for word in text.split())


def calendar_days(
    day: int | None, month: int, system: str, year: int | None, published: date | None, side: str
) -> tuple[date, date] | None:
    """First and last day of a month or a day in it; without a year the one nearest on the told side."""
    if year is None:
        if published is None:
            return None
        if system == "hijri":
            from hijridate import Gregorian

            base = int(Gregorian.fromdate(published).to_hijri().year)
        else:
            base = published.year
        choices = [c for y in (base - 1, base, base + 1) if (c := calendar_days(day, month, system, y, published, ""))]
        if side == "this":
            return next((c for c in choices if c[0].year == published.year), None)
        if side in ("next", "guess"):
            coming = next((c for c in choices if c[1] >= published), None)
            if side == "next" or (coming and coming[0] - published <= _AHEAD):
                return coming
        past = next((c for c in reversed(choices) if c[0] <= published), None)
        ahead = next((c for c in choices if c[0] > published), None)
        if side == "" and past and ahead and ahead[0] - published <= _NEAR < published - past[1]:
            return ahead
        return past
    if system != "hijri" and year in HIJRI_YEARS:
        return None
    first, last = month_days(year, month, system)
    if day is None:
        return first, last
    exact = first + timedelta(days=day - 1)
    if not first <= exact <= last:
        if published is None:
            raise ValueError(f"no day {day} in month {month} of {year}")
        return None
    return exact, exact


def side(when: str | None, future: bool) -> str:
    if when is None:
        return "guess" if future else ""
    return "past" if when in words("past") else "next" if when in words("next") else "this"


def weekday(number: int, published: date, when: str | None, future: bool) -> date:
    back = (published.weekday() - number) % 7
    near = side(when, future)
    if near in ("next", "guess"):
        return published + timedelta(days=(7 - back) if when or back else 0)
    return published - timedelta(days=back or (7 if near == "past" else 0))


def near_weekday(number: int, exact: date, published: date) -> date:
    """The weekday named beside أمس or غدا, where it is on the same side of publication and near; else `exact`."""
    named = weekday(number, published, None, exact > published)
    step = (exact - published).days
    days = (named - published).days
    right = -3 <= days < 0 if step < 0 else 0 < days <= 3 if step > 0 else days == 0 or days == -1
    return named if right else exact


def period(unit: str, step: int, published: date) -> tuple[date, date]:
    if unit == "week":
        monday = published - timedelta(days=published.weekday()) + timedelta(weeks=step)
        return monday, monday + timedelta(days=6)
    if unit == "month":
        first = shift_months(published, step)
        return month_days(first.year, first.month, "")
    return date(published.year + step, 1, 1), date(published.year + step, 12, 31)
