"""Who is who: short forms, spellings and names in brackets lead to the fullest form."""

import pytest

from transforms.arabic.names import fullest, skeleton


def test_a_surname_stands_for_the_full_name_whatever_its_spelling() -> None:
    names = [("PER", "ترمب"), ("PER", "دونالد ترامب"), ("PER", "بوتين"), ("PER", "ترامب")]
    assert fullest(names) == [1, 1, 2, 1]


def test_a_body_is_its_first_words_only_where_one_body_fits() -> None:
    assert fullest([("ORG", "المرصد السوري لحقوق الانسان"), ("ORG", "المرصد")]) == [0, 0]
    names = [("ORG", "وزاره الدفاع"), ("ORG", "وزاره الصحه"), ("ORG", "وزاره")]
    assert fullest(names) == [0, 1, 2]


def test_brackets_join() -> None:
    assert fullest([("ORG", "الجيش الجمهوري"), ("ORG", "ira"), ("ORG", "ira")], [(0, 1)]) == [0, 0, 0]


def test_types_are_kept_apart() -> None:
    assert fullest([("PER", "علي دمشق"), ("LOC", "دمشق")]) == [0, 1]


@pytest.mark.parametrize("pair", [("بوتن", "بوتين"), ("ترمب", "ترامب"), ("اوباما", "الاوباما")])
def test_spellings(pair: tuple[str, str]) -> None:
    assert skeleton(pair[0]) == skeleton(pair[1])
