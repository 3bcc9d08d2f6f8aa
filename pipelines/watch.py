"""watch: a list of feeds read for as long as the process runs, each at its own interval.  `khabar watch --feeds --lake`.

A loop of bounded runs: a tick asks the feeds that are due; what is news is analysed and published at once, and the rows
of fetches that brought none wait a while for company.  A killed watcher loses those rows alone.
"""

import sys
import threading
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Final

from pipelines import logs
from pipelines.feedoptions import WatchOptions, watch_options
from pipelines.feeds import opened
from pipelines.fetching import crew, due_feeds
from pipelines.graph import analyzer_version
from pipelines.ingest import Job, chunks, run_chunks
from pipelines.progress import watched
from pipelines.rounds import stage_rows
from pipelines.signals import heeded
from schemas.feed import Feed
from schemas.fetch import Fetch
from schemas.item import RawInput
from transforms.feeds.lists import ListError
from transforms.fetch.crew import Crew, Due
from transforms.fetch.fetcher import Found, Stamp
from transforms.fetch.schedule import settled, wait_after_failure
from transforms.lake.fetches import newest
from transforms.lake.health import health
from transforms.lake.publishing import Attempt, LockHeld, Superseded, begin, discard, publish
from transforms.lake.staging import expire, stage_raw
from transforms.normalize import Run

#: A tick asks no more feeds of one host and in all: a round must end before the next ones are late.
PER_HOST, IN_ALL = 12, 5000
#: Inputs of a tick are analysed together; so many bytes of them end its fetching.
MAX_BYTES: Final = 64 << 20
#: Rows of fetches that brought nothing wait this long for a commit.
COMPANY: Final = timedelta(minutes=5)
#: So many rounds in a row with a bug end the watcher.
MOST_BUGS: Final = 10


class Watcher:
    """What a watching process knows between ticks."""

    def __init__(
        self,
        feeds: Sequence[Feed],
        lake: Path,
        fetching: Crew,
        keep_raw: int = 0,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.feeds, self.lake, self._fetching, self._keep_raw, self._now = feeds, lake, fetching, keep_raw, now
        self.stop = threading.Event()
        self.state: dict[str, Fetch] = {}
        self.totals: Counter[str] = Counter()
        #: Feeds that the tick that runs asks.
        self.asking = 0
        self.committed_at: datetime | None = None
        self._waiting: list[Fetch] = []
        self._bugs = 0
        self._refresh()

    def _refresh(self) -> None:
        self.state = newest(self.lake)

    def due(self) -> list[Due]:
        """The feeds to ask now, those first that have waited longest."""
        return due_feeds(self.feeds, self.state, self._now(), PER_HOST, IN_ALL)

    def _next(self, feed: Feed) -> datetime | None:
        row = self.state.get(feed.url)
        return row.next_at if row else None

    def pause(self) -> float:
        """Seconds until a feed is due, or rows have waited long enough; a minute at most."""
        moments = [self._next(feed) for feed in self.feeds]
        if self._waiting:
            moments.append(self._waiting[0].fetched_at + COMPANY)
        now = self._now()
        first = min((moment for moment in moments if moment), default=now)
        return 0.0 if None in moments[: len(self.feeds)] else min(max((first - now).total_seconds(), 0.0), 60.0)

    def tick(self) -> None:
        """Asks the feeds that are due and publishes what is news.  Raises LockHeld, and a bug that does not go away."""
        run_id = f"watch-{self._now():%Y%m%dT%H%M%S%f}"
        self._fetching.fetcher.stamp = Stamp(run_id, analyzer_version())
        rows, raws = self._asked()
        self.totals["errors"] += sum(row.error is not None for row in rows)
        if raws:
            self._publish_news(run_id, rows, raws)
            return
        self._settle(rows)
        # Also where the clock went back.
        if self._waiting and abs(self._now() - self._waiting[0].fetched_at) >= COMPANY:
            self.flush()

    def _asked(self) -> tuple[list[Fetch], list[RawInput]]:
        rows: list[Fetch] = []
        raws: list[RawInput] = []
        size = 0
        due = self.due()
        self.asking = len(due)
        if not due:
            return rows, raws
        with closing(self._fetching.read(due, self.stop)) as fetched:
            for found in fetched:
                self._take(found, rows, raws)
                size += sum(len(raw.payload) for raw in found.raws)
                if size >= MAX_BYTES:
                    # What else is due stays so.
                    break
        return rows, raws

    def _take(self, found: Found, rows: list[Fetch], raws: list[RawInput]) -> None:
        self.totals["asked"] += 1
        rows.extend(found.rows)
        raws.extend(found.raws)

    def _settle(self, rows: Sequence[Fetch]) -> None:
        """Takes in rows that brought nothing; the publisher settles them again, with the same result."""
        self._waiting += rows
        for row in rows:
            if row.kind == "feed":
                self.state[row.feed] = settled(row, self.state.get(row.feed), 0, 0)

    def _publish_news(self, run_id: str, rows: list[Fetch], raws: list[RawInput]) -> None:
        attempt = begin(self.lake, run_id)
        if not isinstance(attempt, Attempt):
            raise RuntimeError(f"the run {run_id} was published before: the clock stands still")
        job = Job(Run(run_id, analyzer_version(), self._now()), str(self.lake), attempt, 1, ())
        try:
            records, read = run_chunks(chunks(raws), job, 1, quiet=True)
        except Exception as error:
            discard(self.lake, attempt)
            self._bugs += 1
            if self._bugs >= MOST_BUGS:
                raise
            traceback.print_exc()
            self._settle(
                [self._put_off(row, error) if row.kind == "feed" and not row.unchanged else row for row in rows]
            )
            return
        self._bugs = 0
        kept = stage_raw(raws, self.lake, attempt.folder) if self._keep_raw else []
        self._commit(attempt, job, [*records, *kept], read, [*self._waiting, *rows])

    def _put_off(self, row: Fetch, error: Exception) -> Fetch:
        """The row of a feed in whose round something broke: as of a feed that failed, so that others go on."""
        last = self.state.get(row.feed)
        failures = (last.failures if last else 0) + 1
        return replace(
            row, error=row.error or "bug", detail=str(error)[:500], failures=failures, body_hash=None, etag=None,
            last_modified=None, full_at=None,
            next_at=row.fetched_at + timedelta(seconds=wait_after_failure(failures, 300.0)),
        )  # fmt: skip

    def flush(self) -> None:
        """Publishes the rows that wait.  Raises LockHeld."""
        if not self._waiting:
            return
        attempt = begin(self.lake, f"watch-{self._now():%Y%m%dT%H%M%S%f}-quiet")
        if isinstance(attempt, Attempt):
            job = Job(Run(attempt.commit, analyzer_version(), self._now()), str(self.lake), attempt, 1, ())
            self._commit(attempt, job, [], 0, self._waiting)

    def _commit(self, attempt: Attempt, job: Job, records: list, read: int, rows: Sequence[Fetch]) -> None:
        try:
            staged = [*records, *stage_rows(rows, job)]
            published = publish(self.lake, attempt, staged, {"read": read}, settle=settled)
        except (LockHeld, Superseded, OSError):
            # The feeds are asked again: nothing that they brought is known to the lake.
            discard(self.lake, attempt)
            self._refresh()
            raise
        finally:
            self._waiting = []
        self.totals["new"] += getattr(published, "rows", {}).get("articles", 0)
        self.committed_at = self._now()
        self._refresh()
        if self._keep_raw:
            expire(self.lake, self._keep_raw, self._now().date())

    def line(self) -> str:
        """How it goes, for a terminal."""
        last = f"{self.committed_at.astimezone():%H:%M:%S}" if self.committed_at else "none yet"
        return (
            f"{len(self.feeds):,} feeds, {self.asking:,} asked now, {self.totals['new']:,} new, {self.totals['errors']:,} errors, "
            f"last commit {last}"
        )


@contextmanager
def stopped_by_signals(watcher: Watcher) -> Iterator[None]:
    """SIGTERM and SIGINT let the watcher finish its commit; a second one ends it at once, as a kill would."""

    def stop(number: int, _: FrameType | None) -> None:
        if watcher.stop.is_set():
            raise SystemExit(128 + number)
        watcher.stop.set()

    with heeded(stop):
        yield


def watch(watcher: Watcher, lock_pause: float = 60.0) -> None:
    """Ticks until the watcher is told to stop."""
    while not watcher.stop.is_set():
        try:
            watcher.tick()
        except (LockHeld, Superseded, OSError) as error:
            # A full disk is somebody's to mend, and the watcher goes on then.
            print(f"khabar watch: {error}", file=sys.stderr)
            watcher.stop.wait(lock_pause)
        watcher.stop.wait(watcher.pause())
    with suppress(LockHeld, OSError):
        watcher.flush()


def main(argv: Sequence[str] | None = None) -> int:
    """Exit codes: 0 stopped by a signal; 1 a bug that came ten times in a row; 2 a wrong option or list."""
    options: WatchOptions = watch_options(argv)
    logs.to_stderr()
    lake = Path(options.lake).absolute()
    try:
        feeds = opened(options.feeds)
        (lake / "_state").mkdir(parents=True, exist_ok=True)
    except (ListError, OSError) as error:
        print(f"khabar watch: error: {error}", file=sys.stderr)
        return 2
    if not health(lake)["writable"]:
        print(f"khabar watch: error: --lake {options.lake} cannot be written", file=sys.stderr)
        return 2
    with closing(crew(options.net, lake, Stamp("watch", analyzer_version()))) as fetching:
        watcher = Watcher(feeds, lake, fetching, options.keep_raw)
        with stopped_by_signals(watcher), watched(watcher.line):
            watch(watcher)
    return 0
