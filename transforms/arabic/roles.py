"""Roles: what speaks for a phrase being an event's actor, target or source.

Knows: order, prepositions, verbs between, quotation, names, earlier events, the labels of `clauses` and what `expected` says of
them.  Does not know: how clauses are read.  The features made here are weighed by `transforms.arabic.choices`: those that
hang on the same values are one part, which a function of these values spells.
"""

import functools
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from schemas.token import Token
from transforms.arabic.choices import Feature
from transforms.arabic.expected import Ruled, expected, ruled
from transforms.arabic.phrases import Phrase
from transforms.arabic.scene import Look, Scene, Told
from transforms.arabic.spans import Span
from transforms.arabic.triggerwords import Key, manner, trigger_key
from transforms.arabic.verbs import groups

ROLES = ("actor", "target", "said_by")
#: Candidates are looked for in so many sentences before the event's own.
BACK = 3
#: So many phrases of the event's own sentence are looked at in any case, the nearest ones; those of so many late events.
NEAREST = 8
USED = 8
#: Types of names that a phrase of the sentence before is a candidate by.
_NAMED = ("PER", "ORG", "LOC", "NORP")


class Past(NamedTuple):
    """An earlier event with the phrases that were chosen for it."""

    event: Told
    root: str
    actor: Span | None
    target: Span | None
    said_by: Span | None


def candidates(scene: Scene, event: Told, past: Sequence[Past]) -> list[Phrase]:
    """The phrases that can play a role in an event.

    Of its sentence the nearest ones, those that `clauses` labels and speakers; before it those with a role in late events, the
    speaker whose words tell the event, and names of the sentence before.
    """
    used = {s for p in past[-USED:] for s in (p.actor, p.target, p.said_by) if s}
    quote = scene.saying(event.start)
    if quote is not None and quote.speaker is not None:
        used.add(quote.speaker)
    labels = scene.around(event).labels
    own = scene.phrases(event.sentence)
    near = sorted(own, key=lambda p: min(abs(p.first - event.last), abs(p.last - event.first)))[:NEAREST]
    kept = {(p.first, p.last) for p in near}
    heard = scene.speaking(event.sentence)
    told = _within(scene, event.sentence, used)
    found = [
        p for p in own if (p.first, p.last) in kept or p.first in labels or (heard and p in heard) or _among(p, told)
    ]
    for sentence in range(event.sentence - 1, max(-1, event.sentence - 1 - BACK), -1):
        told = _within(scene, sentence, used)
        if sentence == event.sentence - 1:
            found += [p for p in scene.phrases(sentence) if (p.kind in _NAMED and not p.chained) or _among(p, told)]
        elif told:
            found += [p for p in scene.phrases(sentence) if _among(p, told)]
    return found


def _within(scene: Scene, sentence: int, spans: Iterable[Span]) -> list[Span]:
    """Those of the spans that have words of a sentence."""
    tokens = scene.tokens[sentence]
    return [s for s in spans if tokens and s.start < tokens[-1].end and tokens[0].start < s.end]


def _among(p: Phrase, spans: Sequence[Span]) -> bool:
    return bool(spans) and any(s.start < p.end and p.start < s.end for s in spans)


#: A role in an earlier event: which (a, t, s), how many events ago, in the same sentence (=) or before (<), type of the event,
#: whether its word has the same root, and of the last event how this one is linked to what stands before it.
_Role = tuple[str, int, str, str, bool, str]


class _View:
    """What all candidates of an event are compared with."""

    def __init__(self, scene: Scene, event: Told, past: Sequence[Past], phrases: Sequence[Phrase]) -> None:
        self.scene = scene
        self.event = event
        self.key = trigger_key(scene, event)
        self.quote = scene.saying(event.start)
        self.symbols = scene.symbols(event.sentence)
        self.tokens = scene.tokens[event.sentence]
        here = [p for p in phrases if p.sentence == event.sentence and not p.chained and not p.joint]
        self.firsts = [p.first for p in here]
        self.lasts = [p.last for p in here]
        self.manner = manner(self.tokens[event.first])
        # `ب` or `إلى` before the trigger, or what else stands there: `اتهم … بقصف`, `دعا … إلى وقف`.
        joined = "".join(c for c in self.tokens[event.first].proclitics if c != "ال")
        self.link = joined or (self.symbols[event.first - 1] if event.first else "^")
        self.fillers = self._fillers(past[-8:][::-1])
        self.around = scene.around(event)
        self.expected = expected(scene, event, self.around)
        self.expects = self.expected.roles(self.around)

    def _fillers(self, recent: Sequence[Past]) -> list[tuple[dict[Span, str], Span, list[_Role]]]:
        """The phrases with roles in earlier events, newest first, each with how others are known to compare with it."""
        found: dict[Span, list[_Role]] = {}
        for age, old in enumerate(recent):
            same = "=" if old.event.sentence == self.event.sentence else "<"
            link, root = "" if age else self.link, old.root == self.key.root
            for role, filler in (("a", old.actor), ("t", old.target), ("s", old.said_by)):
                if filler is not None:
                    found.setdefault(filler, []).append((role, min(age, 3), same, old.event.type, root, link))
        return [(self.scene.compared(filler), filler, roles) for filler, roles in found.items()]


def shared_features(scene: Scene, event: Told, past: Sequence[Past], phrases: Sequence[Phrase]) -> list[list[Feature]]:
    """The features of each candidate phrase for an event, the same for every role."""
    view = _View(scene, event, past, phrases)
    rows = []
    for p in phrases:
        look = scene.look(p)
        if p.sentence == event.sentence:
            side = "A" if p.first > event.last else "B"
            row = _beside(view, p, look, side)
        else:
            side = "b"
            row = _before(view, p, look)
        row += [
            f"hT={look.head.stem}|{event.type}",
            (_grouped, look.groups, event.type),
            (_itself, look.form, event.type, p.joint, look.kinds, min(look.often, 5), min(p.last - p.first, 4)),
        ]
        row += _earlier(view, look.span, side)
        rows.append(row)
    return rows


def _beside(view: _View, p: Phrase, look: Look, side: str) -> list[Feature]:
    """What the place of a phrase in the event's own sentence says."""
    event, key, symbols, tokens = view.event, view.key, view.symbols, view.tokens
    kind, shape, root, lead = event.type, key.shape, key.root, look.lead
    lo, hi = (event.last + 1, p.first) if side == "A" else (p.last + 1, event.first)
    passed = max(bisect_left(view.lasts, hi) - bisect_left(view.firsts, lo), 0)
    between = symbols[lo:hi]
    mark = "".join([m for m, s in ((",", "،"), ("r", "rel"), ("c", "comp"), ('"', '"')) if s in between])
    distance = min(hi - lo, 4) if hi - lo < 5 else 8 if hi - lo < 9 else 16
    place = f"{side}{min(passed, 4)}"
    verbs = min(between.count("V") + between.count("S"), 2)
    word = tokens[p.first - 1].norm if p.first else "^"
    voice = _voice(view, p)
    row: list[Feature] = [
        f"l2={side}|{tokens[p.first - 2].norm if p.first > 1 else '^'}|{word}", f"lw={side}|{word}|{lead}",
        f"fo={side}|{symbols[p.last + 1] if p.last + 1 < len(symbols) else '$'}", f"hw={side}|{look.head.stem}",
        f"sP={side}|{lead}|{root}", f"qP={voice}|{lead}", f"qK={voice}|{root}",
        (_placed, side, lead, kind, distance), (_passed, place, mark, f"{side}{verbs}", shape), (_order, place, root, key.stem),
        (_kinds, side, look.groups[0], groups(word)[1]), (_voiced, voice, kind, side, shape), *_clause(view, p, look),
    ]  # fmt: skip
    if p.first <= 1 and symbols[: p.first] in ([], ['"'], ["V"], ["S"], ["T"]):
        row += [f"^{shape}|{key.coarse}", f"^{voice}"]
    return row


def _placed(side: str, lead: str, kind: str, distance: int) -> list[str]:
    return [f"PT={side}|{lead}|{kind}", f"d={side}{distance}", f"dT={side}{distance}|{kind}"]


def _passed(place: str, mark: str, verbs: str, shape: str) -> list[str]:
    return [f"m={verbs}{mark}", f"mo={place}{mark}{verbs}", f"mS={verbs}{mark}|{shape}"]


def _order(place: str, root: str, stem: str) -> list[str]:
    return [f"so={place}|{root}", f"wo={place}|{stem}"]


def _kinds(side: str, head: str, before: str) -> list[str]:
    return [f"h4={side}|{head}", f"pr={side}|{before}"]


def _voiced(voice: str, kind: str, side: str, shape: str) -> list[str]:
    return [f"q={voice}", f"qT={voice}|{kind}", f"qs={voice}|{side}|{shape}"]


def _expected(view: _View, p: Phrase) -> tuple[str, str]:
    """The role that a phrase is expected to play, and by what: its own frame (s), a governor's (g, h); the nearest that says one."""
    said = ("", "")
    for label in view.around.labels.get(p.first, ()):
        role = view.expected.role(label)
        if role and role != "-":
            return role, label[0] if label[0] in "gh" else "s"
        if role and not said[0]:
            said = role, label[0] if label[0] in "gh" else "s"
    return said


def _clause(view: _View, p: Phrase, look: Look) -> list[Feature]:
    """What the labels of a phrase around the event say (`transforms.arabic.clauses`)."""
    kind, key, manner = view.event.type, view.key, view.manner
    labels = view.around.labels.get(p.first, ("-",))
    case = _case(look.head)
    joined = "j" if p.joint else "c" if p.chained else ""
    row: list[Feature] = []
    for label in labels:
        row += [(_labelled, label, joined, kind, key.shape), (_told, label, joined, manner, case, key.coarse),
                f"RR={label}|{key.root}"]  # fmt: skip
    row.append((_awaited, *_expected(view, p), joined, kind, view.expects, manner))
    if len(labels) > 1:
        row.append(f"R+={'+'.join(labels)}")
    return row


def _labelled(label: str, joined: str, kind: str, shape: str) -> list[str]:
    return [f"R={label}{joined}", f"RT={label}{joined}|{kind}", f"RS={label}|{shape}|{kind}"]


def _told(label: str, joined: str, manner: str, case: str, coarse: str) -> list[str]:
    return [f"RM={label}{joined}|{manner}", f"RC={label}|{case}|{manner}", f"RK={label}|{coarse}"]


def _awaited(role: str, by: str, joined: str, kind: str, expects: str, manner: str) -> list[str]:
    return [f"E={role}", f"E={role}{by}", f"Ej={role}{by}{joined}", f"ET={role}{by}|{kind}", f"Eh={role}{by}|{expects}",
            f"Em={role}|{manner}|{expects}"]  # fmt: skip


def _case(token: Token) -> str:
    """The case that the letters of a word show: n(ominative), o(blique), a(ccusative, indefinite), or "" for none."""
    norm = token.norm
    if len(norm) > 4 and not token.enclitic:
        if norm.endswith("ون"):
            return "n"
        if norm.endswith("ين"):
            return "o"
        if token.text.endswith(("اً", "ًا")) or (norm.endswith("ا") and "ال" not in norm[:3]):
            return "a"
    return ""


def _voice(view: _View, p: Phrase) -> str:
    """How a phrase stands to the quotations: in the event's, its speaker, outside; or of an event that nobody is quoted on."""
    quote = view.quote
    if quote is None:
        return view.scene.voice(p)
    if quote.start <= p.start < quote.end:
        return "in"
    return "spk" if quote.speaker is not None and _meet(quote.speaker, p) else "out"


def _meet(span: Span, p: Phrase) -> bool:
    return p.start < span.end and span.start < p.end


def _before(view: _View, p: Phrase, look: Look) -> list[Feature]:
    """What the place of a phrase in an earlier sentence says."""
    kind, root, quote = view.event.type, view.key.root, view.quote
    row: list[Feature] = [(_back, view.event.sentence - p.sentence, kind, look.lead, quote is not None)]
    if quote is not None and quote.speaker and _meet(quote.speaker, p):
        row += ["bspk", f"bspk|{kind}", f"bspk|{root}"]
    return row


def _back(back: int, kind: str, lead: str, quoted: bool) -> list[str]:
    return [f"back={back}", f"bT={back}|{kind}", f"bP={lead}", f"bq={quoted}"]


def _grouped(groups: Sequence[str], kind: str) -> list[str]:
    """What the company of its first word says."""
    c4, c15, c99 = groups
    return [f"c4T={c4}|{kind}", f"c15={c15}", f"c15T={c15}|{kind}", f"c99={c99}"]


def _itself(form: str, kind: str, joint: bool, kinds: str, often: int, length: int) -> list[str]:
    """What a phrase is, wherever it stands."""
    return [f"M={form}", f"MT={form}|{kind}", f"jn={joint}", f"jT={joint}|{kind}|{kinds}", f"n={often}", f"l={length}"]


def _earlier(view: _View, span: Span, side: str) -> dict[str, None]:
    """Which roles a phrase (i), or one worded like it (w), has in earlier events."""
    row: dict[str, None] = {}
    for known, filler, roles in view.fillers:
        how = known.get(span)
        if how is None:
            meets = filler.start < span.end and span.start < filler.end
            how = known[span] = "i" if meets else "w" if view.scene.alike(filler, span) else ""
        if how:
            for role in roles:
                row |= _played(how, role, view.event.type, side)
    return row


@functools.lru_cache(maxsize=1 << 14)
def _played(how: str, old: _Role, kind: str, side: str) -> dict[str, None]:
    role, age, same, other, root, link = old
    tag = f"{role}{same}{how}"
    row = [f"r{tag}{age}", f"rT{tag}|{other}|{kind}"]
    if age == 0:
        row += [f"rl{tag}|{link}", f"rL{tag}|{link}|{other}"]
    if other == kind:
        row.append(f"rk{tag}{age == 0}")
    if root:
        row.append(f"rr{tag}{side}")
    return dict.fromkeys(row)


def none_features(scene: Scene, event: Told, past: Sequence[Past] = ()) -> list[Feature]:
    """The features of an event having no phrase for a role."""
    key = trigger_key(scene, event)
    tokens = scene.tokens[event.sentence]
    symbols = scene.symbols(event.sentence)
    after = tokens[event.last + 1].norm if event.last + 1 < len(tokens) else "$"
    prior = tokens[event.first - 1].norm if event.first else "^"
    inside = scene.saying(event.start)
    quoted = "no" if inside is None else "spk" if inside.speaker else "yes"
    kind, shape = event.type, key.shape
    verbs = min(symbols.count("V") + symbols.count("S"), 3)
    near = scene.around(event)
    core = sorted({c for labels in near.labels.values() for c in labels if c[0] not in "gh"})
    outer = sorted({c for labels in near.labels.values() for c in labels if c[0] == "g"})
    rule, how = ruled(scene, event, near), manner(tokens[event.first])
    told = expected(scene, event, near)
    row: list[Feature] = [
        "0", f"0v={verbs}", f"0n={min(len(scene.phrases(event.sentence)), 6)}", f"0i={min(event.first, 3)}|{shape}",
        (_none_trigger, kind, key), (_none_quoted, quoted, kind),
        f"0a={after}", f"0p={prior}", f"0ac={groups(after)[0]}", f"0pc={groups(prior)[0]}",
        f"0as={symbols[event.last + 1] if event.last + 1 < len(symbols) else '$'}|{shape}",
        (_none_expected, told.roles(near), told.frame is not None, how[0], kind), (_none_ruled, rule, kind),
        f"0R+={'+'.join(core)}|{how[0]}", *((_none_labelled, c, how, kind) for c in core or ["-"]),
        *(f"0Ro={c}|{how[0]}" for c in outer),
    ]  # fmt: skip
    earlier: dict[Feature, None] = {}
    for old in past[-6:]:
        if old.root == key.root or old.event.type == kind:
            tag = ("r" if old.root == key.root else "k") + ("=" if old.event.sentence == event.sentence else "<")
            for mark, filler in (("a", old.actor), ("t", old.target), ("s", old.said_by)):
                earlier[f"0{mark}{tag}{filler is None}"] = None
    return row + list(earlier)


def _none_trigger(kind: str, key: Key) -> list[str]:
    return [f"0T={kind}", f"0S={key.shape}", f"0TS={kind}|{key.shape}", f"0w={key.stem}", f"0r={key.root}", f"0K={key.coarse}",
            f"04={key.middle}"]  # fmt: skip


def _none_quoted(quoted: str, kind: str) -> list[str]:
    return [f"0q={quoted}", f"0qT={quoted}|{kind}"]


def _none_expected(expects: str, framed: bool, how: str, kind: str) -> list[str]:
    return [f"0E={expects}", f"0E={expects}|{how}", f"0ET={expects}|{kind}", f"0EF={framed}"]


def _none_ruled(rule: Ruled, kind: str) -> list[str]:
    return [f"0Rg={rule.root}|{rule.link}", f"0Rgg={rule.group}|{rule.link}", f"0Rgt={rule.type}|{rule.link}|{kind}"]


def _none_labelled(label: str, how: str, kind: str) -> list[str]:
    return [f"0R={label}|{how}", f"0RT={label}|{kind}"]


def further_features(phrase: Phrase | None, chosen: Mapping[str, Span | None]) -> list[Feature]:
    """What earlier choices for the same event say about a candidate."""
    if phrase is None:
        return [(_further, *[(other, "0no" if span is None else "") for other, span in chosen.items()])]
    start, end = phrase.start, phrase.end
    found = [
        (other, "1no" if span is None else "" if end <= span.start else "is" if start < span.end else "after")
        for other, span in chosen.items()
    ]
    return [(_further, *found)]


def _further(*found: tuple[str, str]) -> list[str]:
    return [f"{how}-{other}" for other, how in found if how]


class Cast(NamedTuple):
    """The phrases chosen for an event."""

    actor: Span | None
    target: Span | None
    said_by: Span | None
