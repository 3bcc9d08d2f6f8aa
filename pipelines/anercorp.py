"""ANERcorp (CAMeL-Lab split): more names to learn from, and a test of its own: `python -m pipelines.anercorp --help`.

Its labels are PERS, LOC, ORG and MISC by conventions that are not ours: fewer bodies, no peoples, no weapons.  So the names model
takes its persons, and of its bodies and places those where a model of our articles has nothing (`ours`).  The test trains a
model of its conventions on its train half, with the opinion of a model of our articles as features, and scores strict spans.
"""

import argparse
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final, NamedTuple

from schemas.token import Token
from transforms.arabic.tokens import tokenize
from transforms.engines import name_features
from transforms.engines.additive import AdditiveModel
from transforms.engines.name_features import word_of
from transforms.engines.statistical import label_chunks

#: Sentences read as one article: the files do not tell where articles end.
_ARTICLE: Final = 20
#: Taken off the weight of `no name`; the best of 0, .5, 1 and 1.5 on the last fifth of the train half.
_EAGER: Final = 0.5
_TYPES: Final = ("PERS", "LOC", "ORG", "MISC")
_SETTINGS: Final = {"c1": 0.03, "c2": 0.05, "max_iterations": 80, "feature.possible_transitions": True}

Chunk = tuple[int, int, str]


class Sentence(NamedTuple):
    """A sentence's own words and labels, its tokens, of each token the word that it comes from, and its label."""

    gold: list[str]
    tokens: tuple[Token, ...]
    word: list[int]
    labels: list[str]


def read(path: Path) -> Iterator[list[Sentence]]:
    """The sentences of a file of ANERcorp, a word and its label a line, in stretches as long as an article."""
    sentences: list[Sentence] = []
    lines: list[list[str]] = []
    for line in [*path.read_text("utf-8").split("\n"), ""]:
        if line.strip():
            lines.append(line.strip().rsplit(" ", 1))
        elif lines:
            sentences.append(_sentence(lines))
            lines = []
    for start in range(0, len(sentences), _ARTICLE):
        yield sentences[start : start + _ARTICLE]


def _sentence(lines: Sequence[Sequence[str]]) -> Sentence:
    ends, at = [], 0
    for word, _ in lines:
        at += len(word) + 1
        ends.append(at)
    tokens = tokenize(" ".join(word for word, _ in lines))
    places: list[int] = []
    labels = []
    for token in tokens:
        place = next(i for i, end in enumerate(ends) if token.start < end)
        label = lines[place][1]
        labels.append("I" + label[1:] if label[0] == "B" and place in places else label)
        places.append(place)
    return Sentence([label for _, label in lines], tokens, places, labels)


def ours(articles: Iterable[Sequence[Sentence]], model: str) -> Iterator[list[tuple[tuple[Token, ...], list[str]]]]:
    """Tokens and labels by our conventions, as far as ANERcorp and the names model at `model` tell, where persons are named."""
    tagger = AdditiveModel(model)
    tagger.weights["bias"][tagger.labels.index("O")] -= _EAGER
    for article in articles:
        decoded = tagger.decode([[word_of(t) for t in s.tokens] for s in article])
        # sentences without persons would teach no more than the model knows, and what it misses as no name
        named = [(s, found) for s, (found, _) in zip(article, decoded, strict=True) if "B-PERS" in s.labels]
        yield [(s.tokens, _merged(s.labels, found)) for s, found in named]


def _merged(labels: Sequence[str], found: Sequence[str]) -> list[str]:
    told = [(a, b, kind.replace("PERS", "PER")) for a, b, kind in label_chunks(labels) if kind != "MISC"]
    persons = [c for c in told if c[2] == "PER"]
    model = [c for c in label_chunks(found) if c[2] != "PER" and not _meets(c, persons)]
    rest = [c for c in told if c[2] != "PER" and not _meets(c, model)]
    merged = ["O"] * len(labels)
    for first, last, kind in (*persons, *model, *rest):
        merged[first : last + 1] = [f"B-{kind}", *([f"I-{kind}"] * (last - first))]
    return merged


def _meets(chunk: Chunk, others: Iterable[Chunk]) -> bool:
    return any(chunk[0] <= last and first <= chunk[1] for first, last, _ in others)


def with_opinion(model: str) -> Any:
    """The features of names and what the names model at `model` takes each word for, as a module of features."""
    tagger = AdditiveModel(model)

    def article(sentences: Sequence[Sequence[Any]]) -> list[list[tuple[str, ...]]]:
        rows = []
        for row, (labels, chances) in zip(name_features.article(sentences), tagger.decode(sentences), strict=True):
            edged = ["", *labels, ""]
            opinions = [
                (f"m={label}", f"m={label}{int(chance * 4)}", f"-1m={edged[i]}|{label}", f"+1m={label}|{edged[i + 2]}")
                for i, (label, chance) in enumerate(zip(labels, chances, strict=True))
            ]
            rows.append([(*marks, *opinion) for marks, opinion in zip(row, opinions, strict=True)])
        return rows

    parts = {name: getattr(name_features, name) for name in ("own", "around", "near", "pair", "STEPS", "EDGE")}
    return SimpleNamespace(article=article, **parts)


def learn(articles: Iterable[Sequence[Sentence]], look: Any, out: str) -> None:
    """Writes the CRF of ANERcorp's conventions to `out`."""
    import pycrfsuite

    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    trainer.set_params(_SETTINGS)
    for article in articles:
        rows = name_features.rows(look, [[word_of(t) for t in s.tokens] for s in article])
        for row, sentence in zip(rows, article, strict=True):
            trainer.append(row, sentence.labels)
    trainer.train(out)


def score(articles: Iterable[Sequence[Sentence]], tagger: AdditiveModel) -> dict[str, float]:
    """F1 of strict spans over the file's own words, of all types and of each."""
    found: Counter[tuple[str, str]] = Counter()
    for article in articles:
        decoded = tagger.decode([[word_of(t) for t in s.tokens] for s in article])
        for sentence, (labels, _) in zip(article, decoded, strict=True):
            told = ["O"] * len(sentence.gold)
            for word, label in reversed(list(zip(sentence.word, labels, strict=True))):
                told[word] = label if label != "O" else told[word]
            gold, made = set(_spans(sentence.gold)), set(_spans(told))
            for what, spans in (("gold", gold), ("made", made), ("both", gold & made)):
                found.update((what, key) for span in spans for key in (span[2], "all"))
    return {key: 2 * found["both", key] / max(1, found["gold", key] + found["made", key]) for key in ("all", *_TYPES)}


def _spans(labels: Sequence[str]) -> Iterator[Chunk]:
    """The spans of BIO labels, where an I after another type begins one, as the usual scorer has it."""
    edged = ["O", *labels]
    return label_chunks(
        ["B" + l[1:] if l[0] == "I" and edged[i][1:] != l[1:] else l for i, l in enumerate(labels)]  # noqa: E741
    )


def main(argv: Sequence[str] | None = None) -> None:
    from pipelines.train import DEFAULTS, read_gold, train

    parser = argparse.ArgumentParser(prog="pipelines.anercorp", description="Score names by ANERcorp's conventions.")
    parser.add_argument("--train", type=Path, required=True, help="ANERCorp_CamelLab_train.txt")
    parser.add_argument("--test", type=Path, required=True, help="ANERCorp_CamelLab_test.txt")
    parser.add_argument("--gold", type=Path, nargs="+", required=True, help="our labelled articles, JSON lines")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        first, second = f"{folder}/gold.crfsuite", f"{folder}/anercorp.crfsuite"
        train("names", [a for path in sorted(options.gold) for a in read_gold(path)], Path(first), DEFAULTS["names"])
        look = with_opinion(first)
        learn(read(options.train), look, second)
        tagger = AdditiveModel(second, look)
        tagger.weights["bias"][tagger.labels.index("O")] -= _EAGER
        for name, value in score(read(options.test), tagger).items():
            print(f"{name} {value:.4f}")


if __name__ == "__main__":
    main()
