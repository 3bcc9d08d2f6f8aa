"""Dates: expressions that fix or bound days, worked out from the day of publication.

Knows: the calendars and the grammar of dates in the press.  Does not know: clock times inside sentences.
The grammar stands in `dategrammar`.
"""

import functools
import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from schemas.token import Token
from transforms.arabic.dategrammar import CORE, FUTURE, WORD_CLASS, months, patterns, units, weekdays, words
from transforms.arabic.numbers import latin_digits, number_words, read_words
from transforms.arabic.spans import DateSpan

#: A day without a year is ahead where that is so near and the last such day so far back.
_NEAR: Final = timedelta(days=45)
#: A future verb reaches so many letters ahead.
_REACH: Final = 60
#: So many words of the grammar before and after a core word make one expression at most.
_WORDS: Final = 14
_NO_AGE_BEFORE: Final = frozenset(["،", ",", "("])
_NO_AGE_AFTER: Final = frozenset(["،", ",", ")", "."])
_BEGINNINGS: Final = ("بدايه", "مطلع")
_WITHIN: Final = ("خلال", "غضون", "في غضون")
#: A day or month without a year is not so far ahead, whatever the verb.
_AHEAD: Final = timedelta(days=270)
_LASTING: Final = re.compile("ستمر|تواصل")
_GOING_ON: Final = re.compile("[وف]?س?[يت](?:ستمر|تواصل|متد)")
_LAST_YEAR: Final = 2200
_SEASONS: Final = {"ربيع": 3, "صيف": 6, "خريف": 9, "شتاء": 12}


def _shift_months(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def _month_days(year: int, month: int, system: str) -> tuple[date, date]:
    if system != "hijri":
        return date(year, month, 1), date(year, month, monthrange(year, month)[1])
    from hijridate import Hijri

    first = Hijri(year, month, 1)
    start = first.to_gregorian()
    begin = date(start.year, start.month, start.day)
    return begin, begin + timedelta(days=first.month_length() - 1)


def _day_number(text: str) -> int:
    if text.isdecimal():
        return int(text)
    values = {"العشرين": 20, "الثلاثين": 30, "عشر": 10, "والعشرين": 20, "والثلاثين": 30}
    return sum(values.get(word) or number_words()[word][0] for word in text.split())


def _calendar(
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
        choices = [c for y in (base - 1, base, base + 1) if (c := _calendar(day, month, system, y, published, ""))]
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
    if system != "hijri" and 1300 <= year <= 1500:
        return None
    first, last = _month_days(year, month, system)
    if day is None:
        return first, last
    exact = first + timedelta(days=day - 1)
    if not first <= exact <= last:
        if published is None:
            raise ValueError(f"no day {day} in month {month} of {year}")
        return None
    return exact, exact


def _side(when: str | None, future: bool) -> str:
    if when is None:
        return "guess" if future else ""
    return "past" if when in words("past") else "next" if when in words("next") else "this"


def _weekday(number: int, published: date, when: str | None, future: bool) -> date:
    back = (published.weekday() - number) % 7
    side = _side(when, future)
    if side in ("next", "guess"):
        return published + timedelta(days=(7 - back) if when or back else 0)
    return published - timedelta(days=back or (7 if side == "past" else 0))


def _near_weekday(number: int, exact: date, published: date) -> date:
    """The weekday named beside أمس or غدا, where it is on the same side of publication and near; else `exact`."""
    named = _weekday(number, published, None, exact > published)
    step = (exact - published).days
    days = (named - published).days
    right = -3 <= days < 0 if step < 0 else 0 < days <= 3 if step > 0 else days == 0 or days == -1
    return named if right else exact


def _period(unit: str, step: int, published: date) -> tuple[date, date]:
    if unit == "week":
        monday = published - timedelta(days=published.weekday()) + timedelta(weeks=step)
        return monday, monday + timedelta(days=6)
    if unit == "month":
        first = _shift_months(published, step)
        return _month_days(first.year, first.month, "")
    return date(published.year + step, 1, 1), date(published.year + step, 12, 31)


def _numeric(text: str) -> date:
    parts = [int(p) for p in re.split(r"[/.-]", text)]
    year, month, day = parts if parts[0] > 1500 else parts[::-1]
    if year < 1500:
        raise ValueError(text)
    return date(year, month, day)


def _value(
    rule: str, found: dict[str, str | None], published: date | None, future: bool
) -> tuple[date | None, date | None, str | None]:
    """First day, last day and precision of a match; ValueError or OverflowError where there is no such day."""
    when, year = found.get("when"), found.get("year")
    if year and int(year) > _LAST_YEAR:
        raise ValueError(f"{year} is a misprint or no year")
    if rule == "numeric":
        exact = _numeric(found["numeric"] or "")
        return exact, exact, "day"
    if rule == "vague" and found.get("hours") and published:
        hours = timedelta(days=1 if _side(found["hours"], False) == "next" else -1)
        return min(published, published + hours), max(published, published + hours), "interval"
    if rule == "vague":
        return None, None, "interval"
    if rule in ("day-month", "month-year", "month"):
        month, system, _ = months()[found["month"] or ""]
        day = _day_number(found["day"] or "") if found.get("day") else None
        pair = _calendar(
            day, month, system, int(year) if year else None, None if year else published, _side(when, future)
        )
        return (*(pair or (None, None)), "day" if day else "month")
    if rule == "same":
        if year and published and found.get("period") == "اليوم":
            exact = published.replace(year=int(year))
            return exact, exact, "day"
        return None, None, "day" if found.get("period") in (None, "اليوم", "الليله") else "interval"
    if rule == "same-month":
        return None, None, "day"
    if rule in ("decade", "century"):
        return _decade(found, published)
    if rule == "feast":
        system, named, told_day = words("feast")[found["feast"] or ""].split()
        pair = _calendar(int(told_day), int(named), system, None, published, "")
        return (*(pair or (None, None)), "day")
    if rule == "between":
        return _between(found, published)
    if rule == "season":
        return _season(found, published)
    if rule == "league":
        return _league(found, published)
    if rule in ("year", "years", "bare-year"):
        begin = int(year or 0)
        if edge := {"نهايه": 12, "اواخر": 10}.get(found.get("edge") or ""):
            return date(begin, edge, 1), date(begin, 12, 31), "interval"
        if found.get("bound") == "منذ" and found.get("edge") in _BEGINNINGS:
            return date(begin, 1, 1), date(begin, 1, 31), "month"
        return (
            date(begin, 1, 1),
            date(int(found.get("until") or begin), 12, 31),
            "interval" if "until" in found else "year",
        )
    if published is None:
        return None, None, None
    if rule == "relative":
        exact = published + timedelta(days=int(words("relative")[found["relative"] or ""]))
        if found.get("weekday"):
            exact = _near_weekday(weekdays()[found["weekday"] or ""], exact, published)
        return exact, exact, "day"
    if rule == "nights":
        exact = _weekday(weekdays()[found["second"] or ""], published, None, future)
        return exact - timedelta(days=1), exact, "interval"
    if rule == "weekday":
        exact = _weekday(weekdays()[found["weekday"] or ""], published, when, future)
        return exact, exact, "day"
    if rule == "period":
        unit = {"الاسبوع": "week", "الشهر": "month"}.get(found["period"] or "", "year")
        step = {"past": -1, "next": 1}.get(_side(when, False), 0)
        begins, ends = _period(unit, step, published)
        if year:
            begins, ends = date(int(year), 1, 1), date(int(year), 12, 31)
        if unit == "week" and found.get("edge") in _BEGINNINGS:
            return begins, begins, "day"
        if unit == "week" and found.get("edge") == "نهايه":
            return ends - timedelta(days=1), ends, "interval"
        if unit == "year" and found.get("edge") in _BEGINNINGS and found.get("bound") == "منذ":
            return begins, begins.replace(day=31), "month"
        if found.get("day"):
            exact = begins.replace(day=_day_number(found["day"] or ""))
            return exact, exact, "day"
        return begins, ends, unit
    if rule == "days":
        firstday, second = (
            _weekday(weekdays()[found[k] or ""], published, when, future) for k in ("weekday", "second")
        )
        return firstday, second if second >= firstday else second + timedelta(days=7), "interval"
    if rule == "spans":
        return _spans(found, published)
    if rule == "rest":
        unit = {"الاسبوع": "week", "الشهر": "month"}.get(found["period"] or "", "year")
        last_day = _period(unit, 0, published)[1]
        if found["bound"] in ("حتي", "بحلول") and found["end"] in ("نهايه", "اخر"):
            return last_day, last_day, "day"
        return published, last_day, "interval"
    unit, _ = units()[found["unit"] or ""]
    told = found.get("count")
    if told is None and (found["unit"] or "") in words("plural"):
        return None, None, "interval"
    number = _amount(found)
    if unit in ("day", "week"):
        step_days = timedelta(days=number * (7 if unit == "week" else 1))
        if rule == "ago":
            return published - step_days, published - step_days, "day"
        if found.get("bound") == "بعد" and future:
            return published + step_days, published + step_days, "day"
        side = _side(when, False) if when else ""
        if side == "past" or (not side and not future and told and unit == "day" and found.get("bound") in _WITHIN):
            return published - step_days, published - timedelta(days=unit == "day"), "interval"
        return (published, published + step_days, "interval") if side == "next" else (None, None, "interval")
    if rule == "ago" and unit == "year" and found.get("half"):
        return (*_period("month", -12 * number - 6, published), "month")
    if rule == "ago" and unit == "year" and number == 1:
        return (*_period("month", -12, published), "month")
    if rule == "ago" and unit == "decade":
        return (*_period("year", -10 * number, published), "year")
    if rule == "ago":
        return (*_period(unit, -number, published), unit)
    return None, None, "interval"


def _between(found: dict[str, str | None], published: date | None) -> tuple[date | None, date | None, str | None]:
    """From a day to a day of the same or a later month."""
    year = int(found["year"] or 0) if found.get("year") else None
    month, system, _ = months()[found["month2"] or ""]
    side = _side(found["when"], False) if found.get("when") else ""
    last = _calendar(_day_number(found["day2"] or ""), month, system, year, published, side)
    if not found.get("month") and _day_number(found["day"] or "") >= _day_number(found["day2"] or ""):
        raise ValueError("days of one month in the wrong order")
    if last is None:
        return None, None, "interval"
    if found.get("month"):
        month, system, _ = months()[found["month"] or ""]
    first = _calendar(_day_number(found["day"] or ""), month, system, None, last[0], "past")
    return first[0] if first else None, last[1], "interval"


def _decade(found: dict[str, str | None], published: date | None) -> tuple[date | None, date | None, str | None]:
    """A century, the one of 1901 unless another is told, or a decade of it."""
    century = _day_number(found["century"] or "") if found.get("century") else 20
    if found.get("when"):
        if published is None:
            return None, None, "interval"
        century = (published.year - 1) // 100 + (found["when"] == "الحالي")
    if "decade" not in found:
        return date(100 * century - 99, 1, 1), date(100 * century, 12, 31), "interval"
    ten = (found["decade"] or "").removeprefix("ال").removesuffix("ات").removesuffix("ي")
    begin = 100 * (century - 1) + number_words()[ten][0]
    return date(begin, 1, 1), date(begin + 9, 12, 31), "decade"


def _league(found: dict[str, str | None], published: date | None) -> tuple[date | None, date | None, str | None]:
    """A season of sport, from summer to summer: the years that it lies in."""
    if not found.get("year") and published is None:
        return None, None, "interval"
    if found.get("year"):
        begin = int(found["year"] or 0)
    else:
        assert published is not None
        side = {"past": -1, "next": 1}.get(_side(found["when"], False), 0) if found.get("when") else 0
        begin = published.year - (published.month < 7) + side
    return date(begin, 1, 1), date(begin + 1, 12, 31), "interval"


def _season(found: dict[str, str | None], published: date | None) -> tuple[date | None, date | None, str | None]:
    """Three months; a winter is named after the year that it begins in."""
    if found.get("year"):
        year = int(found["year"] or 0)
    elif published is None:
        return None, None, "season"
    else:
        step = {"past": -1, "next": 1}.get(_side(found.get("when"), False), 0) if found.get("when") else 0
        year = published.year + step
    begin = date(year, _SEASONS[(found.get("season") or found.get("season2") or "").removeprefix("ال")], 1)
    return begin, _shift_months(begin, 3) - timedelta(days=1), "season"


def _spans(found: dict[str, str | None], published: date) -> tuple[date | None, date | None, str | None]:
    """The last or next so many days, weeks, months, years."""
    word = (found["spans"] or "").removeprefix("ال")
    unit, size = units()[word]
    told = found.get("counted")
    if told is None and size == 1:
        return None, None, "interval"
    number = size * (int(read_words([told.removeprefix("ال")])[0]) if told else 1)
    ahead = 1 if _side(found["when"], False) == "next" else -1
    if unit in ("day", "week"):
        far = published + ahead * timedelta(days=number * (7 if unit == "week" else 1))
        if unit == "day" and ahead < 0:
            return far, published - timedelta(days=1), "interval"
    elif unit == "month":
        index = published.year * 12 + published.month - 1 + ahead * number
        year, month = divmod(index, 12)
        far = date(year, month + 1, min(published.day, monthrange(year, month + 1)[1]))
    else:
        ends = (published.year, published.year + ahead * number * (10 if unit == "decade" else 1))
        return date(min(ends), 1, 1), date(max(ends), 12, 31), "interval"
    return min(published, far), max(published, far), "interval"


@functools.lru_cache(maxsize=1 << 14)
def _candidates(text: str) -> tuple[tuple[int, int, str, dict[str, str | None]], ...]:
    """Every match in words of the grammar: begin, end, rule, groups; the longest first."""
    matches = [
        (match.start("span") - match.end("span"), order, rule, match)
        for order, (rule, pattern) in enumerate(patterns())
        for match in pattern.finditer(text)
    ]
    matches.sort(key=lambda m: m[:2])
    return tuple((*m[3].span("span"), m[2], m[3].groupdict()) for m in matches)


def _runs(classes: Sequence[int]) -> list[tuple[int, int]]:
    """Stretches of words of the grammar around its core words; none overlaps another."""
    runs: list[tuple[int, int]] = []
    done = 0
    for at, kind in enumerate(classes):
        if kind != CORE or at < done:
            continue
        first = last = at
        while first > done and at - first < _WORDS and classes[first - 1] in (1, CORE):
            first -= 1
        while last + 1 < len(classes) and last - at < _WORDS and classes[last + 1] in (1, CORE):
            last += 1
        done = last + 1
        runs.append((first, done))
    return runs


def _is_none(tokens: Sequence[Token], first: int, after: int, rule: str) -> bool:
    """Whether what stands around words like a date shows that they are none: names, media, ages."""
    before = tokens[first - 1].norm if first else ""
    bare = before[1:] if before[:1] in ("و", "ف", "ب", "ل") else before
    if rule in ("day-month", "month", "month-year"):
        if after - first == 3 and [t.norm for t in tokens[after - 2 : after]] == ["-", "صفر"]:
            return True  # a result: three to nil
        return before in words("name") or bare in words("name")
    if rule == "relative" and after - first == 1 and tokens[first].norm == "اليوم":
        return before in words("medium") or (
            before == "في" and first > 1 and tokens[first - 2].norm in ("برميل", "ساعه")
        )
    if rule == "decade":
        return any(t.norm in words("age") for t in tokens[after : after + 2])
    if rule == "vague" and tokens[after - 1].norm in units():
        following = tokens[after].norm if after < len(tokens) else "."
        year = units()[tokens[after - 1].norm][0] == "year"
        near = {t.norm.removeprefix("و").removeprefix("ب") for t in tokens[max(0, first - 4) : first]}
        return bool(near & words("age").keys()) or (year and before in _NO_AGE_BEFORE and following in _NO_AGE_AFTER)
    return False


def _named_year(tokens: Sequence[Token], index: int) -> bool:
    """Whether a year stands after what happened in it, or after another year."""
    if index and tokens[index - 1].norm in ("و", "او") and index > 1:
        return tokens[index - 2].kind == "number" and WORD_CLASS[tokens[index - 2].norm] == CORE
    near = [t.norm.removeprefix("ب").removeprefix("ل") for t in tokens[max(0, index - 2) : index]]
    return bool(near) and (near[-1] in words("yearly") or (len(near) == 2 and near[0] in words("yearly")))


def _compared(tokens: Sequence[Token], index: int) -> bool:
    """Whether what is expected only measures something: `أكبر من المتوقع`."""
    return index > 1 and tokens[index - 1].norm == "من" and tokens[index - 2].norm in words("more")


def _after_since(tokens: Sequence[Token], after: int, rule: str, groups: dict[str, str | None]) -> str:
    """Unit of so much time after something, `بعد يوم من …`, which ends on the day that is told of; else ""."""
    if rule != "duration" or groups.get("bound") not in ("بعد", "عقب") or after >= len(tokens):
        return ""
    unit = groups["unit"] or ""
    if tokens[after].norm not in ("من", "علي") or (not groups.get("count") and unit in words("plural")):
        return ""
    return units()[unit][0]


def _lasts(tokens: Sequence[Token], index: int, rule: str) -> bool:
    """Whether what is told before `منذ شهر` goes on: `المستمر منذ شهر`."""
    return (
        rule == "ago"
        and tokens[index].norm == "منذ"
        and any(_LASTING.search(t.norm) for t in tokens[max(0, index - 2) : index])
    )


def _now(unit: str, groups: dict[str, str | None], published: date) -> tuple[date, date, str]:
    """The day, month or year that is told of; of weeks all that passed until then."""
    if unit == "day":
        return published, published, "day"
    if unit == "week":
        return published - timedelta(weeks=_amount(groups)), published, "interval"
    return (*_period("month" if unit == "month" else "year", 0, published), unit if unit == "month" else "year")


def _amount(groups: dict[str, str | None]) -> int:
    """How many of its unit a duration is long; 1 where no number is told."""
    told = groups.get("count")
    number = (int(told) if told.isdecimal() else int(read_words(told.split())[0])) if told else 1
    return number * units()[groups["unit"] or ""][1]


def _going_on(tokens: Sequence[Token], first: int, after: int) -> int:
    """How many days `تستمر ثلاثة أيام` tells of; 0 where nothing goes on, or not for days."""
    if not any(_GOING_ON.fullmatch(t.norm) for t in tokens[max(0, first - 4) : first]):
        return 0
    norms = [latin_digits(t.norm) for t in tokens[first:after]]
    for at, norm in enumerate(norms):
        word = norm if norm in units() else norm.removeprefix("ل")
        unit, size = units().get(word, ("", 0))
        if unit == "day":
            before = norms[at - 1].removeprefix("ل") if at else ""
            number = read_words([before])[0] if before else 1
            return size * int(number or 1)
    return 0


def _until_now(unit: str, months: int, about: bool, published: date, first: date) -> tuple[date, date]:
    """From so long ago to the publication: to the day, unless in years or only about so many months."""
    if unit == "month" and not about:
        back = _shift_months(published, -months)
        return back.replace(day=min(published.day, monthrange(back.year, back.month)[1])), published
    return first, published if unit in ("day", "week") else _period(unit, 0, published)[1]


def find_dates(tokens: Sequence[Token], published: date | None) -> tuple[DateSpan, ...]:
    """The date expressions of one sentence in text order; of overlapping ones the longest."""
    classes = [WORD_CLASS[token.norm] for token in tokens]
    if CORE not in classes:
        return ()
    verbs = [
        tokens[i].end
        for i, kind in (enumerate(classes) if FUTURE in classes else ())
        if kind == FUTURE and not _compared(tokens, i)
    ]
    passed = 0
    found: list[DateSpan] = []
    for first, after in _runs(classes):
        norms = [latin_digits(t.norm) for t in tokens[first:after]]
        starts: dict[int, tuple[int, int]] = {}
        ends: dict[int, int] = {}
        position = 0
        for index, norm in enumerate(norms, first):
            starts.update((position + i, (index, i)) for i in range(min(2, len(norm))))
            ends[position + len(norm)] = index
            position += len(norm) + 1
        taken: list[tuple[int, int]] = []
        for begin, end, rule, groups in _candidates(" ".join(norms)):
            if begin not in starts or end not in ends or any(begin < e and b < end for b, e in taken):
                continue
            index, inside = starts[begin]
            token = tokens[index]
            while passed < len(verbs) and verbs[passed] <= tokens[first].start:
                passed += 1
            future = passed > 0 and token.start - verbs[passed - 1] <= _REACH
            future = (future or tokens[index].norm in ("حتي", "بحلول")) and tokens[index].norm != "منذ"
            if rule == "bare-year" and not _named_year(tokens, index):
                continue
            if _is_none(tokens, index, ends[end] + 1, rule):
                taken.append((begin, end))
                continue
            try:
                day, last, precision = _value(rule, groups, published, future)
            except (ValueError, OverflowError):
                taken.append((begin, end))  # the rest of an impossible day is no date either
                continue
            if published and not future and (unit := _after_since(tokens, ends[end] + 1, rule, groups)):
                day, last, precision = _now(unit, groups, published)
                rule = "after"
            elif published and day and not groups.get("half") and _lasts(tokens, index, rule):
                about = tokens[index + 1].norm in words("about")
                day, last = _until_now(units()[groups["unit"] or ""][0], _amount(groups), about, published, day)
                precision = "interval"
            elif (
                published
                and day is None
                and rule in ("vague", "duration")
                and (going := _going_on(tokens, index, ends[end] + 1))
            ):
                day, last = published, published + timedelta(days=going - 1)
            taken.append((begin, end))
            start = token.start if not inside else max(token.host_start, token.start + inside)
            found.append(DateSpan(start, tokens[ends[end]].end, day, last, precision, rule))
    found.sort()
    return tuple(_same_days(found))


def _same_days(found: Sequence[DateSpan]) -> Iterator[DateSpan]:
    """The spans, where `اليوم نفسه` and `بعد يومين من …` take the day told before them in the sentence."""
    told: DateSpan | None = None
    for span in found:
        if told and span.precision == "day" and (span.rule == "after" or (span.rule == "same" and not span.first)):
            span = span._replace(first=told.first, last=told.last)
        elif span.precision == "day" and span.first and span.first == span.last:
            told = span
        yield span
