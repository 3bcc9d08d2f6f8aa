"""Places: homonyms by the article's other places and peoples, class words, and no village out of a common word."""

import pytest

from transforms.arabic.places import body_country, candidates, resolve


@pytest.mark.parametrize(
    ("name", "country", "lat", "lon"),
    [
        ("اللطامنه", "SYR", 35.3267, 36.6218),
        ("جسر الشغور", "SYR", 35.81, 36.32),
        ("معره النعمان", "SYR", 35.64, 36.67),
        ("الموصل", "IRQ", 36.33, 43.12),
        ("صنعاء", "YEM", 15.35, 44.2),
        ("بنغازي", "LBY", 32.12, 20.07),
        ("موسكو", "RUS", 55.75, 37.62),
        ("الخرطوم", "SDN", 15.55, 32.53),
        ("ريف حماه", "SYR", 35.13, 36.75),
    ],
)
def test_known_places(name: str, country: str, lat: float, lon: float) -> None:
    place = resolve([name], {})[name]
    assert place.country == country
    assert abs(place.lat - lat) < 0.14
    assert abs(place.lon - lon) < 0.16


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
