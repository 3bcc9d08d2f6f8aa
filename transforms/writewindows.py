"""WriteWindows: what a stream found, staged as a batch stages it, and published window by window.

All shards of a window come to its commit by a second grouping, which fires once: after all of them.
"""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import apache_beam as beam
from apache_beam.metrics import Metrics
from apache_beam.transforms.window import FixedWindows
from apache_beam.typehints import Tuple

from schemas.document import Document
from schemas.fetch import Fetch
from schemas.item import RawInput
from schemas.reject import Reject
from transforms.bugs import REASON
from transforms.lake.fetches import Settle
from transforms.lake.preparing import Published
from transforms.lake.staging import expire, stage_raw
from transforms.lake.windows import StreamJob, publish_window, recorded
from transforms.write import keyed, record_of, stage_group

_HOUR: Final = timedelta(hours=1)


class TooManyBugs(Exception):
    """More items became rejects of reason `bug` in an hour than the job allows."""


@dataclass(frozen=True)
class Publishing:
    """How the windows of a job are published; travels to workers."""

    lake: str
    job: StreamJob
    #: Completes rows of fetches.
    settle: Settle
    #: Seconds to wait for another publisher.
    lock_wait: float = 600.0
    #: Items an hour whose analysis may raise.
    max_bugs: int = 100
    #: Days for which bodies of feeds are kept.
    keep_raw: int = 0


@dataclass
class WriteWindows(beam.PTransform):
    """Fixed windows of so many seconds on the time of ticks; each is a commit."""

    window: int
    publishing: Publishing
    shards: int = 1

    def expand(self, given: Any) -> beam.PCollection:
        """Outcomes, items and rejects as parsed, rows of fetches, heartbeats, RawInputs in; a line of JSON a commit out."""
        outcomes, items, rows, beats, raws = (
            pcoll | f"Window {name}" >> beam.WindowInto(FixedWindows(self.window))
            for name, pcoll in zip(("outcomes", "items", "rows", "beats", "raws"), given, strict=True)
        )
        lake, job = self.publishing.lake, self.publishing.job
        to_stage = (outcomes | "Outcomes" >> _Keyed(self.shards), rows | "Rows" >> _Keyed(self.shards))
        records = (
            to_stage
            | "To stage" >> beam.Flatten()
            | "Group" >> beam.GroupByKey()
            | "Stage" >> beam.FlatMap(stage_window, lake, job).with_output_types(str)
        )
        told = [records, counted(items, outcomes), beats]
        if self.publishing.keep_raw:
            bodies = raws | "Bodies" >> beam.Map(lambda raw: ("", raw)).with_output_types(Tuple[str, RawInput])
            kept = bodies | "Group bodies" >> beam.GroupByKey()
            told.append(kept | "Keep" >> beam.FlatMap(stage_bodies, lake, job).with_output_types(str))
        return (
            told
            | "To commit" >> beam.Flatten()
            | "Commit" >> beam.ParDo(_OfCommit(job))
            | "Commits" >> beam.GroupByKey()
            | "Publish" >> beam.ParDo(_Publish(self.publishing)).with_output_types(str)
        )


def counted(items: beam.PCollection, outcomes: beam.PCollection) -> beam.PCollection:
    """How many inputs each window has read, and how many of them met a bug, as JSON."""
    counts = (
        items | "Items" >> beam.Map(lambda _: ("read", 1)).with_output_types(Tuple[str, int]),
        outcomes | "Bugs" >> beam.FlatMap(bugs_of).with_input_types(Any).with_output_types(Tuple[str, int]),
    )
    return (
        counts
        | "Counts" >> beam.Flatten()
        | "Count" >> beam.CombinePerKey(sum)
        | "Tell" >> beam.Map(lambda count: json.dumps(dict([count]))).with_output_types(str)
    )


@dataclass
class _Keyed(beam.PTransform):
    shards: int

    def expand(self, outcomes: beam.PCollection) -> beam.PCollection:
        return keyed(outcomes, self.shards)


def stage_window(group: Any, lake: str, job: StreamJob, window: Any = beam.DoFn.WindowParam) -> list[str]:
    """The records of the files of one (day, shard) of a window, as JSON."""
    records = stage_group(group, lake, job.folder(_utc(window.start)))
    return [json.dumps(record, default=str) for record in records]


def stage_bodies(
    bodies: tuple[str, Iterable[RawInput]], lake: str, job: StreamJob, window: Any = beam.DoFn.WindowParam
) -> list[str]:
    """The records of the files of what a window's feeds brought, as JSON."""
    records = stage_raw(list(bodies[1]), Path(lake), job.folder(_utc(window.start)))
    return [json.dumps(record, default=str) for record in records]


def bugs_of(outcome: Document | Reject | Fetch) -> list[tuple[str, int]]:
    """A count for each reject that is khabar's own fault."""
    return [("bugs", 1)] if isinstance(outcome, Reject) and outcome.reason == REASON else []


@beam.typehints.with_output_types(Tuple[str, str])
class _OfCommit(beam.DoFn):
    def __init__(self, job: StreamJob) -> None:
        self.job = job

    def process(self, told: str, window: Any = beam.DoFn.WindowParam) -> Iterable[tuple[str, str]]:
        """What was told, under the name of its window."""
        yield self.job.window(_utc(window.start)), told


class _Publish(beam.DoFn):
    def __init__(self, publishing: Publishing) -> None:
        self.publishing = publishing
        self.counters = {
            name: Metrics.counter("Publish", name) for name in ("windows", "articles", "rejects", "failed")
        }
        self.lag = Metrics.distribution("Publish", "lag_ms")
        self.newest = Metrics.distribution("Publish", "window_end")

    def process(self, commit: tuple[str, Iterable[str]], window: Any = beam.DoFn.WindowParam) -> Iterable[str]:
        """Publishes all that a window told, and counts it: what `khabar status` shows, for an engine's own pages."""
        told = publish_commit(commit[1], _utc(window.start), _utc(window.end), self.publishing)
        line = json.loads(told)
        found = {"windows": 1, "failed": line["counts"].get("failed", 0)}
        found |= {name: line["rows"].get(name, 0) for name in ("articles", "rejects")}
        for name, number in found.items():
            self.counters[name].inc(number)
        self.lag.update(round(line["counts"]["lag_s"] * 1000))
        # Of a distribution engines show the greatest: the newest window, in seconds since 1970.
        self.newest.update(window.end.micros // 10**6)
        yield told


def publish_commit(told: Iterable[str], start: datetime, end: datetime, how: Publishing) -> str:
    """Publishes a window; gives its commit and counts as JSON.  Raises Superseded, LockHeld, TooManyBugs."""
    lake, job = Path(how.lake), how.job
    sums: Counter[str] = Counter({"read": 0, "ticks": 0, "bugs": 0})
    records = []
    for line in sorted(told):
        found = json.loads(line)
        if isinstance(found, list):
            records.append(record_of(found))
        else:
            sums.update(found)
    counts = {
        **sums,
        "window_start": start.isoformat(),
        "window_end": end.isoformat(),
        "job": job.name,
        "epoch": job.epoch,
        # The last window of a job that drains has not ended yet.
        "lag_s": max(round((datetime.now(UTC) - end).total_seconds(), 3), 0.0),
    }
    published = publish_window(lake, job, start, records, counts, how.settle, how.lock_wait)
    if how.keep_raw:
        expire(lake, how.keep_raw, end.date())
    if sums["bugs"]:
        hour = sum(record["counts"].get("bugs", 0) for record in recorded(lake, job, start, end, _HOUR))
        if hour > how.max_bugs:
            raise TooManyBugs(f"{hour} items met a bug within an hour, and --max-bugs is {how.max_bugs}: see `rejects`")
    rows = published.rows if isinstance(published, Published) else {}
    return json.dumps({"commit": published.commit, "rows": rows, "counts": counts}, sort_keys=True)


def _utc(moment: Any) -> datetime:
    """A timestamp of Beam's."""
    return datetime.fromtimestamp(moment.micros // 10**6, UTC)
