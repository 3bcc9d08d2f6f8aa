"""Sifting: which of the words that can tell events do tell one here, and of which type.

Knows: how likely the engine of triggers holds each word, what governs it, what else of its type the sentence tells (an attack and
its deaths are one event), quotations, order.  Does not know: roles.  The features made here are weighed by
`transforms.arabic.choices`; `pipelines.train_events` learns the weights from what engines that have not seen an article say.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from transforms.arabic.casualties import outcomes
from transforms.arabic.choices import Rankers, chosen, share
from transforms.arabic.expected import frame, ruled
from transforms.arabic.phrases import is_adjective
from transforms.arabic.roles import manner, trigger_key
from transforms.arabic.scene import Scene, Told
from transforms.arabic.verbs import groups

#: So many types of a word are weighed against telling none.
_TYPES: Final = 3
#: Types less likely than this share of the likeliest are not weighed.
_SHARE: Final = 0.08
#: Another word is a rival for a type from this likelihood on.
_RIVAL: Final = 0.15

#: Telling no event weighs so much less in the choice than its probability says: chosen on the training articles so that as many
#: triggers are found as there are (docs/accuracy.md).
_LEAN: Final = 0.7
#: The rarest types, hardly ever likelier than none (66 and 47 of 3,616 labelled events), so much more: a whole 1 gives F1 .05 -> .23 and 0 -> .20
#: over articles that this was not chosen on, but costs .003 of all types; for more types it gained nothing there.
_RARE: Final = {"MOBILIZE": 0.5, "CONCEDE": 0.5}


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
        scores = rankers.sums(rows)[:, rankers.columns["event"]]
        lean = [-_LEAN, *(_RARE.get(kind, 0.0) for kind in candidate.types)]
        best, _ = chosen(scores + lean)
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


def features(scene: Scene, candidates: Sequence[Candidate]) -> list[list[list[str]]]:
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
    return [f"{name}>{step}" for step in range(-8, _step(chance) + 1)]


def _rows(scene: Scene, candidate: Candidate, others: Sequence[Candidate], surest: float) -> list[list[str]]:
    told = candidate.told
    tokens, symbols = scene.tokens[told.sentence], scene.symbols(told.sentence)
    key = trigger_key(scene, told)
    how = manner(tokens[told.first])
    near = scene.around(told)
    rule = ruled(scene, told, near)
    quote = scene.saying(told.start)
    words = [
        tokens[i].norm if 0 <= i < len(tokens) else "^"
        for i in (told.first - 2, told.first - 1, told.last + 1, told.last + 2)
    ]
    shared = [
        f"S={key.shape}", f"K={key.coarse}", f"c={key.middle}", f"r={key.root}", f"w={key.stem}", f"h={how}",
        f"f={frame(near)}", f"fh={frame(near)}|{how[0]}", f"g={rule.root}|{rule.link}", f"gg={rule.group}|{rule.link}",
        f"gt={rule.type}|{rule.link}", f"q={quote is not None}", f"i={min(told.sentence, 3)}", f"l={told.last - told.first}",
        f"b={_step(surest)}", f"n={min(len(others), 6)}",
        f"j={is_adjective(tokens[told.first]) and told.first > 0 and symbols[told.first - 1][-1:] == 'N'}",
        *(f"{at}={word}" for at, word in zip(("b2", "b1", "a1", "a2"), words, strict=True)),
        *(f"{at}c={groups(word)[0]}" for at, word in zip(("b2", "b1", "a1", "a2"), words, strict=True)),
        f"b1s={symbols[told.first - 1] if told.first else '^'}",
        f"a1s={symbols[told.last + 1] if told.last + 1 < len(tokens) else '$'}",
    ]  # fmt: skip
    names = scene.names(told.sentence)
    shared += [f"m={name.type}" for i in range(told.first, told.last + 1) if (name := names[i]) is not None]
    rows = [["0"] + [f"0{f}" for f in shared[:14]]]
    for place, kind in enumerate(candidate.types):
        row = [*steps("p", candidate.chances[kind]), *steps("a", candidate.any), f"T={kind}", f"T#={kind}|{place}"]
        row += [f"{step}|{kind}" for step in steps("p", candidate.chances[kind])]
        row += shared + [f"{f}|{kind}" for f in shared]
        row += _rivals(scene, candidate, kind, others)
        rows.append(list(dict.fromkeys(row)))
    return rows


def _rivals(scene: Scene, candidate: Candidate, kind: str, others: Sequence[Candidate]) -> list[str]:
    """What the sentence's other candidates of the same type say: surer ones, nearest first."""
    told, mine = candidate.told, candidate.chances[kind]
    tokens, symbols = scene.tokens[told.sentence], scene.symbols(told.sentence)
    same = [o for o in others if o.chances.get(kind, 0.0) > _RIVAL]
    surer = [o for o in same if o.chances[kind] > mine]
    row = [f"s={min(len(surer), 3)}", f"sT={min(len(surer), 3)}|{kind}", f"o={min(len(same) - len(surer), 2)}"]
    for side, group in (
        ("B", [o for o in same if o.told.first < told.first]),
        ("A", [o for o in same if o.told.first > told.first]),
    ):
        if not group:
            continue
        other = min(group, key=lambda o: abs(o.told.first - told.first))
        lo, hi = (other.told.last + 1, told.first) if side == "B" else (told.last + 1, other.told.first)
        between = symbols[lo:hi]
        path = " ".join(s for s in between if s != "N")[:30]
        more = "+" if other.chances[kind] > mine else "-"
        key = trigger_key(scene, other.told)
        row += [
            f"R{side}{more}", f"R{side}{more}|{kind}|{min(hi - lo, 6)}", f"Rp{side}{more}|{path}", f"Rp{side}|{kind}|{path}",
            f"Rr{side}|{key.root}|{trigger_key(scene, told).root}", f"Rc{side}|{key.middle}|{trigger_key(scene, told).middle}",
            f"Rv{side}|{'V' in between or 'S' in between}|{kind}",
        ]  # fmt: skip
        row += [
            f"Rw{side}|{tokens[i].norm}|{kind}" for i in range(lo, hi) if symbols[i] in ("V", "S") or i in (lo, hi - 1)
        ]
    return row
