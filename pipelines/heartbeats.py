"""What commit records tell of a stream: which windows are in the lake, whose they are, and what each one brought.

A stream leaves a record for each window, also of a night without news: silence means death.  Knows: the counts of a
record.  Does not know: what is to be done about silence.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple


class Window(NamedTuple):
    """A committed window; of what a restart left of a window, there may be several."""

    job: str
    epoch: int
    start: datetime
    end: datetime
    articles: int
    rejected: int
    #: Seconds from the window's end to its publication.
    lag: float


def window_of(record: dict[str, Any]) -> Window | None:
    """The window that a commit record tells of; None where it is no stream's."""
    counts = record.get("counts", {})
    if "window_end" not in counts:
        return None
    start, end = (datetime.fromisoformat(counts[name]) for name in ("window_start", "window_end"))
    articles, rejected = record.get("rows", {}).get("articles", 0), counts.get("rejected", 0)
    return Window(counts["job"], counts["epoch"], start, end, articles, rejected, counts["lag_s"])


def read(paths: Iterable[Path]) -> Iterator[Window]:
    """The windows of these records; of those that vanish meanwhile (they are folded into one when they are old) none."""
    for path in paths:
        with suppress(FileNotFoundError):
            if window := window_of(json.loads(path.read_text("utf-8"))):
                yield window


class Heartbeats:
    """The windows of one job, as they come."""

    def __init__(self, lake: Path, job: str) -> None:
        self._folder, self._prefix = lake / "_runs", f"{job}-"
        self._seen: set[Path] = set()

    def look(self) -> list[Window]:
        """Windows that were committed since the last look, in order."""
        found = set(self._folder.glob(f"{self._prefix}*.json")) - self._seen
        self._seen |= found
        return sorted(read(sorted(found)), key=lambda window: window.end)
