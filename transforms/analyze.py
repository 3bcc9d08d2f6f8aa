"""Analyze: the language layers in order, each a function from Document to Document."""

import dataclasses
import functools
from typing import Any

import apache_beam as beam

from schemas.document import Document
from transforms.arabic import lexicon
from transforms.arabic.circumstances import nearest, status_of
from transforms.engines.triggers import StatisticalTriggers
from transforms.entities import annotate_mentions
from transforms.quotes import annotate_quotes
from transforms.rows import event_row, sentence_at
from transforms.segment import segment
from transforms.step import Step


@functools.cache
def trigger_engine() -> StatisticalTriggers:
    """The built-in finder of event triggers, loaded once a process."""
    return StatisticalTriggers(str(lexicon.model_path("triggers.crfsuite")))


def annotate_events(doc: Document) -> Document:
    """The Document with its events: trigger, type and status, the sentence's nearest place and date, and who says so.

    Actor, target, mode and counts are not found yet and stay null.
    """
    events = []
    for trigger in trigger_engine().find(doc.tokens):
        index = sentence_at(doc.sentences, trigger.start)
        beside = [m for m in doc.mentions if m.sentence_index == index]
        place = nearest((m for m in beside if m.type == "LOC"), trigger.start, trigger.end)
        when = nearest((m for m in beside if m.type == "DATE" and m.date_start), trigger.start, trigger.end)
        said = next((q for q in doc.quotes if q.start <= trigger.start < q.end and q.speaker_start is not None), None)
        found: dict[str, Any] = {}
        if when:
            found |= {"date_start": when.date_start, "date_end": when.date_end}
            found |= {"date_precision": when.date_precision, "date_rule": "sentence"}
        if said and said.speaker_start is not None and said.speaker_end is not None:
            found |= {"said_by": (said.speaker_start, said.speaker_end), "said_by_name": said.speaker_name}
        events.append(
            event_row(
                doc,
                (trigger.start, trigger.end),
                trigger.type,
                place=(place.start, place.end) if place else None,
                status=status_of(doc.tokens[index], trigger.start),
                rule=trigger.engine,
                score=trigger.score,
                **found,
            )
        )
    return dataclasses.replace(doc, events=tuple(events))


#: The language layers in order.
LAYERS = (segment, annotate_mentions, annotate_quotes, annotate_events)


def analyze(doc: Document) -> Document:
    """All layers.  Raises RuntimeError that names the article where a layer has a bug."""
    try:
        for layer in LAYERS:
            doc = layer(doc)
    except Exception as error:
        raise RuntimeError(f"article {doc.article.guid or doc.article.article_id}: {error!r}") from error
    return doc


@dataclasses.dataclass
class Analyze(beam.PTransform):
    """Documents get all layers that they lack."""

    def expand(self, docs: beam.PCollection) -> beam.PCollection:
        """Documents and Rejects in and out."""
        return docs | Step("Analyze", lambda doc: [analyze(doc)])
