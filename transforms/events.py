"""Events: the layer that adds who did what to whom, where, when, and who says so."""

import dataclasses
import functools
from collections.abc import Sequence
from typing import Any

from schemas.document import Document
from transforms.arabic import lexicon
from transforms.arabic.circumstances import cameo_code
from transforms.arabic.ranker import rankers
from transforms.arabic.scene import Saying, Scene, Told
from transforms.arabic.spans import Name, Span
from transforms.arabic.telling import Telling, tell
from transforms.engines.triggers import StatisticalTriggers
from transforms.rows import event_row, sentence_at


@functools.cache
def trigger_engine() -> StatisticalTriggers:
    """The built-in finder of event triggers, loaded once a process."""
    return StatisticalTriggers(str(lexicon.model_path("triggers.crfsuite")))


def annotate_events(doc: Document) -> Document:
    """The Document with its events."""
    triggers = trigger_engine().find(doc.tokens)
    told = [told_of(doc, trigger) for trigger in triggers]
    scene = scene_of(doc, told)
    tellings = tell(scene, doc.article.published_day, rankers())
    return dataclasses.replace(
        doc, events=tuple(_row(doc, trigger, t) for trigger, t in zip(triggers, tellings, strict=True))
    )


def told_of(doc: Document, trigger: Name) -> Told:
    """The tokens that a trigger covers."""
    index = sentence_at(doc.sentences, trigger.start)
    at = [i for i, t in enumerate(doc.tokens[index]) if t.start < trigger.end and trigger.start < t.end]
    return Told(index, at[0], at[-1], trigger.start, trigger.end, trigger.type)


def scene_of(doc: Document, told: Sequence[Told]) -> Scene:
    """What the choices see of a Document with these events."""
    sayings = [
        Saying(
            q.start,
            q.end,
            Span(q.speaker_start, q.speaker_end) if q.speaker_start is not None and q.speaker_end is not None else None,
            q.speaker_name,
        )
        for q in doc.quotes
    ]
    return Scene(doc.article.text, doc.tokens, doc.mentions, sayings, told)


def _row(doc: Document, trigger: Name, telling: Telling) -> Any:
    found: dict[str, Any] = {}
    if day := telling.day:
        found |= {"date_start": day.first, "date_end": day.last, "date_precision": day.precision, "date_rule": day.rule}
    if place := telling.place:
        found |= {"country": place.country, "lat": place.lat, "lon": place.lon, "geonames_id": place.geonames_id}
    return event_row(
        doc,
        (trigger.start, trigger.end),
        trigger.type,
        mode=telling.mode,
        cameo=cameo_code(trigger.type, telling.mode),
        actor=telling.cast.actor,
        target=telling.cast.target,
        said_by=telling.cast.said_by,
        place=(place.start, place.end) if place else None,
        status=telling.status,
        rule=f"{trigger.engine}+ranker",
        score=trigger.score,
        **found,
    )
