"""Trains a model: `python -m pipelines.train names --gold GOLD.jsonl ... --out MODEL.crfsuite`,
`python -m pipelines.train triggers --gold GOLD.jsonl ... --corpus NEWS.jsonl.gz ... --out MODEL.npz`.

With `--validate 3` in place of `--out` triggers tell how well models of two thirds do on the rest.
Gold articles are JSON lines with `text`, `sentences` (start, end), `entities` and `events` (`type`, `span`), offsets in code
points.  The same gold and tokens give the same model.  Files to score with (dev*) are refused.  The ranker that divides
words is trained by `python -m pipelines.train words` (see `pipelines.words`).
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, Final

from pipelines import anercorp, words
from schemas.token import Token
from transforms.arabic.tokens import tokenize
from transforms.engines import name_features
from transforms.engines.statistical import NAME_TYPES
from transforms.engines.triggers import TRIGGER_TYPES

#: Of each CRF the gold layer it learns from, and its types.
LAYERS: Final = {"names": ("entities", NAME_TYPES)}

#: What each shipped CRF was trained with.
DEFAULTS: Final[dict[str, dict[str, float]]] = {
    "names": {"c1": 0.03, "c2": 0.05, "max_iterations": 120, "min_freq": 1},
}


def main(argv: Sequence[str] | None = None) -> None:
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments[:1] == ["words"]:
        words.train(arguments[1:])
        return
    parser = argparse.ArgumentParser(prog="pipelines.train", description="Train a model from labelled articles.")
    models = parser.add_subparsers(dest="model", required=True)
    names, triggers = models.add_parser("names"), models.add_parser("triggers")
    for model in (names, triggers):
        model.add_argument("--gold", type=Path, nargs="+", required=True, help="labelled articles, JSON lines")
    names.add_argument("--out", type=Path, required=True, help="the model file to write")
    names.add_argument("--anercorp", type=Path, help="ANERcorp's train half, to learn its persons as well")
    names.add_argument("--c1", type=float, help="weight of the L1 penalty")
    names.add_argument("--c2", type=float, help="weight of the L2 penalty")
    names.add_argument("--max-iterations", type=int)
    names.add_argument("--min-freq", type=int, help="leave out features seen less often")
    names.set_defaults(**DEFAULTS["names"])
    triggers.add_argument(
        "--corpus", type=Path, nargs="+", required=True, help="unlabelled articles, JSON lines, gzip or not"
    )
    triggers.add_argument(
        "--apart", type=Path, nargs="*", default=[], help="articles to keep out of what is learnt from"
    )
    goal = triggers.add_mutually_exclusive_group(required=True)
    goal.add_argument("--out", type=Path, help="the model file to write")
    goal.add_argument("--validate", type=int, metavar="FOLDS", help="score by cross-validation instead")
    goal.add_argument(
        "--folds", type=Path, metavar="FOLDER", help="write a model a fold that has not seen it, for train_events"
    )
    options = parser.parse_args(arguments)
    if held_out := [str(path) for path in options.gold if path.name.startswith("dev")]:
        parser.error(f"held out for scoring, not to be learnt from: {', '.join(held_out)}")
    if options.model == "names":
        articles = [article for path in sorted(options.gold) for article in read_gold(path)]
        settings = {name: getattr(options, name) for name in DEFAULTS["names"]}
        if options.anercorp:
            with tempfile.TemporaryDirectory() as folder:
                first = Path(folder) / "gold.crfsuite"
                train("names", articles, first, settings)
                more = list(anercorp.ours(anercorp.read(options.anercorp), str(first)))
            train("names", articles, options.out, settings, more)
        else:
            train("names", articles, options.out, settings)
    elif options.validate is not None and options.validate < 2:
        parser.error("--validate takes two folds or more")
    else:
        train_triggers(sorted(options.gold), options)


def train(
    model: str,
    articles: Sequence[dict[str, Any]],
    out: Path,
    settings: dict[str, float],
    more: Iterable[Sequence[tuple[Sequence[Token], Sequence[str]]]] = (),
) -> None:
    """Writes the CRF of LAYERS learnt from those gold articles that have its layer to `out`; `settings` as DEFAULTS.

    `more` are further articles: of each sentence the tokens and their labels.
    """
    import pycrfsuite

    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    trainer.set_params(
        {
            "c1": settings["c1"],
            "c2": settings["c2"],
            "max_iterations": settings["max_iterations"],
            "feature.minfreq": settings["min_freq"],
            "feature.possible_transitions": True,
        }
    )
    layer = LAYERS[model][0]
    learnt = (list(labelled(article, *LAYERS[model])) for article in articles if layer in article)
    for sentences in chain(learnt, more):
        rows = name_features.features([line for line, _ in sentences])
        for row, (_, labels) in zip(rows, sentences, strict=True):
            trainer.append(row, labels)
    trainer.train(str(out))


def train_triggers(gold: Sequence[Path], options: argparse.Namespace) -> None:
    """Writes the model of triggers to `options.out`, or prints how well such models do in `options.validate` folds."""
    from pipelines import trigger_training, triggers, vectors

    files = [(path.stem, list(read_gold(path))) for path in gold]
    known = [*(a for _, articles in files for a in articles), *(a for path in options.apart for a in read_gold(path))]
    beginnings = (a["text"][start:end] for a in known for start, end in a["sentences"])
    unlabelled = trigger_training.unlabelled(sorted(options.corpus), beginnings)
    company = vectors.build(options.corpus)

    def learn(articles: Sequence[dict[str, Any]], out: Path) -> None:
        trigger_training.train([classes(article) for article in articles], unlabelled, company, out)

    if options.folds:
        options.folds.mkdir(parents=True, exist_ok=True)
        for number, (others, _) in enumerate(triggers.folds(files, triggers.FOLDS)):
            learn(others, options.folds / f"{number}.npz")
    elif options.validate:
        print("\n".join(triggers.report(triggers.cross_validate(files, options.validate, learn))))
    else:
        learn([article for _, articles in files for article in articles], options.out)


def classes(article: dict[str, Any]) -> tuple[list[tuple[Token, ...]], list[list[int]]]:
    """The tokens of a gold article's sentences, and of each whether it tells no event (0) or which (TRIGGER_TYPES from 1)."""
    sentences = list(labelled(article, "events", TRIGGER_TYPES))
    numbers = {"O": 0} | {told: i for i, told in enumerate(TRIGGER_TYPES, 1)}
    return [tokens for tokens, _ in sentences], [[numbers[label[2:] or label] for label in row] for _, row in sentences]


def read_gold(path: Path) -> Iterator[dict[str, Any]]:
    """The articles of a gold file."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def labelled(
    article: dict[str, Any], layer: str, types: Sequence[str]
) -> Iterator[tuple[tuple[Token, ...], list[str]]]:
    """The tokens of each sentence of a gold article with their BIO labels, aligned by overlap."""
    spans = sorted((*e["span"], e["type"]) for e in article[layer] if e["type"] in types and e.get("span"))
    for start, end in article["sentences"]:
        tokens = tokenize(article["text"], start, end)
        if not tokens:
            continue
        labels = ["O"] * len(tokens)
        for first, last, kind in spans:
            prefix = "B"
            for i, token in enumerate(tokens):
                if token.start < last and first < token.end and labels[i] == "O":
                    labels[i] = f"{prefix}-{kind}"
                    prefix = "I"
        yield tokens, labels


if __name__ == "__main__":
    main()
