"""What the trigger tagger looks at: the words as the name tagger sees them, and the lexicon of event words.

`trigger_words.tsv` says which verbs and nouns can tell which PLOVER type, `trigger_verbs.tsv` which forms a verb has.
"""

import functools
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from schemas.token import Token
from transforms.arabic import lexicon
from transforms.arabic.characters import normal_form
from transforms.arabic.clusters import group_of
from transforms.engines import name_features
from transforms.engines.name_features import Word, base_of, word_of

#: What a feature is computed from: kind, normal form (Latin as written), stem, proclitics, enclitic.
Form = tuple[str, str, str, str, str]
EDGE: Final[Form] = ("edge", "", "", "", "")
STEPS: Final = (-4, -3, -2, -1, 1, 2, 3, 4)

_PRONOUNS: Final = ("هما", "كما", "ها", "هم", "هن", "نا", "كم", "ه", "ي", "ا")
_ENDINGS: Final = ("ات", "ين", "ون", "ان", "يه", "تين", "تان", "وا")


def form_of(token: Token) -> Form:
    kind, norm = word_of(token)
    return (kind, norm, token.stem, "+".join(token.proclitics), token.enclitic)


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


@functools.lru_cache(maxsize=1 << 16)
def own(word: Form) -> tuple[str, ...]:
    """The features that a word has by itself."""
    kind, _, stem, before, after = word
    found = [*name_features.own(word[:2]), *(f"L={mark}" for mark in lexical(word[:2]))]
    if kind == "word":
        found += [f"st={stem}", f"cl={before}", f"en={after}", f"sp={stem[:2]}", f"se={stem[-2:]}"]
    return tuple(found)


@functools.lru_cache(maxsize=1 << 18)
def near(step: int, word: Form) -> tuple[str, ...]:
    """The features that a word gives a neighbour `step` words away; far ones are told apart by side alone."""
    kind, _, stem, before, _ = word
    marks = lexical(word[:2])
    if abs(step) > 2:
        side = "far-" if step < 0 else "far+"
        return (f"{side}st={stem}", *(f"{side}L={mark}" for mark in marks))
    found = [*name_features.near(step, word[:2]), *(f"{step}:L={mark}" for mark in marks)]
    if kind == "word":
        found += [f"{step}:st={stem}"]
        if abs(step) == 1:
            found.append(f"{step}:cl={before}")
    return tuple(found)


def pair(word: Form, following: Form) -> tuple[str, ...]:
    """Features of two neighbours together, given to both."""
    left, right = word[:2], following[:2]
    first, second = lexical(left), lexical(right)
    found = [*name_features.pair(left, right), f"st:{word[2]}|{following[2]}"]
    found += [f"{mark}|{group(right)}" for mark in first]
    found += [f"{group(left)}|{mark}" for mark in second]
    found += [f"{mark}|{other}" for mark in first for other in second]
    return tuple(found)


@functools.lru_cache(maxsize=1 << 16)
def group(word: Word) -> str:
    """The word's coarse group, or its kind."""
    found = group_of(word[1]) if word[0] == "word" else None
    return found.groups[0] if found else word[0] if word[0] != "punct" else word[1]


def article(sentences: Sequence[Sequence[Form]]) -> list[list[tuple[str, ...]]]:
    """What a word's place tells: whether it begins the sentence, or stands in the first sentence."""
    rows: list[list[tuple[str, ...]]] = []
    for n, words in enumerate(sentences):
        rows.append([("lead",) if n == 0 else () for _ in words])
        if words:
            rows[-1][0] += ("first",)
    return rows


def features(sentences: Sequence[Sequence[Token]]) -> list[list[list[str]]]:
    """The features of each token of an article, as the model is trained with them."""
    forms = [[form_of(t) for t in tokens] for tokens in sentences]
    rows = []
    for line, marks in zip(forms, article(forms), strict=True):
        row = []
        for i, word in enumerate(line):
            found = [*own(word), *marks[i]]
            for step in STEPS:
                j = i + step
                found.extend(near(step, line[j] if 0 <= j < len(line) else EDGE))
            if i:
                found.extend(f"-1|0:{p}" for p in pair(line[i - 1], word))
            if i + 1 < len(line):
                found.extend(f"0|1:{p}" for p in pair(word, line[i + 1]))
            row.append(found)
        rows.append(row)
    return rows
