"""What commit records tell of a stream: which windows are in the lake, whose they are, and what each one brought.

A stream leaves a record for each window, also of a night without news: silence means death.  Knows: the counts of a
record.  Does not know: what is to be done about silence.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

from transforms.lake.runs import records

#: What a supervisor tells of itself, under the lake.
STATE: Final = "_state/stream.json"
_DAY: Final = timedelta(days=1)
#: A record may be written while it is asked for, on another machine.
_SLACK: Final = timedelta(minutes=1)


class Window(NamedTuple):
    """A committed window; of what a restart left of a window, there may be several."""

    job: str
    epoch: int
    start: datetime
    end: datetime
    articles: int
    rejected: int
    #: Rejects that are khabar's own fault.
    bugs: int
    #: Seconds from the window's end to its publication.
    lag: float


def window_of(record: dict[str, Any]) -> Window | None:
    """The window that a commit record tells of; None where it is no stream's."""
    counts = record.get("counts", {})
    if "window_end" not in counts:
        return None
    start, end = (datetime.fromisoformat(counts[name]) for name in ("window_start", "window_end"))
    articles = record.get("rows", {}).get("articles", 0)
    told = (counts.get(name, 0) for name in ("rejected", "bugs", "lag_s"))
    return Window(counts["job"], counts["epoch"], start, end, articles, *told)


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


def stream_state(lake: Path, now: datetime) -> dict[str, Any] | None:
    """What can be told of the stream of a lake, times as ISO 8601 in UTC; None where there never was one.

    `state`, `why`, `job`, `at`, `failures`: what its supervisor said last; `late` for a state where a window should have come
    since.  `window_end`, `lag_s`: of the newest window.  `windows`, `articles`, `rejected`, `restarts`: of the last day.
    """
    try:
        told: dict[str, Any] = json.loads((lake / STATE).read_text("utf-8"))
    except FileNotFoundError:
        told = {}
    windows, last = _last_day(lake, now)
    if not told and not last:
        return None
    patience = told.pop("patience", None)
    if told.get("state") in ("running", "waiting", "draining"):
        heard = max(datetime.fromisoformat(told["at"]), last.end if last else datetime.min.replace(tzinfo=UTC))
        if now - heard > timedelta(seconds=patience):
            told["state"] = "late"
    return told | {
        "window_end": last.end.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if last else None,
        "lag_s": last.lag if last else None,
        "windows": len(windows),
        "articles": sum(window.articles for window in windows),
        "rejected": sum(window.rejected for window in windows),
        "restarts": max(len({window.job for window in windows}) - 1, 0),
    }


def _last_day(lake: Path, now: datetime) -> tuple[list[Window], Window | None]:
    """The windows that were committed in the last day, and the newest of all but those of a clock that was ahead."""
    found = [
        (datetime.fromisoformat(record["committed_at"]), window)
        for record in records(lake)
        if (window := window_of(record))
    ]
    newest = max((window for at, window in found if at <= now + _SLACK), key=lambda window: window.end, default=None)
    return [window for at, window in found if at >= now - _DAY], newest
