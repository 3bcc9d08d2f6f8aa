"""Quotes: the layer that adds a document's quotations."""

import dataclasses

from schemas.document import Document
from transforms.arabic.quotes import find_quotes
from transforms.arabic.speakerphrases import Named
from transforms.rows import quote_row


def annotate_quotes(doc: Document) -> Document:
    """The Document with its quotations, each with cue, speaker, and the speaker's fullest name and role."""
    names = [Named(m.start, m.end, m.type) for m in doc.mentions if m.type in ("PER", "ORG", "LOC")]
    quotes = tuple(
        quote_row(
            doc,
            quote.start,
            quote.end,
            cue=quote.cue,
            speaker=quote.speaker,
            direct=quote.direct,
            speaker_name=quote.speaker_name,
            speaker_role=quote.speaker_role,
        )
        for quote in find_quotes(doc.article.text, doc.tokens, names)
    )
    return dataclasses.replace(doc, quotes=quotes)
