"""Clitics: the ways a written word may divide into و ف ب ل ك س ال, stem and pronoun, and which of them is right.

Knows: which divisions Arabic spelling allows, how often words occur in news (data/word_counts.tsv), of which
classes a stem can be (data/word_classes.tsv) and what a small log-linear ranker learnt from annotated text
(`ranker`).  Does not know: offsets.

`analyses` looks at a word alone; where it leaves a doubt, `choose` lets the neighbours decide.  Callers keep the answers
by word type.  What `analyses` says of the words of word_counts.tsv stands in models/words.answers.tsv, for speed alone:
`python -m pipelines.answers` writes it, and a test asks the ranker whether it still says so.
"""

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from transforms.arabic import lexicon
from transforms.arabic.characters import normal_form
from transforms.arabic.ranker import Context, Ranker

PRONOUNS: Final = ("هما", "ها", "هم", "هن", "نا", "ني", "كما", "كم", "كن", "ه", "ي", "ك")
#: The same by their last letters.
_BY_LETTER: Final = {p[-1]: tuple(q for q in PRONOUNS if q[-1] == p[-1]) for p in PRONOUNS}
#: What stands for the article after ل, whose alef is not written.
_ARTICLE: Final = "ال"
#: Words of one letter that take pronouns: له, بها.
_HOSTS: Final = frozenset("لب")
#: ل before الله, whose alef is not written.
_OF_GOD: Final = frozenset(("لله", "ولله", "فلله"))
_IMPERFECT: Final = frozenset("يتناأ")
#: The neighbours decide between divisions whose scores (natural logarithms, in hundredths) lie closer together than this.
DOUBT: Final = 500
#: What a division gains that a dictionary knows, in the same unit: more loses more than it gains (docs/accuracy.md).
BELIEF: Final = 200


class Division(NamedTuple):
    """One way to divide a word; lengths count letters of the word without marks."""

    proclitics: tuple[str, ...]
    stem: str  # plain form, as written in the word
    enclitic: str
    before: int  # letters before the stem, without those of the article


#: Gives the proclitics and pronouns that a word, in plain form, can have; nothing of a word that it does not know.
Dictionary = Callable[[str], frozenset[tuple[tuple[str, ...], str]]]


class Ranked(NamedTuple):
    """A division with the logarithm of its weight, and what the neighbours add to it."""

    division: Division
    score: int
    context: Context


def divisions(word: str, count: Mapping[str, int]) -> Iterator[Division]:
    """All divisions of a word in plain form that spelling allows, the whole word first."""
    if word in _OF_GOD:
        outer = tuple(word[:-3])
        yield Division((*outer, "ل"), "الله", "", len(outer) + 1)
        return
    for proclitics, rest, before in _openings(word, count):
        yield Division(proclitics, rest, "", before)
        if _ARTICLE in proclitics:
            continue
        for pronoun in _BY_LETTER.get(rest[-1:], ()):
            if rest.endswith(pronoun):
                stem = rest[: -len(pronoun)]
                if (len(stem) > 1 or stem in _HOSTS) and stem[-1:] != "ة":
                    yield Division(proclitics, stem, pronoun, before)


def _openings(word: str, count: Mapping[str, int]) -> Iterator[tuple[tuple[str, ...], str, int]]:
    yield from _inner((), word, 0, count)
    if word[:1] in ("و", "ف") and len(word) > 2:
        yield from _inner((word[0],), word[1:], 1, count)


def _inner(
    outer: tuple[str, ...], rest: str, before: int, count: Mapping[str, int]
) -> Iterator[tuple[tuple[str, ...], str, int]]:
    yield outer, rest, before
    first, size = rest[:1], len(rest)
    if size < 3:
        return
    if rest.startswith(_ARTICLE) and size > 3:
        yield (*outer, _ARTICLE), rest[2:], before
    elif first == "س" and rest[1] in _IMPERFECT and size > 3:
        yield (*outer, first), rest[1:], before + 1
    elif first in ("ب", "ك", "ل"):
        yield (*outer, first), rest[1:], before + 1
        if size > 4 and rest.startswith(_ARTICLE, 1):
            yield (*outer, first, _ARTICLE), rest[3:], before + 1
        elif first == "ل" and rest[1] == "ل" and size > 3:
            yield (*outer, first, _ARTICLE), rest[2:], before + 1
            if count.get("ا" + rest, 0) >= count.get(rest[1:], 0) - 4:
                yield (*outer, first, _ARTICLE), rest[1:], before + 1  # للغة, but not للبنان: the article has melted


_SHIPPED: Final = lexicon.model_path("words.tsv")
#: The model file, read at the first word; scorers set another one before (`pipelines.evaluate`).
_model = _SHIPPED


def use_model(path: Path) -> None:
    """Divide words by another model from here on; to be called before the first word is analysed."""
    global _model
    _model = path


@functools.cache
def counts() -> Mapping[str, int]:
    """Of each word, in plain form, twice the binary logarithm of how often it was counted."""
    return lexicon.numbers("word_counts")


@functools.cache
def classes() -> Mapping[str, str]:
    """Of each stem of the lexicon the letters of its classes: a adjective, c closed class, i imperfect without its first
    letter, n name, v perfect.
    """
    return {row["stem"]: row["classes"] for row in lexicon.table("word_classes")}


@functools.cache
def ranker() -> Ranker:
    """The ranker of the shipped model, or of the one told to `use_model`."""
    return Ranker(lexicon.read_weights(_model))


@functools.cache
def _answers() -> Mapping[str, str]:
    """What `ranked` said of the words of `counts`, by word; nothing under another model."""
    if _model != _SHIPPED:
        return {}
    return dict(zip(counts(), lexicon.column("words.answers"), strict=True))


def analyses(word: str, dictionary: Dictionary | None = None) -> tuple[Ranked, ...]:
    """The divisions of a word in plain form that the word alone leaves open, best first; one where there is no doubt.

    Scores are worth something beside one another only.  A dictionary is asked about words that the counted news does not
    have: of others the counts tell more.
    """
    answer = _answers().get(word)
    return read_answer(word, answer) if answer else ranked(word, dictionary)


def certain(word: str) -> tuple[tuple[str, ...], str, str, int] | None:
    """The fields of the one division that the table of answers leaves a word; None where it is not so sure."""
    way = _answers().get(word)
    if not way or " " in way:
        return None
    proclitics, cut, end, enclitic, before, _ = _way(way)
    return proclitics, word[cut:end], enclitic, before


def ranked(word: str, dictionary: Dictionary | None = None) -> tuple[Ranked, ...]:
    """What the ranker says: `analyses` without the table of answers."""
    count = counts()
    found = list(divisions(word, count))
    rank = ranker()
    if len(found) == 1:  # nothing to ask the model
        return (Ranked(found[0], 0, rank.context("")),)
    score, stems = rank.word, classes()
    scores = [score(word, division, count, stems) for division in found]
    if dictionary is not None and word not in count:
        known = dictionary(word)
        scores = [s + BELIEF * ((d.proclitics, d.enclitic) in known) for s, d in zip(scores, found, strict=True)]
    best = max(scores)
    kept = [
        Ranked(division, score - best, rank.context(f"{''.join(division.proclitics)}+{division.enclitic}"))
        for division, score in zip(found, scores, strict=True)
        if score >= best - DOUBT
    ]
    return tuple(sorted(kept, key=lambda r: -r.score))


def write_answer(word: str, answer: Sequence[Ranked]) -> str:
    """What `read_answer` reads: of each division the letters of the word before the stem, those without the article, the
    proclitics, + and the enclitic, and behind the best one scores; empty where the stem is no part of the word.
    """
    told: list[str] = []
    for (proclitics, stem, enclitic, before), score, _ in answer:
        cut = len(word) - len(stem) - len(enclitic)
        if word[cut:] != stem + enclitic:
            return ""
        told.append(f"{cut}{before}{''.join(proclitics)}+{enclitic}" + (f",{score}" if told else ""))
    return " ".join(told)


def read_answer(word: str, answer: str) -> tuple[Ranked, ...]:
    """The divisions that `write_answer` wrote."""
    if " " not in answer:
        return (_told(word, answer, 0),)
    best, *others = answer.split(" ")
    told = [_told(word, best, 0)]
    for other in others:
        way, _, score = other.partition(",")
        told.append(_told(word, way, int(score)))
    return tuple(told)


def _told(word: str, way: str, score: int) -> Ranked:
    proclitics, cut, end, enclitic, before, context = _way(way)
    return Ranked(Division(proclitics, word[cut:end], enclitic, before), score, context)


@functools.cache
def _way(way: str) -> tuple[tuple[str, ...], int, int | None, str, int, Context]:
    """Of a way to divide, as `write_answer` tells it: proclitics, where the stem begins and ends, enclitic, letters before
    the stem without the article, and what neighbours say of it.
    """
    outer, _, enclitic = way[2:].partition("+")
    proclitics = (*outer.removesuffix(_ARTICLE), _ARTICLE) if outer.endswith(_ARTICLE) else tuple(outer)
    return proclitics, int(way[0]), -len(enclitic) or None, enclitic, int(way[1]), ranker().context(way[2:])


def choose(ranked: Sequence[Ranked], before: tuple[str, str], after: tuple[str, str]) -> int:
    """Index of the division that fits the neighbours best, of which plain form and shape are told."""
    (word_before, left), (word_after, right) = before, after
    shapes = left, right
    scores = [
        score + befores.get(word_before, 0) + afters.get(word_after, 0) + beside[shapes]
        for _, score, (befores, afters, beside) in ranked
    ]
    return scores.index(max(scores))


def stem_form(stem: str, enclitic: str) -> str:
    """The stem of a division in normal form, with the spelling that a pronoun after it hides: ولايت as ولايه."""
    if enclitic:
        count = counts().get
        if stem[-1] == "ت" and len(stem) > 2:
            closed = stem[:-1] + "ة"
            if max(count(closed, 0), count("ال" + closed, 0)) > max(count(stem, 0), count("ال" + stem, 0)):
                return normal_form(closed)
        elif stem[-1] in "ئؤ" and count(stem[:-1] + "ء", 0) > count(stem, 0):
            return normal_form(stem[:-1] + "ء")
        elif stem[-1] == "ا" and len(stem) > 2 and count(stem[:-1] + "ي", 0) > count(stem, 0):
            return normal_form(stem[:-1] + "ي")
    return normal_form(stem)
