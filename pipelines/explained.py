"""Explained: an article analysed with a watcher beside the choices about its events, and those choices in words.

Each stretch of the article is between isolates, for lines that run left to right.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pipelines.reasons import Reason, Watcher, source_of
from pipelines.show import cell, isolated
from schemas.document import Document
from schemas.event import Event
from schemas.mention import Mention
from transforms.analyze import analyze, layers
from transforms.arabic.choices import rankers
from transforms.arabic.eventdays import Day
from transforms.arabic.spans import Span
from transforms.engines.table import Engines
from transforms.events import annotate_events
from transforms.loaded import loaded


@dataclass(frozen=True)
class Explained:
    """An analysed article and the reasons of each of its events' choices."""

    doc: Document
    reasons: tuple[tuple[Reason, ...], ...]


def explained(doc: Document, engines: Engines, features: int) -> Explained:
    """The Document with all layers and why its events are so, with so many features of each choice."""
    watcher = Watcher()
    steps = layers(loaded(engines)) | {"annotate_events": lambda doc: annotate_events(doc, watcher)}
    doc = analyze(doc, steps.values())
    reasons = (tuple(watcher.reasons(doc, i, rankers(), features)) for i in range(len(doc.events)))
    return Explained(doc, tuple(reasons))


def casualties(event: Event) -> Iterator[tuple[str, int | None, int | None]]:
    """Kind, least and most of the tolls that an event has."""
    for kind in ("killed", "injured"):
        least, most = getattr(event, f"{kind}_min"), getattr(event, f"{kind}_max")
        if least is not None or most is not None:
            yield kind, least, most


def chosen(doc: Document, event: Event, reason: Reason) -> str:
    """What was chosen with its probability, who or where that is, and the next best."""
    parts = [f"{value(doc, reason.chosen)} {reason.probability:.2f}", *(quoted(fact) for fact in facts(event, reason))]
    if isinstance(reason.chosen, Mention | Day) and (told := source_of(event, reason.chosen)):
        rule = f"{reason.chosen.rule}: " if isinstance(reason.chosen, Day) else ""
        parts.append(f"({rule}{told})")
    if reason.other_probability >= 0.005:
        parts.append(f"before {value(doc, reason.other)} {reason.other_probability:.2f}")
    return "  ".join(parts)


def facts(event: Event, reason: Reason) -> Iterator[str]:
    """What the row knows of the one chosen for a role, or of the place."""
    if reason.chosen is None:
        return
    told = {"place": ("country",), "said_by": ("said_by_name",)}
    names = told.get(reason.name, tuple(f"{reason.name}_{what}" for what in ("name", "country", "sector")))
    for name in names:
        if (fact := getattr(event, name, None)) and fact != getattr(event, f"{reason.name}_text", None):
            yield fact


def value(doc: Document, option: Any) -> str:
    """A candidate of a choice."""
    if isinstance(option, Span):
        return quoted(doc.article.text[option.start : option.end])
    if isinstance(option, Mention):
        return quoted(option.text)
    if isinstance(option, Day):
        return days(option.first, option.last) + (f" {quoted(option.mention.text)}" if option.mention else "")
    return option or "none"


def days(first: object, last: object) -> str:
    """A day, or the first and the last."""
    return "no days" if first is None else str(first) if first == last else f"{first} to {last}"


def numbers(least: float | None, most: float | None) -> str:
    """A number, or the least and the most."""
    low, high = ("" if n is None else f"{n:g}" for n in (least, most))
    return low if low == high else f"{low}–{high}"


def quoted(text: str | None, most: int = 200) -> str:
    """Words of the article or a fact in an isolate, cut where they are very long."""
    shown = cell(text)
    return isolated(shown if len(shown) <= most else shown[: most - 1] + "…")
