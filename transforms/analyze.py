"""Analyze: the language layers in order, each a function from Document to Document."""

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from functools import partial

import apache_beam as beam

from schemas.document import Document
from transforms.engines.table import DEFAULT, Engines
from transforms.entities import annotate_mentions
from transforms.events import annotate_events
from transforms.loaded import Loaded, loaded
from transforms.quotes import annotate_quotes
from transforms.segment import segment
from transforms.step import Bug, Step

Layer = Callable[[Document], Document]


def layers(loaded: Loaded) -> dict[str, Layer]:
    """The language layers by name, in order."""
    return {
        "segment": partial(segment, types=loaded.types),
        "annotate_mentions": partial(annotate_mentions, engine=loaded.names),
        "annotate_quotes": annotate_quotes,
        "annotate_events": annotate_events,
    }


def analyze(doc: Document, steps: Iterable[Layer] | None = None) -> Document:
    """All layers, with the default engines unless told.  Raises RuntimeError that names the article where one has a bug."""
    try:
        for layer in layers(loaded()).values() if steps is None else steps:
            doc = layer(doc)
    except Exception as error:
        raise RuntimeError(f"article {doc.article.guid or doc.article.article_id}: {error!r}") from error
    return doc


def _layers(engines: Engines) -> Sequence[Layer]:
    return tuple(layers(loaded(engines)).values())


def _analyzed(doc: Document, steps: Sequence[Layer]) -> list[Document]:
    return [analyze(doc, steps)]


@dataclasses.dataclass
class Analyze(beam.PTransform):
    """Documents get all layers that they lack."""

    engines: Engines = DEFAULT
    bug: Bug | None = None

    def expand(self, docs: beam.PCollection) -> beam.PCollection:
        """Documents and Rejects in and out."""
        return docs | Step("Analyze", _analyzed, make=partial(_layers, self.engines), bug=self.bug)
