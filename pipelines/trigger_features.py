"""Triggers by maximum entropy over words: the second opinion that the network of triggers learns from.

Every word is an example of its own (CRFsuite), with features of itself, of four neighbours on either side and of pairs.
"""

import functools
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from schemas.event import EVENT_TYPES
from schemas.token import Token
from transforms.arabic.clusters import group_of
from transforms.engines import name_features
from transforms.engines.additive import AdditiveModel
from transforms.engines.name_features import Word, word_of
from transforms.engines.trigger_lexicon import lexical

#: What a feature is computed from: kind, normal form (Latin as written), stem, proclitics, enclitic.
Form = tuple[str, str, str, str, str]
EDGE: Final[Form] = ("edge", "", "", "", "")
STEPS: Final = (-4, -3, -2, -1, 1, 2, 3, 4)

LABELS: Final = ("O", *EVENT_TYPES)
_SETTINGS: Final = {"c1": 0.1, "c2": 0.1, "max_iterations": 60, "feature.minfreq": 1}


def opinion(
    articles: Iterable[tuple[Sequence[Sequence[Token]], Sequence[Sequence[int]]]],
    unlabelled: Iterable[Sequence[Sequence[Token]]],
) -> Any:
    """The probabilities of no event and of each type for each word of `unlabelled`, learnt from `articles`.

    An article is its tokens and each word's class, 0 or the number of its type from 1 on, by sentence.
    """
    import pycrfsuite

    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    trainer.set_params(_SETTINGS)
    for sentences, classes in articles:
        for row, numbers in zip(features(sentences), classes, strict=True):
            for word, number in zip(row, numbers, strict=True):
                trainer.append([word], [LABELS[number]])
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "words.crfsuite")
        trainer.train(path)
        model = AdditiveModel(path, sys.modules[__name__])
    rows = [row for article in unlabelled for row in model.chances([[form_of(t) for t in line] for line in article])]
    found = np.concatenate(rows)
    result = np.full((len(found), len(LABELS)), 1e-8, np.float32)
    result[:, [LABELS.index(label) for label in model.labels]] += found
    return result


def form_of(token: Token) -> Form:
    kind, norm = word_of(token)
    return (kind, norm, token.stem, "+".join(token.proclitics), token.enclitic)


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
    return name_features.rows(sys.modules[__name__], [[form_of(t) for t in tokens] for tokens in sentences])
