"""The day of an event: which times it can have happened at, and what speaks for each.

Knows: dates of its sentence and of those beside it, days of earlier events, the day of publication.  Does not know: how dates
are read.  The features made here are weighed by `transforms.arabic.choices`.
"""

import functools
from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

from schemas.mention import Mention
from transforms.arabic.circumstances import first_after
from transforms.arabic.dategrammar import words
from transforms.arabic.roles import Past
from transforms.arabic.scene import Scene, Told
from transforms.arabic.triggerwords import trigger_key

#: The days of so many earlier events are candidates; of those further back only if they are of the event's type or word.
_RECENT: Final = 8


class Day(NamedTuple):
    """A day or time that an event can have happened at, and how it was found."""

    first: date
    last: date
    precision: str | None
    rule: (
        str  # clause, sentence, since (from then until publication), carried, later (the next sentence) or publication
    )
    mention: Mention | None


#: Earlier events, oldest first, each with the day that was chosen for it.
Days = Sequence[tuple[Past, Day | None]]


def days(scene: Scene, event: Told, published: date | None, past: Days) -> list[Day]:
    """The times that an event can have happened at: told in its sentence, beside it, of earlier events, since then, today."""
    here = _dates(scene, event.sentence)
    found = [_day(m, "clause" if _close(scene, event, m) else "sentence") for m in here]
    found += [_day(m, "carried") for m in _dates(scene, event.sentence - 1)]
    found += [_day(m, "later") for m in _dates(scene, event.sentence + 1)]
    if published:
        found += [
            d._replace(last=published, rule="since")
            for d in found[: len(here)]
            if d.last < published and d.mention and _since(scene.text[d.mention.start : d.mention.end])
        ]
    root = trigger_key(scene, event).root
    far = [(old, day) for old, day in past[:-_RECENT] if old.root == root or old.event.type == event.type]
    for _, day in [*past[-_RECENT:], *far]:
        if day is not None and all((day.first, day.last) != (d.first, d.last) for d in found):
            found.append(day._replace(rule="carried"))
    if published and all((published, published) != (d.first, d.last) for d in found):
        found.append(Day(published, published, "day", "publication", None))
    return found


def _dates(scene: Scene, sentence: int) -> list[Mention]:
    if not 0 <= sentence < len(scene.mentions):
        return []
    return [m for m in scene.mentions[sentence] if m.type == "DATE" and m.date_start and m.date_end]


def _day(m: Mention, rule: str) -> Day:
    assert m.date_start  # `_dates` gives only such
    assert m.date_end
    return Day(m.date_start, m.date_end, m.date_precision, rule, m)


@functools.lru_cache(maxsize=1 << 12)
def _since(text: str) -> bool:
    """Whether a date is told as a beginning: `منذ 30 مارس`."""
    return text.split(maxsplit=1)[0] in words("since")


def _close(scene: Scene, event: Told, m: Mention) -> bool:
    """Whether no mark and no other event stands between a date and an event of its sentence."""
    lo, hi = (event.end, m.start) if m.start >= event.end else (m.end, event.start)
    tokens, symbols = scene.tokens[event.sentence], scene.symbols(event.sentence)
    return not any(lo <= t.start < hi and s in ("،", ",", "T", "S", "؛") for t, s in zip(tokens, symbols, strict=True))


class _When(NamedTuple):
    """What all candidates of an event are compared with."""

    scene: Scene
    event: Told
    status: str
    published: date | None
    past: Days
    root: str
    shape: str
    inside: int  # candidates told in the event's sentence
    #: Days of the earlier events of its word (r) and type (t), oldest first.
    alike: dict[str, list[Day | None]]


def day_features(
    scene: Scene, event: Told, found: Sequence[Day], status: str, published: date | None, past: Days
) -> list[list[str]]:
    """The features of no day, then of each."""
    key = trigger_key(scene, event)
    inside = sum(d.mention is not None and d.mention.sentence_index == event.sentence for d in found)
    alike = {
        "r": [day for old, day in past if old.root == key.root],
        "t": [day for old, day in past if old.event.type == event.type],
    }
    when = _When(scene, event, status, published, past, key.root, key.shape, inside, alike)
    return [_never(when), *([*dict.fromkeys(_day_features(when, d))] for d in found)]


def _never(when: _When) -> list[str]:
    """The features of no day."""
    event, kind, inside, status = when.event, when.event.type, when.inside, when.status
    row = ["0", f"0T={kind}", f"0n={min(inside, 3)}", f"0s={status}", f"0ns={min(inside, 2)}|{status}", f"0r={when.root}",
           f"0i={min(event.sentence, 3)}", f"0S={when.shape}", f"0nS={min(inside, 2)}|{when.shape}", f"0nT={min(inside, 2)}|{kind}",
           f"0q={when.scene.saying(event.start) is not None}"]  # fmt: skip
    for old, day in when.past[-3:]:
        same = "=" if old.event.sentence == event.sentence else "<"
        row += [f"0p{same}{day is None}"] + ([f"0r{same}{day is None}"] if old.root == when.root else [])
    for tag, olds in when.alike.items():
        if olds:
            none = olds[-1] is None
            row += [f"0l{tag}={none}", f"0l{tag}={none}|{min(inside, 2)}", f"0l{tag}T={none}|{kind}"]
    return list(dict.fromkeys(row))


def _day_features(when: _When, d: Day) -> list[str]:
    event, kind, status, published, shape = when.event, when.event.type, when.status, when.published, when.shape
    side = "after" if published and d.first > published else "before" if published and d.last < published else "on"
    quoted = when.scene.saying(event.start) is not None
    row = [f"k={d.rule}", f"kT={d.rule}|{kind}", f"p={d.precision}", f"w={side}|{status}", f"kw={d.rule}|{side}",
           f"kp={d.rule}|{d.precision}", f"kS={d.rule}|{shape}", f"ks={d.rule}|{status}", f"i={min(event.sentence, 3)}|{d.rule}",
           f"kTs={d.rule}|{kind}|{status}", f"kq={d.rule}|{quoted}", f"kwT={d.rule}|{side}|{kind}"]  # fmt: skip
    if d.mention is not None and d.mention.sentence_index == event.sentence:
        row += _beside(when, d.mention)
    return row + _earlier(when, d)


def _beside(when: _When, m: Mention) -> list[str]:
    """What stands between an event and a date of its sentence."""
    event = when.event
    tokens, symbols = when.scene.tokens[event.sentence], when.scene.symbols(event.sentence)
    i = first_after(tokens, m.start)
    side = "A" if i > event.last else "B"
    lo, hi = (event.last + 1, i) if i > event.last else (i + 1, event.first)
    crossed = sum(lo <= j < hi for j in when.scene.triggers[event.sentence])
    verbs = symbols[lo:hi].count("V") + symbols[lo:hi].count("S")
    return [f"d={side}{min(hi - lo, 12)}", f"x={side}{min(crossed, 2)}", f"v={side}{min(verbs, 2)}", f"m={side}{symbols[lo:hi].count('،')}",
            f"l={tokens[i].norm}", f"lb={tokens[i - 1].norm if i else '^'}", f"r={m.date_rule}", f"only={when.inside == 1}",
            f"sv={side}{min(verbs, 2)}{min(crossed, 2)}|{when.shape}",
            f"say={side}{'S' in symbols[lo:hi]}", f"pre={symbols[i - 1] if i else '^'}|{side}"]  # fmt: skip


def _earlier(when: _When, d: Day) -> list[str]:
    """Whether earlier events happened then."""
    event = when.event
    row: list[str] = []
    for age, (old, day) in enumerate(when.past[-4:][::-1]):
        if _same(day, d):
            same = "=" if old.event.sentence == event.sentence else "<"
            row += [f"o{same}{age}", f"oT{same}{old.event.type == event.type}"]
            row += [f"or{same}"] if old.root == when.root else []
    for tag, olds in when.alike.items():
        if olds:
            hit, any_ = _same(olds[-1], d), any(_same(old, d) for old in olds)
            row += [
                f"l{tag}={hit}",
                f"l{tag}={hit}{olds[-1] is None}|{d.rule}",
                f"la{tag}={any_}|{d.rule}",
                f"l{tag}T={hit}|{event.type}",
            ]
    return row


def _same(one: Day | None, two: Day) -> bool:
    return one is not None and (one.first, one.last) == (two.first, two.last)
