"""Trains a model: `python -m pipelines.train names|triggers --gold GOLD.jsonl ... --out MODEL.crfsuite`.

`python -m pipelines.train triggers --validate 5 --gold …` tells instead how well models of four fifths do on the rest.

Gold articles are JSON lines with `text`, `sentences` (start, end), `entities` and `events` (`type`, `span`), offsets in code
points.  The same gold and tokens give the same model.  Files to score with (dev*) are refused.  The ranker that divides
words is trained by `python -m pipelines.train words` (see `pipelines.words`).
"""

import argparse
import functools
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from pipelines import triggers, words
from schemas.token import Token
from transforms.arabic.tokens import tokenize
from transforms.engines import name_features, trigger_features
from transforms.engines.statistical import NAME_TYPES
from transforms.engines.triggers import TRIGGER_TYPES

#: Of each model the gold layer it learns from, and its types.
LAYERS: Final = {"names": ("entities", NAME_TYPES), "triggers": ("events", TRIGGER_TYPES)}

#: What each shipped model was trained with.
DEFAULTS: Final[dict[str, dict[str, float]]] = {
    "names": {"c1": 0.03, "c2": 0.05, "max_iterations": 120, "min_freq": 1},
    "triggers": {"c1": 0.1, "c2": 0.1, "max_iterations": 60, "min_freq": 1},
}


def main(argv: Sequence[str] | None = None) -> None:
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments[:1] == ["words"]:
        words.train(arguments[1:])
        return
    parser = argparse.ArgumentParser(prog="pipelines.train", description="Train a model from labelled articles.")
    parser.add_argument("model", choices=sorted(LAYERS))
    parser.add_argument("--gold", type=Path, nargs="+", required=True, help="labelled articles, JSON lines")
    goal = parser.add_mutually_exclusive_group(required=True)
    goal.add_argument("--out", type=Path, help="the model file to write")
    goal.add_argument("--validate", type=int, metavar="FOLDS", help="score triggers by cross-validation instead")
    parser.add_argument("--c1", type=float, help="weight of the L1 penalty")
    parser.add_argument("--c2", type=float, help="weight of the L2 penalty")
    parser.add_argument("--max-iterations", type=int)
    parser.add_argument("--min-freq", type=int, help="leave out features seen less often")
    options = parser.parse_args(arguments)
    parser.set_defaults(**DEFAULTS[options.model])
    options = parser.parse_args(arguments)
    if held_out := [str(path) for path in options.gold if path.name.startswith("dev")]:
        parser.error(f"held out for scoring, not to be learnt from: {', '.join(held_out)}")
    if options.validate and (options.model != "triggers" or options.validate < 2):
        parser.error("--validate takes two folds or more, and triggers alone")
    settings = {name: getattr(options, name) for name in DEFAULTS[options.model]}
    files = [(path.stem, list(read_gold(path))) for path in sorted(options.gold)]
    learn = functools.partial(train, options.model, settings=settings)
    if options.validate:
        print("\n".join(triggers.report(triggers.cross_validate(files, options.validate, learn))))
    else:
        learn([article for _, articles in files for article in articles], options.out)


def train(model: str, articles: Sequence[dict[str, Any]], out: Path, settings: dict[str, float]) -> None:
    """Writes the model learnt from the gold articles to `out`; `settings` has the keys of DEFAULTS."""
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
    for article in articles:
        for row, labels in examples(model, article):
            trainer.append(row, labels)
    trainer.train(str(out))


def examples(model: str, article: dict[str, Any]) -> Iterator[tuple[list[list[str]], list[str]]]:
    """Features and labels of an article's sentences; for triggers each word is one by itself, its label a type or O."""
    sentences = list(labelled(article, *LAYERS[model]))
    tokens = [line for line, _ in sentences]
    rows = (name_features if model == "names" else trigger_features).features(tokens)
    for row, (_, labels) in zip(rows, sentences, strict=True):
        if model == "names":
            yield row, labels
        else:
            yield from (([word], [label[2:] or label]) for word, label in zip(row, labels, strict=True))


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
