"""gate: measures accuracy on annotated files and compares it with pinned floors.

A floor that is not reached fails (exit 3).  `--raise` writes higher floors where more is reached; nothing but `--lower`
writes lower ones.  The annotated files belong to others and are no part of the project: without them there is
nothing to measure (exit 2).
"""

import argparse
import json
import math
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from pipelines import evaluate, words
from pipelines.dates import read_articles, score_dates
from pipelines.numbers import score_numbers
from transforms.arabic import clitics
from transforms.arabic.dates import find_dates
from transforms.arabic.tokens import tokenize

ROOT: Final = Path(__file__).parents[1]
FLOORS: Final = ROOT / "tests" / "floors.json"
#: A floor stands so far below what was reached: a change that moves one span of a small file is no loss.
_SLACK: Final = 0.003
_SENTENCE: Final = "وأوضح المصدر أن الاجتماع الذي تقرر عقده {} بحث الملف."
_LAKE_VALUES: Final = ("f1", "acc")

Figures = dict[str, float]


def measure_sentences(data: Path) -> Figures:
    """Boundaries of NTREX and PUD documents: precision, and recall of those that a mark shows."""
    folder = data / "segmentation"
    pud = [[text for text, _ in document] for document in words.read_pud(folder / "ar_pud-ud-test.conllu")]
    ntrex = evaluate.read_ntrex(folder / "newstest2019-ref.arb.txt", folder / "DOCUMENT_IDS.tsv")
    found: Figures = {}
    for name, documents in (("ntrex", ntrex), ("pud", pud)):
        score = evaluate.score_sentences(documents)
        made = score.found + score.hidden_found + len(score.extra)
        found |= {f"{name} precision": 1 - len(score.extra) / made, f"{name} recall": score.found / score.shown}
    return found


def measure_words(data: Path) -> Figures:
    """Arabic words divided right in the half of WikiNews and of PUD that a ranker did not learn from, the worse half."""
    folder = data / "segmentation"
    told = words.cross_halves(
        folder / "WikiNews.pos.ref", folder / "ar_pud-ud-test.conllu", clitics.counts(), clitics.classes()
    )
    return {name: min(figures) for name, figures in told.items()}


def measure_numbers(data: Path) -> Figures:
    """Counts of killed and injured in all annotated articles."""
    gold = [*sorted((data / "gold").glob("train*.jsonl")), data / "gold" / "dev.jsonl"]
    score = score_numbers(article for path in gold for article in read_articles(path))
    return {"counts": score.right / score.wanted}


def measure_dates(data: Path) -> Figures:
    """Date expressions and values on gold/dev, and the expressions of dates_dev read right."""
    score = score_dates(read_articles(data / "gold" / "dev.jsonl"))
    precision, recall = score.both / score.found, score.both / score.wanted
    found = {"dev f1": 2 * precision * recall / (precision + recall), "dev value": score.right / score.values}
    right = cases = 0
    for case in read_articles(data / "dates" / "dates_dev.jsonl"):
        tokens = tokenize(_SENTENCE.format(case["text"]))
        spans = find_dates(tokens, date.fromisoformat(case["published"]))
        right += (case["start"], case["end"]) in {(str(span.first), str(span.last)) for span in spans}
        cases += 1
    return found | {"expressions": right / cases}


def measure_lake(data: Path) -> Figures:
    """Names, dates, events and quotes of gold/dev through the whole pipeline, by the scorer of the annotated files."""
    from pipelines.ingest import main as ingest

    with tempfile.TemporaryDirectory() as folder:
        lake = Path(folder) / "lake"
        if ingest(["--input", str(data / "gold" / "dev_articles.jsonl"), "--lake", str(lake)]) != 0:
            raise RuntimeError("gold/dev_articles.jsonl could not be ingested")
        command = [sys.executable, str(data / "gold" / "evaluate.py"), str(data / "gold" / "dev.jsonl"), str(lake)]
        told = subprocess.run([*command, "--json"], check=True, capture_output=True, text=True).stdout
    return flatten(json.loads(told))


def flatten(told: Mapping[str, Any]) -> Figures:
    """Of each line of the scorer its F1 or accuracy; lines that count nothing left out."""
    found: Figures = {}
    for name, line in told.items():
        if isinstance(line, dict):
            value = next((line[key] for key in _LAKE_VALUES if line.get(key) is not None), None)
            if value is not None:
                found[name] = value
    return found


#: Of each group of floors how it is measured.
MEASURES: Final[Mapping[str, Callable[[Path], Figures]]] = {
    "sentences": measure_sentences,
    "words": measure_words,
    "numbers": measure_numbers,
    "dates": measure_dates,
    "lake": measure_lake,
}


def below(floors: Mapping[str, Figures], measured: Mapping[str, Figures]) -> list[str]:
    """One line for each figure that lies under its floor, or is missing where there is a floor."""
    lines = []
    for group, figures in measured.items():
        for name, floor in floors.get(group, {}).items():
            value = figures.get(name)
            if value is None or value < floor:
                lines.append(
                    f"{group}, {name}: {'not measured' if value is None else f'{value:.4f}'}, floor {floor:.3f}"
                )
    return lines


def moved(floors: Mapping[str, Figures], measured: Mapping[str, Figures], lower: bool) -> dict[str, Figures]:
    """The floors with those raised that leave more than the slack, and lowered to what is reached where `lower` is set."""
    new = {group: dict(figures) for group, figures in floors.items()}
    for group, figures in measured.items():
        old = new.setdefault(group, {})
        for name, value in figures.items():
            floor = math.floor((value - _SLACK) * 1000) / 1000
            if floor > old.get(name, 0) or (lower and value < old[name]):
                old[name] = max(floor, 0.0)
    return new


def main(argv: Sequence[str] | None = None) -> int:
    """Prints a line a figure; exit 0 where all floors are reached (or were moved), 2 without data, 3 below one."""
    parser = argparse.ArgumentParser(prog="khabar gate", description="Compare accuracy with the pinned floors.")
    parser.add_argument("--data", type=Path, required=True, help="folder of the annotated files")
    parser.add_argument("--floors", type=Path, default=FLOORS, help="file of the floors")
    parser.add_argument("--only", choices=sorted(MEASURES), action="append", help="this group; may be repeated")
    parser.add_argument("--raise", action="store_true", dest="higher", help="write higher floors where more is reached")
    parser.add_argument("--lower", action="store_true", help="write lower floors too: what is lost is lost on purpose")
    options = parser.parse_args(argv)
    if not (options.data / "gold").is_dir():
        print(f"khabar gate: no annotated files in {options.data}", file=sys.stderr)
        return 2
    floors: dict[str, Figures] = json.loads(options.floors.read_text("utf-8")) if options.floors.exists() else {}
    measured = {name: MEASURES[name](options.data) for name in options.only or MEASURES}
    for group, figures in measured.items():
        for name, value in sorted(figures.items()):
            print(f"{group:10s} {name:24s} {value:.4f}  floor {floors.get(group, {}).get(name, 0):.3f}")
    failed = below(floors, measured)
    if options.higher or options.lower:
        text = json.dumps(moved(floors, measured, options.lower), indent=2, sort_keys=True)
        options.floors.write_text(text + "\n", "utf-8")
        if options.lower:
            return 0
    for line in failed:
        print(f"below its floor: {line}", file=sys.stderr)
    return 3 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
