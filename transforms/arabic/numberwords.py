"""Number words: what the words and digits of a number are worth, and the words that stand beside numbers.

Knows: the word lists and how number words follow one another.  Does not know: tokens, or what a number counts.
"""

import functools
import math
import re
from collections.abc import Sequence
from typing import Final

from transforms.arabic import lexicon
from transforms.arabic.characters import normal_form

_DIGITS: Final = str.maketrans("٠١٢٣٤٥٦٧٨٩٫٬٪", "0123456789.,%")
_NUMBER = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(?:[.,](\d+))?(%?)")
#: What may stand before a number word, written on.
CLITICS: Final = ("و", "ف", "ب", "ل")


@functools.cache
def number_words() -> dict[str, tuple[int, str]]:
    """Value and kind by word in normal form."""
    return {normal_form(r["word"]): (int(r["value"]), r["kind"]) for r in lexicon.table("number_words")}


@functools.cache
def duals() -> dict[str, str]:
    """The noun counted twice, by dual in normal form.

    Where the plural ends in ون the dual in ين cannot be told from it, and is left out.
    """
    found: dict[str, str] = {}
    for row in lexicon.table("counted_nouns"):
        noun = normal_form(row["noun"])
        stem = (
            noun[:-1] + "ت" if row["noun"].endswith("ة") else noun.removesuffix("ي") + "ي" if noun[-1:] == "ي" else noun
        )
        for ending in ("ان",) if row["plural"].endswith("ون") else ("ان", "ين"):
            found.setdefault(stem + ending, noun)
    for plural in counted():
        found.pop(plural, None)
    return found


@functools.cache
def counted() -> frozenset[str]:
    """Nouns that are counted, in normal form: singular, with tanwin, and plural."""
    rows = lexicon.table("counted_nouns")
    nouns = {normal_form(row["noun"]) for row in rows} | {normal_form(row["plural"]) for row in rows}
    return frozenset(nouns | {normal_form(row["noun"]) + "ا" for row in rows if not row["noun"].endswith("ة")})


@functools.cache
def contexts(kind: str) -> frozenset[str]:
    return frozenset(normal_form(r["word"]) for r in lexicon.table("number_contexts") if r["kind"] == kind)


@functools.cache
def approximators(place: str, end: int) -> dict[str, tuple[tuple[tuple[str, ...], str], ...]]:
    """Phrases and sides by their last (`end` -1) or first (0) word, the longest first."""
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for row in lexicon.table("approximators"):
        if row["place"] == place:
            phrase = tuple(normal_form(row["phrase"]).split())
            found.setdefault(phrase[end], []).append((phrase, row["side"]))
    return {word: tuple(sorted(phrases, key=lambda p: -len(p[0]))) for word, phrases in found.items()}


def latin_digits(text: str) -> str:
    """`text` with Western digits and signs."""
    return text if text.isascii() else text.translate(_DIGITS)


def read_digits(text: str) -> tuple[float, bool] | None:
    """Value of a number in digits and whether a percent sign follows; None for dates, clock times and the like."""
    match = _NUMBER.fullmatch(latin_digits(text))
    if match is None:
        return None
    return float(match[1].replace(",", "") + (f".{match[2]}" if match[2] else "")), bool(match[3])


def read_words(words: Sequence[str]) -> tuple[float, int]:
    """Value of the longest number in words (normal forms, or digits before ألف, مليون …) and how many words it takes."""
    known = number_words()
    total, current, least = 0.0, 0.0, math.inf  # what is closed, what a scale may still multiply, the last scale
    used, previous, position = 0, "", 0
    closed = (0.0, 0)  # value and words used when the last scale was read
    while position < len(words):
        word = words[position]
        linked = used > 0 and word == "و"  # a و written apart links as one written on
        if linked:
            position += 1
            if position == len(words):
                break
            word = words[position]
        elif used and word[:1] == "و" and word not in known:
            linked, word = True, word[1:]
        value, kind = known.get(word, (0, ""))
        digits = read_digits(word) if not kind and word[:1].isdecimal() else None
        first = not used
        tail = current % 100
        if digits and not digits[1] and (first or (linked and total and not current and digits[0] < least)):
            current, kind = digits[0], "digits"
        elif (
            (
                kind == "unit"
                and (
                    first or (linked and not tail) or (not linked and previous == "unit" and value == 10 and tail < 10)
                )
            )
            or (kind == "ten" and (first or (linked and tail < 10)))
            or (kind == "hundred" and (first or (linked and not current)))
        ):
            current += value
        elif kind == "hundred" and not linked and previous == "unit" and value == 100 and 2 < current < 10:
            current *= 100
        elif kind in ("scale", "scales") and value < least and (first or (not current if linked else bool(current))):
            total, current, least = total + (current or 1.0) * value, 0.0, value
        elif kind == "dualscale" and value // 2 < least and not current and (first or linked):
            total, least = total + value, value // 2
        else:
            if kind in ("scale", "scales") and current and not linked and closed[1]:
                return closed  # `ألفين وثلاثة آلاف` are two numbers
            break
        previous = kind
        position += 1
        used = position
        if not current:
            closed = total, used
    return total + current, used


def word_value(norm: str) -> tuple[int, str]:
    """Value and kind of a number word with or without ال."""
    known = number_words()
    return known.get(norm) or known.get(norm.removeprefix("ال"), (0, ""))


@functools.cache
def _beginning_words() -> frozenset[str]:
    """Number words with and without ال, and duals."""
    return frozenset([*number_words(), *("ال" + word for word in number_words()), *duals()])


class _Beginnings(dict[str, tuple[str, int] | None]):
    """Of a word in normal form what remains of it without the و ف ب ل that stand before a number word or a dual, and how
    many letters those are; None where no number can begin.  Worked out once a word.
    """

    def __missing__(self, norm: str) -> tuple[str, int] | None:
        if len(self) > 1 << 17:
            self.clear()
        known = _beginning_words()
        found: tuple[str, int] | None = None
        if norm in known:
            found = norm, 0
        elif "لل" in norm[:3] and (whole := "ال" + norm[norm.index("لل") + 2 :]) in known:
            found = whole, norm.index("لل") + 1  # after ل the article has no alef
        elif norm[:1] in CLITICS and norm[1:] in known:
            found = norm[1:], 1
        elif norm[:1] in CLITICS and norm[1:2] in CLITICS and norm[2:] in known:
            found = norm[2:], 2
        elif norm[:1].isdecimal():
            found = norm, 0
        self[norm] = found
        return found


BEGINNINGS: Final = _Beginnings()
