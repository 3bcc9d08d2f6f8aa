"""explain: an article with its layers, and for each event why it is told so.

The article is analysed here, by the engines asked for, with a watcher beside the choices; what it shows are the rows that
`khabar ingest` would write.  Lines run left to right; each stretch of the article stands in an isolate of its own.
"""

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from pipelines import logs  # noqa: F401  Beam warns when it is imported

# isort: split
from pipelines.articles import NoArticle, from_file, from_lake
from pipelines.explained import Explained, casualties, chosen, days, explained, numbers, quoted
from pipelines.layers import coloured, marked, marks_of, pieces, right_to_left, widened
from pipelines.looks import LEGEND
from pipelines.options import ExplainOptions, explain_options
from pipelines.page import page
from pipelines.reasons import Reason
from pipelines.show import cell, isolated
from schemas.document import Document
from schemas.event import Event
from schemas.mention import Mention
from schemas.quote import Quote
from transforms.engines.unavailable import Unavailable


def main(argv: Sequence[str] | None = None) -> int:
    """Exit codes: 0, or 2 where there is no such article, an engine cannot be loaded or an option is wrong."""
    options = explain_options(argv)
    try:
        doc = from_lake(options.source, options.id) if options.id else _of_file(options)
        found = explained(doc, options.engines, options.features)
        if options.html is not None:
            Path(options.html).write_text(page(found), "utf-8")
            return 0
    except (NoArticle, Unavailable) as error:
        return _refuse(str(error))
    except OSError as error:
        return _refuse(f"{error.filename or options.source}: {error.strerror or error}")
    color = options.color
    if color is None:
        color = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    print("\n".join(lines(found, color)))
    return 0


def _of_file(options: ExplainOptions) -> Document:
    if (Path(options.source) / "_runs").is_dir():
        raise NoArticle(f"{options.source} is a lake: name the article, too, by article_id, version_id or guid")
    return from_file(options.source, options.number, options.format, "")


def _refuse(message: str) -> int:
    print(f"khabar explain: error: {message}", file=sys.stderr)
    return 2


def lines(found: Explained, color: bool) -> Iterator[str]:
    """The lines for a terminal, with colours or with signs."""
    doc = found.doc
    yield from head(doc)
    all_marks = marks_of(doc)
    for sentence in doc.sentences:
        marks = [widened(doc.article.text, m) for m in all_marks if m.start < sentence.end and sentence.start < m.end]
        parts = list(pieces(doc.article.text, sentence.start, sentence.end, marks))
        shown = coloured(parts) if color else marked(parts)
        yield f"\n{sentence.sentence_index:3d}  {right_to_left(shown)}"
        yield from (f"     {line}" for line in mention_lines(doc.mentions, sentence.sentence_index))
        yield from (f"     {quote_line(q)}" for q in doc.quotes if q.sentence_index == sentence.sentence_index)
        for event, reasons in zip(doc.events, found.reasons, strict=True):
            if event.sentence_index == sentence.sentence_index:
                yield from event_lines(doc, event, reasons)
    if doc.events:
        yield f"\n{LEGEND}"


def head(doc: Document) -> Iterator[str]:
    """Who the article is."""
    article = doc.article
    day = article.published_at.isoformat(timespec="minutes") if article.published_at else "no date"
    facts = [article.guid or article.article_id, article.source, f"{day} ({article.published_rule})", article.url]
    yield "  ".join(isolated(cell(fact)) for fact in facts if fact)
    if article.title:
        yield isolated(cell(article.title))


def mention_lines(mentions: Sequence[Mention], sentence: int) -> Iterator[str]:
    """A line a mention of a sentence: type, text, and what is known of it."""
    for m in mentions:
        if m.sentence_index == sentence:
            yield f"{m.type:9s}{quoted(m.text)}{''.join(f'  {fact}' for fact in mention_facts(m))}"


def mention_facts(m: Mention) -> Iterator[str]:
    """What is known of a mention, beside its text."""
    if m.name and m.name != m.text:
        yield f"= {quoted(m.name)}"
    if m.role:
        yield quoted(m.role)
    if m.affiliation:
        yield f"of {quoted(m.affiliation)}"
    if m.type == "DATE":
        yield f"{days(m.date_start, m.date_end)} ({m.date_rule})"
    if m.type == "QUANTITY":
        yield f"{numbers(m.value_min, m.value_max)} {quoted(m.unit)}".rstrip()
    place = [m.country, m.admin1, m.place_precision, f"{m.lat:.2f},{m.lon:.2f}" if m.lat is not None else None]
    yield from (isolated(cell(fact)) for fact in place if fact)
    if m.engine != "rules":
        yield m.engine + (f" {m.score:.2f}" if m.score is not None else "")


def quote_line(q: Quote) -> str:
    """Speaker and cue of a quotation, and how it begins."""
    speaker = quoted(q.speaker_name or q.speaker_text) or "nobody named"
    cue = f", cue {quoted(q.cue)}" if q.cue else ", goes on"
    return f"quote    {quoted(q.text, 60)}  by {speaker}{cue}, {'direct' if q.direct else 'indirect'}"


def event_lines(doc: Document, event: Event, reasons: Sequence[Reason]) -> Iterator[str]:
    """An event, then its choices with their reasons."""
    kind = f"{event.type}{f' {event.mode}' if event.mode else ''}, {event.quad}{f', CAMEO {event.cameo}' if event.cameo else ''}"
    score = f" {event.score:.2f}" if event.score is not None else ""
    yield f"     event    {quoted(event.trigger)}  {kind}  found by {event.rule}{score}"
    for reason in reasons:
        yield f"       {reason.name:8s} {chosen(doc, event, reason)}"
        yield from (f"                {isolated(cell(weight.told(reason.name)))}" for weight in reason.weights)
    tolls = [f"{kind} {numbers(least, most)}" for kind, least, most in casualties(event)]
    if tolls:
        yield f"       {', '.join(tolls)}"
