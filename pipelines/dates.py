"""Scores dates on annotated articles: JSON Lines with `text`, `date` and `entities` of `type`, `span` and `value`."""

import json
import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from transforms.arabic.dates import find_dates
from transforms.arabic.sentences import split_sentences
from transforms.arabic.spans import DateSpan
from transforms.arabic.tokens import tokenize_sentences

_WORD = re.compile(r"[\w\u064b-\u065f\u0670\u0640]+")


@dataclass
class DateScore:
    """Spans widened to whole words, so that clitics cost nothing; values only where the gold has one."""

    both: int = 0
    found: int = 0
    wanted: int = 0
    values: int = 0
    right: int = 0
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        precision, recall = self.both / max(self.found, 1), self.both / max(self.wanted, 1)
        f1 = 2 * precision * recall / ((precision + recall) or 1)
        return (
            f"precision {precision:.3f} recall {recall:.3f} F1 {f1:.3f}, "
            f"value right {self.right / max(self.values, 1):.3f} ({self.right} of {self.values})"
        )


def read_articles(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def score_dates(articles: Iterable[dict[str, Any]]) -> DateScore:
    score = DateScore()
    for article in articles:
        text, published = article["text"], date.fromisoformat(article["date"][:10])
        wanted = {_widened(text, *e["span"]): e.get("value") for e in article["entities"] if e["type"] == "DATE"}
        found = {
            _widened(text, span.start, span.end): span
            for tokens in tokenize_sentences(text, split_sentences(text))
            for span in find_dates(tokens, published)
        }
        score.wanted += len(wanted)
        score.found += len(found)
        for start, end in sorted(wanted.keys() | found.keys()):
            around = f"{text[max(0, start - 30) : start]}[{text[start:end]}]{text[end : end + 20]}".replace("\n", " ")
            if (start, end) not in found:
                score.wrong.append(f"missed: {around}")
            elif (start, end) not in wanted:
                score.wrong.append(f"false, {found[start, end].rule}: {around}")
            else:
                score.both += 1
                if value := wanted[start, end]:
                    score.values += 1
                    right = _agrees(value, found[start, end])
                    score.right += right
                    if not right:
                        span = found[start, end]
                        score.wrong.append(f"{span.rule}: {span.first}/{span.last}, not {value}: {around}")
    return score


def _widened(text: str, start: int, end: int) -> tuple[int, int]:
    near = max(0, start - 60)
    for match in _WORD.finditer(text, near, end + 60):
        if match.start() < end and match.end() > start:
            start, end = min(start, match.start()), max(end, match.end())
    return start, end


def _agrees(value: str, span: DateSpan) -> bool:
    """Whether a day, month, year or interval `a/b` is what the span tells."""
    first, last = value.split("/")[0], value.split("/")[-1]
    return (span.first, span.last) == (_bounds(first)[0], _bounds(last)[1])


def _bounds(value: str) -> tuple[date, date]:
    year, month, day = (int(part) for part in (value + "-0-0").split("-")[:3])
    if day:
        return date(year, month, day), date(year, month, day)
    if month:
        return date(year, month, 1), date(year, month, monthrange(year, month)[1])
    return date(year, 1, 1), date(year, 12, 31)
