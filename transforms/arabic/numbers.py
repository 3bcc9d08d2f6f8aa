"""Numbers: digits and number words with what they count.

Knows: number words, duals, approximators, ranges.  Does not know: dates (`transforms.arabic.dates` reads years and days).
"""

import functools
import re
from collections.abc import Sequence
from typing import Final

from schemas.token import Token
from transforms.arabic import lexicon
from transforms.arabic.characters import normal_form
from transforms.arabic.spans import Quantity

_DIGITS: Final = str.maketrans("٠١٢٣٤٥٦٧٨٩٫٬٪", "0123456789.,%")
_NUMBER = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(?:[.,](\d+))?(%?)")
#: Words before a number: which sides of it stay open ("min" known, "max" known, both).
_APPROXIMATORS: Final = (
    (("اكثر", "من"), "min"),
    (("ما", "لا", "يقل", "عن"), "min"),
    (("علي", "الاقل"), "min"),
    (("ازيد", "من"), "min"),
    (("اقل", "من"), "max"),
    (("ما", "لا", "يزيد", "عن"), "max"),
    (("لا", "يقل", "عن"), "min"),
    (("لا", "يزيد", "عن"), "max"),
    (("نحو",), "both"),
    (("حوالي",), "both"),
    (("قرابه",), "both"),
    (("زهاء",), "both"),
)
_NO_UNIT: Final = frozenset(
    [
        "من",
        "في",
        "علي",
        "الي",
        "عن",
        "مع",
        "و",
        "او",
        "ان",
        "بين",
        "قد",
        "لم",
        "لا",
        "هو",
        "هي",
        "بعد",
        "قبل",
        "منذ",
        "خلال",
        "كما",
        "حيث",
    ]
)


@functools.cache
def number_words() -> dict[str, tuple[int, str]]:
    """Value and kind by word in normal form."""
    return {normal_form(r["word"]): (int(r["value"]), r["kind"]) for r in lexicon.table("number_words")}


def latin_digits(text: str) -> str:
    """`text` with Western digits and signs."""
    return text.translate(_DIGITS)


def read_digits(text: str) -> tuple[float, bool] | None:
    """Value of a number in digits and whether a percent sign follows; None for dates, clock times and the like."""
    match = _NUMBER.fullmatch(latin_digits(text))
    if match is None:
        return None
    return float(match[1].replace(",", "") + (f".{match[2]}" if match[2] else "")), bool(match[3])


def read_words(words: Sequence[str]) -> tuple[float, int]:
    """Value of the longest number in words (normal forms, or digits before ألف, مليون …) and how many words it takes."""
    known = number_words()
    total = current = 0.0
    used = 0
    # A و written apart links as one written on.
    places = [i for i, word in enumerate(words) if word != "و"]
    apart = {n for n in range(1, len(places)) if places[n] == places[n - 1] + 2}
    words = [("و" if n in apart else "") + words[place] for n, place in enumerate(places)]
    for index, word in enumerate(words):
        if places[index] > (places[index - 1] + 2 if index else 0):
            break
        linked = index > 0 and word.startswith("و") and word[1:] in known and (index in apart or word not in known)
        value, kind = known.get(word[1:] if linked else word, (0, ""))
        previous = known.get(words[index - 1].removeprefix("و"), (0, ""))[1] if index else ""
        digits = read_digits(word) if index == 0 else None
        if digits and not digits[1]:
            current = digits[0]
        elif (kind == "unit" and (index == 0 or linked or (value == 10 and 0 < current % 100 < 10))) or (
            kind == "ten" and (index == 0 or linked)
        ):
            current += value
        elif kind == "hundred" and (index == 0 or linked or (previous == "unit" and value == 100)):
            current = (
                current - current % 10 + current % 10 * 100 if previous == "unit" and not linked else current + value
            )
        elif kind == "scale" and (index == 0 or linked or current):
            total += (1.0 if linked or not current else current) * value + (current if linked else 0)
            current = 0.0
        elif kind == "dualscale" and (index == 0 or linked):
            total, current = total + current + value, 0.0
        else:
            break
        used = places[index] + 1
    return total + current, used


def _bare(token: Token) -> tuple[str, int]:
    """Normal form and start of a token without a و ف ب ل that stands before a number word."""
    known = number_words()
    if token.norm not in known and token.norm[:1] in ("و", "ف", "ب", "ل") and token.norm[1:] in known:
        return token.norm[1:], max(token.host_start, token.start + 1)
    return token.norm, token.start


def _one(tokens: Sequence[Token], at: int) -> tuple[float, int, str | None, int] | None:
    """Value, words used, unit told by the word itself, and start, of the number at tokens[at]."""
    token = tokens[at]
    first, start = _bare(token)
    value, kind = number_words().get(first, (0, ""))
    if kind.startswith("dual:"):
        return 2.0, 1, normal_form(kind[5:]), start
    if kind == "ordinal":
        return None
    if token.kind == "number":
        digits = read_digits(token.text)
        if digits is None or (at and tokens[at - 1].stem in ("عام", "سنه") and 1000 <= digits[0] < 2100):
            return None
        if digits[1]:
            return digits[0], 1, "%", start
    read, used = read_words([first, *(t.norm for t in tokens[at + 1 : at + 12])])
    if not used or (kind == "unit" and used == 1 and value == 1):
        return None
    return read, used, None, start


class _Numeric(dict[str, bool]):
    """Whether a number may begin with a word in normal form, worked out once a word."""

    def __missing__(self, norm: str) -> bool:
        if len(self) > 1 << 17:
            self.clear()
        known = number_words()
        result = norm[:1].isdecimal() or norm in known or (norm[:1] in ("و", "ف", "ب", "ل") and norm[1:] in known)
        self[norm] = result
        return result


_NUMERIC: Final = _Numeric()
#: Plurals that tell no number but the least that they can mean.
_INDEFINITE: Final = {"عشرات": 20.0, "مئات": 200.0, "الاف": 2000.0, "ملايين": 2e6, "مليارات": 2e9}


def _approximated(tokens: Sequence[Token], floor: int, here: int) -> tuple[int | None, str]:
    """Start and side of an approximator that ends just before tokens[here], not before tokens[floor]."""
    for phrase, kind in _APPROXIMATORS:
        first = here - len(phrase)
        if first < floor:
            continue
        norms = [t.norm for t in tokens[first:here]]
        if norms[0] not in phrase[:1]:
            norms[0] = norms[0].removeprefix("و")
        if tuple(norms) == phrase:
            return tokens[first].host_start, kind
    return None, ""


def _is_half(tokens: Sequence[Token], at: int) -> bool:
    """Whether tokens[at] begins `ونصف`."""
    return tokens[at].norm == "ونصف" or [t.norm for t in tokens[at : at + 2]] == ["و", "نصف"]


def _scale_of(token: Token) -> int:
    """What a half after this number word is half of: 1000 after ألف; 0 where it is no scale."""
    value, kind = number_words().get(_bare(token)[0], (0, ""))
    return value if kind == "scale" else value // 2 if kind == "dualscale" else 0


def find_numbers(tokens: Sequence[Token]) -> tuple[Quantity, ...]:
    """The quantities of one sentence, in text order."""
    numeric = [_NUMERIC[t.norm] for t in tokens]
    if True not in numeric:
        return ()
    found: list[Quantity] = []
    at = 0
    while True:
        try:
            here = numeric.index(True, at)
        except ValueError:
            break
        start, side = _approximated(tokens, at, here)
        number = _one(tokens, here)
        if number is None:
            at = here + 1
            continue
        value, used, unit, begin = number
        low: float | None = value
        high: float | None = value
        after = here + used
        if unit is None and used == 1 and (few := _INDEFINITE.get(_bare(tokens[here])[0])):
            low, high = few, None
        elif after < len(tokens) and _is_half(tokens, after) and (part := _scale_of(tokens[after - 1])):
            after += 1 if tokens[after].norm == "ونصف" else 2
            value += part / 2
            low = high = value
        if after + 1 < len(tokens) and tokens[after].norm in ("-", "–", "الي", "او"):
            second = _one(tokens, after + 1)
            if second is not None and second[0] > value:
                high, unit, after = second[0], second[2], after + 1 + second[1]
        if side == "min":
            high = None
        elif side == "max":
            low = None
        if after < len(tokens) and unit is None:
            token = tokens[after]
            if token.norm == "%" or token.norm == "٪" or token.norm in ("بالمئه", "بالمائه"):
                unit, after = "%", after + 1
            elif token.norm == "في" and after + 1 < len(tokens) and tokens[after + 1].norm in ("المئه", "المائه"):
                unit, after = "%", after + 2
            elif token.kind == "word" and token.norm not in _NO_UNIT:
                unit = token.stem
        found.append(Quantity(begin if start is None else start, tokens[after - 1].end, low, high, unit))
        at = after
    return tuple(found)
