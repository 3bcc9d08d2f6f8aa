"""The options of commands whose modules are slow to import: parsed before Beam is, so that help and refusals are quick.

Knows: which values an option may have, and what to do about one that it may not.
"""

import argparse
import difflib
import re
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple, NoReturn, get_args

from schemas.event import EVENT_TYPES
from transforms.engines.table import DEFAULT, NAMES, Engines, check_name, located
from transforms.engines.unavailable import Unavailable
from transforms.feeds.sniff import Kind

#: Runs in this process, or in `--workers` of them.
LOCAL_RUNNER: Final = "FnApiRunner"
MAX_SHARDS, MAX_WORKERS = 1024, 128


class IngestOptions(NamedTuple):
    """What `khabar ingest` was asked for."""

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


class Once(argparse.Action):
    """Stores a value; refuses a second one, which would take the place of the first unseen."""

    def __call__(self, parser: argparse.ArgumentParser, namespace: Any, values: Any, option: str | None = None) -> None:
        """Ends the program with code 2 where the option was given before."""
        given = vars(namespace).setdefault("given", {})
        if self.dest in given:
            first = given[self.dest]
            parser.error(f"{option} is given twice, {str(first)!r} and {str(values)!r}: leave one out")
        given[self.dest] = values
        setattr(namespace, self.dest, values)


class Parser(argparse.ArgumentParser):
    """Takes options by their whole name and once, and says of an unknown one which was meant."""

    def __init__(self, prog: str, description: str, epilog: str | None = None) -> None:
        super().__init__(prog=prog, description=description, epilog=epilog, allow_abbrev=False)
        self.register("action", None, Once)

    def parse_args(self, args: Sequence[str] | None = None, namespace: Any = None) -> Any:  # type: ignore[override]
        """The options; ends the program with code 2 where one is wrong."""
        known, unknown = self.parse_known_args(args, namespace)
        if unknown:
            self.refuse_unknown(unknown)
        return known

    def parse_known_args(self, args: Sequence[str] | None = None, namespace: Any = None) -> Any:  # type: ignore[override]
        """The options and what is unknown; ends the program with code 2 where one is wrong or missing."""
        self._given = list(sys.argv[1:] if args is None else args)
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        """Ends the program with code 2; of an option that is missing, says which one may be it misspelt."""
        if "are required" in message:
            flags = [flag for flag in self._given if flag.startswith("--")]
            unknown = [flag for flag in flags if flag.split("=")[0] not in self._option_string_actions]
            if near := self.near(unknown):
                message = f"{message}; no such option: {' '.join(unknown)}; did you mean {', '.join(near)}?"
        super().error(message)

    def refuse_unknown(self, unknown: Sequence[str]) -> NoReturn:
        """Ends the program with code 2."""
        self.error(f"no such option: {' '.join(unknown)}; {self.meant(unknown)}")

    def meant(self, unknown: Sequence[str]) -> str:
        """Which options the unknown ones may be, or where to find them."""
        near = self.near(unknown)
        return f"did you mean {', '.join(near)}?" if near else f"`{self.prog} --help` tells those that there are"

    def near(self, unknown: Sequence[str]) -> list[str]:
        """Options that are spelt much like the unknown ones."""
        names = [name for action in self._actions for name in action.option_strings if action.help != argparse.SUPPRESS]
        return [m for flag in unknown for m in difflib.get_close_matches(flag.split("=")[0], names, 1)]


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
    return IngestOptions(
        input=args.input,
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
    )


def ingest_parser() -> Parser:
    """The parser of `khabar ingest`."""
    parser = Parser(
        prog="khabar ingest",
        description="Article files in, a lake out. One JSON line of counts goes to stdout, all else to stderr.",
        epilog="Beam's own options pass through. Exit codes: 0 published, or nothing was new; 1 a worker died or a bug; "
        "2 a wrong option or input; 75 another publisher holds the lake, try again; 130 and 143 interrupted.",
    )
    parser.add_argument("--input", type=_path, required=True, help="file, folder or glob; .gz too")
    parser.add_argument(
        "--format", choices=get_args(Kind), help="what every file is; default: told by content, then by name"
    )
    parser.add_argument("--lake", type=_folder, required=True, help="folder of the lake; made where it is not there")
    parser.add_argument("--logical-date", type=_logical_date, help="what files count as fetched at; default now")
    parser.add_argument(
        "--run-id", type=_name, help="default: the logical date and a hash of the inputs' paths and bytes"
    )
    parser.add_argument("--shards", type=_whole(MAX_SHARDS), default=1, help="files a table and day (default 1)")
    parser.add_argument("--workers", type=_whole(MAX_WORKERS), default=1, help="processes (default 1)")
    parser.add_argument("--runner", type=_runner, default=LOCAL_RUNNER, help=f"Beam runner (default {LOCAL_RUNNER})")
    add_engines(parser)
    parser.add_argument("--lock-wait", type=_seconds, default=60.0, help=argparse.SUPPRESS)
    return parser


def add_engines(parser: Parser) -> None:
    """The options that choose engines."""
    parser.add_argument(
        "--names",
        type=_path,
        default=DEFAULT.names,
        help=f"what finds names: {', '.join(NAMES)}, or module:factory (default {DEFAULT.names})",
    )
    parser.add_argument(
        "--camel-model", type=_path, help="folder or name of the model of --names camel; default: the one installed"
    )
    parser.add_argument(
        "--morphology", type=_path, help="ALMOR database of camel-tools, to divide words that news does not have"
    )


def chosen_engines(parser: Parser, args: argparse.Namespace) -> Engines:
    """The engines of the options, with absolute paths; ends the program with code 2 where something is not there."""
    try:
        return located(Engines(args.names, args.camel_model, args.morphology))
    except Unavailable as error:
        parser.error(str(error))


def show_options(argv: Sequence[str] | None = None) -> ShowOptions:
    """The options of `khabar show`; a wrong one ends the program with code 2."""
    parser = Parser(prog="khabar show", description="Print the newest events of a lake, newest article first.")
    parser.add_argument("lake", type=_folder, help="folder of the lake")
    parser.add_argument("--limit", type=_whole(10**6), default=20, help="how many events (default 20)")
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
    parser.add_argument("--input", type=_path, required=True, help="JSON Lines file of articles; .gz too")
    parser.add_argument("--limit", type=_whole(10**6), default=8000, help="how many articles (default 8000)")
    parser.add_argument(
        "--rounds", type=_whole(100), default=5, help="runs of each layer; the median counts (default 5)"
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
    parser.add_argument("--lake", type=_folder, help="folder of a lake to look at, too")
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
    parser.add_argument("source", type=_path, metavar="ARTICLE", help="file, `-` for stdin, or the folder of a lake")
    parser.add_argument("id", nargs="?", type=_path, help="of a lake's article: article_id, version_id or guid")
    parser.add_argument("--number", type=_whole(10**9), default=1, help="which article of a file (default 1)")
    parser.add_argument("--format", choices=get_args(Kind), help="what the file is; default: told by content and name")
    parser.add_argument("--features", type=_whole(100), default=3, help="how many features a choice (default 3)")
    parser.add_argument(
        "--no-color", action="store_true", help="signs instead of colours: *event* [name] <date> {quote}"
    )
    parser.add_argument("--html", type=_path, metavar="FILE", help="write a page instead")
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
    "bench": bench_options,
    "doctor": doctor_options,
    "explain": explain_options,
}


def _whole(most: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        if not re.fullmatch("[0-9]{1,9}", value) or not 1 <= int(value) <= most:
            raise argparse.ArgumentTypeError(f"{value!r} is no whole number from 1 to {most}")
        return int(value)

    return read


def _seconds(value: str) -> float:
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)?", value):
        raise argparse.ArgumentTypeError(f"{value!r} is no number of seconds, such as 60")
    return float(value)


def _name(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", value):
        raise argparse.ArgumentTypeError(
            f"{value!r} names no run: at most 100 Latin letters, digits, '.', '_' and '-', the first a letter or digit"
        )
    return value


def _path(value: str) -> str:
    if not value.strip():
        raise argparse.ArgumentTypeError(f"{value!r} names nothing: is a variable of the shell not set?")
    return value


def _folder(value: str) -> str:
    if scheme := re.match("[A-Za-z][A-Za-z0-9+.-]*:/", _path(value)):
        raise argparse.ArgumentTypeError(
            f"{value!r} is an address, and lakes are folders of this machine: leave {scheme[0]}/ out for a folder"
        )
    return value


def _runner(value: str) -> str:
    if value.lower() in ("directrunner", "direct", LOCAL_RUNNER.lower()):
        # It would try to download Prism first, and hangs behind a proxy that never answers.
        return LOCAL_RUNNER
    return value


def _logical_date(value: str) -> datetime:
    try:
        read = datetime.fromisoformat(value)
        date = (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError(
            f"{value!r} is no date: write 2024-06-01 or 2024-06-01T12:00:00+03:00 (UTC where no zone is given)"
        ) from None
    now = datetime.now(UTC)
    if date > now + timedelta(days=1):
        raise argparse.ArgumentTypeError(
            f"{value!r} lies ahead of this machine's clock ({now:%Y-%m-%dT%H:%M}Z): give a day that has come"
        )
    return date
