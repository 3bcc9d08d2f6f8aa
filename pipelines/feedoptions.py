"""The options of commands that have to do with feeds: parsed before anything slow is imported.

Knows: which values an option may have.  Does not know: feed lists (`transforms.feeds.lists` checks their fields).
"""

import argparse
import re
import shutil
import sys
from collections.abc import Sequence
from typing import Any, NamedTuple

from pipelines.optionvalues import Parser, between, folder, path, seconds, whole


class NetOptions(NamedTuple):
    """How feeds are fetched."""

    #: Hosts that may be at private addresses.
    allow_private: tuple[str, ...]
    #: Seconds between the starts of two requests to one host.
    between: float
    #: Seconds for a whole exchange.
    deadline: float
    #: An address of whom to write to, told to servers.
    contact: str | None


class FeedsOptions(NamedTuple):
    """What `khabar feeds` was asked for."""

    action: str
    list: str
    #: Of `add`: fields as a list writes them.
    fields: dict[str, Any]
    net: NetOptions


class WatchOptions(NamedTuple):
    """What `khabar watch` was asked for."""

    feeds: str
    lake: str
    keep_raw: int
    net: NetOptions


class StatusOptions(NamedTuple):
    """What `khabar status` was asked for."""

    lake: str
    json: bool
    #: Cells of the table.
    width: int


def watch_options(argv: Sequence[str] | None = None) -> WatchOptions:
    """The options of `khabar watch`; a wrong one ends the program with code 2."""
    parser = Parser(
        prog="khabar watch",
        description="Read the feeds of a list, each at its own interval, until a signal comes.",
        epilog="Exit codes: 0 stopped by SIGTERM or SIGINT after its last commit; 1 a bug that came ten times in a row; "
        "2 a wrong option or list; 130 and 143 a second signal.",
    )
    parser.add_argument("--feeds", type=path, required=True, help="list of feeds (OPML, TOML)")
    parser.add_argument("--lake", type=folder, required=True, help="folder of the lake; made where it is not there")
    parser.add_argument(
        "--keep-raw", type=whole(3650), default=0, help="days for which bodies of feeds are kept (default: not at all)"
    )
    add_net_options(parser)
    args = parser.parse_args(argv)
    return WatchOptions(args.feeds, args.lake, args.keep_raw, net_options(args))


def status_options(argv: Sequence[str] | None = None) -> StatusOptions:
    """The options of `khabar status`; a wrong one ends the program with code 2."""
    parser = Parser(prog="khabar status", description="Tell how fresh the sources of a lake are and what fails.")
    parser.add_argument("lake", type=folder, help="folder of the lake")
    parser.add_argument("--json", action="store_true", help="one JSON line, for programs")
    args = parser.parse_args(argv)
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 240
    return StatusOptions(args.lake, args.json, width)


def add_net_options(parser: argparse.ArgumentParser) -> None:
    """Adds what says how feeds are fetched."""
    parser.add_argument("--allow-private", type=hosts, help="hosts, with commas, that may be at private addresses")
    parser.add_argument("--between", type=seconds, default=5.0, help="seconds between requests to a host (default 5)")
    parser.add_argument(
        "--deadline", type=between(0.1, 3600), default=30.0, help="seconds for a whole exchange (default 30)"
    )
    parser.add_argument("--contact", type=contact, help="address of yours that servers are told, for complaints")


def net_options(args: argparse.Namespace) -> NetOptions:
    """What `add_net_options` gave."""
    return NetOptions(args.allow_private or (), args.between, args.deadline, args.contact)


def hosts(value: str) -> tuple[str, ...]:
    """Names of hosts or addresses with commas between them."""
    found = tuple(part.strip().strip("[]").lower() for part in value.split(","))
    if not all(re.fullmatch(r"[\w.:-]{1,253}", part) for part in found):
        raise argparse.ArgumentTypeError(f"{value!r} is no list of hosts, such as news.intranet,10.0.0.7")
    return found


def contact(value: str) -> str:
    """An address in one word of printable ASCII."""
    if not re.fullmatch(r"[\x21-\x7e]{3,200}", value) or set(value) & set("()<>"):
        raise argparse.ArgumentTypeError(f"{value!r} is no address, such as https://example.org/bot or a@example.org")
    return value


def feeds_options(argv: Sequence[str] | None = None) -> FeedsOptions:
    """The options of `khabar feeds`; a wrong one ends the program with code 2."""
    parser = Parser(prog="khabar feeds", description="Show, edit and try a list of feeds (OPML or TOML).")
    actions = parser.add_subparsers(dest="action", required=True, parser_class=Parser, metavar="{list,check,add}")
    listing = actions.add_parser(
        "list",
        help="print its feeds",
        description="Print the feeds of a list, one a line: source, country, language, timezone, interval (adaptive: by "
        "how often it brings news), whether the feed or full text is read, url, name; a tab between them, - for none.",
    )
    listing.add_argument("list", type=path, help="OPML or TOML file")
    checking = actions.add_parser(
        "check",
        help="fetch each of its feeds once",
        description="Fetch each feed of a list once, and print a line as it answers: ok or the kind of error, entries, "
        "seconds, source, url, what should be changed; a tab between them, - for nothing.",
        epilog="Exit codes: 0 some feed answered, 2 a wrong option or list, 4 every feed failed.",
    )
    checking.add_argument("list", type=path, help="OPML or TOML file")
    add_net_options(checking)
    adding = actions.add_parser(
        "add", help="add a feed to it", description="Add a feed to a list; a list that is not there is made."
    )
    adding.add_argument("list", type=path, help="OPML or TOML file")
    adding.add_argument("url", help="address of the feed")
    adding.add_argument("--source", required=True, help="id of the publisher, such as its host")
    adding.add_argument("--name", help="for people")
    adding.add_argument("--country", help="two letters, such as LB")
    adding.add_argument("--language", help="two letters, such as ar")
    adding.add_argument("--timezone", help="zone of dates that tell none, such as Asia/Beirut")
    adding.add_argument("--interval", help="time between fetches, such as 15m; default by how often it brings news")
    adding.add_argument("--fulltext", action="store_true", default=None, help="fetch the page of each new entry")
    found = parser.parse_args(argv)
    args = vars(found)
    names = ("url", "source", "name", "country", "language", "timezone", "interval", "fulltext")
    fields = {name: args.get(name) for name in names}
    net = NetOptions((), 5.0, 30.0, None)
    return FeedsOptions(args["action"], args["list"], fields, net_options(found) if found.action == "check" else net)
