"""compact: makes the many small files of a lake few.  One JSON line says what was done."""

import argparse
import json
import re
import sys
import time
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Final, NamedTuple

from pipelines.optionvalues import Parser, folder, seconds, whole

_UNITS: Final = {"h": "hours", "d": "days", "w": "weeks"}


class CompactOptions(NamedTuple):
    """What `khabar compact` was asked for."""

    lake: str
    #: None for all partitions.
    days: frozenset[date] | None
    #: Partitions of days that ended so long ago.
    older_than: timedelta | None
    min_files: int
    #: Seconds to wait for who publishes.
    lock_wait: float


def compact_options(argv: Sequence[str] | None = None) -> CompactOptions:
    """The options of `khabar compact`; a wrong one ends the program with code 2."""
    parser = Parser(
        prog="khabar compact",
        description="Make the many small files of a lake few: those of its tables, of kept bodies, of the seen index and "
        "of the commit records. No row changes, and whoever publishes goes on.",
        epilog="Exit codes: 0 done, or nothing to do; 1 a bug, or a full disk; 2 a wrong option, no lake, or a file system that cannot; "
        "75 another publisher or compaction holds the lake, try again. The same command mends one that was killed.",
    )
    parser.add_argument("--lake", type=folder, required=True, help="folder of the lake")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--partition", type=day, nargs="+", metavar="DAY", help="days, such as 2024-06-01; default all")
    which.add_argument("--older-than", type=span, metavar="TIME", help="days that ended so long ago, such as 2d or 12h")
    parser.add_argument(
        "--min-files",
        type=whole(10**6),
        default=8,
        help="fewer small files (under 16 MiB) stay as they are (default 8)",
    )
    parser.add_argument("--lock-wait", type=seconds, default=60.0, help=argparse.SUPPRESS)
    args = parser.parse_args(argv)
    days = frozenset(args.partition) if args.partition else None
    return CompactOptions(args.lake, days, args.older_than, args.min_files, args.lock_wait)


def day(value: str) -> date:
    """A day as partitions are named."""
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            raise ValueError
        return date.fromisoformat(value)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{value!r} is no day, such as 2024-06-01") from None


def span(value: str) -> timedelta:
    """Hours, days or weeks."""
    if not (read := re.fullmatch(r"(\d{1,4})([hdw])", value)):
        raise argparse.ArgumentTypeError(f"{value!r} is no time, such as 12h, 2d or 1w")
    return timedelta(**{_UNITS[read[2]]: int(read[1])})


def main(argv: Sequence[str] | None = None) -> int:
    """Exit codes: see `compact_options`."""
    options = compact_options(argv)
    from transforms.lake.compaction import CannotSwap, Choice, compact, days_before
    from transforms.lake.health import health
    from transforms.lake.publishing import LockHeld
    from transforms.lake.runs import count

    lake, since = Path(options.lake).absolute(), time.monotonic()
    if not count(lake):
        print(f"khabar compact: error: {options.lake} is no lake, or nothing was published to it", file=sys.stderr)
        return 2
    if not health(lake)["writable"]:
        print(f"khabar compact: error: --lake {options.lake} cannot be written", file=sys.stderr)
        return 2
    until = days_before(options.older_than) if options.older_than else None
    try:
        done = compact(lake, Choice(options.days, until, options.min_files), options.lock_wait)
    except LockHeld as error:
        print(f"khabar compact: {error}", file=sys.stderr)
        return 75
    except CannotSwap as error:
        print(f"khabar compact: error: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        # A full disk most likely.
        print(f"khabar compact: {error}: no row is lost; the same command goes on once it is mended", file=sys.stderr)
        return 1
    told = {
        "commits": len(done.commits),
        "files": {name: [done.before[name], done.after[name]] for name in done.before},
        "skipped": done.skipped,
        "seconds": round(time.monotonic() - since, 2),
        "locked": round(done.locked, 3),
    }
    print(json.dumps(told))
    return 0
