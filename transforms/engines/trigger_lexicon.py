"""The lexicon of event words.

`trigger_words.tsv` says which verbs and nouns can tell which PLOVER type, `trigger_verbs.tsv` which forms a verb has.
"""

import functools
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from transforms.arabic import lexicon
from transforms.arabic.characters import normal_form
from transforms.engines.name_features import Word, base_of

_PRONOUNS: Final = ("هما", "كما", "ها", "هم", "هن", "نا", "كم", "ه", "ي", "ا")
_ENDINGS: Final = ("ات", "ين", "ون", "ان", "يه", "تين", "تان", "وا")


@functools.lru_cache(maxsize=1 << 16)
def lexical(word: Word) -> tuple[str, ...]:
    """What the lexicon tells of a word: `v` (verb) or `n` (noun) and a type, sorted.

    >>> lexical(("word", "واعتقلت"))
    ('vCOERCE',)
    """
    kind, norm = word
    if kind != "word" or not norm:
        return ()
    found = {
        f"v{t}" for form in _verb_forms(norm) for lemma in _verbs().get(form, ()) for t in _types("verb").get(lemma, ())
    }
    found |= {f"n{t}" for noun in _noun_forms(norm, base_of(word)) for t in _types("noun").get(noun, ())}
    return tuple(sorted(found))


def _verb_forms(norm: str) -> Iterator[str]:
    """The word, without و ف, without س."""
    yield norm
    if norm[0] in "وف" and len(norm) > 3:
        norm = norm[1:]
        yield norm
    if norm[0] == "س" and len(norm) > 4:
        yield norm[1:]


def _noun_forms(norm: str, base: str) -> Iterator[str]:
    """The bases with and without preposition, article, pronoun and the endings of number."""
    bases = {base}
    rest = norm[1:] if norm[0] in "وف" and len(norm) > 3 else norm
    if rest.startswith("لل"):
        bases.add(rest[2:])
    if base[0] in "بلك" and len(base) > 4:
        bases.add(base[1:])
    for noun in sorted(bases):
        bare = noun[2:] if noun.startswith("ال") and len(noun) > 4 else noun
        forms = [bare, *(bare.removesuffix(p) for p in _PRONOUNS if bare.endswith(p) and len(bare) - len(p) >= 3)]
        yield from forms
        for form in forms:
            if form.endswith("ت"):
                yield form[:-1] + "ه"
            for ending in _ENDINGS:
                if form.endswith(ending) and len(form) - len(ending) >= 3:
                    yield form.removesuffix(ending)
                    yield form.removesuffix(ending) + "ه"


@functools.cache
def _types(kind: str) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for row in lexicon.table("trigger_words"):
        if row["kind"] == kind:
            found[normal_form(row["word"])].add(row["type"])
    return {word: frozenset(types) for word, types in found.items()}


@functools.cache
def _verbs() -> dict[str, tuple[str, ...]]:
    return {row["form"]: tuple(row["lemmas"].split(" ")) for row in lexicon.table("trigger_verbs")}
