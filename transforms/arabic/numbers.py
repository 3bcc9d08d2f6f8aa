"""Numbers: digits and number words with what they count.

Knows: number words, duals, approximators, ranges, and which word after a number is the noun that it counts.
Does not know: dates (`transforms.arabic.dates` reads years and days).

What a number leaves open stands in its two values: `أكثر من 10` has no highest, `أقل من 10` no lowest, `نحو 10` a
tenth either way (whole numbers stay whole, rounded outwards), `بضعة` 3 to 9, `عشرات` 20 and `مئات` 200 upwards.
"""

import functools
import math
import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from schemas.token import Token
from transforms.arabic import lexicon
from transforms.arabic.characters import normal_form
from transforms.arabic.spans import Quantity

_DIGITS: Final = str.maketrans("٠١٢٣٤٥٦٧٨٩٫٬٪", "0123456789.,%")
_NUMBER = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(?:[.,](\d+))?(%?)")
_RANGE = re.compile(r"(\d{1,4})-(\d{1,4})(%?)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_PERCENT: Final = (("%",), ("٪",), ("بالمئه",), ("بالمائه",), ("في", "المئه"), ("في", "المائه"))
_SIGNS: Final = ("%", "٪", "$", "€", "£")
_CLITICS: Final = ("و", "ف", "ب", "ل")
#: `بضعة` is no less and no more than so many.
_FEW: Final = (3, 9)


@functools.cache
def number_words() -> dict[str, tuple[int, str]]:
    """Value and kind by word in normal form."""
    return {normal_form(r["word"]): (int(r["value"]), r["kind"]) for r in lexicon.table("number_words")}


@functools.cache
def _duals() -> dict[str, str]:
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
    for plural in _counted():
        found.pop(plural, None)
    return found


@functools.cache
def _counted() -> frozenset[str]:
    """Nouns that are counted, in normal form: singular, with tanwin, and plural."""
    rows = lexicon.table("counted_nouns")
    nouns = {normal_form(row["noun"]) for row in rows} | {normal_form(row["plural"]) for row in rows}
    return frozenset(nouns | {normal_form(row["noun"]) + "ا" for row in rows if not row["noun"].endswith("ة")})


@functools.cache
def _contexts(kind: str) -> frozenset[str]:
    return frozenset(normal_form(r["word"]) for r in lexicon.table("number_contexts") if r["kind"] == kind)


@functools.cache
def _approximators(place: str, end: int) -> dict[str, tuple[tuple[tuple[str, ...], str], ...]]:
    """Phrases and sides by their last (`end` -1) or first (0) word, the longest first."""
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for row in lexicon.table("approximators"):
        if row["place"] == place:
            phrase = tuple(normal_form(row["phrase"]).split())
            found.setdefault(phrase[end], []).append((phrase, row["side"]))
    return {word: tuple(sorted(phrases, key=lambda p: -len(p[0]))) for word, phrases in found.items()}


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


class _Number(NamedTuple):
    """A number in the tokens: lowest and highest value, tokens used, unit that it tells by itself, start in the text."""

    low: float
    high: float | None
    used: int
    unit: str | None
    start: int
    scale: int  # of its last word: 1000 for `ثلاثة آلاف`
    vague: bool = False  # a plural such as مئات: what it counts may be definite


def _word(norm: str) -> tuple[int, str]:
    """Value and kind of a number word with or without ال."""
    known = number_words()
    return known.get(norm) or known.get(norm.removeprefix("ال"), (0, ""))


def _is_number(norm: str) -> bool:
    return norm in _duals() or bool(_word(norm)[1])


def _bare(token: Token) -> tuple[str, int]:
    """Normal form and start of a token without the و ف ب ل that stand before a number word or a dual."""
    norm = token.norm
    for cut in range(3):
        if _is_number(norm[cut:]):
            return norm[cut:], max(token.host_start, token.start + cut) if cut else token.start
        if norm[cut : cut + 1] not in _CLITICS:
            break
    return norm, token.start


def _one(tokens: Sequence[Token], at: int) -> _Number | None:
    """The number at tokens[at]; None where there is none, or one that names and does not count."""
    token = tokens[at]
    first, start = _bare(token)
    value, kind = number_words().get(first, (0, ""))
    if not kind and first in _duals():
        return _Number(
            2, 2, 1 + (_norm(tokens, at + 1) in ("اثنان", "اثنين", "اثنتان", "اثنتين")), _duals()[first], start, 0
        )
    if not kind and first[:2] == "ال" and first[2:] in number_words():
        return _definite(tokens, at, start, *number_words()[first[2:]])
    if kind.startswith("ordinal") or _norm(tokens, at - 1 - (_norm(tokens, at - 1) == "ال")) in _contexts("label"):
        return None
    following = _word(_norm(tokens, at + 1))
    if kind == "few":
        base = following[0] if following[1] in ("many", "scales") else 1
        return _Number(_FEW[0] * base, _FEW[1] * base, 1 + (base > 1), None, start, 0, base > 1)
    if kind in ("many", "scales"):
        return _vague(value, kind, following, start)
    if kind == "half":
        return _Number(*(value * following[0] / 100,) * 2, 2, None, start, 0) if following[1] == "scale" else None
    if token.kind == "number":
        if at and _glued(tokens[at - 1], token):
            return None
        if match := _RANGE.fullmatch(latin_digits(token.text)):
            return _dashed(match, tokens, at)
        digits = read_digits(token.text)
        if digits is None or (at and tokens[at - 1].stem in ("عام", "سنه") and 1000 <= digits[0] < 2100):
            return None
        if digits[1]:
            return _Number(digits[0], digits[0], 1, "%", start, 0)
    read, used = read_words([first, *(t.norm for t in tokens[at + 1 : at + 12])])
    if not used:
        return None
    if kind == "unit" and used == 1 and value == 1:
        before = tokens[at - 1].norm if at else ""
        return _Number(1, 1, 1, tokens[at - 1].stem, start, 0) if first[:4] == "واحد" and before in _counted() else None
    last, last_kind = number_words().get(_bare(tokens[at + used - 1])[0], (0, ""))
    scale = last if last_kind in ("scale", "scales") else last // 2 if last_kind == "dualscale" else 0
    return _Number(read, read, used, None, start, scale)


def _glued(before: Token, number: Token) -> bool:
    """Whether a number is part of a name, as in `F16`."""
    if before.end < number.start or before.kind not in ("word", "latin"):
        return False
    return before.norm.removesuffix("ال").strip("وفبلك") != ""


def _norm(tokens: Sequence[Token], at: int) -> str:
    return tokens[at].norm if 0 <= at < len(tokens) else ""


def _definite(tokens: Sequence[Token], at: int, start: int, value: int, kind: str) -> _Number | None:
    """A number with ال: a small one after a definite noun counts that noun, a plural such as الآلاف counts alone."""
    if kind in ("many", "scales"):
        return _vague(value, kind, _word(_norm(tokens, at + 1)), start)
    if kind == "unit" and value > 2 and at and tokens[at - 1].definite and tokens[at - 1].stem in _counted():
        return _Number(value, value, 1, tokens[at - 1].stem, start, 0)
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
    if low >= high or not (match[3] or scaled or following in _counted() or _phrase(tokens, at + 1, _PERCENT)):
        return None
    if scaled:
        low, high = low * factor, high * factor
    return _Number(low, high, 1 + scaled, "%" if match[3] else None, tokens[at].start, 0)


class _Numeric(dict[str, bool]):
    """Whether a number may begin with a word in normal form, worked out once a word."""

    def __missing__(self, norm: str) -> bool:
        if len(self) > 1 << 17:
            self.clear()
        clitics = next((i for i, letter in enumerate(norm[:2]) if letter not in _CLITICS), min(2, len(norm)))
        self[norm] = result = norm[:1].isdecimal() or any(_is_number(norm[cut:]) for cut in range(clitics + 1))
        return result


_NUMERIC: Final = _Numeric()


def _phrase(tokens: Sequence[Token], at: int, phrases: Sequence[tuple[str, ...]]) -> int:
    """How many tokens from tokens[at] on are one of the phrases; 0 where none is."""
    for phrase in phrases:
        if at + len(phrase) <= len(tokens) and all(tokens[at + i].norm == word for i, word in enumerate(phrase)):
            return len(phrase)
    return 0


def _approximated(tokens: Sequence[Token], floor: int, here: int) -> tuple[int, int, str]:
    """First token, start and side of an approximator that ends just before tokens[here], not before tokens[floor]."""
    if here > floor:
        last = tokens[here - 1].norm
        forms = (last, last[1:]) if last[:1] in _CLITICS else (last,)
        for phrase, side in (p for form in forms for p in _approximators("before", -1).get(form, ())):
            first = here - len(phrase)
            if first < floor:
                continue
            norms = [t.norm for t in tokens[first:here]]
            clitic = norms[0] != phrase[0] and norms[0][:1] in _CLITICS
            norms[0] = norms[0][clitic:]
            if tuple(norms) == phrase:
                return first, max(tokens[first].host_start, tokens[first].start + clitic), side
    return here, 0, ""


def _approximated_after(tokens: Sequence[Token], after: int, unit: str | None) -> str:
    """Side of an approximator behind a number, or behind the noun that it counts and one word more."""
    for at in range(after, min(len(tokens), after + (3 if unit else 1))):
        for phrase, side in _approximators("after", 0).get(tokens[at].norm, ()):
            if _phrase(tokens, at, (phrase,)):
                return side
    return ""


def _half_after(tokens: Sequence[Token], after: int) -> int:
    """How many tokens `ونصف`, or `ونصف المليون`, takes at tokens[after]."""
    used = _phrase(tokens, after, (("ونصف",), ("و", "نصف")))
    named = used and _word(_norm(tokens, after + used))[1] == "scale"
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
    second = _one(tokens, at) if at < len(tokens) and _NUMERIC[tokens[at].norm] else None
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
    if token.kind != "word" or token.norm in _contexts("no-unit") or _NUMERIC[token.norm]:
        return None, after
    if token.norm not in _counted():
        if token.norm[:1] == "و" or token.proclitics not in ((), ("ال",)):
            return None, after
        if token.definite and not (vague or partitive):
            return None, after
        if token.norm[:1] == "ي" and not token.norm.endswith(("ي", "يا", "ين")):  # a verb, not the people of Yemen
            return None, after
    stem = token.stem
    if 11 <= value % 100 <= 99 and len(stem) > 3 and stem.endswith("ا") and not token.definite:
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
        number = _one(tokens, here)
        if number is None:
            # the عشر of an ordinal is no ten
            at = here + 1 + (_bare(tokens[here])[0][:2] == "ال" and _norm(tokens, here + 1) in ("عشر", "عشره"))
            continue
        quantity, at = _quantity(tokens, at, here, number)
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
