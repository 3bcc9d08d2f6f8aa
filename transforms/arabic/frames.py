"""Frames: what the phrases around an event's word mean, and what a word that governs an event says of it.

Knows: for each word and type of trigger_words.tsv whether subject, object, idafa and prepositions bring the actor or the target
(data/frames.tsv); which words take an event as complement, how, and what they make of it (data/governors.tsv); the forms of
these verbs.  Does not know: voice (the caller turns subjects of passives), context, where a phrase stands (`clauses`).

Roles: `A` the actor, `T` the target, `AT` either, about as often, `-` neither, "" unknown.
"""

import functools
from collections import defaultdict
from collections.abc import Mapping
from typing import Final, NamedTuple

from transforms.arabic.characters import normal_form
from transforms.arabic.lexicon import table
from transforms.arabic.wordforms import readings

#: How a link is written in governors.tsv where `clauses` has a symbol for it.
_LINKS: Final = {"": "+", "comp": "ان"}


class Frame(NamedTuple):
    """Roles by place; of a noun, `subject` is the person that it names, `object` the second bare phrase after it."""

    subject: str
    object: str
    idafa: str
    preps: Mapping[str, str]
    verb: bool


class Governor(NamedTuple):
    """What a word says of an event that hangs on it by one of `links`; `object` has roles by label: `obj`, `ل` …"""

    links: tuple[str, ...]
    subject: str
    object: Mapping[str, str]
    status: str  # actual, planned, hypothetical, negated, or "-"
    verb: bool

    def takes(self, link: str) -> bool:
        """Whether an event can hang on it so; `link` as `transforms.arabic.clauses.around` gives it."""
        return _LINKS.get(link, link) in self.links


@functools.lru_cache(maxsize=1 << 16)
def frames(norm: str, kind: str, verb: bool | None = None) -> Frame | None:
    """The frame of a trigger as written, in normal form; `verb` where it is known to be one or none.

    A word that stands under other types alone has what they agree on.  Of several words the first tells the subject, the last
    the rest: `شن غارات`.

    >>> frames("واعتقلت", "COERCE").object, frames("الاعتقالات", "COERCE").idafa, frames("شنت غارات", "ASSAULT").subject
    ('T', 'T', 'A')
    """
    words = norm.split()
    found = [f for i, word in enumerate(words) if (f := _frame(word, kind, verb if not i else None, strict=i > 0))]
    if len(found) < 2:
        return found[0] if found else None
    first, last = found[0], found[-1]
    preps = {k: v for f in found for k, v in f.preps.items()}
    after = last.object if last.verb else last.idafa
    # After `أطلق سراح` stands whom it is about; after `شن غارات` rather the subject.
    return Frame(first.subject, "T" if after == "T" else "-", last.idafa, preps, first.verb)


@functools.lru_cache(maxsize=1 << 16)
def governor(norm: str, verb: bool | None = None) -> tuple[Governor, ...]:
    """What a word as written, in normal form, says of events that hang on it, the likeliest reading first; () if nothing.

    >>> [(g.links, g.object["obj"], g.status) for g in governor("يحث")]
    [(('الي', 'ان', 'علي'), 'A', 'hypothetical')]
    """
    found: list[Governor] = []
    for reading in readings(norm, verb):
        # Of a verb all lemmas count, of a noun the nearest form that is listed.
        if reading[1] or all(g.verb for g in found):
            found += _governors().get(reading, ())
    return tuple(found)


def role(frame: Frame, label: str) -> str:
    """The role of a phrase by its label of `transforms.arabic.clauses`; phrases of relative clauses and governors have none.

    >>> shelling = frames("القصف", "ASSAULT")
    >>> role(shelling, "adj"), role(shelling, "by"), role(shelling, "في"), role(shelling, "gsub")
    ('A', 'A', '-', '')
    """
    if label == "by":
        return "A"
    if label.startswith("sub"):
        return frame.subject if frame.verb or frame.subject != "-" else ""
    if label == "obj":
        # Of nouns, what follows a participle in the accusative: `متهما`.
        return frame.object if frame.verb or frame.object != "-" else frame.idafa
    if label == "adj":
        return "" if frame.verb else frame.subject if frame.subject != "-" else "A"
    if label == "i1":
        # After a verb that was taken for a noun stands its subject as often as its object.
        return frame.idafa if not frame.verb else "AT" if frame.subject + frame.object == "AT" else frame.subject
    if label == "i2":
        return frame.object
    if label in frame.preps:
        return frame.preps[label]
    return _everywhere().get(label, "")


def governor_role(found: Governor, label: str) -> str:
    """The role in the governed event of a phrase around its governor, by the phrase's label without `g`.

    >>> governor_role(governor("سمحت")[0], "ل"), governor_role(governor("محاوله")[0], "adj")
    ('A', 'A')
    """
    if label.startswith("sub") or (label in ("adj", "by") and not found.verb):
        return found.subject
    if label == "i1" and not found.verb:
        return found.object.get("obj", found.subject)
    return found.object.get(label, "")


def _frame(norm: str, kind: str, verb: bool | None, *, strict: bool) -> Frame | None:
    others: list[Frame] = []
    for reading in readings(norm, verb):
        held = _frames().get(reading, {})
        if kind in held:
            return held[kind]
        others = others or list(held.values())
    if strict or not others:
        return None
    subject, second, idafa = (
        roles[0] if len(set(roles)) == 1 else "" for roles in zip(*(f[:3] for f in others), strict=True)
    )
    shared = set.intersection(*(set(f.preps.items()) for f in others))
    return Frame(subject, second, idafa, dict(sorted(shared)), others[0].verb)


@functools.cache
def _frames() -> dict[tuple[str, bool], dict[str, Frame]]:
    found: dict[tuple[str, bool], dict[str, Frame]] = defaultdict(dict)
    for row in table("frames"):
        verb = row["kind"] == "verb"
        preps = _pairs(row["preps"])
        found[normal_form(row["word"]), verb][row["type"]] = Frame(
            row["subject"], row["object"], row["idafa"], preps, verb
        )
    return dict(found)


@functools.cache
def _everywhere() -> dict[str, str]:
    """The roles that prepositions bring with words whose frame does not speak of them."""
    return next(_pairs(row["preps"]) for row in table("frames") if row["word"] == "*")


def _pairs(cell: str) -> dict[str, str]:
    return dict(pair.split(":") for pair in cell.split())


@functools.cache
def _governors() -> dict[tuple[str, bool], tuple[Governor, ...]]:
    found: dict[tuple[str, bool], list[Governor]] = defaultdict(list)
    for row in table("governors"):
        verb = row["kind"] == "verb"
        # `A` alone is the bare object's role.
        pairs = (part.rpartition(":") for part in row["object"].split() if part != "-")
        roles = {label or "obj": value for label, _, value in pairs}
        found[normal_form(row["word"]), verb].append(
            Governor(tuple(row["link"].split()), row["subject"], roles, row["status"], verb)
        )
    return {word: tuple(held) for word, held in found.items()}
