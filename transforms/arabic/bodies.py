"""Bodies by rule: names that the tagger takes in part, and common nouns that it takes for a name.

Each rule holds wherever the gold articles have its words: air forces with their nationality (3 of 3), two ministries told at once
(2 of 2), forces with whose they are (`قوات الجيش اليمني`: 58 of 59), centres and camps told by their use (6 of 6 no name), القاعدة with an adjective as a base (2 of 2).
Does not know: what else makes a name.
"""

import functools
from collections.abc import Sequence
from typing import Final

from schemas.token import Token
from transforms.arabic import lexicon

_BASE: Final = "قاعده"
_GROUP: Final = "تنظيم"
_TODAY: Final = ("روسيا", "اليوم")


def with_bodies(tokens: Sequence[Token], labels: Sequence[str]) -> list[str]:
    """The BIO labels of a sentence's tokens, those of bodies mended."""
    made = list(labels)
    for i, token in enumerate(tokens):
        if token.kind != "word":
            continue
        kind = _kinds().get(token.norm) or _kinds().get(token.stem, "")
        if kind.endswith("head") and made[i : i + 2] == ["O", "B-ORG"] and not token.definite:
            made[i : i + 2] = ["B-ORG", "I-ORG"]
        if (kind.startswith("air") and _air(tokens, made, i)) or (kind == "pair" and _pair(tokens, i)):
            _name(made, i, i + 3)
        elif kind == "outlet" and tuple(t.norm for t in tokens[i + 1 : i + 3]) == _TODAY:
            _name(made, i + 1, i + 3)
        elif made[i] in ("B-ORG", "B-LOC") and _is_common(tokens, made, i, kind):
            made[i : _end(made, i)] = ["O"] * (_end(made, i) - i)
    return made


def _air(tokens: Sequence[Token], labels: Sequence[str], i: int) -> bool:
    """`القوى الجوية السورية`"""
    return (
        tokens[i].definite
        and [t.stem for t in tokens[i + 1 : i + 2]] == ["جويه"]
        and labels[i + 2 : i + 3] == ["B-NORP"]
        and tokens[i + 2].definite
    )


def _pair(tokens: Sequence[Token], i: int) -> bool:
    """`وزارتي الدفاع والخارجية`"""
    found = tokens[i + 1 : i + 3]
    return len(found) == 2 and found[0].definite and found[1].proclitics == ("و", "ال")


def _is_common(tokens: Sequence[Token], labels: Sequence[str], i: int, kind: str) -> bool:
    """Whether what was taken for a name from token i on is a common noun."""
    if kind == "thing":
        return not tokens[i].definite and _end(labels, i) == i + 1
    return (kind == "place" and _by_use(tokens, labels, i)) or (tokens[i].stem == _BASE and _is_base(tokens, i))


def _by_use(tokens: Sequence[Token], labels: Sequence[str], i: int) -> bool:
    """`مركز قيادة محصن`: no word of it is definite."""
    end = _end(labels, i)
    return _kinds().get(tokens[i + 1].stem if i + 1 < end else "") == "use" and not any(
        t.definite for t in tokens[i:end]
    )


def _is_base(tokens: Sequence[Token], i: int) -> bool:
    """`القاعدة العسكرية`, not `تنظيم القاعدة` nor `القاعدة في اليمن`."""
    after = tokens[i + 1] if i + 1 < len(tokens) else None
    led = i > 0 and tokens[i - 1].stem == _GROUP
    return not led and after is not None and after.proclitics == ("ال",) and after.stem.endswith("يه")


def _end(labels: Sequence[str], i: int) -> int:
    end = i + 1
    while end < len(labels) and labels[end] == f"I{labels[i][1:]}":
        end += 1
    return end


def _name(labels: list[str], first: int, end: int) -> None:
    """Makes labels[first:end] a body's, and what it cuts off of other names none or names of their own."""
    rest = labels[end : end + 1]
    labels[first:end] = ["B-ORG", *["I-ORG"] * (end - first - 1)]
    if rest and rest[0][0] == "I" and rest[0] != "I-ORG":
        labels[end] = f"B{rest[0][1:]}"


@functools.cache
def _kinds() -> dict[str, str]:
    return {row["word"]: row["kind"] for row in lexicon.table("body_words")}
