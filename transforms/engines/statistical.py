"""Names by a conditional random field (CRF) over words, labels BIO over five types.

The model is a file of `transforms/arabic/models`; `pipelines.train` makes it with the features of
`transforms.engines.name_features`, so a change there or in the tokens asks for a new model.  `features` below are those
of event triggers.  `pycrfsuite` is imported when the first model is opened.
"""

import functools
import threading
from collections.abc import Iterator, Sequence
from os import PathLike, fspath
from typing import Final

from schemas.token import Token
from transforms.arabic.characters import normal_form
from transforms.arabic.lexicon import words
from transforms.arabic.spans import Name
from transforms.engines.additive import model
from transforms.engines.name_features import word_of

#: The types of names that the model tells apart.
NAME_TYPES: Final = ("PER", "ORG", "LOC", "NORP", "WEAPON")

ENGINE: Final = "crf"

_GAZETTEERS: Final = ("nationalities", "titles", "weapons")
_LOCK: Final = threading.Lock()  # a model fills its sums by word


class StatisticalNames:
    """Finds names with the CRF model at `path`; cheap to pickle, the model is opened once a process."""

    def __init__(self, path: str | PathLike[str]) -> None:
        self.path = fspath(path)

    def find(self, sentences: Sequence[Sequence[Token]]) -> tuple[Name, ...]:
        """The names of one article's sentences in text order; `score` is the least certain word's probability.

        A surname or one-word place that the model was sure of once is a name wherever else the article has it.
        """
        names: list[Name] = []
        free: list[Token] = []  # words in no name
        known: dict[str, Name] = {}
        with _LOCK:
            decoded = model(self.path).decode([[word_of(t) for t in tokens] for tokens in sentences])
            for tokens, (labels, chances) in zip(sentences, decoded, strict=True):
                for first, last, kind in label_chunks(labels):
                    score = min(chances[first : last + 1])
                    start = name_start(tokens[first])
                    names.append(Name(start, tokens[last].end, kind, round(min(score, 1.0), 4), ENGINE))
                    if _repeatable(tokens[last], kind, first == last, score):
                        known.setdefault(tokens[last].norm, names[-1])
                free.extend(t for t, label in zip(tokens, labels, strict=True) if label == "O" and t.kind == "word")
        for token in free:
            bare = token.norm[1:] if token.norm[:1] in "وفبلك" else token.norm
            if twin := known.get(token.norm) or known.get(bare):
                names.append(twin._replace(start=name_start(token), end=token.end))
        return tuple(sorted(names))


def _repeatable(token: Token, kind: str, alone: bool, score: float) -> bool:
    """Whether a name's last word stands for the same name by itself."""
    return (
        token.kind == "word" and len(token.norm) >= 4 and score > 0.6 and (kind == "PER" or (kind == "LOC" and alone))
    )


def name_start(token: Token) -> int:
    """Where a name that begins in `token` begins: after its proclitics, but at the first ل of لل; after a tag's mark."""
    if token.kind == "hashtag":
        return token.start + len(token.text) - len(token.text.lstrip("#"))
    if token.proclitics[-2:] == ("ل", "ال"):
        return token.start + max(token.text.rfind("ل", 0, token.host_start - token.start), 0)
    return token.host_start


def label_chunks(labels: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """First and last index and type of each name in a sequence of BIO labels."""
    first, kind = 0, ""
    for i, label in enumerate((*labels, "O")):
        if kind and label != f"I-{kind}":
            yield first, i - 1, kind
            kind = ""
        if label != "O" and not kind:
            first, kind = i, label[2:]


def features(tokens: Sequence[Token]) -> list[list[str]]:
    """The features of each token of a sentence, as the model of triggers was trained with them."""
    keys = [(t.kind, t.text if t.kind == "latin" else t.norm, t.stem, t.proclitics) for t in tokens]
    count = len(keys)
    rows = []
    for i, key in enumerate(keys):
        row = list(_own(*key))
        for step in (-2, -1, 1, 2):
            j = i + step
            row.extend(_near(step, *keys[j]) if 0 <= j < count else (f"{step}:edge",))
        if i:
            row.append(f"-1|0:{keys[i - 1][2]}|{key[2]}")
        if i + 1 < count:
            row.append(f"0|1:{key[2]}|{keys[i + 1][2]}")
        rows.append(row)
    return rows


@functools.lru_cache(maxsize=1 << 16)
def _own(kind: str, norm: str, stem: str, proclitics: tuple[str, ...]) -> tuple[str, ...]:
    """The features that a word has by itself."""
    found = ["bias", f"k={kind}", f"w={norm}", f"s={stem}", f"c={'+'.join(proclitics)}", f"f={_shape(kind, norm)}"]
    if kind in ("word", "latin"):
        found += [f"p{n}={stem[:n]}" for n in range(1, 5) if len(stem) >= n]
        found += [f"e{n}={stem[-n:]}" for n in range(1, 5) if len(stem) >= n]
        found.append(f"l={min(len(stem), 8)}")
        found += [f"b={base}" for base in _bases(norm)]
        if "ال" in proclitics:
            found.append(f"ال+e2={stem[-2:]}")
    found += [f"g={flag}" for flag in _flags(norm, stem)]
    return tuple(found)


@functools.lru_cache(maxsize=1 << 18)
def _near(step: int, kind: str, norm: str, stem: str, proclitics: tuple[str, ...]) -> tuple[str, ...]:
    """The features that a word gives a neighbour `step` words away."""
    found = [f"{step}:w={norm}", f"{step}:s={stem}", f"{step}:k={kind}"]
    if abs(step) == 1:
        found.append(f"{step}:c={'+'.join(proclitics)}")
        if kind == "word":
            found += [f"{step}:b={base}" for base in _bases(norm)]
            found += [f"{step}:p2={stem[:2]}", f"{step}:e2={stem[-2:]}", f"{step}:e3={stem[-3:]}"]
    found += [f"{step}:g={flag}" for flag in _flags(norm, stem)]
    return tuple(found)


def _bases(norm: str) -> Iterator[str]:
    """What remains of a word when one or two letters that can be proclitics are taken off, and its article."""
    rest = norm
    for letters in ("وف", "بلك"):
        if rest[:1] and rest[0] in letters and len(rest) > 3:
            rest = rest[1:]
            yield rest.removeprefix("ال")
    yield norm.removeprefix("ال")


def _shape(kind: str, norm: str) -> str:
    """A coarse form of what is no Arabic word: letter case, number of digits, the mark itself."""
    if kind == "latin":
        return "upper" if norm.isupper() else "title" if norm[:1].isupper() else "lower"
    if kind == "number":
        return f"number{min(len(norm), 5)}"
    return norm if kind == "punct" else kind


@functools.lru_cache(maxsize=1 << 16)
def _flags(norm: str, stem: str) -> tuple[str, ...]:
    """The word lists that know the word."""
    return tuple(name for name in _GAZETTEERS if {norm, stem, *_bases(norm)} & _gazetteer(name))


@functools.cache
def _gazetteer(name: str) -> frozenset[str]:
    """The words of a data file in normal form."""
    return frozenset(normal_form(word) for word in words(name, "word"))
