"""Trains what tells whether a sentence alone reports an event: `python -m pipelines.train_briefs --gsr FILE ... --out briefs.tsv`.

FILE is JSON Lines of openeventdata/arabic_event_gsr: `text`, `event_type`, `accept` and `reject` (annotators' votes), `id`.
Each sentence counts as `VOTES` votes in the shares that its annotators gave.  `--validate` prints precision, recall and F1 on
majorities by 5-fold cross-validation over documents instead of writing.  Needs numpy and scipy (extra `train`).
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

from pipelines.learn import Choice, learn
from pipelines.train_events import document
from transforms.arabic.briefs import FROM, features, reports
from transforms.arabic.choices import rankers
from transforms.arabic.sifting import sift
from transforms.engines.statistical import built_in
from transforms.events import Names, candidates, scene_of, trigger_engine

VOTES: Final = 3
L2: Final = 30.0
LEAST_SEEN: Final = 6
ITERATIONS: Final = 80
FOLDS: Final = 5
#: Weights nearer to nothing are not written.
LEAST: Final = 0.02
#: The sentences are of these years.
DAY: Final = date(2008, 6, 1)


class Voted(NamedTuple):
    """A sentence: document, type, share of annotators that accepted the type, whether it plainly reports the event, and features."""

    document: str
    kind: str
    share: float
    plain: bool
    row: list[str]


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="pipelines.train_briefs", description="Train what a sentence alone tells.")
    parser.add_argument("--gsr", type=Path, nargs="+", required=True, help="voted sentences, JSON Lines")
    goal = parser.add_mutually_exclusive_group(required=True)
    goal.add_argument("--out", type=Path, help="the table of weights to write")
    goal.add_argument("--validate", action="store_true", help="cross-validate over documents, write nothing")
    options = parser.parse_args(argv)
    voted = [
        v
        for path in sorted(options.gsr)
        for line in path.read_text("utf-8").splitlines()
        if (v := _voted(json.loads(line)))
    ]
    if options.validate:
        for kind in FROM:
            print(kind, validate([v for v in voted if v.kind == kind]))
        return
    weights = {f"{kind}|{f}": w for kind in FROM for f, w in learnt([v for v in voted if v.kind == kind]).items()}
    options.out.write_text(
        "# Weights of what a sentence alone tells (transforms.arabic.briefs); see briefs.card.md.\nweight\tfeature\n"
        + "".join(f"{w:.2f}\t{f}\n" for f, w in sorted(weights.items()) if abs(w) >= LEAST),
        "utf-8",
    )


def _voted(row: Mapping[str, Any]) -> Voted | None:
    kind, votes = row["event_type"], row["accept"] + row["reject"]
    if kind not in FROM or not votes:
        return None
    doc = document({"id": row["id"], "text": row["text"], "date": DAY.isoformat()}, built_in())
    held = candidates(doc, Names(doc.mentions), trigger_engine())
    scene = scene_of(doc, [c.told for c in held])
    found = sift(scene, held, rankers())
    return Voted(
        row["id"].rpartition("-")[0],
        kind,
        row["accept"] / votes,
        reports(scene, found, kind),
        features(scene, held, found, kind),
    )


def learnt(voted: Sequence[Voted]) -> dict[str, float]:
    """The weights that sentences voted on for one type teach."""
    choices = []
    for one in voted:
        yes = round(VOTES * one.share)
        choices += [Choice(((), one.row), frozenset((1,)))] * yes + [Choice(((), one.row), frozenset((0,)))] * (
            VOTES - yes
        )
    return learn(choices, l2=L2, min_count=LEAST_SEEN, iterations=ITERATIONS)


def validate(voted: Sequence[Voted]) -> dict[str, float]:
    """Precision, recall and F1 on sentences with a majority, each judged by weights of other documents."""
    documents = sorted({one.document for one in voted})
    fold = {document: i % FOLDS for i, document in enumerate(documents)}
    right = found = wanted = 0
    for k in range(FOLDS):
        weights = learnt([one for one in voted if fold[one.document] != k])
        for one in voted:
            if fold[one.document] == k and one.share != 0.5:
                told = one.plain or sum(weights.get(f, 0.0) for f in one.row) > FROM[one.kind]
                right += told and one.share > 0.5
                found += told
                wanted += one.share > 0.5
    p, r = right / max(found, 1), right / max(wanted, 1)
    return {"p": round(p, 3), "r": round(r, 3), "f1": round(2 * right / max(found + wanted, 1), 3)}


if __name__ == "__main__":
    main()
