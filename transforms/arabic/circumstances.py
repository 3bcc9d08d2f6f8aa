"""Circumstances of an event: what speaks for its status, its mode, its place and its day.

Knows: words and names near a trigger, order, earlier events.  Does not know: clauses.  The features made here are weighed
by `transforms.arabic.choices`.
"""

import functools
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

from schemas.mention import Mention
from schemas.token import Token
from transforms.arabic.clauses import is_verb
from transforms.arabic.expected import expected
from transforms.arabic.frames import governor
from transforms.arabic.lexicon import table
from transforms.arabic.phrases import word_class
from transforms.arabic.roles import Cast, Past, trigger_key
from transforms.arabic.scene import Scene, Told
from transforms.arabic.spans import Span
from transforms.arabic.verbs import groups


@functools.cache
def _cues() -> dict[str, str]:
    return {row["cue"]: row["status"] for row in table("status_cues")}


@functools.cache
def modes(type: str) -> tuple[str, ...]:
    """The modes of a type, "" (none) first."""
    return ("", *(row["mode"] for row in table("modes") if row["type"] == type and row["mode"]))


@functools.cache
def cameo_code(type: str, mode: str | None) -> str | None:
    """The CAMEO code nearest to a type and mode."""
    return next((row["cameo"] for row in table("modes") if row["type"] == type and row["mode"] == (mode or "")), None)


def _bare(token: Token) -> str:
    """The normal form without و and ف where those are clitics."""
    return token.norm[1:] if token.proclitics[:1] in (("و",), ("ف",)) else token.norm


def _nearest_cue(tokens: Sequence[Token], first: int) -> str:
    """The status of the cue before a trigger, auxiliaries between them passed over: `لم يتم اعتقال`."""
    for i in range(first - 1, max(-1, first - 5), -1):
        word = _bare(tokens[i])
        if status := _cues().get(word):
            return status
        if word_class(tokens[i]) not in ("aux", "part", "quant"):
            break
    return ""


def status_features(
    scene: Scene, event: Told, published: date | None, before: Mapping[int, str] | None = None
) -> list[str]:
    """What speaks for the status of an event; `before` has the status of the sentence's earlier events by first token."""
    tokens = scene.tokens[event.sentence]
    symbols = scene.symbols(event.sentence)
    key = trigger_key(scene, event)
    first, last = event.first, event.last
    norm = _bare(tokens[first])
    near = _nearest_cue(tokens, first)
    row = ["1", f"T={event.type}", f"S={key.shape}", f"TS={event.type}|{key.shape}", f"w={norm}", f"r={key.root}",
           f"c={key.coarse}", f"m={key.middle}", f"near={near}", f"nearS={near}|{key.shape}"]  # fmt: skip
    if norm[:2] in ("سي", "ست", "سن") and len(norm) > 4:
        row.append("future")
    for back in range(1, 5):
        i = first - back
        word = _bare(tokens[i]) if i >= 0 else "^"
        row += [f"b={word}", f"bg={groups(word)[1]}"]
        if back <= 2:
            row += [f"b{back}={word}", f"bc{back}={groups(word)[0]}", f"bs{back}={symbols[i] if i >= 0 else '^'}"]
        if status := _cues().get(word):
            row += [f"cue={status}", f"cue{back}={status}"]
        if word[:2] in ("سي", "ست") and len(word) > 4 and i >= 0 and symbols[i] in ("V", "S", "N"):
            row.append(f"will{back}")
    for ahead in (1, 2):
        i = last + ahead
        row.append(f"a{ahead}={tokens[i].norm if i < len(tokens) else '$'}")
    row += [f"acue={status}" for t in tokens[last + 1 : last + 4] if (status := _cues().get(_bare(t)))]
    row += [f"for{min(first - i, 3)}" for i in range(max(0, first - 4), first + 1) if "ل" in tokens[i].proclitics[:2]]
    above = next((i for i in range(first - 1, -1, -1) if symbols[i] in ("V", "S")), None)
    if above is not None:
        word = _bare(tokens[above])
        told = _cues().get(word, "")
        denied = _nearest_cue(tokens, above)
        row += [
            f"gcue={told}",
            f"gcue={told}|{key.shape}",
            f"gneg={denied}",
            f"gneg={denied}|{min(first - above, 4)}",
        ]
        row += [f"g={word}", f"gg={groups(word)[1]}", f"gd={min(first - above, 6)}|{groups(word)[0]}"]
        if above:
            row.append(f"gb={_bare(tokens[above - 1])}")
        if word[:2] in ("سي", "ست") and len(word) > 4:
            row.append("gfuture")
    prior = max((i for i in scene.triggers[event.sentence] if i < first), default=None)
    if prior is not None:
        other = scene.triggers[event.sentence][prior]
        link = symbols[prior + 1] if prior + 1 < first else ""
        row += [f"pt={other}|{event.type}", f"pd={other}|{min(first - prior, 8)}", f"pl={other}|{link}",
                f"pw={_bare(tokens[prior])}", f"pls={other}|{link}|{key.shape}"]  # fmt: skip
    hung = scene.around(event)
    frame = expected(scene, event, hung)
    for mark, found in (("o", frame.outer), ("oo", frame.outermost)):
        if found is not None:
            row += [
                f"{mark}={found.status}",
                f"{mark}={found.status}|{key.shape}",
                f"{mark}T={found.status}|{event.type}",
            ]
    line = scene.line(event.sentence)
    for hop, (i, link) in enumerate(hung.governors):
        word = _bare(tokens[i])
        future = word[:2] in ("سي", "ست") and len(word) > 4
        # What a word makes of events that hang on it, whichever way this one does.
        makes = sorted({g.status for g in governor(tokens[i].norm, is_verb(line, i))})
        denied = _nearest_cue(tokens, i)
        row += [
            f"c{hop}={'+'.join(makes)}|{link}",
            f"c{hop}={'+'.join(makes)}",
            f"cd{hop}={denied}",
            f"cf{hop}={future}|{link}",
        ]
        if before and i in before:
            row += [
                f"cb{hop}={before[i]}|{link}",
                f"cb={before[i]}",
                f"cb={before[i]}|{scene.triggers[event.sentence].get(i)}",
            ]
        if not hop:
            row.append(f"ol={link}|{frame.outer.status if frame.outer else ''}|{denied}")
    if before:
        last_told = max(before)
        joined = tokens[first].proclitics[:1] == ("و",) or (first > 0 and tokens[first - 1].norm in ("و", "او"))
        row += [f"pb={before[last_told]}|{joined}", f"pb={before[last_told]}|{min(first - last_told, 6)}|{key.shape}"]
    quote = scene.saying(event.start)
    row.append(f"q={quote is not None}")
    for word in {_bare(t) for t in tokens[:first]} & _cues().keys():
        row.append(f"s={word}")
    for mention in scene.mentions[event.sentence]:
        if mention.type == "DATE" and mention.date_start and published:
            row.append(
                "day="
                + ("after" if mention.date_start > published else "before" if mention.date_start < published else "on")
            )
    return list(dict.fromkeys(row))


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


def places(scene: Scene, event: Told) -> list[Mention]:
    """The places that an event can have happened at: of its sentence, of those before it, and of the first two."""
    order = [event.sentence, *range(event.sentence - 1, max(-1, event.sentence - 4), -1)]
    order += [s for s in (0, 1) if s not in order and s < event.sentence]
    return [m for s in order for m in scene.mentions[s] if m.type == "LOC"]


def place_features(
    scene: Scene, event: Told, found: Sequence[Mention], roles: Cast, past: Sequence[tuple[Past, Mention | None]]
) -> list[list[str]]:
    """The features of no place, then of each place."""
    key = trigger_key(scene, event)
    kind = event.type
    inside = sum(m.sentence_index == event.sentence for m in found)
    near = scene.around(event)
    home = scene.home
    sides = {role: scene.countries(span) for role, span in (("a", roles.actor), ("t", roles.target))}
    rows = [["0", f"0T={kind}", f"0n={min(inside, 3)}", f"0nT={min(inside, 3)}|{kind}", f"0r={key.root}", f"0S={key.shape}|{kind}",
             f"0q={scene.saying(event.start) is not None}", f"0all={bool(found)}"]]  # fmt: skip
    if past:
        rows[0].append(
            f"0p={past[-1][1] is None}{past[-1][0].event.sentence == event.sentence}{past[-1][0].event.type == kind}"
        )
        rows[0] += [f"0r={place is None}" for p, place in past[-4:] if p.root == key.root]
    for m in found:
        tokens = scene.tokens[m.sentence_index]
        symbols = scene.symbols(m.sentence_index)
        i = next((i for i, t in enumerate(tokens) if t.end > m.start), 0)
        lead = symbols[i][:-1] if symbols[i] != "N" and symbols[i].endswith("N") else symbols[i - 1] if i else "^"
        lead2 = tokens[i - 1].norm if i else "^"
        wide = m.place_precision or "?"
        row = [f"l={lead}", f"lw={lead2}", f"w={wide}", f"wT={wide}|{kind}", f"lW={lead}|{wide}"]
        row += [f"ch={c}|{wide}" for c in _chain(scene, m)]
        row += [f"h={m.country == home}|{wide == 'country'}", f"hT={m.country == home}|{wide == 'country'}|{kind}"]
        row += [f"c{role}={m.country in told}|{wide == 'country'}|{kind}" for role, told in sides.items() if told]
        if m.sentence_index == event.sentence:
            after = i > event.last
            gap = i - event.last if after else event.first - i
            side = "A" if after else "B"
            lo, hi = (event.last + 1, i) if after else (i + 1, event.first)
            between = symbols[lo:hi]
            crossed = sum(lo <= j < hi for j in scene.triggers[event.sentence])
            verbs = between.count("V") + between.count("S")
            nearer = sum(
                o.sentence_index == event.sentence
                and o is not m
                and (m.start > o.start >= event.start or m.start < o.start < event.start)
                for o in found
            )
            row += [f"cl={c}|{lead}" for c in near.labels.get(i, ("-",))] + [
                f"clT={c}|{kind}" for c in near.labels.get(i, ("-",))
            ]
            row += [f"s={side}", f"d={side}{min(gap, 12)}", f"l={side}|{lead}", f"x={side}{min(crossed, 2)}|{lead}", f"n={side}{min(nearer, 3)}",
                    f"v={side}{min(verbs, 2)}|{lead}", f"lT={side}|{lead}|{kind}", f"c={side}{'،' in between}{'comp' in between}", f"wl={side}|{wide}|{lead}"]  # fmt: skip
        else:
            back = event.sentence - m.sentence_index
            row += [
                f"b={min(back, 4)}",
                f"bT={min(back, 4)}|{kind}",
                f"bl={min(back, 2)}|{lead}",
                f"bi={inside > 0}",
                f"bf={m.sentence_index == 0}",
            ]
        span = Span(m.start, m.end)
        for role, filler in (("a", roles.actor), ("t", roles.target)):
            if filler and filler.start < m.end and m.start < filler.end:
                whole = filler.end - filler.start <= m.end - m.start + 2
                row += [f"in{role}", f"in{role}{whole}", f"in{role}|{kind}", f"in{role}{whole}|{wide}"]
        row.append(f"k={min(scene.counts.get(next(iter(scene.words(span)), ''), 0), 5)}")
        for age, (old, place) in enumerate(past[-5:][::-1]):
            if place is not None and (place is m or place.norm == m.norm):
                same = "=" if old.event.sentence == event.sentence else "<"
                row += [f"p{same}{age}", f"pT{same}|{old.event.type == kind}"] + (
                    [f"pr{same}"] if old.root == key.root else []
                )
        alike = [place for old, place in past if old.event.type == kind and place is not None]
        if alike:
            row += [f"lt={alike[-1].norm == m.norm}", f"lt={alike[-1].norm == m.norm}|{kind}"]
        roots = [place for old, place in past if old.root == key.root and place is not None]
        if roots:
            row.append(f"lr={roots[-1].norm == m.norm}")
        rows.append(list(dict.fromkeys(row)))
    return rows


#: What may stand between a place and the wider one that it lies in: `العريش بمحافظة شمال سيناء`, `درنة، شرق ليبيا`.
_LINKS: Final = 3


def _chain(scene: Scene, m: Mention) -> list[str]:
    """Whether a wider place follows this one directly, or it follows a narrower one."""
    line = scene.mentions[m.sentence_index]
    found = []
    for o in line:
        if o.type != "LOC" or o is m:
            continue
        if o.start - m.end >= 0 and len(scene.text[m.end : o.start].split()) <= _LINKS:
            found.append(f"in-{o.place_precision or '?'}{o.country == m.country}")
        elif m.start - o.end >= 0 and len(scene.text[o.end : m.start].split()) <= _LINKS:
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


class Day(NamedTuple):
    """A day or time that an event can have happened at, and how it was found."""

    first: date
    last: date
    precision: str | None
    rule: str  # clause, sentence, carried or publication
    mention: Mention | None


def days(scene: Scene, event: Told, published: date | None, past: Sequence[tuple[Past, Day | None]]) -> list[Day]:
    """The times that an event can have happened at: told in its sentence, in the one before, of earlier events, today."""
    found: list[Day] = []
    for sentence in (event.sentence, event.sentence - 1):
        for m in scene.mentions[sentence] if sentence >= 0 else ():
            if m.type == "DATE" and m.date_start and m.date_end:
                rule = "carried" if sentence != event.sentence else "clause" if _close(scene, event, m) else "sentence"
                found.append(Day(m.date_start, m.date_end, m.date_precision, rule, m))
    for _, day in past[-8:]:
        if day is not None and all((day.first, day.last) != (d.first, d.last) for d in found):
            found.append(day._replace(rule="carried"))
    if published and all((published, published) != (d.first, d.last) for d in found):
        found.append(Day(published, published, "day", "publication", None))
    return found


def _close(scene: Scene, event: Told, m: Mention) -> bool:
    """Whether no mark and no other event stands between a date and an event of its sentence."""
    lo, hi = (event.end, m.start) if m.start >= event.end else (m.end, event.start)
    tokens, symbols = scene.tokens[event.sentence], scene.symbols(event.sentence)
    return not any(lo <= t.start < hi and s in ("،", ",", "T", "S", "؛") for t, s in zip(tokens, symbols, strict=True))


def day_features(
    scene: Scene,
    event: Told,
    found: Sequence[Day],
    status: str,
    published: date | None,
    past: Sequence[tuple[Past, Day | None]],
) -> list[list[str]]:
    """The features of no day, then of each."""
    key = trigger_key(scene, event)
    kind = event.type
    inside = sum(d.mention is not None and d.mention.sentence_index == event.sentence for d in found)
    rows = [["0", f"0T={kind}", f"0n={min(inside, 3)}", f"0s={status}", f"0ns={min(inside, 2)}|{status}", f"0r={key.root}", f"0i={min(event.sentence, 3)}",
             f"0S={key.shape}", f"0nS={min(inside, 2)}|{key.shape}", f"0q={scene.saying(event.start) is not None}"]]  # fmt: skip
    for old, day in past[-3:]:
        same = "=" if old.event.sentence == event.sentence else "<"
        rows[0] += [f"0p{same}{day is None}"] + ([f"0r{same}{day is None}"] if old.root == key.root else [])
    rows[0] = list(dict.fromkeys(rows[0]))
    for d in found:
        when = "after" if published and d.first > published else "before" if published and d.last < published else "on"
        row = [f"k={d.rule}", f"kT={d.rule}|{kind}", f"p={d.precision}", f"w={when}|{status}", f"kw={d.rule}|{when}", f"kp={d.rule}|{d.precision}",
               f"kS={d.rule}|{key.shape}", f"ks={d.rule}|{status}", f"i={min(event.sentence, 3)}|{d.rule}"]  # fmt: skip
        m = d.mention
        if m is not None and m.sentence_index == event.sentence:
            tokens, symbols = scene.tokens[event.sentence], scene.symbols(event.sentence)
            i = next((i for i, t in enumerate(tokens) if t.end > m.start), 0)
            after = i > event.last
            side = "A" if after else "B"
            lo, hi = (event.last + 1, i) if after else (i + 1, event.first)
            crossed = sum(lo <= j < hi for j in scene.triggers[event.sentence])
            verbs = symbols[lo:hi].count("V") + symbols[lo:hi].count("S")
            row += [f"d={side}{min(hi - lo, 12)}", f"x={side}{min(crossed, 2)}", f"v={side}{min(verbs, 2)}", f"m={side}{symbols[lo:hi].count('،')}",
                    f"l={tokens[i].norm}", f"lb={tokens[i - 1].norm if i else '^'}", f"r={m.date_rule}", f"only={inside == 1}",
                    f"sv={side}{min(verbs, 2)}{min(crossed, 2)}|{key.shape}",
                    f"say={side}{'S' in symbols[lo:hi]}", f"pre={symbols[i - 1] if i else '^'}|{side}"]  # fmt: skip
        for age, (old, day) in enumerate(past[-4:][::-1]):
            if day is not None and (day.first, day.last) == (d.first, d.last):
                same = "=" if old.event.sentence == event.sentence else "<"
                row += [f"o{same}{age}", f"oT{same}{old.event.type == kind}"] + (
                    [f"or{same}"] if old.root == key.root else []
                )
        rows.append(list(dict.fromkeys(row)))
    return rows
