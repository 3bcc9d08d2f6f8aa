"""Scores numbers: counts of killed and injured in annotated articles, and number words made by num2words.

Articles are JSON Lines with `text`, `sentences` (start, end) and `events` with `s`, `killed` and `injured`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from transforms.arabic.characters import normal_form
from transforms.arabic.numbers import find_numbers
from transforms.arabic.numberwords import read_words
from transforms.arabic.spans import Quantity
from transforms.arabic.tokens import tokenize


@dataclass
class NumberScore:
    """Counts of two and more that an annotator read in a sentence, and how many the sentence's quantities hold."""

    wanted: int = 0
    right: int = 0
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"counts found {self.right / max(self.wanted, 1):.3f} ({self.right} of {self.wanted})"


def score_numbers(articles: Iterable[dict[str, Any]]) -> NumberScore:
    """Whether each count is a side of a quantity of its sentence, or lies inside one; a count may be added up by the
    annotator from several numbers, or stand in a bare plural, so that not all can be found.
    """
    score = NumberScore()
    for article in articles:
        for event in article["events"]:
            start, end = article["sentences"][event["s"]]
            counts = [event.get(kind) for kind in ("killed", "injured")]
            for count in [count for count in counts if count and count > 1]:
                found = find_numbers(tokenize(article["text"], start, end))
                score.wanted += 1
                if any(_holds(quantity, count) for quantity in found):
                    score.right += 1
                else:
                    score.wrong.append(f"{count}: {article['text'][start:end]}".replace("\n", " "))
    return score


def _holds(quantity: Quantity, count: float) -> bool:
    low, high = quantity.value_min, quantity.value_max
    if low is None or high is None:
        return count in (low, high)
    return low <= count <= high


def score_round_trip(values: Iterable[int]) -> NumberScore:
    """Whether the words that num2words (which must be installed) makes of each value are read as it."""
    from num2words import num2words

    score = NumberScore()
    for value in values:
        words = num2words(value, lang="ar")
        score.wanted += 1
        if read_words(re.findall(r"\w+", normal_form(words)))[0] == value:
            score.right += 1
        else:
            score.wrong.append(f"{value}: {words}")
    return score


def samples() -> list[int]:
    """Values from 0 to 10⁷: all small ones, the round ones, and some between, the same ones always."""
    round_ones = [a * 10**b for a in range(1, 10) for b in range(2, 7)] + [10**7]
    between = [(n * 7_919 * 613) % 10**7 for n in range(1, 2_000)]
    return sorted({*range(1_100), *round_ones, *between})
