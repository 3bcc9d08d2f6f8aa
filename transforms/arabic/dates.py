"""Dates: expressions that fix or bound days, worked out from the day of publication; and timestamps of feeds.

Knows: the calendars and the grammar of dates in the press.  Does not know: clock times inside sentences.
The grammar is one list of patterns over the words' normal forms, joined by single blanks.
"""

import functools
import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from schemas.token import Token
from transforms.arabic import lexicon
from transforms.arabic.characters import normal_form
from transforms.arabic.numbers import latin_digits, number_words, read_words
from transforms.arabic.spans import DateSpan
from transforms.arabic.tokens import tokenize

_PAST: Final = "الماضي|الماضيه|المنصرم|المنصرمه|الفائت|الفائته|السابق|الاخير|الاخيره"
_NEXT: Final = "المقبل|المقبله|القادم|القادمه"
_THIS: Final = "الجاري|الجاريه|الحالي|الحاليه"
_PART: Final = "صباح|مساء|ظهر|بعد ظهر|فجر|عصر|ليل|ليله|عشيه|منتصف ليل"
_EDGE: Final = "اوائل|اواخر|مطلع|نهايه|بدايه|منتصف|وقت سابق من|في وقت لاحق من|الساعات الاولي من"
#: A day without a year is ahead where that is so near and the last such day so far back.
_NEAR: Final = timedelta(days=45)
#: A future verb reaches so many letters ahead.
_REACH: Final = 60
_UNITS: Final = {
    "يوم": ("day", 1), "ايام": ("day", 1), "يوما": ("day", 1), "يومين": ("day", 2), "يومان": ("day", 2),
    "اسبوع": ("week", 1), "اسابيع": ("week", 1), "اسبوعا": ("week", 1), "اسبوعين": ("week", 2), "اسبوعان": ("week", 2),
    "شهر": ("month", 1), "اشهر": ("month", 1), "شهور": ("month", 1), "شهرا": ("month", 1), "شهرين": ("month", 2),
    "عام": ("year", 1), "اعوام": ("year", 1), "عاما": ("year", 1), "عامين": ("year", 2), "سنه": ("year", 1),
    "سنوات": ("year", 1), "سنين": ("year", 1), "سنتين": ("year", 2), "عقد": ("decade", 1), "عقود": ("decade", 1),
    "عقدين": ("decade", 2),
}  # fmt: skip
_PLURALS: Final = frozenset(["ايام", "اسابيع", "اشهر", "شهور", "سنوات", "اعوام", "سنين", "عقود"])
_RELATIVE: Final = {
    "اول امس": -2, "امس الاول": -2, "اول من امس": -2, "امس": -1, "البارحه": -1, "اليوم": 0, "هذا المساء": 0, "هذا الصباح": 0, "الليله": 0, "غدا": 1,
    "الغد": 1, "بعد غد": 2, "يوم غد": 1,
}  # fmt: skip
_FUTURE = re.compile(r"(?<!\S)[وف]?س(?!يا|يطر|يد|ير|ين|ته |تين|تون)[يت]\w{2,}|(?<!\S)سوف(?!\S)")


@functools.cache
def _months() -> dict[str, tuple[int, str, bool]]:
    return {
        normal_form(r["name"]): (int(r["month"]), r["system"], bool(r["ambiguous"])) for r in lexicon.table("months")
    }


@functools.cache
def _weekdays() -> dict[str, int]:
    return {normal_form(r["name"]): int(r["weekday"]) for r in lexicon.table("weekdays")}


def _any(words: Sequence[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=lambda w: (-len(w), w)))


@functools.cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    months = _any(list(_months()))
    clear = _any([name for name, (_, _, ambiguous) in _months().items() if not ambiguous])
    weekday = _any(list(_weekdays()))
    ordinals = _any([word for word, (_, kind) in number_words().items() if kind == "ordinal"])
    counts = _any([word for word, (_, kind) in number_words().items() if kind in ("unit", "ten")])
    ordinal = f"(?:{ordinals})(?: عشر| وال(?:عشرين|ثلاثين))?|العشرين|الثلاثين"
    month = rf"(?:شهر )?(?P<month>{months})(?:(?: /)? (?:{months})| \( (?:{months}) \))?"
    year = r"(?: (?:من )?(?:عام |سنه |العام )?(?P<year>\d{4})(?!\S))?(?: (?:هجري|ميلادي|ه|م)(?!\S))?"
    when = rf"(?: (?:من العام )?(?P<when>{_PAST}|{_NEXT}|{_THIS}))?"
    pre = rf"(?:(?:منذ|قبل|بعد|خلال|حتي|طوال) )?(?:(?:{_EDGE}) )?(?:(?:{_PART}) )?"
    count = (
        rf"(?:(?P<count>\d+|(?:{counts})(?: (?:عشره?)| و(?:{counts}))?) )?(?P<unit>{_any(list(_UNITS))})(?: واحده?)?"
    )
    day = rf"(?:(?P<day>\d{{1,2}}|{ordinal})(?: من)? )"
    named = rf"(?:(?P<weekday>{weekday})(?: (?:الموافق|،|\())? )?"
    plurals = _any(list(_PLURALS))
    relative = _any(list(_RELATIVE))
    sources = (
        ("numeric", rf"{pre}(?:يوم )?{named}(?P<numeric>\d{{1,4}}[/.-]\d{{1,2}}[/.-]\d{{1,4}})"),
        ("day-month", rf"{pre}(?:(?:يوم|اليوم) )?{named}{day}{month}{year}{when}"),
        ("month-year", rf"{pre}{month}(?: (?:من )?(?:عام |سنه )?(?P<year>\d{{4}}))(?: (?:ه|م)(?!\S))?"),
        ("month", rf"(?:(?:منذ|خلال|قبل|بعد|حتي) )(?:شهر )?(?P<month>{months})(?: / (?:{months}))?{when}"),
        ("month", rf"{pre}شهر (?P<month>{months})(?:(?: /)? (?:{months}))?{when}"),
        ("month", rf"{pre}(?P<month>{months})(?:(?: /)? (?:{months}))? (?P<when>{_PAST}|{_NEXT}|{_THIS})"),
        ("month", rf"{pre}(?P<month>{clear})(?:(?: /)? (?:{months}))?"),
        ("relative", rf"{pre}(?:يوم )?(?P<relative>{relative})(?:(?: ,| ،| \()? (?P<weekday>{weekday}))?"),
        ("weekday", rf"{pre}(?:(?:يوم|نهار) )?(?P<weekday>{weekday}){when}"),
        ("period", rf"{pre}(?P<period>الاسبوع|الشهر|العام|السنه) (?P<when>{_PAST}|{_NEXT}|{_THIS})"),
        ("period", rf"{pre}(?P<when>هذا|هذه) (?P<period>الاسبوع|الشهر|العام|السنه)"),
        ("year", rf"{pre}(?:عام|العام|للعام|سنه) (?P<year>\d{{4}})"),
        ("year", r"(?:منذ|خلال|قبل|بعد|حتي) (?P<year>(?:19|20)\d{2})"),
        ("year", r"(?<=في )(?P<year>(?:19|20)\d{2})"),
        ("year", rf"(?:{_EDGE}) (?P<year>(?:19|20)\d{{2}})"),
        ("month", rf"(?<=في )(?!اب(?!\S))(?P<month>{months})(?:(?: /)? (?:{months}))?"),
        (
            "vague",
            rf"(?:(?:خلال|منذ|في غضون) )?(?:الايام|الاسابيع|الاشهر|الشهور|السنوات|الاعوام|العقود)(?: ال\w+)? (?:{_PAST}|{_NEXT})",
        ),
        ("vague", r"(?:(?:خلال|منذ|بعد|قبل|لمده|مده|في غضون) )?(?:24|36|48|72|96) ساعه"),
        ("vague", rf"(?:(?:منذ|قبل|بعد|خلال|في غضون) )?(?:{plurals}) (?:عده|طويله|قليله)"),
        ("period", rf"{pre}(?:(?:يوم|اليوم) )?{day}(?P<period>الشهر) (?P<when>{_PAST}|{_NEXT}|{_THIS})"),
        ("nights", rf"{pre}(?P<weekday>{weekday})(?: -)? (?P<second>{weekday})"),
        ("vague", rf"(?:(?:منذ|قبل|بعد|خلال|في غضون) )?(?:عده|بضعه|بضع) (?:{plurals})"),
        (
            "vague",
            rf"(?:لمده )?(?<!العمر )(?<!عمره )(?<!عمرها )(?<!\( )(?:نحو |حوالي )?(?:\d+|{counts}) (?:{plurals}|يوما|شهرا|عاما)",
        ),
        ("years", r"بين عامي (?P<year>\d{4}) و ?(?P<until>\d{4})"),
        ("ago", rf"(?:قبل|منذ) (?:نحو |حوالي |اكثر من )?{count}"),
        (
            "duration",
            rf"(?:خلال|بعد|عقب|لمده|في غضون|غضون) (?:(?:اكثر|اقل) من )?(?:ال)?{count}(?: (?P<when>{_PAST}|{_NEXT}))?",
        ),
    )
    return tuple((rule, re.compile(rf"(?<!\S)(?:[وفبل](?!\s))??(?P<span>{source})(?!\S)")) for rule, source in sources)


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
        choices = [c for y in (base - 1, base, base + 1) if (c := _calendar(day, month, system, y, None, ""))]
        if side == "next":
            return next((c for c in choices if c[1] >= published), None)
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
    return (exact, exact) if first <= exact <= last else None


def _side(when: str | None, future: bool) -> str:
    if when is None:
        return "next" if future else ""
    return "past" if when in _PAST.split("|") else "next" if when in _NEXT.split("|") else "this"


def _weekday(number: int, published: date, when: str | None, future: bool) -> date:
    back = (published.weekday() - number) % 7
    side = _side(when, future)
    if side == "next":
        return published + timedelta(days=(7 - back) if when or back else 0)
    return published - timedelta(days=back or (7 if side == "past" else 0))


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
    if rule == "numeric":
        exact = _numeric(found["numeric"] or "")
        return exact, exact, "day"
    if rule == "vague":
        return None, None, "interval"
    if rule in ("day-month", "month-year", "month"):
        month, system, _ = _months()[found["month"] or ""]
        day = _day_number(found["day"] or "") if found.get("day") else None
        pair = _calendar(day, month, system, int(year) if year else None, published, _side(when, future))
        return (*(pair or (None, None)), "day" if day else "month")
    if rule in ("year", "years"):
        begin = int(year or 0)
        return (
            date(begin, 1, 1),
            date(int(found.get("until") or begin), 12, 31),
            "interval" if "until" in found else "year",
        )
    if published is None:
        return None, None, None
    if rule == "relative":
        exact = published + timedelta(days=_RELATIVE[found["relative"] or ""])
        if found.get("weekday"):
            ahead = exact > published
            exact = _weekday(_weekdays()[found["weekday"] or ""], published, None, ahead)
        return exact, exact, "day"
    if rule == "nights":
        exact = _weekday(_weekdays()[found["second"] or ""], published, None, future)
        return exact - timedelta(days=1), exact, "interval"
    if rule == "weekday":
        exact = _weekday(_weekdays()[found["weekday"] or ""], published, when, future)
        return exact, exact, "day"
    if rule == "period":
        unit = {"الاسبوع": "week", "الشهر": "month"}.get(found["period"] or "", "year")
        step = {"past": -1, "next": 1}.get(_side(when, False), 0)
        begins, ends = _period(unit, step, published)
        if found.get("day"):
            exact = begins.replace(day=_day_number(found["day"] or ""))
            return exact, exact, "day"
        return begins, ends, unit
    unit, size = _UNITS[found["unit"] or ""]
    told = found.get("count")
    if told is None and (found["unit"] or "") in _PLURALS:
        return None, None, "interval"
    number = size * (int(told) if told and told.isdecimal() else int(read_words(told.split())[0]) if told else 1)
    if unit in ("day", "week"):
        step_days = timedelta(days=number * (7 if unit == "week" else 1))
        if rule == "ago":
            return published - step_days, published - step_days, "day"
        side = _side(when, False)
        if side == "past":
            return published - step_days, published, "interval"
        return (published, published + step_days, "interval") if side == "next" else (None, None, "interval")
    if rule == "ago" and unit == "year" and number == 1:
        return (*_period("month", -12, published), "month")
    if rule == "ago" and unit != "decade":
        return (*_period(unit, -number, published), unit)
    return None, None, "interval"


def find_dates(tokens: Sequence[Token], published: date | None) -> tuple[DateSpan, ...]:
    """The date expressions of one sentence in text order; of overlapping ones the longest."""
    norms = [latin_digits(t.norm) for t in tokens]
    text = " ".join(norms)
    starts = {}
    ends = {}
    position = 0
    for index, norm in enumerate(norms):
        starts.update({position + i: (index, i) for i in range(len(norm))})
        ends[position + len(norm)] = index
        position += len(norm) + 1
    verbs = [m.end() for m in _FUTURE.finditer(text)]
    matches = [
        (order, rule, match)
        for order, (rule, pattern) in enumerate(_patterns())
        for match in pattern.finditer(text)
        if match.end("span") in ends and match.start("span") in starts
    ]
    matches.sort(key=lambda m: (m[2].start("span") - m[2].end("span"), m[0]))
    taken: list[tuple[int, int]] = []
    found = []
    for _, rule, match in matches:
        begin, end = match.span("span")
        if any(begin < e and b < end for b, e in taken):
            continue
        future = any(0 < begin - verb <= _REACH for verb in verbs)
        try:
            first, last, precision = _value(rule, match.groupdict(), published, future)
        except (ValueError, OverflowError):
            continue
        taken.append((begin, end))
        index, inside = starts[begin]
        token = tokens[index]
        start = token.start if not inside else max(token.host_start, token.start + inside)
        found.append(DateSpan(start, tokens[ends[end]].end, first, last, precision, rule))
    return tuple(sorted(found))


_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?\s*(ص|م|صباحا|مساء|AM|PM)?", re.IGNORECASE)


def read_timestamp(text: str) -> tuple[datetime, int | None, str] | None:
    """Moment in UTC, offset in minutes as told (None: not told, read as UTC) and rule; None where it is no timestamp."""
    text = latin_digits(text.strip())
    for rule, read in (("rfc3339", datetime.fromisoformat), ("rfc2822", parsedate_to_datetime)):
        try:
            moment = read(text)
            offset = moment.utcoffset()
            if offset is None:
                return moment.replace(tzinfo=UTC), None, rule
            return moment.astimezone(UTC), int(offset.total_seconds() // 60), rule
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    spans = [s for s in find_dates(tokenize(text), None) if s.precision == "day" and s.first]
    if len(spans) != 1 or spans[0].first is None:
        return None
    day = spans[0].first
    hour = minute = second = 0
    if clock := _CLOCK.search(text):
        hour, minute, second = int(clock[1]), int(clock[2]), int(clock[3] or 0)
        half = (clock[4] or "").lower()
        if half in ("م", "مساء", "pm") and hour < 12:
            hour += 12
        elif half in ("ص", "صباحا", "am") and hour == 12:
            hour = 0
    try:
        return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=UTC), None, "arabic"
    except ValueError:
        return None
