"""Choice among candidates by weighted features: a softmax over the sums of their weights.

Knows: the weights in `models/events.tsv`, a column a choice (actor, status …).  Does not know: what the features mean.
`pipelines.train_events` learns the weights.

Features that hang on the same few values travel as one part: the function that spells them, then its values.  What a part weighs
is summed once and kept, so that a word seen before costs one look-up and no string is joined (docs/accuracy.md has what that saves).
"""

import functools
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from transforms.arabic.lexicon import model_path

_LEADING = re.compile(r"(?<![0-9])0\.")

#: A feature, or a part: a pure function that spells features, followed by its values.
Feature = str | tuple[Any, ...]
#: Choices among labels rather than phrases: the features are the event's, and the weight of each depends on the label.
LABELS: Final = ("status", "mode")
#: Choices that weigh the same rows of features: one look-up finds what a feature weighs in all of them.
_SHARED: Final = ("actor", "said_by", "target")
#: Weights are summed as whole numbers of millionths: exactly, whatever the order, so that equals are equal.
UNIT: Final = 10**6
#: The weights of a feature in several choices lie side by side in one number, so many bits each: sums up to ±2147.
_BITS: Final = 32
_RANGE: Final = 1 << _BITS
_HALF: Final = _RANGE >> 1
#: So many parts are kept by a table before it starts anew: 500 articles have about 60,000 of the roles.
_KEPT: Final = 1 << 16


def spelled(row: Iterable[Feature]) -> list[str]:
    """The features of a row one by one."""
    return [f for key in row for f in ((key,) if isinstance(key, str) else key[0](*key[1:]))]


def labelled(label: str, row: Iterable[Feature]) -> list[str]:
    """The features of an event's having a label."""
    return [f"{label}|{feature}" for feature in spelled(row)]


class _Table:
    """Weights by feature, a column each of `columns`; a feature that training never saw weighs nothing."""

    def __init__(self, columns: Mapping[str, Mapping[str, float]]) -> None:
        self.columns = {name: i for i, name in enumerate(columns)}
        self._shifts = [i * _BITS for i in range(len(columns))]
        self._bias = sum(_HALF << shift for shift in self._shifts)  # so that no column is below nothing
        self._known: dict[Feature, int] = {}
        for feature in dict.fromkeys(f for weights in columns.values() for f in weights):
            row = [round(weights.get(feature, 0.0) * UNIT) for weights in columns.values()]
            self._known[feature] = sum(weight << shift for weight, shift in zip(row, self._shifts, strict=True))
        self._kept: list[Feature] = []

    def sums(self, row: Iterable[Feature]) -> list[int]:
        """The summed weights of a row of features, a column each, in UNITs."""
        packed = self._packed(row) + self._bias
        return [(packed >> shift) % _RANGE - _HALF for shift in self._shifts]

    def sum(self, row: Iterable[Feature], column: str) -> int:
        """The same of one column."""
        return ((self._packed(row) + self._bias) >> self._shifts[self.columns[column]]) % _RANGE - _HALF

    def _packed(self, row: Iterable[Feature]) -> int:
        get, new = self._known.get, self._summed
        return sum([
            weights if (weights := get(key)) is not None else new(key) if key.__class__ is tuple else 0 for key in row
        ])  # fmt: skip

    def _summed(self, part: tuple[Any, ...]) -> int:
        if len(self._kept) >= _KEPT:
            for old in self._kept:
                del self._known[old]
            self._kept.clear()
        self._known[part] = sum([self._known.get(feature, 0) for feature in part[0](*part[1:])])
        self._kept.append(part)
        return self._known[part]


class Rankers:
    """Weights of several choices by feature."""

    def __init__(self, weights: Mapping[str, Mapping[str, float]]) -> None:
        self._tables: dict[str, _Table] = {}
        shared = _Table({name: weights[name] for name in _SHARED if name in weights})
        for name, table in weights.items():
            if name in LABELS:
                self._tables |= {f"{name} {of}": _Table(labels) for of, labels in _by_label(table).items()}
            else:
                self._tables[name] = shared if name in _SHARED else _Table({name: table})

    def sums(self, name: str, rows: Iterable[Iterable[Feature]]) -> list[int]:
        """Of each row of features the summed weights in a choice, in UNITs."""
        table = self._tables[name]
        return [table.sum(row, name) for row in rows]

    def shared(self, names: Sequence[str], rows: Iterable[Iterable[Feature]]) -> dict[str, list[int]]:
        """The same for several choices at once, which weigh the same rows."""
        table = self._tables[names[0]]
        columns = [*zip(*(table.sums(row) for row in rows), strict=True)]
        return {name: list(columns[table.columns[name]]) for name in names}

    def weight(self, name: str, feature: str) -> float:
        """What a feature weighs in a choice; among LABELS it is one of `labelled`."""
        column = name
        if name in LABELS:
            column, _, feature = feature.partition("|")
            name = f"{name} {_group(column)}"
        table = self._tables.get(name)
        return table.sum([feature], column) / UNIT if table and column in table.columns else 0.0

    def label(self, name: str, labels: Sequence[str], row: Iterable[Feature]) -> int:
        """Index of the best label, all of one group, for an event with these features."""
        table = self._tables.get(f"{name} {_group(labels[0])}")
        if table is None:
            return 0
        sums = table.sums(row)
        # A label that training never saw weighs nothing.
        return _first([sums[table.columns[label]] if label in table.columns else 0 for label in labels])

    def best(self, name: str, rows: Sequence[Iterable[Feature]]) -> tuple[int, float]:
        """Index of the best candidate for a choice (the first of equals) and its probability among all."""
        return chosen(self.sums(name, rows))


def _group(label: str) -> str:
    """What labels stand together for a choice: the type of a mode, "" for statuses."""
    return label.partition("/")[0] if "/" in label else ""


def _by_label(weights: Mapping[str, float]) -> dict[str, dict[str, dict[str, float]]]:
    """The weights of labelled features by group of labels, label and feature."""
    found: dict[str, dict[str, dict[str, float]]] = defaultdict(dict)
    for feature, weight in weights.items():
        label, _, rest = feature.partition("|")
        found[_group(label)].setdefault(label, {})[rest] = weight
    return found


def _first(scores: Sequence[float]) -> int:
    return scores.index(max(scores))


def chosen(scores: Sequence[float]) -> tuple[int, float]:
    """Index of the highest score in UNITs (the first of equals) and its share in the softmax of all."""
    top = _first(scores)
    return top, share(scores, top)


def share(scores: Sequence[float], which: int) -> float:
    """The probability of a candidate: its share in the softmax of all scores."""
    return 1 / sum([math.exp((score - scores[which]) / UNIT) for score in scores])


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


def write_weights(weights: Mapping[str, Mapping[str, float]], least: Mapping[str, float] | None = None) -> str:
    """What `read_weights` reads; weights nearer to nothing than a choice's `least` are left out."""
    names = sorted(weights)
    lows = [max((least or {}).get(name, 0.0), 0.005) for name in names]  # two decimals are written
    lines = ["feature\t" + "\t".join(names)]
    for feature in sorted({f for table in weights.values() for f in table}):
        cells = [weights[n].get(feature, 0.0) for n in names]
        cells = [0.0 if abs(w) < low else w for w, low in zip(cells, lows, strict=True)]
        if any(cells):
            lines.append(feature + "\t" + "\t".join(_LEADING.sub(".", f"{w:.2f}") if w else "" for w in cells))
    return "\n".join(lines) + "\n"
