"""Role nouns and whom they mean."""

import pytest

from transforms.arabic.holders import holder

_ROLES = {
    "أندريه كارتابولوف": "آمر إدارة العمليات في هيئة الأركان العامة الروسية",
    "سامي العلي": "وزير الداخلية العراقي",
    "ناصر حمد": "وزير الدفاع العراقي",
}


@pytest.mark.parametrize(
    ("phrase", "name"),
    [
        ("المسؤول العسكري الروسي", "أندريه كارتابولوف"),
        ("وزير الداخلية", "سامي العلي"),
        ("الوزير العراقي", None),
        ("وزير دفاع", None),
        ("المسؤول الفرنسي", None),
        ("للمسؤول الروسي", "أندريه كارتابولوف"),
        ("القرية", None),
        ("", None),
    ],
)
def test_a_role_noun_means_the_only_man_who_fits(phrase: str, name: str | None) -> None:
    assert holder(phrase, _ROLES) == name
