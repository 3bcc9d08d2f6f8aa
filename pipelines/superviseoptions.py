"""The options of `khabar stream`: those of its job, and how long its supervisor waits and how often it tries."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pipelines.optionvalues import Parser, between, whole
from pipelines.streamoptions import StreamOptions, of_stream, stream_parser

#: So many windows without a commit are silence; windows of a slow hour come late, but they come.
PATIENCE: Final = 3
#: Seconds in which an engine starts, models load and the first window is written.
START_UP: Final = 120.0
#: Seconds in which a drained job writes its windows.
DRAIN: Final = 120.0
#: Seconds before the second try.
PAUSE: Final = 5.0
#: So many tries in a row without a commit are no accident.
TRIES: Final = 5


@dataclass(frozen=True)
class Limits:
    """How long a supervisor waits, in seconds, and how often it tries."""

    #: No commit for so long: the job is dead.
    silence: float
    #: The same before a job's first commit.
    start: float
    #: A drained job has so long to end.
    drain: float
    #: Before the second try; doubled with each try that brought no commit.
    pause: float
    #: So many tries in a row without a commit end the supervisor.
    tries: int
    #: More items an hour at which khabar failed are a broken release, and no job is begun anew.
    bugs: int


@dataclass(frozen=True)
class SuperviseOptions:
    """What `khabar stream` was asked for."""

    stream: StreamOptions
    limits: Limits
    #: The arguments that the job is given, too.
    of_job: tuple[str, ...]


def _add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--patience",
        type=whole(1000),
        default=PATIENCE,
        help=f"the job is dead where no commit came for so many windows with their intervals (default {PATIENCE})",
    )
    parser.add_argument(
        "--start-up",
        type=between(1, 86400),
        default=START_UP,
        help=f"seconds that a job has for its first commit at least (default {START_UP:g})",
    )
    parser.add_argument(
        "--drain",
        type=between(1, 86400),
        default=DRAIN,
        help=f"seconds that a signal leaves the job to write its windows (default {DRAIN:g})",
    )
    parser.add_argument(
        "--pause",
        type=between(0.1, 300),
        default=PAUSE,
        help=f"seconds before a dead job is begun anew, doubled with each try up to 300 (default {PAUSE:g})",
    )
    parser.add_argument(
        "--tries",
        type=whole(1000),
        default=TRIES,
        help=f"so many jobs in a row that commit nothing end the command (default {TRIES})",
    )


def supervise_parser() -> Parser:
    """The parser of `khabar stream`."""
    parser = stream_parser()
    parser.description = (
        "Read the feeds of a list in one unbounded Beam job, and publish what is new window by window. The job is a process "
        "of its own; where it dies, or commits nothing for too long, it is killed with its engine and begun anew."
    )
    parser.epilog = (
        "SIGTERM or SIGINT drains: open windows are written. Exit codes: 0 drained; 1 not drained in time, or tries without a "
        "commit; 2 a wrong option, list, lake or runner; 70 more than --max-bugs in an hour; 75 another stream has begun on the lake; 130 and 143 a second signal."
    )
    _add(parser)
    return parser


def supervise_options(argv: Sequence[str] | None = None) -> SuperviseOptions:
    """The options of `khabar stream`; a wrong one ends the program with code 2."""
    given = sys.argv[1:] if argv is None else argv
    parser = supervise_parser()
    args, flags = parser.parse_known_args(given)
    stream = of_stream(parser, args, flags)
    own = Parser(parser.prog, "")
    _add(own)
    _, of_job = own.parse_known_args(given)
    silence = args.patience * (args.window + args.interval)
    limits = Limits(silence, max(args.start_up, silence), args.drain, args.pause, args.tries, args.max_bugs)
    return SuperviseOptions(stream, limits, tuple(of_job))
