"""Rows of fetches that tests make."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from schemas.fetch import Fetch
from transforms.lake.publishing import Attempt, begin, publish
from transforms.lake.staging import stage

NOON = datetime(2024, 6, 1, 12, tzinfo=UTC)


def fetch_row(at: datetime = NOON, **fields: Any) -> Fetch:
    """The row of a fetch that went well at that time."""
    blank = Fetch(
        fetch_id="80000000", kind="feed", feed="https://x.test/", source="x.test", url="https://x.test/", fetched_at=at,
        seconds=1.0, bytes=1, entries=0, new=0, unchanged=False, succeeded_at=at, run_id="r", analyzer_version="a",
    )  # fmt: skip
    return replace(blank, **fields)


def publish_rows(lake: Path, *rows: Fetch) -> None:
    """Puts the rows into the lake as they are."""
    attempt = begin(lake, "fetches")
    assert isinstance(attempt, Attempt)
    staged = [stage([row], lake, attempt.folder, row.fetched_at.date(), 0) for row in rows]
    publish(lake, attempt, [r for records in staged for r in records], {"read": 0}, settle=lambda row, *_: row)
