"""The patterns of dates: regular expressions over words in normal form, joined by single blanks.

Knows: how the words of `dategrammar` follow one another.  Does not know: what a match means (`datevalues`).
"""

import functools
import re
from collections.abc import Sequence
from typing import Final

from transforms.arabic.dategrammar import (
    CENTURY,
    DECADE,
    FEAST,
    HOURS,
    LEAGUE,
    MONTH,
    PERIOD,
    RELATIVE,
    SEASON,
    SPANS,
    UNIT,
    WEEKDAY,
    YEAR,
    decades,
    months,
    units,
    weekdays,
    words,
)
from transforms.arabic.numberwords import number_words

#: Of every kind of expression the rule, the kind of word that it cannot do without, and the pattern with the names of
#: `_pieces` in braces.  Of matches as long the earlier one wins.
_SOURCES: Final = (
    ("between", MONTH, r"(?:خلال )?(?:(?:الفتره )?(?:الواقعه )?(?:ما )?بين) {number}(?: {month})? و ?{until}"),
    ("between", MONTH, r"(?:خلال )?(?:الفتره )?من {number}(?: {month})? (?:الي|حتي) {until}"),
    (
        "same",
        PERIOD,
        r"(?:(?:الي )?(?:مثل|نفس|ذات) (?:هذا )?|ذلك |تلك |(?:منذ )ذلك )(?P<period>اليوم|الليله|الاسبوع|الشهر|العام|الحين)(?: من (?:ال)?عام (?P<year>\d{{4}}))?",
    ),
    ("same", PERIOD, r"(?:اليوم|الاسبوع|الشهر|العام) (?:{same})|اليوم (?:{ordinals})"),
    ("same-month", PERIOD, r"\d{{1,2}} من (?:نفس|ذات) الشهر"),
    ("days", WEEKDAY, r"(?:يومي |ايام )(?P<weekday>{weekday}) و ?(?P<second>{weekday})(?: (?P<when>{every}))?"),
    (
        "days",
        WEEKDAY,
        r"(?:يومي |ايام )?من (?:يوم )?(?P<weekday>{weekday}) (?:الي|حتي|وحتي) (?:يوم )?(?P<second>{weekday})(?: (?P<when>{every}))?",
    ),
    ("spans", SPANS, r"(?:(?:{bound}) )?(?P<spans>{spans})(?: (?P<counted>{counted}))? (?P<when>{past}|{ahead})"),
    ("season", SEASON, r"(?:(?:{bound}) )?(?:(?:{edge}) )?(?P<season>{seasons})(?: عام)? (?P<year>\d{{4}})"),
    (
        "season",
        SEASON,
        r"(?:هذا )(?P<season>{seasons})|(?:(?:{bound}) )?(?:(?:{edge}) )?(?:فصل )?(?P<season2>{seasons}) (?:من )?(?:العام |السنه )?(?P<when>{every})",
    ),
    (
        "rest",
        PERIOD,
        r"(?P<bound>قبل|بحلول|حتي|مع|منذ) (?P<end>نهايه|اخر|اواخر|منتصف) (?P<period>الاسبوع|الشهر|العام|السنه)(?: (?P<when>{every}))?",
    ),
    ("numeric", YEAR, r"{pre}(?:يوم )?{named}(?P<numeric>\d{{1,4}}[/.-]\d{{1,2}}[/.-]\d{{1,4}})(?: (?:ه|م)(?!\S))?"),
    ("day-month", MONTH, r"{pre}(?:(?:يوم|اليوم|امس|غدا) )?{named}{day}{month}{year}{when}"),
    (
        "month-year",
        MONTH,
        r"{pre}{month}(?: (?:من |/ )?(?:عام |سنه |العام |لعام )?(?P<year>\d{{4}}))(?: (?:ه|م)(?!\S))?",
    ),
    ("month", MONTH, r"(?:(?:{bound}) )(?:شهر )?(?P<month>{months_in})(?: / (?:{months_in}))?{when}"),
    ("month", MONTH, r"{pre}شهر (?P<month>{months_in})(?:(?: /)? (?:{months_in}))?(?: المبارك)?{when}"),
    (
        "month",
        MONTH,
        r"{pre}(?P<month>{months_in})(?:(?: /)? (?:{months_in}))? (?:من (?:العام|السنه) )?(?P<when>{every})",
    ),
    ("month", MONTH, r"{pre}(?P<month>{clear})(?:(?: /)? (?:{months_in}))?"),
    ("relative", RELATIVE, r"{pre}(?:يوم )?(?P<relative>{relative})(?:(?: ,| ،| \()? (?P<weekday>{weekday}))?"),
    (
        "weekday",
        WEEKDAY,
        r"{pre}(?:(?:يوم|نهار) )?(?P<weekday>{weekday})(?: (?:صباحا|مساء|ظهرا|فجرا|ليلا))?{when}",
    ),
    (
        "period",
        PERIOD,
        r"{edged}ل?(?P<period>الاسبوع|الشهر|العام|السنه|لعام) (?P<when>{every})(?: (?P<year>\d{{4}}))?",
    ),
    ("period", PERIOD, r"{edged}(?P<when>هذا|هذه) (?P<period>الاسبوع|الشهر|العام|السنه)"),
    ("period", PERIOD, r"(?P<bound>منذ) (?P<edge>بدايه|مطلع) (?P<period>الاسبوع|الشهر|العام|السنه)"),
    (
        "year",
        YEAR,
        r"{edged}(?:عام|العام|للعام|لعام|سنه|السنه) (?:(?:الهجري|الهجريه|الميلادي) )?(?P<year>\d{{4}})(?: (?:{this}))?(?: (?:هجريه?|ميلاديه?|ه|م)(?!\S))?",
    ),
    ("quarter", YEAR, r"{quarter} (?:(?:من )?(?:العام|عام|السنه|سنه) |من |للعام |لعام )?(?P<year>(?:19|20)\d{{2}})"),
    ("quarter", PERIOD, r"{quarter} (?:من |ل)?(?:العام|السنه|هذا العام|هذه السنه)(?: (?P<when>{every}))?"),
    (
        "decade",
        DECADE,
        r"(?:(?:{bound}) )?(?:(?:{edge}) )?(?P<decade>{decades})(?: (?:من )?القرن (?:الماضي|(?P<century>{ordinal})))?",
    ),
    (
        "century",
        CENTURY,
        r"(?:(?:{bound}) )?(?:(?:{edge}) )?(?:{centuries}) (?P<century>{ordinal})(?: الميلادي| م)?",
    ),
    ("century", CENTURY, r"(?:(?:{bound}) )?(?:(?:{edge}) )?القرن (?P<when>الماضي|الحالي)"),
    (
        "feast",
        FEAST,
        r"(?:(?:{bound}) )?(?:عطله |اجازه |ايام |اول ايام |(?P<eve>عشيه |ليله ))?(?P<feast>{feasts})(?: المبارك)?(?: (?P<when>{every}))?",
    ),
    ("year", YEAR, r"(?:{bound}) (?P<year>(?:19|20)\d{{2}})"),
    ("year", YEAR, r"(?<=في )(?P<year>(?:19|20)\d{{2}})"),
    ("year", YEAR, r"(?P<edge>{edge}) (?:عام )?(?P<year>(?:19|20)\d{{2}})"),
    ("month", MONTH, r"(?<=في )(?!اب(?!\S))(?P<month>{months_in})(?:(?: /)? (?:{months_in}))?"),
    (
        "vague",
        SPANS,
        r"(?:(?:{bound}) )?(?:{spans})(?: ال\w+)? (?:{past}|{ahead})",
    ),
    (
        "vague",
        HOURS,
        r"(?:(?:{bound}|لمده|مده) )?(?:ال ?)?(?P<many>24|36|48|72|96|الاربع والعشرين|اربع وعشرين|الثماني والاربعين) ساعه(?: (?P<hours>{past}|{ahead}))?",
    ),
    (
        "vague",
        HOURS,
        r"(?:(?:{bound}) )?الساعات (?:ال ?)?(?P<many>\d+|الاربع والعشرين|الثماني والاربعين|{counted}) (?P<hours>{past}|{ahead})",
    ),
    ("vague", UNIT, r"(?:(?:{bound}) )?(?:{plurals}) (?:{many})"),
    ("period", PERIOD, r"{pre}(?:(?:يوم|اليوم) )?{day}(?P<period>الشهر) (?P<when>{every})"),
    ("nights", WEEKDAY, r"{pre}(?P<weekday>{weekday})(?: -)? (?P<second>{weekday})"),
    ("nights", WEEKDAY, r"(?:ليله?|مساء) (?:امس )?(?P<weekday>{weekday}) (?:الي|علي) (?P<second>{weekday})"),
    ("vague", UNIT, r"(?:(?:{bound}) )?(?:{some}) (?:{plurals})"),
    (
        "vague",
        UNIT,
        r"(?:لمده )?(?<!العمر )(?<!عمره )(?<!عمرها )(?<!\( )(?:نحو |حوالي )?(?:\d+|{counts}) (?:{plurals}|يوما|شهرا|عاما)",
    ),
    ("vague", UNIT, r"ل(?:{units_many})(?: واحد)?(?: اخر)?"),
    ("bare-year", YEAR, r"(?P<year>(?:19|20)\d{{2}})"),
    (
        "years",
        YEAR,
        r"(?:منذ |من )(?:عام |العام |سنه )?(?P<year>(?:19|20)\d{{2}}) (?:الي|حتي|وحتي) (?:عام |العام |سنه )?(?P<until>(?:19|20)\d{{2}})",
    ),
    (
        "years",
        YEAR,
        r"(?:خلال )?(?:الفتره|الاعوام|السنوات|العامين|عامي|اعوام|سنوات) (?P<year>(?:19|20)\d{{2}})[-/](?P<until>(?:19|20)\d{{2}})",
    ),
    ("years", YEAR, r"(?:خلال |منذ )?(?:ل?عامي|سنتي|العامين) (?P<year>\d{{4}}) ?(?:و|-|/) ?(?P<until>\d{{4}})"),
    ("league", LEAGUE, r"(?:(?:{bound}) )?(?:هذا الموسم|الموسم (?P<when>{every}))"),
    ("league", LEAGUE, r"(?:موسم )(?P<year>\d{{4}})[/-](?P<until>\d{{4}})"),
    ("years", YEAR, r"(?:ما )?بين (?:(?:عامي|العامين) )?(?P<year>\d{{4}}) و ?(?P<until>\d{{4}})"),
    (
        "between",
        MONTH,
        r"{pre}(?:(?:يومي|ايام|يوم) )?(?P<day>\d{{1,2}}|{ordinal})(?: و ?\d{{1,2}}| ?[،,] ?\d{{1,2}})*(?: و ?| ?- ?)(?P<day2>\d{{1,2}}|{ordinal})(?: من)? (?:شهر )?(?P<month2>{months_in})(?:(?: /)? (?:{months_in}))?{year}{when}",
    ),
    ("ago", UNIT, r"(?:قبل|منذ) (?:(?:{about}) )?{count}"),
    (
        "duration",
        UNIT,
        r"(?P<bound>{bound}|لمده) (?:(?:{about}) ){{0,2}}(?:ال)?{count}(?: (?P<when>{past}|{ahead}))?",
    ),
)


def _any(words: Sequence[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=lambda w: (-len(w), w)))


def _pieces() -> dict[str, str]:
    """What the patterns are made of, by name."""
    past, ahead, this = (_any(list(words(kind))) for kind in ("past", "next", "this"))
    part, edge, bound, about = (_any(list(words(kind))) for kind in ("part", "edge", "bound", "about"))
    every = f"{past}|{ahead}|{this}"
    seasons = _any(list(words("season")))
    spans = _any(list(words("spans")))
    months_in = _any(list(months()))
    clear = _any([name for name, (_, _, ambiguous) in months().items() if not ambiguous])
    weekday = _any(list(weekdays()))
    ordinals = _any([word for word, (_, kind) in number_words().items() if kind == "ordinal"])
    counts = _any([word for word, (_, kind) in number_words().items() if kind in ("unit", "ten")])
    ordinal = f"(?:{ordinals})(?: عشر| وال(?:عشرين|ثلاثين))?|العشرين|الثلاثين"
    constructs = _any([word for word, (_, kind) in number_words().items() if kind == "ordinal-c"])
    month = rf"(?:شهر )?(?P<month>{months_in})(?:(?: /)? (?:{months_in})| \( (?:{months_in}) \))?(?: المبارك)?"
    year = r"(?: (?:من |/ |- )?(?:عام |لعام |سنه |العام )?(?P<year>\d{4})(?!\S))?(?: (?:هجري|ميلادي|ه|م)(?!\S))?"
    when = rf"(?: (?:من العام )?(?P<when>{every}))?"
    pre = rf"(?:(?:{bound}) )?(?:(?:{edge}) )?(?:(?:{part}) )?"
    count = rf"(?:(?P<count>\d+|(?:{counts})(?: (?:عشره?)| و(?:{counts}))?) )?(?P<unit>{_any(list(units()))})(?: (?:واحده?|كامله?|اخر))?(?P<half> ونصف| و نصف)?"
    day = rf"(?:(?P<day>\d{{1,2}}|{ordinal}|{constructs})(?: من| -| /)? )"
    named = rf"(?:(?P<weekday>{weekday})(?: (?P<near>{every}))?(?: (?:الموافق(?: ل)?|،|,|\(|-))? )?"
    plurals = _any(list(words("plural")))
    relative = _any(list(words("relative")))
    many, some = _any(list(words("many"))), _any(list(words("some")))
    number = rf"(?P<day>\d{{1,2}}|{ordinal})(?: من)?"
    counted = _any(["ال" + word for word, (_, kind) in number_words().items() if kind == "unit"])
    until = rf"(?P<day2>\d{{1,2}}|{ordinal})(?: من)? (?:شهر )?(?P<month2>{months_in})(?:(?: /)? (?:{months_in}))?(?: (?:من )?(?:عام )?(?P<year>\d{{4}}))?{when}"
    units_many = _any([w for w, (_, n) in units().items() if n == 2 or w in words("plural")] + ["يوم واحد"])
    quarter = rf"(?:(?:{bound}) )?الربع (?P<part>الاول|الثاني|الثالث|الرابع|الاخير)"
    edged = rf"(?:(?P<bound>{bound}) )?(?:(?P<edge>{edge}) )?(?:(?:{part}) )?"
    centuries = _any(list(words("century")))
    same, feasts, tens = _any(list(words("same"))), _any(list(words("feast"))), _any(list(decades()))
    return {
        "about": about,
        "ahead": ahead,
        "bound": bound,
        "centuries": centuries,
        "clear": clear,
        "count": count,
        "counted": counted,
        "counts": counts,
        "day": day,
        "decades": tens,
        "edge": edge,
        "edged": edged,
        "every": every,
        "feasts": feasts,
        "many": many,
        "month": month,
        "months_in": months_in,
        "named": named,
        "number": number,
        "ordinal": ordinal,
        "ordinals": ordinals,
        "past": past,
        "plurals": plurals,
        "quarter": quarter,
        "pre": pre,
        "relative": relative,
        "same": same,
        "seasons": seasons,
        "some": some,
        "spans": spans,
        "this": this,
        "units_many": units_many,
        "until": until,
        "weekday": weekday,
        "when": when,
        "year": year,
    }


@functools.cache
def _all_patterns() -> tuple[tuple[str, int, re.Pattern[str]], ...]:
    pieces = _pieces()
    return tuple(
        (rule, need, re.compile(rf"(?<!\S)(?:[وفبل](?!\s))??(?P<span>{source.format_map(pieces)})(?!\S)"))
        for rule, need, source in _SOURCES
    )


@functools.cache
def patterns(kinds: int) -> tuple[tuple[int, str, re.Pattern[str]], ...]:
    """Order, rule and pattern of the expressions that words of such kinds can make; of matches as long the first wins."""
    return tuple((order, rule, pattern) for order, (rule, need, pattern) in enumerate(_all_patterns()) if need & kinds)
