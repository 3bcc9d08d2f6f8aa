"""Analyze: the language layers in order, each a function from Document to Document."""

import dataclasses
import functools
from typing import Any

from schemas.document import Document
from schemas.mention import Mention
from transforms.arabic import lexicon
from transforms.arabic.circumstances import nearest, status_of
from transforms.arabic.dates import find_dates
from transforms.arabic.numbers import find_numbers
from transforms.engines.statistical import StatisticalNames
from transforms.engines.triggers import StatisticalTriggers
from transforms.quotes import annotate_quotes
from transforms.rows import event_row, mention_row, sentence_at
from transforms.segment import segment


@functools.cache
def names_engine() -> StatisticalNames:
    """The built-in name finder, loaded once a process."""
    return StatisticalNames(str(lexicon.model_path("names.crfsuite")))


def annotate_mentions(doc: Document) -> Document:
    """The Document with names, dates and quantities; a date wins over a quantity in the same place."""
    mentions: list[Mention] = [
        mention_row(doc, name.start, name.end, name.type, engine=name.engine, score=name.score)
        for name in names_engine().find(doc.tokens)
    ]
    for tokens in doc.tokens:
        dates = find_dates(tokens, doc.article.published_day)
        for date in dates:
            found: dict[str, Any] = {"date_start": date.first, "date_end": date.last}
            found |= {"date_precision": date.precision, "date_rule": date.rule}
            mentions.append(mention_row(doc, date.start, date.end, "DATE", engine="rules", **found))
        for number in find_numbers(tokens):
            if any(number.start < date.end and date.start < number.end for date in dates):
                continue
            values = {"value_min": number.value_min, "value_max": number.value_max, "unit": number.unit}
            mentions.append(mention_row(doc, number.start, number.end, "QUANTITY", engine="rules", **values))
    mentions.sort(key=lambda m: (m.start, m.end, m.type))
    return dataclasses.replace(doc, mentions=tuple(mentions))


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


def analyze(doc: Document) -> Document:
    """All layers.  Raises RuntimeError that names the article where a layer has a bug."""
    try:
        for layer in (segment, annotate_mentions, annotate_quotes, annotate_events):
            doc = layer(doc)
    except Exception as error:
        raise RuntimeError(f"article {doc.article.guid or doc.article.article_id}: {error!r}") from error
    return doc
