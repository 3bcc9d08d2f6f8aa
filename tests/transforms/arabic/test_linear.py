"""Work grows with the text only: lines of code run, counted, since times of a busy machine tell nothing."""

import sys
from collections.abc import Callable
from datetime import date
from types import FrameType
from typing import Any

import pytest

from transforms.arabic.dates import find_dates
from transforms.arabic.normalize import clean
from transforms.arabic.numbers import find_numbers
from transforms.arabic.sentences import split_sentences
from transforms.arabic.tokens import tokenize, tokenize_sentences

#: Without a full stop; seen before, so that nothing is worked out for the first time while lines are counted.
SENTENCES = [
    "وقال الوزير يوم الأحد من شهر أيار إن نحو ثلاثة آلاف شخص وصلوا منذ أسبوعين إلى المدينة ",
    "بين 10 و15 و2018 في 14 آذار/مارس - ",
    "يوم الأحد من شهر ",
    "و ألف و مئة و ",
    'قال: "نعم" ( د. م. ',
]


def lines_run(work: Callable[[], Any]) -> int:
    counted = 0

    def count(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal counted
        counted += event == "line"
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        work()
    finally:
        sys.settrace(before)
    return counted


@pytest.mark.parametrize("sentence", SENTENCES)
def test_twice_the_text_is_twice_the_work(sentence: str) -> None:
    half = sentence * (10_000 // len(sentence))
    for layer in (
        clean,
        split_sentences,
        lambda text: tokenize_sentences(text, split_sentences(text)),
        lambda text: find_numbers(tokenize(text)),
        lambda text: find_dates(tokenize(text), date(2018, 5, 4)),
    ):
        layer(half + half)
        assert lines_run(lambda: layer(half + half)) <= 2.2 * lines_run(lambda: layer(half)) + 100  # noqa: B023
