"""Word groups: which words keep the same company, learnt from unlabelled news (`pipelines.clusters`).

Words are looked up by their normal form; proclitics are taken off where the rest is the more frequent word, so that the
look-up does not depend on how tokens are cut.
"""

import functools
from collections.abc import Mapping
from typing import Final, NamedTuple

from transforms.arabic import lexicon

_LETTERS: Final = ("وف", "بلك")


class Group(NamedTuple):
    """What the table knows of a word."""

    word: str  # without proclitics
    frequency: str  # number of binary digits of its count
    groups: tuple[str, ...]  # coarse to fine


def without_proclitics(norm: str, ranks: Mapping[str, int]) -> str:
    """The word without و ف and ب ل ك where the rest is more frequent: `ranks` counts from the most frequent word.

    >>> without_proclitics("وقال", {"قال": 3, "وقال": 5})
    'قال'
    """
    rest = norm
    for letters in _LETTERS:
        if len(rest) > 3 and rest[0] in letters:
            cut = rest[1:]
            if cut.startswith("ل") and rest[0] == "ل":
                cut = "ا" + cut  # للحكومة stands for ل+الحكومة
            if ranks.get(cut, 1 << 30) < ranks.get(rest, 1 << 29):
                rest = cut
    return rest


@functools.lru_cache(maxsize=1 << 16)
def group_of(norm: str) -> Group | None:
    """The word's group, or None for a word that the table does not know."""
    ranks, rows = _table()
    word = without_proclitics(norm, ranks)
    row = rows.get(word)
    return Group(word, row[0], tuple(row[1].split(" "))) if row else None


@functools.cache
def _table() -> tuple[dict[str, int], dict[str, tuple[str, str]]]:
    ranks: dict[str, int] = {}
    rows: dict[str, tuple[str, str]] = {}
    for line in lexicon.model_path("names.clusters.tsv").read_text("utf-8").splitlines()[2:]:
        word, frequency, groups = line.split("\t")
        ranks[word] = -int(frequency)
        rows[word] = (frequency, groups)
    return ranks, rows
