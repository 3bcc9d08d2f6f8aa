"""Where places lie: a table of names, and the article's other places and peoples to choose between homonyms.

Knows: names in normal form.  Does not know: which words of the text are places (the name engines tell).
"""

import functools
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from transforms.arabic import lexicon
from transforms.arabic.characters import normal_form
from transforms.arabic.names import skeleton


class Place(NamedTuple):
    """A place of the table, or no more than the country of a place that the table does not know."""

    country: str  # ISO 3166-1 alpha-3
    admin1: str | None = None
    lat: float | None = None
    lon: float | None = None
    population: int = 0
    geonames_id: int | None = None
    precision: str | None = None  # point, city, district, governorate or country


_COUNTRY_BONUS: Final = 4.0
_TOLD_BESIDE: Final = 8.0
_VILLAGE: Final = 5_000  # a smaller place needs its country told by the article
_LARGE: Final = 1_000_000  # a place whose name is a common word is at least so large
_FOREIGN_CITY: Final = 50_000  # population from which a foreign place is known by other spellings, too
_ARAB: Final = frozenset(
    [
        "ARE",
        "BHR",
        "COM",
        "DJI",
        "DZA",
        "EGY",
        "ESH",
        "IRQ",
        "JOR",
        "KWT",
        "LBN",
        "LBY",
        "MAR",
        "MRT",
        "OMN",
        "PSE",
        "QAT",
        "SAU",
        "SDN",
        "SOM",
        "SYR",
        "TUN",
        "YEM",
    ]
)
#: Degrees within which a place of the own list lies in the division of its neighbour.
_NEAR: Final = 0.3
#: What the own list's places weigh: the readings that news means come before namesakes, but not before a told country.
_OWN: Final = 20
_WEIGHT: Final = {
    "country": 100_000_000,
    "governorate": 3_000_000,
    "city": 300_000,
    "district": 300_000,
    "point": 300_000,
}


def resolve(
    names: Sequence[str], peoples: Mapping[str, int], beside: Mapping[str, str] | None = None
) -> dict[str, Place]:
    """The places meant by an article's names (normal form, one entry a mention, in text order).

    `peoples` counts countries that adjectives told; `beside` has the country told right beside a name.  A name that no
    table has gets the country told beside it, else the one that most of the article's places lie in.
    """
    found = {name: candidates(name) for name in names}
    told = beside or {}
    votes: Counter[str] = Counter({country: min(count, 3) for country, count in peoples.items()})
    for places in found.values():
        if len({p.country for p in places}) == 1 and max(p.population for p in places) >= _VILLAGE:
            votes[places[0].country] += 2
    chosen = {}
    for name, places in found.items():
        common = name.removeprefix("ال") in _classes()  # المدينة is Medina where the article speaks of its country
        least = _LARGE if common else 0
        fit = [
            p
            for p in places
            if told.get(name) == p.country
            or (not common and _weighty(p))
            or (votes[p.country] and p.population >= least)
        ]
        if fit:
            chosen[name] = max(fit, key=lambda p: (_weight(p, votes, told.get(name)), -(p.geonames_id or 0)))
    lying = Counter(chosen[name].country for name in names if name in chosen)
    most = max(lying, key=lambda country: (lying[country] + votes[country] / 2, country)) if lying else None
    for name in found:
        if name not in chosen and not _of_no_country(name) and (country := told.get(name) or most):
            chosen[name] = Place(country)
    return chosen


def _weighty(place: Place) -> bool:
    return place.population >= _VILLAGE or place.lat is None


def _weight(place: Place, votes: Mapping[str, int], beside: str | None) -> float:
    told = votes.get(place.country, 0)
    bonus = _COUNTRY_BONUS * told / (told + 2) + (_TOLD_BESIDE if place.country == beside else 0)
    return math.log10(place.population + 10) * 1.5 + bonus


@functools.lru_cache(maxsize=1 << 14)
def candidates(name: str) -> tuple[Place, ...]:
    """What a name in normal form can mean: itself, another spelling, or what stands after a class word."""
    if "_" in name or "#" in name:
        name = " ".join(name.replace("_", " ").replace("#", " ").split())
    if name in _no_country():
        return ()
    for form in _forms(name):
        if places := exactly(form):
            return places
    first, _, rest = name.partition(" ")
    if rest and (precision := _classes().get(first) or _classes().get(first.removeprefix("ال"))):
        return tuple(
            p._replace(precision=precision, admin1=_divisions_named().get((p.country, name), p.admin1))
            for p in candidates(rest)
        )
    first, _, last = name.rpartition(" ")
    if first and last in lexicon.words("place_trailing", "word"):
        return candidates(first)
    if first and (country := adjective_country(last)):
        inside = tuple(p for p in candidates(first) if p.country == country)
        return inside or (Place(country, precision="district"),)
    return _spelt_otherwise().get(_thin(name), ())


def only_classes(words: str) -> bool:
    """Whether words are but those that stand before a place's name, or none are there.

    >>> only_classes("مدينة و"), only_classes("سكان مدينة")
    (True, False)
    """
    return all(
        word in _classes() or word == "و" or (word[0] == "و" and word[1:] in _classes())
        for word in re.findall(r"[^\W_]+", normal_form(words))
    )


def exactly(name: str) -> tuple[Place, ...]:
    """What the tables have of a name in normal form as it stands; a class word alone (`مدينة`) is none."""
    return () if name in _classes() else _table().get(name, ())


@functools.lru_cache(maxsize=1 << 14)
def _of_no_country(name: str) -> bool:
    """Whether a name is known as that of a sea, a river or a region of several countries, whole or after a class word."""
    first, _, rest = name.partition(" ")
    return name in _no_country() or (bool(rest) and first in _classes() and _of_no_country(rest))


@functools.cache
def _no_country() -> frozenset[str]:
    return frozenset(row["name"] for row in lexicon.table("places_own") if not row["country"])


def _forms(name: str) -> Iterator[str]:
    yield name
    if name.startswith("لل"):
        name = "ال" + name[2:]
        yield name
    yield name[2:] if name.startswith("ال") and len(name) > 3 else "ال" + name
    if name and name[-1] in "اه":
        yield name[:-1] + ("ه" if name[-1] == "ا" else "ا")


def _thin(name: str) -> str:
    """What spellings of one foreign name share: consonants, g as one letter; empty for too short a name."""
    thin = "".join(skeleton(word) for word in name.split())
    return thin if len(thin) > 3 else ""


@functools.cache
def _spelt_otherwise() -> dict[str, tuple[Place, ...]]:
    """Larger cities and regions by the letters that their spellings share (بروكسل, بروكسيل)."""
    found: dict[str, list[Place]] = defaultdict(list)
    for name, places in _table().items():
        if thin := _thin(name):
            large = (p for p in places if p.population >= _FOREIGN_CITY and p.country not in _ARAB)
            found[thin] += [p for p in large if p not in found[thin]]
    return {thin: tuple(places) for thin, places in found.items() if places}


@functools.cache
def _classes() -> dict[str, str]:
    """Words before a place's name, and the precision that they give what is found."""
    return {normal_form(row["word"]): row["precision"] for row in lexicon.table("place_classes")}


@functools.cache
def _divisions_named() -> dict[tuple[str, str], str]:
    """First-level divisions by country and name in normal form."""
    return {(row["country"], normal_form(row["name"])): row["name"] for row in lexicon.table("divisions")}


@functools.cache
def _table() -> dict[str, tuple[Place, ...]]:
    divisions = {(row["country"], row["code"]): row["name"] for row in lexicon.table("divisions")}
    named = _divisions_named()
    table: dict[str, list[Place]] = defaultdict(list)
    for row in lexicon.table("places"):
        if row["lat"]:
            place = Place(
                row["country"], divisions.get((row["country"], row["admin1"])), float(row["lat"]), float(row["lon"]),
                int(row["population"]), int(row["id"]), row["precision"],
            )  # fmt: skip
            table[row["name"]].append(place)
    around: dict[str, list[Place]] = defaultdict(list)
    for place in (p for places in table.values() for p in places if p.admin1):
        around[place.country].append(place)
    for row in lexicon.table("places_own"):
        if not row["country"]:
            continue
        name, where = row["name"], (float(row["lat"]), float(row["lon"]))
        near = [p for p in table[name] if math.dist((p.lat or 0, p.lon or 0), where) < 0.3]
        known = max((p for p in near if p.country == row["country"]), key=lambda p: p.population, default=None)
        weight = max(_WEIGHT[row["precision"]], *(_OWN * p.population for p in near), 0)
        admin1 = row["admin1"] or _division(row, known, around.get(row["country"], ()), named)
        place = Place(row["country"], admin1, *where, weight, known and known.geonames_id, row["precision"])
        table[name] = [place, *(p for p in table[name] if p.country != row["country"])]
    return {name: tuple(places) for name, places in table.items()}


def _division(
    row: Mapping[str, str], known: Place | None, around: Sequence[Place], named: Mapping[tuple[str, str], str]
) -> str | None:
    """The first-level division of a place of the own list: one of its name, else that of the known place, else the nearest."""
    if row["precision"] == "country":
        return None
    bare = row["name"].removeprefix("محافظه ").removeprefix("ولايه ")
    found = named.get((row["country"], bare)) if row["precision"] in ("city", "governorate") else None
    if found or row["precision"] == "governorate" or (known and known.admin1):
        return found or (known and known.admin1)
    where = (float(row["lat"]), float(row["lon"]))
    nearest = min(around, key=lambda p: math.dist((p.lat or 0, p.lon or 0), where), default=None)
    return nearest.admin1 if nearest and math.dist((nearest.lat or 0, nearest.lon or 0), where) < _NEAR else None


def sure_country(name: str) -> str | None:
    """Country of a country's or region's name in normal form that means no other place."""
    found = candidates(name)
    large = {p.country for p in found if p.precision in ("country", "governorate")}
    return next(iter(large)) if len(large) == 1 and found[0].country in large else None


@functools.cache
def adjective_country(word: str) -> str | None:
    """Country of a nationality word in normal form, with or without article."""
    return _adjectives().get(word) or _adjectives().get(word.removeprefix("لل").removeprefix("ال"))


@functools.cache
def _adjectives() -> dict[str, str]:
    return {normal_form(row["word"]): row["country"] for row in lexicon.table("nationalities") if row["country"]}


@functools.lru_cache(maxsize=1 << 14)
def body_country(name: str) -> str | None:
    """Country of a body by its name in normal form: a known one, a nationality in the name, or a country's name."""
    if known := _bodies().get(name):
        return known
    words = name.split()
    for start in range(1, len(words)):
        for place in _table().get(" ".join(words[start:]), ()):
            if place.precision == "country":
                return place.country
    for word in words[1:]:
        if country := adjective_country(word):
            return country
    return None


@functools.cache
def _bodies() -> dict[str, str]:
    return {row["name"]: row["country"] for row in lexicon.table("actors")}
