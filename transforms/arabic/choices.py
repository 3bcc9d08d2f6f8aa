"""Choice among candidates by weighted features: a softmax over the sums of their weights.

Knows: the weights in `models/events.tsv`, a column a choice (actor, status …).  Does not know: what the features mean.
`pipelines.train_events` learns the weights.  numpy is imported where it is used: by itself it takes .06 s.
"""

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from transforms.arabic.lexicon import model_path

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LEADING = re.compile(r"(?<![0-9])0\.")


#: Choices among labels rather than phrases: the features are the event's, and the weight of each depends on the label.
LABELS: Final = ("status", "mode")


def labelled(label: str, row: Iterable[str]) -> list[str]:
    """The features of an event's having a label."""
    return [f"{label}|{feature}" for feature in row]


class _Labels:
    """Weights of labelled features, a column a label."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        import numpy as np

        split = {feature: feature.split("|", 1) for feature in weights}
        self._columns = {label: i for i, label in enumerate(sorted({label for label, _ in split.values()}))}
        self._index = {f: i for i, f in enumerate(sorted({f for _, f in split.values()}), 1)}
        self._weights = np.zeros((len(self._index) + 1, len(self._columns) + 1), np.float32)
        for feature, (label, rest) in split.items():
            self._weights[self._index[rest], self._columns[label]] = weights[feature]

    def best(self, labels: Sequence[str], row: Iterable[str]) -> int:
        get = self._index.get
        sums = self._weights[[get(feature, 0) for feature in row]].sum(axis=0)
        # A label that training never saw has the last column, which weighs nothing.
        return int(sums[[self._columns.get(label, -1) for label in labels]].argmax())

    def weight(self, feature: str) -> float:
        label, _, rest = feature.partition("|")
        return float(self._weights[self._index.get(rest, 0), self._columns.get(label, -1)])


class Rankers:
    """Weights of several choices by feature; a feature that training never saw weighs nothing.

    One look-up of a feature finds its weight in all choices: roles share most of their features.
    """

    def __init__(self, weights: Mapping[str, Mapping[str, float]]) -> None:
        import numpy as np

        self._labels = {name: _Labels(weights[name]) for name in LABELS if name in weights}
        weights = {name: table for name, table in weights.items() if name not in LABELS}
        self.columns = {name: i for i, name in enumerate(sorted(weights))}
        features = sorted({f for table in weights.values() for f in table})
        self._index = {f: i for i, f in enumerate(features, 1)}
        # Row 0 weighs nothing: unknown features.
        self._weights = np.zeros((len(features) + 1, len(self.columns)))
        for name, table in weights.items():
            for feature, weight in table.items():
                self._weights[self._index[feature], self.columns[name]] = weight

    def sums(self, rows: Sequence[Iterable[str]]) -> "NDArray[Any]":
        """Of each row of features the summed weights, a column a choice."""
        import numpy as np

        get = self._index.get
        found: list[int] = []
        starts = []
        for row in rows:
            starts.append(len(found))
            found.append(0)
            found += [get(feature, 0) for feature in row]
        return np.add.reduceat(self._weights[found], starts)

    def weight(self, name: str, feature: str) -> float:
        """What a feature weighs in a choice; among LABELS it is one of `labelled`."""
        if name in self._labels:
            return self._labels[name].weight(feature)
        return float(self._weights[self._index.get(feature, 0), self.columns[name]])

    def label(self, name: str, labels: Sequence[str], row: Iterable[str]) -> int:
        """Index of the best label for an event with these features."""
        return self._labels[name].best(labels, row)

    def best(self, name: str, rows: Sequence[Iterable[str]]) -> tuple[int, float]:
        """Index of the best candidate for a choice (the first of equals) and its probability among all."""
        return chosen(self.sums(rows)[:, self.columns[name]])


def chosen(scores: "NDArray[Any]") -> tuple[int, float]:
    """Index of the highest score (the first of equals) and its share in the softmax of all."""
    top = int(scores.argmax())
    return top, share(scores, top)


def share(scores: "NDArray[Any]", which: int) -> float:
    """The probability of a candidate: its share in the softmax of all scores."""
    import numpy as np

    return float(1 / np.exp(scores - scores[which]).sum())


@functools.cache
def rankers() -> Rankers:
    """The shipped rankers."""
    return Rankers(read_weights(model_path("events.tsv").read_text("utf-8")))


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
