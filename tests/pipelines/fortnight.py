"""What a stream leaves in two weeks, made for measuring: `python -m tests.pipelines.fortnight LAKE [WINDOWS]`.

Windows of 300 s, each a commit of three articles, one of them of the day before, and of ten fetches.
"""

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from schemas.document import Document
from schemas.item import Item
from tests.fetches import fetch_row
from tests.pipelines.whole_runs import article
from transforms.analyze import analyze
from transforms.lake.publishing import Attempt, begin, publish
from transforms.lake.runs import record_path
from transforms.lake.staging import stage
from transforms.normalize import Run, normalize_item

WINDOW = timedelta(seconds=300)


def window(number: int, at: datetime, run: Run) -> list[Document]:
    """The articles of a window."""
    found = []
    for n in range(3 * number, 3 * number + 3):
        told = article(n) | {"published": (at - timedelta(days=n % 3 == 2)).isoformat(), "title": f"خبر {n}"}
        item = Item(input="f", position=n, format="jsonl", raw_hash=str(n), guid=told.pop("id"), fetched_at=at, **told)
        found.append(analyze(normalize_item(item, run)))
    return found


def fill(lake: Path, windows: int, start: datetime) -> None:
    """Publishes so many windows; their records are as old as they would be."""
    for number in range(windows):
        at = start + number * WINDOW
        run = Run(f"{start:%Y%m%dT%H%M%S}-{at:%Y%m%dT%H%M%S}-1", "a", at)
        documents = window(number, at, run)
        fetched = [
            fetch_row(at, fetch_id=f"{number:06d}{n}", feed=f"https://x.test/{n}", run_id=run.run_id) for n in range(10)
        ]
        attempt = begin(lake, run.run_id)
        assert isinstance(attempt, Attempt)
        days = sorted({document.article.partition_day for document in documents} | {at.date()})
        records = [
            record
            for day in days
            for record in stage(
                [d for d in documents if d.article.partition_day == day] + (fetched if day == at.date() else []),
                lake, attempt.folder, day, 0,
            )
        ]  # fmt: skip
        publish(lake, attempt, records, {"read": len(documents)}, settle=lambda row, *_: row)
        os.utime(record_path(lake, run.run_id), (at.timestamp(), at.timestamp()))


if __name__ == "__main__":
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 14 * 288
    fill(Path(sys.argv[1]), count, datetime.now(UTC) - count * WINDOW)
