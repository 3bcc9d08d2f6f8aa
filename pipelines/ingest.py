"""ingest: article files in, a lake out.  `khabar ingest --input PATH --lake FOLDER`.

Local runs are fed in chunks, so that memory stays flat: FnApiRunner keeps a stage's whole output.
"""

import argparse
import hashlib
import json
import multiprocessing
import os
import signal
import sys
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import chain, starmap
from pathlib import Path
from typing import Any

from pipelines import logs

# isort: split
import apache_beam as beam
from apache_beam.metrics import MetricsFilter
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner import FnApiRunner

import schemas.coders  # noqa: F401  registers the coders
from pipelines.graph import analyzer_version, parsed, understood
from pipelines.options import IngestOptions, ingest_options, ingest_parser
from pipelines.optionvalues import LOCAL_RUNNER
from pipelines.progress import shown
from pipelines.refusals import Refused, check_runner, found_inputs, keep_apart
from pipelines.workers import Live, WorkerDied, run_all
from schemas.item import RawInput
from transforms.engines.table import DEFAULT, Engines
from transforms.engines.unavailable import Unavailable
from transforms.feeds.errors import BadInput
from transforms.feeds.sniff import Kind
from transforms.lake.preparing import Published
from transforms.lake.publishing import (
    AlreadyPublished,
    Attempt,
    LockHeld,
    Superseded,
    begin,
    discard,
    publish,
)
from transforms.lake.staging import FileRecord
from transforms.loaded import loaded
from transforms.normalize import Run
from transforms.read import Read, read_inputs
from transforms.unpack import open_packed
from transforms.write import Write, live_counts, read_records, records_path

#: A chunk ends at this many inputs or bytes: 33-77 KB a document over two shuffles was measured.
CHUNK_INPUTS, CHUNK_BYTES = 2000, 32 << 20


@dataclass(frozen=True)
class Job:
    """What every pipeline of a run shares; pickled to worker processes."""

    run: Run
    lake: str
    attempt: Attempt
    shards: int
    beam_flags: tuple[str, ...]
    engines: Engines = DEFAULT


@dataclass
class Handed(beam.PTransform):
    """The raw inputs of a chunk of this process."""

    number: int

    def expand(self, root: beam.Pipeline) -> beam.PCollection:
        """RawInputs out."""
        return root | beam.Create([self.number]) | beam.FlatMap(handed)


def build(raws: beam.PCollection, job: Job, number: int = 0) -> beam.PCollection:
    """The steps from raw inputs to staged files."""
    items = parsed(raws, job.run, job.engines)
    return understood(items, job.run, job.engines) | Write(job.lake, job.attempt.folder, job.shards, number)


def run_pipeline(source: beam.PTransform, job: Job, number: int, runner: Any) -> tuple[list[FileRecord], Counter]:
    """Runs one bounded pipeline; gives the records of its staged files, and the counts of its steps."""
    out = records_path(Path(job.lake), job.attempt.folder, number)
    out.parent.mkdir(parents=True, exist_ok=True)
    pipeline = beam.Pipeline(runner=runner, options=PipelineOptions(list(job.beam_flags)))
    build(pipeline | "Read" >> source, job, number)
    result = pipeline.run()
    result.wait_until_finish()
    counts: Counter = Counter()
    for found in result.metrics().query(MetricsFilter())["counters"]:
        counts[found.key.metric.namespace, found.key.metric.name] += found.result or 0
    return read_records(out), counts


#: The inputs of the chunks that run in this process.  Beam's Create would pickle and compress them: a second a chunk.
_HANDED: dict[int, list[RawInput]] = {}


def handed(number: int) -> list[RawInput]:
    """The inputs of a chunk of this process."""
    return _HANDED[number]


def run_chunk(raws: list[RawInput], number: int, job: Job) -> tuple[list[FileRecord], Counter]:
    """A pipeline over one chunk, in this process."""
    _HANDED[number] = raws
    try:
        records, counts = run_pipeline(Handed(number), job, number, FnApiRunner())
    finally:
        del _HANDED[number]
    if counts["Parse", "in"] != len(raws):
        raise RuntimeError(f"chunk {number}: {len(raws)} inputs, but Parse took {counts['Parse', 'in']}")
    return records, counts


def read_all(paths: Iterable[str], kind: Kind | None = None) -> Iterator[RawInput]:
    """The raw inputs of all files, in their order."""
    return chain.from_iterable(read_inputs(path, kind) for path in paths)


def chunks(raws: Iterable[RawInput]) -> Iterator[list[RawInput]]:
    """Raw inputs in lists of bounded count and bytes."""
    chunk: list[RawInput] = []
    size = 0
    for raw in raws:
        chunk.append(raw)
        size += len(raw.payload)
        if len(chunk) >= CHUNK_INPUTS or size >= CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def run_id_of(paths: Sequence[str], fetched: datetime, kind: Kind | None = None) -> str:
    """The logical date and a hash of the inputs' paths and bytes: the same files on the same date are the same run.

    Paths count, for rows name them and a file's name tells its kind and date.
    """
    hasher = hashlib.blake2b((kind or "").encode(), digest_size=8)
    for path in paths:
        content = hashlib.blake2b()
        try:
            with open_packed(path) as stream:
                for block in iter(partial(stream.read, 1 << 20), b""):
                    content.update(block)
        except (BadInput, OSError) as error:
            # It becomes a reject, and another run once it can be read.
            content.update(type(error).__name__.encode())
        hasher.update(path.encode("utf-8", "surrogateescape") + b"\0" + content.digest())
    return fetched.strftime("%Y%m%dT%H%M%S") + "-" + hasher.hexdigest()


def unknown_options(flags: Sequence[str]) -> list[str]:
    """Those of the flags that no Beam option takes; Beam itself only warns of them."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, conflict_handler="resolve")
    for options in PipelineOptions.__subclasses__():
        if "_add_argparse_args" in vars(options):
            options._add_argparse_args(parser)  # type: ignore[arg-type]
    return parser.parse_known_args(list(flags))[1]


def main(argv: list[str] | None = None) -> int:
    """Exit codes: those of `options.ingest_parser`."""
    options = ingest_options(argv)
    logs.to_stderr()
    begun: list[tuple[Path, Attempt]] = []
    try:
        with dropped_on_failure(begun):
            if options.feeds or options.since:
                # It needs this module.
                from pipelines.rounds import ingest_round

                return ingest_round(options, begun)
            return ingest_files(options, begun)
    except Interrupted as interrupted:
        return interrupted.code


def ingest_files(options: IngestOptions, begun: list[tuple[Path, Attempt]]) -> int:
    """Runs the command; appends the attempt that it begins."""
    if unknown := unknown_options(options.beam_flags):
        return refuse(f"no such option, here or in Beam: {' '.join(unknown)}; {ingest_parser().meant(unknown)}")
    lake = Path(options.lake).absolute()
    if lake.exists() and not lake.is_dir():
        return refuse(f"--lake {options.lake} is a file: give a folder, or a name that is not there yet")
    try:
        check_runner(options.runner, options.beam_flags)
        paths = found_inputs(options.input, options.beam_flags)
        keep_apart(options.lake, paths, options.input)
    except Refused as refused:
        return refuse(str(refused))
    try:
        # Here too where others do the work: a model that cannot be loaded shall not be seen hours later.
        loaded(options.engines)
    except Unavailable as error:
        return refuse(str(error))
    run_id = options.run_id or run_id_of(paths, options.fetched_at, options.format)
    run = Run(run_id, analyzer_version(options.engines), options.fetched_at)
    try:
        try:
            attempt = begin(lake, run.run_id, options.lock_wait)
        except OSError as error:
            return refuse(f"--lake {options.lake} cannot be made or written: {error.strerror or error}")
        if isinstance(attempt, AlreadyPublished):
            return report(attempt, 0)
        begun.append((lake, attempt))
        job = Job(run, str(lake), attempt, options.shards, options.beam_flags, options.engines)
        records, read = run_job(paths, job, options)
        return report(publish(lake, attempt, records, {"read": read}, options.lock_wait), read)
    except (LockHeld, Superseded, WorkerDied) as error:
        return stopped(error, begun)


def stopped(error: LockHeld | Superseded | WorkerDied, begun: list[tuple[Path, Attempt]]) -> int:
    """Drops what was begun, says why, and gives the exit code: 75 where another publisher is at work, 1 for a dead worker."""
    drop(begun)
    if isinstance(error, WorkerDied):
        print("khabar ingest: a worker process died: nothing is published, run the same command again", file=sys.stderr)
        return 1
    print(f"khabar ingest: {error}", file=sys.stderr)
    return 75


def refuse(message: str) -> int:
    """Says what is wrong with the command line."""
    print(f"khabar ingest: error: {message}", file=sys.stderr)
    return 2


def run_job(paths: Sequence[str], job: Job, options: IngestOptions) -> tuple[list[FileRecord], int]:
    """Reads, analyses and stages all inputs; gives the records of staged files and how many inputs were read."""
    if options.runner != LOCAL_RUNNER:
        return collected([run_pipeline(Read(paths, options.format), job, 0, options.runner)])
    return run_chunks(chunks(read_all(paths, options.format)), job, options.workers)


def run_chunks(
    found: Iterable[list[RawInput]], job: Job, workers: int, quiet: bool = False
) -> tuple[list[FileRecord], int]:
    """Analyses and stages chunks of inputs on this machine, without progress where `quiet`; gives what `run_job` gives."""
    tasks = ((chunk, number, job) for number, chunk in enumerate(found))
    live = Live(2) if workers > 1 else None
    parts = run_all(run_chunk, tasks, workers, live, live_counts) if live else starmap(run_chunk, tasks)
    before = live_counts()

    def counts() -> tuple[int, int]:
        done, rejected = live.read() if live else (n - b for n, b in zip(live_counts(), before, strict=True))
        return done, rejected

    with nullcontext() if quiet else shown(counts):
        return collected(parts)


def collected(parts: Iterable[tuple[list[FileRecord], Counter]]) -> tuple[list[FileRecord], int]:
    """The records of all parts, and how many inputs they took."""
    records: list[FileRecord] = []
    read = 0
    for found, counts in parts:
        records += found
        read += counts["Parse", "out"] + counts["Parse", "rejected"]
    return records, read


def drop(begun: list[tuple[Path, Attempt]]) -> bool:
    """Drops what the attempts staged; False where one has begun to publish."""
    return all(discard(lake, attempt) for lake, attempt in begun)


class Interrupted(BaseException):
    """SIGINT or SIGTERM came while worker processes ran."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


@contextmanager
def dropped_on_failure(begun: list[tuple[Path, Attempt]]) -> Iterator[None]:
    """Leaves nothing staged where the run fails or is interrupted; SIGINT and SIGTERM end it with 130 and 143."""

    def interrupted(number: int, _: Any) -> None:
        left = "nothing is published" if drop(begun) else "it was publishing, which the next run on this lake finishes"
        show_cursor = "\r\x1b[K\x1b[?25h" if sys.stderr.isatty() else ""
        os.write(2, f"{show_cursor}khabar ingest: interrupted; {left}\n".encode())
        if multiprocessing.active_children():
            raise Interrupted(128 + number)
        # At once: an exception that crosses Beam becomes another one.
        os._exit(128 + number)

    numbers = (signal.SIGINT, signal.SIGTERM) if threading.current_thread() is threading.main_thread() else ()
    before = {number: signal.signal(number, interrupted) for number in numbers}
    try:
        yield
    except BaseException:
        drop(begun)
        raise
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def report(published: Published | AlreadyPublished, read: int, **more: Any) -> int:
    """One line of counts to stdout: read = written + duplicates + rejected; nothing was read for a known run."""
    line: dict[str, Any] = {"run_id": published.commit, "read": read, "written": 0, "rejected": 0, "duplicates": 0}
    line["rows"] = {}
    if isinstance(published, Published):
        line |= {"written": published.rows["articles"], "rejected": published.rejected}
        line |= {"duplicates": published.duplicates, "rows": {k: n for k, n in published.rows.items() if n}}
    print(json.dumps(line | more, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    # Run as pipelines.ingest, never as __main__: nothing is pickled from here.
    from pipelines import ingest

    sys.exit(ingest.main())
