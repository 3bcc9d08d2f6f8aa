"""Page: an explained article as one static HTML page, right to left, without scripts and without anything from elsewhere."""

from collections.abc import Iterator, Sequence
from html import escape
from typing import Final

from pipelines.explained import Explained, chosen
from pipelines.layers import Mark, marks_of, pieces
from pipelines.looks import LEGEND
from pipelines.reasons import Reason
from schemas.document import Document
from schemas.event import Event

_STYLE: Final = """
body { margin: 2rem auto; max-width: 60rem; padding: 0 1rem; font: 1.15rem/2 "Noto Naskh Arabic", "Amiri", serif; color: #1a1a1a; background: #fff }
h1 { font-size: 1.5rem } .facts, .events, footer { font: .85rem/1.5 system-ui, sans-serif; color: #555 }
.quote { background: #f2efe6 } .speaker { text-decoration: underline dotted } .event { font-weight: bold; background: #ffe08a }
.PER { color: #00639b } .ORG { color: #8a2a8a } .LOC { color: #1d6b2f } .NORP { color: #5a4ba8 } .WEAPON { color: #b3261e }
.DATE { border-bottom: 2px solid #c78a00 } .TITLE, .QUANTITY { border-bottom: 1px dashed #999 }
.events { direction: ltr; text-align: left; margin: 0 0 1.2rem } details { margin: .2rem 0 } summary { cursor: pointer }
table { border-collapse: collapse; margin: .3rem 0 .6rem 1rem } td, th { text-align: left; vertical-align: top; padding: .15rem .8rem .15rem 0; border-top: 1px solid #ddd }
.key span { margin-inline-end: .8rem }
@media (prefers-color-scheme: dark) { body { color: #e8e8e8; background: #1b1b1b } .quote { background: #2e2b22 } .event { background: #6b5200 }
.PER { color: #7cc4ff } .ORG { color: #e59be5 } .LOC { color: #86d69a } .NORP { color: #b9aef5 } .WEAPON { color: #ff9a92 } .facts, .events, footer { color: #aaa } }
"""
_KEY: Final = (
    ("event", "event"), ("PER", "person"), ("ORG", "body"), ("LOC", "place"), ("NORP", "people"), ("WEAPON", "weapon"),
    ("DATE", "date"), ("TITLE", "title or quantity"), ("quote", "quotation"), ("speaker", "who speaks"),
)  # fmt: skip


def page(found: Explained) -> str:
    """The page of an article, its title that of the page."""
    doc = found.doc
    title = escape(doc.article.title or doc.article.guid or doc.article.article_id)
    key = "".join(f'<span class="{kind}">{told}</span>' for kind, told in _KEY)
    parts = [
        "<!DOCTYPE html>",
        f'<html lang="{escape(doc.article.language)}" dir="rtl"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}</title><style>{_STYLE}</style></head><body>",
        f"<h1>{title}</h1>",
        f'<p class="facts" dir="ltr">{_facts(doc)}</p><p class="facts key" dir="ltr">{key}</p>',
        *_sentences(found),
        f'<footer dir="ltr">{escape(LEGEND)}</footer></body></html>',
    ]
    return "\n".join(parts) + "\n"


def _facts(doc: Document) -> str:
    article = doc.article
    day = article.published_at.isoformat(timespec="minutes") if article.published_at else "no date"
    facts = [article.guid or article.article_id, article.source, day, article.url]
    # An address is shown, never linked: what an article says of itself is not to be trusted with a click.
    return " · ".join(bdi(fact) for fact in facts if fact)


def _sentences(found: Explained) -> Iterator[str]:
    doc, marks = found.doc, marks_of(found.doc)
    for sentence in doc.sentences:
        yield f"<p>{spans(doc, sentence.start, sentence.end, marks)}</p>"
        told = [
            event_table(doc, event, reasons)
            for event, reasons in zip(doc.events, found.reasons, strict=True)
            if event.sentence_index == sentence.sentence_index
        ]
        if told:
            yield f'<div class="events">{"".join(told)}</div>'


def spans(doc: Document, start: int, end: int, marks: Sequence[Mark]) -> str:
    """text[start:end] as spans side by side, each with the classes of all marks that cover it."""
    found = []
    for part in pieces(doc.article.text, start, end, marks):
        text = escape(part.text)
        if part.marks:
            kinds = " ".join(dict.fromkeys(m.kind for m in part.marks))
            notes = "; ".join(f"{m.kind} {m.note}".strip() for m in part.marks)
            text = f'<span class="{kinds}" title="{escape(notes)}">{text}</span>'
        found.append(text)
    return "".join(found)


def event_table(doc: Document, event: Event, reasons: Sequence[Reason]) -> str:
    """An event, opened by a click: a row a choice, with its weights."""
    kind = f"{event.type}{f' {event.mode}' if event.mode else ''}, {event.status}"
    score = f" {event.score:.2f}" if event.score is not None else ""
    rows = "".join(
        f"<tr><th>{escape(reason.name)}</th><td>{escape(chosen(doc, event, reason))}</td>"
        f"<td>{'<br>'.join(bdi(weight.told(reason.name)) for weight in reason.weights)}</td></tr>"
        for reason in reasons
    )
    summary = f"{bdi(event.trigger)} {escape(kind)}, found by {escape(event.rule)}{score}"
    return f"<details><summary>{summary}</summary><table>{rows}</table></details>"


def bdi(text: str) -> str:
    """The text, escaped, whose direction its own first letter tells."""
    return f"<bdi>{escape(text)}</bdi>"
