"""Segment: the sentences of a Document, and their tokens."""

import dataclasses
from functools import partial

import apache_beam as beam

from schemas.document import Document
from transforms.arabic.sentences import split_sentences
from transforms.arabic.tokens import TYPES, Types, tokenize_sentences
from transforms.engines.table import DEFAULT, Engines
from transforms.loaded import Loaded, loaded
from transforms.rows import sentence_row
from transforms.step import Bug, Step


def segment(doc: Document, types: Types = TYPES) -> Document:
    """The Document with its sentences and tokens; one that has its tokens is left as it is."""
    if doc.tokens:
        return doc
    spans = split_sentences(doc.article.text)
    return dataclasses.replace(
        doc,
        sentences=tuple(sentence_row(doc, i, start, end) for i, (start, end) in enumerate(spans)),
        tokens=tokenize_sentences(doc.article.text, spans, types),
    )


def _segmented(doc: Document, loaded: Loaded) -> list[Document]:
    return [segment(doc, loaded.types)]


@dataclasses.dataclass
class Segment(beam.PTransform):
    """Documents get sentences and tokens."""

    engines: Engines = DEFAULT
    bug: Bug | None = None

    def expand(self, docs: beam.PCollection) -> beam.PCollection:
        """Documents and Rejects in and out."""
        return docs | Step("Segment", _segmented, make=partial(loaded, self.engines), bug=self.bug)
