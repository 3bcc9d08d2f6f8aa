"""The supervisor of a stream: runs its job as a child, watches the lake for commits, and starts anew what died.

The lake is the checkpoint: a job that fell silent is killed with its engine and its workers, and the next one, with an id
and an epoch of its own, goes on from what was published.  Knows: jobs, silence and signals.  Does not know: Beam.
"""

import json
import secrets
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Final

from pipelines.heartbeats import STATE, Heartbeats, Window
from pipelines.offspring import Offspring
from pipelines.signals import heeded
from pipelines.superviseoptions import Limits
from transforms.lake.fetches import failing
from transforms.lake.staging import put

#: Exit code of a job that found a newer one's epoch in the lake.
SUPERSEDED: Final = 75
#: Exit code where khabar itself failed at too many items.
BROKEN: Final = 70
#: Exit code of a job whose options are wrong.
USAGE: Final = 2
#: Seconds between two looks at the child and the lake.
_LOOK: Final = 0.5
#: Seconds between two tries are doubled up to this.
_MOST_PAUSE: Final = 300.0
#: Stop files of jobs that were killed are left for engines that go on with them, for so long.
_STALE: Final = 7 * 86400.0
_HOUR: Final = 3600.0
#: A job that is slow is not dead: each one that fell silent gives the next twice as long, up to so many times, until one
#: has committed so many windows.
_MOST_TIMES, _SOUND = 16, 10


class Supervisor:
    """What a supervising process knows; `start` begins a job by its id and stop file."""

    def __init__(self, lake: Path, feeds: int, limits: Limits, start: Callable[[str, Path], Offspring]) -> None:
        self._lake, self._feeds, self._limits, self._start = lake, feeds, limits, start
        self.stop, self.wake = threading.Event(), threading.Event()
        #: Number of the second signal.
        self.killed_by = 0
        self.totals: Counter[str] = Counter()
        self.newest: Window | None = None
        #: Feeds whose newest fetch failed.
        self.failing = 0
        #: Jobs that were begun, and tries in a row that brought no commit.
        self.begun = self.failures = 0
        #: So many times as long as the limits say, silence is waited for.
        self._times = 1
        #: When bugs were committed, by time.monotonic, and how many.
        self._bugs: list[tuple[float, int]] = []
        self._job = ""
        #: How the tries ended that brought no commit.
        self._seen: list[str] = []

    def run(self) -> int:
        """Runs jobs until one ends that shall be the last; gives the exit code.  Raises Undead."""
        self._sweep()
        while True:
            before = self.totals["windows"]
            code, why = self._live()
            if code is not None:
                self._tell("ended", why)
                return code
            committed = self.totals["windows"] > before
            self.failures = 0 if committed else self.failures + 1
            self._seen = [] if committed else [*self._seen, f"{self._job}: {why}"]
            if self.failures >= self._limits.tries:
                self._tell("failed", f"{self.failures} tries brought no commit: {'; '.join(self._seen)}")
                return 1
            pause = min(self._limits.pause * 2 ** max(self.failures - 1, 0), _MOST_PAUSE)
            self._tell("waiting", f"{why}; the next job begins in {pause:g} s")
            if self.stop.wait(pause):
                self._tell("ended", "stopped between two jobs")
                return 0

    def _live(self) -> tuple[int | None, str]:
        """The life of one job: the supervisor's exit code, None where another job is to begin; and how it ended."""
        self._job = self._next_job()
        stop_file = self._lake / "_state" / f"stop-{self._job}"
        beats = Heartbeats(self._lake, self._job)
        self.begun += 1
        self._tell("running", "begun")
        child = self._start(self._job, stop_file)
        killed: str | None = None
        try:
            killed = self._watch(child, beats, stop_file)
            drained = stop_file.exists()
        finally:
            # Whatever happens here, nothing lives on; and an engine that is no child of ours shall stop, too.
            with suppress(OSError):
                stop_file.touch()
            code = child.end()
        self._take(beats)
        if self.killed_by:
            return 128 + self.killed_by, "killed by a second signal"
        if killed:
            return (1 if self.stop.is_set() else None), killed
        if code == 0 and drained:
            stop_file.unlink(missing_ok=True)
            return 0, "drained"
        return self._answer(code)

    def _answer(self, code: int) -> tuple[int | None, str]:
        """What follows from a job that ended by itself and was not drained."""
        bugs = sum(count for at, count in self._bugs if time.monotonic() - at < _HOUR)
        if bugs > self._limits.bugs:
            # The next job would turn as many articles into rejects.
            return BROKEN, f"{bugs} items met a bug within an hour: see `rejects`"
        if code == SUPERSEDED:
            return code, "another stream has begun on this lake: this one ends"
        if code == USAGE and not self.totals["windows"]:
            return code, "the job refused its options"
        told = f"the job ended with {code}" if code >= 0 else f"the job was killed by {signal.Signals(-code).name}"
        return (1, f"{told} while it drained") if self.stop.is_set() else (None, told)

    def _watch(self, child: Offspring, beats: Heartbeats, stop_file: Path) -> str | None:
        """Waits for the job to end; or gives why it is to be killed."""
        heard, limit = time.monotonic(), self._limits.start
        deadline: float | None = None
        sound = self.totals["windows"] + _SOUND
        while not child.gone():
            if self._take(beats):
                heard, limit = time.monotonic(), self._limits.silence
                self._times = 1 if self.totals["windows"] >= sound else self._times
            now = time.monotonic()
            if self.killed_by:
                return "killed"
            if self.stop.is_set() and deadline is None:
                deadline = now + self._limits.drain
                self._tell("draining", f"drains, for {self._limits.drain:g} s at most")
            if deadline is not None:
                # Again at each look: the disk may be full, or the lake gone, which the deadline ends.
                with suppress(OSError):
                    stop_file.touch()
            if deadline is not None and now > deadline:
                return f"not drained after {self._limits.drain:g} s: killed"
            if deadline is None and now - heard > limit * self._times:
                self._times = min(2 * self._times, _MOST_TIMES)
                return f"no commit for {now - heard:.0f} s: killed"
            self.wake.wait(_LOOK)
            self.wake.clear()
        return None

    def _take(self, beats: Heartbeats) -> bool:
        """Takes in what was committed since the last look; False where that is nothing."""
        windows = beats.look()
        for window in windows:
            self.totals.update(windows=1, articles=window.articles, rejected=window.rejected)
            if window.bugs:
                self._bugs = [*self._bugs[-1000:], (time.monotonic(), window.bugs)]
            self.newest = max(window, self.newest or window, key=lambda one: one.end)
        if windows:
            self.failing = failing(self._lake)
        return bool(windows)

    def _next_job(self) -> str:
        """An id that no other job has: the time, a second more where that was used, and chance.

        Two streams that begin in one second would share a stop file, and a clock that goes back at each boot find old ones.
        """
        now = datetime.now(UTC)
        if self._job:
            last = datetime.strptime(self._job.partition("-")[0], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
            now = max(now, last + timedelta(seconds=1))
        return f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"

    def _sweep(self) -> None:
        """Removes stop files of jobs that nobody runs any more."""
        for path in (self._lake / "_state").glob("stop-*"):
            if time.time() - path.stat().st_mtime > _STALE:
                path.unlink(missing_ok=True)

    def _tell(self, state: str, why: str) -> None:
        """Says what happens, and leaves it for `khabar status`."""
        print(f"khabar stream: job {self._job}: {why}", file=sys.stderr)
        told = {
            "state": state, "job": self._job, "why": why, "at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "failures": self.failures, "patience": self._limits.start * self._times + _MOST_PAUSE,
        }  # fmt: skip
        # A full disk is told by the job, which needs more of it.
        with suppress(OSError):
            put(self._lake / STATE, json.dumps(told).encode())

    def line(self) -> str:
        """How it goes, for a terminal."""
        last = self.newest
        window = f"window {last.end.astimezone():%H:%M:%S} committed, lag {last.lag:.0f} s" if last else "no window yet"
        told = (
            f"{self._feeds:,} feeds, {window}, {self.totals['articles']:,} articles, {self.totals['rejected']:,} rejected, "
            f"{self.failing:,} feeds in error"
        )
        return told if self.begun < 2 else f"{told}, {self.begun - 1:,} restarts"


@contextmanager
def heeding_signals(supervisor: Supervisor) -> Iterator[None]:
    """SIGTERM and SIGINT drain; a second one kills at once."""

    def heed(number: int, _: FrameType | None) -> None:
        if supervisor.stop.is_set():
            supervisor.killed_by = number
        supervisor.stop.set()
        supervisor.wake.set()

    with heeded(heed):
        yield
