"""What an article tells of each of its events: roles, status, mode, place, day, chosen one after the other.

Knows: the order of the choices, and that later ones see earlier ones.  Does not know: how features are made or weighed.
`pipelines.train_events` walks the same way to learn: it watches the choices and forces what later events see.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, NamedTuple

from schemas.event import STATUSES
from schemas.mention import Mention
from transforms.arabic.actors import NOBODY, Facts, People, actor_facts
from transforms.arabic.choices import Rankers, chosen, labelled
from transforms.arabic.circumstances import (
    Day,
    country_features,
    day_features,
    days,
    mode_features,
    modes,
    place_features,
    places,
)
from transforms.arabic.roles import (
    ROLES,
    Cast,
    Past,
    candidates,
    further_features,
    none_features,
    shared_features,
    trigger_key,
)
from transforms.arabic.scene import Scene, Told
from transforms.arabic.spans import Span
from transforms.arabic.statuses import status_features

#: The choices, in order.
RECENT = 8
CHOICES = (*ROLES, "status", "mode", "place", "day", "country")
#: What a state does by its army.
_FORCE = ("ASSAULT", "MOBILIZE")


class Telling(NamedTuple):
    """An event with what was chosen for it."""

    event: Told
    cast: Cast
    status: str
    mode: str | None
    place: Mention | None
    day: Day | None
    country: str | None = None
    actor: Facts = Facts()
    target: Facts = Facts()


#: Gets index of the event, name of the choice, what can be chosen, and the features of each.
Watch = Callable[[int, str, Sequence[Any], Sequence[Sequence[str]]], None]


def tell(
    scene: Scene,
    published: date | None,
    rankers: Rankers | None,
    forced: Sequence[Telling] = (),
    watch: Watch | None = None,
    people: People = NOBODY,
) -> list[Telling]:
    """The scene's events with all choices; where `forced` has an event, later choices see that instead."""
    told: list[Telling] = []
    past: list[Past] = []

    def choose(name: str, options: Sequence[Any], features: Sequence[Sequence[str]]) -> Any:
        if watch is not None:
            watch(len(told), name, options, features)
        return options[rankers.best(name, features)[0] if rankers else 0]

    def label(name: str, options: Sequence[str], labels: Sequence[str], row: Sequence[str]) -> str:
        if watch is not None:
            watch(len(told), name, options, [labelled(label, row) for label in labels])
        return options[rankers.label(name, labels, row) if rankers else 0]

    for event in scene.events:
        seen = forced[len(told)] if forced else None
        phrases = candidates(scene, event, past)
        spans = [None, *(Span(p.start, p.end) for p in phrases)]
        rows = shared_features(scene, event, past, phrases)
        none = none_features(scene, event, past)
        found: dict[str, Span | None] = {}
        known: dict[str, Span | None] = {}
        shared = rankers.sums([none, *rows]) if rankers else None
        for role in ROLES:
            further = [further_features(p, known) for p in (None, *phrases)]
            if watch is not None:
                watch(len(told), role, spans, [row + more for row, more in zip([none, *rows], further, strict=True)])
            best = 0
            if rankers is not None and shared is not None:
                scores = (shared + rankers.sums(further))[:, rankers.columns[role]]
                if role == "target" and (actor := known["actor"]):
                    scores[[i for i, span in enumerate(spans) if span and same(scene, span, actor)]] = float("-inf")
                best = chosen(scores)[0]
            found[role] = spans[best]
            known[role] = getattr(seen.cast, role) if seen else found[role]
        cast = Cast(**found)
        believed = seen.cast if seen else cast
        before = {t.event.first: t.status for t in (forced[: len(told)] or told) if t.event.sentence == event.sentence}
        status = label("status", STATUSES, STATUSES, status_features(scene, event, published, before))
        mode = ""
        if len(modes(event.type)) > 1:
            names = [f"{event.type}/{m}" for m in modes(event.type)]
            mode = label("mode", modes(event.type), names, mode_features(scene, event, believed))
        options = places(scene, event)
        tellings = forced[: len(told)] if forced else told
        history = list(zip(past[-RECENT:], tellings[-RECENT:], strict=True))
        place = choose(
            "place",
            [None, *options],
            place_features(scene, event, options, believed, [(p, t.place) for p, t in history]),
        )
        times = [(p, t.day) for p, t in history]
        dates = days(scene, event, published, times)
        day = choose(
            "day",
            [None, *dates],
            day_features(scene, event, dates, seen.status if seen else status, published, times),
        )
        facts = [
            actor_facts(
                scene.text[span.start : span.end],
                people,
                at=span.start,
                day=published,
                where=place.country if place else None,
                force=role == "actor" and event.type in _FORCE,
            )
            if span
            else Facts()
            for role, span in (("actor", believed.actor), ("target", believed.target))
        ]
        where = seen.place if seen else place
        codes = [where.country if where else None, facts[0].country, facts[1].country, people.home]
        told_of = [None, *dict.fromkeys(code for code in codes if code)]
        country = choose(
            "country",
            told_of,
            [country_features(event, where, facts[0].country, facts[1].country, people.home, code) for code in told_of],
        )
        told.append(Telling(event, cast, status, mode or None, place, day, country, *facts))
        past.append(Past(event, trigger_key(scene, event).root, *believed))
    return told


def same(scene: Scene, one: Span, two: Span) -> bool:
    """Whether two phrases overlap or have the same words: nobody is both actor and target (10 of 2,354 labelled events)."""
    return (one.start < two.end and two.start < one.end) or scene.words(one) == scene.words(two)
