"""The words of dates: which words date expressions are made of, and which of them they are made around.

Knows: `data/date_words.tsv`, months, weekdays, number words.  Does not know: how they follow one another (`datepatterns`).
"""

import functools
import re

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
    core |= set(words("spans")) | set(words("core"))
    core -= {"اول", "هذا", "من", "بعد"}
    part = {
        w
        for r in lexicon.table("date_words")
        for w in normal_form(r["word"]).split()
        if r["kind"] not in ("age", "name", "medium", "future", "yearly", "more", "most")
    }
    part |= {w for w, (_, kind) in number_words().items() if kind in ("unit", "ten", "ordinal", "ordinal-c")}
    part |= {"ال" + w for w, (_, kind) in number_words().items() if kind in ("unit", "ten")}
    part |= {w for name in months() for w in name.split()} | set(weekdays())
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
        first = norm[:1]
        bare = norm[1:] if first in ("و", "ف", "ب", "ل") else norm
        if norm in core or bare in core:
            return CORE
        digits = first.isdecimal()
        if digits and _YEAR.fullmatch(norm):
            return CORE
        if digits or norm in part or bare in part:
            return PART
        future = "س" in norm[:2] and _FUTURE.fullmatch(norm)
        return FUTURE if future or norm in _future() else NOTHING


@functools.cache
def _future() -> dict[str, str]:
    return words("future")


#: Class of a word in normal form.
WORD_CLASS = _Classes()


@functools.cache
def _kinds() -> tuple[tuple[int, frozenset[str]], ...]:
    """The words of each kind."""
    idle = {"اول", "هذا", "من", "بعد", "قبل", "يوم", "الاول", "الماضيه"}
    return (
        (MONTH, frozenset(w for name in months() for w in name.split())),
        (WEEKDAY, frozenset(w for name in weekdays() for w in name.split())),
        (PERIOD, frozenset(["اليوم", "الليله", "الاسبوع", "الشهر", "العام", "السنه", "الحين", "لعام"])),
        (SPANS, frozenset(words("spans"))),
        (SEASON, frozenset(words("season"))),
        (RELATIVE, frozenset(w for phrase in words("relative") for w in phrase.split()) - idle),
        (DECADE, decades()),
        (CENTURY, frozenset(["القرن", *(w for phrase in words("century") for w in phrase.split())])),
        (FEAST, frozenset(w for phrase in words("feast") for w in phrase.split())),
        (HOURS, frozenset(["ساعه", "الساعات"])),
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
