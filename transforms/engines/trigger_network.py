"""A small network that says which words tell an event of which type; numpy only.

A word form is a vector, made once: from the company that the word keeps in unlabelled news, its stem, clitics and ends, and
what the lexicon tells of it.  The vectors of a word and of three neighbours on either side, and the means of the sentence
and of the article, enter a layer.  Only forms that may tell an event (`may`) are weighed.
`pipelines.trigger_training` makes the file.
"""

import functools
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from schemas.event import EVENT_TYPES
from schemas.token import TOKEN_KINDS, Token
from transforms.arabic.clusters import without_proclitics
from transforms.engines.trigger_lexicon import lexical

Array = NDArray[np.float32]

#: How many neighbours on either side are seen.
REACH: Final = 3
#: The lexicon's marks: verb and noun of each type.
MARKS: Final = tuple(f"{kind}{told}" for kind in "vn" for told in EVENT_TYPES)
#: What is told of a form beside its vector: lexicon, kind of token, whether its vector is known.
FACTS: Final = len(MARKS) + len(TOKEN_KINDS) + 1
#: Parts of a form whose vectors are learnt: each hashed into so many rows of one table, whose row 0 is empty.
PARTS: Final = {"stem": 8192, "before": 128, "after": 64, "begins": 1024, "ends": 1024, "tail": 2048}

#: What a step of the stored vectors is worth: their standard deviation is 32 steps, half as much as that of a mark.
STEP: Final = 1 / 64
_KEPT: Final = 1 << 15  # forms kept before starting anew
_WINDOW: Final = np.arange(-REACH, REACH + 1)
_OFFSETS: Final = dict(zip(PARTS, np.cumsum([1, *PARTS.values()]).tolist(), strict=False))
_MARK_NUMBERS: Final = {mark: i for i, mark in enumerate(MARKS)}

#: What a token is looked up by: text, normal form, proclitics, stem, enclitic.
Form = tuple[str, str, tuple[str, ...], str, str]


def form_of(token: Token) -> Form:
    return token[3:8]


def vector_row(kind: str, form: Form, words: Mapping[str, int]) -> int | None:
    """The row of the word's vector: with its article, without other proclitics; else its stem's; None if not known.

    `words` counts from the most frequent word.
    """
    _, norm, _, stem, _ = form
    if kind != "word":
        return words.get("0" if kind == "number" else norm)
    for word in (without_proclitics(norm, words), stem, "ال" + stem):
        if (row := words.get(word)) is not None:
            return row
    return None


def facts(kind: str, form: Form, known: bool) -> Array:
    """Marks of 0 and 1 (FACTS)."""
    found = np.zeros(FACTS, np.float32)
    for mark in lexical((kind, form[1])):
        found[_MARK_NUMBERS[mark]] = 1
    found[len(MARKS) + TOKEN_KINDS.index(kind)] = 1
    found[-1] = not known
    return found


def parts(kind: str, form: Form) -> list[int]:
    """The rows of the table of parts (PARTS, in this order) that belong to the form."""
    _, norm, before, stem, after = form
    tail = norm if kind == "punct" else stem[-3:]
    texts = (stem, "+".join(before), after, stem[:2], stem[-2:], tail)
    return [_OFFSETS[name] + _hash(text) % size for (name, size), text in zip(PARTS.items(), texts, strict=True)]


def _hash(text: str) -> int:
    number = 0
    for letter in text:
        number = (number * 1000003 ^ ord(letter)) & 0xFFFFFFFF
    return number


class Network:
    """The network at `path`; not to be pickled."""

    def __init__(self, path: str) -> None:
        with np.load(path, allow_pickle=False) as file:
            stored: dict[str, Any] = {name: file[name] for name in file.files}
        words = bytes(stored.pop("words")).decode("utf-8").split("\n")
        self.words = {word: row for row, word in enumerate(words)}
        self.vectors: NDArray[np.int8] = stored.pop("vectors")
        self.w: dict[str, Array] = {name: value.astype(np.float32) for name, value in stored.items()}
        self.limit = float(self.w.pop("limit")[0])
        self.forget()

    def forget(self) -> None:
        """Forgets the forms seen; number 0 is the place beyond a sentence's end."""
        self._numbers: dict[Form, int] = {}
        self._inner = np.zeros((1024, self.w["inner0"].shape[0]), np.float32)  # of each form: what neighbours see
        self._mean = np.zeros((1024, self.vectors.shape[1] + len(MARKS)), np.float32)  # what sentence and article see
        self._may = np.zeros(1024, bool)
        self._inner[0] = self.w["inner0"]

    def _number(self, token: Token) -> int:
        """Where the form's vectors are kept."""
        form = form_of(token)
        if (found := self._numbers.get(form)) is not None:
            return found
        number = len(self._numbers) + 1
        if number >= len(self._inner):
            self._inner, self._mean = (np.concatenate([a, np.zeros_like(a)]) for a in (self._inner, self._mean))
            self._may = np.concatenate([self._may, np.zeros_like(self._may)])
        w = self.w
        vector = np.zeros(self.vectors.shape[1], np.float32)
        if (row := vector_row(token.kind, form, self.words)) is not None:
            vector = self.vectors[row] * np.float32(STEP)
        told = facts(token.kind, form, row is not None)
        part = w["parts"][parts(token.kind, form)].sum(axis=0)
        inner = np.concatenate([vector, told, part]) @ w["inner"] + w["inner0"]
        self._inner[number] = inner
        self._mean[number] = np.concatenate([vector, told[: len(MARKS)]])
        self._may[number] = token.kind != "punct" and inner @ w["may"] + w["may0"][0] >= self.limit
        self._numbers[form] = number
        return number

    def chances(self, sentences: Sequence[Sequence[Token]]) -> list[Array]:
        """Of each word of an article's sentences the probability of no event (first) and of each of EVENT_TYPES."""
        if len(self._numbers) > _KEPT:
            self.forget()
        if not sentences:
            return []
        number = self._number
        numbers = np.array([number(token) for tokens in sentences for token in tokens], np.int64)
        result = np.zeros((len(numbers), len(EVENT_TYPES) + 1), np.float32)
        result[:, 0] = 1
        candidates = np.flatnonzero(self._may[numbers]) if len(numbers) else numbers
        if len(candidates):
            lengths = np.array([len(tokens) for tokens in sentences if tokens])
            result[candidates] = self._weigh(numbers, lengths, candidates)
        return np.split(result, np.cumsum([len(tokens) for tokens in sentences])[:-1])

    def _weigh(self, numbers: NDArray[Any], lengths: NDArray[Any], candidates: NDArray[Any]) -> Array:
        w = self.w
        owner = np.repeat(np.arange(len(lengths)), lengths)
        places = np.arange(len(numbers)) + REACH * (owner + 1)
        laid = np.zeros(len(numbers) + REACH * (len(lengths) + 1), np.int64)
        laid[places] = numbers
        window = self._inner[laid[places[candidates][:, None] + _WINDOW]]
        seen = self._mean[numbers]
        means = np.add.reduceat(seen, np.cumsum(lengths) - lengths, axis=0) / lengths[:, None]
        size = self.vectors.shape[1]
        around = means @ w["sentence"] + seen[:, :size].mean(axis=0) @ w["article"] + w["wide0"]
        wide = window.reshape(len(candidates), -1) @ w["wide"] + around[owner[candidates]]
        np.maximum(wide, 0, out=wide)
        deep = wide @ w["deep"] + w["deep0"]
        np.maximum(deep, 0, out=deep)
        split = wide.shape[1]
        scores = wide @ w["out"][:split] + deep @ w["out"][split:] + window[:, REACH] @ w["own"] + w["out0"]
        scores = np.exp(scores - scores.max(axis=1, keepdims=True))
        chances: Array = scores / scores.sum(axis=1, keepdims=True)
        return chances


@functools.cache
def network(path: str) -> Network:
    """The network at `path`, opened once a process."""
    return Network(path)
