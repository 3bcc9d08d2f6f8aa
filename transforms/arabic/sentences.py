"""Sentences.  (First form: line ends, and an end mark before white space; see docs/accuracy.md.)"""

import re

from transforms.arabic.spans import Span

_BREAK = re.compile(r"\n+|(?<=[.!?؟…])\s+")


def split_sentences(text: str) -> tuple[Span, ...]:
    """The sentences of a cleaned text, in order, white space between them left out."""
    spans, start = [], 0
    for match in _BREAK.finditer(text):
        if text[start : match.start()].strip():
            spans.append(Span(start, match.start()))
        start = match.end()
    if text[start:].strip():
        spans.append(Span(start, len(text.rstrip())))
    return tuple(spans)
