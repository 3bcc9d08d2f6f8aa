"""Learns the weights of a choice: a softmax over candidates' summed feature weights, by L-BFGS with an L2 penalty.

Knows: features as strings, which candidates are right (several may be).  Does not know: what they mean.
Needs numpy and scipy (extra `train`).  The same choices give the same weights.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple


class Choice(NamedTuple):
    """One choice: the features of each candidate, and which of them are right."""

    candidates: Sequence[Sequence[str]]
    right: frozenset[int]


def learn(choices: Sequence[Choice], *, l2: float, min_count: int = 3, iterations: int = 150) -> dict[str, float]:
    """The weight of each feature that stands in `min_count` right or wrong candidates at least."""
    import numpy as np
    from scipy.optimize import minimize
    from scipy.sparse import csr_matrix

    usable = [c for c in choices if c.right and len(c.right) < len(c.candidates)]
    if not usable:
        return {}
    counts = Counter(f for c in usable for row in c.candidates for f in row)
    ids = {f: i for i, f in enumerate(sorted(f for f, n in counts.items() if n >= min_count))}
    indices: list[int] = []
    pointers = [0]
    for choice in usable:
        for row in choice.candidates:
            indices.extend(sorted(ids[f] for f in row if f in ids))
            pointers.append(len(indices))
    matrix = csr_matrix((np.ones(len(indices)), indices, pointers), shape=(len(pointers) - 1, len(ids)))
    sizes = np.array([len(c.candidates) for c in usable])
    starts = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    group = np.repeat(np.arange(len(usable)), sizes)
    right = np.array([i in c.right for c in usable for i in range(len(c.candidates))])

    def loss(weights: Any) -> tuple[float, Any]:
        scores = matrix @ weights
        scores = np.exp(scores - np.maximum.reduceat(scores, starts)[group])
        all_ = np.add.reduceat(scores, starts)
        good = np.maximum(np.add.reduceat(scores * right, starts), 1e-300)
        slope = scores / all_[group] - scores * right / good[group]
        return float(np.log(all_ / good).sum() + l2 * weights @ weights / 2), matrix.T @ slope + l2 * weights

    found = minimize(loss, np.zeros(len(ids)), jac=True, method="L-BFGS-B", options={"maxiter": iterations})
    return {f: float(w) for f, w in zip(ids, found.x, strict=True)}
