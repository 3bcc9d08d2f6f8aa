"""Event triggers: which words tell an event of which PLOVER type.

Knows: trigger and type.  Does not know: who, whom, where, when, and whether it happened.
A network (`transforms.engines.trigger_network`) weighs words; `pipelines.train triggers` makes it.
"""

import threading
from collections.abc import Iterator, Sequence
from os import PathLike, fspath
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from schemas.event import EVENT_TYPES
from schemas.token import Token
from transforms.arabic.spans import Name
from transforms.engines.statistical import name_start
from transforms.engines.trigger_network import network

#: The types that the model tells apart.
TRIGGER_TYPES: Final = EVENT_TYPES

ENGINE: Final = "network"
#: A word is a trigger from this probability of being one on, of whichever type; chosen by cross-validation over the
#: training articles (docs/accuracy.md).
THRESHOLD: Final = 0.3
#: Triggers have one to three words.
_LONGEST: Final = 3

#: A word is a candidate from this probability on; of its types those from `_TOLD` on are told.
LEAST: Final = 0.1
_TOLD: Final = 0.005

_LOCK: Final = threading.Lock()  # a network fills its table of forms


class Held(NamedTuple):
    """tokens[first:last + 1] of a sentence and how likely they tell an event of each type."""

    sentence: int
    first: int
    last: int
    chances: dict[str, float]


class StatisticalTriggers:
    """Finds event triggers with the model at `path`; cheap to pickle, the model is opened once a process."""

    def __init__(self, path: str | PathLike[str], threshold: float = THRESHOLD) -> None:
        self.path = fspath(path)
        self.threshold = threshold

    def find(self, sentences: Sequence[Sequence[Token]]) -> tuple[Name, ...]:
        """The triggers of one article's sentences in text order; `type` is a PLOVER type.

        `score` is the probability that the trigger's best word tells an event of that type.
        """
        with _LOCK:
            rows = network(self.path).chances(sentences)
        return tuple(
            Name(name_start(tokens[first]), tokens[last].end, kind, score, ENGINE)
            for tokens, chances in zip(sentences, rows, strict=True)
            for first, last, kind, score in self._groups(chances, self.threshold)
        )

    def candidates(self, sentences: Sequence[Sequence[Token]], least: float = LEAST) -> list[Held]:
        """The words of one article that tell an event with a probability of `least`, in text order."""
        with _LOCK:
            rows = network(self.path).chances(sentences)
        found = []
        for sentence, chances in enumerate(rows):
            for first, last, _, _ in self._groups(chances, least):
                held = chances[first : last + 1, 1:].max(axis=0)
                told = {TRIGGER_TYPES[i]: float(held[i]) for i in np.flatnonzero(held >= _TOLD).tolist()}
                if told:
                    found.append(Held(sentence, first, last, told))
        return found

    def _groups(self, chances: NDArray[np.float32], threshold: float) -> Iterator[tuple[int, int, str, float]]:
        """First and last word, type and probability of each trigger of a sentence.

        Neighbours of one type are one trigger; at its ends words half as likely as its best word are left out.
        """
        group: list[int] = []
        likely = np.flatnonzero(1 - chances[:, 0] >= threshold).tolist()
        if not likely:
            return
        kinds = chances[:, 1:].argmax(axis=1) + 1
        for i in (*likely, -1):
            if group and (i != group[-1] + 1 or kinds[i] != kinds[group[0]] or len(group) == _LONGEST):
                kind = int(kinds[group[0]])
                scores = chances[group, kind]
                strong = np.flatnonzero(scores > scores.max() / 2)
                score = round(min(float(scores.max()), 1.0), 4)
                yield group[strong[0]], group[strong[-1]], TRIGGER_TYPES[kind - 1], score
                group = []
            group.append(i)
