"""The grammar of dates: patterns over words in normal form, joined by single blanks, and which words they are made of.

Knows: the words of `data/date_words.tsv`, months, weekdays, number words.  Does not know: what a match means.
"""

import functools
import re
from collections.abc import Sequence

from transforms.arabic import lexicon
from transforms.arabic.characters import normal_form
from transforms.arabic.numberwords import latin_digits, number_words

#: What `word_class` answers.
NOTHING, PART, CORE, FUTURE = 0, 1, 2, 3
#: Kinds of words that expressions are made around, in bits.
MONTH, WEEKDAY, PERIOD, SPANS, SEASON, YEAR, RELATIVE, DECADE, CENTURY, FEAST, HOURS, UNIT, LEAGUE = (
    1 << bit for bit in range(13)
)
#: A future verb: س before يـ or تـ, but not the nouns and verbs that begin so.
_FUTURE = re.compile(r"[وف]?س(?!يا|يطر|يد|ير|ين|ته|تين|تون)[يت]\w{2,}|[وف]?سن[بحخذرصعفقك]\w{2,}|[وف]?سوف")
_YEAR = re.compile(r"\d{4}[/-]\d{4}|(?:19|20)\d\d|\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}")


@functools.cache
def words(kind: str) -> dict[str, str]:
    """The words of a kind in normal form, with their value."""
    return {normal_form(r["word"]): r["value"] for r in lexicon.table("date_words") if r["kind"] == kind}


@functools.cache
def units() -> dict[str, tuple[str, int]]:
    """Unit of time and how many of it, by word in normal form."""
    kinds = ("day", "week", "month", "year", "decade")
    return {word: (kind, int(value)) for kind in kinds for word, value in words(kind).items()}


@functools.cache
def decades() -> frozenset[str]:
    """Names of decades: `السبعينيات`, `تسعينات`."""
    tens = [word for word, (_, kind) in number_words().items() if kind == "ten" and word.endswith("ين")]
    return frozenset(f"{article}{ten}{ending}" for article in ("", "ال") for ten in tens for ending in ("ات", "يات"))


@functools.cache
def _vocabulary() -> tuple[frozenset[str], frozenset[str]]:
    """All words of the grammar, and those one of which every expression has."""
    core = decades() | {phrase.split()[0] for phrase in words("feast")} | set(words("century"))
    core |= {w for name in months() for w in name.split() if w not in ("اول", "ثاني")} | set(weekdays()) | set(units())
    core |= {w for phrase in words("relative") for w in phrase.split()} | set(words("period")) | set(words("season"))
    core |= {"ساعه", "الايام", "الاسابيع", "الاشهر", "الشهور", "السنوات", "الاعوام", "العقود", "اليومين", "الاسبوعين"}
    core |= {"الشهرين", "العامين", "السنتين", "يومي", "ايام", "الموسم", "موسم", "للعام", "الحين", "القرن"}
    core -= {"اول", "هذا", "من", "بعد", "ربيع", "ذو", "ذي"} - {"ربيع", "ذو", "ذي"}
    part = {
        w
        for r in lexicon.table("date_words")
        for w in normal_form(r["word"]).split()
        if r["kind"] not in ("age", "name", "medium", "future", "yearly", "more", "most")
    }
    part |= {w for w, (_, kind) in number_words().items() if kind in ("unit", "ten", "ordinal", "ordinal-c")}
    part |= {"ال" + w for w, (_, kind) in number_words().items() if kind in ("unit", "ten")}
    part |= (
        {w for name in months() for w in name.split()}
        | set(weekdays())
        | {"هذا", "هذه", "ذلك", "نفس", "ذات", "مثل", "صباحا", "مساء", "ظهرا", "فجرا", "ليلا", "يومي"}
    )
    return frozenset(part | core), frozenset(core)


class _Classes(dict[str, int]):
    """Class by word type, worked out once."""

    def __missing__(self, norm: str) -> int:
        if len(self) > 1 << 17:
            self.clear()
        self[norm] = result = self._work_out(latin_digits(norm))
        return result

    @staticmethod
    def _work_out(norm: str) -> int:
        part, core = _vocabulary()
        forms = [norm, norm[1:]] if norm[:1] in ("و", "ف", "ب", "ل") else [norm]
        if any(f in core for f in forms) or _YEAR.fullmatch(norm):
            return CORE
        if any(f in part for f in forms) or norm[:1].isdecimal():
            return PART
        return FUTURE if _FUTURE.fullmatch(norm) or norm in words("future") else NOTHING


#: Class of a word in normal form.
WORD_CLASS = _Classes()


@functools.cache
def _kinds() -> tuple[tuple[int, frozenset[str]], ...]:
    """The words of each kind."""
    spans = {"الايام", "الاسابيع", "الاشهر", "الشهور", "السنوات", "الاعوام", "العقود", "اليومين", "الاسبوعين"}
    spans |= {"الشهرين", "العامين", "السنتين"}
    idle = {"اول", "هذا", "من", "بعد", "قبل", "يوم", "الاول", "الماضيه"}
    return (
        (MONTH, frozenset(w for name in months() for w in name.split())),
        (WEEKDAY, frozenset(w for name in weekdays() for w in name.split())),
        (PERIOD, frozenset(["اليوم", "الليله", "الاسبوع", "الشهر", "العام", "السنه", "الحين", "لعام"])),
        (SPANS, frozenset(spans)),
        (SEASON, frozenset(words("season"))),
        (RELATIVE, frozenset(w for phrase in words("relative") for w in phrase.split()) - idle),
        (DECADE, decades()),
        (CENTURY, frozenset(["القرن", *(w for phrase in words("century") for w in phrase.split())])),
        (FEAST, frozenset(w for phrase in words("feast") for w in phrase.split())),
        (HOURS, frozenset(["ساعه"])),
        (UNIT, frozenset([*units(), *("ال" + word for word in units())])),
        (LEAGUE, frozenset(["الموسم", "موسم"])),
    )


@functools.lru_cache(maxsize=1 << 12)
def _kinds_of(word: str) -> int:
    forms = {word, word[1:]} if word[:1] in ("و", "ف", "ب", "ل") else {word}
    found = sum(kind for kind, members in _kinds() if not members.isdisjoint(forms))
    return found | (YEAR if word[:1].isdecimal() and len(word) > 3 else 0)


def kinds(text: str) -> int:
    """The kinds of words, in normal form with Western digits, that stand in a text."""
    found = 0
    for word in text.split():
        found |= _kinds_of(word)
    return found


@functools.cache
def months() -> dict[str, tuple[int, str, bool]]:
    """Number, calendar and whether it is also another word, by name."""
    return {
        normal_form(r["name"]): (int(r["month"]), r["system"], bool(r["ambiguous"])) for r in lexicon.table("months")
    }


@functools.cache
def weekdays() -> dict[str, int]:
    """Number by name, Monday is 0."""
    return {normal_form(r["name"]): int(r["weekday"]) for r in lexicon.table("weekdays")}


def _any(words: Sequence[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=lambda w: (-len(w), w)))


@functools.cache
def _all_patterns() -> tuple[tuple[str, int, re.Pattern[str]], ...]:
    """Of every kind of expression the rule, the kind of word that it cannot do without, and the pattern."""
    past, ahead, this = (_any(list(words(kind))) for kind in ("past", "next", "this"))
    part, edge, bound, about = (_any(list(words(kind))) for kind in ("part", "edge", "bound", "about"))
    every = f"{past}|{ahead}|{this}"
    seasons = _any(list(words("season")))
    spans = "الايام|الاسابيع|الاشهر|الشهور|السنوات|الاعوام|العقود|اليومين|الاسبوعين|الشهرين|العامين|السنتين"
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
    named = rf"(?:(?P<weekday>{weekday})(?: (?:الموافق|،|,|\(|-))? )?"
    plurals = _any(list(words("plural")))
    relative = _any(list(words("relative")))
    many, some = _any(list(words("many"))), _any(list(words("some")))
    number = rf"(?P<day>\d{{1,2}}|{ordinal})(?: من)?"
    counted = _any(["ال" + word for word, (_, kind) in number_words().items() if kind == "unit"])
    until = rf"(?P<day2>\d{{1,2}}|{ordinal})(?: من)? (?P<month2>{months_in})(?:(?: /)? (?:{months_in}))?(?: (?:من )?(?:عام )?(?P<year>\d{{4}}))?"
    units_many = _any([w for w, (_, n) in units().items() if n == 2 or w in words("plural")] + ["يوم واحد"])
    edged = rf"(?:(?P<bound>{bound}) )?(?:(?P<edge>{edge}) )?(?:(?:{part}) )?"
    centuries = _any(list(words("century")))
    sources = (
        ("between", MONTH, rf"(?:خلال )?(?:(?:الفتره )?(?:الواقعه )?(?:ما )?بين) {number}(?: {month})? و ?{until}"),
        ("between", MONTH, rf"(?:خلال )?(?:الفتره )?من {number}(?: {month})? (?:الي|حتي) {until}"),
        (
            "same",
            PERIOD,
            r"(?:(?:الي )?(?:مثل|نفس|ذات) (?:هذا )?|ذلك |تلك |(?:منذ )ذلك )(?P<period>اليوم|الليله|الاسبوع|الشهر|العام|الحين)(?: من (?:ال)?عام (?P<year>\d{4}))?",
        ),
        ("same", PERIOD, rf"(?:اليوم|الاسبوع|الشهر|العام) (?:{_any(list(words('same')))})|اليوم (?:{ordinals})"),
        ("same-month", PERIOD, r"\d{1,2} من (?:نفس|ذات) الشهر"),
        ("days", WEEKDAY, rf"(?:يومي |ايام )(?P<weekday>{weekday}) و ?(?P<second>{weekday})(?: (?P<when>{every}))?"),
        ("spans", SPANS, rf"(?:(?:{bound}) )?(?P<spans>{spans})(?: (?P<counted>{counted}))? (?P<when>{past}|{ahead})"),
        ("season", SEASON, rf"(?:(?:{bound}) )?(?:(?:{edge}) )?(?P<season>{seasons})(?: عام)? (?P<year>\d{{4}})"),
        (
            "season",
            SEASON,
            rf"(?:هذا )(?P<season>{seasons})|(?P<season2>{seasons}) (?:العام |السنه )?(?P<when>{every})",
        ),
        (
            "rest",
            PERIOD,
            r"(?P<bound>قبل|بحلول|حتي|مع|منذ) (?P<end>نهايه|اخر|اواخر|منتصف) (?P<period>الاسبوع|الشهر|العام|السنه)",
        ),
        ("numeric", YEAR, rf"{pre}(?:يوم )?{named}(?P<numeric>\d{{1,4}}[/.-]\d{{1,2}}[/.-]\d{{1,4}})"),
        ("day-month", MONTH, rf"{pre}(?:(?:يوم|اليوم) )?{named}{day}{month}{year}{when}"),
        (
            "month-year",
            MONTH,
            rf"{pre}{month}(?: (?:من |/ )?(?:عام |سنه |العام |لعام )?(?P<year>\d{{4}}))(?: (?:ه|م)(?!\S))?",
        ),
        ("month", MONTH, rf"(?:(?:{bound}) )(?:شهر )?(?P<month>{months_in})(?: / (?:{months_in}))?{when}"),
        ("month", MONTH, rf"{pre}شهر (?P<month>{months_in})(?:(?: /)? (?:{months_in}))?(?: المبارك)?{when}"),
        (
            "month",
            MONTH,
            rf"{pre}(?P<month>{months_in})(?:(?: /)? (?:{months_in}))? (?:من (?:العام|السنه) )?(?P<when>{every})",
        ),
        ("month", MONTH, rf"{pre}(?P<month>{clear})(?:(?: /)? (?:{months_in}))?"),
        ("relative", RELATIVE, rf"{pre}(?:يوم )?(?P<relative>{relative})(?:(?: ,| ،| \()? (?P<weekday>{weekday}))?"),
        (
            "weekday",
            WEEKDAY,
            rf"{pre}(?:(?:يوم|نهار) )?(?P<weekday>{weekday})(?: (?:صباحا|مساء|ظهرا|فجرا|ليلا))?{when}",
        ),
        (
            "period",
            PERIOD,
            rf"{edged}ل?(?P<period>الاسبوع|الشهر|العام|السنه|لعام) (?P<when>{every})(?: (?P<year>\d{{4}}))?",
        ),
        ("period", PERIOD, rf"{edged}(?P<when>هذا|هذه) (?P<period>الاسبوع|الشهر|العام|السنه)"),
        ("period", PERIOD, r"(?P<bound>منذ) (?P<edge>بدايه|مطلع) (?P<period>الاسبوع|الشهر|العام|السنه)"),
        ("year", YEAR, rf"{edged}(?:عام|العام|للعام|لعام|سنه) (?P<year>\d{{4}})(?: (?:{this}))?"),
        (
            "decade",
            DECADE,
            rf"(?:(?:{bound}) )?(?:(?:{edge}) )?(?P<decade>{_any(list(decades()))})(?: (?:من )?القرن (?:الماضي|(?P<century>{ordinal})))?",
        ),
        (
            "century",
            CENTURY,
            rf"(?:(?:{bound}) )?(?:(?:{edge}) )?(?:{centuries}) (?P<century>{ordinal})(?: الميلادي| م)?",
        ),
        ("century", CENTURY, rf"(?:(?:{bound}) )?(?:(?:{edge}) )?القرن (?P<when>الماضي|الحالي)"),
        (
            "feast",
            FEAST,
            rf"(?:(?:{bound}) )?(?:عطله |اجازه |ايام |اول ايام )?(?P<feast>{_any(list(words('feast')))})(?: المبارك)?",
        ),
        ("year", YEAR, rf"(?:{bound}) (?P<year>(?:19|20)\d{{2}})"),
        ("year", YEAR, r"(?<=في )(?P<year>(?:19|20)\d{2})"),
        ("year", YEAR, rf"(?P<edge>{edge}) (?:عام )?(?P<year>(?:19|20)\d{{2}})"),
        ("month", MONTH, rf"(?<=في )(?!اب(?!\S))(?P<month>{months_in})(?:(?: /)? (?:{months_in}))?"),
        (
            "vague",
            SPANS,
            rf"(?:(?:{bound}) )?(?:{spans})(?: ال\w+)? (?:{past}|{ahead})",
        ),
        (
            "vague",
            HOURS,
            rf"(?:(?:{bound}|لمده|مده) )?(?:ال ?)?(?:24|36|48|72|96|الاربع والعشرين|اربع وعشرين|الثماني والاربعين) ساعه(?: (?P<hours>{past}|{ahead}))?",
        ),
        ("vague", UNIT, rf"(?:(?:{bound}) )?(?:{plurals}) (?:{many})"),
        ("period", PERIOD, rf"{pre}(?:(?:يوم|اليوم) )?{day}(?P<period>الشهر) (?P<when>{every})"),
        ("nights", WEEKDAY, rf"{pre}(?P<weekday>{weekday})(?: -)? (?P<second>{weekday})"),
        ("vague", UNIT, rf"(?:(?:{bound}) )?(?:{some}) (?:{plurals})"),
        (
            "vague",
            UNIT,
            rf"(?:لمده )?(?<!العمر )(?<!عمره )(?<!عمرها )(?<!\( )(?:نحو |حوالي )?(?:\d+|{counts}) (?:{plurals}|يوما|شهرا|عاما)",
        ),
        ("vague", UNIT, rf"ل(?:{units_many})(?: واحد)?(?: اخر)?"),
        ("bare-year", YEAR, r"(?P<year>(?:19|20)\d{2})"),
        ("years", YEAR, r"(?:من )(?P<year>(?:19|20)\d{2}) (?:الي|حتي) (?P<until>(?:19|20)\d{2})"),
        ("years", YEAR, r"(?:خلال |منذ )?(?:ل?عامي|سنتي|العامين) (?P<year>\d{4}) ?(?:و|-|/) ?(?P<until>\d{4})"),
        ("league", LEAGUE, rf"(?:(?:{bound}) )?(?:هذا الموسم|الموسم (?P<when>{every}))"),
        ("league", LEAGUE, r"(?:موسم )(?P<year>\d{4})[/-](?P<until>\d{4})"),
        ("years", YEAR, r"(?:ما )?بين (?:(?:عامي|العامين) )?(?P<year>\d{4}) و ?(?P<until>\d{4})"),
        (
            "between",
            MONTH,
            rf"{pre}(?:(?:يومي|ايام|يوم) )?(?P<day>\d{{1,2}}|{ordinal})(?: و ?| ?- ?)(?P<day2>\d{{1,2}}|{ordinal})(?: من)? (?:شهر )?(?P<month2>{months_in})(?:(?: /)? (?:{months_in}))?{year}{when}",
        ),
        ("ago", UNIT, rf"(?:قبل|منذ) (?:(?:{about}) )?{count}"),
        (
            "duration",
            UNIT,
            rf"(?P<bound>{bound}|لمده) (?:(?:{about}) ){{0,2}}(?:ال)?{count}(?: (?P<when>{past}|{ahead}))?",
        ),
    )
    return tuple(
        (rule, need, re.compile(rf"(?<!\S)(?:[وفبل](?!\s))??(?P<span>{source})(?!\S)"))
        for rule, need, source in sources
    )


@functools.cache
def patterns(kinds: int) -> tuple[tuple[int, str, re.Pattern[str]], ...]:
    """Order, rule and pattern of the expressions that words of such kinds can make; of matches as long the first wins."""
    return tuple((order, rule, pattern) for order, (rule, need, pattern) in enumerate(_all_patterns()) if need & kinds)
