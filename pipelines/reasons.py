"""Why an event has its roles, status, mode, place and day: of each choice the strongest features for what was chosen.

Knows: the choices that `tell` shows a watcher, and their weights.  The normal path does not pass here.
"""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from pipelines.looks import look_of
from schemas.document import Document
from schemas.event import Event
from schemas.mention import Mention
from transforms.arabic.characters import normal_form
from transforms.arabic.choices import LABELS, Rankers
from transforms.arabic.eventdays import Day
from transforms.arabic.roles import ROLES
from transforms.arabic.spans import Span

#: A choice as it was watched: what can be chosen, and the features of each.
Seen = tuple[Sequence[Any], Sequence[Sequence[str]]]


class Reason(NamedTuple):
    """Why a choice fell so."""

    name: str  # actor, target, said_by, status, mode, place or day
    chosen: Any  # Span, str, Mention or Day; None where nothing was chosen
    probability: float  # its share in the softmax of all candidates
    other: Any  # the next best; None for nothing, and where there is no other
    other_probability: float
    #: What speaks for the choice rather than the next best, strongest first.
    weights: list["Weight"]


class Weight(NamedTuple):
    """A feature and by how much it lifts what was chosen above the next best."""

    feature: str
    weight: float
    #: False where it is the next best that has the feature.
    chosen: bool

    def told(self, choice: str) -> str:
        """As a person may read it."""
        head, mark, value = self.feature.partition("=")
        look = look_of(choice, head)
        what = self.feature if look is None else f"{look}: {value or 'none'}" if mark else look
        return f"{self.weight:+.2f} {'' if self.chosen else 'of the next: '}{what}"


class Watcher:
    """Keeps the choices about each event, in the order of the Document's events."""

    def __init__(self) -> None:
        self.seen: dict[int, dict[str, Seen]] = {}

    def __call__(self, event: int, name: str, options: Sequence[Any], features: Sequence[Sequence[str]]) -> None:
        """For `annotate_events`."""
        self.seen.setdefault(event, {})[name] = (options, features)

    def reasons(self, doc: Document, index: int, rankers: Rankers, most: int) -> list[Reason]:
        """The reasons of a watched event's choices, each with at most so many weights."""
        return [
            _reason(name, doc, doc.events[index], *seen, rankers, most)
            for name, seen in self.seen.get(index, {}).items()
        ]


def _reason(
    name: str,
    doc: Document,
    event: Event,
    options: Sequence[Any],
    rows: Sequence[Sequence[str]],
    rankers: Rankers,
    most: int,
) -> Reason:
    sums = [sum(rankers.weight(name, feature) for feature in row) for row in rows]
    best = _chosen(name, event, options, sums)
    allowed = [i for i, option in enumerate(options) if i == best or name != "target" or not _acts(doc, event, option)]
    shares = {i: math.exp(sums[i] - max(sums[j] for j in allowed)) for i in allowed}
    other = max((i for i in allowed if i != best), key=lambda i: sums[i], default=None)
    total = sum(shares.values())
    return Reason(
        name,
        options[best],
        shares[best] / total,
        None if other is None else options[other],
        0.0 if other is None else shares[other] / total,
        _strongest(name, rows[best], () if other is None else rows[other], rankers)[:most],
    )


def _strongest(name: str, mine: Sequence[str], others: Sequence[str], rankers: Rankers) -> list[Weight]:
    """What lifts a choice above another one; a feature that both have decides nothing, but of labels each weighs its own."""
    weights: dict[str, float] = {}
    for row, sign in ((mine, 1), (others, -1)):
        for feature in row:
            bare = feature.partition("|")[2] if name in LABELS else feature
            weights[bare] = weights.get(bare, 0.0) + sign * rankers.weight(name, feature)
    own = {feature.partition("|")[2] if name in LABELS else feature for feature in mine}
    found = [Weight(feature, weight, feature in own) for feature, weight in weights.items() if weight >= 0.005]
    return sorted(found, key=lambda w: (-w.weight, w.feature))


def _chosen(name: str, event: Event, options: Sequence[Any], sums: Sequence[float]) -> int:
    """Which of the options the event has.  Of places and days, which rows do not tell apart, the best."""
    if name in ROLES:
        at = getattr(event, f"{name}_start"), getattr(event, f"{name}_end")
        return next((i for i, option in enumerate(options) if option and (option.start, option.end) == at), 0)
    if name in LABELS:
        return list(options).index(getattr(event, name) or "")
    return max(range(len(sums)), key=lambda i: sums[i])


def _acts(doc: Document, event: Event, option: Span | None) -> bool:
    """Whether an option for the target is barred as the actor: the same words, or some of them."""
    if option is None or event.actor_start is None or event.actor_end is None:
        return False
    if event.actor_start < option.end and option.start < event.actor_end:
        return True
    return normal_form(doc.article.text[option.start : option.end]) == normal_form(event.actor_text or "")


def source_of(event: Event, chosen: Mention | Day | None) -> str:
    """Where a place or day of an event was told."""
    if chosen is None:
        return ""
    mention = chosen if isinstance(chosen, Mention) else chosen.mention
    if mention is None:
        return (
            "the day of publication" if isinstance(chosen, Day) and chosen.rule == "publication" else "an earlier event"
        )
    back = event.sentence_index - mention.sentence_index
    near = {-1: "the sentence after", 0: "its own sentence", 1: "the sentence before"}
    return near.get(back, f"{back} sentences before")
