"""Trains the choices about events: `python -m pipelines.train_events --gold GOLD.jsonl ... --out events.tsv`.

Learns in two rounds: first with the gold's own earlier events before its eyes; then, as in use, with those that models of
other articles chose.  Names are those that a name model of other articles finds.  The same gold gives the same table.
`--validate` prints what models of the other articles choose for each article instead of writing a table.
Needs numpy and scipy (extra `train`).
"""

import argparse
import calendar
import re
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from pipelines.learn import Choice, learn
from pipelines.sightings import Sightings, engines, sightings, tally
from pipelines.train import DEFAULTS, read_gold, train
from schemas.article import Article
from schemas.document import Document
from transforms.arabic.actors import People, people_of
from transforms.arabic.choices import Rankers, write_weights
from transforms.arabic.eventdays import Day
from transforms.arabic.roles import ROLES, Cast
from transforms.arabic.scene import Told
from transforms.arabic.sifting import sift
from transforms.arabic.spans import Span
from transforms.arabic.telling import CHOICES, Telling, tell
from transforms.engines.statistical import StatisticalNames
from transforms.engines.triggers import StatisticalTriggers
from transforms.entities import annotate_mentions
from transforms.events import scene_of
from transforms.quotes import annotate_quotes
from transforms.segment import segment

FOLDS: Final = 4
L2: Final = {
    "event": 150.0,
    "actor": 5.0,
    "target": 5.0,
    "said_by": 5.0,
    "status": 8.0,
    "mode": 1.0,
    "place": 5.0,
    "day": 10.0,
    "country": 5.0,
}
ITERATIONS: Final = 60
#: Having none weighs so much less than learnt: F1 counts what is given, the likelihood counts all (docs/accuracy.md).
NONE_LESS: Final = {"actor": 0.4, "target": 0.3, "said_by": 0.3, "place": 1.2, "day": 0.6, "country": 0.1}
ACTUAL_LESS: Final = 0.5
#: Weights nearer to nothing are not written.  Of roles and modes a third of those over .03 is left, and as many are right.
LEAST: Final = dict.fromkeys(("event", "status", "place", "day", "country"), 0.03) | dict.fromkeys(
    (*ROLES, "mode"), 0.1
)
_WORD: Final = re.compile(r"[\w\u064b-\u065f\u0670\u0640]+")
_ARTICLE: Final = re.compile(r"^(?:[وفبكل]?ال|لل|[وف])(?=\w{3})")

Weights = dict[str, dict[str, float]]


class Lesson(NamedTuple):
    """An article to learn from: its gold and its Document, and the gold's events in order."""

    gold: dict[str, Any]
    doc: Document
    events: tuple[dict[str, Any], ...]
    told: tuple[Told, ...]
    seen: Sightings = Sightings((), ())


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="pipelines.train_events", description="Train the choices about events.")
    parser.add_argument("--gold", type=Path, nargs="+", required=True, help="labelled articles, JSON lines")
    parser.add_argument("--out", type=Path, help="the table of weights to write")
    parser.add_argument("--validate", action="store_true", help="cross-validate over articles, write nothing")
    parser.add_argument(
        "--engines", type=Path, required=True, help="folder of models of triggers by `pipelines.train triggers --folds`"
    )
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args(argv)
    if held_out := [str(path) for path in options.gold if path.name.startswith("dev")]:
        parser.error(f"held out for scoring, not to be learnt from: {', '.join(held_out)}")
    files = [(path.stem, list(read_gold(path))) for path in sorted(options.gold)]
    articles = [article for _, mine in files for article in mine]
    unseeing = engines(files, options.engines)
    lessons = [
        lesson(a, d, unseeing[a["id"]]) for a, d in zip(articles, documents(articles, options.workers), strict=True)
    ]
    if options.validate:
        for name, figures in validate(lessons, options.workers).items():
            print(name, figures)
    elif options.out:
        options.out.write_text(write_weights(learnt(lessons, options.workers), LEAST), "utf-8")


def documents(articles: Sequence[dict[str, Any]], workers: int) -> list[Document]:
    """The articles with mentions and quotes, names by models that have not seen the article."""
    with ProcessPoolExecutor(workers) as pool:
        parts = list(pool.map(_part, [(list(articles), k) for k in range(3)]))
    return [parts[i % 3][i // 3] for i in range(len(articles))]


def _part(work: tuple[list[dict[str, Any]], int]) -> list[Document]:
    articles, k = work
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder) / "names.crfsuite"
        train("names", [a for i, a in enumerate(articles) if i % 3 != k], model, DEFAULTS["names"])
        engine = StatisticalNames(str(model))
        return [document(a, engine) for a in articles[k::3]]


def document(article: Mapping[str, Any], engine: StatisticalNames) -> Document:
    """The Document of a gold article with mentions and quotes."""
    when = datetime.fromisoformat(article["date"]).replace(tzinfo=UTC)
    doc = Document(
        article=Article(
            article_id=article["id"], version_id=article["id"], source="gold", text=article["text"], language="ar",
            published_at=when, published_rule="given", fetched_at=when, run_id="", analyzer_version="",
        )
    )  # fmt: skip
    return annotate_quotes(annotate_mentions(segment(doc), engine))


def lesson(gold: dict[str, Any], doc: Document, engine: StatisticalTriggers | None = None) -> Lesson:
    """The article with those of its events whose trigger stands in the tokens, and what the engine holds possible."""
    pairs = []
    for event in sorted(gold["events"], key=lambda e: (e["span"], e["type"])):
        start, end = event["span"]
        for sentence, tokens in enumerate(doc.tokens):
            at = [i for i, t in enumerate(tokens) if t.start < end and start < t.end]
            if at:
                pairs.append((event, Told(sentence, at[0], at[-1], start, end, event["type"])))
                break
    events, told = tuple(e for e, _ in pairs), tuple(t for _, t in pairs)
    seen = sightings(doc, engine, events, told) if engine else Sightings((), ())
    return Lesson(gold, doc, events, told, seen)


def learnt(lessons: Sequence[Lesson], workers: int) -> Weights:
    """The weights that the lessons teach."""
    with ProcessPoolExecutor(workers) as pool:
        seen = _believed(lessons, pool, workers)
        rows = list(pool.map(_rows, lessons, seen, chunksize=8))
        return _learn(rows, pool) | {"event": _sifting(lessons)}


def _sifting(lessons: Sequence[Lesson]) -> dict[str, float]:
    return learn([c for x in lessons for c in x.seen.choices], l2=L2["event"], iterations=ITERATIONS)


def validate(lessons: Sequence[Lesson], workers: int) -> dict[str, dict[str, float]]:
    """Per choice precision, recall and F1 of values given, and the share of right choices."""
    tally: Counter[tuple[str, str]] = Counter()
    with ProcessPoolExecutor(workers) as pool:
        seen = _believed(lessons, pool, workers)
        rows = list(pool.map(_rows, lessons, seen, chunksize=8))
        for k in range(FOLDS):
            weights = _learn([r for i, r in enumerate(rows) if i % FOLDS != k], pool)
            for part in pool.map(_score, [(lessons[k::FOLDS][w::workers], weights) for w in range(workers)]):
                tally.update(part)
    out = sifted(lessons)
    for name in CHOICES:
        given, gold, right = tally[name, "given"], tally[name, "gold"], tally[name, "right"]
        p, r = right / max(given, 1), right / max(gold, 1)
        out[name] = {"p": round(p, 3), "r": round(r, 3), "f1": round(2 * p * r / max(p + r, 1e-9), 3),
                     "right": round(tally[name, "same"] / max(tally[name, "all"], 1), 3)}  # fmt: skip
    return out


def sifted(lessons: Sequence[Lesson]) -> dict[str, dict[str, float]]:
    """Precision, recall and F1 of triggers and of types told in a sentence, weights learnt from the other folds."""
    counts: Counter[str] = Counter()
    for k in range(FOLDS):
        rankers = Rankers({"event": _sifting([x for i, x in enumerate(lessons) if i % FOLDS != k])})
        for x in lessons[k::FOLDS]:
            held = x.seen.candidates
            found = sift(scene_of(x.doc, [c.told for c in held]), held, rankers)
            counts.update(tally([s.told for s in found], x.told))
    out = {}
    for name in ("trigger", "type"):
        right, found_, wanted = (counts[f"{name} {what}"] for what in ("right", "found", "wanted"))
        out[name] = {"p": round(right / max(found_, 1), 3), "r": round(right / max(wanted, 1), 3),
                     "f1": round(2 * right / max(found_ + wanted, 1), 3)}  # fmt: skip
    return out


def _believed(lessons: Sequence[Lesson], pool: ProcessPoolExecutor, workers: int) -> list[list[Telling]]:
    """Of each lesson what models of the other folds choose."""
    rows = list(pool.map(_rows, lessons, [gold_tellings(x) for x in lessons], chunksize=8))
    found: dict[int, list[Telling]] = {}
    for k in range(FOLDS):
        weights = _learn([r for i, r in enumerate(rows) if i % FOLDS != k], pool)
        mine = range(k, len(lessons), FOLDS)
        shares = [mine[w::workers] for w in range(workers)]
        for share, part in zip(
            shares, pool.map(_tell, [([lessons[i] for i in s], weights) for s in shares]), strict=True
        ):
            found.update(zip(share, part, strict=True))
    return [found[i] for i in range(len(lessons))]


def _tell(work: tuple[Sequence[Lesson], Weights]) -> list[list[Telling]]:
    rankers = Rankers(work[1])
    return [tell(scene_of(x.doc, x.told), x.doc.article.published_day, rankers, people=_people(x)) for x in work[0]]


def _people(x: Lesson) -> People:
    return people_of(x.doc.article.text, x.doc.mentions, x.doc.article.published_day)


def _rows(x: Lesson, seen: Sequence[Telling]) -> dict[str, list[Choice]]:
    rows: dict[str, list[Choice]] = {name: [] for name in CHOICES}

    def watch(index: int, name: str, options: Sequence[Any], features: Sequence[Sequence[str]]) -> None:
        rows[name].append(Choice(features, best(x.gold["text"], x.events[index], name, options)))

    tell(scene_of(x.doc, x.told), x.doc.article.published_day, None, seen, watch, _people(x))
    return rows


def _learn(rows: Sequence[dict[str, list[Choice]]], pool: ProcessPoolExecutor) -> Weights:
    jobs = {n: pool.submit(learn, [c for r in rows for c in r[n]], l2=L2[n], iterations=ITERATIONS) for n in CHOICES}
    weights = {name: job.result() for name, job in jobs.items()}
    for name, less in NONE_LESS.items():
        weights[name]["0"] = weights[name].get("0", 0.0) - less
    # Likewise what is told as done: not-actual F1 .624 -> .634 by cross-validation, .004 fewer statuses right.
    weights["status"]["actual|1"] = weights["status"].get("actual|1", 0.0) - ACTUAL_LESS
    return weights


def _score(work: tuple[Sequence[Lesson], Weights]) -> Counter[tuple[str, str]]:
    tally: Counter[tuple[str, str]] = Counter()
    for x, tellings in zip(work[0], _tell(work), strict=True):
        for event, telling in zip(x.events, tellings, strict=True):
            chosen = telling._asdict() | telling.cast._asdict()
            for name in CHOICES:
                value = chosen[name]
                wanted = event["date"] if name == "day" else event.get(f"{name}_span") or event.get(name)
                good = right(x.gold["text"], event, name, value)
                tally[name, "all"] += 1
                tally[name, "same"] += good
                tally[name, "gold"] += bool(wanted) and wanted != "actual"
                tally[name, "given"] += bool(value) and value != "actual"
                tally[name, "right"] += good and bool(wanted) and wanted != "actual"
    return tally


def best(text: str, event: Mapping[str, Any], choice: str, options: Sequence[Any]) -> frozenset[int]:
    """Which options to learn: the right ones; of phrases that name the same those that share most with the gold's words."""
    good = [i for i, o in enumerate(options) if right(text, event, choice, o)]
    span = event.get(f"{choice}_span")
    if choice not in ROLES or span is None or len(good) < 2:
        return frozenset(good)
    wanted = set(_WORD.findall(text[span[0] : span[1]]))
    found = [set(_WORD.findall(text[options[i].start : options[i].end])) for i in good]
    shares = [len(wanted & f) / len(wanted | f) for f in found]
    return frozenset(i for i, share in zip(good, shares, strict=True) if share == max(shares))


def right(text: str, event: Mapping[str, Any], choice: str, value: Any) -> bool:
    """Whether a choice's value is the gold's."""
    if choice == "status":
        return value == event["status"]
    if choice == "mode":
        return (value or None) == event["mode"]
    if choice == "country":
        return value == event["country"]
    if choice == "day":
        return (value is None) == (not event["date"]) and (
            value is None or bounds(event["date"]) == (value.first, value.last)
        )
    span = event.get(f"{choice}_span")
    if value is None or span is None:
        return value is None and span is None
    one, two = _words(text[span[0] : span[1]]), _words(text[value.start : value.end])
    return len(one & two) * 2 >= min(len(one), len(two)) and bool(one & two) and len(two) <= 2 * len(one) + 2


def _words(text: str) -> set[str]:
    return {_ARTICLE.sub("", w) for w in _WORD.findall(text)}


def bounds(value: str) -> tuple[date, date]:
    """First and last day of a gold date: a day, month, year or two of them with a slash."""

    def edge(part: str, last: bool) -> date:
        year, month, day = (*map(int, part.split("-")), 0, 0)[:3]
        month = month or (12 if last else 1)
        return date(year, month, day or (calendar.monthrange(year, month)[1] if last else 1))

    parts = value.split("/")
    return edge(parts[0], False), edge(parts[-1], True)


def gold_tellings(x: Lesson) -> list[Telling]:
    """The gold's own choices."""
    out = []
    for event, told in zip(x.events, x.told, strict=True):
        spans = [Span(*event[f"{r}_span"]) if event.get(f"{r}_span") else None for r in ROLES]
        span = event.get("place_span")
        place = next(
            (m for m in x.doc.mentions if span and m.type == "LOC" and m.start < span[1] and span[0] < m.end), None
        )
        day = Day(*bounds(event["date"]), None, "gold", None) if event["date"] else None
        out.append(Telling(told, Cast(*spans), event["status"], event["mode"], place, day, event["country"]))
    return out


if __name__ == "__main__":
    main()
