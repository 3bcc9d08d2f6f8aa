"""Numbers with what they count."""

import pytest

from transforms.arabic.numbers import find_numbers, read_words
from transforms.arabic.tokens import tokenize


@pytest.mark.parametrize(
    ("text", "span", "low", "high", "unit"),
    [
        ("وصل 25 لاجئا", "25", 25, 25, "لاجئا"),
        ("بلغت ١٢٫٥٪ منها", "١٢٫٥٪", 12.5, 12.5, "%"),
        ("ارتفع 3 في المئة", "3 في المئة", 3, 3, "%"),
        ("أكثر من 1,200 منزل", "أكثر من 1,200", 1200, None, "منزل"),
        ("خمسة وعشرون عاملا", "خمسة وعشرون", 25, 25, "عاملا"),
        ("سقط قتيلان هناك", "قتيلان", 2, 2, "قتيل"),
        ("بين الركاب 10 إلى 15 طالبا", "10 إلى 15", 10, 15, "طالبا"),
        ("حضر أحد عشر نائبا", "أحد عشر", 11, 11, "نائبا"),
        ("في عام 2018 وصلت تسع سفن", "تسع", 9, 9, "سفن"),
        ("تبرع بمليون ونصف درهم", "مليون ونصف", 1.5e6, 1.5e6, "درهم"),
        ("جاء مئات الزوار", "مئات", 200, None, "زوار"),
        ("ما لا يقل عن 12 كتابا", "ما لا يقل عن 12", 12, None, "كتابا"),
        ("نحو ثلاثة آلاف متظاهر", "نحو ثلاثة آلاف", 3000, 3000, "متظاهر"),
    ],
)
def test_find_numbers(text: str, span: str, low: float, high: float | None, unit: str) -> None:
    (found,) = find_numbers(tokenize(text))
    assert text[found.start : found.end] == span
    assert (found.value_min, found.value_max, found.unit) == (low, high, unit)


@pytest.mark.parametrize(
    ("words", "value"),
    [("خمسه عشر", 15), ("ثلاث مئه وعشرون", 320), ("الف ومئتان", 1200), ("مليونين وخمسه", 2000005), ("5 ملايين", 5e6)],
)
def test_read_words(words: str, value: float) -> None:
    assert read_words(words.split()) == (value, len(words.split()))


def test_words_of_num2words_are_read() -> None:
    num2words = pytest.importorskip("num2words").num2words
    sample = [*range(2, 1000, 7), *range(1000, 10**5, 1733), *range(10**5, 10**7, 98_765)]
    wrong = []
    for value in sample:
        words = [t.norm for t in tokenize(num2words(value, lang="ar"))]
        if read_words(words) != (value, len(words)):
            wrong.append((value, " ".join(words), read_words(words)))
    assert wrong == []
