"""One round of feeds, `khabar ingest --feeds`, and a round of old out of what was kept of it, `--since`.

A round fetches the feeds that are due, analyses what is news as any other input, and publishes articles, rows of
fetches and validators by one record.
"""

import hashlib
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipelines.feeds import opened
from pipelines.fetching import crew, due_feeds
from pipelines.graph import analyzer_version
from pipelines.ingest import (
    Job,
    chunks,
    collected,
    refuse,
    report,
    run_chunks,
    run_pipeline,
    stopped,
)
from pipelines.options import IngestOptions
from pipelines.optionvalues import LOCAL_RUNNER
from pipelines.refusals import Refused, check_runner
from pipelines.show import cell
from pipelines.workers import WorkerDied
from schemas.arrow import from_table
from schemas.feed import Feed
from schemas.fetch import Fetch
from schemas.item import RawInput
from transforms.engines.unavailable import Unavailable
from transforms.feeds.lists import ListError
from transforms.fetch.crew import Crew, Due
from transforms.fetch.fetcher import Stamp
from transforms.fetch.schedule import settled
from transforms.fetchround import FetchRound
from transforms.lake.fetches import newest
from transforms.lake.publishing import AlreadyPublished, Attempt, LockHeld, Superseded, begin, publish
from transforms.lake.staging import ORDER, RAW, FileRecord, expire, read_piece, stage, stage_raw
from transforms.loaded import loaded
from transforms.normalize import Run
from transforms.write import read_records, records_path

#: A round asks no more feeds of one host and in all, so that it ends in minutes: what else is due is so for the next.
PER_HOST, IN_ALL = 60, 20_000


class Brought(NamedTuple):
    """What a round staged: records of files, inputs read, rows of fetches."""

    records: list[FileRecord]
    read: int
    rows: list[Fetch]


def ingest_round(options: IngestOptions, begun: list[tuple[Path, Attempt]]) -> int:
    """Runs the command; appends the attempt that it begins.  Exit codes: those of `options.ingest_parser`."""
    if options.beam_flags:
        return refuse(
            f"no such option: {' '.join(options.beam_flags)}; `khabar ingest --help` tells those that there are"
        )
    lake = Path(options.lake).absolute()
    if lake.exists() and not lake.is_dir():
        return refuse(f"--lake {options.lake} is a file: give a folder, or a name that is not there yet")
    try:
        check_runner(options.runner, options.beam_flags)
        loaded(options.engines)
        return read_feeds(options, lake, begun) if options.feeds else replay(options, lake, begun)
    except (Refused, Unavailable) as refused:
        return refuse(str(refused))
    except ListError as error:
        for problem in error.problems[:-1]:
            refuse(problem)
        return refuse(error.problems[-1])
    except (LockHeld, Superseded, WorkerDied) as error:
        return stopped(error, begun)


def read_feeds(options: IngestOptions, lake: Path, begun: list[tuple[Path, Attempt]]) -> int:
    """One polite round.  Raises what `ingest_round` answers for."""
    feeds = opened(options.feeds or "")
    run_id = options.run_id or round_id(feeds, options.fetched_at, options.dated)
    run = Run(run_id, analyzer_version(options.engines), datetime.now(UTC))
    attempt = started(lake, run_id, options)
    if not isinstance(attempt, Attempt):
        return attempt
    begun.append((lake, attempt))
    due = due_feeds(feeds, newest(lake), datetime.now(UTC), PER_HOST, IN_ALL)
    job = Job(run, str(lake), attempt, options.shards, options.beam_flags, options.engines)
    make = partial(crew, options.net, lake, Stamp(run_id, run.analyzer_version))
    if options.runner == LOCAL_RUNNER:
        with closing(make()) as fetching:
            brought = fetch_and_stage(due, fetching, job, options.keep_raw > 0, options.workers)
    else:
        brought = fetch_on_runner(due, make, job, options.runner)
    published = publish(
        lake, attempt, brought.records, {"read": brought.read} | tally(feeds, brought.rows), options.lock_wait, settled
    )
    if options.keep_raw:
        expire(lake, options.keep_raw, run.fetched_at.date())
    told = tally(feeds, brought.rows)
    report(published, brought.read, feeds=told, errors=errors(brought.rows))
    if not told["asked"] or told["failed"] < told["asked"]:
        return 0
    print(f"khabar ingest: every feed that was asked failed: {reasons(brought.rows)}", file=sys.stderr)
    return 4


def started(lake: Path, run_id: str, options: IngestOptions) -> Attempt | int:
    """The attempt at the run, or the exit code where there is none to be made."""
    try:
        attempt = begin(lake, run_id, options.lock_wait)
    except OSError as error:
        return refuse(f"--lake {options.lake} cannot be made or written: {error.strerror or error}")
    return report(attempt, 0) if isinstance(attempt, AlreadyPublished) else attempt


def round_id(feeds: Sequence[Feed], at: datetime, dated: bool) -> str:
    """The logical date and a hash of the list; without a logical date each round is a run of its own."""
    listed = repr(feeds) if dated else f"{feeds!r} {at.isoformat()}"
    return at.strftime("%Y%m%dT%H%M%S") + "-" + hashlib.blake2b(listed.encode(), digest_size=8).hexdigest()


def fetch_and_stage(due: Iterable[Due], fetching: Crew, job: Job, keep: bool, workers: int = 1) -> Brought:
    """Fetches the feeds, and analyses and stages what they bring while others are fetched."""
    rows: list[Fetch] = []
    kept: list[FileRecord] = []
    lake = Path(job.lake)

    def raws() -> Iterator[RawInput]:
        for found in fetching.read(due):
            rows.extend(found.rows)
            yield from found.raws

    def chunked() -> Iterator[list[RawInput]]:
        for chunk in chunks(raws()):
            if keep:
                kept.extend(stage_raw(chunk, lake, job.attempt.folder))
            yield chunk

    records, read = run_chunks(chunked(), job, workers)
    return Brought([*records, *kept, *stage_rows(rows, job)], read, rows)


def fetch_on_runner(due: Sequence[Due], make: Callable[[], Crew], job: Job, runner: str) -> Brought:
    """The same in one pipeline of a runner of Beam's; its workers have the lake's folder in reach."""
    lake, folder, number = Path(job.lake), job.attempt.folder, 1
    source = FetchRound(tuple(due), make, job.lake, folder, number)
    records, read = collected([run_pipeline(source, job, 0, runner)])
    of_rows = read_records(records_path(lake, folder, number))
    tables = [read_piece(lake / record.path).drop_columns([ORDER]) for record in of_rows]
    return Brought([*records, *of_rows], read, [row for table in tables for row in from_table(Fetch, table)])


def stage_rows(rows: Sequence[Fetch], job: Job) -> list[FileRecord]:
    """The rows of fetches as staged files."""
    days: dict[date, list[Fetch]] = {}
    for row in rows:
        days.setdefault(row.fetched_at.date(), []).append(row)
    return [r for day, found in days.items() for r in stage(found, Path(job.lake), job.attempt.folder, day, 0)]


def tally(feeds: Sequence[Feed], rows: Iterable[Fetch]) -> dict[str, int]:
    """Counts of a round: feeds in the list, asked, unchanged, failed; pages asked and failed."""
    of_feeds = [row for row in rows if row.kind == "feed"]
    pages = [row for row in rows if row.kind == "page"]
    return {
        "listed": len(feeds),
        "asked": len(of_feeds),
        "unchanged": sum(row.unchanged for row in of_feeds),
        "failed": sum(row.error is not None for row in of_feeds),
        "pages": len(pages),
        "pages_failed": sum(row.error is not None for row in pages),
    }


def errors(rows: Iterable[Fetch]) -> dict[str, int]:
    """How many requests failed of which kind."""
    return dict(sorted(Counter(row.error for row in rows if row.error).items()))


def reasons(rows: Iterable[Fetch], most: int = 3) -> str:
    """Why requests for feeds failed, in words for a person: so many reasons, and where the others stand."""
    # Servers write into some of them.
    failed = (cell(row.detail or row.error) for row in rows if row.kind == "feed" and row.error)
    told = list(dict.fromkeys(failed))
    return "; ".join(told[:most]) + ("" if len(told) <= most else "; `khabar status` tells it of each source")


def replay(options: IngestOptions, lake: Path, begun: list[tuple[Path, Attempt]]) -> int:
    """Reads again what was fetched in a time, offline.  Raises what `ingest_round` answers for."""
    kept = Path(options.raw or options.lake).absolute()
    since, until = options.since or datetime.now(UTC), options.until or datetime.now(UTC)
    if since >= until:
        return refuse(f"--since {since:%Y-%m-%dT%H:%M} is not past yet (times are UTC where no zone is given)")
    files = raw_files(kept, since, until)
    if not files:
        return refuse(
            f"{kept} kept nothing of {since:%Y-%m-%dT%H:%M} to {until:%Y-%m-%dT%H:%M}: `--keep-raw DAYS` keeps it"
        )
    version = analyzer_version(options.engines)
    # Another analyzer makes another run: a better parser is what a back-fill is for.
    parts = " ".join([version, since.isoformat(), until.isoformat(), *(file.name for file in files)])
    run_id = (
        options.run_id or f"replay-{since:%Y%m%dT%H%M}-{hashlib.blake2b(parts.encode(), digest_size=8).hexdigest()}"
    )
    attempt = started(lake, run_id, options)
    if not isinstance(attempt, Attempt):
        return attempt
    begun.append((lake, attempt))
    run = Run(run_id, version, datetime.now(UTC))
    job = Job(run, str(lake), attempt, options.shards, (), options.engines)
    records, read = run_chunks(chunks(kept_inputs(files, since, until)), job, options.workers)
    return report(publish(lake, attempt, records, {"read": read}, options.lock_wait), read)


def raw_files(lake: Path, since: datetime, until: datetime) -> list[Path]:
    """The files of `_raw` that may hold what was fetched in the time, in order."""
    first, last = since.date().isoformat(), until.date().isoformat()
    folders = (lake / RAW).glob("fetched_date=*")
    days = [folder for folder in folders if first <= folder.name.partition("=")[2] <= last]
    return sorted(file for folder in days for file in folder.glob("*.parquet"))


def kept_inputs(files: Iterable[Path], since: datetime, until: datetime) -> Iterator[RawInput]:
    """The inputs of the files that were fetched in the time, a file at a time in memory."""
    for file in files:
        table: Any = pq.read_table(file, partitioning=None)
        at = table["fetched_at"]
        inside = pc.and_(pc.greater_equal(at, since), pc.less(at, until))
        yield from from_table(RawInput, table.filter(inside))
