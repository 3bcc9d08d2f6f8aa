"""Places: homonyms by the article's other places and peoples, class words, and no village out of a common word."""

import math
from collections import defaultdict
from pathlib import Path

import pytest

from transforms.arabic import lexicon
from transforms.arabic.characters import normal_form
from transforms.arabic.places import body_country, candidates, resolve, sure_country

_CONFLICT = [
    line.split("\t")
    for line in Path(__file__).with_name("conflict_places.tsv").read_text("utf-8").splitlines()
    if not line.startswith(("#", "name\t"))
]


def kilometres(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    return math.hypot(lat - other_lat, (lon - other_lon) * math.cos(math.radians(lat))) * 111.2


@pytest.mark.parametrize(("name", "country", "lat", "lon"), _CONFLICT)
def test_conflict_places_lie_where_they_lie(name: str, country: str, lat: str, lon: str) -> None:
    place = resolve([normal_form(name)], {country: 1})[normal_form(name)]
    assert place.country == country
    assert place.lat is not None
    assert place.lon is not None
    assert kilometres(place.lat, place.lon, float(lat), float(lon)) < 15


def test_own_cities_lie_where_geonames_has_them() -> None:
    known: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    for row in lexicon.table("places"):
        if row["lat"]:
            known[row["name"], row["country"]].append((float(row["lat"]), float(row["lon"])))
    far = [
        row["name"]
        for row in lexicon.table("places_own")
        if row["precision"] == "city" and (there := known[row["name"], row["country"]])
        and min(kilometres(float(row["lat"]), float(row["lon"]), *where) for where in there) > 5
    ]  # fmt: skip
    assert set(far) == {"روستوف", "واشنطن"}  # GeoNames gives these Arabic names to other towns


@pytest.mark.parametrize(
    ("name", "country", "precision"),
    [
        ("ريف حماه", "SYR", "governorate"),
        ("مستشفي حلب الجامعي", None, None),
        ("مطار بنغازي الدولي", "LBY", "point"),
        ("مركز بنغازي الطبي", "LBY", "point"),
        ("مرفا الحديده", "YEM", "point"),
        ("المجال الجوي اللبناني", "LBN", "district"),
        ("بروكسيل", "BEL", "city"),
        ("كيبك", "CAN", "city"),
    ],
)
def test_class_words_adjectives_and_spellings(name: str, country: str | None, precision: str | None) -> None:
    found = candidates(name)
    assert [(p.country, p.precision) for p in found[:1]] == ([(country, precision)] if country else [])


def test_an_unknown_place_lies_where_the_article_says() -> None:
    assert resolve(["وادي ملحان", "صنعاء"], {})["وادي ملحان"][:3] == ("YEM", None, None)
    assert resolve(["تل الضمران", "بغداد"], {}, {"تل الضمران": "SYR"})["تل الضمران"].country == "SYR"
    assert resolve(["البحر الاحمر", "صنعاء"], {}).get("البحر الاحمر") is None


def test_a_region_tells_its_country_a_sea_none() -> None:
    assert sure_country("ريف دمشق") == "SYR"
    assert sure_country("البحر المتوسط") is None


def test_a_homonym_goes_where_the_article_is() -> None:
    assert resolve(["طرابلس", "بيروت", "صيدا"], {})["طرابلس"].country == "LBN"
    assert resolve(["طرابلس", "بنغازي"], {})["طرابلس"].country == "LBY"
    assert resolve(["الرقه"], {"SYR": 2})["الرقه"].country == "SYR"


def test_a_village_needs_its_country() -> None:
    village = next(n for n in ("عين حلاقيم", "فطسه الثيب") if candidates(n))
    assert resolve([village], {}) == {}
    assert resolve([village], {"SYR": 1})[village].country == "SYR"


def test_no_place_out_of_nothing() -> None:
    assert resolve(["كلام فارغ"], {}) == {}


@pytest.mark.parametrize(
    ("name", "country"),
    [
        ("وزاره الدفاع الروسيه", "RUS"),
        ("داعش", "IMG"),
        ("الامم المتحده", "IGO"),
        ("جيش", None),
        ("برلمان كوريا الشماليه", "PRK"),
    ],
)
def test_bodies(name: str, country: str | None) -> None:
    assert body_country(name) == country


@pytest.mark.parametrize(
    ("name", "admin1"),
    [
        ("العريش", "شمال سيناء"),
        ("الفلوجه", "الأنبار"),
        ("التحيتا", "الحديدة"),
        ("سرت", "سرت"),
        ("بعلبك", "بعلبك الهرمل"),
        ("شمال سيناء", "شمال سيناء"),
        ("الزبداني", "ريف دمشق"),
        ("ريف دمشق", "ريف دمشق"),
        ("فرنسا", None),
    ],
)
def test_first_level_divisions_of_several_countries(name: str, admin1: str | None) -> None:
    assert resolve([name], {})[name].admin1 == admin1


def test_the_city_is_medina_only_where_its_country_is_spoken_of() -> None:
    assert resolve(["المدينه", "بغداد"], {})["المدينه"].lat is None
    assert resolve(["المدينه", "السعوديه"], {})["المدينه"].admin1 == "المدينة المنورة"
