"""The options of commands that have to do with feeds: parsed before anything slow is imported.

Knows: which values an option may have.  Does not know: feed lists (`transforms.feeds.lists` checks their fields).
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from pipelines.optionvalues import Parser, path


class FeedsOptions(NamedTuple):
    """What `khabar feeds` was asked for."""

    action: str
    list: str
    #: Of `add`: fields as a list writes them.
    fields: dict[str, Any]


def feeds_options(argv: Sequence[str] | None = None) -> FeedsOptions:
    """The options of `khabar feeds`; a wrong one ends the program with code 2."""
    parser = Parser(prog="khabar feeds", description="Show, edit and try a list of feeds (OPML or TOML).")
    actions = parser.add_subparsers(dest="action", required=True, parser_class=Parser)
    actions.add_parser("list", description="Print the feeds of a list, one a line.").add_argument("list", type=path)
    adding = actions.add_parser("add", description="Add a feed to a list; a list that is not there is made.")
    adding.add_argument("list", type=path, help="OPML or TOML file")
    adding.add_argument("url", help="address of the feed")
    adding.add_argument("--source", required=True, help="id of the publisher, such as its host")
    adding.add_argument("--name", help="for people")
    adding.add_argument("--country", help="two letters, such as LB")
    adding.add_argument("--language", help="two letters, such as ar")
    adding.add_argument("--timezone", help="zone of dates that tell none, such as Asia/Beirut")
    adding.add_argument("--interval", help="time between fetches, such as 15m; default by how often it brings news")
    adding.add_argument("--fulltext", action="store_true", default=None, help="fetch the page of each new entry")
    args = vars(parser.parse_args(argv))
    names = ("url", "source", "name", "country", "language", "timezone", "interval", "fulltext")
    return FeedsOptions(args["action"], args["list"], {name: args.get(name) for name in names})
