"""bench: seconds a layer, over the articles of a JSON Lines file, on one core and without Beam.

First the text layers (cleaning, sentences, words, numbers, dates) as plain functions, each article through all of them
before the next, then with `--all` the steps of the pipeline.  One regular-expression pass over the same texts is timed
beside them: a ratio to it travels between machines, seconds do not.  Seconds are CPU time; the first round, in which
every word type is seen for the first time, is told apart.
"""

import gc
import re
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from itertools import chain, islice
from typing import Any, Final

from pipelines.options import bench_options
from schemas.document import Document
from transforms.arabic import lexicon
from transforms.arabic.dates import find_dates
from transforms.arabic.normalize import clean
from transforms.arabic.numbers import find_numbers
from transforms.arabic.sentences import split_sentences
from transforms.arabic.tokens import tokenize_sentences
from transforms.engines.statistical import StatisticalNames
from transforms.engines.table import Engines
from transforms.engines.unavailable import Unavailable
from transforms.feeds.jsonl import parse_line
from transforms.read import match_inputs, read_inputs

_WORD: Final = re.compile(r"\w+")
_PASS: Final = "one regular expression"
_PUBLISHED: Final = date(2018, 5, 4)
#: So many characters of a sentence without a full stop, and twice as many, tell whether time grows with the text only.
_LONG: Final = 200_000


def main(argv: Sequence[str] | None = None) -> int:
    """Prints a line a layer: milliseconds an article, articles/s, characters/s, ratio to the regular-expression pass."""
    args = bench_options(argv)
    read = chain.from_iterable(map(read_inputs, match_inputs(args.input)))
    raws = list(islice((raw for raw in read if not raw.fault), args.limit))
    texts = [parse_line(raw).text or "" for raw in raws]
    rounds = [_text_layers(texts) for _ in range(args.rounds + 1)]
    times = {name: statistics.median(r[name] for r in rounds[1:]) for name in rounds[0]}
    base = times.pop(_PASS)
    _tell(f"{len(texts)} articles, {args.rounds} rounds, medians", times, base, texts)
    first = rounds[0]
    _line("first round", sum(first.values()) - first[_PASS], first[_PASS], texts)
    _tell_names(texts, args.rounds)
    print(f"a sentence of {_LONG // 1000} kB and one twice as long: {_doubled(texts, args.rounds):.2f} x the time")
    if args.all:
        try:
            _steps(raws, args.rounds, args.engines)
        except Unavailable as error:
            print(f"khabar bench: error: {error}", file=sys.stderr)
            return 2
    return 0


def _text_layers(texts: Sequence[str]) -> dict[str, float]:
    """Seconds of each text layer, and of the regular expression."""
    clock = time.process_time
    base = cleaning = sentences = words = numbers = dates = 0.0
    for raw in texts:
        t0 = clock()
        _WORD.findall(raw)
        t1 = clock()
        text = clean(raw).text
        t2 = clock()
        spans = split_sentences(text)
        t3 = clock()
        lines = tokenize_sentences(text, spans)
        t4 = clock()
        for tokens in lines:
            find_numbers(tokens)
        t5 = clock()
        for tokens in lines:
            find_dates(tokens, _PUBLISHED)
        t6 = clock()
        base += t1 - t0
        cleaning += t2 - t1
        sentences += t3 - t2
        words += t4 - t3
        numbers += t5 - t4
        dates += t6 - t5
    named = {"clean": cleaning, "sentences": sentences, "words": words, "numbers": numbers, "dates": dates}
    return {**named, _PASS: base}


def _tell_names(texts: Sequence[str], rounds: int) -> None:
    """Prints how many words a second the name finder reads, each word type seen for the first time and then known."""
    engine = StatisticalNames(lexicon.model_path("names.crfsuite"))
    articles = [tokenize_sentences(text, split_sentences(text)) for text in map(_cleaned, texts)]
    engine.find(articles[0])  # opens the model
    words = sum(len(line) for article in articles for line in article)

    def work() -> None:
        for article in articles:
            engine.find(article)

    times = [_seconds(work) for _ in range(rounds + 1)]
    print(
        f"names of {words} words: {words / times[0]:.0f} words/s the first time, "
        f"{words / statistics.median(times[1:]):.0f} words/s where words are known"
    )


def _cleaned(text: str) -> str:
    return clean(text).text


def _doubled(texts: Sequence[str], rounds: int) -> float:
    """How much longer all text layers take over a sentence without a full stop when it is twice as long.

    Without the garbage collector (as in `timeit`): what it visits is the whole process and not the sentence.
    """
    long = re.sub(r"[.!?؟…۔\n\"”»]", " ", " ".join(texts))
    half = long[:_LONG]
    whole = f"{half} {half}"  # of other text the length alone would not be what differs
    _text_layers([half, whole])
    gc.disable()
    try:
        least = [min(sum(_text_layers([text]).values()) for _ in range(rounds)) for text in (half, whole)]
    finally:
        gc.enable()
    return least[1] / least[0]


def _tell(head: str, times: dict[str, float], base: float, texts: Sequence[str]) -> None:
    print(f"{head}; {sum(map(len, texts))} characters")
    for name, seconds in {**times, "all": sum(times.values()), _PASS: base}.items():
        _line(name, seconds, base, texts)


def _line(name: str, seconds: float, base: float, texts: Sequence[str]) -> None:
    print(
        f"{name:24s} {seconds:8.3f} s {seconds / len(texts) * 1000:8.3f} ms/article {len(texts) / seconds:9.0f} articles/s"
        f" {sum(map(len, texts)) / seconds / 1e6:7.2f} M characters/s {seconds / base:7.1f} x"
    )


def _steps(raws: Sequence[Any], rounds: int, engines: Engines) -> None:
    """The steps of the pipeline, each over all articles, rows made and all."""
    from transforms.analyze import layers
    from transforms.loaded import loaded
    from transforms.normalize import Run, normalize_item

    run = Run("bench", "", datetime.now(UTC))
    docs: list[Document] = []

    def parse_all() -> None:
        docs[:] = [normalize_item(parse_line(raw), run) for raw in raws]

    times = {"parse and clean": _median(parse_all, rounds)}
    texts = [doc.article.text for doc in docs]
    base = _median(lambda: [_WORD.findall(text) for text in texts], rounds)
    for name, layer in layers(loaded(engines)).items():
        times[name], docs = _layer(layer, docs, rounds)
    _tell("\nsteps of the pipeline", times, base, texts)


def _layer(layer: Callable[[Document], Document], docs: list[Document], rounds: int) -> tuple[float, list[Document]]:
    out: list[Document] = []

    def work() -> None:
        out[:] = map(layer, docs)

    return _median(work, rounds), out


def _median(work: Callable[[], Any], rounds: int) -> float:
    return statistics.median(_seconds(work) for _ in range(rounds))


def _seconds(work: Callable[[], Any]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


if __name__ == "__main__":
    raise SystemExit(main())
