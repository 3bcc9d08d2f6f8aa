"""The options of commands whose modules are slow to import: parsed before Beam is, so that help and refusals are quick.

Knows: which values an option may have, and what to do about one that it may not.
"""

import argparse
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final, NamedTuple, get_args

from pipelines.engineoptions import add_engines, chosen_engines
from pipelines.feedoptions import NetOptions, add_net_options, feeds_options, net_options, status_options, watch_options
from pipelines.optionvalues import LOCAL_RUNNER, Parser, folder, logical_date, name, path, runner, seconds, whole
from pipelines.superviseoptions import supervise_options
from schemas.event import EVENT_TYPES
from transforms.engines.table import DEFAULT, Engines, check_name
from transforms.engines.unavailable import Unavailable
from transforms.feeds.sniff import Kind

MAX_SHARDS, MAX_WORKERS = 1024, 128


class IngestOptions(NamedTuple):
    """What `khabar ingest` was asked for."""

    #: Files; empty where feeds are read, or what was kept of them.
    input: str
    #: What every file is; None where content and name tell.
    format: Kind | None
    lake: str
    #: What files count as fetched at, UTC.
    fetched_at: datetime
    run_id: str | None
    shards: int
    workers: int
    runner: str
    #: What finds names and divides words, with absolute paths.
    engines: Engines
    #: Seconds to wait for another publisher.
    lock_wait: float
    #: For Beam; what it does not know is refused by the command.
    beam_flags: tuple[str, ...]
    #: A feed list, of which the feeds that are due are fetched; and how.
    feeds: str | None
    net: NetOptions
    #: Whether a logical date was given: with the list it then names the run.
    dated: bool
    #: Days for which bodies of feeds are kept.
    keep_raw: int
    #: What was fetched from then on and before then is read again, out of this lake.
    since: datetime | None
    until: datetime | None
    raw: str | None


class ShowOptions(NamedTuple):
    """What `khabar show` was asked for."""

    lake: str
    type: str | None
    limit: int
    tsv: bool
    sql: bool


class BenchOptions(NamedTuple):
    """What `khabar bench` was asked for."""

    input: str
    #: How many articles.
    limit: int
    #: How often each layer runs.
    rounds: int
    #: Whether the steps of the pipeline are timed too.
    all: bool
    #: Those of the steps.
    engines: Engines


class DoctorOptions(NamedTuple):
    """What `khabar doctor` was asked for."""

    lake: str | None
    json: bool
    #: Whether engines other than the default ones are loaded, too.
    deep: bool
    #: As given: what is not there is what the doctor tells.
    engines: Engines


class ExplainOptions(NamedTuple):
    """What `khabar explain` was asked for."""

    #: A file, a folder, `-` for stdin, or with an `id` a lake.
    source: str
    id: str | None
    #: Which article of a file, from 1.
    number: int
    format: Kind | None
    #: How many features of each choice.
    features: int
    #: None where the terminal and NO_COLOR decide.
    color: bool | None
    html: str | None
    engines: Engines


def ingest_options(argv: Sequence[str] | None = None) -> IngestOptions:
    """The options; a wrong one ends the program with code 2 and says what would be right."""
    parser = ingest_parser()
    args, beam_flags = parser.parse_known_args(argv)
    if args.workers > 1 and args.runner != LOCAL_RUNNER:
        parser.error(
            f"--workers {args.workers} divides the work of {LOCAL_RUNNER}, and --runner {args.runner} has workers of "
            "its own: leave one of the two out"
        )
    if loose := [flag for flag in beam_flags if not flag.startswith("-")]:
        # Beam takes values apart from their options, too: only what stands first cannot be one.
        before = beam_flags[max(beam_flags.index(loose[0]) - 1, 0)]
        if not before.startswith("--") or "=" in before:
            parser.error(f"{loose[0]!r} belongs to no option: inputs are given as --input {loose[0]}")
    check_ways_in(parser, args)
    return IngestOptions(
        input=args.input or "",
        format=args.format,
        lake=args.lake,
        fetched_at=args.logical_date or datetime.now(UTC),
        run_id=args.run_id,
        shards=args.shards,
        workers=args.workers,
        runner=args.runner,
        engines=chosen_engines(parser, args),
        lock_wait=args.lock_wait,
        beam_flags=tuple(beam_flags),
        feeds=args.feeds,
        net=net_options(args),
        dated=args.logical_date is not None,
        keep_raw=args.keep_raw,
        since=args.since,
        until=args.until,
        raw=args.raw,
    )


def check_ways_in(parser: Parser, args: argparse.Namespace) -> None:
    """Ends the program with code 2 where not exactly one way in is given, or an option belongs to another one."""
    given = [f"--{name}" for name in ("input", "feeds", "since") if getattr(args, name)]
    if not given:
        parser.error("the following arguments are required: --input (or --feeds, or --since)")
    if len(given) > 1:
        parser.error(f"{' and '.join(given)} are different ways in: give one of them")
    for option, way in (("format", "input"), ("until", "since"), ("raw", "since"), ("keep_raw", "feeds")):
        if getattr(args, option) and given != [f"--{way}"]:
            parser.error(f"--{option.replace('_', '-')} belongs to --{way}, and {given[0]} was given")
    if (args.since or args.keep_raw) and args.runner != LOCAL_RUNNER:
        option = "--since" if args.since else "--keep-raw"
        parser.error(f"{option} works on this machine: leave --runner {args.runner} out")
    if args.since and args.until and args.until <= args.since:
        parser.error(f"--until {args.until:%Y-%m-%dT%H:%M} is not after --since {args.since:%Y-%m-%dT%H:%M}")


def ingest_parser() -> Parser:
    """The parser of `khabar ingest`."""
    parser = Parser(
        prog="khabar ingest",
        description="Article files or feeds in, a lake out. One JSON line of counts goes to stdout, all else to stderr.",
        epilog="Options may be written with _ for -; Beam's own pass through. Exit codes: 0 published, or nothing was new; "
        "1 a worker died or a bug; 2 a wrong option or input; 4 every feed failed; 75 another publisher holds the lake, try again; 130 and 143 interrupted.",
    )
    parser.add_argument("--input", type=path, help="file, folder or glob; .gz too")
    parser.add_argument("--feeds", type=path, help="list of feeds (OPML, TOML): those that are due are fetched")
    parser.add_argument("--since", type=logical_date, help="read again what was fetched from then on, offline")
    parser.add_argument("--until", type=logical_date, help="and before then; default now")
    parser.add_argument("--raw", type=folder, help="lake that kept what was fetched; default that of --lake")
    parser.add_argument(
        "--keep-raw", type=whole(3650), default=0, help="days for which bodies of feeds are kept (default: not at all)"
    )
    add_net_options(parser)
    parser.add_argument(
        "--format", choices=get_args(Kind), help="what every file is; default: told by content, then by name"
    )
    parser.add_argument("--lake", type=folder, required=True, help="folder of the lake; made where it is not there")
    parser.add_argument(
        "--logical-date",
        type=logical_date,
        help="what files count as fetched at; default now; with --feeds it names the run",
    )
    parser.add_argument(
        "--run-id", type=name, help="default: the logical date and a hash of the inputs' paths and bytes"
    )
    parser.add_argument("--shards", type=whole(MAX_SHARDS), default=1, help="files a table and day (default 1)")
    parser.add_argument("--workers", type=whole(MAX_WORKERS), default=1, help="processes (default 1)")
    parser.add_argument("--runner", type=runner, default=LOCAL_RUNNER, help=f"Beam runner (default {LOCAL_RUNNER})")
    add_engines(parser)
    parser.add_argument("--lock-wait", type=seconds, default=60.0, help=argparse.SUPPRESS)
    return parser


def show_options(argv: Sequence[str] | None = None) -> ShowOptions:
    """The options of `khabar show`; a wrong one ends the program with code 2."""
    parser = Parser(prog="khabar show", description="Print the newest events of a lake, newest article first.")
    parser.add_argument("lake", type=folder, help="folder of the lake")
    parser.add_argument("--limit", type=whole(10**6), default=20, help="how many events (default 20)")
    parser.add_argument(
        "--type", type=str.upper, choices=EVENT_TYPES, metavar="TYPE", help=f"one of {', '.join(EVENT_TYPES)}"
    )
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--tsv", action="store_true", help="uncut cells with a tab between them, for programs")
    how.add_argument("--sql", action="store_true", help="the SQL for DuckDB instead of its result")
    args = parser.parse_args(argv)
    return ShowOptions(args.lake, args.type, args.limit, args.tsv, args.sql)


def bench_options(argv: Sequence[str] | None = None) -> BenchOptions:
    """The options of `khabar bench`; a wrong one ends the program with code 2."""
    parser = Parser(prog="khabar bench", description="Time each language layer over articles, without Beam.")
    parser.add_argument("--input", type=path, required=True, help="JSON Lines file of articles; .gz too")
    parser.add_argument("--limit", type=whole(10**6), default=8000, help="how many articles (default 8000)")
    parser.add_argument(
        "--rounds", type=whole(100), default=5, help="runs of each layer; the median counts (default 5)"
    )
    parser.add_argument("--all", action="store_true", help="time the steps of the pipeline too: names, quotes, events")
    add_engines(parser)
    args = parser.parse_args(argv)
    engines = chosen_engines(parser, args)
    if engines != DEFAULT and not args.all:
        parser.error("engines are timed with the steps of the pipeline: add --all")
    return BenchOptions(args.input, args.limit, args.rounds, args.all, engines)


def doctor_options(argv: Sequence[str] | None = None) -> DoctorOptions:
    """The options of `khabar doctor`; a wrong one ends the program with code 2."""
    parser = Parser(
        prog="khabar doctor",
        description="Tell which engines can be used here and why others cannot, versions, models, and a lake's state.",
        epilog="Exit codes: 0 the default engines can be used, 1 they cannot, 2 a wrong option.",
    )
    parser.add_argument("--lake", type=folder, help="folder of a lake to look at, too")
    parser.add_argument("--json", action="store_true", help="one JSON object, for programs")
    parser.add_argument(
        "--deep", action="store_true", help="load every engine: seconds, and torch where it is installed"
    )
    add_engines(parser)
    args = parser.parse_args(argv)
    try:
        check_name(args.names)
    except Unavailable as error:
        parser.error(str(error))
    return DoctorOptions(args.lake, args.json, args.deep, Engines(args.names, args.camel_model, args.morphology))


def explain_options(argv: Sequence[str] | None = None) -> ExplainOptions:
    """The options of `khabar explain`; a wrong one ends the program with code 2."""
    parser = Parser(
        prog="khabar explain",
        description="Print an article with all that is found in it, and for each event why.",
        epilog="An article of a lake is analysed anew, by this khabar.",
    )
    parser.add_argument("source", type=path, metavar="ARTICLE", help="file, `-` for stdin, or the folder of a lake")
    parser.add_argument("id", nargs="?", type=path, help="of a lake's article: article_id, version_id or guid")
    parser.add_argument("--number", type=whole(10**9), default=1, help="which article of a file (default 1)")
    parser.add_argument("--format", choices=get_args(Kind), help="what the file is; default: told by content and name")
    parser.add_argument("--features", type=whole(100), default=3, help="how many features a choice (default 3)")
    parser.add_argument(
        "--no-color", action="store_true", help="signs instead of colours: *event* [name] <date> {quote}"
    )
    parser.add_argument("--html", type=path, metavar="FILE", help="write a page instead")
    add_engines(parser)
    args = parser.parse_args(argv)
    if args.id and (args.number != 1 or args.format):
        parser.error("--number and --format are for files: an article of a lake is named by its id")
    return ExplainOptions(
        args.source,
        args.id,
        args.number,
        args.format,
        args.features,
        False if args.no_color else None,
        args.html,
        chosen_engines(parser, args),
    )


#: By command, what reads its options without importing the command.
OPTIONS: Final[dict[str, Callable[[Sequence[str]], object]]] = {
    "ingest": ingest_options,
    "show": show_options,
    "feeds": feeds_options,
    "watch": watch_options,
    "stream": supervise_options,
    "status": status_options,
    "bench": bench_options,
    "doctor": doctor_options,
    "explain": explain_options,
}
