"""Windows of a stream as commits: written twice, out of turn, by jobs of yesterday; and what was only told."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.dataset as ds
import pytest

from schemas.document import Document
from schemas.fetch import Fetch
from schemas.item import Item
from schemas.reject import Reject
from tests.fetches import fetch_row
from transforms.fetch.schedule import settled
from transforms.lake.fetches import newest
from transforms.lake.preparing import Published
from transforms.lake.publishing import AlreadyPublished, Attempt, Superseded, begin
from transforms.lake.staging import stage
from transforms.lake.windows import StreamJob, is_superseded, open_job, publish_window
from transforms.normalize import Run, normalize_item, reject

START = datetime(2024, 6, 1, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
RUN = Run("job", "a", START)
FEED = "https://news.test/rss"


def told(n: int, minute: float = 0, bare: bool = False, **fields: str) -> Document:
    """An entry of the feed, fetched in that minute."""
    item = Item(
        input=FEED, position=n, format="feed", raw_hash=json.dumps([n, fields]), source="news", guid=f"g{n}",
        title=f"جلسة رقم {n}", fetched_at=START + minute * MINUTE, **({"text": f"ناقش المجلس البند {n}."} | fields),
    )  # fmt: skip
    return replace(normalize_item(item, RUN), bare=bare)


def asked(minute: int, body: str, **fields: object) -> Fetch:
    at = START + minute * MINUTE
    row = {"feed": FEED, "fetch_id": f"{minute:08x}", "body_hash": body, "etag": body, "full_at": at, "run_id": "job"}
    return fetch_row(at, **(row | fields))


def bad(minute: int, position: int = 7) -> Reject:
    return reject(f"{FEED}#{position}", b"<item/>", "parse", "no-text", "", RUN, START + minute * MINUTE)


def write(lake: Path, job: StreamJob, minute: int, outcomes: Sequence[Document | Reject | Fetch], **counts: int):
    """Stages and publishes a window of a minute."""
    start = START + minute * MINUTE
    read = {"read": sum(not isinstance(outcome, Fetch) for outcome in outcomes)}
    records = stage(outcomes, lake, job.folder(start), START.date(), 0) if outcomes else []
    return publish_window(lake, job, start, records, read | counts, settled)


def rows(lake: Path, table: str) -> list[dict]:
    folder = lake / table
    return ds.dataset(folder, format="parquet", partitioning="hive").to_table().to_pylist() if folder.exists() else []


def titles(lake: Path) -> list[str]:
    return sorted(row["title"] for row in rows(lake, "articles"))


def records(lake: Path) -> dict[str, dict]:
    return {path.stem: json.loads(path.read_text("utf-8")) for path in (lake / "_runs").glob("*.json")}


def test_rows_carry_the_commit_that_has_them(tmp_path: Path) -> None:
    job = open_job(tmp_path, "job")
    write(tmp_path, job, 0, [told(1), bad(0), asked(0, "b1")])
    commit = "job-20240601T080000-1"
    for table in ("articles", "rejects", "fetches"):
        assert [row["run_id"] for row in rows(tmp_path, table)] == [commit]
    assert newest(tmp_path)[FEED].run_id == commit
    assert list(records(tmp_path)) == [commit]
    assert list((tmp_path / "_staging").iterdir()) == []


def test_a_quiet_window_leaves_its_record(tmp_path: Path) -> None:
    published = write(tmp_path, open_job(tmp_path, "job"), 0, [], ticks=60)
    assert isinstance(published, Published)
    assert records(tmp_path)["job-20240601T080000-1"]["counts"] == {
        "read": 0, "ticks": 60, "duplicates": 0, "rejected": 0
    }  # fmt: skip


def test_a_window_written_twice_adds_what_is_new_alone(tmp_path: Path) -> None:
    job = open_job(tmp_path, "job")
    write(tmp_path, job, 0, [told(1), told(2), bad(0), asked(0, "b1")])
    again = write(tmp_path, job, 0, [told(2), told(3), bad(0), bad(0, 8), asked(0, "b1"), asked(1, "b2")])
    assert isinstance(again, Published)
    assert (again.commit, again.duplicates, again.rejected) == ("job-20240601T080000-2", 1, 2)
    assert titles(tmp_path) == ["جلسة رقم 1", "جلسة رقم 2", "جلسة رقم 3"]
    assert len(rows(tmp_path, "rejects")) == 2
    assert sorted(row["fetch_id"] for row in rows(tmp_path, "fetches")) == ["00000000", "00000001"]


def test_a_window_written_twice_alike_changes_nothing(tmp_path: Path) -> None:
    job, outcomes = open_job(tmp_path, "job"), [told(1), bad(0), asked(0, "b1")]
    start = START
    pieces = stage(outcomes, tmp_path, job.folder(start), START.date(), 0)
    publish_window(tmp_path, job, start, pieces, {"read": 2}, settled)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    # The engine repeats publishing alone, then staging too.
    assert publish_window(tmp_path, job, start, pieces, {"read": 2}, settled) == AlreadyPublished(
        "job-20240601T080000-1"
    )
    assert write(tmp_path, job, 0, outcomes) == AlreadyPublished("job-20240601T080000-1")
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_part_of_a_window_is_published_again_with_something_new(tmp_path: Path) -> None:
    job = open_job(tmp_path, "job")
    first = stage([told(1)], tmp_path, job.folder(START), START.date(), 0)
    publish_window(tmp_path, job, START, first, {"read": 1}, settled)
    more = stage([told(2)], tmp_path, job.folder(START), START.date(), 1)
    publish_window(tmp_path, job, START, [*first, *more], {"read": 2}, settled)
    assert titles(tmp_path) == ["جلسة رقم 1", "جلسة رقم 2"]


def test_inputs_that_were_lost_stop_the_window(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="read 3 inputs"):
        write(tmp_path, open_job(tmp_path, "job"), 0, [told(1), bad(0)], read=3)
    assert records(tmp_path) == {}


def test_a_job_of_yesterday_publishes_nothing(tmp_path: Path) -> None:
    old = open_job(tmp_path, "old")
    write(tmp_path, old, 0, [told(1)])
    stage([told(2)], tmp_path, old.folder(START + MINUTE), START.date(), 0)
    run = begin(tmp_path, "run")
    assert isinstance(run, Attempt)
    stage([told(9)], tmp_path, run.folder, START.date(), 0)
    new = open_job(tmp_path, "new")
    # What a run stages beside the streams is its own.
    assert [path.name for path in (tmp_path / "_staging").iterdir()] == ["run"]
    with pytest.raises(Superseded, match="newer job than old"):
        write(tmp_path, old, 1, [told(2)])
    assert [path.name for path in (tmp_path / "_staging").iterdir()] == ["run"]
    write(tmp_path, new, 1, [told(2), told(1, minute=1)])
    assert titles(tmp_path) == ["جلسة رقم 1", "جلسة رقم 2"]
    assert sorted(records(tmp_path)) == ["new-20240601T080100-1", "old-20240601T080000-1"]


def test_a_lake_that_vanished_is_no_newer_job(tmp_path: Path) -> None:
    job = open_job(tmp_path, "job")
    write(tmp_path, job, 0, [told(1)])
    for path in tmp_path.iterdir():
        shutil.rmtree(path)
    assert not is_superseded(tmp_path, job)
    with pytest.raises(RuntimeError, match="removed, unmounted or replaced"):
        write(tmp_path, job, 1, [told(2)])
    assert records(tmp_path) == {}


def test_what_was_only_told_counts_as_the_entry_that_it_is(tmp_path: Path) -> None:
    job = open_job(tmp_path, "job")
    write(tmp_path, job, 0, [told(1), told(1, minute=0.5, bare=True), asked(0, "b1")])
    later = write(tmp_path, job, 1, [told(1, minute=1, bare=True), told(2, minute=1), asked(1, "b2")])
    assert isinstance(later, Published)
    assert (later.rows["articles"], later.duplicates) == (1, 1)
    fetches = sorted(rows(tmp_path, "fetches"), key=lambda row: row["fetched_at"])
    assert [(row["entries"], row["new"], row["etag"]) for row in fetches] == [(1, 1, "b1"), (2, 1, "b2")]


def test_a_bare_one_of_an_earlier_clock_takes_no_place(tmp_path: Path) -> None:
    write(tmp_path, open_job(tmp_path, "job"), 0, [told(1, minute=-5, bare=True), told(1)])
    assert titles(tmp_path) == ["جلسة رقم 1"]


def test_windows_out_of_turn_lose_nothing_if_the_first_never_comes(tmp_path: Path) -> None:
    job = open_job(tmp_path, "job")
    second = write(tmp_path, job, 1, [told(1, minute=1, bare=True), told(2, minute=1), asked(1, "b2")])
    assert isinstance(second, Published)
    assert (second.rows["articles"], second.duplicates) == (1, 1)
    # The next job must not be told that nothing has changed since.
    kept = newest(tmp_path)[FEED]
    assert (kept.etag, kept.body_hash, kept.full_at) == (None, None, None)
    write(tmp_path, open_job(tmp_path, "next"), 2, [told(1, minute=2), told(2, minute=2, bare=True), asked(2, "b2")])
    assert titles(tmp_path) == ["جلسة رقم 1", "جلسة رقم 2"]
    assert newest(tmp_path)[FEED].etag == "b2"


@pytest.mark.parametrize("how", [{"unchanged": True}, {"error": "timeout", "next_at": START + 9 * MINUTE}])
def test_a_fetch_that_rests_on_one_that_was_lost_keeps_no_validators(tmp_path: Path, how: dict) -> None:
    job = open_job(tmp_path, "job")
    write(tmp_path, job, 0, [told(1), asked(0, "b1"), asked(1, "b1", **how)])
    assert newest(tmp_path)[FEED].etag == "b1"
    # The window with the body b2 never came.
    write(tmp_path, job, 3, [asked(3, "b2", **how)])
    assert newest(tmp_path)[FEED].etag is None


def test_a_feed_that_brings_one_bad_entry_twice_counts_it_twice(tmp_path: Path) -> None:
    day = timedelta(days=1) // MINUTE
    job = open_job(tmp_path, "job")
    pieces = [
        record
        for minute in (0, day)
        for record in stage(
            [bad(minute)], tmp_path, job.folder(START), (START + minute * MINUTE).date(), 0
        )
    ]  # fmt: skip
    published = publish_window(tmp_path, job, START, pieces, {"read": 2}, settled)
    assert isinstance(published, Published)
    assert (published.rejected, published.duplicates) == (1, 1)
    assert [row["fetched_at"] for row in rows(tmp_path, "rejects")] == [START]
