"""Analyze: the language layers in order, each a function from Document to Document."""

import dataclasses

import apache_beam as beam

from schemas.document import Document
from transforms.entities import annotate_mentions
from transforms.events import annotate_events
from transforms.quotes import annotate_quotes
from transforms.segment import segment
from transforms.step import Step

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
