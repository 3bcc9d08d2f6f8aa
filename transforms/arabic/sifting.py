"""Sifting: which of the words that can tell events do tell one here, and of which type.

Knows: how likely the engine of triggers holds each word, what governs it, what else of its type the sentence tells (an attack and
its deaths are one event), quotations, order.  Does not know: roles.  The features made here are weighed by
`transforms.arabic.choices`; `pipelines.train_events` learns the weights from what engines that have not seen an article say.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from transforms.arabic.casualties import outcomes
from transforms.arabic.choices import UNIT, Feature, Rankers, chosen, share
from transforms.arabic.expected import Ruled, frame, ruled
from transforms.arabic.phrases import is_adjective
from transforms.arabic.scene import Scene, Told
from transforms.arabic.triggerwords import Key, manner, trigger_key
from transforms.arabic.verbs import groups

#: So many types of a word are weighed against telling none.
_TYPES: Final = 3
#: Types less likely than this share of the likeliest are not weighed.
_SHARE: Final = 0.08
#: Another word is a rival for a type from this likelihood on.
_RIVAL: Final = 0.15

#: Telling no event weighs so much less in the choice than its probability says: chosen by cross-validation on F1 of triggers, where
#: .2 to .5 are equals (docs/accuracy.md).
_LEAN: Final = 0.4
#: The rarest types (66 and 47 of 3,616 labelled events), hardly ever likelier than none, so much more: F1 .419 -> .468 and .333 -> .396
#: by cross-validation, all types as before; for more types it gained nothing.
_RARE: Final = {"MOBILIZE": 1.0, "CONCEDE": 1.5}


class Candidate(NamedTuple):
    """A word or two that can tell an event: how likely the engine holds each type; the likeliest is `told.type`."""

    told: Told
    chances: Mapping[str, float]  # by type

    @property
    def types(self) -> tuple[str, ...]:
        """The types to be weighed, the likeliest first."""
        found = sorted(self.chances, key=lambda kind: (-self.chances[kind], kind))[:_TYPES]
        return tuple(kind for kind in found if self.chances[kind] >= _SHARE * self.chances[found[0]])

    @property
    def any(self) -> float:
        """How likely the engine holds an event of whichever type."""
        return min(sum(self.chances.values()), 1.0)


class Sifted(NamedTuple):
    """What a candidate tells, and how surely."""

    told: Told
    score: float


def sift(scene: Scene, candidates: Sequence[Candidate], rankers: Rankers) -> list[Sifted]:
    """The candidates that tell an event, with its type; `scene` has their `told` as events."""
    found = []
    for candidate, rows in zip(candidates, features(scene, candidates), strict=True):
        scores = rankers.sums("event", rows)
        lean = [-_LEAN, *(_RARE.get(kind, 0.0) for kind in candidate.types)]
        best, _ = chosen([x + y * UNIT for x, y in zip(scores, lean, strict=True)])
        if best:
            found.append(Sifted(candidate.told._replace(type=candidate.types[best - 1]), share(scores, best)))
    return _without_outcomes(scene, found)


def _without_outcomes(scene: Scene, found: Sequence[Sifted]) -> list[Sifted]:
    """What is left without the dead and injured of attacks that the same sentence tells: they are one event with them."""
    violent: dict[int, list[Sifted]] = {}
    for sifted in found:
        if sifted.told.type == "ASSAULT":
            violent.setdefault(sifted.told.sentence, []).append(sifted)
    dropped = set()
    for sentence, mine in violent.items():
        at = outcomes(scene.tokens[sentence], [(s.told.first, s.told.last) for s in mine])
        dropped |= {mine[i].told for i in at}
    return [s for s in found if s.told not in dropped]


def features(scene: Scene, candidates: Sequence[Candidate]) -> list[list[list[Feature]]]:
    """For each candidate the features of telling no event, then of telling one of each of its types."""
    by_sentence: dict[int, list[Candidate]] = {}
    for candidate in candidates:
        by_sentence.setdefault(candidate.told.sentence, []).append(candidate)
    roots = {id(c): trigger_key(scene, c.told).root for c in candidates}
    surest: dict[str, float] = {}
    for c in candidates:
        surest[roots[id(c)]] = max(surest.get(roots[id(c)], 0.0), c.any)
    return [
        _rows(scene, c, [o for o in by_sentence[c.told.sentence] if o is not c], surest[roots[id(c)]])
        for c in candidates
    ]


def _step(chance: float) -> int:
    """A likelihood in steps of half a unit of its logit."""
    chance = min(max(chance, 0.002), 0.998)
    return round(2 * math.log(chance / (1 - chance)))


def steps(name: str, chance: float) -> list[str]:
    """A likelihood as all the steps that it reaches, so that neighbouring ones share what they weigh."""
    return _reached(name, _step(chance))


def _reached(name: str, highest: int) -> list[str]:
    return [f"{name}>{step}" for step in range(-8, highest + 1)]


def _rows(scene: Scene, candidate: Candidate, others: Sequence[Candidate], surest: float) -> list[list[Feature]]:
    told = candidate.told
    tokens, symbols = scene.tokens[told.sentence], scene.symbols(told.sentence)
    how = manner(tokens[told.first])
    near = scene.around(told)
    adjective = is_adjective(tokens[told.first]) and told.first > 0 and symbols[told.first - 1][-1:] == "N"
    of_both: list[tuple[Any, ...]] = [
        (_word, *trigger_key(scene, told), how), (_framed, frame(near), how[0]), (_governed, ruled(scene, told, near)),
        (_placed, scene.saying(told.start) is not None, min(told.sentence, 3), told.last - told.first),
    ]  # fmt: skip
    of_one: list[tuple[Any, ...]] = [
        (_among, _step(surest), min(len(others), 6), adjective),
        (_marked, symbols[told.first - 1] if told.first else "^", symbols[told.last + 1] if told.last + 1 < len(tokens) else "$"),
        *((_beside, at, tokens[i].norm if 0 <= i < len(tokens) else "^") for at, i in
          (("b2", told.first - 2), ("b1", told.first - 1), ("a1", told.last + 1), ("a2", told.last + 2))),
    ]  # fmt: skip
    if any(names := scene.names(told.sentence)[told.first : told.last + 1]):
        of_one.append((_named, *dict.fromkeys(name.type for name in names if name is not None)))
    rows: list[list[Feature]] = [["0", *((_without, *part) for part in of_both)]]
    for place, kind in enumerate(candidate.types):
        row: list[Feature] = [(_likely, _step(candidate.chances[kind]), _step(candidate.any), kind, place)]
        row += [(_of_type, kind, *part) for part in (*of_both, *of_one)]
        row += _rivals(scene, candidate, kind, others)
        rows.append(row)
    return rows


def _without(spell: Callable[..., list[str]], *values: Any) -> list[str]:
    """Features as those of telling no event."""
    return [f"0{feature}" for feature in spell(*values)]


def _of_type(kind: str, spell: Callable[..., list[str]], *values: Any) -> list[str]:
    """Features as those of telling an event, and one of a type."""
    row = spell(*values)
    return row + [f"{feature}|{kind}" for feature in row]


def _likely(chance: int, any: int, kind: str, place: int) -> list[str]:
    reached = _reached("p", chance)
    row = [*reached, *_reached("a", any), f"T={kind}", f"T#={kind}|{place}"]
    return row + [f"{step}|{kind}" for step in reached]


def _word(stem: str, root: str, coarse: str, middle: str, shape: str, how: str) -> list[str]:
    return [f"S={shape}", f"K={coarse}", f"c={middle}", f"r={root}", f"w={stem}", f"h={how}"]


def _framed(frame: str, how: str) -> list[str]:
    return [f"f={frame}", f"fh={frame}|{how}"]


def _governed(rule: Ruled) -> list[str]:
    return [f"g={rule.root}|{rule.link}", f"gg={rule.group}|{rule.link}", f"gt={rule.type}|{rule.link}"]


def _placed(quoted: bool, sentence: int, more: int) -> list[str]:
    return [f"q={quoted}", f"i={sentence}", f"l={more}"]


def _among(surest: int, others: int, adjective: bool) -> list[str]:
    return [f"b={surest}", f"n={others}", f"j={adjective}"]


def _marked(before: str, after: str) -> list[str]:
    return [f"b1s={before}", f"a1s={after}"]


def _beside(at: str, word: str) -> list[str]:
    return [f"{at}={word}", f"{at}c={groups(word)[0]}"]


def _named(*kinds: str) -> list[str]:
    return [f"m={kind}" for kind in kinds]


def _rivals(scene: Scene, candidate: Candidate, kind: str, others: Sequence[Candidate]) -> list[Feature]:
    """What the sentence's other candidates of the same type say: surer ones, nearest first."""
    told, mine = candidate.told, candidate.chances[kind]
    same = [o for o in others if o.chances.get(kind, 0.0) > _RIVAL]
    surer = sum([o.chances[kind] > mine for o in same])
    row: list[Feature] = [(_numbered, min(surer, 3), min(len(same) - surer, 2), kind)]
    if not same:
        return row
    tokens, symbols = scene.tokens[told.sentence], scene.symbols(told.sentence)
    for side, group in (
        ("B", [o for o in same if o.told.first < told.first]),
        ("A", [o for o in same if o.told.first > told.first]),
    ):
        if not group:
            continue
        other = min(group, key=lambda o: abs(o.told.first - told.first))
        lo, hi = (other.told.last + 1, told.first) if side == "B" else (told.last + 1, other.told.first)
        between = symbols[lo:hi]
        path = " ".join([s for s in between if s != "N"])[:30]
        verb = "V" in between or "S" in between
        row += [
            (_rival, side, "+" if other.chances[kind] > mine else "-", kind, min(hi - lo, 6), verb, path),
            (_pair, side, trigger_key(scene, other.told), trigger_key(scene, told)),
        ]
        ends = [i for i in range(lo, hi) if symbols[i] in ("V", "S") or i in (lo, hi - 1)]
        row += dict.fromkeys(f"Rw{side}|{tokens[i].norm}|{kind}" for i in ends)
    return row


def _numbered(surer: int, others: int, kind: str) -> list[str]:
    return [f"s={surer}", f"sT={surer}|{kind}", f"o={others}"]


def _rival(side: str, more: str, kind: str, gap: int, verb: bool, path: str) -> list[str]:
    return [f"R{side}{more}", f"R{side}{more}|{kind}|{gap}", f"Rp{side}{more}|{path}", f"Rp{side}|{kind}|{path}",
            f"Rv{side}|{verb}|{kind}"]  # fmt: skip


def _pair(side: str, other: Key, mine: Key) -> list[str]:
    return [f"Rr{side}|{other.root}|{mine.root}", f"Rc{side}|{other.middle}|{mine.middle}"]
