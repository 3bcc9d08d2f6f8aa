"""Where places lie: a table of names, and the article's other places and peoples to choose between homonyms.

Knows: names in normal form.  Does not know: which words of the text are places (the name engines tell).
"""

import functools
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from transforms.arabic import lexicon
from transforms.arabic.characters import normal_form


class Place(NamedTuple):
    """A place of the table."""

    country: str  # ISO 3166-1 alpha-3
    admin1: str | None
    lat: float
    lon: float
    population: int
    geonames_id: int | None
    precision: str  # point, city, district, governorate or country


#: Words before a place's name, and the precision that they give what is found.
_CLASSES: Final = {
    "محافظه": "governorate", "ولايه": "governorate", "اقليم": "governorate", "مقاطعه": "governorate",
    "ريف": "governorate", "مدينه": "city", "بلده": "city", "قريه": "city", "مخيم": "point", "مطار": "point",
    "ميناء": "point", "قاعده": "point", "معبر": "point", "سجن": "point", "مديريه": "district", "قضاء": "district",
    "شمال": "district", "جنوب": "district", "شرق": "district", "غرب": "district", "وسط": "district",
    "حي": "district", "منطقه": "district", "شمالي": "district", "جنوبي": "district", "شرقي": "district",
    "غربي": "district", "جمهوريه": "country", "دوله": "country", "العاصمه": "city",
}  # fmt: skip
#: Words after a place's name that leave it in the same country.
_TRAILING: Final = frozenset(
    normal_form(word)
    for word in (
        "الدولي", "الدولية", "المحتلة", "العاصمة", "العسكري", "العسكرية", "الكبرى", "القديمة", "الشمالي", "الجنوبي",
        "الشرقي", "الغربي", "الشمالية", "الجنوبية", "الشرقية", "الغربية",
    )
)  # fmt: skip
_COUNTRY_BONUS: Final = 4.0
_VILLAGE: Final = 5_000  # a smaller place needs its country told by the article


def resolve(names: Iterable[str], peoples: Mapping[str, int]) -> dict[str, Place]:
    """The places meant by an article's names (normal form); `peoples` counts countries that adjectives told."""
    found = {name: candidates(name) for name in names}
    votes: Counter[str] = Counter()
    for country, count in peoples.items():
        votes[country] += min(count, 3)
    for places in found.values():
        if len({p.country for p in places}) == 1 and max(p.population for p in places) >= _VILLAGE:
            votes[places[0].country] += 2
    chosen = {}
    for name, places in found.items():
        fit = [p for p in places if p.population >= _VILLAGE or votes[p.country] or p.geonames_id is None]
        if fit:
            chosen[name] = max(fit, key=lambda p: (_weight(p, votes), -(p.geonames_id or 0)))
    return chosen


def _weight(place: Place, votes: Mapping[str, int]) -> float:
    told = votes.get(place.country, 0)
    return math.log10(place.population + 10) + (_COUNTRY_BONUS * told / (told + 2) if told else 0)


@functools.lru_cache(maxsize=1 << 14)
def candidates(name: str) -> tuple[Place, ...]:
    """What a name in normal form can mean: itself, another spelling, or what stands after a class word."""
    if "_" in name or "#" in name:
        name = " ".join(name.replace("_", " ").replace("#", " ").split())
    for form in _forms(name):
        if places := _table().get(form):
            return places
    first, _, rest = name.partition(" ")
    if rest and (precision := _CLASSES.get(first)):
        return tuple(p._replace(precision=precision) for p in candidates(rest))
    first, _, last = name.rpartition(" ")
    if first and last in _TRAILING:
        return candidates(first)
    return ()


def _forms(name: str) -> Iterator[str]:
    yield name
    if name.startswith("لل"):
        name = "ال" + name[2:]
        yield name
    yield name[2:] if name.startswith("ال") else "ال" + name
    if name[-1:] in "اه":
        yield name[:-1] + ("ه" if name[-1] == "ا" else "ا")


@functools.cache
def _table() -> dict[str, tuple[Place, ...]]:
    divisions = {(row["country"], row["code"]): row["name"] for row in lexicon.table("divisions")}
    table: dict[str, list[Place]] = defaultdict(list)
    for row in lexicon.table("places"):
        if row["lat"]:
            place = Place(
                row["country"], divisions.get((row["country"], row["admin1"])), float(row["lat"]), float(row["lon"]),
                int(row["population"]), int(row["id"]), row["precision"],
            )  # fmt: skip
            table[row["name"]].append(place)
    for row in lexicon.table("places_own"):
        name, where = row["name"], (float(row["lat"]), float(row["lon"]))
        same = [p for p in table[name] if p.country == row["country"] and math.dist((p.lat, p.lon), where) < 0.3]
        known = max(same, key=lambda p: p.population).geonames_id if same else None
        # what news means by the name comes first, whatever shares it
        place = Place(row["country"], row["admin1"] or None, *where, 10_000_000, known, row["precision"])
        table[name] = [place, *(p for p in table[name] if p.country != row["country"])]
    return {name: tuple(places) for name, places in table.items()}


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
    return {row["name"]: row["country"] for row in lexicon.table("body_countries")}
