"""Clitics: the ways a written word may divide into و ف ب ل ك س ال, stem and pronoun, and which of them is right.

Knows: which divisions Arabic spelling allows, how often words occur in news (data/word_counts.tsv), of which
classes a stem can be (data/word_classes.tsv) and what a small log-linear ranker learnt from annotated text
(models/words.tsv).  Does not know: offsets.

`analyses` looks at a word alone and is cached by word type; where it leaves a doubt, `choose` lets the neighbours decide.
"""

import functools
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from transforms.arabic import lexicon
from transforms.arabic.characters import normal_form

PRONOUNS: Final = ("هما", "ها", "هم", "هن", "نا", "ني", "كما", "كم", "كن", "ه", "ي", "ك")
#: What stands for the article after ل, whose alef is not written.
_ARTICLE: Final = "ال"
#: Words of one letter that take pronouns: له, بها.
_HOSTS: Final = frozenset("لب")
#: ل before الله, whose alef is not written.
_OF_GOD: Final = frozenset(("لله", "ولله", "فلله"))
_IMPERFECT: Final = frozenset("يتناأ")
#: Endings of persons, genders and numbers by their last letter.
_ENDINGS: Final = {
    "ت": ("ت", "ات"),
    "ا": ("ا", "وا", "نا", "تا"),
    "و": ("و",),
    "ن": ("ن", "ون", "ان", "ين"),
    "م": ("تم",),
    "ة": ("ة",),
}
#: The neighbours decide between divisions whose scores (natural logarithms) lie closer together than this.
DOUBT: Final = 5.0


class Division(NamedTuple):
    """One way to divide a word; lengths count letters of the word without marks."""

    proclitics: tuple[str, ...]
    stem: str  # plain form, as written in the word
    enclitic: str
    before: int  # letters before the stem, without those of the article


class Ranked(NamedTuple):
    """A division with the logarithm of its weight and the key that context features use."""

    division: Division
    score: float
    key: str


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
        for pronoun in PRONOUNS:
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


#: The model file, read at the first word; scorers set another one before (`pipelines.evaluate`).
_model = lexicon.model_path("words.tsv")


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
def weights() -> Mapping[str, float]:
    """The ranker's weight of each feature."""
    return lexicon.read_weights(_model)


def word_features(word: str, division: Division, count: Mapping[str, int], stems: Mapping[str, str]) -> list[str]:
    """What the ranker looks at in a division of a word, the word alone."""
    proclitics, stem, enclitic, _ = division
    opening = "".join(proclitics)
    get = count.get
    bare, definite = get(stem, 0), get("ال" + stem, 0)
    feminine = 0
    if enclitic and stem[-1] == "ت":
        closed = stem[:-1] + "ة"
        feminine = max(get(closed, 0), get("ال" + closed, 0))
    elif enclitic and stem[-1] in "ئؤ":
        feminine = get(stem[:-1] + "ء", 0)
    best = max(bare, definite, feminine)
    whole = get(word, 0)
    letters = min(len(stem), 6)
    known = _classes(stem, stems)
    made = [
        "p" + opening,
        "e" + enclitic,
        f"pe{opening}+{enclitic}",
        f"b{bare >> 1}",
        f"m{best >> 1}",
        f"pb{opening}{bare >> 2}",
        f"pd{opening}{definite >> 2}",
        f"pm{opening}{best >> 2}",
        f"l{letters}",
        f"pl{opening}{letters}",
        f"el{enclitic}{letters}",
        f"w{word}|{opening}+{enclitic}",
        f"s{stem}",
        f"ps{opening}|{stem[:2]}",
        f"pt{opening}|{stem[-1:]}",
        f"z{letters}{best >> 2}",
    ]
    if known:
        made.append(f"k{opening}+{bool(enclitic):d}{known}")
        made.extend([f"k{opening}{c}" for c in known])
        made.extend([f"h{enclitic}{c}" for c in known])
    else:
        made.append(f"k{opening}+{enclitic}")
    if word.startswith("الت"):  # the verb التقى, where the article only seems to be
        verb = any(c in "vV" for c in _classes(word, stems))
        made += [f"a{opening}{verb:d}", f"a{opening}{verb:d}{min(get(word[2:], 0) >> 2, 3)}"]
    if proclitics:
        made.append(f"r{opening[0]}{max(-6, min(6, (best - whole) >> 1))}")
        other = sum(1 for c in "وفبلك" if c != opening[0] and c + stem + enclitic in count)
        made.append(f"o{opening[0]}{other}")
        made.append(f"pbd{opening}{min(bare >> 3, 2)}{min(definite >> 3, 2)}{min(letters, 4)}")
    if enclitic:
        made.append(f"eb{enclitic}{bare >> 2}")
        made.append(f"em{enclitic}{best >> 2}")
        made.append(f"q{enclitic}{max(-6, min(6, (best - get(stem + enclitic, 0)) >> 1))}")
        others = sum(1 for c in ("ه", "ها", "هم", "نا", "هما") if c != enclitic and stem + c in count)
        made.append(f"x{enclitic}{others}")
        made.append(f"ed{enclitic}{stem[-2:]}")
        made.append(f"ef{enclitic}{stem[0]}{stem[-1]}")
        made.append(f"ez{enclitic}{definite >> 2}{feminine >> 2}")
        made.append(f"ey{enclitic}{get('ال' + stem + enclitic, 0) >> 2}")
    else:
        made.append(f"ne{word[-2:]}")
    return made


def _classes(stem: str, stems: Mapping[str, str]) -> str:
    """The classes that a stem, its endings left off, can be of: capitals for inflected forms, y for a whole imperfect."""
    known = stems.get(stem, "")
    imperfect = stem[0] in _IMPERFECT
    if imperfect and "i" in stems.get(stem[1:], ""):
        known += "y"
    for ending in _ENDINGS.get(stem[-1], ()):
        if stem.endswith(ending):
            inner = stem[: -len(ending)]
            if imperfect and "i" in stems.get(inner[1:], "") and "Y" not in known:
                known += "Y"
            classes_of = stems.get(inner, "")
            if "v" in classes_of and "V" not in known:
                known += "V"
            if "a" in classes_of and "A" not in known:
                known += "A"
    return known


def context_features(key: str, before: str, after: str) -> list[str]:
    """What the ranker looks at in a division's neighbours; `key` is proclitics and enclitic, neighbours in plain form."""
    return [
        f"c-{key}|{before}",
        f"c+{key}|{after}",
        f"d-{key}|{_shape(before)}",
        f"d+{key}|{_shape(after)}",
        f"d={key}|{_shape(before)}|{_shape(after)}",
    ]


@functools.lru_cache(maxsize=1 << 15)
def _shape(word: str) -> str:
    if not word:
        return ""
    opening = next((o for o in ("وال", "بال", "ال", "لل") if word.startswith(o) and len(word) > 4), word[0])
    return opening + ("ة" if word[-1] in "ةت" else "ه" if word[-1] in "هام" else "")


@functools.lru_cache(maxsize=1 << 17)
def analyses(word: str) -> tuple[Ranked, ...]:
    """The divisions of a word in plain form that the word alone leaves open, best first; one where there is no doubt."""
    count = counts()
    found = list(divisions(word, count))
    if len(found) == 1:  # nothing to ask the model
        return (Ranked(found[0], 0.0, "+"),)
    weight, stems = weights().get, classes()
    ranked = [
        Ranked(
            division,
            sum(weight(f, 0.0) for f in word_features(word, division, count, stems)),
            f"{''.join(division.proclitics)}+{division.enclitic}",
        )
        for division in found
    ]
    ranked.sort(key=lambda r: -r.score)
    least = ranked[0].score - DOUBT
    return tuple(r for r in ranked if r.score >= least)


def choose(ranked: Sequence[Ranked], before: str, after: str) -> Division:
    """The division that fits the neighbours best, which stand in plain form."""
    if len(ranked) == 1:
        return ranked[0].division
    weight = weights().get
    return max(ranked, key=lambda r: r.score + sum(weight(f, 0.0) for f in context_features(r.key, before, after)))[0]


@functools.lru_cache(maxsize=1 << 17)
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
