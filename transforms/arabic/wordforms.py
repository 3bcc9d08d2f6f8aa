"""Words as written: which verbs and nouns of the lists each can be a form of.

Knows: clitics, the article, the accusative's alef, endings of gender and number; forms of verbs from trigger_verbs.tsv and
governor_verbs.tsv.  Does not know: broken plurals (they are listed as words), context.  All in normal form.
"""

import functools
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from transforms.arabic.characters import normal_form
from transforms.arabic.lexicon import table
from transforms.arabic.verbs import verbal_form

_PRONOUNS: Final = ("هما", "ها", "هم", "نا", "ه", "ي")
_ENDINGS: Final = ("ات", "تين", "تان", "ين", "ون", "ان", "وا")
#: A verb of so many letters that all stand in a form is its lemma: `افرجت` is of افرج, not of رجا.
_LONG: Final = 4


def readings(norm: str, verb: bool | None) -> Iterator[tuple[str, bool]]:
    """What a word can be a form of, and whether as a verb: the likelier class first, within it the nearest form.

    `verb` says which class the word has where that is known; the other one follows all the same.

    >>> next(readings("والهجمات", None)), ("هجمه", False) in readings("والهجمات", None), next(readings("سيعتقلون", True))
    (('والهجمات', False), True, ('اعتقل', True))
    """
    bare = norm[1:] if norm[:1] in "وف" and len(norm) > 3 else norm
    first = bool(verbal_form(norm) or verbal_form(bare)) if verb is None else verb
    for is_verb in (first, not first):
        yield from dict.fromkeys((word, is_verb) for word in (_lemmas if is_verb else _nouns)(norm))


def _lemmas(norm: str) -> Iterator[str]:
    """The verbs that a word can be a form of, with or without و ف س."""
    rests = [norm]
    if norm[:1] in "وف" and len(norm) > 3:
        rests.append(norm[1:])
    rests += [rest[1:] for rest in rests if rest[:1] == "س" and len(rest) > 4]
    for rest in rests:
        lemmas = _forms().get(rest, ())
        if rest in lemmas:
            yield rest
        yield from lemmas


def _nouns(norm: str) -> Iterator[str]:
    """A noun as written, then without what can be clitics, article, the accusative's alef, endings of gender and number."""
    yield norm
    rests = [norm]
    if norm[:1] in "وف" and len(norm) > 3:
        rests.append(norm[1:])
    rests += ["ال" + rest[2:] for rest in rests if rest.startswith("لل")]
    rests += [rest[1:] for rest in rests if rest[:1] in "بلك" and len(rest) > 3]
    for rest in rests:
        # `التزام` is no word with the article.
        bases = [rest, rest[2:]] if rest.startswith("ال") and len(rest) > 4 else [rest]
        yield from bases
        stems = bases + [b.removesuffix(p) for b in bases for p in _PRONOUNS if b.endswith(p) and len(b) - len(p) > 2]
        stems += [stem[:-1] + "ء" for stem in stems if stem[-1:] in ("ئ", "ؤ")]
        stems += [stem[:-1] for stem in stems if stem.endswith("ا") and len(stem) > 3]
        for stem in stems:
            yield stem
            if stem.endswith("ت"):
                yield stem[:-1] + "ه"
            for ending in _ENDINGS:
                if stem.endswith(ending) and len(stem) - len(ending) > 2:
                    yield stem.removesuffix(ending)
                    yield stem.removesuffix(ending) + "ه"


@functools.cache
def _forms() -> dict[str, tuple[str, ...]]:
    """The lemmas of each form of a verb; a verb without forms has itself."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for name in ("trigger_verbs", "governor_verbs"):
        for row in table(name):
            found[row["form"]].update(dict.fromkeys(row["lemmas"].split(" ")))
    for name in ("frames", "governors"):
        for row in table(name):
            if row["kind"] == "verb":
                found[normal_form(row["word"])].setdefault(normal_form(row["word"]))
    return {form: _likeliest(form, lemmas) for form, lemmas in found.items()}


def _likeliest(form: str, lemmas: Iterable[str]) -> tuple[str, ...]:
    """The lemmas, those first whose letters the form has, the longest first; beside one of four letters no others."""
    ranked = sorted(lemmas, key=lambda lemma: (not _within(lemma, form), -len(lemma), lemma))
    if len(ranked[0]) >= _LONG and _within(ranked[0], form):
        ranked = [lemma for lemma in ranked if _within(lemma, form)]
    return tuple(ranked)


def _within(lemma: str, form: str) -> bool:
    letters = iter(form)
    return all(letter in letters for letter in lemma)
