"""Noun phrases: the stretches of a sentence that can name who did something or whom it was done to.

Knows: function words, definiteness, names.  Does not know: verbs from nouns, so a phrase can be none; what stands beside
it (`transforms.arabic.roles`) must decide.
"""

import functools
from collections.abc import Sequence
from typing import NamedTuple

from schemas.mention import Mention
from schemas.token import Token
from transforms.arabic.lexicon import table

#: A phrase goes on over so many words at most.
LONGEST = 7


class Phrase(NamedTuple):
    """tokens[first:last + 1] of a sentence; `kind` is the type of the first name in it, "" where there is none."""

    sentence: int
    first: int
    last: int
    start: int
    end: int
    kind: str
    chained: bool  # goes on a phrase that began before it


@functools.cache
def word_classes() -> dict[str, str]:
    """Class of each function word, by normal form."""
    return {row["word"]: row["class"] for row in table("function_words")}


def word_class(token: Token) -> str:
    """Class of a token: punct, number, a function word's class, or "" for what can stand in a noun phrase."""
    if token.kind == "word":
        found = word_classes().get(token.norm)
        if found is None and token.norm[:1] in "وف":
            found = word_classes().get(token.norm[1:])
        return found or ""
    return "" if token.kind in ("latin", "hashtag", "handle") else token.kind


def names_at(tokens: Sequence[Token], mentions: Sequence[Mention]) -> list[Mention | None]:
    """The mention that each token stands in, dates and quantities left out unless nothing else does."""
    found: list[Mention | None] = [None] * len(tokens)
    for mention in sorted(mentions, key=lambda m: m.type not in ("DATE", "QUANTITY")):
        for i, token in enumerate(tokens):
            if token.start < mention.end and mention.start < token.end:
                found[i] = mention
    return found


def find_phrases(
    index: int, tokens: Sequence[Token], names: Sequence[Mention | None], triggers: frozenset[int]
) -> tuple[Phrase, ...]:
    """The candidate phrases of sentence `index`, in text order; words of `triggers` stand in none."""
    found: list[Phrase] = []
    reached = -1
    classes = [word_class(t) for t in tokens]
    for i, token in enumerate(tokens):
        name = names[i]
        if i in triggers or (classes[i] and name is None) or (name is not None and name.type == "DATE"):
            continue
        if name is not None and name.type == "QUANTITY" and i > 0 and names[i - 1] is name:
            continue
        inside = i <= reached
        if inside and (name is None or names[i - 1] is name):
            continue
        last = _end(tokens, names, classes, triggers, i)
        kind = next((m.type for m in names[i : last + 1] if m is not None), "")
        start = token.start if token.proclitics[-2:] == ("ل", "ال") else token.host_start
        found.append(Phrase(index, i, last, start, tokens[last].end, kind, inside))
        reached = max(reached, last)
    return tuple(found)


def _end(
    tokens: Sequence[Token],
    names: Sequence[Mention | None],
    classes: Sequence[str],
    triggers: frozenset[int],
    first: int,
) -> int:
    """Index of the last word of the phrase that begins at tokens[first]."""
    last = first
    definite = _definite(tokens[first]) or names[first] is not None
    for i in range(first + 1, min(first + LONGEST, len(tokens))):
        name = names[i]
        goes_on = name is not None and names[i - 1] is name
        if i in triggers or (name is not None and name.type == "DATE"):
            break
        if not goes_on:
            if tokens[i].text in "\"«»“”''":
                continue
            if classes[i] or (tokens[i].norm[:1] == "و" and tokens[i].proclitics[:1] == ("و",)):
                break
            if definite and not _definite(tokens[i]) and name is None:
                break
        definite = definite or _definite(tokens[i]) or (name is not None and name.type != "QUANTITY")
        last = i
    return last


def _definite(token: Token) -> bool:
    return token.norm.startswith(("ال", "لل", "وال", "بال"))
