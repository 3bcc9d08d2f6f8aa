"""Numbers: digits and number words with what they count.

Knows: approximators, ranges, and which word after a number is the noun that it counts; `numberwords` knows the words,
`ordinals` the places in a row.
Does not know: dates (`transforms.arabic.dates` reads years and days).

What a number leaves open stands in its two values: `أكثر من 10` has no highest, `أقل من 10` no lowest, `نحو 10` a
tenth either way (whole numbers stay whole, rounded outwards), `بضعة` 3 to 9, `عشرات` 20 and `مئات` 200 upwards.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Final, NamedTuple

from schemas.token import Token
from transforms.arabic.numberwords import (
    BEGINNINGS,
    CLITICS,
    approximators,
    contexts,
    counted,
    duals,
    latin_digits,
    number_words,
    read_digits,
    read_words,
    word_value,
)
from transforms.arabic.ordinals import ordinal_at
from transforms.arabic.spans import Quantity

_RANGE = re.compile(r"(\d{1,4})-(\d{1,4})(%?)")
#: A number that begins with a nought and more digits is dialled or names something.
_PHONE: Final = re.compile(r"0\d")
_YEAR = re.compile(r"(?:19|20)\d\d")
#: Phrases by their first word.
_PERCENT: Final = {
    "%": (("%",),),
    "٪": (("٪",),),
    "بالمئه": (("بالمئه",),),
    "بالمائه": (("بالمائه",),),
    "في": (("في", "المئه"), ("في", "المائه")),
}
_norm_of: Final = itemgetter(4)
_HALF: Final = {"ونصف": (("ونصف",),), "و": (("و", "نصف"),)}
_SIGNS: Final = ("%", "٪", "$", "€", "£")
#: `بضعة` is no less and no more than so many.
_FEW: Final = (3, 9)


class _Number(NamedTuple):
    """A number in the tokens: lowest and highest value, tokens used, unit that it tells by itself, start in the text."""

    low: float
    high: float | None
    used: int
    unit: str | None
    start: int
    scale: int  # of its last word: 1000 for `ثلاثة آلاف`
    vague: bool = False  # a plural such as مئات: what it counts may be definite


def _bare(token: Token) -> tuple[str, int]:
    """Normal form and start of a token without the و ف ب ل that stand before a number word or a dual."""
    bare, cut = BEGINNINGS[token.norm] or (token.norm, 0)
    return bare, max(token.host_start, token.start + cut) if cut else token.start


def _one(tokens: Sequence[Token], at: int) -> _Number | None:
    """The number at tokens[at]; None where there is none, or one that names and does not count."""
    token = tokens[at]
    first, start = _bare(token)
    value, kind = number_words().get(first, (0, ""))
    if not kind and first in duals():
        return _Number(
            2, 2, 1 + (_norm(tokens, at + 1) in ("اثنان", "اثنين", "اثنتان", "اثنتين")), duals()[first], start, 0
        )
    if not kind and first[:2] == "ال" and first[2:] in number_words():
        return _definite(tokens, at, start, *number_words()[first[2:]])
    if kind.startswith("ordinal") or _norm(tokens, at - 1 - (_norm(tokens, at - 1) == "ال")) in contexts("label"):
        return None
    following = word_value(_norm(tokens, at + 1))
    if kind == "few":
        base = following[0] if following[1] in ("many", "scales") else 1
        return _Number(_FEW[0] * base, _FEW[1] * base, 1 + (base > 1), None, start, 0, base > 1)
    if kind in ("many", "scales"):
        return _vague(value, kind, following, start)
    if kind == "half":
        return _Number(*(value * following[0] / 100,) * 2, 2, None, start, 0) if following[1] == "scale" else None
    if token.kind == "number":
        if (at and _glued(tokens[at - 1], token)) or _PHONE.match(latin_digits(token.text)) or _counted_off(tokens, at):
            return None
        if match := _RANGE.fullmatch(latin_digits(token.text)):
            return _dashed(match, tokens, at)
        digits = read_digits(token.text)
        if digits is None or (at and tokens[at - 1].stem in ("عام", "سنه") and 1000 <= digits[0] < 2100):
            return None
        if digits[1]:
            return _Number(digits[0], digits[0], 1, "%", start, 0)
    read, used = read_words([first, *_number_words_after(tokens, at + 1)])
    if not used:
        return None
    if kind == "unit" and used == 1 and value == 1:
        before = tokens[at - 1].norm if at else ""
        return _Number(1, 1, 1, tokens[at - 1].stem, start, 0) if first[:4] == "واحد" and before in counted() else None
    last, last_kind = number_words().get(_bare(tokens[at + used - 1])[0], (0, ""))
    scale = last if last_kind in ("scale", "scales") else last // 2 if last_kind == "dualscale" else 0
    return _Number(read, read, used, None, start, scale)


def _counted_off(tokens: Sequence[Token], at: int) -> bool:
    """Whether a number is a place in a row: `الذكرى الـ40`."""
    return at > 1 and tokens[at - 1].norm == "ال" and tokens[at - 2].norm.removeprefix("ال") in contexts("ranked")


def _number_words_after(tokens: Sequence[Token], at: int) -> Iterator[str]:
    """The words from tokens[at] on that may belong to a number begun before."""
    known = number_words()
    for token in tokens[at : at + 11]:
        norm = token.norm
        if norm not in known and norm[:1] != "و" and not norm[:1].isdecimal():
            return
        yield norm


def _glued(before: Token, number: Token) -> bool:
    """Whether a number is part of a name, as in `F16`."""
    if before.end < number.start or before.kind not in ("word", "latin") or before.norm in contexts("no-unit"):
        return False  # `إلى11` only lacks a blank
    return before.norm.removesuffix("ال").strip("وفبلك") != ""


def _norm(tokens: Sequence[Token], at: int) -> str:
    return tokens[at].norm if 0 <= at < len(tokens) else ""


def _definite(tokens: Sequence[Token], at: int, start: int, value: int, kind: str) -> _Number | None:
    """A number with ال: a small one after a definite noun counts that noun, a plural such as الآلاف counts alone."""
    if kind in ("many", "scales"):
        return _vague(value, kind, word_value(_norm(tokens, at + 1)), start)
    if kind == "unit" and 2 < value < 11 and at and tokens[at - 1].definite and tokens[at - 1].stem in counted():
        ten = value < 10 and _norm(tokens, at + 1) in ("عشر", "عشره")
        value += 10 * ten
        return _Number(value, value, 1 + ten, tokens[at - 1].stem, start, 0)
    return None


def _vague(value: int, kind: str, following: tuple[int, str], start: int) -> _Number:
    """`عشرات`, `مئات الآلاف`, `ملايين`: two of them at least."""
    scale = following[0] if kind == "many" and following[1] == "scales" else 1
    return _Number(2 * value * scale, None, 1 + (scale > 1), None, start, 0, True)


def _dashed(match: re.Match[str], tokens: Sequence[Token], at: int) -> _Number | None:
    """`10-15` in one token, where something counted follows: else it may be a result or a number of something."""
    low, high = float(match[1]), float(match[2])
    following = _norm(tokens, at + 1)
    factor, kind = number_words().get(following, (1, ""))
    scaled = kind in ("scale", "scales")
    if low >= high or not (match[3] or scaled or following in counted() or _phrase(tokens, at + 1, _PERCENT)):
        return None
    if scaled:
        low, high = low * factor, high * factor
    return _Number(low, high, 1 + scaled, "%" if match[3] else None, tokens[at].start, 0)


def _phrase(tokens: Sequence[Token], at: int, phrases: Mapping[str, Sequence[tuple[str, ...]]]) -> int:
    """How many tokens from tokens[at] on are one of the phrases, which stand by their first word; 0 where none is."""
    for phrase in phrases.get(_norm(tokens, at), ()):
        if len(phrase) == 1 or tuple([t.norm for t in tokens[at : at + len(phrase)]]) == phrase:
            return len(phrase)
    return 0


def _approximated(tokens: Sequence[Token], floor: int, here: int) -> tuple[int, int, str]:
    """First token, start and side of an approximator that ends just before tokens[here], not before tokens[floor]."""
    if here > floor:
        last = tokens[here - 1].norm
        forms = (last, last[1:]) if last[:1] in CLITICS else (last,)
        for phrase, side in (p for form in forms for p in approximators("before", -1).get(form, ())):
            first = here - len(phrase)
            if first < floor:
                continue
            norms = [t.norm for t in tokens[first:here]]
            clitic = norms[0] != phrase[0] and norms[0][:1] in CLITICS
            norms[0] = norms[0][clitic:]
            if tuple(norms) == phrase:
                return first, max(tokens[first].host_start, tokens[first].start + clitic), side
    return here, 0, ""


def _approximated_after(tokens: Sequence[Token], after: int, unit: str | None) -> str:
    """Side of an approximator behind a number, or behind the noun that it counts and one word more."""
    for at in range(after, min(len(tokens), after + (3 if unit else 1))):
        for phrase, side in approximators("after", 0).get(tokens[at].norm, ()):
            if tuple([t.norm for t in tokens[at : at + len(phrase)]]) == phrase:
                return side
    return ""


def _half_after(tokens: Sequence[Token], after: int) -> int:
    """How many tokens `ونصف`, or `ونصف المليون`, takes at tokens[after]."""
    used = _phrase(tokens, after, _HALF)
    named = used and word_value(_norm(tokens, after + used))[1] == "scale"
    return used + bool(named)


def _ahead(tokens: Sequence[Token], after: int, number: _Number, between: bool) -> tuple[_Number, int] | None:
    """The end of a range that began with `number`, and the token after it."""
    at = after
    if between:
        if number.unit is None and at < len(tokens) and tokens[at].norm[:1] != "و":
            at += _phrase(tokens, at, _PERCENT) or tokens[at].kind == "word"
        if at >= len(tokens) or tokens[at].norm[:1] != "و":
            return None
        at += tokens[at].norm in ("و", "وبين", "واكثر")
    elif _norm(tokens, at) in ("-", "–", "الي", "او"):
        at += 1
    else:
        return None
    second = _one(tokens, at) if at < len(tokens) and BEGINNINGS[tokens[at].norm] else None
    if second is None or second.high is None or second.high <= number.low:
        # of `10 إلى 15 ألفا` both are thousands; the second is never the smaller one
        return None
    return second, at + second.used


def _unit(tokens: Sequence[Token], after: int, value: float, vague: bool) -> tuple[str | None, int]:
    """What the number before tokens[after] counts, and the token after a percentage."""
    if used := _phrase(tokens, after, _PERCENT):
        return "%", after + used
    if after >= len(tokens):
        return None, after
    at = after
    partitive = tokens[at].norm == "من" and at + 1 < len(tokens)
    if partitive:
        at += 1
    token = tokens[at]
    if token.text in _SIGNS and token.start == tokens[at - 1].end:
        return token.text, after + 1
    # A mark or a tatweel that stands alone is a word of no letters.
    if token.kind != "word" or not token.norm or token.norm in contexts("no-unit") or BEGINNINGS[token.norm]:
        return None, after
    if token.norm not in counted():
        if token.norm[:1] == "و" or token.proclitics not in ((), ("ال",)):
            return None, after
        if token.definite and not (vague or partitive):
            return None, after
        if token.norm[:1] == "ي" and not token.norm.endswith(("ي", "يا", "ين")):  # a verb, not the people of Yemen
            return None, after
    stem = token.stem
    if 11 <= value % 100 <= 99 and len(stem) > 2 and stem.endswith("ا") and not token.definite:
        stem = stem[:-1]  # tanwin after 11 to 99
    return stem, after


def _widened(low: float, high: float | None, side: str, unit: str | None) -> tuple[float | None, float | None]:
    """The values of a number behind an approximator: see the head of this file."""
    if side == "min":
        return low, None
    if side == "max":
        return None, high
    if side == "about" and high is not None:
        whole = low.is_integer() and high.is_integer() and unit != "%"
        low, high = low * 9 / 10, high * 11 / 10
        return (float(math.floor(low)), float(math.ceil(high))) if whole else (low, high)
    return low, high


def find_numbers(tokens: Sequence[Token]) -> tuple[Quantity, ...]:
    """The quantities of one sentence and its ordinals (kind ordinal), in text order."""
    begins = list(map(BEGINNINGS.__getitem__, map(_norm_of, tokens)))
    if not any(begins):
        return ()
    found: list[Quantity] = []
    after = 0
    for here in [here for here, begun in enumerate(begins) if begun]:
        if here < after:
            continue
        number = _one(tokens, here)
        if number is None:
            if ordinal := ordinal_at(tokens, here):
                found.append(ordinal[0])
                after = ordinal[1]
                continue
            # the عشر of what is no number is no ten
            after = here + 1 + (_bare(tokens[here])[0][:2] == "ال" and _norm(tokens, here + 1) in ("عشر", "عشره"))
            continue
        quantity, after = _quantity(tokens, after, here, number)
        if quantity:
            found.append(quantity)
    return tuple(found)


def _names(tokens: Sequence[Token], at: int) -> bool:
    """Whether a number that counts nothing is a year, or a side of a result: `2 - 1`."""
    if _YEAR.fullmatch(latin_digits(tokens[at].text)):
        return True
    return any(
        _norm(tokens, at + step) in ("-", "–") and _norm(tokens, at + 2 * step)[:1].isdecimal() for step in (-1, 1)
    )


def _quantity(tokens: Sequence[Token], floor: int, here: int, number: _Number) -> tuple[Quantity | None, int]:
    """The quantity that a number at tokens[here] makes with what stands around it, and the token after it.

    None for what is more likely a year or half of a result.
    """
    opening, start, side = _approximated(tokens, floor, here)
    if opening == here:
        start = number.start
    low, high, unit, after = float(number.low), number.high, number.unit, here + number.used
    if number.high is not None and unit is None and (half := _half_after(tokens, after)):
        after += half
        low = high = low + (number.scale or 1) / 2
    before = tokens[opening - 1] if opening > floor else None
    between = before is not None and before.norm.removeprefix("و") == "بين"
    if high == low and (ahead := _ahead(tokens, after, number, between)):
        second, after = ahead
        if second.scale and not number.scale and low < second.low / second.scale:
            low *= second.scale
        high, unit = second.high, second.unit or unit
        if between and before is not None:
            start = before.start + before.norm.startswith("و")
    elif before is not None and before.text in _SIGNS and before.end == start and unit is None:
        start, unit = before.start, before.text.replace("٪", "%")
    if unit is None:
        unit, after = _unit(tokens, after, high or low, number.vague and _bare(tokens[here])[0] in number_words())
    if unit is None and opening == here and after == here + 1 and _names(tokens, here):
        return None, after
    side = side or _approximated_after(tokens, after, unit)
    values = _widened(low, None if high is None else float(high), side, unit)
    return Quantity(start, tokens[after - 1].end, *values, unit), after
