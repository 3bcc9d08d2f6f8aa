"""Briefs: items of a sentence or two without headline, and whether one tells an attack or protest or only mentions one.

In an article every mention of an event counts.  Of a sentence alone annotators accept what it reports, and not what it looks back
on or speaks of in general: `بعد التفجير الذي …`, `أخطار هجوم جديد` (openeventdata/arabic_event_gsr).  A log-linear model over its
words and the engine's candidates says which; `pipelines.train_briefs` learns it from those annotators' votes.
Knows: attacks and protests; there are no votes on other types, whose events stay as they are.
"""

import functools
import itertools
from collections.abc import Mapping, Sequence
from typing import Final

from schemas.token import Token
from transforms.arabic.clauses import is_verb
from transforms.arabic.frames import governor
from transforms.arabic.lexicon import model_path, read_weights, table
from transforms.arabic.scene import Scene, Told
from transforms.arabic.sifting import Candidate, Sifted, steps
from transforms.arabic.triggerwords import manner, trigger_key

#: An item with more sentences is an article.
MOST_SENTENCES: Final = 2
#: The types that annotators voted on, and from which sum of weights on a brief tells one: chosen by cross-validation.
FROM: Final = {"ASSAULT": -0.3, "PROTEST": -0.9}
#: Candidates less likely than this say nothing of a type.
_LEAST: Final = 0.15
_FIRST: Final = 3
#: An item with fewer tokens is a line rather than a sentence of newspapers.
_SHORT: Final = 20


def is_brief(title: str | None, sentences: Sequence[Sequence[Token]]) -> bool:
    """Whether an item is judged as a sentence alone."""
    return not title and 0 < len(sentences) <= MOST_SENTENCES


def tells(scene: Scene, held: Sequence[Candidate], found: Sequence[Sifted]) -> dict[str, bool]:
    """For each type that was voted on whether a brief tells such an event; `scene` has the candidates as events."""
    weights = _weights()
    return {
        kind: reports(scene, found, kind)
        or sum(weights.get(f"{kind}|{f}", 0.0) for f in features(scene, held, found, kind)) > least
        for kind, least in FROM.items()
    }


def reports(scene: Scene, found: Sequence[Sifted], kind: str) -> bool:
    """Whether a brief plainly reports an event: begins with it or is short and begins with its dead or
    has it as a verb in the perfect or after a light one.

    `مقتل جندي …`, `شنت طائرات غارات …`, `قال المتحدث إن مسلحين هاجموا …`; not `الهجوم …`.  By the votes half of such sentences tell an
    attack (they stand alone, without what surrounded them), but people who hand in a line by itself expect it to count.
    """
    return any(_plain(scene, s.told) for s in found if s.told.type == kind and s.told.sentence == 0)


def _plain(scene: Scene, told: Told) -> bool:
    tokens = scene.tokens[0]
    if tokens[told.first].definite:
        return False
    if told.first <= 1:
        return True
    if sum(len(line) for line in scene.tokens) >= _SHORT:
        return False
    # `قتل 12 مدنيا في قصف`: the attack is told by its dead.
    if told.type == "ASSAULT" and tokens[0].stem in _tolls():
        return True
    perfect = is_verb(scene.line(0), told.first) and manner(tokens[told.first])[0] == "P"
    # `شنت`, `نفذ`: whose subject does what hangs on it.
    return perfect or any(g.takes("") and g.subject == "A" for g in governor(tokens[0].norm, True))


def features(scene: Scene, held: Sequence[Candidate], found: Sequence[Sifted], kind: str) -> list[str]:
    """What speaks for a brief telling an event of a type: its words, and what the engine and the sifting hold of it."""
    words = [t for tokens in scene.tokens for t in tokens if t.kind == "word"]
    norms = [t.norm for t in words]
    mine = [s for s in found if s.told.type == kind]
    row = [f"s={t.stem}" for t in words] + [f"b={a}_{b}" for a, b in itertools.pairwise(norms)]
    row += [f"1={norm}" for norm in norms[:_FIRST]]
    row += steps("m", max((c.chances.get(kind, 0.0) for c in held), default=0.0))
    row += steps("f", max((s.score for s in mine), default=0.0))
    row += [f"n={min(len(mine), 4)}", f"l={min(len(words) // 8, 6)}"]
    row += [f"o={s.told.type}" for s in found if s.told.type != kind]
    for candidate in held:
        if candidate.chances.get(kind, 0.0) > _LEAST:
            row += _trigger(scene, candidate)
    return [*dict.fromkeys(row), "0"]


def _trigger(scene: Scene, candidate: Candidate) -> list[str]:
    told, tokens = candidate.told, scene.tokens[candidate.told.sentence]
    key, how = trigger_key(scene, told), manner(tokens[told.first])
    before = tokens[told.first - 1].norm if told.first else "^"
    after = tokens[told.last + 1].norm if told.last + 1 < len(tokens) else "$"
    governor = scene.around(told).governor
    return [
        f"tm={how}", f"tr={key.root}", f"ts={key.stem}", f"tsm={key.stem}|{how}", f"ti={min(told.first // 4, 5)}",
        f"tb={before}", f"ta={after}", f"tg={'^' if governor is None else tokens[governor].norm}",
    ]  # fmt: skip


def likeliest(held: Sequence[Candidate], kind: str) -> Sifted | None:
    """The candidate that most likely tells an event of a type; None where none can."""
    able = [c for c in held if c.chances.get(kind, 0.0) > _LEAST]
    if not able:
        return None
    best = max(able, key=lambda c: c.chances[kind])
    return Sifted(best.told._replace(type=kind), best.chances[kind])


@functools.cache
def _tolls() -> frozenset[str]:
    return frozenset(row["word"] for row in table("casualty_words") if row["shape"] in ("cue", "fall"))


@functools.cache
def _weights() -> Mapping[str, float]:
    return read_weights(model_path("briefs.tsv"))
