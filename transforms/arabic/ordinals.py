"""Ordinals: which place in a row a word tells: `الثالث`, `الحادية والعشرين`, `ثاني أكبر`, `الدورة الـ67`.

Knows: the words of `number_words` and the nouns that are counted off with numbers (`number_contexts`, ranked).  Does not
know: dates, which are made of the same words, or what a quantity is.
"""

from collections.abc import Sequence
from typing import Final

from schemas.token import Token
from transforms.arabic.numberwords import BEGINNINGS, contexts, number_words, read_digits
from transforms.arabic.spans import Quantity

_TEN: Final = ("عشر", "عشره")
#: Months that end in an ordinal.
_MONTHS: Final = frozenset(("تشرين", "كانون", "ربيع", "جمادي"))
#: Before a month alone, the first of it.
_OF_MONTHS: Final = frozenset(("فاتح", "غره"))
_HUNDREDS: Final = {"المئه": 100, "المائه": 100, "المئتين": 200, "المائتين": 200, "الالف": 1000}


def ordinal_at(tokens: Sequence[Token], at: int) -> tuple[Quantity, int] | None:
    """The ordinal that begins at tokens[at], its noun as unit, and the token after it; None where there is none."""
    token = tokens[at]
    bare, cut = BEGINNINGS[token.norm] or (token.norm, 0)
    value, kind = number_words().get(bare, (0, ""))
    start = max(token.host_start, token.start + cut) if cut else token.start
    if kind == "ordinal-c":
        return _construct(tokens, at, bare, value, start)
    before = tokens[at - 1] if at else None
    told = before is not None and before.norm in contexts("label")
    if before and before.norm == "ال" and at > 1:  # الـ67 is two tokens
        before, start, told = tokens[at - 2], before.start, True
    ranked = before is not None and before.norm.lstrip("وبفل").removeprefix("ال") in contexts("ranked")
    after = at + 1
    if kind in ("ordinal", "ordinal-f"):
        if before and before.norm.lstrip("وبفل") in _MONTHS:
            return None
        following = tokens[after].norm if after < len(tokens) else ""
        if following in _TEN:
            value, after = value + 10, after + 1
        elif following[:3] == "وال" and (ten := _ten(following[1:])):
            value, after = value + ten, after + 1
    elif not ranked:
        return None
    elif bare in _HUNDREDS or _ten(bare):
        value = _HUNDREDS.get(bare) or _ten(bare)
    elif token.kind == "number" and told and (digits := read_digits(token.text)) and not digits[1] and digits[0] < 1000:
        value = int(digits[0])
    else:
        return None
    noun = before.stem if before and before.kind == "word" and (ranked or before.definite) else None
    return Quantity(start, tokens[after - 1].end, float(value), float(value), noun, "ordinal"), after


def _construct(tokens: Sequence[Token], at: int, bare: str, value: int, start: int) -> tuple[Quantity, int] | None:
    """`ثاني أكبر مدينة`: before its noun, or before what is compared."""
    if at + 1 == len(tokens) or bare in _OF_MONTHS:
        return None
    noun = tokens[at + 1]
    if noun.kind != "word" or noun.proclitics not in ((), ("ال",)) or noun.norm in contexts("no-unit"):
        return None
    return Quantity(start, tokens[at].end, float(value), float(value), noun.stem, "ordinal"), at + 1


def _ten(norm: str) -> int:
    """The value of `العشرين`, `الثلاثون` …; 0 for other words."""
    value, kind = number_words().get(norm.removeprefix("ال"), (0, ""))
    return value if kind == "ten" and norm[:2] == "ال" else 0
