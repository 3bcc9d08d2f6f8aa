"""Adjectives of peoples by the word before them."""

import pytest

from transforms.arabic.peoples import with_peoples
from transforms.arabic.tokens import tokenize


@pytest.mark.parametrize(
    ("text", "word", "given", "told"),
    [
        ("أغلقت السلطات السعودية المعبر", "السعودية", "B-LOC", "B-NORP"),
        ('نفى "المزاعم" السعودية', "السعودية", "B-LOC", "B-NORP"),
        ("وصل إلى السعودية", "السعودية", "B-LOC", "B-LOC"),
        ("اتفق العراق والسعودية", "والسعودية", "B-LOC", "B-LOC"),
        ("بين اليمن، السعودية", "السعودية", "B-LOC", "B-LOC"),
        ("وصل إلى سورية", "سورية", "B-NORP", "B-LOC"),
        ("تعاد الآثار لسورية", "لسورية", "B-NORP", "B-LOC"),
        ("أفرجت قوات سورية عنهم", "سورية", "B-NORP", "B-NORP"),
        ("كتب البيان باللغة الفرنسية", "الفرنسية", "B-NORP", "O"),
        ("يتحدث الإنجليزية بطلاقة", "الإنجليزية", "B-NORP", "O"),
        ("رد عليهم بالفارسية", "بالفارسية", "B-NORP", "O"),
        ("تحدث الرئيس الفرنسي", "الفرنسي", "B-NORP", "B-NORP"),
        ("في المناطق الصحراوية", "الصحراوية", "B-NORP", "O"),
        ("أعلنت الجمهورية الصحراوية", "الصحراوية", "B-NORP", "B-NORP"),
        ("قال دبلوماسيون غربيون", "غربيون", "B-NORP", "O"),
        ("أفرج عن أسرى في سجون الحوثي", "الحوثي", "B-NORP", "B-ORG"),
        ("مقتل 12 حوثيا", "حوثيا", "B-NORP", "B-ORG"),
        ("قتل القيادي الحوثي", "الحوثي", "B-NORP", "B-NORP"),
        ("أسقط صاروخا حوثيا", "حوثيا", "B-NORP", "B-NORP"),
    ],
)
def test_peoples(text: str, word: str, given: str, told: str) -> None:
    tokens = tokenize(text)
    at = next(i for i, token in enumerate(tokens) if token.text == word)
    labels = [given if i == at else "O" for i in range(len(tokens))]
    assert with_peoples(tokens, labels)[at] == told


def test_a_country_in_a_list_is_no_adjective() -> None:
    tokens = tokenize("التنسيق مع العراق وسورية")
    assert with_peoples(tokens, ["O", "O", "B-LOC", "B-NORP"])[-1] == "B-LOC"
    assert with_peoples(tokens, ["O", "O", "O", "B-NORP"])[-1] == "B-NORP"


def test_longer_names_stay_as_they_are() -> None:
    tokens = tokenize("في المملكة العربية السعودية")
    labels = ["O", "B-LOC", "I-LOC", "I-LOC"]
    assert with_peoples(tokens, labels) == labels
