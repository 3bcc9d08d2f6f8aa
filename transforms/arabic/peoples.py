"""Whether a nisba adjective means a people where it stands: by the word before it.

The tagger of names weighs words one by one; what follows from agreement and meaning is said here.  `السعودية` is the
country or the adjective, which follows a noun with ال: so in all 23 places of the gold articles, and the tagger took 4 of 11 on
dev for the country; `سورية` is the country behind a preposition or another country.  Names of languages are no people's (8 of 10 in the gold articles), nor is غربي (12 of 18).
Does not know: whether the noun before belongs to a body's name.
"""

import functools
from collections.abc import Sequence
from typing import Final

from schemas.token import Token
from transforms.arabic import lexicon
from transforms.arabic.phrases import words_of_class

#: The one country whose name is its adjective.
_BOTH: Final = "سعوديه"
_SAHRAWI: Final = frozenset(["صحراوي", "صحراويه"])
_CLOSING: Final = frozenset('"»”')


def with_peoples(tokens: Sequence[Token], labels: Sequence[str]) -> list[str]:
    """The BIO labels of a sentence's tokens, those of one-word peoples and of السعودية mended."""
    made = list(labels)
    for i, label in enumerate(labels):
        if label in ("B-NORP", "B-LOC") and labels[i + 1 : i + 2] != [f"I-{label[2:]}"]:
            listed = i > 0 and made[i - 1].endswith("-LOC")
            made[i] = _is_country(tokens, i, listed=listed) or _mended(tokens, i, label)
    return made


def _is_country(tokens: Sequence[Token], i: int, *, listed: bool) -> str | None:
    """`في سورية`, `لسورية`, `العراق وسورية` are the country: 12 of 12 in the labelled articles, elsewhere 34 of 39 the adjective."""
    token = tokens[i]
    if _kind(token.stem) != "country" or token.definite:
        return None
    led = i > 0 and tokens[i - 1].norm in words_of_class("prep")
    joined = token.proclitics[-1:]
    return "B-LOC" if led or joined in (("ب",), ("ل",), ("ك",)) or (joined == ("و",) and listed) else None


def _mended(tokens: Sequence[Token], i: int, label: str) -> str:
    token = tokens[i]
    at = i - 1
    if at > 0 and tokens[at].text in _CLOSING:
        at -= 1
    before = tokens[at] if at >= 0 and tokens[at].kind == "word" else None
    if token.stem == _BOTH and before and before.definite and token.proclitics == ("ال",):
        return "B-NORP"
    if label == "B-LOC":
        return label
    if _kind(token.stem) == "group" and not _agrees(tokens[at] if at >= 0 else None, token):
        return "B-ORG"
    if _kind(token.stem) == "none" or (token.stem.endswith("يه") and _is_language(before, token)):
        return "O"
    if token.stem in _SAHRAWI and before and _kind(before.stem) == "ground":
        return "O"
    return label


def _agrees(before: Token | None, token: Token) -> bool:
    """`القيادي الحوثي`, `صاروخ حوثي`; not `سجون الحوثي`, `20 حوثيا`."""
    return before is not None and before.kind == "word" and before.definite == token.definite


def _is_language(before: Token | None, token: Token) -> bool:
    """`اللغة الفرنسية`, `يتحدثون العربية`, `كتب بالفارسية`."""
    if token.proclitics[-2:] == ("ب", "ال"):
        return True
    kind = _kind(before.stem) if before else None
    return kind == "language" or (kind == "tongue" and token.definite)


@functools.cache
def _kinds() -> dict[str, str]:
    return {row["word"]: row["kind"] for row in lexicon.table("people_words")}


def _kind(stem: str) -> str | None:
    return _kinds().get(stem)
