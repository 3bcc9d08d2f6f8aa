"""A small convolutional network over words that says which words tell an event of which type; numpy only.

A word is the sum of vectors for itself, its stem, its proclitics, its beginning and its ends; four blocks of
convolutions see the words around it, and a last layer also sees the sentence, the article and the lexicon.
`pipelines.trigger_training` makes the file, the word vectors come from unlabelled news (`pipelines.encoder`).
"""

import functools
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from schemas.event import EVENT_TYPES
from transforms.arabic.clusters import without_proclitics
from transforms.engines.name_features import Word
from transforms.engines.trigger_features import lexical

Array = NDArray[np.float32]

#: Dilation of each block's convolution of five words.
DILATIONS: Final = (1, 2, 4, 1)
#: Empty places between sentences, and at the ends of an article.
GAP: Final = 2
EDGE: Final = 8
#: The lexicon's marks: verb and noun of each type.
MARKS: Final = tuple(f"{kind}{type}" for kind in "vn" for type in EVENT_TYPES)
#: Numbers of the tables' special rows: a hidden word, a word not known.
HIDDEN: Final = 1
UNKNOWN: Final = 2
FIRST: Final = 3

_MARK_NUMBERS: Final = {mark: i for i, mark in enumerate(MARKS)}
_SUFFIXES: Final = (
    *("هما", "كما", "تين", "تان", "ها", "هم", "هن", "نا", "كم", "ات", "ين", "ون"),
    *("ان", "وا", "تم", "ه", "ي", "ا", "ت", "ك"),
)
_KEPT: Final = 1 << 16  # words kept before starting anew


def key_of(word: Word, text: str) -> str:
    """What a word is looked up by: its normal form, 0 for numbers, the mark itself."""
    kind, norm = word
    return norm if kind == "word" else "0" if kind == "number" else text.lower()


def light_stem(base: str) -> str:
    """The word without article and up to two endings.

    >>> light_stem("الهجمات")
    'هجم'
    """
    stem = base[2:] if base.startswith("ال") and len(base) > 4 else base
    for _ in range(2):
        ending = next((s for s in _SUFFIXES if stem.endswith(s) and len(stem) - len(s) >= 3), "")
        stem = stem.removesuffix(ending)
    return stem


def pieces(key: str, words: dict[str, int], stems: dict[str, int]) -> tuple[int, int, int, int, int, int]:
    """The rows of the six tables whose sum is the word: itself, stem, proclitics, two first, two and three last letters.

    `words` counts from the most frequent word.
    """
    base = without_proclitics(key, words)
    cut = key[: len(key) - len(base)] if key.endswith(base) else key[0]
    article = base.startswith("ال")
    bare = base[2:] if article else base
    return (
        words[base] + FIRST if base in words else UNKNOWN,
        stems[stem] + 1 if (stem := light_stem(base)) in stems else 0,
        1 + _hash(cut + ("+" if article else ""), 63),
        1 + _hash("p" + bare[:2], 1023),
        1 + _hash("e" + bare[-2:], 1023),
        1 + _hash("f" + bare[-3:], 2047),
    )


def _hash(text: str, size: int) -> int:
    number = 0
    for letter in text:
        number = (number * 1000003 ^ ord(letter)) & 0xFFFFFFFF
    return number % size


class Network:
    """The network at `path`; not to be pickled."""

    def __init__(self, path: str) -> None:
        with np.load(path, allow_pickle=False) as file:
            stored = {name: file[name] for name in file.files}
        self.words = {w: i for i, w in enumerate(bytes(stored.pop("words")).decode("utf-8").split("\n"))}
        self.stems = {w: i for i, w in enumerate(bytes(stored.pop("stems")).decode("utf-8").split("\n"))}
        self.tables: list[NDArray] = [stored.pop(f"table{i}") for i in range(6)]
        self.scales: list[Array] = [stored.pop(f"scale{i}").astype(np.float32) for i in range(6)]
        w: dict[str, Array] = {name: value.astype(np.float32) for name, value in stored.items()}
        self.w = w
        wide = w["enter"].shape[1]
        size = w["enter"].shape[0]
        # the last layer's first step, taken apart: context, word, lexicon, sentence, article
        cuts = np.cumsum([wide, size, len(MARKS), wide])
        self.last = np.split(w["last"], cuts, axis=0)
        self._numbers: dict[str, int] = {}
        self._enter = np.zeros((256, wide), np.float32)  # of each word kept: what enters the first block
        self._side = np.zeros((256, self.last[0].shape[1]), np.float32)  # and what it gives the last layer

    def _number(self, key: str, word: Word) -> int:
        """Where the word's sums are kept."""
        if (found := self._numbers.get(key)) is not None:
            return found
        number = len(self._numbers)
        if number >= len(self._enter):
            self._enter = np.concatenate([self._enter, np.zeros_like(self._enter)])
            self._side = np.concatenate([self._side, np.zeros_like(self._side)])
        rows = pieces(key, self.words, self.stems)
        vector = sum(
            (t[r].astype(np.float32) * s[r] for t, s, r in zip(self.tables, self.scales, rows, strict=True)),
            np.zeros(self.w["enter"].shape[0], np.float32),
        )
        marks = np.zeros(len(MARKS), np.float32)
        for mark in lexical(word):
            marks[_MARK_NUMBERS[mark]] = 1
        self._enter[number] = vector @ self.w["enter"] + self.w["enter0"] + marks @ self.w["marks"]
        self._side[number] = vector @ self.last[1] + marks @ self.last[2] + self.w["last0"]
        self._numbers[key] = number
        return number

    def __call__(self, sentences: Sequence[Sequence[tuple[str, Word]]]) -> tuple[list[Array], list[Array]]:
        """Of each word of an article's sentences the probability of no event and of each type, and of beginning one."""
        if len(self._numbers) > _KEPT:
            self._numbers.clear()
        numbers, places, owners = [], [], []
        place = EDGE
        for i, sentence in enumerate(sentences):
            if sentence:
                place += GAP
                numbers += [self._number(key, word) for key, word in sentence]
                places += range(place, place + len(sentence))
                owners += [i] * len(sentence)
                place += len(sentence)
        if not numbers:
            return [np.zeros((0, len(EVENT_TYPES) + 1), np.float32) for _ in sentences], [
                np.zeros(0, np.float32) for _ in sentences
            ]
        at = np.array(places)
        context = self._context(self._enter[numbers], at, place + EDGE)
        starts = np.flatnonzero(np.diff(np.array(owners), prepend=-1))
        lengths = np.diff(np.append(starts, len(at)))
        highest = np.maximum(np.maximum.reduceat(context, starts, axis=0), -5)
        around = highest @ self.last[3] + context.mean(axis=0) @ self.last[4]
        hidden = context @ self.last[0] + self._side[numbers] + np.repeat(around, lengths, axis=0)
        np.maximum(hidden, 0, out=hidden)
        chances = _softmax(hidden @ self.w["types"] + self.w["types0"])
        begins = 1 / (1 + np.exp(-(hidden @ self.w["begins"] + self.w["begins0"])))[:, 0]
        edges = np.cumsum([len(s) for s in sentences])[:-1]
        return np.split(chances, edges), np.split(begins, edges)

    def _context(self, entering: Array, at: NDArray, size: int) -> Array:
        """What the blocks make of the words, laid out with gaps between sentences."""
        w = self.w
        reach = 2 * max(DILATIONS)
        laid = np.zeros((size + 2 * reach, entering.shape[1]), np.float32)
        x = entering
        for n, dilation in enumerate(DILATIONS):
            laid[at + reach] = x
            filters = w[f"filter{n}"]  # 5 by width
            seen = x + w[f"filter{n}_0"]
            for tap in range(5):
                seen += laid[at + (reach + (tap - 2) * dilation)] * filters[tap]
            seen = _norm(seen, w[f"norm{n}"], w[f"norm{n}_0"])
            inner = seen @ w[f"inner{n}"] + w[f"inner{n}_0"]
            np.maximum(inner, 0, out=inner)
            x = x + inner @ w[f"outer{n}"] + w[f"outer{n}_0"]
        return _norm(x, w["leave"], w["leave0"])


def _norm(x: Array, scale: Array, shift: Array) -> Array:
    x = x - x.mean(axis=1, keepdims=True)
    spread = np.sqrt(np.einsum("ij,ij->i", x, x)[:, None] / x.shape[1] + np.float32(1e-5))
    result: Array = x / spread * scale + shift
    return result


def _softmax(scores: Array) -> Array:
    weight = np.exp(scores - scores.max(axis=1, keepdims=True))
    result: Array = weight / weight.sum(axis=1, keepdims=True)
    return result


@functools.cache
def network(path: str) -> Network:
    """The network at `path`, opened once a process."""
    return Network(path)
