"""A CRF read as sums: the weights of a word's features are added up once and kept by word.

The labels are those that CRFsuite gives for the same features; a sentence costs a few array sums a word in place
of a hundred look-ups.  Sentences of one article are decoded side by side.
"""

import functools
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from transforms.engines import name_features

Array = NDArray[np.float32]
_KEPT: Final = 1 << 17  # sums kept before starting anew


class AdditiveModel:
    """The model at `path`; not to be pickled.

    `look` is the module of its features: own, near, pair and article of words, STEPS and EDGE.
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
        self._sums: dict[Any, Array] = {}
        self._pairs: dict[tuple[Any, Any], tuple[Array, Array] | None] = {}

    def _sum(self, features: Sequence[str]) -> Array:
        total = np.zeros(len(self.labels), np.float32)
        for feature in features:
            if (found := self.weights.get(feature)) is not None:
                total += found
        return total

    def _own(self, word: Any) -> Array:
        """A word's own sum and, after it, those that it gives its neighbours."""
        if (found := self._sums.get(word)) is None:
            if len(self._sums) >= _KEPT:
                self._sums.clear()
            parts = [self._sum(self.look.own(word)) if word is not self.look.EDGE else self._sum(())]
            parts += [self._sum(self.look.near(step, word)) for step in self.look.STEPS]
            found = self._sums[word] = np.stack(parts)
        return found

    def _pair(self, left: Any, right: Any) -> tuple[Array, Array] | None:
        """What a pair of neighbours gives its first and its second word."""
        key = (left, right)
        if key not in self._pairs:
            if len(self._pairs) >= _KEPT:
                self._pairs.clear()
            both = self.look.pair(left, right)
            first = [f"0|1:{p}" for p in both]
            second = [f"-1|0:{p}" for p in both]
            known = any(f in self.weights for f in (*first, *second))
            self._pairs[key] = (self._sum(first), self._sum(second)) if known else None
        return self._pairs[key]

    @functools.lru_cache(maxsize=1 << 14)  # noqa: B019 - one model a process
    def _mark(self, features: tuple[str, ...]) -> Array:
        return self._sum(features)

    def scores(self, words: Sequence[Any], marks: Sequence[tuple[str, ...]]) -> Array:
        """The sum of weights of each word and label of a sentence."""
        steps = self.look.STEPS
        reach = max(steps)
        edges = [self._own(self.look.EDGE)] * reach
        stacked = np.stack([*edges, *(self._own(w) for w in words), *edges])
        count = len(words)
        total: Array = stacked[reach : count + reach, 0].copy()
        for place, step in enumerate(steps, 1):
            total += stacked[reach + step : count + reach + step, place]
        for i, mark in enumerate(marks):
            if mark:
                total[i] += self._mark(mark)
        for i in range(count - 1):
            if (both := self._pair(words[i], words[i + 1])) is not None:
                total[i] += both[0]
                total[i + 1] += both[1]
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
        state = scores[:, 0]
        ends = np.where(lengths == 1, state.argmax(axis=1), 0)
        for t in range(1, most):
            moved = state[:, :, None] + self.moves
            back[:, t] = moved.argmax(axis=1)
            state = moved.max(axis=1) + scores[:, t]
            ends = np.where(lengths == t + 1, state.argmax(axis=1), ends)
        path = np.zeros((count, most), np.int16)
        label = ends
        for t in range(most - 1, -1, -1):
            label = np.where(t == lengths - 1, ends, label)
            path[:, t] = label
            label = np.where(t < lengths, back[rows, t, label], label)
        return path

    def _marginals(self, scores: Array, lengths: NDArray[Any]) -> Array:
        most = scores.shape[1]
        highest = scores.max(axis=2, keepdims=True)
        weight = np.exp(scores - highest)
        moves = np.exp(self.moves - self.moves.max())
        forward, backward = np.empty_like(weight), np.ones_like(weight)
        forward[:, 0] = weight[:, 0] / weight[:, 0].sum(axis=1, keepdims=True)
        for t in range(1, most):
            step = (forward[:, t - 1] @ moves) * weight[:, t]
            forward[:, t] = step / step.sum(axis=1, keepdims=True)
        for t in range(most - 2, -1, -1):
            step = (backward[:, t + 1] * weight[:, t + 1]) @ moves.T
            step /= step.sum(axis=1, keepdims=True)
            backward[:, t] = np.where((t < lengths - 1)[:, None], step, 1.0)
        both = forward * backward
        chances: Array = both / both.sum(axis=2, keepdims=True)
        return chances


@functools.cache
def model(path: str, look: Any = name_features) -> AdditiveModel:
    """The model at `path`, opened once a process."""
    return AdditiveModel(path, look)
