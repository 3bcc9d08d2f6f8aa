"""bench: seconds a language layer, over the articles of a JSON Lines file, on one core and without Beam.

The last line is one regular-expression pass over the same texts: a ratio to it travels between machines, seconds do not.
"""

import re
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import chain, islice
from typing import Any

from pipelines.options import bench_options
from schemas.document import Document
from transforms.analyze import LAYERS
from transforms.feeds.jsonl import parse_line
from transforms.normalize import Run, normalize_item
from transforms.read import match_inputs, read_inputs

_WORD = re.compile(r"\w+")


def main(argv: Sequence[str] | None = None) -> int:
    """Prints one line a layer: milliseconds an article, articles/s and the ratio to the regular-expression pass."""
    args = bench_options(argv)
    run = Run("bench", "", datetime.now(UTC))
    raws = list(islice(chain.from_iterable(map(read_inputs, match_inputs(args.input))), args.limit))
    docs: list[Document] = []

    def parse_all() -> None:
        docs[:] = [normalize_item(parse_line(raw), run) for raw in raws]

    times = {"parse and clean": _median(parse_all, args.rounds)}
    texts = [doc.article.text for doc in docs]
    base = _median(lambda: [_WORD.findall(text) for text in texts], args.rounds)
    for layer in LAYERS:
        seconds, docs = _layer(layer, docs, args.rounds)
        times[layer.__name__] = seconds
    characters = sum(map(len, texts))
    print(f"{len(docs)} articles, {characters} characters, {args.rounds} rounds, medians")
    for name, seconds in {**times, "all": sum(times.values()), "one regular expression": base}.items():
        rate = len(docs) / seconds
        print(
            f"{name:24s} {seconds:8.3f} s {seconds / len(docs) * 1000:8.3f} ms/article {rate:9.0f} articles/s"
            f" {characters / seconds / 1e6:7.2f} M characters/s {seconds / base:7.1f} x"
        )
    return 0


def _median(work: Callable[[], Any], rounds: int) -> float:
    return statistics.median(_seconds(work) for _ in range(rounds))


def _seconds(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _layer(layer: Callable[[Document], Document], docs: list[Document], rounds: int) -> tuple[float, list[Document]]:
    out: list[Document] = []

    def work() -> None:
        out[:] = map(layer, docs)

    return _median(work, rounds), out


if __name__ == "__main__":
    main()
