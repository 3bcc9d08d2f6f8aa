"""Roles: what speaks for a phrase being an event's actor, target or source.

Knows: order, prepositions, verbs between, quotation, names, earlier events.  Does not know: syntax.  The features made
here are weighed by `transforms.arabic.choices`.
"""

from collections.abc import Sequence
from typing import NamedTuple

from transforms.arabic.phrases import Phrase
from transforms.arabic.roots import consonants
from transforms.arabic.scene import Scene, Told
from transforms.arabic.spans import Span
from transforms.arabic.verbs import groups

ROLES = ("actor", "target", "said_by")
#: Candidates are looked for in so many sentences before the event's own.
BACK = 3


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
    found = list(scene.phrases(event.sentence))
    used = [s for p in past[-12:] for s in (p.actor, p.target, p.said_by) if s]
    for sentence in range(event.sentence - 1, max(-1, event.sentence - 1 - BACK), -1):
        for phrase in scene.phrases(sentence):
            if (phrase.kind in ("PER", "ORG", "LOC", "NORP") and not phrase.chained) or any(
                s.start < phrase.end and phrase.start < s.end for s in used
            ):
                found.append(phrase)
    return found


def _collapsed(symbols: Sequence[str]) -> str:
    path: list[str] = []
    for symbol in symbols:
        if symbol == "N" and path and path[-1].endswith("N"):
            continue
        path.append(symbol)
    if len(path) > 6:
        path = [*path[:3], "~", *path[-3:]]
    return " ".join(path)


def shared_features(scene: Scene, event: Told, past: Sequence[Past], phrases: Sequence[Phrase]) -> list[list[str]]:
    """The features of each candidate phrase for an event, the same for every role."""
    key = trigger_key(scene, event)
    kind, shape, root = event.type, key.shape, key.root
    quote = scene.saying(event.start)
    symbols = scene.symbols(event.sentence)
    tokens = scene.tokens[event.sentence]
    here = [p for p in scene.phrases(event.sentence) if not p.chained]
    recent = past[-8:][::-1]
    governor = next((i for i in range(event.first - 1, -1, -1) if symbols[i] in ("V", "S")), None)
    governs = groups(tokens[governor].norm)[1] if governor is not None else "-"
    first = tokens[event.first]
    pronoun, joined = first.enclitic, "".join(first.proclitics)
    ahead = symbols[event.last + 1] if event.last + 1 < len(symbols) else "$"
    rows = []
    for p in phrases:
        head = scene.tokens[p.sentence][p.first]
        c4, c15, c99 = groups(head.norm)
        lead = scene.before(p)
        names = scene.names(p.sentence)
        kinds = "+".join(dict.fromkeys(m.type for m in names[p.first : p.last + 1] if m is not None))
        form = kinds + ("d" if head.norm.startswith(("ال", "لل", "وال", "بال")) else "i") + ("c" if p.chained else "")
        span = Span(p.start, p.end)
        if p.sentence == event.sentence:
            if p.first > event.last:
                side = "A"
                lo, hi = event.last + 1, p.first
                order = sum(1 for q in here if event.last < q.first < p.first)
                path = _collapsed([*symbols[lo:hi], lead])
            else:
                side = "B"
                lo, hi = p.last + 1, event.first
                order = sum(1 for q in here if p.last < q.first <= q.last < event.first)
                path = _collapsed([lead, *symbols[lo:hi]])
            between = symbols[lo:hi]
            verbs = between.count("V") + between.count("S")
            mark = "".join(m for m, s in ((",", "،"), ("r", "rel"), ("c", "comp"), ('"', '"')) if s in between)
            other = next((s for j, s in scene.triggers[event.sentence].items() if lo <= j < hi), "")
            distance = str(min(hi - lo, 4) if hi - lo < 5 else 8 if hi - lo < 9 else 16)
            place = f"{side}{min(order, 4)}"
            v = f"{side}{min(verbs, 2)}"
            row = [
                f"o={place}", f"oT={place}|{kind}", f"oK={place}|{key.coarse}", f"oS={place}|{shape}", f"oM={place}|{form}",
                f"oP={place}|{lead}", f"oPS={place}|{lead}|{shape}", f"oPK={side}|{lead}|{key.coarse}", f"PT={side}|{lead}|{kind}",
                f"PTS={place}|{lead}|{kind}|{shape}", f"PM={side}|{lead}|{form}",
                f"d={side}{distance}", f"dT={side}{distance}|{kind}", f"m={v}{mark}", f"mo={place}{mark}{v}",
                f"mS={v}{mark}|{shape}", f"x={side}{other}", f"xT={side}{other}|{kind}",
                f"sP={side}|{lead}|{root}", f"so={place}|{root}", f"wo={place}|{key.stem}", f"ko={side}|{key.middle}|{lead}",
                f"h4={side}|{c4}", f"hw={side}|{head.stem}", f"MS={side}|{form}|{shape}|{lead}",
                f"p={side}{path}", f"pS={side}{path}|{shape}", f"pT={side}{path}|{kind}", f"pK={side}{path}|{key.coarse}",
                f"pr={side}|{groups(tokens[p.first - 1].norm)[1] if p.first else '^'}",
                f"en={place}|{pronoun}|{ahead}", f"enl={side}|{pronoun}|{lead}|{shape}", f"pc={place}|{joined}|{shape}",
                f"lw={side}|{tokens[p.first - 1].norm if p.first else '^'}|{lead}", f"lt={side}|{lead}|{kind}|{form}|{shape}",
                f"l2={side}|{tokens[p.first - 2].norm if p.first > 1 else '^'}|{tokens[p.first - 1].norm if p.first else '^'}",
                f"fo={side}|{symbols[p.last + 1] if p.last + 1 < len(symbols) else '$'}",
            ]  # fmt: skip
            if governor is not None and governor == p.first - 1:
                row += [f"g={governs}", f"gT={kind}|{symbols[governor]}", f"gS={shape}|{symbols[governor]}"]
            if quote is not None:
                inside = quote.start <= p.start < quote.end
                speaker = quote.speaker is not None and p.start < quote.speaker.end and quote.speaker.start < p.end
                where = "in" if inside else "spk" if speaker else "out"
            else:
                own = any(s.speaker and p.start < s.speaker.end and s.speaker.start < p.end for s in scene.sayings)
                where = "quoted" if scene.saying(p.start) else "says" if own else "free"
            row += [
                f"q={where}",
                f"qT={where}|{kind}",
                f"qs={where}|{side}|{shape}",
                f"qP={where}|{lead}",
                f"qK={where}|{root}",
            ]
            if p.first <= 1 and symbols[: p.first] in ([], ['"'], ["V"], ["S"], ["T"]):
                row += [f"^{shape}|{key.coarse}", f"^{where}"]
        else:
            back = event.sentence - p.sentence
            row = [f"back={back}", f"bT={back}|{kind}", f"bM={form}|{back}", f"bP={lead}", f"bq={quote is not None}"]
            if quote is not None and quote.speaker and quote.speaker.start < p.end and p.start < quote.speaker.end:
                row += ["bspk", f"bspk|{kind}", f"bspk|{root}"]
        often = scene.counts
        n = max([often.get(w, 0) for w in scene.words(span)], default=0)
        row += [f"hT={head.stem}|{kind}", f"c4T={c4}|{kind}", f"c15={c15}", f"c15T={c15}|{kind}", f"c99={c99}", f"M={form}",
                f"MT={form}|{kind}", f"jn={p.joint}", f"jT={p.joint}|{kind}|{kinds}", f"n={min(n, 5)}", f"l={min(p.last - p.first, 4)}"]  # fmt: skip
        seen = set()
        for age, old in enumerate(recent):
            same = "=" if old.event.sentence == event.sentence else "<"
            for role, filler in (("a", old.actor), ("t", old.target), ("s", old.said_by)):
                if filler is None:
                    continue
                if filler.start < p.end and p.start < filler.end:
                    tag = f"{role}{same}i"
                elif scene.alike(filler, span):
                    tag = f"{role}{same}w"
                else:
                    continue
                for feature in (
                    f"r{tag}{min(age, 3)}",
                    f"rT{tag}|{old.event.type}|{kind}",
                    f"rk{tag}{age == 0}" if old.event.type == kind else "",
                    f"rr{tag}{side if p.sentence == event.sentence else 'b'}" if old.root == root else "",
                ):
                    if feature and feature not in seen:
                        seen.add(feature)
                        row.append(feature)
        rows.append(row)
    return rows


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
