"""A CRF read as sums: the weights of a word's features are added up once and kept by word.

The labels are those that CRFsuite gives for the same features; a sentence costs a few array sums a word in place
of a hundred look-ups.  Sentences of one article are decoded side by side.
"""

import functools
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from transforms.engines import name_features

Array = NDArray[np.float32]
_KEPT: Final = 1 << 17  # sums kept before starting anew


class AdditiveModel:
    """The model at `path`; not to be pickled.

    `look` is the module of its features: own, near, pair and article of words, STEPS and EDGE.  Where it has `around`, the
    features of `near` for every step without the step, those of one word are looked up once and not once a step.
    """

    def __init__(self, path: str, look: Any = name_features) -> None:
        import pycrfsuite

        self.look = look

        tagger = pycrfsuite.Tagger()
        tagger.open(path)
        info: Any = tagger.info()
        self.labels: tuple[str, ...] = tuple(sorted(info.labels))
        number = {label: i for i, label in enumerate(self.labels)}
        count = len(self.labels)
        self.weights: dict[str, Array] = {}
        for (feature, label), weight in info.state_features.items():
            self.weights.setdefault(feature, np.zeros(count, np.float32))[number[label]] = weight
        self.moves: Array = np.zeros((count, count), np.float32)
        for (left, right), weight in info.transitions.items():
            self.moves[number[left], number[right]] = weight
        self._around: dict[str, Array] = {}
        if hasattr(look, "around"):
            self._collect()
        self._both = _couples(self.weights, count)
        self._places: dict[Any, int] = {}
        self._table: Array = np.zeros((1 << 12, 1 + len(look.STEPS), count), np.float32)
        self._pairs: dict[tuple[Any, Any], Array | None] = {}

    def _collect(self) -> None:
        """Brings together the weights of one feature for all steps."""
        for place, step in enumerate(self.look.STEPS):
            head = f"{step}:"
            for feature in [f for f in self.weights if f.startswith(head)]:
                name = feature[len(head) :]
                if (rows := self._around.get(name)) is None:
                    rows = np.zeros((len(self.look.STEPS), len(self.labels)), np.float32)
                    self._around[name] = rows
                rows[place] = self.weights[feature]

    def _sum(self, features: Sequence[str]) -> Array:
        total = np.zeros(len(self.labels), np.float32)
        for found in map(self.weights.get, features):
            if found is not None:
                total += found
        return total

    def _place(self, word: Any) -> int:
        """The row of the table with a word's own sum and, after it, those that it gives its neighbours."""
        if (place := self._places.get(word)) is not None:
            return place
        place = self._places[word] = len(self._places)
        if place == len(self._table):
            self._table = np.concatenate([self._table, np.zeros_like(self._table)])
        rows = self._table[place]
        rows[0] = self._sum(self.look.own(word)) if word is not self.look.EDGE else 0
        if self._around:
            rows[1:] = 0
            near = rows[1:]
            for found in map(self._around.get, self.look.around(word)):
                if found is not None:
                    near += found
        else:
            for n, step in enumerate(self.look.STEPS, 1):
                rows[n] = self._sum(self.look.near(step, word))
        return place

    def _pair(self, left: Any, right: Any) -> Array | None:
        """What a pair of neighbours gives its first and its second word."""
        key = (left, right)
        if key not in self._pairs:
            if len(self._pairs) >= _KEPT:
                self._pairs.clear()
            known = [found for found in map(self._both.get, self.look.pair(left, right)) if found is not None]
            self._pairs[key] = sum(known[1:], known[0]) if known else None
        return self._pairs[key]

    @functools.lru_cache(maxsize=1 << 14)  # noqa: B019 - one model a process
    def _mark(self, features: tuple[str, ...]) -> Array:
        return self._sum(features)

    def scores(self, words: Sequence[Any], marks: Sequence[tuple[str, ...]]) -> Array:
        """The sum of weights of each word and label of a sentence."""
        steps = self.look.STEPS
        reach = max(steps)
        if len(self._places) >= _KEPT:
            self._places.clear()
        edges = [self._place(self.look.EDGE)] * reach
        places = [*edges, *map(self._place, words), *edges]
        stacked = self._table[places]
        count = len(words)
        total: Array = stacked[reach : count + reach, 0].copy()
        for place, step in enumerate(steps, 1):
            total += stacked[reach + step : count + reach + step, place]
        for i, mark in enumerate(marks):
            if mark:
                total[i] += self._mark(mark)
        for i in range(count - 1):
            if (both := self._pair(words[i], words[i + 1])) is not None:
                total[i : i + 2] += both
        return total

    def decode(self, sentences: Sequence[Sequence[Any]]) -> list[tuple[list[str], list[float]]]:
        """The best labels of each sentence and each label's probability."""
        lengths = np.array([len(words) for words in sentences])
        if not len(lengths) or not lengths.max():
            return [([], []) for _ in sentences]
        most, count = int(lengths.max()), len(self.labels)
        scores = np.zeros((len(sentences), most, count), np.float32)
        for i, (words, marks) in enumerate(zip(sentences, self.look.article(sentences), strict=True)):
            if words:
                scores[i, : len(words)] = self.scores(words, marks)
        best, chances = self._viterbi(scores, lengths), self._marginals(scores, lengths)
        result = []
        for i, length in enumerate(lengths):
            path = best[i, :length]
            odds = chances[i, np.arange(length), path]
            result.append(([self.labels[label] for label in path], [float(odd) for odd in odds]))
        return result

    def chances(self, sentences: Sequence[Sequence[Any]]) -> list[Array]:
        """The probability of each label (as `labels` has them) of each word, neighbours' labels not asked."""
        rows = []
        for words, marks in zip(sentences, self.look.article(sentences), strict=True):
            if words:
                weight = np.exp((scores := self.scores(words, marks)) - scores.max(axis=1, keepdims=True))
                rows.append(weight / weight.sum(axis=1, keepdims=True))
            else:
                rows.append(np.zeros((0, len(self.labels)), np.float32))
        return rows

    def _viterbi(self, scores: Array, lengths: NDArray[Any]) -> NDArray[Any]:
        count, most, _ = scores.shape
        back = np.zeros(scores.shape, np.int16)
        rows = np.arange(count)
        ending = _ending(lengths, most)
        state = scores[:, 0]
        ends = state.argmax(axis=1)
        for t in range(1, most):
            moved = state[:, :, None] + self.moves
            back[:, t] = moved.argmax(axis=1)
            state = moved.max(axis=1) + scores[:, t]
            if (here := ending[t]) is not None:
                ends[here] = state[here].argmax(axis=1)
        path = np.zeros((count, most), np.int16)
        label = ends.copy()
        for t in range(most - 1, -1, -1):
            if (here := ending[t]) is not None:
                label[here] = ends[here]
            path[:, t] = label
            label = back[rows, t, label].astype(ends.dtype)
        return path

    def _marginals(self, scores: Array, lengths: NDArray[Any]) -> Array:
        most = scores.shape[1]
        highest = scores.max(axis=2, keepdims=True)
        weight = np.exp(scores - highest)
        moves = np.exp(self.moves - self.moves.max())
        forward, backward = np.empty_like(weight), np.ones_like(weight)
        ending = _ending(lengths, most)
        forward[:, 0] = weight[:, 0] / weight[:, 0].sum(axis=1, keepdims=True)
        for t in range(1, most):
            step = (forward[:, t - 1] @ moves) * weight[:, t]
            forward[:, t] = step / step.sum(axis=1, keepdims=True)
        for t in range(most - 2, -1, -1):
            step = (backward[:, t + 1] * weight[:, t + 1]) @ moves.T
            step /= step.sum(axis=1, keepdims=True)
            if (here := ending[t]) is not None:
                step[here] = 1.0
            backward[:, t] = step
        both = forward * backward
        chances: Array = both / both.sum(axis=2, keepdims=True)
        return chances


def _ending(lengths: NDArray[Any], most: int) -> list[NDArray[Any] | None]:
    """Of each place the sentences that end with the word there."""
    found: list[NDArray[Any] | None] = [None] * most
    for length in {int(n) for n in lengths if n}:
        found[length - 1] = np.flatnonzero(lengths == length)
    return found


def _couples(weights: Mapping[str, Array], count: int) -> dict[str, Array]:
    """The weights of each feature of two neighbours, for the first and for the second."""
    found: dict[str, Array] = {}
    for place, head in enumerate(("0|1:", "-1|0:")):
        for feature in (f for f in weights if f.startswith(head)):
            rows = found.setdefault(feature[len(head) :], np.zeros((2, count), np.float32))
            rows[place] = weights[feature]
    return found


@functools.cache
def model(path: str, look: Any = name_features) -> AdditiveModel:
    """The model at `path`, opened once a process."""
    return AdditiveModel(path, look)
