"""Roles: what speaks for a phrase being an event's actor, target or source.

Knows: order, prepositions, verbs between, quotation, names, earlier events.  Does not know: syntax.  The features made
here are weighed by `transforms.arabic.choices`.
"""

from collections.abc import Sequence
from typing import NamedTuple

from schemas.token import Token
from transforms.arabic.clauses import Around, around, is_verb
from transforms.arabic.frames import Frame, Governor, frames, governor, governor_role
from transforms.arabic.frames import role as role_of
from transforms.arabic.phrases import Phrase
from transforms.arabic.roots import consonants
from transforms.arabic.scene import Scene, Told
from transforms.arabic.spans import Span
from transforms.arabic.verbs import groups, verbal

ROLES = ("actor", "target", "said_by")
#: Candidates are looked for in so many sentences before the event's own.
BACK = 3
#: So many phrases of the event's own sentence are looked at, the nearest ones.
NEAREST = 40


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
    """The phrases that can play a role in an event: of its sentence, and names and earlier roles before it."""
    near = sorted(scene.phrases(event.sentence), key=lambda p: abs(p.first - event.first))[:NEAREST]
    found = sorted(near, key=lambda p: (p.first, p.last))
    used = [s for p in past[-12:] for s in (p.actor, p.target, p.said_by) if s]
    for sentence in range(event.sentence - 1, max(-1, event.sentence - 1 - BACK), -1):
        for phrase in scene.phrases(sentence):
            if (phrase.kind in ("PER", "ORG", "LOC", "NORP") and not phrase.chained) or any(
                s.start < phrase.end and phrase.start < s.end for s in used
            ):
                found.append(phrase)
    return found


def manner(token: Token) -> str:
    """How a trigger is told: verb of which person and number, definite or indefinite noun, with a pronoun or not."""
    norm = token.norm[1:] if token.proclitics[:1] in (("و",), ("ف",)) else token.norm
    pronoun = "+" if token.enclitic else ""
    if not verbal(token):
        return ("D" if "ال" in token.norm[:3] else "N") + pronoun
    if norm[:1] in "يتنا" and len(norm) > 3 and not norm.endswith("ت"):
        return "I" + ("f" if norm[0] == "ت" else "p" if norm.endswith(("ون", "ان")) else "m") + pronoun
    return "P" + ("f" if norm.endswith("ت") else "p" if norm.endswith("وا") else "m") + pronoun


def _preposition(lead: str) -> str:
    """What leads a phrase if that is a preposition or ب, ل, ك; else nothing."""
    return "" if lead in ("V", "S", "T", "N", "^") or not lead[:1].isalpha() or lead.startswith("و+") else lead


def _collapsed(symbols: Sequence[str]) -> str:
    path: list[str] = []
    for symbol in symbols:
        if symbol == "N" and path and path[-1].endswith("N"):
            continue
        path.append(symbol)
    if len(path) > 6:
        path = [*path[:3], "~", *path[-3:]]
    return " ".join(path)


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
        self.leads = {q.first: _preposition(scene.before(q)) for q in own}
        verbs = [i for i, s in enumerate(self.symbols) if s in ("V", "S")]
        self.governor = next((i for i in reversed(verbs) if i < event.first), None)
        self.governs = groups(self.tokens[self.governor].norm)[1] if self.governor is not None else "-"
        self.subject = self._subject(self.governor)
        self.main = self._subject(verbs[0] if verbs else None)
        self.around = around(scene.line(event.sentence), event.first, event.last)
        self.ruled = ruled(scene, event, self.around)
        self.frame = frame(self.around)
        self.expected = expected(scene, event, self.around)
        roles = {self.expected.role(label) for labels in self.around.labels.values() for label in labels}
        self.expects = ("A" if "A" in roles else "") + ("T" if "T" in roles else "") + ("?" if "AT" in roles else "")

    def _subject(self, verb: int | None) -> Phrase | None:
        """The first phrase after a verb that no preposition leads."""
        if verb is None:
            return None
        return next((q for q in self.here if q.first > verb and not self.leads[q.first]), None)


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
    event, key, symbols, tokens, manner = view.event, view.key, view.symbols, view.tokens, view.manner
    kind, shape, root = event.type, key.shape, key.root
    head, lead, prep = tokens[p.first], view.scene.before(p), view.leads[p.first]
    if side == "A":
        lo, hi = event.last + 1, p.first
        passed = [q for q in view.here if event.last < q.first < p.first]
        path = _collapsed([*symbols[lo:hi], lead])
    else:
        lo, hi = p.last + 1, event.first
        passed = [q for q in view.here if p.last < q.first <= q.last < event.first]
        path = _collapsed([lead, *symbols[lo:hi]])
    between = symbols[lo:hi]
    mark = "".join(m for m, s in ((",", "،"), ("r", "rel"), ("c", "comp"), ('"', '"')) if s in between)
    other = next((s for j, s in view.scene.triggers[event.sentence].items() if lo <= j < hi), "")
    distance = str(min(hi - lo, 4) if hi - lo < 5 else 8 if hi - lo < 9 else 16)
    place = f"{side}{min(len(passed), 4)}"
    turn = f"{side}{min(sum(view.leads[q.first] == prep for q in passed), 3)}{prep}"
    v = f"{side}{min(between.count('V') + between.count('S'), 2)}"
    word = tokens[p.first - 1].norm if p.first else "^"
    row = [
        f"o={place}", f"oT={place}|{kind}", f"oK={place}|{key.coarse}", f"oS={place}|{shape}", f"oP={place}|{lead}",
        f"PT={side}|{lead}|{kind}", f"d={side}{distance}", f"dT={side}{distance}|{kind}", f"m={v}{mark}",
        f"mo={place}{mark}{v}", f"mS={v}{mark}|{shape}", f"x={side}{other}", f"xT={side}{other}|{kind}",
        f"sP={side}|{lead}|{root}", f"so={place}|{root}", f"wo={place}|{key.stem}", f"h4={side}|{groups(head.norm)[0]}",
        f"hw={side}|{head.stem}", f"p={side}{path}", f"pr={side}|{groups(word)[1]}", f"lw={side}|{word}|{lead}",
        f"l2={side}|{tokens[p.first - 2].norm if p.first > 1 else '^'}|{word}",
        f"fo={side}|{symbols[p.last + 1] if p.last + 1 < len(symbols) else '$'}",
        f"n={turn}", f"nM={turn}|{manner}", f"nT={turn}|{kind}", f"nR={turn}|{root}", f"nv={turn}|{v}|{manner}",
    ]  # fmt: skip
    if view.governor is not None and p is view.subject:
        row += [f"gs={manner}", f"gs={symbols[view.governor]}|{kind}", f"gs={view.governs}|{manner}"]
    if p is view.main:
        row += [f"ms={manner}", f"ms={kind}", f"ms={side}|{view.quote is not None}|{manner}"]
    if view.governor is not None and view.governor == p.first - 1:
        row += [f"g={view.governs}", f"gT={kind}|{symbols[view.governor]}", f"gS={shape}|{symbols[view.governor]}"]
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


_CORE = frozenset(("obj", "i1", "i2", "adj", "by", "علي", "من", "مع", "ل", "ب", "ضد", "بين", "الي"))


def frame(near: Around) -> str:
    """Which kinds of phrases stand around an event, of those that tell the others' part."""
    core = {c for labels in near.labels.values() for c in labels if c in _CORE or c.startswith("sub") or c[0] in "rR"}
    return "+".join(sorted("sub" if c.startswith("sub") else c for c in core))


class Expected(NamedTuple):
    """What the frames of a trigger and of what governs it say of the phrases around: A, T, AT, - or "" by label."""

    frame: Frame | None
    outer: Governor | None
    outermost: Governor | None

    def role(self, label: str) -> str:
        """The role that a phrase with this label is expected to play."""
        if label[0] == "g":
            return governor_role(self.outer, label[1:]) if self.outer else ""
        if label[0] == "h":
            if self.outer is None or self.outermost is None:
                return ""
            # Whoever decides to launch a raid raids.
            role = governor_role(self.outermost, label[1:])
            return {"A": self.outer.subject, "T": self.outer.object.get("obj", "")}.get(role, "")
        return role_of(self.frame, label) if self.frame else ""


def expected(scene: Scene, event: Told, near: Around) -> Expected:
    """What is expected of the phrases around an event."""
    line = scene.line(event.sentence)
    text = " ".join(t.norm for t in line.tokens[event.first : event.last + 1])
    found: list[Governor | None] = [
        next((g for g in governor(line.tokens[i].norm, is_verb(line, i)) if g.takes(link)), None)
        for i, link in near.governors
    ]
    found += [None, None]
    return Expected(frames(text, event.type, is_verb(line, event.first)), found[0], found[1])


def _expected(view: "_View", p: Phrase) -> tuple[str, str]:
    """The role that a phrase is expected to play, and by what: its own frame (s), a governor's (g, h); the nearest that says one."""
    said = ("", "")
    for label in view.around.labels.get(p.first, ()):
        role = view.expected.role(label)
        if role and role != "-":
            return role, label[0] if label[0] in "gh" else "s"
        if role and not said[0]:
            said = role, label[0] if label[0] in "gh" else "s"
    return said


class Ruled(NamedTuple):
    """What governs an event: its consonants, word group, the type where it is an event, and the link to it."""

    root: str
    group: str
    type: str
    link: str


def ruled(scene: Scene, event: Told, near: Around) -> Ruled:
    """What governs an event."""
    if near.governor is None:
        return Ruled("^", "^", "", near.link)
    norm = scene.tokens[event.sentence][near.governor].norm
    kind = scene.triggers[event.sentence].get(near.governor, "")
    return Ruled(consonants(norm), groups(norm)[1], kind, near.link)


def _clause(view: _View, p: Phrase) -> list[str]:
    """What the labels of a phrase around the event say (`transforms.arabic.clauses`)."""
    event, key, manner, rule = view.event, view.key, view.manner, view.ruled
    labels = view.around.labels.get(p.first, ("-",))
    case = _case(view.tokens[p.first])
    joined = "j" if p.joint else "c" if p.chained else ""
    row = []
    for label in labels:
        tag = label + joined
        row += [
            f"R={tag}", f"RT={tag}|{event.type}", f"RR={label}|{key.root}", f"RK={label}|{key.coarse}", f"RM={tag}|{manner}",
            f"RS={label}|{key.shape}|{event.type}", f"RC={label}|{case}|{manner}", f"RF={label}|{view.frame}",
            f"RFR={label}|{view.frame}|{key.root}", f"RFT={label}|{view.frame}|{event.type}",
        ]  # fmt: skip
        if label[0] in "gh" or label == "-":
            row += [
                f"RG={label}|{rule.link}", f"RGr={label}|{rule.root}|{rule.link}", f"RGg={label}|{rule.group}|{rule.link}",
                f"RGt={label}|{rule.type}|{rule.link}|{manner[0]}", f"RGT={label}|{rule.type}|{event.type}",
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
    near = around(scene.line(event.sentence), event.first, event.last)
    core = sorted({c for labels in near.labels.values() for c in labels if c[0] not in "gh"})
    outer = sorted({c for labels in near.labels.values() for c in labels if c[0] == "g"})
    rule, how = ruled(scene, event, near), manner(tokens[event.first])
    told = expected(scene, event, near)
    roles = {told.role(label) for labels in near.labels.values() for label in labels}
    expects = ("A" if "A" in roles else "") + ("T" if "T" in roles else "") + ("?" if "AT" in roles else "")
    row += [f"0E={expects}", f"0E={expects}|{how[0]}", f"0ET={expects}|{kind}", f"0EF={told.frame is not None}"]
    row += [f"0R={c}|{how}" for c in core or ["-"]] + [f"0RT={c}|{kind}" for c in core or ["-"]]
    row += [f"0R+={'+'.join(core)}|{how[0]}", f"0Rg={rule.root}|{rule.link}", f"0Rgg={rule.group}|{rule.link}",
            f"0Rgt={rule.type}|{rule.link}|{kind}"] + [f"0Ro={c}|{how[0]}" for c in outer]  # fmt: skip
    for old in past[-6:]:
        if old.root == key.root or old.event.type == kind:
            tag = ("r" if old.root == key.root else "k") + ("=" if old.event.sentence == event.sentence else "<")
            row += [f"0a{tag}{old.actor is None}", f"0t{tag}{old.target is None}", f"0s{tag}{old.said_by is None}"]
    return list(dict.fromkeys(row))


def further_features(role: str, phrase: Phrase | None, chosen: dict[str, Span | None]) -> list[str]:
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
