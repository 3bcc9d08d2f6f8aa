"""Windows of a stream: each is a commit of its own, `<job>-<window start>-<attempt>`, and only the newest job may commit.

A window that is written twice, after a restart or by an engine that repeats its work, replaces nothing: what the lake
has not yet goes out as its next attempt.  Knows: jobs and attempts.  Does not know: what a commit does (`publishing`).
"""

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, Final, NamedTuple

import pyarrow.parquet as pq

from schemas.tables import PARTITION
from transforms.lake.fetches import Settle
from transforms.lake.preparing import Published, prepare
from transforms.lake.publishing import (
    AlreadyPublished,
    Attempt,
    Superseded,
    discard,
    epochs_of,
    lock,
    put_out,
    recover,
    write_epochs,
)
from transforms.lake.runs import is_published, record_path
from transforms.lake.staging import FileRecord

#: Among the epochs of unfinished runs, that of streams; no run is named so.
_STREAM: Final = "_stream"


class StreamJob(NamedTuple):
    """A job of a stream, and its number: the newest may publish."""

    name: str
    epoch: int

    def window(self, start: datetime) -> str:
        """The name of one of its windows."""
        return f"{self.name}-{start:%Y%m%dT%H%M%S}"

    def folder(self, start: datetime) -> str:
        """Where the window stages, under the lake."""
        return f"_staging/{self.window(start)}"


def open_job(lake: Path, name: str, wait: float = 60.0) -> StreamJob:
    """Begins a job: earlier ones publish nothing from now on, and what they staged is dropped.  Raises LockHeld."""
    with lock(lake, wait):
        recover(lake)
        epochs = epochs_of(lake)
        job = StreamJob(name, epochs.get(_STREAM, 0) + 1)
        # Attempts of runs have numbers; windows have none.  First of all: it may be what fills the disk.
        for path in (lake / "_staging").glob("*"):
            if path.name not in epochs:
                shutil.rmtree(path, ignore_errors=True)
        write_epochs(lake, epochs | {_STREAM: job.epoch})
    return job


def is_superseded(lake: Path, job: StreamJob) -> bool:
    """Whether another job has begun since; of a lake that was removed nobody can tell, and it is no reason to give way."""
    return epochs_of(lake).get(_STREAM, 0) > job.epoch


def publish_window(
    lake: Path,
    job: StreamJob,
    start: datetime,
    records: Sequence[FileRecord],
    counts: Mapping[str, Any],
    settle: Settle,
    wait: float = 60.0,
) -> Published | AlreadyPublished:
    """Publishes what a window staged, or what of it the lake has not; `counts` go into the record.

    Raises LockHeld; Superseded where a newer job has begun; RuntimeError where inputs were lost on the way, or the lake is another one.
    """
    with lock(lake, wait):
        recover(lake)
        if is_superseded(lake, job):
            shutil.rmtree(lake / job.folder(start), ignore_errors=True)
            raise Superseded(f"a newer job than {job.name} streams into {lake}: this one publishes nothing more")
        if epochs_of(lake).get(_STREAM) != job.epoch:
            raise RuntimeError(
                f"{lake} is not the lake that {job.name} began in: it was removed, unmounted or replaced"
            )
        name = job.window(start)
        number = next(n for n in count(1) if not is_published(lake, f"{name}-{n}"))
        # What an attempt has published is no longer staged.
        staged = [record for record in records if number == 1 or (lake / record.path).exists()]
        if number > 1 and not staged:
            return AlreadyPublished(f"{name}-{number - 1}")
        if len(staged) < len(records):
            counts = {key: value for key, value in counts.items() if key != "read"}
        attempt = Attempt(f"{name}-{number}", job.epoch)
        before = _fetched(lake, staged) if number > 1 else frozenset()
        prepared = prepare(lake, attempt.commit, attempt.folder, staged, settle, before)
        new = number == 1 or any(prepared.published.rows.values())
        if new:
            put_out(lake, attempt, prepared, counts)
        else:
            discard(lake, attempt)
        for record in staged:
            (lake / record.path).unlink(missing_ok=True)
        with suppress(OSError):
            (lake / job.folder(start)).rmdir()
        return prepared.published if new else AlreadyPublished(f"{name}-{number - 1}")


def _fetched(lake: Path, records: Sequence[FileRecord]) -> frozenset[str]:
    """The ids of fetches that the lake has of the days of the records."""
    days = {record.day for record in records if record.table == "fetches"}
    files = [file for day in days for file in (lake / "fetches" / f"{PARTITION}={day.isoformat()}").glob("*.parquet")]
    return frozenset(i for file in files for i in pq.read_table(file, columns=["fetch_id"])["fetch_id"].to_pylist())


def recorded(lake: Path, job: StreamJob, start: datetime, end: datetime, span: timedelta) -> Iterator[dict[str, Any]]:
    """The records of a job's windows that began in the span before the end of this window."""
    moment = start
    while moment > end - span:
        for number in count(1):
            path = record_path(lake, f"{job.window(moment)}-{number}")
            if not path.exists():
                break
            yield json.loads(path.read_text("utf-8"))
        moment -= end - start
