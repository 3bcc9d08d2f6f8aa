"""Cross-validation of event triggers over hand-labelled articles: `python -m pipelines.train triggers --validate 3 …`.

Each article is read by a model that learnt from the other folds.  Scores are those of the gold's scorer: types told in a
sentence, and triggers one by one.
"""

import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from transforms.arabic.spans import Name
from transforms.arabic.tokens import tokenize
from transforms.engines.triggers import StatisticalTriggers

Article = dict[str, Any]
#: How many folds there are where models that have not seen an article are kept.
FOLDS: Final = 3
#: Upper ends of the bins of the reliability table.
_BINS: Final = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


class Read(NamedTuple):
    """An article of a file, and the triggers found in it."""

    file: str
    article: Article
    found: tuple[Name, ...]


def folds(files: Sequence[tuple[str, Sequence[Article]]], count: int) -> Iterator[tuple[list[Article], list[Article]]]:
    """What to learn from and what to read, `count` times; every file is spread over all folds."""
    for fold in range(count):
        learn = [a for _, articles in files for i, a in enumerate(articles) if i % count != fold]
        read = [a | {"file": name} for name, articles in files for i, a in enumerate(articles) if i % count == fold]
        yield learn, read


def cross_validate(
    files: Sequence[tuple[str, Sequence[Article]]], count: int, train: Callable[[Sequence[Article], Path], None]
) -> list[Read]:
    """Every article read by a model that `train(articles, path)` made of the other folds' articles."""
    reads = []
    with tempfile.TemporaryDirectory() as folder:
        for number, (learn, read) in enumerate(folds(files, count)):
            path = Path(folder) / f"{number}.npz"
            train(learn, path)
            engine = StatisticalTriggers(path)
            for article in read:
                tokens = [tokenize(article["text"], start, end) for start, end in article["sentences"]]
                reads.append(Read(article["file"], article, engine.find(tokens)))
    return reads


def score(reads: Sequence[Read]) -> dict[str, Counter[str]]:
    """Right, found and wanted: of types told in a sentence ("type", "type " and its name) and of triggers ("trigger")."""
    tally: dict[str, Counter[str]] = defaultdict(Counter)
    for _, article, found in reads:
        wanted = {(e["s"], e["type"]) for e in article["events"]}
        got = {(_sentence(article, n.start), n.type) for n in found}
        for key in ("type", *sorted({kind for _, kind in wanted | got})):
            name = key if key == "type" else f"type {key}"
            here = {pair for pair in wanted if key in ("type", pair[1])}
            ours = {pair for pair in got if key in ("type", pair[1])}
            tally[name].update(right=len(here & ours), found=len(ours), wanted=len(here))
        tally["trigger"].update(right=len(pairs(article, found)), found=len(found), wanted=len(article["events"]))
    return tally


def pairs(article: Article, found: Sequence[Name]) -> dict[int, Article]:
    """The gold event of each found trigger that has one, by its number: same sentence and type, most letters shared."""
    paired: dict[int, Article] = {}
    for event in article["events"]:
        if not event.get("span"):
            continue
        first, last = event["span"]
        shared = [
            (min(last, n.end) - max(first, n.start), -i)
            for i, n in enumerate(found)
            if i not in paired and n.type == event["type"] and _sentence(article, n.start) == event["s"]
        ]
        if shared and max(shared)[0] > 0:
            paired[-max(shared)[1]] = event
    return paired


def _sentence(article: Article, place: int) -> int | None:
    return next((i for i, (start, end) in enumerate(article["sentences"]) if start <= place < end), None)


def report(reads: Sequence[Read]) -> Iterator[str]:
    """The lines of a report: all, by file, by type, and how far scores can be believed."""
    tally = score(reads)
    yield _line("event type", tally["type"])
    yield _line("trigger", tally["trigger"])
    for name in dict.fromkeys(read.file for read in reads):
        of_file = score([read for read in reads if read.file == name])
        yield _line(f"event type, {name}", of_file["type"])
        yield _line(f"trigger, {name}", of_file["trigger"])
    for key in sorted(tally):
        if key.startswith("type "):
            yield _line(key[5:], tally[key])
    yield "score      triggers  mean score  right"
    yield from _reliability(reads)


def _line(name: str, count: Counter[str]) -> str:
    precision, recall = count["right"] / max(count["found"], 1), count["right"] / max(count["wanted"], 1)
    f1 = 2 * count["right"] / max(count["found"] + count["wanted"], 1)
    return f"{name:30s} P {precision:.3f} R {recall:.3f} F1 {f1:.3f}  ({count['wanted']})"


def _reliability(reads: Sequence[Read]) -> Iterator[str]:
    """By bin of score: how many triggers, their mean score, and the share that the gold has with this type."""
    bins: dict[float, list[tuple[float, bool]]] = defaultdict(list)
    for _, article, found in reads:
        right = pairs(article, found)
        for i, name in enumerate(found):
            given = name.score or 0.0
            bins[next(b for b in _BINS if given <= b)].append((given, i in right))
    low = 0.0
    for high in _BINS:
        if rows := bins[high]:
            mean, share = sum(s for s, _ in rows) / len(rows), sum(r for _, r in rows) / len(rows)
            yield f"{low:.1f}–{high:.1f}  {len(rows):9d}  {mean:10.3f}  {share:.3f}"
        low = high
