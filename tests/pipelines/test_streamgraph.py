"""The graph of a stream on a clock and with fetches of the test's own: exactly the rows, files and records expected."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.testing import test_pipeline, test_stream
from apache_beam.testing.util import assert_that, equal_to
from apache_beam.transforms.window import TimestampedValue

from pipelines import graph, ingest
from pipelines.streamjob import Stream
from pipelines.streamoptions import stream_options
from schemas.fetch import Fetch
from schemas.item import RawInput
from tests.fetches import fetch_row
from tests.pipelines.whole_runs import rows
from tests.servers import item, rss
from transforms import segment
from transforms.fetchticks import FetchTicks, Turn
from transforms.lake.fetches import newest
from transforms.lake.publishing import Attempt, begin, publish
from transforms.lake.windows import StreamJob, open_job
from transforms.normalize import Run

START = datetime(2024, 6, 1, 8, tzinfo=UTC)
WINDOW = 60
#: What each tick of a job brings.
SCRIPTS: dict[str, list[Turn]] = {}


@dataclass
class Scripted:
    """Brings what the test says, a turn a tick."""

    name: str

    def turn(self, last: bool) -> Turn:
        return SCRIPTS[self.name].pop(0)


@dataclass
class Ticks:
    """The ticks of a job, by seconds since the start; what each brings; and where the watermark goes between them."""

    stream: Any = field(default_factory=lambda: test_stream.TestStream().advance_watermark_to(START.timestamp()))
    turns: list[Turn] = field(default_factory=list)

    def tick(self, second: float, *found: RawInput | Fetch) -> "Ticks":
        self.together((second, found))
        return self

    def together(self, *ticks: tuple[float, Iterable[RawInput | Fetch]]) -> "Ticks":
        """Ticks in one bundle."""
        for _, found in ticks:
            raws = [one for one in found if isinstance(one, RawInput)]
            self.turns.append(Turn(raws, [one for one in found if isinstance(one, Fetch)], {"asked": len(raws)}))
        at = [TimestampedValue(False, START.timestamp() + second) for second, _ in ticks]
        self.stream = self.stream.add_elements(at)
        return self

    def pass_(self, second: float) -> "Ticks":
        """Nothing before this second comes any more."""
        self.stream = self.stream.advance_watermark_to(START.timestamp() + second)
        return self


def write(lake: Path, ticks: Ticks, name: str = "job", job: StreamJob | None = None, **options: Any) -> StreamJob:
    """Runs a job over the ticks, to its drain."""
    job = job or open_job(lake, name)
    given = stream_options(["--feeds", "x.toml", "--lake", str(lake), "--window", str(WINDOW)])
    run = Run(job.name, graph.analyzer_version(), START)
    stream = Stream(replace(given, **options), str(lake), job, run)
    # Readers are kept for a process: each run has its own.
    script = f"{lake} {job}"
    SCRIPTS[script] = list(ticks.turns)
    with test_pipeline.TestPipeline(options=PipelineOptions(["--streaming"])) as pipeline:
        ticking = pipeline | ticks.stream.advance_watermark_to_infinity()
        fetched = ticking | FetchTicks(script, partial(Scripted, script))
        stream.write(*fetched)
    assert SCRIPTS[script] == []
    return job


def fetched(second: float, *entries: str, feed: str = "news", body: str | None = None) -> tuple[RawInput, Fetch]:
    """What a fetch of the feed brought: its body, and its row."""
    at, url = START + timedelta(seconds=second), f"https://{feed}.test/rss"
    payload = rss(*entries)
    raw = RawInput(
        input=url, format="feed", payload=payload, fetched_at=at, source=feed, timezone="Asia/Beirut", address=url
    )
    row = fetch_row(
        at, feed=url, url=url, source=feed, fetch_id=f"{int(at.timestamp() * 1000):032x}", run_id="job",
        analyzer_version=graph.analyzer_version(), etag="e", body_hash=body or f"{hash(payload):x}", full_at=at,
    )  # fmt: skip
    return raw, row


def titles(lake: Path) -> list[str]:
    return sorted(row["title"] for row in rows(lake, "articles"))


def named(*numbers: int) -> list[str]:
    return sorted(f"اجتماع وزاري رقم {n} في بيروت" for n in numbers)


def records(lake: Path) -> dict[str, dict[str, Any]]:
    """What the records of commits say, by the minute of their window and the attempt."""
    found = (json.loads(path.read_text("utf-8")) for path in (lake / "_runs").glob("*.json"))
    return {one["commit"].partition("-")[2].removeprefix("20240601T"): one for one in found}


#: Columns that tell of a run or a fetch, and of which of the same stories was the first.
_OWN = ("run_id", "fetched_at", "duplicate_of")


def told(lake: Path) -> dict[str, list[str]]:
    """The rows of all tables of articles, but for these columns."""
    tables = ("articles", "sentences", "mentions", "events", "quotes")
    return {
        table: sorted(json.dumps({k: v for k, v in r.items() if k not in _OWN}, default=str) for r in rows(lake, table))
        for table in tables
    }


def batch(lake: Path, raws: Sequence[RawInput]) -> dict[str, list[str]]:
    """What one batch run makes of the inputs."""
    attempt = begin(lake, "batch")
    assert isinstance(attempt, Attempt)
    job = ingest.Job(Run("batch", graph.analyzer_version(), START), str(lake), attempt, 1, ())
    found, read = ingest.run_chunks([list(raws)], job, 1, quiet=True)
    publish(lake, attempt, found, {"read": read})
    return told(lake)


def test_each_window_is_a_commit_and_quiet_ones_are_too(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    first, second = fetched(1, item(1), item(2)), fetched(125, item(3))
    ticks = Ticks().tick(5, *first).pass_(60).tick(65).pass_(120).tick(130, *second)
    write(lake, ticks)
    found = records(lake)
    assert sorted(found) == ["080000-1", "080100-1", "080200-1"]
    assert [found[name]["counts"]["read"] for name in sorted(found)] == [2, 0, 1]
    counts = found["080100-1"]["counts"]
    assert counts.pop("lag_s") > 0
    assert counts == {
        "read": 0, "ticks": 1, "asked": 0, "bugs": 0, "duplicates": 0, "rejected": 0, "job": "job", "epoch": 1,
        "window_start": "2024-06-01T08:01:00+00:00", "window_end": "2024-06-01T08:02:00+00:00",
    }  # fmt: skip
    assert titles(lake) == named(1, 2, 3)
    files = sorted(path.relative_to(lake).as_posix() for path in lake.glob("articles/*/*"))
    # Two of the three were published before midnight, by UTC.
    assert files == [
        "articles/published_date=2024-05-31/part-job-20240601T080000-1-00000.parquet",
        "articles/published_date=2024-06-01/part-job-20240601T080200-1-00000.parquet",
    ]
    assert list((lake / "_staging").iterdir()) == []
    assert told(lake) == batch(tmp_path / "batch", [first[0], second[0]])


def test_what_comes_again_is_told_and_not_doubled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake, analysed = tmp_path / "lake", []
    split = segment.split_sentences
    monkeypatch.setattr(segment, "split_sentences", lambda text: analysed.append(text) or split(text))
    rounds = [
        fetched(1, item(1), item(2)), fetched(20, item(1), item(2), item(3)), fetched(70, item(2), item(3)),
        fetched(80, item(4), item(1)),
    ]  # fmt: skip
    ticks = Ticks().tick(5, *rounds[0]).tick(25, *rounds[1]).pass_(60).together((75, rounds[2]), (85, rounds[3]))
    write(lake, ticks)
    assert titles(lake) == named(1, 2, 3, 4)
    assert len(analysed) == 4
    counts = [record["counts"] for _, record in sorted(records(lake).items())]
    assert [(one["read"], one["duplicates"]) for one in counts] == [(5, 2), (4, 3)]
    brought = sorted(rows(lake, "fetches"), key=lambda row: row["fetched_at"])
    assert [(row["entries"], row["new"], row["etag"]) for row in brought] == [
        (2, 2, "e"), (3, 1, "e"), (2, 0, "e"), (2, 1, "e")
    ]  # fmt: skip
    assert told(lake) == batch(tmp_path / "batch", [raw for raw, _ in rounds])


def test_ticks_out_of_order_lose_and_double_nothing(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    late = fetched(50, item(2), item(1))
    ticks = Ticks().tick(70, *fetched(65, item(1), item(3))).tick(55, *late).pass_(60).tick(62, *fetched(61, item(4)))
    write(lake, ticks)
    assert titles(lake) == named(1, 2, 3, 4)
    assert sorted(records(lake)) == ["080000-1", "080100-1"]


def test_two_windows_in_one_bundle(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    ticks = Ticks().together(
        (59, fetched(50, item(1), item(2))), (61, fetched(60, item(1), item(3))), (200, fetched(199, item(4)))
    )
    write(lake, ticks)
    assert titles(lake) == named(1, 2, 3, 4)
    found = records(lake)
    # Nobody ticked in the window at two minutes.
    assert sorted(found) == ["080000-1", "080100-1", "080300-1"]
    assert [found[name]["counts"]["read"] for name in sorted(found)] == [2, 2, 1]


def test_a_key_that_expired_is_asked_of_the_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake, analysed = tmp_path / "lake", []
    split = segment.split_sentences
    monkeypatch.setattr(segment, "split_sentences", lambda text: analysed.append(text) or split(text))
    ticks = Ticks().tick(5, *fetched(1, item(1))).pass_(60)
    # An hour later, and a day later still: the state is gone, the entry is listed still.
    ticks = ticks.tick(3000, *fetched(3000, item(1))).pass_(3700).tick(3710, *fetched(3700, item(1), item(2)))
    write(lake, ticks.pass_(90000).tick(90010, *fetched(90000, item(1), item(2))))
    assert titles(lake) == named(1, 2)
    assert len(analysed) == 2
    # Another job knows nothing but the lake.
    write(lake, Ticks().tick(90100, *fetched(90090, item(2), item(3))), "next")
    assert (titles(lake), len(analysed)) == (named(1, 2, 3), 3)


def test_a_window_committed_twice_with_other_contents(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    job = write(lake, Ticks().tick(5, *fetched(1, item(1), item(2))))
    before = {path: path.read_bytes() for path in lake.glob("*/*/*.parquet")}
    # The engine lost its state and reads the window anew, when the feed has moved on.
    write(lake, Ticks().tick(5, *fetched(1, item(1), item(2))).tick(15, *fetched(12, item(2), item(3))), job=job)
    assert titles(lake) == named(1, 2, 3)
    found = records(lake)
    assert {name: one["rows"]["articles"] for name, one in found.items()} == {"080000-1": 2, "080000-2": 1}
    assert len(rows(lake, "fetches")) == 2
    assert {path: path.read_bytes() for path in before} == before


def test_an_old_article_is_kept_on_its_day(tmp_path: Path) -> None:
    old = item(1).replace("01 Jun 2024", "03 Oct 2015")
    write(tmp_path, Ticks().tick(5, *fetched(1, old, item(3))))
    days = {path.parent.name for path in tmp_path.glob("articles/*/*.parquet")}
    assert days == {"published_date=2015-10-02", "published_date=2024-06-01"}


def test_a_feed_that_jumps_back_makes_no_new_version(tmp_path: Path) -> None:
    edited = item(1, text="أضاف المجلس بندا جديدا إلى جدول أعمال الجلسة التي تعقد يوم الخميس في بيروت.")
    ticks = Ticks().tick(5, *fetched(1, item(1), item(2))).tick(20, *fetched(18, edited, item(2)))
    ticks = ticks.pass_(60).tick(70, *fetched(68, item(1), item(2))).pass_(4000).tick(4010, *fetched(4005, item(1)))
    write(tmp_path, ticks.tick(4020, *fetched(4015, edited)))
    versions = sorted((row["guid"], row["version_number"]) for row in rows(tmp_path, "articles"))
    assert versions == [("g1", 1), ("g1", 2), ("g2", 1)]


def test_one_story_from_twenty_feeds_at_once(tmp_path: Path) -> None:
    stories = [fetched(1 + n / 100, item(1), feed=f"paper{n}") for n in range(20)]
    write(tmp_path, Ticks().tick(5, *(part for story in stories for part in story)))
    found = rows(tmp_path, "articles")
    assert (len(found), len({row["source"] for row in found})) == (20, 20)
    (first,) = (row for row in found if row["duplicate_of"] is None)
    assert first["source"] == "paper0"
    assert {row["duplicate_of"] for row in found} == {None, first["version_id"]}


@pytest.mark.parametrize("wrong", [-86400 * 400, -7200, 7200, 86400 * 400])
def test_a_clock_of_a_worker_that_is_wrong_loses_nothing(tmp_path: Path, wrong: float) -> None:
    ticks = Ticks().tick(5, *fetched(1, item(1))).tick(15, *fetched(12 + wrong, item(1), item(2))).pass_(60)
    write(tmp_path, ticks.tick(65, *fetched(62, item(3), item(2))).tick(70, *fetched(66 + wrong, item(4))))
    assert titles(tmp_path) == named(1, 2, 3, 4)
    assert [record["counts"]["read"] for _, record in sorted(records(tmp_path).items())] == [3, 3]


def poisoned(text: str) -> list[tuple[int, int]]:
    if "سم" in text.split():
        raise ZeroDivisionError("poison")
    return [(0, len(text))]


def test_a_poison_item_is_a_reject_with_its_traceback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segment, "split_sentences", poisoned)
    poison = item(2, text="هذا سم في خبر من بيروت عن جلسة يوم الخميس.")
    ticks = Ticks().tick(5, *fetched(1, item(1), poison, item(3))).pass_(60)
    write(tmp_path, ticks.tick(65, *fetched(62, poison, item(4))))
    assert titles(tmp_path) == named(1, 3, 4)
    (bug,) = rows(tmp_path, "rejects")
    assert (bug["stage"], bug["reason"]) == ("segment", "bug")
    assert "ZeroDivisionError: poison" in bug["detail"]
    assert bug["fetched_at"] == START + timedelta(seconds=1)
    assert [record["counts"]["bugs"] for _, record in sorted(records(tmp_path).items())] == [1, 0]
    # It is in flight no more, but the lake has it not: the feed is asked for its whole body.
    assert newest(tmp_path)["https://news.test/rss"].etag is None
    monkeypatch.undo()
    write(tmp_path, Ticks().tick(200, *fetched(190, poison)), "mended")
    assert titles(tmp_path) == named(1, 2, 3, 4)


def test_too_many_bugs_in_an_hour_end_the_job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segment, "split_sentences", poisoned)
    poison = [item(n, text=f"هذا سم رقم {n} في خبر من بيروت عن جلسة يوم الخميس.") for n in range(4)]
    ticks = Ticks().tick(5, *fetched(1, *poison[:2])).pass_(60).tick(65, *fetched(62, poison[2], item(7)))
    write(tmp_path, ticks, max_bugs=3)
    # Not those of two hours ago, nor of another job.
    ticks = Ticks().tick(7300, *fetched(7299, item(8))).pass_(7400).tick(7450, *fetched(7440, *poison, item(9)))
    with pytest.raises(Exception, match="4 items met a bug within an hour"):
        write(tmp_path, ticks, "next", max_bugs=3)
    assert titles(tmp_path) == named(7, 8, 9)


def test_a_reader_that_breaks_does_not_stop_the_ticks(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    script = f"{tmp_path} without a turn"
    SCRIPTS[script] = []
    turn = FetchTicks(script, partial(Scripted, script))
    with test_pipeline.TestPipeline(options=PipelineOptions(["--streaming"])) as pipeline:
        found = pipeline | Ticks().tick(5).stream.advance_watermark_to_infinity() | turn
        assert_that(found.beats, equal_to(['{"ticks": 1, "bugs": 1}']))
        assert_that(found.rows, equal_to([]), label="no rows")
    assert "IndexError" in capfd.readouterr().err


def test_bodies_are_kept_for_days_and_read_again(tmp_path: Path) -> None:
    lake, other = tmp_path / "lake", tmp_path / "other"
    old = lake / "_raw" / "fetched_date=2024-05-20"
    old.mkdir(parents=True)
    ticks = Ticks().tick(5, *fetched(1, item(1))).tick(15, *fetched(12, item(1), item(2))).pass_(60)
    write(lake, ticks.tick(65, *fetched(62, item(3))), keep_raw=7)
    assert sorted(path.relative_to(lake / "_raw").as_posix() for path in (lake / "_raw").rglob("*.parquet")) == [
        f"fetched_date=2024-06-01/part-job-20240601T080{minute}00-1-00000.parquet" for minute in (0, 1)
    ]
    assert not old.exists()
    given = ["--since", "2024-06-01", "--until", "2024-06-02", "--lake", str(other), "--raw", str(lake)]
    assert ingest.main(given) == 0
    assert told(other) == told(lake)


def test_rejects_of_a_feed_are_stored_once_and_counted_each_time(tmp_path: Path) -> None:
    broken = "<title></title><description></description>"
    ticks = Ticks().tick(5, *fetched(1, item(1), broken)).tick(15, *fetched(12, item(1), broken)).pass_(60)
    write(tmp_path, ticks.tick(70, *fetched(66, item(1), broken)))
    assert len(rows(tmp_path, "rejects")) == 1
    counts = [record["counts"] for _, record in sorted(records(tmp_path).items())]
    assert [(one["read"], one["duplicates"], one["rejected"]) for one in counts] == [(4, 2, 1), (2, 1, 1)]


def test_a_job_that_was_superseded_publishes_nothing(tmp_path: Path) -> None:
    old = open_job(tmp_path, "old")
    open_job(tmp_path, "new")
    with pytest.raises(Exception, match="a newer job than old"):
        write(tmp_path, Ticks().tick(5, *fetched(1, item(1))), job=old)
    assert records(tmp_path) == {}
