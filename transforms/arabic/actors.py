"""Who an actor is: country and sector of a noun phrase, from names, roles, adjectives and the article's other words.

Knows: words of a phrase in text order, and what the article told of its persons and bodies (`People`).  Does not know: which
phrases are actors (the events layer tells).  Words stand in data/actors.tsv and data/roles.tsv.
"""

import functools
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple, Protocol

from transforms.arabic import lexicon
from transforms.arabic.characters import normal_form
from transforms.arabic.names import skeleton
from transforms.arabic.places import adjective_country, exactly


class Facts(NamedTuple):
    """What is known of an actor."""

    country: str | None = None  # ISO 3166-1 alpha-3, IGO or IMG
    sector: str | None = None  # of the list in schemas/event.py


class Known(Protocol):
    """A name found in the article; `schemas.mention.Mention` is one."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def type(self) -> str: ...
    @property
    def norm(self) -> str: ...
    @property
    def name(self) -> str | None: ...
    @property
    def country(self) -> str | None: ...


@dataclass(frozen=True)
class People:
    """What an article tells of those who act in it."""

    home: str | None = None  # the country that it tells most of
    people: Mapping[str, Facts] = field(default_factory=dict)  # by the letters of surname and of full name
    told: Mapping[str, Sequence[tuple[int, Facts]]] = field(default_factory=dict)  # by head noun, in text order


_WORD: Final = re.compile(r"[^\W_]+")
_REACH: Final = 7  # words that a title may have
_BREAK: Final = re.compile(r"[.!?؟:؛\n«»]")
_STATES: Final = frozenset(("دول", "الدول", "بلدان", "البلدان"))
NOBODY: Final = People()
#: `المملكة` without more is Saudi Arabia, but in the papers of another one that.
_KINGDOM: Final = "المملكه"
_KINGDOMS: Final = ("SAU", "JOR", "MAR", "BHR")


def actor_facts(
    phrase: str,
    cast: People = NOBODY,
    *,
    at: int = 0,
    day: date | None = None,
    where: str | None = None,
    force: bool = False,
) -> Facts:
    """Country and sector of the actor that a noun phrase names.

    `at` is the phrase's offset in the article, `day` the article's, `where` the country of the event; `force` says that
    the actor uses or readies force, so that a state means its army.

    >>> actor_facts("وزير الخارجية الفرنسي")
    Facts(country='FRA', sector='GOV')
    """
    words = _words(phrase)
    told = _told(words, cast, at)
    if told.sector and len(words) == 1:  # `المنظمة` is the one named before
        return told
    (country, sector), last = _read(words, cast, day)
    if sector is None and last:
        sector = last if last != "state" else "MIL" if force else "GOV"
    return Facts(country or told.country or where or cast.home, sector or told.sector)


def _read(words: Sequence[str], cast: People, day: date | None) -> tuple[Facts, str | None]:
    """Country and sector as the words tell them; and what acts where no role is told: a state, or the sector of men."""
    country = sector = light = last = None
    i = 0
    while i < len(words):
        word = words[i]
        if word in lexicon.phrase_stops("actor") and i and (sector or light):
            break
        if length := _state(words, i):
            country, last = country or _place(" ".join(words[i : i + length])), last or "state"
            i += length
            continue
        length, facts = _named(words, i, cast, day)
        if length:
            country, sector, last = (
                country or facts.country,
                sector or facts.sector,
                last or (None if word in _actors() else "CVL"),
            )
            i += length
            continue
        length, told, is_light = _role(words, i)
        if length:
            if is_light:
                light = light or told
            else:
                sector = sector or told
            if length == 1 and words[i] == _KINGDOM:
                country = country or (cast.home if cast.home in _KINGDOMS else _KINGDOMS[0])
            country = country or ("IGO" if told == "IGO" else None)
            i += length
            continue
        if found := _place(word) or adjective_country(word):
            country, last = country or _side(found, words[i + 1 :]), last or _citizens(word)
        i += 1
    if country == "IGO" and (sector or light) == "GOV" and words[0] not in _STATES:
        sector = "IGO"
    return Facts(country, sector or light), last


def _named(words: Sequence[str], i: int, cast: People, day: date | None) -> tuple[int, Facts]:
    """How many words from i on are somebody's or a body's name, and what is known of them."""
    length, best = 0, Facts()
    for name, facts, since, until in _actors().get(words[i], ()):
        if len(name) >= max(length, 1) and tuple(words[i : i + len(name)]) == name:
            in_office = not day or (since or day) <= day <= (until or day)
            if len(name) > length or in_office:  # a name has a row a term of office
                length, best = len(name), facts if in_office else Facts(facts.country)
    if length < 2 and (told := cast.people.get(skeleton(words[i]))):
        return 1, Facts(told.country or best.country, told.sector or best.sector)
    return length, best


def _role(words: Sequence[str], i: int) -> tuple[int, str | None, bool]:
    """How many words from i on are a role, its sector, and whether it takes that of what it belongs to."""
    length, sector, light = 0, None, False
    for name, told, kind in _roles().get(_bare(words[i]), ()):
        if len(name) > length and tuple(_bare(w) for w in words[i : i + len(name)]) == name:
            length, sector, light = len(name), told or None, kind == "light"
    return length, sector, light


def _state(words: Sequence[str], i: int) -> int:
    """How many words from i on are a state's name, or that of its seat of government."""
    for length in (3, 2, 1):
        name = " ".join(words[i : i + length])
        if (
            i + length <= len(words)
            and _place(name)
            and (name in _capitals() or exactly(name)[0].precision == "country")
        ):
            return length
    return 0


@functools.lru_cache(maxsize=1 << 14)
def _place(name: str) -> str | None:
    """Country of a state or large place that is no role or people."""
    if _bare(name) in _vocabulary():
        return None
    found = [p for p in exactly(name) if p.population >= 100_000]
    if not found or (adjective_country(name) and found[0].precision != "country" and name not in _capitals()):
        return None
    return max(found, key=lambda p: p.population).country


def _side(country: str, following: Sequence[str]) -> str:
    """The Korea that is meant."""
    return "PRK" if country == "KOR" and following and _bare(following[0]).startswith("شمال") else country


def _citizens(word: str) -> str | None:
    """Whether an adjective alone means a state's citizens (`الفلسطينيين`, `روسيا`) or the state (`الروسي`)."""
    if not adjective_country(word):
        return None
    return "CVL" if word.endswith(("ين", "ون", "يا", "ات")) else "state"


def _told(words: Sequence[str], cast: People, at: int) -> Facts:
    """What the article told of the phrase's first noun elsewhere: the nearest place before, else the first one after."""
    if not words:
        return Facts()
    seen = cast.told.get(_bare(words[0]), ())
    before = [facts for place, facts in seen if place < at]
    return before[-1] if before else seen[0][1] if seen else Facts()


def people_of(text: str, names: Sequence[Known], day: date | None = None) -> People:
    """Who acts in an article: its home country, its persons by their titles, its bodies by their first words."""
    told: dict[str, list[tuple[int, Facts]]] = defaultdict(list)
    for name in names:
        if name.type == "ORG" and (words := _words(name.norm)) and not _stands_alone(words):
            (country, sector), _ = _read(words, NOBODY, day)
            if name.country or country:
                told[_bare(words[0])].append((name.start, Facts(name.country or country, sector)))
        elif name.country and name.type in ("NORP", "LOC"):
            for word in _before(text, name.start)[-2:]:
                if _bare(word) in _vocabulary():
                    told[_bare(word)].append((name.start, Facts(name.country)))
    bare = People(told={word: tuple(sorted(seen)) for word, seen in told.items()})
    return People(_home(text, names), _people(text, names, bare, day), bare.told)


def _home(text: str, names: Sequence[Known]) -> str | None:
    """The country that an article's places, peoples and bodies name most; its beginning counts double."""
    count: Counter[str] = Counter()
    for name in names:
        if name.country and name.country not in ("IGO", "IMG"):
            count[name.country] += 2 if name.start < max(200, len(text) // 5) else 1
    return max(count, key=count.__getitem__) if count else None  # of equals the one told first


def _people(text: str, names: Sequence[Known], cast: People, day: date | None) -> dict[str, Facts]:
    """What names and titles beside them tell of persons, by the letters of the surname; nothing known is told, too."""
    countries: dict[str, Counter[str]] = defaultdict(Counter)
    sectors: dict[str, Counter[str]] = defaultdict(Counter)
    known: dict[str, Facts] = {}
    for name in names:
        if name.type != "PER":
            continue
        full = _words(name.name or name.norm)
        if not full:
            continue
        key = skeleton(full[-1])
        known.setdefault(key, Facts())
        if (famous := _famous(full, day)) and (famous.country or famous.sector):
            known[key] = famous
        for words in (_title(_before(text, name.start)), _after(text, name.end)):
            if words:
                (country, sector), _ = _read(words, cast, day)
                countries[key][country or ""] += 1
                sectors[key][sector or ""] += 1
    return {
        key: Facts(facts.country or _most(countries[key]), facts.sector or _most(sectors[key]))
        for key, facts in sorted(known.items())
    }


def _famous(full: Sequence[str], day: date | None) -> Facts | None:
    """What the list knows of a person by the last two words of the full name, or by the only one."""
    for start in range(len(full)):
        length, facts = _named(full, start, NOBODY, day)
        if length and start + length == len(full) and (length > 1 or len(full) == 1):
            return facts
    return None


def _most(count: Counter[str]) -> str | None:
    told = {value: number for value, number in count.items() if value}
    return max(told, key=lambda value: (told[value], value)) if told else None


def _before(text: str, offset: int) -> list[str]:
    """The words before an offset, back to the last full stop, colon or quotation mark."""
    return _words(_BREAK.split(text[max(0, offset - 80) : offset])[-1])[-_REACH:]


def _title(words: Sequence[str]) -> Sequence[str]:
    """The last of the words, from the first role on that no preposition or clause parts from the end."""
    first = len(words)
    for i in range(len(words) - 1, -1, -1):
        if words[i] in lexicon.phrase_stops("actor"):
            break
        if _role(words, i)[0]:
            first = i
    return words[first:]


def _after(text: str, offset: int) -> Sequence[str]:
    """The words of a role right after a name, told with a comma or bracket or without: `فلان، رئيس الحزب`."""
    rest = text[offset : offset + 60]
    words = _words(re.split(r"[.!?؟:؛\n«»،,)]", rest.lstrip(' ،,("'))[0])[:_REACH]
    return words if words and _role(words, 0)[0] else ()


def _stands_alone(words: Sequence[str]) -> bool:
    """Whether a body's name says by its first word alone which body it is."""
    return len(words) == 1 and words[0] in _actors()


def _bare(word: str) -> str:
    return word.removeprefix("ال")


def _words(phrase: str) -> list[str]:
    """The words of a phrase in normal form, without the proclitics that known words carry."""
    return [base for word in _WORD.findall(phrase) if (base := _base(word))]


@functools.lru_cache(maxsize=1 << 16)
def _base(written: str) -> str:
    """The known word that one as written stands for, else the word from its article on; "" for marks alone."""
    word = normal_form(written)
    for form in _forms(word):
        if _bare(form) in _vocabulary() or form in _actors() or adjective_country(form) or form in _capitals():
            return form
    return _definite(word)


def _definite(word: str) -> str:
    """The word from its article on: `والجهاد` is الجهاد, `للحركة` الحركه."""
    if word.startswith("لل") and len(word) > 4:
        return "ال" + word[2:]
    return word[1:] if word[:3] in ("وال", "فال", "بال", "كال") and len(word) > 5 else word


def _forms(word: str) -> Iterator[str]:
    yield word
    rest = word
    if rest[:1] in ("و", "ف") and len(rest) > 3:
        rest = rest[1:]
        yield rest
    if rest.startswith("لل") and len(rest) > 4:
        yield "ال" + rest[2:]
        yield rest[1:]
    elif rest[:1] in ("ب", "ل", "ك") and len(rest) > 3:
        yield rest[1:]
    for ending in ("هما", "هم", "ها", "نا", "ه", "ا"):  # pronouns, and the accusative
        if rest.endswith(ending) and len(rest) - len(ending) > 2 and not rest.startswith("ال"):
            bare = rest[: -len(ending)]
            yield bare
            if bare.endswith("ت"):
                yield bare[:-1] + "ه"
            break
    if rest.endswith(("ي", "و")):
        yield rest + "ن"
        yield rest[:-1] + "ين"


@functools.cache
def _vocabulary() -> frozenset[str]:
    """Words that begin a role."""
    return frozenset(_roles())


@functools.cache
def _roles() -> dict[str, tuple[tuple[tuple[str, ...], str, str], ...]]:
    found: dict[str, list[tuple[tuple[str, ...], str, str]]] = defaultdict(list)
    for row in lexicon.table("roles"):
        words = tuple(row["words"].split())
        found[words[0]].append((words, row["sector"], row["kind"]))
    return {first: tuple(rows) for first, rows in found.items()}


_Row = tuple[tuple[str, ...], Facts, date | None, date | None]


@functools.cache
def _actors() -> dict[str, tuple[_Row, ...]]:
    found: dict[str, list[_Row]] = defaultdict(list)
    for row in lexicon.table("actors"):
        words = tuple(_definite(word) for word in row["name"].split())
        since, until = (date.fromisoformat(row[key]) if row[key] else None for key in ("since", "until"))
        found[words[0]].append((words, Facts(row["country"], row["sector"]), since, until))
    return {first: tuple(rows) for first, rows in found.items()}


@functools.cache
def _capitals() -> frozenset[str]:
    """Names of countries, and of seats of government that stand for them."""
    return frozenset(row["name"] for row in lexicon.table("capitals"))
