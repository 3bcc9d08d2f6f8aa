"""Events: the layer that adds who did what to whom, where, when, and who says so."""

import bisect
import dataclasses
import functools
from collections.abc import Mapping, Sequence
from typing import Any, Final

from schemas.document import Document
from schemas.event import Event
from schemas.mention import Mention
from transforms.arabic import lexicon
from transforms.arabic.actors import People, people_of
from transforms.arabic.briefs import is_brief, likeliest, tells
from transforms.arabic.casualties import Toll, find_tolls, sums_up, tolls_of
from transforms.arabic.characters import normal_form
from transforms.arabic.choices import rankers
from transforms.arabic.circumstances import cameo_code
from transforms.arabic.holders import holder
from transforms.arabic.places import only_classes
from transforms.arabic.scene import Saying, Scene, Told
from transforms.arabic.sifting import Candidate, Sifted, sift
from transforms.arabic.spans import Span
from transforms.arabic.targets import struck_sector
from transforms.arabic.telling import Telling, Watch, tell
from transforms.engines.statistical import name_start
from transforms.engines.triggers import ENGINE, StatisticalTriggers
from transforms.rows import event_row

#: What `rule` says of an event: the engine that proposed its word, and what chose.
RULE: Final = f"{ENGINE}+ranker"
#: Types of mentions that name somebody, best first.
_NAMING: Final = ("PER", "ORG", "LOC")


@functools.cache
def trigger_engine() -> StatisticalTriggers:
    """The built-in finder of event triggers, loaded once a process."""
    return StatisticalTriggers(str(lexicon.model_path("triggers.npz")))


class Names:
    """The mentions of an article that name somebody, found by where they stand."""

    def __init__(self, mentions: Sequence[Mention]) -> None:
        self.mentions = sorted((m for m in mentions if m.type in _NAMING), key=lambda m: m.start)
        self._starts = [m.start for m in self.mentions]
        self._longest = max((m.end - m.start for m in self.mentions), default=0)
        self._roles = {m.name: m.role for m in self.mentions if m.type == "PER" and m.name and m.role}

    def meeting(self, start: int, end: int) -> list[Mention]:
        """The mentions that share a character with text[start:end]."""
        first = bisect.bisect_right(self._starts, start - self._longest)
        return [m for m in self.mentions[first : bisect.bisect_left(self._starts, end)] if start < m.end]

    def hold(self, start: int, end: int) -> bool:
        """Whether text[start:end] is part of a name: the `دعم` of `تحالف دعم الشرعية` helps nobody."""
        return any(m.start <= start and end <= m.end for m in self.meeting(start, end))

    def kinds(self, span: Span) -> tuple[str, ...]:
        """The types of the names that a phrase shares a character with, in text order."""
        return tuple(m.type for m in self.meeting(span.start, span.end))

    def name_in(self, span: Span | None, text: str) -> str | None:
        """The fullest name of whom a phrase of an article names: of its first person, else body, else place; None where
        it names nobody.  A role noun alone names the only man whose role it is; gunmen east of a town are not the town.
        """
        found = self.meeting(span.start, span.end) if span else []
        found = [m for m in found if span and (m.type != "LOC" or only_classes(text[span.start : m.start]))]
        best = min(found, key=lambda m: (_NAMING.index(m.type), m.start), default=None)
        if span and (best is None or best.type != "PER") and (held := holder(text[span.start : span.end], self._roles)):
            return held
        return (best.name or best.norm) if best else None


def annotate_events(doc: Document, watch: Watch | None = None) -> Document:
    """The Document with its events; `watch` sees each choice about them, events numbered as in the Document."""
    names = Names(doc.mentions)
    held = candidates(doc, names, trigger_engine())
    scene = scene_of(doc, [c.told for c in held])
    found = sift(scene, held, rankers())
    people = people_of(doc.article.text, doc.mentions, doc.article.published_day)
    if is_brief(doc.article.title, doc.tokens):
        found = _as_reported(doc, people, held, found, tells(scene, held, found))
    told = [s.told for s in found]
    tolls = casualties(doc, told)
    tellings = tell(
        scene.telling(told), doc.article.published_day, rankers(), watch=watch, people=people, victims=tolls
    )
    rows = (_row(doc, names, *row) for row in zip(found, tellings, map(toll_columns, tolls), strict=True))
    return dataclasses.replace(doc, events=tuple(rows))


def _as_reported(
    doc: Document, people: People, held: Sequence[Candidate], found: Sequence[Sifted], reported: Mapping[str, bool]
) -> list[Sifted]:
    """A brief's events: with the likeliest word for what it tells, without what it only looks back on; plans and denials stay."""
    told = {s.told.type for s in found}
    taken = {(s.told.sentence, s.told.first) for s in found}
    free = [c for c in held if (c.told.sentence, c.told.first) not in taken]
    more = [m for kind, tells_it in reported.items() if tells_it and kind not in told and (m := likeliest(free, kind))]
    found = sorted([*found, *more], key=lambda s: s.told.start)
    tellings = tell(scene_of(doc, [s.told for s in found]), doc.article.published_day, rankers(), people=people)
    return [s for s, t in zip(found, tellings, strict=True) if t.status != "actual" or reported.get(s.told.type, True)]


def casualties(doc: Document, told: Sequence[Told]) -> list[tuple[Toll, ...]]:
    """For each event its dead and injured; only violence has any."""
    found: list[tuple[Toll, ...]] = [() for _ in told]
    violent: dict[int, list[int]] = {}
    for i, event in enumerate(told):
        if event.type == "ASSAULT":
            violent.setdefault(event.sentence, []).append(i)
    mentions: dict[int, list[Mention]] = {}
    for mention in doc.mentions:
        mentions.setdefault(mention.sentence_index, []).append(mention)
    for sentence, mine in violent.items():
        tolls = find_tolls(doc.tokens[sentence], mentions.get(sentence, []))
        tokens = doc.tokens[sentence]
        summing = [n for n, i in enumerate(mine) if sums_up(tokens[told[i].first : told[i].last + 1])]
        spans = [(told[i].start, told[i].end) for i in mine]
        for i, by_kind in zip(mine, tolls_of(tolls, spans, summing), strict=True):
            found[i] = tuple(by_kind.values())
    return found


def toll_columns(tolls: Sequence[Toll]) -> dict[str, Any]:
    """The columns of an event's dead and injured."""
    found: dict[str, Any] = {}
    for toll in tolls:
        found |= {f"{toll.kind}_min": toll.least, f"{toll.kind}_max": toll.most}
    if tolls:
        found["count_scope"] = "total" if any(t.total for t in tolls) else "event"
    return found


def candidates(doc: Document, names: Names, engine: StatisticalTriggers) -> list[Candidate]:
    """The words of a Document that the engine holds possible, without those that are part of names."""
    found = []
    for held in engine.candidates(doc.tokens):
        tokens = doc.tokens[held.sentence]
        start, end = tokens[held.first].start, tokens[held.last].end
        if not names.hold(start, end):
            kind = max(held.chances, key=lambda kind: held.chances[kind])
            start = name_start(tokens[held.first])
            found.append(Candidate(Told(held.sentence, held.first, held.last, start, end, kind), held.chances))
    return found


def scene_of(doc: Document, told: Sequence[Told]) -> Scene:
    """What the choices see of a Document with these events."""
    sayings = [
        Saying(
            q.start,
            q.end,
            Span(q.speaker_start, q.speaker_end) if q.speaker_start is not None and q.speaker_end is not None else None,
            q.speaker_name,
        )
        for q in doc.quotes
    ]
    return Scene(doc.article.text, doc.tokens, doc.mentions, sayings, told)


def _row(doc: Document, names: Names, sifted: Sifted, telling: Telling, tolls: Mapping[str, Any]) -> Event:
    event = sifted.told
    found: dict[str, Any] = dict(tolls)
    for role, span in telling.cast._asdict().items():
        found[f"{role}_name"] = names.name_in(span, doc.article.text)
    if day := telling.day:
        found |= {"date_start": day.first, "date_end": day.last, "date_precision": day.precision, "date_rule": day.rule}
    found["country"] = telling.country
    if place := telling.place:
        found |= {"lat": place.lat, "lon": place.lon, "geonames_id": place.geonames_id}
    for role, facts in (("actor", telling.actor), ("target", telling.target)):
        found |= {f"{role}_country": facts.country, f"{role}_sector": facts.sector}
    target = telling.cast.target
    if target is not None and telling.target.sector is None:
        phrase = normal_form(doc.article.text[target.start : target.end]).split()
        found["target_sector"] = struck_sector(phrase, telling.actor.sector, names.kinds(target), event.type)
    return event_row(
        doc,
        (event.start, event.end),
        event.type,
        mode=telling.mode,
        cameo=cameo_code(event.type, telling.mode),
        actor=telling.cast.actor,
        target=telling.cast.target,
        said_by=telling.cast.said_by,
        place=(place.start, place.end) if place else None,
        status=telling.status,
        rule=RULE,
        score=round(sifted.score, 4),
        **found,
    )
