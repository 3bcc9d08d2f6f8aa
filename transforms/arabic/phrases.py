"""Noun phrases: the stretches of a sentence that can name who did something or whom it was done to.

Knows: function words, verbs by their form and company, definiteness, names, titles, numbers.  Does not know: syntax, so a
phrase can be none, and one head can have several ends; what stands beside it (`transforms.arabic.roles`) must decide.
"""

import functools
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Final, NamedTuple

from schemas.mention import Mention
from schemas.token import Token
from transforms.arabic.lexicon import table, words
from transforms.arabic.titles import is_title
from transforms.arabic.verbs import verbal

#: A phrase goes on over so many words at most, a joint one over twice as many.
LONGEST: Final = 7
_QUOTES: Final = "\"«»“”''"
#: Words of these classes can stand before a noun phrase as part of it: `هذا القرار`, `كل الأطراف`.
_OPENING: Final = ("dem", "quant")


class Phrase(NamedTuple):
    """tokens[first:last + 1] of a sentence; `kind` is the type of the first name in it, "" where there is none."""

    sentence: int
    first: int
    last: int
    start: int
    end: int
    kind: str
    chained: bool  # goes on a phrase that began before it
    joint: bool  # two or more phrases with `و` between them


@functools.cache
def word_classes() -> dict[str, str]:
    """Class of each function word, by normal form."""
    return {row["word"]: row["class"] for row in table("function_words") if "+" not in row["class"]}


@functools.cache
def words_of_class(name: str) -> frozenset[str]:
    """The function words of a class, and those of quantity that stand as nouns too."""
    return frozenset(row["word"] for row in table("function_words") if row["class"].split("+")[0] == name)


def word_class(token: Token) -> str:
    """Class of a token: punct, number, a function word's class, or "" for what can stand in a noun phrase."""
    if token.kind == "word":
        found = word_classes().get(token.norm)
        if found is None and token.norm[:1] in "وف":
            found = word_classes().get(token.norm[1:])
        if found is None and token.enclitic and word_classes().get(token.stem) == "prep":
            return "prep"  # خلالها
        return found or ""
    return "" if token.kind in ("latin", "hashtag", "handle") else token.kind


class Word(NamedTuple):
    """What a token is by its form alone."""

    kind: str  # as `word_class` tells it
    verb: bool  # rather a verb than a noun
    definite: bool
    adjective: bool
    bound: bool  # begins with one of و ف ب ل ك
    symbol: str  # as in `Scene.symbols`
    named: str  # the same, where it stands in a name


def word_of(token: Token) -> Word:
    """What a token is by its form alone, worked out once for each form."""
    return _word(token[2:8], token.host_start > token.start)


@functools.lru_cache(maxsize=1 << 15)
def _word(form: tuple[str, str, str, tuple[str, ...], str, str], led: bool) -> Word:
    token = Token(0, 0, *form, 0)
    kind = word_class(token)
    verb = verbal(token) if token.kind == "word" else ""
    lead = token.norm[:1] if led else "ل" if token.norm[:2] == "لل" else ""
    noun = (lead if token.kind == "word" else "") + "N"
    both = {"prep": token.norm.removeprefix("و") if len(token.norm) > 2 else token.norm, "punct": token.text}.get(kind)
    return Word(
        kind,
        bool(verb),
        token.norm.startswith(("ال", "لل", "وال", "بال")),
        is_adjective(token),
        token.proclitics[:1] in (("و",), ("ف",), ("ب",), ("ل",), ("ك",)),
        both or kind or verb or noun,
        both or noun,
    )


def names_at(tokens: Sequence[Token], mentions: Sequence[Mention]) -> list[Mention | None]:
    """The mention that each token stands in, dates and quantities left out unless nothing else does, titles never in."""
    found: list[Mention | None] = [None] * len(tokens)
    if not mentions:
        return found
    starts = [token.start for token in tokens]
    for mention in sorted(mentions, key=lambda m: m.type not in ("DATE", "QUANTITY")):
        if mention.type == "TITLE":
            continue
        first = max(bisect_right(starts, mention.start) - 1, 0)
        for i in range(first, bisect_left(starts, mention.end)):
            if mention.start < tokens[i].end:
                found[i] = mention
    return found


def find_phrases(
    index: int,
    tokens: Sequence[Token],
    names: Sequence[Mention | None],
    triggers: frozenset[int],
    words: Sequence[Word] | None = None,
) -> tuple[Phrase, ...]:
    """The candidate phrases of sentence `index`, in text order; words of `triggers` stand in none.

    `words` has `word_of` each token where the caller knows it.
    """
    line = _Line(tokens, names, triggers, words or [word_of(token) for token in tokens])
    found: list[Phrase] = []
    reached = -1
    for i, name in enumerate(names):
        if not line.opens(i):
            continue
        inside = i <= reached
        if inside and not line.tail(i) and (name is None or names[i - 1] is name or name.type == "QUANTITY"):
            continue
        last = line.end(i)
        found.append(_phrase(index, line, i, last, chained=inside))
        if not inside and (joint := line.joint(last)) is not None:
            found.append(_phrase(index, line, i, joint, joint=True))
        reached = max(reached, last)
    return tuple(found)


def _phrase(index: int, line: "_Line", first: int, last: int, *, chained: bool = False, joint: bool = False) -> Phrase:
    token = line.tokens[first]
    kind = next(filter(None, line.types[first : last + 1]), "")
    start = token.start if token.proclitics[-2:] == ("ل", "ال") else token.host_start
    return Phrase(index, first, last, start, line.tokens[last].end, kind, chained, joint)


class _Line:
    """A sentence with what each word is."""

    def __init__(
        self, tokens: Sequence[Token], names: Sequence[Mention | None], triggers: frozenset[int], words: Sequence[Word]
    ) -> None:
        self.tokens = tokens
        self.names = names
        self.triggers = triggers
        self.words = words
        #: Type of the mention that each token stands in, or "".
        self.types = ["" if name is None else name.type for name in names]
        self._opens: dict[int, bool] = {}

    def goes_on(self, i: int) -> bool:
        """Whether token i goes on the mention of the token before it."""
        return i > 0 and self.names[i] is not None and self.names[i - 1] is self.names[i]

    def is_verb(self, i: int) -> bool:
        """Whether token i is rather a verb than a noun."""
        return self.words[i].verb and not self.types[i]

    def opens(self, i: int) -> bool:
        """Whether a phrase can begin with token i."""
        if i not in self._opens:
            self._opens[i] = self._can_open(i)
        return self._opens[i]

    def _can_open(self, i: int) -> bool:
        kind = self.types[i]
        if i in self.triggers or kind == "DATE" or (kind == "QUANTITY" and self.goes_on(i)):
            return False
        if i and i - 1 in self.triggers and not kind and self._goes_with(i):
            return False
        if self.words[i].kind in _OPENING and not kind:
            return i + 1 < len(self.tokens) and not self.words[i + 1].kind and not self.is_verb(i + 1)
        return bool(kind) or not (self.words[i].kind or self.words[i].verb)

    def _goes_with(self, i: int) -> bool:
        """Whether token i is an adjective of the event's noun before it: `ضربة استباقية`."""
        word, noun = self.words[i], self.words[i - 1]
        return word.adjective and not (word.bound or self.is_verb(i - 1)) and word.definite == noun.definite

    def tail(self, i: int) -> bool:
        """Whether token i is the definite noun that indefinite ones before it belong to: `مقر` + `المنظمة`."""
        word, before = self.words[i], self.words[i - 1]
        return word.definite and not before.definite and not self.types[i - 1] and not before.kind

    def end(self, first: int) -> int:
        """Index of the last word of the phrase that begins with token `first`."""
        last = first
        linked = -1
        kind = self.types[first]
        opening = self.words[first].kind in _OPENING and not kind
        definite = not opening and kind != "QUANTITY" and (bool(kind) or self.words[first].definite)
        for i in range(first + 1, min(first + LONGEST, len(self.tokens))):
            word, kind = self.words[i], self.types[i]
            if i in self.triggers or kind == "DATE":
                break
            if not (kind and self.goes_on(i)):
                if self.tokens[i].text in _QUOTES:
                    continue
                if kind == "QUANTITY" and i > first + opening:
                    break
                if i + 1 < len(self.tokens) and self._links(first, last, i) and self.opens(i + 1):
                    linked = i + 1
                    continue
                if (
                    word.bound  # `والوزير`, `للوزير`, `بالوزير` begin something new.
                    or (not kind and (word.kind or word.verb or (definite and not word.definite)))
                    or (i != linked and self._after_name(last, i))
                ):
                    break
            definite = definite or word.definite or (bool(kind) and kind != "QUANTITY")
            last = i
        return self._with_holder(first, last)

    def _after_name(self, last: int, i: int) -> bool:
        """Whether a name that ends at token `last` ends the phrase, token i being none of its adjectives."""
        kind = self.types[last]
        if kind == "PER":
            return True
        if kind in ("ORG", "LOC"):
            return self.types[i] in ("ORG", "LOC") or not self._adjective(i)
        # A definite noun after a definite one is another: `دعا المجلس الحكومة`.
        both = self.words[last].definite and self.words[i].definite
        return both and not self.types[i] and not self._adjective(i)

    def _adjective(self, i: int) -> bool:
        """Whether token i goes on a definite phrase: an adjective, or the person whom the words before name."""
        return self.words[i].adjective or self.types[i] in ("NORP", "PER")

    def _links(self, first: int, last: int, i: int) -> bool:
        """Whether token i links parts of one phrase: `المئات من أبناء المدينة`, `المتحدث باسم الجيش`."""
        norm = self.tokens[i].norm
        if norm == "من":
            return self.types[last] == "QUANTITY" or self.tokens[last].stem in words_of_class("quant")
        if norm in ("باسم", "لدي"):
            return True
        return norm == "في" and is_title(self.tokens[first]) and last - first < 3

    def _with_holder(self, first: int, last: int) -> int:
        """With the name after a comma that a title announces: `الرئيس الروسي، فلاديمير بوتين`."""
        if last + 2 < len(self.tokens) and self.tokens[last + 1].text in ("،", ",") and self.types[last + 2] == "PER":
            title = is_title(self.tokens[first]) and not any(self.types[i] == "PER" for i in range(first, last + 1))
            if title and self.tokens[last + 2].host_start == self.tokens[last + 2].start:
                last += 2
                while last + 1 < len(self.tokens) and self.goes_on(last + 1):
                    last += 1
        return last

    def joint(self, last: int) -> int | None:
        """Where a phrase ends that ends at `last` when the phrases joined to it by `و` are counted in."""
        end = last
        for _ in range(4):
            i = end + 1
            if i < len(self.tokens) and self.tokens[i].norm == "و" and self.tokens[i].kind == "word":
                i += 1
            elif not (i < len(self.tokens) and self.tokens[i].proclitics[:1] == ("و",)):
                break
            if i >= len(self.tokens) or not self.opens(i):
                break
            end = self.end(i)
        return end if end > last else None


def is_adjective(token: Token) -> bool:
    """Whether a word is in the list of adjectives, with or without article and the alef of the accusative."""
    stem = token.norm.removeprefix("ال")
    return stem in words("adjectives", "word") or stem.removesuffix("ا") in words("adjectives", "word")
