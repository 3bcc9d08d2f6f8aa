"""stream: a list of feeds read by one unbounded Beam job, for as long as the process runs.  `khabar stream --feeds --lake`.

This process is the job's supervisor and needs no Beam; the job is `pipelines.streamjob`.
"""

import multiprocessing
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from pipelines import logs
from pipelines.feeds import opened
from pipelines.offspring import Offspring, Undead
from pipelines.progress import watched
from pipelines.streamoptions import StreamOptions
from pipelines.superviseoptions import SuperviseOptions, supervise_options, supervise_parser
from pipelines.supervisor import USAGE, Supervisor, heeding_signals
from transforms.feeds.lists import ListError
from transforms.lake.health import health


def refuse(message: str) -> int:
    """Says what is wrong with the command line."""
    print(f"khabar stream: error: {message}", file=sys.stderr)
    return USAGE


def engine_fault(options: StreamOptions) -> str | None:
    """What is wrong with the runner, its flags or the engines of the language; Beam is imported to tell."""
    from pipelines.ingest import unknown_options
    from pipelines.refusals import Refused, check_runner
    from transforms.engines.unavailable import Unavailable
    from transforms.loaded import loaded

    if unknown := unknown_options(options.beam_flags):
        return f"no such option, here or in Beam: {' '.join(unknown)}; {supervise_parser().meant(unknown)}"
    try:
        check_runner(options.runner, options.beam_flags)
        loaded(options.engines)
    except (Refused, Unavailable) as refused:
        return str(refused)
    return None


def beside(options: StreamOptions) -> str | None:
    """The same, told by a process that ends: Beam and models would stay in this one for months, 200 MB for nothing."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("fork")) as pool:
        return pool.submit(engine_fault, options).result()


def main(argv: Sequence[str] | None = None) -> int:
    """Exit codes: those of `superviseoptions.supervise_options`."""
    options: SuperviseOptions = supervise_options(argv)
    logs.to_stderr()
    lake = Path(options.stream.lake).absolute()
    try:
        feeds = opened(options.stream.feeds)
        if fault := beside(options.stream):
            return refuse(fault)
        (lake / "_state").mkdir(parents=True, exist_ok=True)
    except (ListError, OSError) as error:
        return refuse(str(error))
    if not health(lake)["writable"]:
        return refuse(f"--lake {options.stream.lake} cannot be written")

    def start(job: str, stop_file: Path) -> Offspring:
        return Offspring("pipelines.streamjob", [*options.of_job, f"--job={job}", f"--stop-file={stop_file}"])

    supervisor = Supervisor(lake, len(feeds), options.limits, start)
    try:
        with heeding_signals(supervisor), watched(supervisor.line):
            return supervisor.run()
    except Undead as undead:
        print(f"khabar stream: {undead}", file=sys.stderr)
        return 1
