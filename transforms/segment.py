"""Segment: the sentences of a Document, and their tokens."""

import dataclasses

from schemas.document import Document
from transforms.arabic.sentences import split_sentences
from transforms.arabic.tokens import tokenize_sentences
from transforms.rows import sentence_row


def segment(doc: Document) -> Document:
    """The Document with its sentences and tokens."""
    spans = split_sentences(doc.article.text)
    return dataclasses.replace(
        doc,
        sentences=tuple(sentence_row(doc, i, start, end) for i, (start, end) in enumerate(spans)),
        tokens=tokenize_sentences(doc.article.text, spans),
    )
