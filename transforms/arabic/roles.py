"""Roles: what speaks for a phrase being an event's actor, target or source.

Knows: order, prepositions, verbs between, quotation, names, earlier events, the labels of `clauses` and what `expected` says of
them.  Does not know: how clauses are read.  The features made here are weighed by `transforms.arabic.choices`.
"""

from collections.abc import Sequence
from typing import NamedTuple

from schemas.token import Token
from transforms.arabic.expected import expected, ruled
from transforms.arabic.phrases import Phrase
from transforms.arabic.roots import consonants
from transforms.arabic.scene import Scene, Told
from transforms.arabic.spans import Span
from transforms.arabic.verbs import groups, verbal

ROLES = ("actor", "target", "said_by")
#: Candidates are looked for in so many sentences before the event's own.
BACK = 3
#: So many phrases of the event's own sentence are looked at in any case, the nearest ones; those of so many late events.
NEAREST = 8
USED = 8


class Past(NamedTuple):
    """An earlier event with the phrases that were chosen for it."""

    event: Told
    root: str
    actor: Span | None
    target: Span | None
    said_by: Span | None


class Key(NamedTuple):
    """What an event's first trigger word tells."""

    stem: str
    root: str
    coarse: str
    middle: str
    shape: str


def trigger_key(scene: Scene, event: Told) -> Key:
    """Stem, consonants, word groups and shape of an event's first trigger word."""
    token = scene.tokens[event.sentence][event.first]
    coarse, middle, _ = groups(token.norm)
    bare = token.norm[1:] if token.norm[:1] in "وف" else token.norm
    shape = "ال" if "ال" in token.norm[:3] else bare[:1] if bare[:1] in "يتسم" else "x"
    shape += bare[-1:] if bare[-1:] in "هتا" else "x"
    return Key(token.stem, consonants(token.norm), coarse, middle, shape)


def candidates(scene: Scene, event: Told, past: Sequence[Past]) -> list[Phrase]:
    """The phrases that can play a role in an event.

    Of its sentence the nearest ones, those that `clauses` labels and speakers; before it those with a role in late events, the
    speaker whose words tell the event, and names of the sentence before.
    """
    used = sorted({s for p in past[-USED:] for s in (p.actor, p.target, p.said_by) if s})
    quote = scene.saying(event.start)
    if quote is not None and quote.speaker is not None:
        used.append(quote.speaker)
    labels = scene.around(event).labels
    own = scene.phrases(event.sentence)
    near = sorted(own, key=lambda p: min(abs(p.first - event.last), abs(p.last - event.first)))[:NEAREST]
    kept = {(p.first, p.last) for p in near}
    found = [
        p
        for p in own
        if (p.first, p.last) in kept or p.first in labels or _among(p, used) or scene.speaks(Span(p.start, p.end))
    ]
    for sentence in range(event.sentence - 1, max(-1, event.sentence - 1 - BACK), -1):
        for p in scene.phrases(sentence):
            named = sentence == event.sentence - 1 and p.kind in ("PER", "ORG", "LOC", "NORP") and not p.chained
            if named or _among(p, used):
                found.append(p)
    return found


def _among(p: Phrase, spans: Sequence[Span]) -> bool:
    return any(s.start < p.end and p.start < s.end for s in spans)


def manner(token: Token) -> str:
    """How a trigger is told: verb of which person and number, definite or indefinite noun, with a pronoun or not."""
    norm = token.norm[1:] if token.proclitics[:1] in (("و",), ("ف",)) else token.norm
    pronoun = "+" if token.enclitic else ""
    if not verbal(token):
        return ("D" if "ال" in token.norm[:3] else "N") + pronoun
    if norm[:1] in "يتنا" and len(norm) > 3 and not norm.endswith("ت"):
        return "I" + ("f" if norm[0] == "ت" else "p" if norm.endswith(("ون", "ان")) else "m") + pronoun
    return "P" + ("f" if norm.endswith("ت") else "p" if norm.endswith("وا") else "m") + pronoun


class _View:
    """What all candidates of an event are compared with."""

    def __init__(self, scene: Scene, event: Told, past: Sequence[Past], phrases: Sequence[Phrase]) -> None:
        self.scene = scene
        self.event = event
        self.key = trigger_key(scene, event)
        self.quote = scene.saying(event.start)
        self.symbols = scene.symbols(event.sentence)
        self.tokens = scene.tokens[event.sentence]
        own = [p for p in phrases if p.sentence == event.sentence]
        self.here = [p for p in own if not p.chained and not p.joint]
        self.recent = past[-8:][::-1]
        self.manner = manner(self.tokens[event.first])
        # `ب` or `إلى` before the trigger, or what else stands there: `اتهم … بقصف`, `دعا … إلى وقف`.
        joined = "".join(c for c in self.tokens[event.first].proclitics if c != "ال")
        self.link = joined or (self.symbols[event.first - 1] if event.first else "^")
        self.around = scene.around(event)
        self.expected = expected(scene, event, self.around)
        self.expects = self.expected.roles(self.around)


def shared_features(scene: Scene, event: Told, past: Sequence[Past], phrases: Sequence[Phrase]) -> list[list[str]]:
    """The features of each candidate phrase for an event, the same for every role."""
    view = _View(scene, event, past, phrases)
    rows = []
    for p in phrases:
        span = Span(p.start, p.end)
        if p.sentence == event.sentence:
            side = "A" if p.first > event.last else "B"
            row = _beside(view, p, side)
        else:
            side = "b"
            row = _before(view, p)
        row += _itself(view, p, span)
        row += _earlier(view, span, side)
        rows.append(row)
    return rows


def _beside(view: _View, p: Phrase, side: str) -> list[str]:
    """What the place of a phrase in the event's own sentence says."""
    event, key, symbols, tokens = view.event, view.key, view.symbols, view.tokens
    kind, shape, root = event.type, key.shape, key.root
    head, lead = tokens[p.first], view.scene.before(p)
    lo, hi = (event.last + 1, p.first) if side == "A" else (p.last + 1, event.first)
    passed = sum(lo <= q.first <= q.last < hi for q in view.here)
    between = symbols[lo:hi]
    mark = "".join(m for m, s in ((",", "،"), ("r", "rel"), ("c", "comp"), ('"', '"')) if s in between)
    distance = str(min(hi - lo, 4) if hi - lo < 5 else 8 if hi - lo < 9 else 16)
    place = f"{side}{min(passed, 4)}"
    v = f"{side}{min(between.count('V') + between.count('S'), 2)}"
    word = tokens[p.first - 1].norm if p.first else "^"
    row = [
        f"PT={side}|{lead}|{kind}", f"d={side}{distance}", f"dT={side}{distance}|{kind}", f"m={v}{mark}",
        f"mo={place}{mark}{v}", f"mS={v}{mark}|{shape}",
        f"sP={side}|{lead}|{root}", f"so={place}|{root}", f"wo={place}|{key.stem}", f"h4={side}|{groups(head.norm)[0]}",
        f"hw={side}|{head.stem}", f"pr={side}|{groups(word)[1]}", f"lw={side}|{word}|{lead}",
        f"l2={side}|{tokens[p.first - 2].norm if p.first > 1 else '^'}|{word}",
        f"fo={side}|{symbols[p.last + 1] if p.last + 1 < len(symbols) else '$'}",
    ]  # fmt: skip
    row += _clause(view, p)
    voice = _voice(view, p)
    row += [
        f"q={voice}",
        f"qT={voice}|{kind}",
        f"qs={voice}|{side}|{shape}",
        f"qP={voice}|{lead}",
        f"qK={voice}|{root}",
    ]
    if p.first <= 1 and symbols[: p.first] in ([], ['"'], ["V"], ["S"], ["T"]):
        row += [f"^{shape}|{key.coarse}", f"^{voice}"]
    return row


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


def _clause(view: _View, p: Phrase) -> list[str]:
    """What the labels of a phrase around the event say (`transforms.arabic.clauses`)."""
    event, key, manner = view.event, view.key, view.manner
    labels = view.around.labels.get(p.first, ("-",))
    case = _case(view.tokens[p.first])
    joined = "j" if p.joint else "c" if p.chained else ""
    row = []
    for label in labels:
        tag = label + joined
        row += [
            f"R={tag}", f"RT={tag}|{event.type}", f"RR={label}|{key.root}", f"RK={label}|{key.coarse}", f"RM={tag}|{manner}",
            f"RS={label}|{key.shape}|{event.type}", f"RC={label}|{case}|{manner}",
        ]  # fmt: skip
    role, by = _expected(view, p)
    row += [f"E={role}", f"E={role}{by}", f"Ej={role}{by}{joined}", f"ET={role}{by}|{event.type}", f"Eh={role}{by}|{view.expects}",
            f"Em={role}|{manner}|{view.expects}"]  # fmt: skip
    if len(labels) > 1:
        row.append(f"R+={'+'.join(labels)}")
    return row


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
    quote, scene = view.quote, view.scene
    if quote is not None:
        if quote.start <= p.start < quote.end:
            return "in"
        return "spk" if quote.speaker is not None and _meet(quote.speaker, p) else "out"
    if scene.saying(p.start):
        return "quoted"
    return "says" if scene.speaks(Span(p.start, p.end)) else "free"


def _meet(span: Span, p: Phrase) -> bool:
    return p.start < span.end and span.start < p.end


def _before(view: _View, p: Phrase) -> list[str]:
    """What the place of a phrase in an earlier sentence says."""
    back = view.event.sentence - p.sentence
    lead = view.scene.before(p)
    row = [f"back={back}", f"bT={back}|{view.event.type}", f"bP={lead}", f"bq={view.quote is not None}"]
    if view.quote is not None and view.quote.speaker and _meet(view.quote.speaker, p):
        row += ["bspk", f"bspk|{view.event.type}", f"bspk|{view.key.root}"]
    return row


def _itself(view: _View, p: Phrase, span: Span) -> list[str]:
    """What a phrase is, wherever it stands."""
    scene, kind = view.scene, view.event.type
    head = scene.tokens[p.sentence][p.first]
    c4, c15, c99 = groups(head.norm)
    names = scene.names(p.sentence)
    kinds = "+".join(dict.fromkeys(m.type for m in names[p.first : p.last + 1] if m is not None))
    form = kinds + ("d" if head.norm.startswith(("ال", "لل", "وال", "بال")) else "i") + ("c" if p.chained else "")
    often = max([scene.counts.get(w, 0) for w in scene.words(span)], default=0)
    return [
        f"hT={head.stem}|{kind}", f"c4T={c4}|{kind}", f"c15={c15}", f"c15T={c15}|{kind}", f"c99={c99}", f"M={form}",
        f"MT={form}|{kind}", f"jn={p.joint}", f"jT={p.joint}|{kind}|{kinds}", f"n={min(often, 5)}",
        f"l={min(p.last - p.first, 4)}",
    ]  # fmt: skip


def _earlier(view: _View, span: Span, side: str) -> list[str]:
    """Which roles a phrase, or one worded like it, has in earlier events."""
    event, root = view.event, view.key.root
    row: dict[str, None] = {}
    for age, old in enumerate(view.recent):
        same = "=" if old.event.sentence == event.sentence else "<"
        for role, filler in (("a", old.actor), ("t", old.target), ("s", old.said_by)):
            if filler is None:
                continue
            if filler.start < span.end and span.start < filler.end:
                tag = f"{role}{same}i"
            elif view.scene.alike(filler, span):
                tag = f"{role}{same}w"
            else:
                continue
            row[f"r{tag}{min(age, 3)}"] = None
            row[f"rT{tag}|{old.event.type}|{event.type}"] = None
            if age == 0:
                row[f"rl{tag}|{view.link}"] = None
                row[f"rL{tag}|{view.link}|{old.event.type}"] = None
            if old.event.type == event.type:
                row[f"rk{tag}{age == 0}"] = None
            if old.root == root:
                row[f"rr{tag}{side}"] = None
    return list(row)


def none_features(scene: Scene, event: Told, past: Sequence[Past] = ()) -> list[str]:
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
    row = [
        "0", f"0T={kind}", f"0S={shape}", f"0TS={kind}|{shape}", f"0w={key.stem}", f"0r={key.root}", f"0K={key.coarse}",
        f"04={key.middle}", f"0a={after}", f"0p={prior}", f"0q={quoted}", f"0qT={quoted}|{kind}",
        f"0ac={groups(after)[0]}", f"0pc={groups(prior)[0]}", f"0v={verbs}", f"0i={min(event.first, 3)}|{shape}",
        f"0n={min(len(scene.phrases(event.sentence)), 6)}",
        f"0as={symbols[event.last + 1] if event.last + 1 < len(symbols) else '$'}|{shape}",
    ]  # fmt: skip
    near = scene.around(event)
    core = sorted({c for labels in near.labels.values() for c in labels if c[0] not in "gh"})
    outer = sorted({c for labels in near.labels.values() for c in labels if c[0] == "g"})
    rule, how = ruled(scene, event, near), manner(tokens[event.first])
    told = expected(scene, event, near)
    expects = told.roles(near)
    row += [f"0E={expects}", f"0E={expects}|{how[0]}", f"0ET={expects}|{kind}", f"0EF={told.frame is not None}"]
    row += [f"0R={c}|{how}" for c in core or ["-"]] + [f"0RT={c}|{kind}" for c in core or ["-"]]
    row += [f"0R+={'+'.join(core)}|{how[0]}", f"0Rg={rule.root}|{rule.link}", f"0Rgg={rule.group}|{rule.link}",
            f"0Rgt={rule.type}|{rule.link}|{kind}"] + [f"0Ro={c}|{how[0]}" for c in outer]  # fmt: skip
    for old in past[-6:]:
        if old.root == key.root or old.event.type == kind:
            tag = ("r" if old.root == key.root else "k") + ("=" if old.event.sentence == event.sentence else "<")
            row += [f"0a{tag}{old.actor is None}", f"0t{tag}{old.target is None}", f"0s{tag}{old.said_by is None}"]
    return list(dict.fromkeys(row))


def further_features(phrase: Phrase | None, chosen: dict[str, Span | None]) -> list[str]:
    """What earlier choices for the same event say about a candidate."""
    row = []
    for other, span in chosen.items():
        if span is None:
            row.append(f"{'0' if phrase is None else '1'}no-{other}")
        elif phrase is not None and span.start < phrase.end and phrase.start < span.end:
            row.append(f"is-{other}")
        elif phrase is not None and phrase.start >= span.end:
            row.append(f"after-{other}")
    return row


class Cast(NamedTuple):
    """The phrases chosen for an event."""

    actor: Span | None
    target: Span | None
    said_by: Span | None
