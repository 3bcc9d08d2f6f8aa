"""Watching: rounds at each feed's interval on a clock of the test's own, stops between commits, memory that stays."""

import errno
import gc
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from pipelines import watch as watching
from pipelines.feedoptions import NetOptions
from pipelines.fetching import crew
from pipelines.watch import Watcher
from schemas.feed import Feed
from tests.pipelines.test_rounds import Publisher, write_list
from tests.pipelines.whole_runs import ROOT, rows
from tests.servers import item
from transforms.fetch.fetcher import Fetcher, Stamp
from transforms.lake.fetches import newest

NET = NetOptions(("localhost",), 0.0, 5.0, None)
START = datetime(2024, 6, 1, 8, tzinfo=UTC)


class Hands:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.time = START

    def now(self) -> datetime:
        # Two moments are never the same.
        self.time += timedelta(microseconds=1)
        return self.time

    def later(self, **time: float) -> None:
        self.time += timedelta(**time)


@contextmanager
def watcher_of(feeds: list[Feed], lake: Path, clock: Hands) -> Iterator[Watcher]:
    with closing(crew(NET, lake, Stamp("r", "a"))) as fetching:
        made: Fetcher = fetching.fetcher
        made._now = clock.now
        yield Watcher(feeds, lake, fetching, now=clock.now)


@pytest.fixture
def publisher(httpserver: HTTPServer) -> Publisher:
    return Publisher(httpserver)


def commits(lake: Path) -> int:
    return len(list((lake / "_runs").glob("*.json")))


def test_news_is_published_at_once_and_quiet_rows_wait_for_company(publisher: Publisher, tmp_path: Path) -> None:
    clock, lake = Hands(), tmp_path / "lake"
    with watcher_of([Feed(url=publisher.url, source="x", interval=60)], lake, clock) as watcher:
        watcher.tick()
        assert (len(rows(lake, "articles")), commits(lake)) == (2, 1)
        assert watcher.line().startswith("1 feeds, 1 asked now, 2 new, 0 errors, last commit ")
        watcher.tick()
        assert publisher.asked == [200]
        for _ in range(3):
            clock.later(seconds=65)
            watcher.tick()
        assert (publisher.asked, commits(lake)) == ([200, 304, 304, 304], 1)
        publisher.entries.insert(0, item(3))
        clock.later(seconds=65)
        watcher.tick()
        assert (len(rows(lake, "articles")), commits(lake)) == (3, 2)
        fetches = sorted(rows(lake, "fetches"), key=lambda row: row["fetched_at"])
        assert [(row["new"], row["unchanged"]) for row in fetches] == [(2, False), *[(0, True)] * 3, (1, False)]
        clock.later(seconds=65)
        watcher.tick()
        clock.later(seconds=365)
        watcher.tick()
        assert commits(lake) == 3
    assert newest(lake)[publisher.url].fetched_at > START + timedelta(minutes=11)


def test_rows_that_wait_settle_as_the_publisher_settles_them(publisher: Publisher, tmp_path: Path) -> None:
    clock, lake = Hands(), tmp_path / "lake"
    with watcher_of([Feed(url=publisher.url, source="x")], lake, clock) as watcher:
        watcher.tick()
        for _ in range(4):
            clock.later(seconds=watcher.pause() + 3600)
            watcher._waiting, waiting = [], watcher._waiting
            watcher.tick()
            watcher._waiting = waiting + watcher._waiting
        expected = watcher.state
        watcher.flush()
        commit = max((lake / "_runs").glob("*.json")).stem
    # Whichever tick asked, a row is seen with the commit that has it.
    assert newest(lake) == {feed: replace(row, run_id=commit) for feed, row in expected.items()}


def test_servers_that_fail_do_not_stop_the_others(publisher: Publisher, tmp_path: Path, httpserver: HTTPServer) -> None:
    clock, lake = Hands(), tmp_path / "lake"
    httpserver.expect_request("/broken").respond_with_data("x", status=500)
    broken = [Feed(url=httpserver.url_for("/broken"), source="b"), Feed(url="http://localhost:1/x", source="c")]
    with watcher_of([*broken, Feed(url=publisher.url, source="x", interval=60)], lake, clock) as watcher:
        watcher.tick()
        assert {feed.url: row.failures for feed, row in watcher.due() if row} == {}
        assert sorted(row.failures for row in watcher.state.values()) == [0, 1, 1]
        assert watcher.pause() <= 60
        publisher.entries.insert(0, item(3))
        clock.later(seconds=70)
        watcher.tick()
    assert len(rows(lake, "articles")) == 3


def test_a_bug_puts_its_feeds_off_and_is_told(
    publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock, lake = Hands(), tmp_path / "lake"

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("article g1: a bug")

    with watcher_of([Feed(url=publisher.url, source="x", interval=60)], lake, clock) as watcher:
        with monkeypatch.context() as patch:
            patch.setattr(watching, "run_chunks", broken)
            watcher.tick()
            assert "article g1: a bug" in capsys.readouterr().err
            assert watcher.state[publisher.url].error == "bug"
            assert watcher.due() == []
            for _ in range(8):
                clock.later(days=2)
                watcher.tick()
            clock.later(days=2)
            with pytest.raises(RuntimeError):
                watcher.tick()
        clock.later(days=2)
        watcher.tick()
    assert len(rows(lake, "articles")) == 2
    assert [row["error"] for row in rows(lake, "fetches")].count("bug") == 9


def memory() -> int:
    gc.collect()
    with open("/proc/self/statm", encoding="ascii") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_five_hundred_quiet_ticks_cost_little_and_leave_nothing(publisher: Publisher, tmp_path: Path) -> None:
    clock, lake = Hands(), tmp_path / "lake"
    feeds = [Feed(url=f"{publisher.url}?{n}", source="x", interval=60) for n in range(4)]
    with watcher_of(feeds, lake, clock) as watcher:
        watcher.tick()
        spent, sizes = [], []
        for _ in range(500):
            clock.later(seconds=65)
            started = time.process_time()
            watcher.tick()
            spent.append(time.process_time() - started)
            publisher.asked.clear()
            sizes.append(memory() if len(sizes) % 50 == 0 else 0)
    print(f"tick {sorted(spent)[250] * 1000:.0f} ms, memory {(max(sizes[300:]) - max(sizes[100:200])) >> 10} KiB more")
    assert sorted(spent)[250] < 0.3
    assert max(sizes[300:]) - max(sizes[100:200]) < 8 << 20


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_between_commits(
    publisher: Publisher, tmp_path: Path, httpserver: HTTPServer, number: int
) -> None:
    lake = tmp_path / "lake"
    hanging = "http://localhost:1/x"
    listed = write_list(tmp_path / "feeds.toml", publisher.url, hanging)
    arguments = ["watch", "--feeds", str(listed), "--lake", str(lake), "--allow-private", "localhost", "--between", "0"]
    process = subprocess.Popen(
        [sys.executable, "-m", "pipelines", *arguments], cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    waited = time.monotonic() + 120
    while commits(lake) == 0 and process.poll() is None and time.monotonic() < waited:
        time.sleep(0.1)
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (0, "", "")
    assert len(rows(lake, "articles")) == 2
    assert list((lake / "_staging").iterdir()) == []


def test_a_wrong_list_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert watching.main(["--feeds", str(tmp_path / "x.toml"), "--lake", str(tmp_path / "lake")]) == 2
    assert "No such file" in capsys.readouterr().err


def test_a_clock_that_was_years_ahead_costs_nothing_when_it_is_right_again(
    publisher: Publisher, tmp_path: Path
) -> None:
    clock, lake = Hands(), tmp_path / "lake"
    feeds = [Feed(url=publisher.url, source="x", interval=60)]
    ahead = timedelta(days=365 * 40)
    clock.later(days=ahead.days)
    with watcher_of(feeds, lake, clock) as watcher:
        watcher.tick()
        publisher.entries.insert(0, item(3))
        clock.time -= ahead
        watcher.tick()
        assert publisher.asked == [200, 200]
        assert len(rows(lake, "articles")) == 3
        assert newest(lake)[publisher.url].fetched_at < START + timedelta(days=1)
        watcher.tick()
        assert len(publisher.asked) == 2


def test_rows_that_wait_are_not_kept_by_a_clock_that_goes_back(publisher: Publisher, tmp_path: Path) -> None:
    clock, lake = Hands(), tmp_path / "lake"
    with watcher_of([Feed(url=publisher.url, source="x", interval=60)], lake, clock) as watcher:
        watcher.tick()
        clock.later(seconds=65)
        watcher.tick()
        clock.later(days=-2)
        watcher.tick()
    assert commits(lake) == 2


def test_a_full_disk_is_told_and_waited_for(
    publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock, lake = Hands(), tmp_path / "lake"
    publish, full = watching.publish, [True, True]

    def publishing(*given: Any, **named: Any) -> Any:
        if full and full.pop():
            raise OSError(errno.ENOSPC, "No space left on device")
        watcher.stop.set()
        return publish(*given, **named)

    monkeypatch.setattr(watching, "publish", publishing)
    with watcher_of([Feed(url=publisher.url, source="x", interval=60)], lake, clock) as watcher:
        watching.watch(watcher, lock_pause=0.01)
    assert capsys.readouterr().err.count("No space left on device") == 2
    assert len(rows(lake, "articles")) == 2
    assert list((lake / "_staging").iterdir()) == []


def test_a_lake_that_cannot_be_written_is_refused(
    publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    listed = write_list(tmp_path / "feeds.toml", publisher.url)
    # Tests may run as root, who may write anywhere.
    monkeypatch.setattr("transforms.lake.health.os.access", lambda path, mode: not mode & os.W_OK)
    assert watching.main(["--feeds", str(listed), "--lake", str(tmp_path / "lake")]) == 2
    assert "cannot be written" in capsys.readouterr().err
