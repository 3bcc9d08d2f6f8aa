"""Word vectors from unlabelled news: the company a word keeps near by (place by place) and farther off (its topic).

The same corpus gives the same vectors.  Needs numpy, scipy and scikit-learn (extra `train`).
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from pipelines.clusters import counted, reduced, sentences

#: Places told apart near by, and how far a topic reaches.
_NEAR: Final = (-2, -1, 1, 2)
_FAR: Final = 8
#: Neighbours told apart near by; of those farther off the commonest words are no topic.
_CONTEXTS: Final = 10_000
_TOPICS: Final = slice(50, 6_000)


class Vectors(NamedTuple):
    """Words from the most frequent on, in normal form without proclitics, and their vectors."""

    words: tuple[str, ...]
    rows: Any  # int8, words by dimensions; a standard deviation is 32


def build(
    corpus: Sequence[Path], *, most: int = 36_000, min_count: int = 6, near: int = 80, far: int = 40, seed: int = 1
) -> Vectors:
    """Vectors of at most `most` words seen `min_count` times or more; fewer dimensions where there are few words."""
    lines = [line for path in sorted(corpus) for line in sentences(path)]
    counts, bare = counted(lines)
    order = sorted(counts.items(), key=lambda p: (-p[1], p[0]))
    words = tuple(word for word, count in order[:most] if count >= min_count)
    number = {word: i for i, word in enumerate(words)}
    numbers = {word: number.get(stem, -1) for word, stem in bare.items()}
    flat = np.fromiter((i for line in lines for i in (*(numbers[w] for w in line), -2, -2)), np.int64)
    del lines
    most_near, most_far = (min(size, len(words) - 1) for size in (near, far))
    both = np.concatenate(
        [reduced(_near(flat, len(words)), most_near, seed), reduced(_far(flat, len(words)), most_far, seed)], axis=1
    )
    both -= both.mean(axis=0)
    # a standard deviation is 32 of 127 steps
    return Vectors(words, np.clip(np.round(both / (both.std(axis=0) / 32 + 1e-9)), -127, 127).astype(np.int8))


def _near(flat: Any, size: int) -> Any:
    """Counts of each word beside each context, place by place; the end of a paragraph is a context too."""
    contexts = min(_CONTEXTS, size)
    total: Any = 0
    for place, step in enumerate(_NEAR):
        left, right = _shifted(flat, step)
        keep = (left >= 0) & (right < contexts) & (right != -1)
        column = np.where(right[keep] == -2, contexts, right[keep]) + place * (contexts + 1)
        total = total + _table(left[keep], column, (size, len(_NEAR) * (contexts + 1)))
    return total


def _far(flat: Any, size: int) -> Any:
    """Counts of each word within reach of each word that can be a topic."""
    total: Any = 0
    for step in (*range(-_FAR, 0), *range(1, _FAR + 1)):
        left, right = _shifted(flat, step)
        keep = (left >= 0) & (right >= min(_TOPICS.start, size // 4)) & (right < _TOPICS.stop)
        total = total + _table(left[keep], right[keep], (size, min(_TOPICS.stop, size)))
    return total


def _shifted(flat: Any, step: int) -> tuple[Any, Any]:
    """Each word, and the one `step` places on."""
    end = len(flat) - abs(step)
    return (flat[-step:], flat[:end]) if step < 0 else (flat[:end], flat[step:])


def _table(rows: Any, columns: Any, shape: tuple[int, int]) -> Any:
    from scipy.sparse import csr_matrix

    return csr_matrix((np.ones(len(rows)), (rows, columns)), shape=shape)
