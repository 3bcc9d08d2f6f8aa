"""Scores who and where on annotated articles: countries of event places, countries and sectors of actors.

The gold's names and phrases are given, so that only the look-ups are measured.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from transforms.arabic.actors import People, actor_facts, people_of
from transforms.arabic.characters import normal_form
from transforms.arabic.spans import Name
from transforms.arabic.targets import struck_sector
from transforms.engines.statistical import NAME_TYPES
from transforms.entities import identities


class KnownName(NamedTuple):
    """A gold name with what the look-ups tell of it."""

    start: int
    end: int
    type: str
    norm: str
    name: str | None
    country: str | None


class Score(NamedTuple):
    """Right and all, by what was asked; and wrong answers as text."""

    right: Counter[str]
    asked: Counter[str]
    wrong: list[str]

    def __str__(self) -> str:
        return ", ".join(f"{key} {self.right[key] / n:.3f} of {n}" for key, n in self.asked.items())


def known_names(article: dict[str, Any]) -> list[KnownName]:
    """The gold's names in text order, identified."""
    text = article["text"]
    names = sorted(
        Name(e["span"][0], e["span"][1], e["type"], None, "gold")
        for e in article["entities"]
        if e["type"] in NAME_TYPES and e.get("span")
    )
    return [
        KnownName(n.start, n.end, n.type, " ".join(normal_form(text[n.start : n.end]).split()), row.get("name"), row.get("country"))
        for n, row in zip(names, identities(text, names), strict=True)
    ]  # fmt: skip


def score_places(articles: Iterable[dict[str, Any]]) -> Score:
    """Countries of the places of events, once an event and once an article's distinct place."""
    score = Score(Counter(), Counter(), [])
    for article in articles:
        names = known_names(article)
        seen = set()
        for event in article["events"]:
            if not (event.get("place_span") and event.get("country")):
                continue
            start, end = event["place_span"]
            told = [n.country for n in names if n.type == "LOC" and n.start < end and start < n.end]
            told = told or [n.country for n in names if n.type == "LOC" and n.norm == normal_form(event["place"])]
            right = told[:1] == [event["country"]]
            first = (event["place"], event["country"]) not in seen
            seen.add((event["place"], event["country"]))
            for key in ("events", "distinct")[: 1 + first]:
                score.asked[key] += 1
                score.right[key] += right
            if first and not right:
                score.wrong.append(f"{event['place']} {event['country']} {told[:1]}")
    return score


def score_actors(articles: Iterable[dict[str, Any]]) -> Score:
    """Countries and sectors of actors and targets, the gold's phrases and event countries given."""
    score = Score(Counter(), Counter(), [])
    for article in articles:
        day = date.fromisoformat(article["date"][:10])
        names = known_names(article)
        cast = people_of(article["text"], names, day)
        for event in article["events"]:
            by = None
            for role in ("actor", "target"):
                if event.get(role + "_span"):
                    by = _score_actor(score, article["text"], (cast, names, day), event, role, by)
    return score


def _score_actor(
    score: Score,
    text: str,
    known: tuple[People, Sequence[KnownName], date],
    event: dict[str, Any],
    role: str,
    by: str | None,
) -> str | None:
    """Scores one actor or target and tells its sector; `by` is the actor's where it is a target."""
    cast, names, day = known
    start, end = event[role + "_span"]
    force = role == "actor" and event["type"] in ("ASSAULT", "MOBILIZE")
    facts = actor_facts(text[start:end], cast, at=start, day=day, where=event.get("country"), force=force)
    if role == "target" and facts.sector is None:
        kinds = tuple(n.type for n in names if n.start < end and start < n.end)
        facts = facts._replace(sector=struck_sector(normal_form(text[start:end]).split(), by, kinds, event["type"]))
    for column, value in facts._asdict().items():
        if wanted := event.get(f"{role}_{column}"):
            score.asked[f"{role} {column}"] += 1
            score.right[f"{role} {column}"] += value == wanted
            if value != wanted:
                score.wrong.append(f"{column} {text[start:end]} {wanted} {value}")
    return facts.sector
