"""What to learn sifting from: words that an engine held possible in labelled articles, and what the gold tells there.

Knows: engines made by `pipelines.train triggers --folds`, each of which has not seen the articles of its fold.  Does not know: features.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pipelines.learn import Choice
from pipelines.triggers import FOLDS, Article, folds
from schemas.document import Document
from transforms.arabic.choices import spelled
from transforms.arabic.scene import Told
from transforms.arabic.sifting import Candidate, features
from transforms.engines.triggers import StatisticalTriggers
from transforms.events import Names, candidates, scene_of


class Sightings(NamedTuple):
    """The candidates of an article, and for each the choice: none (0) or one of its types (from 1)."""

    candidates: tuple[Candidate, ...]
    choices: tuple[Choice, ...]


def engines(files: Sequence[tuple[str, Sequence[Article]]], folder: Path) -> dict[str, StatisticalTriggers]:
    """For each article, by id, the engine of `folder` that has not seen it."""
    found: dict[str, StatisticalTriggers] = {}
    for number, (_, read) in enumerate(folds(files, FOLDS)):
        engine = StatisticalTriggers(folder / f"{number}.npz")
        found |= {article["id"]: engine for article in read}
    return found


def sightings(
    doc: Document, engine: StatisticalTriggers, events: Sequence[Mapping[str, Any]], told: Sequence[Told]
) -> Sightings:
    """The candidates of an article and what its gold events (`told` by tokens) say of each.

    The likeliest candidates get their gold event first: of two that cover one event's words one is right.
    """
    held = candidates(doc, Names(doc.mentions), engine)
    rows = features(scene_of(doc, [c.told for c in held]), held)
    free = list(range(len(told)))
    right = [frozenset((0,))] * len(held)
    for i in sorted(range(len(held)), key=lambda i: -held[i].any):
        at, types = held[i].told, held[i].types
        hit = [j for j in free if _meets(told[j], at) and events[j]["type"] in types]
        if hit:
            right[i] = frozenset(n for n, kind in enumerate(types, 1) if any(events[j]["type"] == kind for j in hit))
            free.remove(hit[0])
    return Sightings(
        tuple(held), tuple(Choice([spelled(row) for row in part], good) for part, good in zip(rows, right, strict=True))
    )


def _meets(one: Told, two: Told) -> bool:
    return one.sentence == two.sentence and one.first <= two.last and two.first <= one.last


def tally(found: Sequence[Told], told: Sequence[Told]) -> dict[str, int]:
    """Counts of triggers and of types told in a sentence: found, wanted and right."""
    free = list(found)
    right = 0
    for event in told:
        match = next((f for f in free if f.type == event.type and _meets(f, event)), None)
        if match is not None:
            free.remove(match)
            right += 1
    got, wanted = {(f.sentence, f.type) for f in found}, {(t.sentence, t.type) for t in told}
    return {
        "trigger found": len(found), "trigger wanted": len(told), "trigger right": right,
        "type found": len(got), "type wanted": len(wanted), "type right": len(got & wanted),
    }  # fmt: skip
