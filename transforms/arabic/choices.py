"""Choice among candidates by weighted features: a softmax over the sums of their weights.

Knows: the weights in `models/events.tsv`, a column a choice (actor, status …).  Does not know: what the features mean.
`pipelines.train_events` learns the weights.
"""

import functools
import math
import re
from collections.abc import Iterable, Mapping, Sequence

from transforms.arabic.lexicon import model_path

_LEADING = re.compile(r"(?<![0-9])0\.")


class Ranker:
    """Weights by feature; a feature that training never saw weighs nothing."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        self.weights = weights

    def best(self, candidates: Sequence[Iterable[str]]) -> tuple[int, float]:
        """Index of the best candidate (the first of equals) and its probability among all."""
        get = self.weights.get
        scores = [sum([get(f, 0.0) for f in features]) for features in candidates]
        top = max(scores)
        return scores.index(top), 1 / sum([math.exp(s - top) for s in scores])


@functools.cache
def rankers() -> dict[str, Ranker]:
    """The shipped rankers by name of the choice."""
    return {
        choice: Ranker(weights) for choice, weights in read_weights(model_path("events.tsv").read_text("utf-8")).items()
    }


def read_weights(text: str) -> dict[str, dict[str, float]]:
    """The weights of each choice: a head of names, then a line a feature, empty where it weighs nothing."""
    lines = (line for line in text.split("\n") if line and not line.startswith("# "))
    names = next(lines).split("\t")[1:]
    found: dict[str, dict[str, float]] = {name: {} for name in names}
    for line in lines:
        feature, *cells = line.split("\t")
        for name, cell in zip(names, cells, strict=True):
            if cell:
                found[name][feature] = float(cell)
    return found


def write_weights(weights: Mapping[str, Mapping[str, float]], least: float = 0.0) -> str:
    """What `read_weights` reads; weights nearer to nothing than `least` are left out."""
    names = sorted(weights)
    lines = ["feature\t" + "\t".join(names)]
    for feature in sorted({f for table in weights.values() for f in table}):
        cells = [table.get(feature, 0.0) for table in (weights[n] for n in names)]
        cells = [0.0 if abs(w) < max(least, 0.005) else w for w in cells]
        if any(cells):
            lines.append(feature + "\t" + "\t".join(_LEADING.sub(".", f"{w:.2f}") if w else "" for w in cells))
    return "\n".join(lines) + "\n"
