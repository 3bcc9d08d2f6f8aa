"""From what the language modules found to rows of the lake: ids and keys added in one place.

Pure; no Beam.  Every row's text is cut from the article's own text by its offsets, so a row cannot say
something else than its characters.
"""

import bisect
from typing import Any

from schemas.document import Document
from schemas.event import QUADS, Event
from schemas.identity import digest
from schemas.mention import Mention
from schemas.quote import Quote
from schemas.sentence import Sentence
from transforms.arabic.characters import normal_form


def sentence_at(sentences: tuple[Sentence, ...], offset: int) -> int:
    """Index of the sentence that holds an offset (the nearest one before it, 0 at least)."""
    return max(0, bisect.bisect_right(sentences, offset, key=lambda s: s.start) - 1)


def _keys(doc: Document) -> dict[str, Any]:
    article = doc.article
    return {"version_id": article.version_id, "run_id": article.run_id, "analyzer_version": article.analyzer_version}


def phrase(doc: Document, name: str, span: tuple[int, int] | None) -> dict[str, Any]:
    """`{name}_start`, `{name}_end` and `{name}_text` for a span, or nothing for None."""
    if span is None:
        return {}
    start, end = span
    return {f"{name}_start": start, f"{name}_end": end, f"{name}_text": doc.article.text[start:end]}


def sentence_row(doc: Document, index: int, start: int, end: int) -> Sentence:
    return Sentence(sentence_index=index, start=start, end=end, text=doc.article.text[start:end], **_keys(doc))


def mention_row(doc: Document, start: int, end: int, type: str, **found: Any) -> Mention:
    """A mention of text[start:end]; `norm` is cut from the text unless given."""
    text = doc.article.text[start:end]
    found.setdefault("norm", " ".join(normal_form(text).split()))
    return Mention(
        mention_id=digest("mention", doc.article.version_id, type, start, end),
        sentence_index=sentence_at(doc.sentences, start),
        start=start, end=end, text=text, type=type, **found, **_keys(doc),
    )  # fmt: skip


def quote_row(
    doc: Document, start: int, end: int, *, cue: tuple[int, int] | None, speaker: tuple[int, int] | None, **found: Any
) -> Quote:
    text = doc.article.text
    return Quote(
        quote_id=digest("quote", doc.article.version_id, start, end),
        sentence_index=sentence_at(doc.sentences, start),
        start=start, end=end, text=text[start:end],
        cue_start=cue and cue[0], cue_end=cue and cue[1], cue=cue and text[cue[0] : cue[1]],
        **phrase(doc, "speaker", speaker), **found, **_keys(doc),
    )  # fmt: skip


def event_row(
    doc: Document,
    trigger: tuple[int, int],
    type: str,
    *,
    actor: tuple[int, int] | None = None,
    target: tuple[int, int] | None = None,
    place: tuple[int, int] | None = None,
    said_by: tuple[int, int] | None = None,
    **found: Any,
) -> Event:
    """An event told by text[trigger[0]:trigger[1]]; phrases are spans, everything else columns of `Event` by name."""
    start, end = trigger
    return Event(
        event_id=digest("event", doc.article.version_id, type, start, end),
        sentence_index=sentence_at(doc.sentences, start),
        trigger_start=start, trigger_end=end, trigger=doc.article.text[start:end], type=type, quad=QUADS[type],
        **phrase(doc, "actor", actor), **phrase(doc, "target", target),
        **phrase(doc, "place", place), **phrase(doc, "said_by", said_by), **found, **_keys(doc),
    )  # fmt: skip
