"""Role nouns told again: `المسؤول العسكري الروسي` is the only man of the article whose role fits.

Knows: the roles told beside names, words of a phrase.  Does not know: whom the article never names.
"""

import functools
from collections.abc import Iterable, Mapping

from transforms.arabic import lexicon
from transforms.arabic.characters import normal_form
from transforms.arabic.places import adjective_country


def holder(phrase: str, roles: Mapping[str, str]) -> str | None:
    """Who of an article's people a definite role noun means, None where none or several fit.

    `roles` has the role of each person by full name.

    >>> holder("الوزير الروسي", {"سيرغي لافروف": "وزير الخارجية الروسي", "جان إيف لودريان": "وزير الخارجية الفرنسي"})
    'سيرغي لافروف'
    """
    words = [_definite(normal_form(word)) for word in phrase.split()]
    if not words or not any(word.startswith("ال") for word in words[:2]):
        return None
    head, *rest = map(_bare, words)
    if head not in _offices() and head not in _general():
        return None
    fit = [name for name, role in roles.items() if _fits(head, rest, [_bare(normal_form(w)) for w in role.split()])]
    return fit[0] if len(fit) == 1 else None


def _fits(head: str, rest: Iterable[str], role: list[str]) -> bool:
    if head not in role and not (head in _general() and role and role[0] in _offices()):
        return False
    countries = {country for word in role if (country := adjective_country(word))}
    return all(
        word in role or (head in _general() and word in _adjectives()) or adjective_country(word) in countries
        for word in rest
    )


def _definite(word: str) -> str:
    """The word without conjunction and preposition where the article shows them."""
    if word.startswith("لل") and len(word) > 4:
        return "ال" + word[2:]
    return word[1:] if word[1:3] == "ال" and word[0] in "وفبك" and len(word) > 5 else word


def _bare(word: str) -> str:
    return word.removeprefix("ال")


@functools.cache
def _offices() -> frozenset[str]:
    """Words of office, rank and calling."""
    rows = lexicon.table("titles")
    return frozenset(_bare(normal_form(row["word"])) for row in rows if row["kind"] != "address")


@functools.cache
def _general() -> frozenset[str]:
    """Nouns for any man of office."""
    return frozenset(row["word"] for row in lexicon.table("holder_words") if row["kind"] == "noun")


@functools.cache
def _adjectives() -> frozenset[str]:
    """What may be told of any man of office."""
    return frozenset(row["word"] for row in lexicon.table("holder_words") if row["kind"] == "adjective")
