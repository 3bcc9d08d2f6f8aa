"""Date values: which days an expression means, by the rule of the grammar that it matches.

Knows: how the press counts days, weeks, months and years from the day of publication.  Does not know: what stands
around an expression, but for whether something is told of the future (`dates` looks at that).
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Final

from transforms.arabic.calendars import (
    HIJRI_YEARS,
    calendar_days,
    day_number,
    hijri_day,
    month_days,
    near_weekday,
    period,
    shift_months,
    side,
    weekday,
)
from transforms.arabic.dategrammar import months, units, weekdays, words
from transforms.arabic.numberwords import number_words, read_words

#: The named groups of a match.
Groups = Mapping[str, str | None]
#: First and last day, None where they cannot be told, and precision.
Value = tuple[date | None, date | None, str | None]

_BEGINNINGS: Final = ("بدايه", "مطلع")
_WITHIN: Final = ("خلال", "غضون", "في غضون")
_LAST_YEAR: Final = 2200
_HALVES: Final = {"النصف الاول من": 1, "النصف الثاني من": 2}
_SEASONS: Final = {"ربيع": 3, "صيف": 6, "خريف": 9, "شتاء": 12}
_PERIODS: Final = {"الاسبوع": "week", "الشهر": "month"}
_OPEN: Final = (None, None, "interval")


def value(rule: str, found: Groups, published: date | None, future: bool) -> Value:
    """What a match means; ValueError or OverflowError where there is no such day.

    `future`: whether the sentence tells of what is to come.
    """
    year = found.get("year")
    if year and int(year) > _LAST_YEAR:
        raise ValueError(f"{year} is a misprint or no year")
    if absolute := _ABSOLUTE.get(rule):
        return absolute(found, published, future)
    if published is None:
        return None, None, None
    return _RELATIVE[rule](found, published, future)


def amount(found: Groups) -> int:
    """How many of its unit a duration is long; 1 where no number is told."""
    told = found.get("count")
    number = (int(told) if told.isdecimal() else int(read_words(told.split())[0])) if told else 1
    return number * units()[found["unit"] or ""][1]


def years_until(published: date, number: int) -> tuple[date, date]:
    """So many years until the publication."""
    return date(published.year - number, 1, 1), date(published.year, 12, 31)


def _step(found: Groups) -> int:
    """-1, 0 or 1: the last, this or the next one."""
    return {"past": -1, "next": 1}.get(side(found["when"], False), 0) if found.get("when") else 0


def _numeric(found: Groups, published: date | None, future: bool) -> Value:
    text = found["numeric"] or ""
    parts = [int(p) for p in re.split(r"[/.-]", text)]
    year, month, day = parts if parts[0] > parts[2] else parts[::-1]
    if year < HIJRI_YEARS[0]:
        raise ValueError(text)
    exact = hijri_day(year, month, day) if year in HIJRI_YEARS else date(year, month, day)
    return exact, exact, "day"


def _vague(found: Groups, published: date | None, future: bool) -> Value:
    if found.get("hours") and published:
        told = (found.get("many") or "24").replace("ال", "")
        number = int(told) if told.isdecimal() else int(read_words(told.split())[0])
        days = max(1, round(number / 24))
        hours = timedelta(days=days if side(found["hours"], False) == "next" else -days)
        return min(published, published + hours), max(published, published + hours), "interval"
    return _OPEN


def _month(found: Groups, published: date | None, future: bool) -> Value:
    """A month, or a day of it."""
    month, system, _ = months()[found["month"] or ""]
    day = day_number(found["day"] or "") if found.get("day") else None
    year = int(found["year"] or 0) if found.get("year") else None
    near = side(found.get("when") or found.get("near"), future)
    pair = calendar_days(day, month, system, year, None if year else published, near)
    return (*(pair or (None, None)), "day" if day else "month")


def _same(found: Groups, published: date | None, future: bool) -> Value:
    """`اليوم نفسه`: the day told before, which `dates` knows."""
    today = found.get("period") == "اليوم"
    if found.get("year") and published and today:
        exact = published.replace(year=int(found["year"] or 0))
        return exact, exact, "day"
    return None, None, "day" if today or found.get("period") in (None, "الليله") else "interval"


def _same_month(found: Groups, published: date | None, future: bool) -> Value:
    return None, None, "day"


def _decade(found: Groups, published: date | None, future: bool) -> Value:
    """A century, the one of 1901 unless another is told, or a decade of it."""
    century = day_number(found["century"] or "") if found.get("century") else 20
    if found.get("when"):
        if published is None:
            return _OPEN
        century = (published.year - 1) // 100 + (found["when"] == "الحالي")
    if "decade" not in found:
        return date(100 * century - 99, 1, 1), date(100 * century, 12, 31), "interval"
    ten = (found["decade"] or "").removeprefix("ال").removesuffix("ات").removesuffix("ي")
    begin = 100 * (century - 1) + number_words()[ten][0]
    return date(begin, 1, 1), date(begin + 9, 12, 31), "decade"


def _feast(found: Groups, published: date | None, future: bool) -> Value:
    system, month, day = words("feast")[found["feast"] or ""].split()
    pair = calendar_days(
        int(day), int(month), system, None, published, side(found.get("when"), False) if found.get("when") else ""
    )
    eve = timedelta(days=1 if found.get("eve") else 0)
    return (pair[0] - eve, pair[1] - eve, "day") if pair else (None, None, "day")


def _between(found: Groups, published: date | None, future: bool) -> Value:
    """From a day to a day of the same or a later month."""
    year = int(found["year"] or 0) if found.get("year") else None
    month, system, _ = months()[found["month2"] or ""]
    near = side(found["when"], False) if found.get("when") else ""
    last = calendar_days(day_number(found["day2"] or ""), month, system, year, published, near)
    if not found.get("month") and day_number(found["day"] or "") >= day_number(found["day2"] or ""):
        raise ValueError("days of one month in the wrong order")
    if last is None:
        return _OPEN
    if found.get("month"):
        month, system, _ = months()[found["month"] or ""]
    first = calendar_days(day_number(found["day"] or ""), month, system, None, last[0], "past")
    return first[0] if first else None, last[1], "interval"


def _season(found: Groups, published: date | None, future: bool) -> Value:
    """Three months; a winter is named after the year that it begins in."""
    if found.get("year"):
        year = int(found["year"] or 0)
    elif published is None:
        return None, None, "season"
    else:
        year = published.year
    begin = date(year, _SEASONS[(found.get("season") or found.get("season2") or "").removeprefix("ال")], 1)
    step = _step(found)
    if published and step < 0 and shift_months(begin, 3) > published:
        begin = begin.replace(year=year - 1)  # the last that is over
    elif published and step > 0 and begin <= published:
        begin = begin.replace(year=year + 1)
    return begin, shift_months(begin, 3) - timedelta(days=1), "season"


def _quarter(found: Groups, published: date | None, future: bool) -> Value:
    if not found.get("year") and published is None:
        return _OPEN
    year = int(found["year"] or 0) if found.get("year") else published.year + _step(found) if published else 0
    part = found["part"] or ""
    begin = date(year, 3 * (4 if part == "الاخير" else day_number(part)) - 2, 1)
    return begin, shift_months(begin, 3) - timedelta(days=1), "interval"


def _league(found: Groups, published: date | None, future: bool) -> Value:
    """A season of sport, from summer to summer: the years that it lies in."""
    if found.get("year"):
        begin = int(found["year"] or 0)
    elif published is None:
        return _OPEN
    else:
        begin = published.year - (published.month < 7) + _step(found)
    return date(begin, 1, 1), date(begin + 1, 12, 31), "interval"


def _year(found: Groups, published: date | None, future: bool) -> Value:
    begin = int(found["year"] or 0)
    if 1300 <= begin <= 1500:
        return month_days(begin, 1, "hijri")[0], month_days(begin, 12, "hijri")[1], "year"
    if half := _HALVES.get(found.get("edge") or ""):
        return _half(date(begin, 1, 1), date(begin, 12, 31), half)
    if edge := {"نهايه": 12, "اواخر": 10}.get(found.get("edge") or ""):
        return date(begin, edge, 1), date(begin, 12, 31), "interval"
    if found.get("bound") == "منذ" and found.get("edge") in _BEGINNINGS:
        return date(begin, 1, 1), date(begin, 1, 31), "month"
    last = int(found.get("until") or begin)
    return date(begin, 1, 1), date(last, 12, 31), "interval" if "until" in found else "year"


def _half(first: date, last: date, half: int) -> Value:
    """The first or second half of a year or month."""
    middle = first.replace(day=16) if first.month == last.month else first.replace(month=7)
    return (first, middle - timedelta(days=1), "interval") if half == 1 else (middle, last, "interval")


def _relative(found: Groups, published: date, future: bool) -> Value:
    exact = published + timedelta(days=int(words("relative")[found["relative"] or ""]))
    if found.get("weekday"):
        exact = near_weekday(weekdays()[found["weekday"] or ""], exact, published)
    return exact, exact, "day"


def _nights(found: Groups, published: date, future: bool) -> Value:
    exact = weekday(weekdays()[found["second"] or ""], published, None, future)
    return exact - timedelta(days=1), exact, "interval"


def _weekday(found: Groups, published: date, future: bool) -> Value:
    exact = weekday(weekdays()[found["weekday"] or ""], published, found.get("when"), future)
    return exact, exact, "day"


def _days(found: Groups, published: date, future: bool) -> Value:
    first, second = (
        weekday(weekdays()[found[k] or ""], published, found.get("when"), future) for k in ("weekday", "second")
    )
    return first, second if second >= first else second + timedelta(days=7), "interval"


def _period(found: Groups, published: date, future: bool) -> Value:
    """A week, month or year, or an edge or a day of it."""
    unit = _PERIODS.get(found["period"] or "", "year")
    begins, ends = period(unit, _step(found), published)
    beginning, ending = found.get("edge") in _BEGINNINGS, found.get("edge") == "نهايه"
    if found.get("year"):
        begins, ends = date(int(found["year"] or 0), 1, 1), date(int(found["year"] or 0), 12, 31)
    if (half := _HALVES.get(found.get("edge") or "")) and unit != "week":
        return _half(begins, ends, half)
    if unit == "week" and beginning:
        return begins, begins, "day"
    if unit == "week" and ending:
        return ends - timedelta(days=1), ends, "interval"
    if unit == "year" and beginning and found.get("bound") == "منذ":
        return begins, begins.replace(day=31), "month"
    if found.get("day"):
        exact = begins.replace(day=day_number(found["day"] or ""))
        return exact, exact, "day"
    return begins, ends, unit


def _spans(found: Groups, published: date, future: bool) -> Value:
    """The last or next so many days, weeks, months, years."""
    unit, size = units()[(found["spans"] or "").removeprefix("ال")]
    told = found.get("counted")
    if told is None and size == 1:
        return _OPEN
    number = size * (int(read_words([told.removeprefix("ال")])[0]) if told else 1)
    ahead = 1 if side(found["when"], False) == "next" else -1
    if unit in ("day", "week"):
        far = published + ahead * timedelta(days=number * (7 if unit == "week" else 1))
        if unit == "day" and ahead < 0:
            return far, published - timedelta(days=1), "interval"
    elif unit == "month":
        far = same_day(shift_months(published, ahead * number), published)
    else:
        ends = (published.year, published.year + ahead * number * (10 if unit == "decade" else 1))
        return date(min(ends), 1, 1), date(max(ends), 12, 31), "interval"
    return min(published, far), max(published, far), "interval"


def same_day(month: date, day: date) -> date:
    """The day of `month` that has the number of `day`, or the month's last."""
    return month.replace(day=min(day.day, month_days(month.year, month.month, "")[1].day))


def _rest(found: Groups, published: date, future: bool) -> Value:
    last_day = period(_PERIODS.get(found["period"] or "", "year"), _step(found), published)[1]
    if found["bound"] in ("حتي", "بحلول") and found["end"] in ("نهايه", "اخر"):
        return last_day, last_day, "day"
    return published, last_day, "interval"


def _ago(found: Groups, published: date, future: bool) -> Value:
    unit, _ = units()[found["unit"] or ""]
    if not found.get("count") and found["unit"] in words("plural"):
        return _OPEN
    number = amount(found)
    if unit in ("day", "week"):
        exact = published - timedelta(days=number * (7 if unit == "week" else 1))
        return exact, exact, "day"
    if unit == "year" and (found.get("half") or number == 1):
        return (*period("month", -12 * number - (6 if found.get("half") else 0), published), "month")
    if unit == "decade":
        return (*period("year", -10 * number, published), "year")
    return (*period(unit, -number, published), unit)


def _duration(found: Groups, published: date, future: bool) -> Value:
    unit, _ = units()[found["unit"] or ""]
    told = found.get("count")
    if unit == "year" and told and not future and found.get("bound") in _WITHIN and not found.get("when"):
        return *years_until(published, amount(found)), "interval"
    if unit in ("month", "year") and told and found.get("when") and found.get("bound") in _WITHIN:
        months = amount(found) * (12 if unit == "year" else 1)
        past = side(found["when"], False) == "past"
        far = same_day(shift_months(published, -months if past else months), published)
        return min(far, published), max(far, published), "interval"
    if unit not in ("day", "week") or (not told and found["unit"] in words("plural")):
        return _OPEN
    step = timedelta(days=amount(found) * (7 if unit == "week" else 1))
    if found.get("bound") == "بعد" and future:
        return published + step, published + step, "day"
    near = side(found["when"], False) if found.get("when") else ""
    if near == "past" or (not near and not future and told and unit == "day" and found.get("bound") in _WITHIN):
        return published - step, published - timedelta(days=unit == "day"), "interval"
    return (published, published + step, "interval") if near == "next" else _OPEN


#: What tells its days without the day of publication, or takes none.
_ABSOLUTE: Final[Mapping[str, Callable[[Groups, date | None, bool], Value]]] = {
    "bare-year": _year,
    "between": _between,
    "century": _decade,
    "day-month": _month,
    "decade": _decade,
    "feast": _feast,
    "league": _league,
    "month": _month,
    "month-year": _month,
    "numeric": _numeric,
    "quarter": _quarter,
    "same": _same,
    "same-month": _same_month,
    "season": _season,
    "vague": _vague,
    "year": _year,
    "years": _year,
}
_RELATIVE: Final[Mapping[str, Callable[[Groups, date, bool], Value]]] = {
    "ago": _ago,
    "days": _days,
    "duration": _duration,
    "nights": _nights,
    "period": _period,
    "relative": _relative,
    "rest": _rest,
    "spans": _spans,
    "weekday": _weekday,
}
