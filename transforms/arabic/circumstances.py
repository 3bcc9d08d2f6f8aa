"""Circumstances of an event: what speaks for its mode, its place and its country (its day: `eventdays`).

Knows: words and names near a trigger, order, earlier events.  Does not know: clauses.  The features made here are weighed
by `transforms.arabic.choices`.
"""

import bisect
import functools
import operator
from collections.abc import Sequence
from typing import Final

from schemas.mention import Mention
from schemas.token import Token
from transforms.arabic.choices import Feature
from transforms.arabic.lexicon import table
from transforms.arabic.roles import Cast, Past
from transforms.arabic.scene import Scene, Told
from transforms.arabic.spans import Span
from transforms.arabic.triggerwords import trigger_key
from transforms.arabic.verbs import groups


@functools.cache
def modes(type: str) -> tuple[str, ...]:
    """The modes of a type, "" (none) first."""
    return ("", *(row["mode"] for row in table("modes") if row["type"] == type and row["mode"]))


@functools.cache
def cameo_code(type: str, mode: str | None) -> str | None:
    """The CAMEO code nearest to a type and mode."""
    return next((row["cameo"] for row in table("modes") if row["type"] == type and row["mode"] == (mode or "")), None)


def mode_features(scene: Scene, event: Told, roles: Cast) -> list[str]:
    """What speaks for the mode of an event."""
    tokens = scene.tokens[event.sentence]
    key = trigger_key(scene, event)
    row = ["1", f"r={key.root}", f"c={key.coarse}", f"m={key.middle}", f"S={key.shape}"]
    for token in tokens[event.first : event.last + 1]:
        row += [f"t={token.stem}", f"tm={groups(token.norm)[1]}", f"tf={groups(token.norm)[2]}"]
    near = range(max(0, event.first - 5), min(len(tokens), event.last + 8))
    for i in near:
        if event.first <= i <= event.last or tokens[i].kind == "punct":
            continue
        row.append(f"n={tokens[i].stem}")
        row.append(f"ng={groups(tokens[i].norm)[1]}")
        if i - event.first >= -2 and i - event.last <= 2:
            row.append(f"{min(max(i - event.first, -3), 3)}={tokens[i].stem}")
    row += [f"W={m.norm.split()[0]}" for m in scene.mentions[event.sentence] if m.type == "WEAPON"]
    row += [f"s={groups(t.norm)[2]}" for t in tokens if t.kind == "word"]
    for role, span in (("a", roles.actor), ("t", roles.target)):
        head = scene.token_at(span.start) if span else None
        row += [f"{role}={head.stem}", f"{role}c={groups(head.norm)[0]}"] if head else [f"{role}0"]
    return list(dict.fromkeys(row))


#: So many places of the event's own sentence are looked at, and so many of others.
_PLACES: Final = 24


def places(scene: Scene, event: Told) -> list[Mention]:
    """The places that an event can have happened at: of its sentence, of those before it, and of the first two."""
    order = [*range(event.sentence - 1, max(-1, event.sentence - 4), -1)]
    order += [s for s in (0, 1) if s not in order and s < event.sentence]
    own = [m for m in scene.mentions[event.sentence] if m.type == "LOC"]
    if len(own) > _PLACES:
        near = sorted(own, key=lambda m: abs(m.start - event.start))[:_PLACES]
        own = sorted(near, key=lambda m: m.start)
    return own + [m for s in order for m in scene.mentions[s] if m.type == "LOC"][:_PLACES]


class _Where:
    """What all places of an event are compared with."""

    def __init__(
        self,
        scene: Scene,
        event: Told,
        found: Sequence[Mention],
        roles: Cast,
        past: Sequence[tuple[Past, Mention | None]],
    ) -> None:
        self.scene = scene
        self.event = event
        self.found = found
        self.past = past
        self.key = trigger_key(scene, event)
        self.inside = sum(m.sentence_index == event.sentence for m in found)
        self.fillers = (("a", roles.actor), ("t", roles.target))
        self.sides = {role: scene.countries(span) for role, span in self.fillers}


def place_features(
    scene: Scene, event: Told, found: Sequence[Mention], roles: Cast, past: Sequence[tuple[Past, Mention | None]]
) -> list[list[Feature]]:
    """The features of no place, then of each place."""
    where = _Where(scene, event, found, roles, past)
    rows: list[list[Feature]] = [[*_nowhere(where)]]
    for m in found:
        tokens, symbols = scene.tokens[m.sentence_index], scene.symbols(m.sentence_index)
        i = first_after(tokens, m.start)
        lead = symbols[i][:-1] if symbols[i] != "N" and symbols[i].endswith("N") else symbols[i - 1] if i else "^"
        row = _place_itself(where, m, lead, tokens[i - 1].norm if i else "^")
        row += _place_beside(where, m, i, lead) if m.sentence_index == event.sentence else _place_before(where, m, lead)
        row += _place_in_roles(where, m)
        row += _place_earlier(where, m)
        rows.append(row)
    return rows


def first_after(tokens: Sequence[Token], offset: int) -> int:
    """Index of the first token that ends after an offset, 0 where none does."""
    i = bisect.bisect_right(tokens, offset, key=_end_of)
    return i if i < len(tokens) else 0


_end_of = operator.attrgetter("end")


def _nowhere(where: _Where) -> list[str]:
    """The features of no place."""
    event, key, kind, inside = where.event, where.key, where.event.type, where.inside
    row = ["0", f"0T={kind}", f"0n={min(inside, 3)}", f"0nT={min(inside, 3)}|{kind}", f"0r={key.root}", f"0S={key.shape}|{kind}",
           f"0q={where.scene.saying(event.start) is not None}", f"0all={bool(where.found)}"]  # fmt: skip
    if where.past:
        old, place = where.past[-1]
        row.append(f"0p={place is None}{old.event.sentence == event.sentence}{old.event.type == kind}")
        row += [f"0r={place is None}" for p, place in where.past[-4:] if p.root == key.root]
    return row


def _place_itself(where: _Where, m: Mention, lead: str, word: str) -> list[Feature]:
    """What a place is, and the word before it."""
    kind, wide = where.event.type, m.place_precision or "?"
    row: list[Feature] = [
        (_led, lead, wide, kind),
        (_home, m.country == where.scene.home, wide == "country", kind),
        f"lw={word}",
    ]
    row += dict.fromkeys(f"ch={c}|{wide}" for c in _chain(where.scene, m))
    row += [f"c{role}={m.country in told}|{wide == 'country'}|{kind}" for role, told in where.sides.items() if told]
    return row


def _led(lead: str, wide: str, kind: str) -> list[str]:
    return [f"l={lead}", f"w={wide}", f"wT={wide}|{kind}", f"lW={lead}|{wide}"]


def _home(home: bool, country: bool, kind: str) -> list[str]:
    return [f"h={home}|{country}", f"hT={home}|{country}|{kind}"]


def _place_beside(where: _Where, m: Mention, i: int, lead: str) -> list[Feature]:
    """What stands between an event and a place of its sentence, whose first token is `i`."""
    event, kind, wide = where.event, where.event.type, m.place_precision or "?"
    after = i > event.last
    gap = i - event.last if after else event.first - i
    side = "A" if after else "B"
    lo, hi = (event.last + 1, i) if after else (i + 1, event.first)
    between = where.scene.symbols(event.sentence)[lo:hi]
    crossed = sum(lo <= j < hi for j in where.scene.triggers[event.sentence])
    verbs = between.count("V") + between.count("S")
    nearer = sum(
        o.sentence_index == event.sentence
        and o is not m
        and (m.start > o.start >= event.start or m.start < o.start < event.start)
        for o in where.found
    )
    labels = where.scene.around(event).labels.get(i, ("-",))
    return [
        *((_labelled, label, lead, kind) for label in labels),
        (_between, side, lead, kind, min(gap, 12), min(crossed, 2), min(nearer, 3)),
        (_passed, side, lead, wide, min(verbs, 2), "،" in between, "comp" in between),
    ]  # fmt: skip


def _labelled(label: str, lead: str, kind: str) -> list[str]:
    return [f"cl={label}|{lead}", f"clT={label}|{kind}"]


def _between(side: str, lead: str, kind: str, gap: int, crossed: int, nearer: int) -> list[str]:
    return [
        f"s={side}",
        f"d={side}{gap}",
        f"l={side}|{lead}",
        f"x={side}{crossed}|{lead}",
        f"n={side}{nearer}",
        f"lT={side}|{lead}|{kind}",
    ]


def _passed(side: str, lead: str, wide: str, verbs: int, comma: bool, clause: bool) -> list[str]:
    return [f"v={side}{verbs}|{lead}", f"c={side}{comma}{clause}", f"wl={side}|{wide}|{lead}"]


def _place_before(where: _Where, m: Mention, lead: str) -> list[Feature]:
    """What is told by a place standing in an earlier sentence."""
    back = where.event.sentence - m.sentence_index
    return [(_back, min(back, 4), where.event.type, lead, where.inside > 0, m.sentence_index == 0)]


def _back(back: int, kind: str, lead: str, inside: bool, first: bool) -> list[str]:
    return [f"b={back}", f"bT={back}|{kind}", f"bl={min(back, 2)}|{lead}", f"bi={inside}", f"bf={first}"]


def _place_in_roles(where: _Where, m: Mention) -> list[str]:
    """Whether a place stands in the actor or target, or is it; how often the article names it."""
    kind, wide = where.event.type, m.place_precision or "?"
    row: list[str] = []
    for role, filler in where.fillers:
        if filler and filler.start < m.end and m.start < filler.end:
            whole = filler.end - filler.start <= m.end - m.start + 2
            row += [f"in{role}", f"in{role}{whole}", f"in{role}|{kind}", f"in{role}{whole}|{wide}"]
    often = max((where.scene.counts.get(w, 0) for w in where.scene.words(Span(m.start, m.end))), default=0)
    return [*row, f"k={min(often, 5)}"]


def _place_earlier(where: _Where, m: Mention) -> list[str]:
    """Whether earlier events happened at a place."""
    event, key, kind = where.event, where.key, where.event.type
    row: list[str] = []
    for age, (old, place) in enumerate(where.past[-5:][::-1]):
        if place is not None and (place is m or place.norm == m.norm):
            same = "=" if old.event.sentence == event.sentence else "<"
            row += [f"p{same}{age}", f"pT{same}|{old.event.type == kind}"]
            row += [f"pr{same}"] if old.root == key.root else []
    alike = [place for old, place in where.past if old.event.type == kind and place is not None]
    if alike:
        row += [f"lt={alike[-1].norm == m.norm}", f"lt={alike[-1].norm == m.norm}|{kind}"]
    roots = [place for old, place in where.past if old.root == key.root and place is not None]
    if roots:
        row.append(f"lr={roots[-1].norm == m.norm}")
    return list(dict.fromkeys(row))


#: What may stand between a place and the wider one that it lies in: `العريش بمحافظة شمال سيناء`, `درنة، شرق ليبيا`.
_LINKS: Final = 3
_GAP: Final = 40  # characters


def _chain(scene: Scene, m: Mention) -> list[str]:
    """Whether a wider place follows this one directly, or it follows a narrower one."""
    line = scene.mentions[m.sentence_index]
    found = []
    for o in line:
        if o.type != "LOC" or o is m:
            continue
        if 0 <= o.start - m.end <= _GAP and len(scene.text[m.end : o.start].split()) <= _LINKS:
            found.append(f"in-{o.place_precision or '?'}{o.country == m.country}")
        elif 0 <= m.start - o.end <= _GAP and len(scene.text[o.end : m.start].split()) <= _LINKS:
            found.append(f"of-{o.place_precision or '?'}{o.country == m.country}")
    return found or ["-"]


def country_features(
    event: Told, place: Mention | None, actor: str | None, target: str | None, home: str | None, option: str | None
) -> list[str]:
    """What speaks for an event having a country: whose it is, of place, actor, target, and of the article most of all."""
    kind = event.type
    has = f"{place is not None}{actor is not None}{target is not None}"
    if option is None:
        return ["0", f"0T={kind}", f"0h={has}", f"0hT={has}|{kind}"]
    whose = "".join(
        mark
        for mark, code in (("p", place.country if place else None), ("a", actor), ("t", target), ("h", home))
        if code == option
    )
    return [
        f"w={whose}",
        f"wT={whose}|{kind}",
        f"wh={whose}|{has}",
        f"whT={whose}|{has}|{kind}",
        f"G={option in ('IGO', 'IMG')}",
    ]
