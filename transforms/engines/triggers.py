"""Event triggers by a conditional random field: which words tell an event of which PLOVER type.

Knows: trigger and type.  Does not know: who, whom, where, when, and whether it happened.
The features are those of names (`transforms.engines.statistical`); `pipelines.train triggers` makes the model.
"""

import functools
import threading
from collections.abc import Sequence
from os import PathLike, fspath
from typing import Any, Final

from schemas.event import EVENT_TYPES
from schemas.token import Token
from transforms.arabic.spans import Name
from transforms.engines.statistical import features, name_start

#: The types that the model tells apart.
TRIGGER_TYPES: Final = EVENT_TYPES

ENGINE: Final = "crf"
#: A word is a trigger from this probability of being one on, of whichever type: event type F1 on gold/dev is .567 by
#: plain decoding, .587 at .5, .602 at .4, .605 at .3.
THRESHOLD: Final = 0.4

_LOCK: Final = threading.Lock()  # a tagger keeps its sentence between calls


class StatisticalTriggers:
    """Finds event triggers with the CRF model at `path`; cheap to pickle, the model is opened once a process."""

    def __init__(self, path: str | PathLike[str]) -> None:
        self.path = fspath(path)

    def find(self, sentences: Sequence[Sequence[Token]]) -> tuple[Name, ...]:
        """The triggers of the sentences' tokens in text order; `type` is a PLOVER type, `score` 0 to 1."""
        found: list[Name] = []
        with _LOCK:
            tagger, types = _tagger(self.path)
            for tokens in sentences:
                if tokens:
                    tagger.set(features(tokens))
                    found.extend(_triggers(tagger, types, tokens))
        return tuple(found)


def _triggers(tagger: Any, types: Sequence[tuple[str, str, str]], tokens: Sequence[Token]) -> list[Name]:
    """The triggers of the sentence that is set in the tagger; a word that goes on the last trigger is joined to it."""
    found: list[Name] = []
    last = -2
    for i, token in enumerate(tokens):
        score = 1 - tagger.marginal("O", i)
        if score < THRESHOLD or token.kind == "punct":
            continue
        odds = {t: (tagger.marginal(b, i), tagger.marginal(inside, i)) for t, b, inside in types}
        best = max(odds, key=lambda t: sum(odds[t]))
        begins, goes_on = odds[best]
        if goes_on > begins and last == i - 1 and found[-1].type == best:
            found[-1] = found[-1]._replace(end=token.end)
        else:
            found.append(Name(name_start(token), token.end, best, round(min(score, 1.0), 4), ENGINE))
        last = i
    return found


@functools.cache
def _tagger(path: str) -> tuple[Any, tuple[tuple[str, str, str], ...]]:
    """The model, and of each type its two labels (a type never seen to go on has its first twice)."""
    import pycrfsuite

    tagger = pycrfsuite.Tagger()
    tagger.open(path)
    labels = set(tagger.labels())
    types = (t for t in TRIGGER_TYPES if f"B-{t}" in labels)
    return tagger, tuple((t, f"B-{t}", f"I-{t}" if f"I-{t}" in labels else f"B-{t}") for t in types)
