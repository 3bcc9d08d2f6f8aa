"""Event triggers: which words tell an event of which PLOVER type.

Knows: trigger and type.  Does not know: who, whom, where, when, and whether it happened.
A word's features (`transforms.engines.trigger_features`) are weighed by a maximum-entropy model; `pipelines.train triggers`
makes it.
"""

import threading
from collections.abc import Sequence
from os import PathLike, fspath
from typing import Final

import numpy as np

from schemas.event import EVENT_TYPES
from schemas.token import Token
from transforms.arabic.spans import Name
from transforms.engines import trigger_features
from transforms.engines.additive import model
from transforms.engines.statistical import name_start

#: The types that the model tells apart.
TRIGGER_TYPES: Final = EVENT_TYPES
#: The label of a word that tells no event.
NONE: Final = "O"

ENGINE: Final = "maxent"
#: A word is a trigger from this probability of being one on, of whichever type; chosen by cross-validation over the
#: training articles (docs/accuracy.md).
THRESHOLD: Final = 0.25
#: Triggers have one to three words.
_LONGEST: Final = 3

_LOCK: Final = threading.Lock()  # a model fills its sums by word


class StatisticalTriggers:
    """Finds event triggers with the model at `path`; cheap to pickle, the model is opened once a process."""

    def __init__(self, path: str | PathLike[str], threshold: float = THRESHOLD) -> None:
        self.path = fspath(path)
        self.threshold = threshold

    def find(self, sentences: Sequence[Sequence[Token]]) -> tuple[Name, ...]:
        """The triggers of one article's sentences in text order; `type` is a PLOVER type.

        `score` is the probability that the word tells an event of that type; neighbours of one type are one trigger.
        """
        found: list[Name] = []
        with _LOCK:
            opened = model(self.path, trigger_features)
            none = opened.labels.index(NONE)
            rows = opened.chances([[trigger_features.form_of(t) for t in tokens] for tokens in sentences])
        for tokens, chances in zip(sentences, rows, strict=True):
            last, length = -2, 0
            for i in map(int, np.flatnonzero(1 - chances[:, none] >= self.threshold)):
                if tokens[i].kind == "punct":
                    continue
                odds = chances[i].copy()
                odds[none] = 0
                best = int(odds.argmax())
                kind, score = opened.labels[best], round(min(float(odds[best]), 1.0), 4)
                if last == i - 1 and length < _LONGEST and found[-1].type == kind:
                    found[-1] = found[-1]._replace(end=tokens[i].end, score=max(found[-1].score or 0, score))
                    length += 1
                else:
                    found.append(Name(name_start(tokens[i]), tokens[i].end, kind, score, ENGINE))
                    length = 1
                last = i
        return tuple(found)
