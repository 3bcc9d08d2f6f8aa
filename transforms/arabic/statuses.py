"""Status of an event: what speaks for its having happened, being planned, only possible, or denied.

Knows: cues around a trigger and around what governs it, futures, days told, the sentence's earlier events.  Does not know: which
status follows: the features made here are weighed by `transforms.arabic.choices`.
"""

import functools
from collections.abc import Mapping, Sequence
from datetime import date

from schemas.token import Token
from transforms.arabic.clauses import is_verb
from transforms.arabic.expected import Expected, expected
from transforms.arabic.frames import governor
from transforms.arabic.lexicon import table
from transforms.arabic.phrases import word_class
from transforms.arabic.scene import Scene, Told
from transforms.arabic.triggerwords import Key, trigger_key
from transforms.arabic.verbs import groups


@functools.cache
def _cues() -> dict[str, str]:
    return {row["cue"]: row["status"] for row in table("status_cues")}


def _bare(token: Token) -> str:
    """The normal form without و and ف where those are clitics."""
    return token.norm[1:] if token.proclitics[:1] in (("و",), ("ف",)) else token.norm


def _future(word: str) -> bool:
    """Whether a word looks like a verb with the س of the future."""
    return word[:2] in ("سي", "ست") and len(word) > 4


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
    key = trigger_key(scene, event)
    row = [
        *_itself(tokens, event, key),
        *_beside(tokens, scene.symbols(event.sentence), event),
        *_verb_above(tokens, scene.symbols(event.sentence), event, key),
        *_prior(scene, event, key),
        *_governed(scene, event, key, before or {}),
        *(_told_before(tokens, event, key, before) if before else ()),
        f"q={scene.saying(event.start) is not None}",
        *(f"s={word}" for word in dict.fromkeys(map(_bare, tokens[: event.first])) if word in _cues()),
        *_days(scene, event, published),
    ]
    return list(dict.fromkeys(row))


def _itself(tokens: Sequence[Token], event: Told, key: Key) -> list[str]:
    """What the trigger and the cue next to it say."""
    norm = _bare(tokens[event.first])
    near = _nearest_cue(tokens, event.first)
    row = ["1", f"T={event.type}", f"S={key.shape}", f"TS={event.type}|{key.shape}", f"w={norm}", f"r={key.root}",
           f"c={key.coarse}", f"m={key.middle}", f"near={near}", f"nearS={near}|{key.shape}"]  # fmt: skip
    if norm[:2] in ("سي", "ست", "سن") and len(norm) > 4:
        row.append("future")
    return row


def _beside(tokens: Sequence[Token], symbols: Sequence[str], event: Told) -> list[str]:
    """What the words just before and after the trigger say."""
    first, last = event.first, event.last
    row: list[str] = []
    for back in range(1, 5):
        i = first - back
        word = _bare(tokens[i]) if i >= 0 else "^"
        row += [f"b={word}", f"bg={groups(word)[1]}"]
        if back <= 2:
            row += [f"b{back}={word}", f"bc{back}={groups(word)[0]}", f"bs{back}={symbols[i] if i >= 0 else '^'}"]
        if status := _cues().get(word):
            row += [f"cue={status}", f"cue{back}={status}"]
        if _future(word) and i >= 0 and symbols[i] in ("V", "S", "N"):
            row.append(f"will{back}")
    for ahead in (1, 2):
        i = last + ahead
        row.append(f"a{ahead}={tokens[i].norm if i < len(tokens) else '$'}")
    row += [f"acue={status}" for t in tokens[last + 1 : last + 4] if (status := _cues().get(_bare(t)))]
    row += [f"for{min(first - i, 3)}" for i in range(max(0, first - 4), first + 1) if "ل" in tokens[i].proclitics[:2]]
    return row


def _verb_above(tokens: Sequence[Token], symbols: Sequence[str], event: Told, key: Key) -> list[str]:
    """What the nearest verb before the trigger says."""
    above = next((i for i in range(event.first - 1, -1, -1) if symbols[i] in ("V", "S")), None)
    if above is None:
        return []
    word, gap = _bare(tokens[above]), event.first - above
    told = _cues().get(word, "")
    denied = _nearest_cue(tokens, above)
    row = [f"gcue={told}", f"gcue={told}|{key.shape}", f"gneg={denied}", f"gneg={denied}|{min(gap, 4)}"]
    row += [f"g={word}", f"gg={groups(word)[1]}", f"gd={min(gap, 6)}|{groups(word)[0]}"]
    if above:
        row.append(f"gb={_bare(tokens[above - 1])}")
    if _future(word):
        row.append("gfuture")
    return row


def _prior(scene: Scene, event: Told, key: Key) -> list[str]:
    """What the sentence's last event before this one says, and how the two are linked."""
    tokens, symbols, first = scene.tokens[event.sentence], scene.symbols(event.sentence), event.first
    prior = max((i for i in scene.triggers[event.sentence] if i < first), default=None)
    if prior is None:
        return []
    other = scene.triggers[event.sentence][prior]
    link = symbols[prior + 1] if prior + 1 < first else ""
    return [f"pt={other}|{event.type}", f"pd={other}|{min(first - prior, 8)}", f"pl={other}|{link}",
            f"pw={_bare(tokens[prior])}", f"pls={other}|{link}|{key.shape}"]  # fmt: skip


def _governed(scene: Scene, event: Told, key: Key, before: Mapping[int, str]) -> list[str]:
    """What the words that the event hangs on make of it, by their frames and their own status."""
    hung = scene.around(event)
    frame = expected(scene, event, hung)
    row = _outer(frame, event, key)
    line = scene.line(event.sentence)
    tokens = scene.tokens[event.sentence]
    for hop, (i, link) in enumerate(hung.governors):
        # What a word makes of events that hang on it, whichever way this one does.
        makes = "+".join(sorted({g.status for g in governor(tokens[i].norm, is_verb(line, i))}))
        denied = _nearest_cue(tokens, i)
        row += [f"c{hop}={makes}|{link}", f"c{hop}={makes}", f"cd{hop}={denied}"]
        row.append(f"cf{hop}={_future(_bare(tokens[i]))}|{link}")
        if i in before:
            row += [f"cb{hop}={before[i]}|{link}", f"cb={before[i]}"]
            row.append(f"cb={before[i]}|{scene.triggers[event.sentence].get(i)}")
        if not hop:
            row.append(f"ol={link}|{frame.outer.status if frame.outer else ''}|{denied}")
    return row


def _outer(frame: Expected, event: Told, key: Key) -> list[str]:
    """What the frames of the two words above say."""
    row: list[str] = []
    for mark, found in (("o", frame.outer), ("oo", frame.outermost)):
        if found is not None:
            row += [f"{mark}={found.status}", f"{mark}={found.status}|{key.shape}"]
            row.append(f"{mark}T={found.status}|{event.type}")
    return row


def _told_before(tokens: Sequence[Token], event: Told, key: Key, before: Mapping[int, str]) -> list[str]:
    """What the status of the sentence's last event says, and whether `و` or `أو` joins this one to it."""
    first, last_told = event.first, max(before)
    joined = tokens[first].proclitics[:1] == ("و",) or (first > 0 and tokens[first - 1].norm in ("و", "او"))
    status = before[last_told]
    return [f"pb={status}|{joined}", f"pb={status}|{min(first - last_told, 6)}|{key.shape}"]


def _days(scene: Scene, event: Told, published: date | None) -> list[str]:
    """Where the days told in the sentence lie beside the day of the article."""
    row: list[str] = []
    for mention in scene.mentions[event.sentence]:
        if mention.type == "DATE" and (day := mention.date_start) and published:
            row.append("day=" + ("after" if day > published else "before" if day < published else "on"))
    return row
