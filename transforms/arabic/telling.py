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
from transforms.arabic.casualties import Toll, counts
from transforms.arabic.choices import Feature, Rankers, chosen, labelled, spelled
from transforms.arabic.circumstances import (
    country_features,
    mode_features,
    modes,
    place_features,
    places,
)
from transforms.arabic.eventdays import Day, day_features, days
from transforms.arabic.roles import (
    ROLES,
    Cast,
    Past,
    candidates,
    further_features,
    none_features,
    shared_features,
)
from transforms.arabic.scene import Scene, Told
from transforms.arabic.spans import Span
from transforms.arabic.statuses import status_features
from transforms.arabic.triggerwords import trigger_key

#: So many earlier events are seen by the choice of place.
RECENT = 8
#: The choices, in order.
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
    victims: Sequence[Sequence[Toll]] = (),
) -> list[Telling]:
    """The scene's events with all choices; where `forced` has an event, later choices see that instead.

    `victims` has for each event its dead and injured, who do not act in it.
    """
    teller = _Teller(scene, published, rankers, forced, watch, people, victims)
    for event in scene.events:
        teller.tell(event)
    return teller.told


class _Teller:
    """Chooses event by event; `told` has what was chosen so far, `past` what later events see of it."""

    def __init__(
        self,
        scene: Scene,
        published: date | None,
        rankers: Rankers | None,
        forced: Sequence[Telling],
        watch: Watch | None,
        people: People,
        victims: Sequence[Sequence[Toll]],
    ) -> None:
        self.scene = scene
        self.published = published
        self.rankers = rankers
        self.forced = forced
        self.watch = watch
        self.people = people
        self.victims = victims
        self.told: list[Telling] = []
        self.past: list[Past] = []

    def tell(self, event: Told) -> None:
        """Makes the choices about the next event."""
        scene, told = self.scene, self.told
        seen = self.forced[len(told)] if self.forced else None
        cast = self._cast(event, seen)
        believed = seen.cast if seen else cast
        tellings = self.forced[: len(told)] if self.forced else told
        before = {t.event.first: t.status for t in tellings if t.event.sentence == event.sentence}
        status = self._label("status", STATUSES, STATUSES, status_features(scene, event, self.published, before))
        mode = ""
        if len(modes(event.type)) > 1:
            names = [f"{event.type}/{m}" for m in modes(event.type)]
            mode = self._label("mode", modes(event.type), names, mode_features(scene, event, believed))
        history = list(zip(self.past[-RECENT:], tellings[-RECENT:], strict=True))
        options = places(scene, event)
        rows = place_features(scene, event, options, believed, [(p, t.place) for p, t in history])
        place = self._choose("place", [None, *options], rows)
        times = [(p, t.day) for p, t in zip(self.past, tellings, strict=True)]
        dates = days(scene, event, self.published, times)
        dated = day_features(scene, event, dates, seen.status if seen else status, self.published, times)
        day = self._choose("day", [None, *dates], dated)
        facts = self._facts(event, believed, place)
        country = self._country(event, seen.place if seen else place, *facts)
        told.append(Telling(event, cast, status, mode or None, place, day, country, *facts))
        self.past.append(Past(event, trigger_key(scene, event).root, *believed))

    def _choose(self, name: str, options: Sequence[Any], features: Sequence[Sequence[Feature]]) -> Any:
        if self.watch is not None:
            self.watch(len(self.told), name, options, [spelled(row) for row in features])
        return options[self.rankers.best(name, features)[0] if self.rankers else 0]

    def _label(self, name: str, options: Sequence[str], labels: Sequence[str], row: Sequence[Feature]) -> str:
        if self.watch is not None:
            self.watch(len(self.told), name, options, [labelled(label, row) for label in labels])
        return options[self.rankers.label(name, labels, row) if self.rankers else 0]

    def _cast(self, event: Told, seen: Telling | None) -> Cast:
        """The phrases of an event, role by role; a later role sees the earlier ones, of `seen` where that is given."""
        scene, rankers = self.scene, self.rankers
        phrases = candidates(scene, event, self.past)
        spans = [None, *(scene.look(p).span for p in phrases)]
        rows = [none_features(scene, event, self.past), *shared_features(scene, event, self.past, phrases)]
        found: dict[str, Span | None] = {}
        known: dict[str, Span | None] = {}
        shared = rankers.shared(ROLES, rows) if rankers else None
        for role in ROLES:
            further = [further_features(p, known) for p in (None, *phrases)]
            if self.watch is not None:
                told = [spelled([*row, *more]) for row, more in zip(rows, further, strict=True)]
                self.watch(len(self.told), role, spans, told)
            best = 0
            if rankers is not None and shared is not None:
                scores: list[float] = [x + y for x, y in zip(shared[role], rankers.sums(role, further), strict=True)]
                for i in self._barred(role, spans, known.get("actor")):
                    scores[i] = float("-inf")
                best = chosen(scores)[0]
            found[role] = spans[best]
            known[role] = getattr(seen.cast, role) if seen else found[role]
        return Cast(**found)

    def _barred(self, role: str, spans: Sequence[Span | None], actor: Span | None) -> list[int]:
        """Who cannot be meant: the actor as target, the event's own dead and injured as actor (`قتل أربعة جنود`)."""
        if role == "target" and actor:
            return [i for i, span in enumerate(spans) if span and same(self.scene, span, actor)]
        tolls = self.victims[len(self.told)] if role == "actor" and self.victims else ()
        return [i for i, span in enumerate(spans) if span and any(counts(toll, span.start, span.end) for toll in tolls)]

    def _facts(self, event: Told, cast: Cast, place: Mention | None) -> tuple[Facts, Facts]:
        """Country and sector of actor and target."""
        where = place.country if place else None

        def facts(span: Span | None, *, force: bool = False) -> Facts:
            if span is None:
                return Facts()
            text = self.scene.text[span.start : span.end]
            return actor_facts(text, self.people, at=span.start, day=self.published, where=where, force=force)

        return facts(cast.actor, force=event.type in _FORCE), facts(cast.target)

    def _country(self, event: Told, place: Mention | None, actor: Facts, target: Facts) -> str | None:
        """The country of an event: that of its place, actor, target or article."""
        home = self.people.home
        codes = [place.country if place else None, actor.country, target.country, home]
        options = [None, *dict.fromkeys(code for code in codes if code)]
        rows = [country_features(event, place, actor.country, target.country, home, code) for code in options]
        country: str | None = self._choose("country", options, rows)
        return country


def same(scene: Scene, one: Span, two: Span) -> bool:
    """Whether two phrases overlap or have the same words: nobody is both actor and target (10 of 2,354 labelled events)."""
    return (one.start < two.end and two.start < one.end) or scene.words(one) == scene.words(two)
