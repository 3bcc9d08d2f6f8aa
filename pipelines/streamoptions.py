"""The options of `khabar stream` and of the job that it runs: parsed before Beam is imported.

Knows: which values an option may have.  Does not know: runners beyond the one that cannot stream.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pipelines.engineoptions import add_engines, chosen_engines
from pipelines.feedoptions import NetOptions, add_net_options, net_options
from pipelines.optionvalues import LOCAL_RUNNER, Parser, between, folder, name, path, runner, seconds, whole
from transforms.engines.table import Engines

#: Seconds between ticks, and of a window.
INTERVAL, WINDOW = 5.0, 300
#: Items an hour whose analysis may raise: more is no odd item, but a broken release.
MOST_BUGS: Final = 100
#: What is on its way to a commit is remembered for an hour: a window and its publishing have to fit.
MAX_WINDOW: Final = 1800
#: A shard more is a file more for each table, day and window.
MAX_SHARDS: Final = 64


@dataclass(frozen=True)
class StreamOptions:
    """What `khabar stream` was asked for, as its job needs it."""

    feeds: str
    lake: str
    #: Seconds between ticks, at each of which the feeds that are due are asked.
    interval: float
    #: Seconds of ticks that are published together.
    window: int
    shards: int
    #: Days for which bodies of feeds are kept.
    keep_raw: int
    runner: str
    net: NetOptions
    engines: Engines
    #: So many items an hour may become rejects of reason `bug`; one more ends the job.
    max_bugs: int
    #: Seconds to wait for another publisher.
    lock_wait: float
    #: For Beam; what it does not know is refused by the command.
    beam_flags: tuple[str, ...]


@dataclass(frozen=True)
class JobOptions:
    """What `python -m pipelines.streamjob` was asked for."""

    stream: StreamOptions
    #: Names the job and begins its commits' names, such as 20261128T151000.
    job: str
    #: The file whose being there ends the source.
    stop_file: str


def stream_parser() -> Parser:
    """The parser of `khabar stream`."""
    parser = Parser(
        prog="khabar stream",
        description="Read the feeds of a list in one unbounded Beam job, and publish what is new window by window.",
    )
    parser.add_argument("--feeds", type=path, required=True, help="list of feeds (OPML, TOML)")
    parser.add_argument("--lake", type=folder, required=True, help="folder of the lake; made where it is not there")
    parser.add_argument(
        "--interval", type=between(0.1, 60.0), default=INTERVAL, help=f"seconds between ticks (default {INTERVAL:g})"
    )
    parser.add_argument(
        "--window",
        type=whole(MAX_WINDOW),
        default=WINDOW,
        help=f"seconds that are published together (default {WINDOW}, {MAX_WINDOW} at most)",
    )
    parser.add_argument("--shards", type=whole(MAX_SHARDS), default=1, help="files a table, day and window (default 1)")
    parser.add_argument(
        "--keep-raw", type=whole(3650), default=0, help="days for which bodies of feeds are kept (default: not at all)"
    )
    parser.add_argument(
        "--runner", type=runner, default="PrismRunner", help="Beam runner that streams (default PrismRunner)"
    )
    parser.add_argument(
        "--max-bugs",
        type=whole(10**6),
        default=MOST_BUGS,
        help=f"items an hour whose analysis may raise before the job ends (default {MOST_BUGS})",
    )
    add_net_options(parser)
    add_engines(parser)
    parser.add_argument("--lock-wait", type=seconds, default=600.0, help=argparse.SUPPRESS)
    return parser


def job_parser() -> Parser:
    """The parser of the job: the options of `khabar stream`, and what its supervisor says."""
    parser = stream_parser()
    parser.prog = "python -m pipelines.streamjob"
    parser.add_argument("--job", type=name, required=True, help="name of the job: when it began")
    parser.add_argument("--stop-file", type=path, required=True, help="the job drains once this file is there")
    return parser


def stream_options(argv: Sequence[str] | None = None) -> StreamOptions:
    """The options of `khabar stream`; a wrong one ends the program with code 2."""
    parser = stream_parser()
    return of_stream(parser, *parser.parse_known_args(argv))


def job_options(argv: Sequence[str] | None = None) -> JobOptions:
    """The options of the job; a wrong one ends the program with code 2."""
    parser = job_parser()
    args, beam_flags = parser.parse_known_args(argv)
    return JobOptions(of_stream(parser, args, beam_flags), args.job, args.stop_file)


def of_stream(parser: Parser, args: argparse.Namespace, beam_flags: Sequence[str]) -> StreamOptions:
    """What the parser of a stream gave; ends the program with code 2 where it does not fit together."""
    if args.runner == LOCAL_RUNNER:
        parser.error(f"--runner {LOCAL_RUNNER} does not stream: use PrismRunner, or PortableRunner with a job service")
    if args.interval > args.window:
        parser.error(f"--interval {args.interval:g} is longer than --window {args.window}: windows would stay empty")
    if loose := [flag for flag in beam_flags if not flag.startswith("-")]:
        before = beam_flags[max(list(beam_flags).index(loose[0]) - 1, 0)]
        if not before.startswith("--") or "=" in before:
            parser.error(f"{loose[0]!r} belongs to no option")
    return StreamOptions(
        feeds=args.feeds,
        lake=args.lake,
        interval=args.interval,
        window=args.window,
        shards=args.shards,
        keep_raw=args.keep_raw,
        runner=args.runner,
        net=net_options(args),
        engines=chosen_engines(parser, args),
        max_bugs=args.max_bugs,
        lock_wait=args.lock_wait,
        beam_flags=tuple(beam_flags),
    )
