"""ingest: article files in, a lake out.  `python -m pipelines.ingest --input PATH --lake FOLDER`.

Local runs are fed in chunks, so that memory stays flat: FnApiRunner keeps a stage's whole output.
"""

import argparse
import hashlib
import json
import logging
import multiprocessing
import os
import re
import sys
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import apache_beam as beam
from apache_beam.io.filesystem import CompressionTypes
from apache_beam.io.filesystems import FileSystems
from apache_beam.metrics import MetricsFilter
from apache_beam.options.pipeline_options import PipelineOptions, StandardOptions
from apache_beam.runners.portability.fn_api_runner import FnApiRunner

import schemas.coders  # noqa: F401  registers the coders
from schemas.item import RawInput
from transforms.analyze import Analyze
from transforms.arabic import lexicon
from transforms.feeds.html import parse_page
from transforms.feeds.jsonl import parse_line
from transforms.feeds.rss import parse_feed
from transforms.feeds.sniff import Kind
from transforms.feeds.text import parse_text
from transforms.lake.publishing import AlreadyPublished, Attempt, LockHeld, Published, Superseded, begin, publish
from transforms.lake.staging import FileRecord
from transforms.normalize import Normalize, Run
from transforms.parse import Parse, Parser
from transforms.read import Read, match_inputs, read_inputs
from transforms.segment import Segment
from transforms.write import Write, read_records, records_path

PARSERS: dict[str, Parser] = {"jsonl": parse_line, "text": parse_text, "feed": parse_feed, "html": parse_page}
#: A chunk ends at this many inputs or bytes: 33-77 KB a document over two shuffles was measured.
CHUNK_INPUTS, CHUNK_BYTES = 2000, 32 << 20


def analyzer_version() -> str:
    """Hash of the language code, data files and models."""
    hasher = hashlib.blake2b(digest_size=8)
    root = Path(__file__).parent.parent
    for path in sorted(chain(root.glob("schemas/*.py"), root.glob("transforms/**/*.py"))):
        hasher.update(path.relative_to(root).as_posix().encode() + path.read_bytes())
    for name, content in lexicon.data_files():
        hasher.update(name.encode() + content)
    return hasher.hexdigest()


@dataclass(frozen=True)
class Job:
    """What every pipeline of a run shares; pickled to worker processes."""

    run: Run
    lake: str
    attempt: Attempt
    shards: int
    beam_flags: tuple[str, ...]


def build(raws: beam.PCollection, job: Job, number: int = 0) -> beam.PCollection:
    """The steps from raw inputs to staged files."""
    return (
        raws
        | beam.Reshuffle()
        | Parse(PARSERS, job.run)
        | Normalize(job.run)
        | Segment()
        | Analyze()
        | Write(job.lake, job.attempt.folder, job.shards, number)
    )


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


def run_chunk(raws: list[RawInput], number: int, job: Job) -> tuple[list[FileRecord], Counter]:
    """A pipeline over one chunk, in this process."""
    records, counts = run_pipeline(beam.Create(raws), job, number, FnApiRunner())
    if counts["Parse", "in"] != len(raws):
        raise RuntimeError(f"chunk {number}: {len(raws)} inputs, but Parse took {counts['Parse', 'in']}")
    return records, counts


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


def run_chunks(
    paths: Sequence[str], job: Job, workers: int, kind: Kind | None = None
) -> Iterator[tuple[list[FileRecord], Counter]]:
    """Runs all chunks, in this process or in `workers` lasting ones.  Raises BrokenProcessPool where one dies."""
    numbered = enumerate(chunks(chain.from_iterable(read_inputs(p, kind) for p in paths)))
    if workers == 1:
        for number, chunk in numbered:
            yield run_chunk(chunk, number, job)
        return
    with _pool(workers) as pool:
        running: set[Future] = set()
        for number, chunk in numbered:
            running.add(pool.submit(run_chunk, chunk, number, job))
            # Chunks wait in memory: no more than the workers need next.
            if len(running) > workers:
                done, running = wait(running, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in done)
        yield from (future.result() for future in running)


@contextmanager
def _pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, spawn, initializer=_die_with_parent) as pool:
        try:
            yield pool
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _die_with_parent() -> None:
    """A worker whose launcher was killed would wait for its next chunk for ever."""
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent:
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def run_id_of(paths: Sequence[str], fetched: datetime, kind: Kind | None = None) -> str:
    """The logical date and a hash of the inputs' bytes: the same inputs on the same date are the same run."""
    hasher = hashlib.blake2b((kind or "").encode(), digest_size=8)
    for path in paths:
        with FileSystems.open(path, compression_type=CompressionTypes.UNCOMPRESSED) as stream:
            content = hashlib.blake2b()
            for block in iter(partial(stream.read, 1 << 20), b""):
                content.update(block)
        hasher.update(path.encode("utf-8", "surrogateescape") + b"\0" + content.digest())
    return fetched.strftime("%Y%m%dT%H%M%S") + "-" + hasher.hexdigest()


def _positive(value: str) -> int:
    number = int(value)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{value} is not at least 1")
    return number


def _name(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", value):
        raise argparse.ArgumentTypeError(f"{value!r} may have Latin letters, digits, '.', '_' and '-' only")
    return value


def unknown_options(flags: Sequence[str]) -> list[str]:
    """Those of the flags that no Beam option takes; Beam itself only warns of them."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, conflict_handler="resolve")
    for options in PipelineOptions.__subclasses__():
        if "_add_argparse_args" in vars(options):
            options._add_argparse_args(parser)  # type: ignore[arg-type]
    return parser.parse_known_args(list(flags))[1]


def main(argv: list[str] | None = None) -> int:
    """Exit codes: 0 published or nothing new, 1 a worker died, 2 usage, 75 another publisher holds the lake."""
    parser = argparse.ArgumentParser(
        prog="khabar ingest",
        description=__doc__.splitlines()[0],
        epilog="Beam's own options pass through: --runner and those of the runner.",
        allow_abbrev=False,
    )
    parser.add_argument("--input", required=True, help="file, folder or glob; .gz too")
    parser.add_argument("--format", choices=PARSERS, help="what every file is; default: told by content, then by name")
    parser.add_argument("--lake", required=True, help="folder of the lake")
    parser.add_argument(
        "--logical-date", type=datetime.fromisoformat, help="what files count as fetched at; default now"
    )
    parser.add_argument("--run-id", type=_name, help="default: the logical date and a hash of the inputs' bytes")
    parser.add_argument("--shards", type=_positive, default=1)
    parser.add_argument("--workers", type=_positive, default=1, help="processes; for the default runner")
    args, beam_flags = parser.parse_known_args(argv)
    if unknown := unknown_options(beam_flags):
        parser.error(f"no such option, here or in Beam: {' '.join(unknown)}")
    runner = PipelineOptions(beam_flags).view_as(StandardOptions).runner
    local = runner in (None, "FnApiRunner")
    if args.workers > 1 and not local:
        parser.error(f"--workers {args.workers} is for the default runner, and --runner is {runner}: leave one out")
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    fetched = args.logical_date or datetime.now(UTC)
    fetched = (fetched if fetched.tzinfo else fetched.replace(tzinfo=UTC)).astimezone(UTC)
    try:
        paths = match_inputs(args.input)
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 2
    lake, run_id = Path(args.lake).absolute(), args.run_id or run_id_of(paths, fetched, args.format)
    try:
        attempt = begin(lake, run_id)
        if isinstance(attempt, AlreadyPublished):
            return report(attempt, 0)
        job = Job(Run(run_id, analyzer_version(), fetched), str(lake), attempt, args.shards, tuple(beam_flags))
        parts = (
            run_chunks(paths, job, args.workers, args.format)
            if local
            else [run_pipeline(Read(paths, args.format), job, 0, runner)]
        )
        records: list[FileRecord] = []
        read = 0
        for found, counts in parts:
            records += found
            read += counts["Parse", "out"] + counts["Parse", "rejected"]
        return report(publish(lake, attempt, records, {"read": read}), read)
    except (LockHeld, Superseded) as error:
        print(error, file=sys.stderr)
        return 75
    except BrokenProcessPool:
        print("a worker process died: nothing is published; the same command starts anew", file=sys.stderr)
        return 1


def report(published: Published | AlreadyPublished, read: int) -> int:
    """One line of counts to stdout: read = written + duplicates + rejected; nothing was read for a known run."""
    line: dict[str, Any] = {"run_id": published.commit, "read": read, "written": 0, "rejected": 0, "duplicates": 0}
    line["rows"] = {}
    if isinstance(published, Published):
        line |= {"written": published.rows["articles"], "rejected": published.rejected}
        line |= {"duplicates": published.duplicates, "rows": {k: n for k, n in published.rows.items() if n}}
    print(json.dumps(line, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    # Run as pipelines.ingest, never as __main__: nothing is pickled from here.
    from pipelines import ingest

    sys.exit(ingest.main())
