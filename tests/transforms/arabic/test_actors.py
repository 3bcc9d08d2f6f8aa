"""Actors: country and sector from names, roles and adjectives, and from what the article told before."""

from datetime import date

import pytest

from pipelines.who import KnownName
from transforms.arabic.actors import NOBODY, Facts, People, actor_facts, people_of
from transforms.arabic.characters import normal_form
from transforms.arabic.spans import Name
from transforms.entities import identities


@pytest.mark.parametrize(
    ("phrase", "country", "sector"),
    [
        ("وزير الدفاع الفرنسي", "FRA", "GOV"),
        ("الجنود الإسرائيليون", "ISR", "MIL"),
        ("شرطيا تونسيا", "TUN", "COP"),
        ("متظاهرون سودانيون", "SDN", "CVL"),
        ("القاضي المصري", "EGY", "JUD"),
        ("النواب الكويتيين", "KWT", "LEG"),
        ("صحافية لبنانية", "LBN", "MED"),
        ("المسؤول العسكري الروسي", "RUS", "MIL"),
        ("المتحدث باسم الجيش اليمني", "YEM", "MIL"),
        ("قيادات ميليشيا الحوثي", "YEM", "REB"),
        ("عناصر من حركة الشباب", "SOM", "REB"),
        ("عناصر داعش", "IMG", "REB"),
        ("رئيس حزب الأمة السوداني", "SDN", "OPP"),
        ("الأمين العام للأمم المتحدة", "IGO", "IGO"),
        ("المبعوث الأممي", "IGO", "IGO"),
        ("السفير الروسي لدى الأمم المتحدة", "RUS", "GOV"),
        ("وزراء خارجية الاتحاد الأوروبي", "IGO", "IGO"),
        ("قوات التحالف العربي", "IGO", "MIL"),
        ("للحكومة الإيطالية", "ITA", "GOV"),
        ("لاجئين سوريين", "SYR", "REF"),
        ("12 فلسطينيا", "PSE", "CVL"),
        ("عمال شركة مغربية", "MAR", "LAB"),
        ("الكوري الشمالي", "PRK", "GOV"),
        ("واشنطن", "USA", "GOV"),
        ("والدة الأسير الفلسطيني", "PSE", "CVL"),
        ("محكمة عراقية", "IRQ", "JUD"),
        ("رجال الدين الإيرانيين", "IRN", "REL"),
        ("نقابة المعلمين الأردنيين", "JOR", "LAB"),
        ("كلام فارغ", None, None),
        ("", None, None),
    ],
)
def test_phrases(phrase: str, country: str | None, sector: str | None) -> None:
    assert actor_facts(phrase) == Facts(country, sector)


def test_a_state_that_uses_force_is_its_army() -> None:
    assert actor_facts("تركيا", force=True).sector == "MIL"
    assert actor_facts("وزير الخارجية التركي", force=True).sector == "GOV"


def test_an_office_lasts_as_long_as_it_lasts() -> None:
    assert actor_facts("محمد مرسي", day=date(2012, 9, 1)) == ("EGY", "GOV")
    assert actor_facts("مرسي", day=date(2012, 9, 1)) == ("EGY", "GOV")
    assert actor_facts("مرسي", day=date(2014, 9, 1)).country == "EGY"
    assert actor_facts("مرسي", day=date(2014, 9, 1)).sector is None


def test_a_second_term_counts_again() -> None:
    days = (date(2019, 5, 1), date(2022, 5, 1), date(2025, 5, 1))
    assert [actor_facts("دونالد ترامب", day=day).sector for day in days] == ["GOV", None, "GOV"]


def test_the_event_and_then_the_article_tell_the_country() -> None:
    assert actor_facts("المتظاهرين", People(home="IRQ"), where="SDN") == ("SDN", "CVL")
    assert actor_facts("المتظاهرين", People(home="IRQ")) == ("IRQ", "CVL")
    assert actor_facts("المتظاهرين", NOBODY) == (None, "CVL")


def cast(text: str, *names: tuple[str, str]) -> People:
    spans = []
    for kind, name in names:
        start = text.index(name, spans[-1].end if spans else 0)
        spans.append(Name(start, start + len(name), kind, None, "test"))
    return people_of(
        text,
        [
            KnownName(n.start, n.end, n.type, normal_form(text[n.start : n.end]), row.get("name"), row.get("country"))
            for n, row in zip(spans, identities(text, spans), strict=True)
        ],
    )


def test_a_person_is_known_by_the_title_told_once() -> None:
    text = "قال المتحدث باسم الشرطة الألمانية يورغ فالتر إن التحقيق مستمر. وأضاف فالتر أن شابا أوقف. ورد فريد شلبي، النائب المصري."
    told = cast(
        text, ("NORP", "الألمانية"), ("PER", "يورغ فالتر"), ("PER", "فالتر"), ("PER", "فريد شلبي"), ("NORP", "المصري")
    )
    assert actor_facts("فالتر", told) == ("DEU", "COP")
    assert actor_facts("شلبي", told) == ("EGY", "LEG")
    assert actor_facts("سميث", told) == ("DEU", None)


def test_a_bare_body_is_the_one_named_before() -> None:
    text = "أعلنت منظمة الصحة العالمية الطوارئ في ليبيريا. وقالت المنظمة إن الحكومة الليبيرية تعاونت. وشكرت الحكومة."
    told = cast(text, ("ORG", "منظمة الصحة العالمية"), ("LOC", "ليبيريا"), ("ORG", "الحكومة الليبيرية"))
    assert actor_facts("المنظمة", told, at=text.index("المنظمة")) == ("IGO", "IGO")
    assert actor_facts("الحكومة", told, at=text.rindex("الحكومة")) == ("LBR", "GOV")
