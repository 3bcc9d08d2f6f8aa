"""A stream on Prism over papers that change, fail, hang and repeat themselves, while its worker and its job are killed.

KHABAR_LONG=1 makes five minutes of it, with as many kills as fit.
"""

import json
import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.cli import main
from tests.pipelines.press import Press, Telling
from tests.pipelines.processes import of_group
from tests.pipelines.streams import PRISM, Kill, Lake, Stream, on_prism, prism, wait_for
from tests.pipelines.test_rounds import make_due
from tests.pipelines.whole_runs import rows

LONG = bool(os.environ.get("KHABAR_LONG"))
pytestmark = [
    pytest.mark.skipif(not PRISM.exists(), reason=f"{PRISM} is not there: Prism cannot be run"),
    pytest.mark.timeout(1800 if LONG else 600),
]
#: Seconds of a window, between ticks, and between stories; so many stories at most.
WINDOW, INTERVAL, STORIES, MOST = 2, 0.5, 4.0, 1000 if LONG else 6
#: What is killed, in this order; the long form begins anew until its time is over.
KILLS = ("worker", "job", "worker", *(("frozen", "engine", "all") if LONG else ()))
#: Columns that tell of the run, of the fetch, and of which of two equal stories came first.
NOT_COMPARED = {"run_id", "fetched_at", "duplicate_of"}
WITH_ARTICLES = ("articles", "sentences", "mentions", "events", "quotes", "rejects")


@pytest.fixture
def stream(tmp_path: Path) -> Iterator[tuple[Stream, Press]]:
    """A stream that reads a press."""
    lake = tmp_path / "lake"
    known = Lake(lake).known
    with Press(known) as press:
        press.write()
        listed = press.feeds(tmp_path / "feeds.toml")
        arguments = [
            f"--feeds={listed}", f"--allow-private={press.hosts}", "--between=0", "--deadline=3", f"--window={WINDOW}",
            f"--interval={INTERVAL}", "--patience=4", "--start-up=60", "--pause=0.2", *on_prism(prism(tmp_path)),
        ]  # fmt: skip
        made = Stream(lake, arguments, tmp_path / "stream.log")
        yield made, press
        made.close()


def told(lake: Path) -> dict[str, Counter[str]]:
    """The rows of every table that has rows of articles, without what tells of run and fetch."""
    return {
        table: Counter(
            json.dumps({k: v for k, v in row.items() if k not in NOT_COMPARED}, default=str, sort_keys=True)
            for row in rows(lake, table)
        )
        for table in WITH_ARTICLES
    }


def batch(press: Press, listed: Path, lake: Path) -> None:
    """What the papers told, read by rounds: first the first edition of everything, then the last."""
    for edition in (1, 2):
        press.replay(edition)
        if edition == 2:
            make_due(lake)
        arguments = ["--feeds", str(listed), "--lake", str(lake), "--allow-private", press.hosts, "--between=0"]
        assert main(["ingest", *arguments]) == 0


def differences(lake: Path, expected: Path) -> dict[str, tuple[int, int]]:
    """For each table that differs, how many rows are too many and how many are missing."""
    found, wanted = told(lake), told(expected)
    assert wanted["articles"].total() > 40
    assert min(wanted[table].total() for table in WITH_ARTICLES) > 0
    return {
        table: ((found[table] - wanted[table]).total(), (wanted[table] - found[table]).total())
        for table in WITH_ARTICLES
        if found[table] != wanted[table]
    }


def table(kills: list[Kill]) -> str:
    """The kills, for a person."""
    lines = [f"{k.what:8}  {k.at:6.1f} s  {k.commit_after:5.1f} s  {k.before:5}  {k.after:5}" for k in kills]
    return "\n".join(["killed        at    next commit  articles before, after", *lines])


def timeline(running: Stream) -> list[str]:
    """Jobs, their first and last commits, and what the supervisor said."""
    jobs: dict[str, list[float]] = {}
    for commit in running.lake.commits():
        jobs.setdefault(commit.job, []).append(commit.at - running.began)
    told = [f"{job}: {len(at)} commits from {at[0]:.1f} to {at[-1]:.1f} s" for job, at in jobs.items()]
    return [*told, *(line for line in running.log.read_text("utf-8").splitlines() if line.startswith("khabar stream"))]


def test_a_stream_that_is_killed_writes_what_a_batch_writes(stream: tuple[Stream, Press], tmp_path: Path) -> None:
    running, press = stream
    chance, kills, end = random.Random(7), list[Kill](), time.monotonic() + (300 if LONG else 0)
    try:
        with Telling(press, STORIES, MOST):
            while len(kills) < len(KILLS) or time.monotonic() < end:
                kills.append(running.kill(KILLS[len(kills) % len(KILLS)], chance, WINDOW, 300))
    finally:
        print(table(kills), *timeline(running), sep="\n")
    wait_for(press.read, 120, running.told)
    # What was sent is read within a tick.
    time.sleep(2 * INTERVAL)
    assert running.drain() == 0, running.told()
    assert not any(map(of_group, running.groups))
    batch(press, tmp_path / "feeds.toml", tmp_path / "batch")
    assert differences(running.lake.path, tmp_path / "batch") == {}
