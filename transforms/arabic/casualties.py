"""Casualties: how many dead and injured a sentence tells of, and of which of its events.

Knows: verbs, verbal nouns and counted nouns of death and injury (`data/casualty_words.tsv`), quantities, single persons,
duals, "among them".  Does not know: names (a named victim without a number is no count), totals over sentences.
"""

import functools
from collections.abc import Collection, Sequence
from typing import NamedTuple

from schemas.mention import Mention
from schemas.token import Token
from transforms.arabic.lexicon import table
from transforms.arabic.verbs import verbal

#: A number stands so many words behind its cue at most: `قتل أمس في قصف على المدينة 12 شخصا`.
REACH = 7
#: Two-sided approximations are read as so much below and above; what is told is the middle.
_ABOUT = 0.1


class Toll(NamedTuple):
    """Dead or injured told at text[start:end]; a bound is None where that side is open."""

    start: int
    end: int
    kind: str  # killed or injured
    least: int | None
    most: int | None
    #: Of a war, a campaign or a long time, not of one event: `منذ بدء التصعيد`, `خلال ثلاث سنوات`.
    total: bool = False


def counts(toll: Toll, start: int, end: int) -> bool:
    """Whether text[start:end] is who a toll counts: `أربعة جنود` of `قتل أربعة جنود`, not `الجيش` of `قتل الجيش أربعة مسلحين`."""
    return start <= toll.start < end or start < toll.end <= end


@functools.cache
def _words() -> dict[str, dict[str, str]]:
    """By shape the kind of each word."""
    found: dict[str, dict[str, str]] = {}
    for row in table("casualty_words"):
        found.setdefault(row["shape"], {})[row["word"]] = row["kind"]
    return found


def find_tolls(tokens: Sequence[Token], mentions: Sequence[Mention]) -> tuple[Toll, ...]:
    """The tolls that a sentence tells, in text order; `mentions` are those of the sentence."""
    words = _words()
    counts = [m for m in mentions if m.type == "QUANTITY" and m.unit not in words["thing"] and _number(m)]
    at = [next((q for q in counts if t.start <= q.start < t.end), None) for t in tokens]
    found: list[Toll] = []
    if nothing := _no_loss(tokens):
        found += [Toll(nothing.start, nothing.end, kind, 0, 0) for kind in ("killed", "injured")]
    used = {q.start for i, q in enumerate(at) if q is not None and i and tokens[i - 1].norm in words["subset"]}
    for i, token in enumerate(tokens):
        quantity = at[i]
        if quantity is not None and quantity.unit in words["noun"] and quantity.start not in used:
            used.add(quantity.start)
            found.append(_toll(token.start, quantity, words["noun"][quantity.unit]))
        elif kind := _kind(token, words["cue"]):
            if toll := _before(tokens, i, at, used, kind):
                found.append(toll)
            elif i + 1 < len(tokens) and tokens[i + 1].proclitics[:1] == ("و",) and _kind(tokens[i + 1], words["cue"]):
                break  # `مقتل وإصابة 55`: of which kind, it does not say
            elif toll := _after(tokens, i, at, used, kind):
                found.append(toll)
        elif ((kind := _kind(token, words["fall"])) and (toll := _after(tokens, i, at, used, kind, words["one"]))) or (
            (kind := _rising(tokens, i)) and (toll := _after(tokens, i, at, used, kind))
        ):
            found.append(toll)
    return tuple(toll._replace(total=True) if _is_total(tokens, toll) else toll for toll in found)


#: So many words on either side of a toll may say what it is a total of.
_AROUND = 10


def _is_total(tokens: Sequence[Token], toll: Toll) -> bool:
    """Whether a toll sums up a war, a campaign or a long time: by a word beside it, in its own clause."""
    first = next(i for i, t in enumerate(tokens) if t.end > toll.start)
    last = next((i for i in range(len(tokens) - 1, -1, -1) if tokens[i].start < toll.end), first)
    lo, hi = first, last + 1
    while lo > max(0, first - _AROUND) and tokens[lo - 1].text not in _CLAUSE:
        lo -= 1
    while hi < min(len(tokens), last + _AROUND) and tokens[hi].text not in _CLAUSE:
        hi += 1
    words = _words()
    for i in range(lo, hi):
        bare, after = _bare(tokens[i]), tokens[i + 1 : i + 6]
        if tokens[i].stem in words["all"]:
            return True
        if bare == "منذ" and any(_starts_span(t) for t in after[:2]):
            return True
        if bare in ("خلال", "طوال", "مدي") and any(t.stem in words["long"] for t in after[:3]):
            return True
        # `خلفت الحرب 10 آلاف قتيل`
        campaign = i and i < first <= i + _OUTCOME and tokens[i].definite and tokens[i].stem in words["span"]
        if campaign and _links().get(_bare(tokens[i - 1])) == "after":
            return True
    return False


_CLAUSE = frozenset("،.؛:!؟")
#: So many words stand between a campaign and what it cost at most.
_OUTCOME = 3


def _starts_span(token: Token) -> bool:
    words = _words()
    # A year by itself: `منذ 2015`.
    year = token.kind == "number" and len(token.text) == 4
    return year or any(
        token.stem in words[shape] or _bare(token) in words[shape] for shape in ("span", "begin", "long")
    )


@functools.cache
def _links() -> dict[str, str]:
    return {row["word"]: row["side"] for row in table("outcome_words")}


def outcomes(tokens: Sequence[Token], events: Sequence[tuple[int, int]]) -> frozenset[int]:
    """Which violent events of a sentence, by index, are the dead and injured of another one: they are no event of their own.

    `events` are first and last token of each trigger.  Told so are `قتل جنديان في هجوم` and `هجوم أسفر عن مقتل جنديين`.
    """
    deaths = {i for i, (first, last) in enumerate(events) if any(_dies(t) for t in tokens[first : last + 1])}
    return frozenset(
        i for i in deaths if any(_linked(tokens, events[i], events[j]) for j in range(len(events)) if j not in deaths)
    )


def _dies(token: Token) -> bool:
    return (
        bool(_kind(token, _words()["cue"]))
        and _links().get(token.stem) != "none"
        and _links().get(token.norm) != "none"
    )


def _linked(tokens: Sequence[Token], death: tuple[int, int], attack: tuple[int, int]) -> bool:
    """Whether the words between tell an attack's outcome: one of those before or behind it, and no other clause."""
    if death < attack:
        side, lo, hi = "before", death[1] + 1, attack[0]
        linked = tokens[attack[0]].proclitics[:1] == ("ب",)
    else:
        # `أدى القصف إلى مقتل`: the verb can stand before the attack.
        side, lo, hi = "after", attack[1] + 1, death[0]
        linked = any(_links().get(_bare(t)) == side for t in tokens[max(0, attack[0] - 2) : attack[0]])
    for token in tokens[lo:hi]:
        bare = _bare(token)
        if _links().get(bare) == side:
            linked = True
        elif token.text in "؛.:" or (bare != token.norm and verbal(token)):
            return False
    return linked


def _bare(token: Token) -> str:
    return token.norm[1:] if token.proclitics[:1] in (("و",), ("ف",)) else token.norm


def _number(quantity: Mention) -> bool:
    """Whether it says a number: dozens and hundreds are none, percentages count no people."""
    return quantity.unit != "%" and quantity.norm.split()[0].removeprefix("ال") not in _words()["vague"]


def _kind(token: Token, words: dict[str, str]) -> str:
    bare = token.norm[1:] if token.norm[:1] in "وفب" and len(token.norm) > 3 else token.norm
    return words.get(token.norm) or words.get(bare) or words.get(token.stem) or ""


def _rising(tokens: Sequence[Token], i: int) -> str:
    """A counted noun whose number follows: `عدد القتلى إلى 105`, `حصيلة الضحايا بلغت 12`."""
    if i and tokens[i - 1].stem in ("عدد", "حصيله") and tokens[i].kind == "word":
        return _kind(tokens[i], _words()["noun"])
    return ""


def _before(tokens: Sequence[Token], i: int, at: Sequence[Mention | None], used: set[int], kind: str) -> Toll | None:
    """The number before a verb that stands behind its subject: `14 مقاتلا لقوا حتفهم`, `جنديان قتلا`."""
    norm = tokens[i].norm
    if tokens[i].proclitics or not (norm.endswith(("وا", "ون")) or norm in _words()["behind"]):
        return None
    for j in range(i - 1, max(-1, i - 6), -1):
        quantity = at[j]
        if quantity is not None and quantity.start not in used and quantity.end <= tokens[i].start:
            used.add(quantity.start)
            return _toll(tokens[i].start, quantity, kind)
        if tokens[j].kind == "punct" or verbal(tokens[j]) or tokens[j].norm in _words()["subset"]:
            return None
    return None


def _after(
    tokens: Sequence[Token], i: int, at: Sequence[Mention | None], used: set[int], kind: str, of: Collection[str] = ()
) -> Toll | None:
    """The number or the single person that follows a cue; with `of` only one of these."""
    words = _words()
    for j in range(i + 1, min(i + 1 + REACH, len(tokens))):
        token, quantity = tokens[j], at[j]
        if quantity is not None:
            if (
                quantity.start in used
                or (of and quantity.unit not in of)
                or words["noun"].get(quantity.unit or "", kind) != kind
            ):
                return None
            used.add(quantity.start)
            return _toll(tokens[i].start, quantity, kind)
        if _kind(token, words["cue"]) or token.norm in words["subset"] or token.text in "،؛:.":
            return None
        if token.proclitics[:1] == ("و",) and verbal(token):
            return None
        # One person without a number stands close behind the cue: `قتل متظاهر`, `مقتل أحد عناصر الحركة`.
        if j <= i + 2 and (token.stem in words["one"] or token.stem.removesuffix("ا") in words["one"]):
            return Toll(tokens[i].start, token.end, kind, 1, 1)
    return None


def _toll(start: int, quantity: Mention, kind: str) -> Toll:
    least, most = quantity.value_min, quantity.value_max
    if least is not None and most is not None and least != most:
        middle = (least + most) / 2
        if abs(middle * (1 - _ABOUT) - least) < 0.01 * middle:
            least = most = middle
    return Toll(
        min(start, quantity.start),
        max(start, quantity.end),
        kind,
        None if least is None else round(least),
        None if most is None else round(most),
    )


def _no_loss(tokens: Sequence[Token]) -> Token | None:
    """The word for losses that there were none of: `لم يوقع خسائر بشرية`, `دون إصابات`."""
    for i, token in enumerate(tokens):
        if token.stem in _words()["without"] or token.norm in _words()["without"]:
            for later in tokens[i + 1 : i + 5]:
                if later.stem in ("حصيله", "عدد"):
                    break
                if later.stem in _words()["loss"]:
                    after = tokens[tokens.index(later) + 1 : tokens.index(later) + 3]
                    if later.stem != "خسائر" or any(t.stem in ("بشريه", "ارواح") for t in after):
                        return later
    return None


def sums_up(tokens: Sequence[Token]) -> bool:
    """Whether a trigger's words can have a total: deaths and campaigns, not one raid."""
    return any(_dies(t) or t.stem in _words()["span"] for t in tokens)


def tolls_of(
    tolls: Sequence[Toll], triggers: Sequence[tuple[int, int]], summing: Collection[int] = ()
) -> list[dict[str, Toll]]:
    """For each violent event of a sentence, by its trigger's span, its tolls by kind.

    A toll belongs to the event whose trigger stands in it, else to the nearest one before it, else to the next one; of two
    tolls of a kind the first counts.  A total belongs to `summing` events (by index; `sums_up`) alone.
    """
    found: list[dict[str, Toll]] = [{} for _ in triggers]
    for toll in tolls:
        able = [i for i in range(len(triggers)) if not toll.total or i in summing]
        inside = [i for i in able if triggers[i][0] < toll.end and toll.start < triggers[i][1]]
        before = [i for i in able if triggers[i][1] <= toll.start]
        if able:
            best = inside[0] if inside else before[-1] if before else able[0]
            found[best].setdefault(toll.kind, toll)
    return found
