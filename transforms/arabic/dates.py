"""Dates: expressions that fix or bound days, worked out from the day of publication.

Knows: where expressions stand, and what around them makes them mean something else or nothing.  Does not know: clock
times inside sentences.  The grammar stands in `dategrammar` and `datepatterns`, what a match means in `datevalues`.
"""

import functools
import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from operator import itemgetter
from typing import Final, NamedTuple

from schemas.token import Token
from transforms.arabic.calendars import period, shift_months
from transforms.arabic.dategrammar import CORE, FUTURE, WORD_CLASS, kinds, units, words
from transforms.arabic.datepatterns import patterns
from transforms.arabic.datevalues import Groups, Value, amount, same_day, value, years_until
from transforms.arabic.numberwords import latin_digits, read_words
from transforms.arabic.spans import DateSpan

#: A future verb reaches so many letters ahead.
_REACH: Final = 60
#: So many words of the grammar before and after a core word make one expression at most.
_WORDS: Final = 14
_NO_AGE_BEFORE: Final = frozenset(["،", ",", "("])
_NO_AGE_AFTER: Final = frozenset(["،", ",", ")", "."])
_norm_of: Final = itemgetter(4)
_LASTING: Final = re.compile("ستمر|تواصل")
_GOING_ON: Final = re.compile("[وف]?س?[يت](?:ستمر|تواصل|متد)")


class _Run(NamedTuple):
    """Words of the grammar that stand together: first token, the token after them, text of normal forms."""

    first: int
    after: int
    text: str


class _Match(NamedTuple):
    """What a rule matches in a run: its first word, the letters of it that go before (a clitic), the word after it."""

    first: int
    inside: int
    after: int
    rule: str
    groups: Groups


@functools.lru_cache(maxsize=1 << 15)
def _candidates(text: str) -> tuple[_Match, ...]:
    """The matches of whole words in words of the grammar, the longest first, of matches as long that of the earlier rule;
    without those that overlap one before them, but for a bare year, which context may forbid.
    """
    matches = [
        (match.start("span") - match.end("span"), order, rule, match)
        for order, rule, pattern in patterns(kinds(text))
        for match in pattern.finditer(text)
    ]
    matches.sort(key=lambda m: m[:2])
    starts, ends = _edges(text)
    found: list[_Match] = []
    for _, _, rule, match in matches:
        begin, end = match.span("span")
        if begin not in starts or end not in ends:
            continue
        (first, inside), after = starts[begin], ends[end]
        if not any(first < m.after and m.first < after and m.rule != "bare-year" for m in found):
            found.append(_Match(first, inside, after, rule, match.groupdict()))
    return tuple(found)


def _edges(text: str) -> tuple[dict[int, tuple[int, int]], dict[int, int]]:
    """Where an expression may begin in a text, with the word and the letters of it that go before; and where it may end,
    with the word after it.
    """
    starts: dict[int, tuple[int, int]] = {}
    ends: dict[int, int] = {}
    position = 0
    for index, norm in enumerate(text.split(" ")):
        starts[position] = index, 0
        if len(norm) > 1:
            starts[position + 1] = index, 1
        position += len(norm)
        ends[position] = index + 1
        position += 1
    return starts, ends


def _runs(norms: Sequence[str], classes: Sequence[int]) -> Iterator[_Run]:
    """Stretches of words of the grammar around its core words; none overlaps another."""
    done = 0
    for at in [at for at, kind in enumerate(classes) if kind == CORE]:
        if at < done:
            continue
        first = last = at
        while first > done and at - first < _WORDS and classes[first - 1] in (1, CORE):
            first -= 1
        while last + 1 < len(classes) and last - at < _WORDS and classes[last + 1] in (1, CORE):
            last += 1
        done = last + 1
        yield _Run(first, done, latin_digits(" ".join(norms[first:done])))


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


def _next_before(tokens: Sequence[Token], index: int) -> bool:
    """Whether what comes is told just before a month: `العام الدراسي المقبل في أيلول`."""
    return any(token.norm in words("next") for token in tokens[max(0, index - 2) : index])


def _after_since(tokens: Sequence[Token], after: int, rule: str, groups: Groups) -> str:
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


def _now(unit: str, groups: Groups, published: date) -> tuple[date, date, str]:
    """The day, month or year that is told of; of weeks all that passed until then."""
    if unit == "day":
        return published, published, "day"
    if unit == "week":
        return published - timedelta(weeks=amount(groups)), published, "interval"
    return (*period("month" if unit == "month" else "year", 0, published), unit if unit == "month" else "year")


def _years_of(tokens: Sequence[Token], first: int, after: int) -> int:
    """How many years `خمسة أعوام من الحرب`, `الأدنى في 17 عاما` or `مرور ستين عاما` tell of, which end now; else 0."""
    *number, unit = [latin_digits(t.norm) for t in tokens[first:after]]
    if units().get(unit, ("", 0))[0] != "year" or not number:
        return 0
    norms = [t.norm for t in tokens[max(0, first - 6) : first]]
    of = after + 1 < len(tokens) and tokens[after].norm == "من" and tokens[after + 1].definite
    most = norms[-1:] == ["في"] and not words("most").keys().isdisjoint(norms)
    if not (of or most or norms[-1:] in (["مرور"], ["بمرور"])) or any("سجن" in norm for norm in norms):
        return 0
    return int(number[-1]) if number[-1].isdecimal() else int(read_words(number)[0])


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
        return same_day(shift_months(published, -months), published), published
    return first, published if unit in ("day", "week") else period(unit, 0, published)[1]


def find_dates(tokens: Sequence[Token], published: date | None) -> tuple[DateSpan, ...]:
    """The date expressions of one sentence in text order; of overlapping ones the longest."""
    norms = list(map(_norm_of, tokens))
    classes = list(map(WORD_CLASS.__getitem__, norms))
    if CORE not in classes:
        return ()
    verbs = [
        tokens[i].end
        for i, kind in (enumerate(classes) if FUTURE in classes else ())
        if kind == FUTURE and not _compared(tokens, i)
    ]
    passed = 0
    found: list[DateSpan] = []
    for run in _runs(norms, classes):
        matches = _candidates(run.text)
        if not matches:
            continue
        while passed < len(verbs) and verbs[passed] <= tokens[run.first].start:
            passed += 1
        found += _dates_in(tokens, run, matches, verbs[passed - 1] if passed else None, published)
    found.sort()
    return tuple(_same_days(found))


def _dates_in(
    tokens: Sequence[Token], run: _Run, matches: Sequence[_Match], verb: int | None, published: date | None
) -> Iterator[DateSpan]:
    """The dates in a run; `verb` is where the last future verb before it ends."""
    taken: list[tuple[int, int]] = []
    for first, inside, last, rule, groups in matches:
        index, after = run.first + first, run.first + last
        if any(index < e and b < after for b, e in taken) or (rule == "bare-year" and not _named_year(tokens, index)):
            continue
        token = tokens[index]
        taken.append((index, after))
        if _is_none(tokens, index, after, rule):
            continue
        future = verb is not None and token.start - verb <= _REACH
        future = (future or token.norm in ("حتي", "بحلول")) and token.norm != "منذ"
        future = future or (rule in ("day-month", "month") and _next_before(tokens, index))
        try:
            days = value(rule, groups, published, future)
        except (ValueError, OverflowError):
            continue  # nor is the rest of an impossible day a date
        if published and not future and (unit := _after_since(tokens, after, rule, groups)):
            days, rule = _now(unit, groups, published), "after"
        elif published:
            days = _around(tokens, index, after, rule, groups, days, published)
        start = token.start if not inside else max(token.host_start, token.start + inside)
        yield DateSpan(start, tokens[after - 1].end, *days, rule)


def _around(
    tokens: Sequence[Token], index: int, after: int, rule: str, groups: Groups, days: Value, published: date
) -> Value:
    """What the words before an expression make of it: a stretch of time that goes on."""
    first, _, precision = days
    if first and not groups.get("half") and _lasts(tokens, index, rule):
        about = tokens[index + 1].norm in words("about")
        return *_until_now(units()[groups["unit"] or ""][0], amount(groups), about, published, first), "interval"
    if first is None and rule == "vague" and (years := _years_of(tokens, index, after)):
        return *years_until(published, years), precision
    if first is None and rule in ("vague", "duration") and (going := _going_on(tokens, index, after)):
        return published, published + timedelta(days=going - 1), precision
    return days


def _same_days(found: Sequence[DateSpan]) -> Iterator[DateSpan]:
    """The spans, where `اليوم نفسه` and `بعد يومين من …` take the day told before them in the sentence."""
    told: DateSpan | None = None
    for span in found:
        if told and span.precision == "day" and (span.rule == "after" or (span.rule == "same" and not span.first)):
            span = span._replace(first=told.first, last=told.last)
        elif span.precision == "day" and span.first and span.first == span.last:
            told = span
        yield span
