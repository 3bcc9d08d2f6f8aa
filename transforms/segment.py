"""Segment: the sentences of a Document, and their tokens."""

import dataclasses

import apache_beam as beam

from schemas.document import Document
from transforms.arabic.sentences import split_sentences
from transforms.arabic.tokens import tokenize_sentences
from transforms.rows import sentence_row
from transforms.step import Step


def segment(doc: Document) -> Document:
    """The Document with its sentences and tokens; one that has its tokens is left as it is."""
    if doc.tokens:
        return doc
    spans = split_sentences(doc.article.text)
    return dataclasses.replace(
        doc,
        sentences=tuple(sentence_row(doc, i, start, end) for i, (start, end) in enumerate(spans)),
        tokens=tokenize_sentences(doc.article.text, spans),
    )


@dataclasses.dataclass
class Segment(beam.PTransform):
    """Documents get sentences and tokens."""

    def expand(self, docs: beam.PCollection) -> beam.PCollection:
        """Documents and Rejects in and out."""
        return docs | Step("Segment", lambda doc: [segment(doc)])
