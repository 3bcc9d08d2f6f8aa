"""streamjob: one job of a stream, the child of `khabar stream`.  `python -m pipelines.streamjob --job ID --stop-file PATH …`.

It builds one unbounded graph, runs it on an engine, and waits until the stop file drains it or something ends it.  The
lake is the checkpoint: the engine keeps nothing that is needed after the job.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

from pipelines import logs

# isort: split
import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions

from pipelines.asking import Asking, Pages
from pipelines.feedoptions import NetOptions
from pipelines.feeds import opened
from pipelines.fetching import crew
from pipelines.graph import analyzer_version, parsed, understood
from pipelines.ingest import unknown_options
from pipelines.refusals import Refused, check_runner
from pipelines.streamoptions import JobOptions, StreamOptions, job_options, job_parser
from schemas.feed import Feed
from transforms.bridge import Bridge, seen_index
from transforms.bugs import AsReject
from transforms.engines.unavailable import Unavailable
from transforms.feeds.lists import ListError
from transforms.fetch.fetcher import Stamp
from transforms.fetch.openround import OpenRound
from transforms.fetch.schedule import settled
from transforms.fetchticks import FetchTicks
from transforms.lake.health import health
from transforms.lake.publishing import LockHeld
from transforms.lake.windows import StreamJob, is_superseded, open_job
from transforms.loaded import loaded
from transforms.normalize import Run
from transforms.tick import Tick
from transforms.writewindows import Publishing, WriteWindows

DRAINED: Final = 0
FAILED: Final = 1
REFUSED: Final = 2
SUPERSEDED: Final = 75
#: Beam reads what becomes of a job from a request that would be over, and the job with it, after five minutes.
FOR_EVER: Final = f"--job_server_timeout={10 * 365 * 86400}"


def reader(feeds: Sequence[Feed], lake: str, net: NetOptions, stamp: Stamp) -> Asking:
    """What asks the feeds, once a process."""
    pages = Pages(seen_index(lake))
    return Asking(feeds, Path(lake), OpenRound(crew(net, Path(lake), stamp, pages.known)), pages)


@dataclass(frozen=True)
class Stream:
    """What the parts of a stream's graph share."""

    options: StreamOptions
    #: Absolute, for workers.
    lake: str
    job: StreamJob
    run: Run

    def write(self, raws: beam.PCollection, rows: beam.PCollection, beats: beam.PCollection) -> beam.PCollection:
        """From raw inputs, rows of fetches and heartbeats to commits: a line of JSON each."""
        bug = AsReject(self.run)
        items = parsed(raws, self.run, self.options.engines, bug)
        outcomes = understood(items, self.run, self.options.engines, bug, Bridge(self.lake))
        options = self.options
        publish = Publishing(self.lake, self.job, settled, options.lock_wait, options.max_bugs, options.keep_raw)
        return (outcomes, items, rows, beats, raws) | WriteWindows(options.window, publish, options.shards)


def build(root: beam.Pipeline, stream: Stream, feeds: Sequence[Feed], stop_file: str) -> beam.PCollection:
    """The whole graph of a job."""
    stamp = Stamp(stream.run.run_id, stream.run.analyzer_version)
    make = partial(reader, tuple(feeds), stream.lake, stream.options.net, stamp)
    ticks = root | Tick(stop_file, stream.options.interval)
    return stream.write(*(ticks | FetchTicks(stream.job.name, make)))


def main(argv: Sequence[str] | None = None) -> int:
    """Exit codes: 0 drained; 1 failed; 2 a wrong option, list, lake or runner; 75 a newer job took over."""
    options = job_options(argv)
    logs.to_stderr()
    lake = Path(options.stream.lake).absolute()
    try:
        feeds = checked(options, lake)
    except (Refused, Unavailable, ListError, OSError) as refused:
        return say(f"error: {refused}", REFUSED)
    try:
        job = open_job(lake, options.job)
    except (LockHeld, OSError) as error:
        # A publisher that takes long, a full disk: the supervisor tries again.
        return say(str(error), FAILED)
    run = Run(job.name, analyzer_version(options.stream.engines), datetime.now(UTC))
    return waited(Stream(options.stream, str(lake), job, run), feeds, options.stop_file)


def checked(options: JobOptions, lake: Path) -> tuple[Feed, ...]:
    """The feeds, where the job can be run.  Raises Refused, Unavailable, ListError, OSError."""
    flags = options.stream.beam_flags
    if unknown := unknown_options(flags):
        raise Refused(f"no such option, here or in Beam: {' '.join(unknown)}; {job_parser().meant(unknown)}")
    check_runner(options.stream.runner, flags)
    feeds = opened(options.stream.feeds)
    (lake / "_state").mkdir(parents=True, exist_ok=True)
    if not health(lake)["writable"]:
        raise Refused(f"--lake {options.stream.lake} cannot be written")
    loaded(options.stream.engines)
    return feeds


def waited(stream: Stream, feeds: Sequence[Feed], stop_file: str) -> int:
    """Runs the graph until it ends; the exit code."""
    flags = [f"--job_name=khabar-{stream.job.name.lower()}", "--streaming", FOR_EVER, *stream.options.beam_flags]
    pipeline = beam.Pipeline(runner=stream.options.runner, options=PipelineOptions(flags))
    build(pipeline, stream, feeds, stop_file)
    try:
        pipeline.run().wait_until_finish()
    except Exception as error:
        # Engines tell of an error in a worker as text alone.
        if is_superseded(Path(stream.lake), stream.job):
            return say(f"a newer job streams into {stream.lake}: {stream.job.name} publishes nothing more", SUPERSEDED)
        return say(f"the job {stream.job.name} failed: {error}", FAILED)
    return DRAINED


def say(message: str, code: int) -> int:
    """Tells it on stderr, and gives the code."""
    print(f"khabar streamjob: {message}", file=sys.stderr)
    return code


if __name__ == "__main__":
    # Run as pipelines.streamjob, never as __main__: what is pickled from here must be found by workers.
    from pipelines import streamjob

    sys.exit(streamjob.main())
