"""feeds: show, edit and try a list of feeds.  `khabar feeds list|add|check LIST`."""

import sys
from collections.abc import Sequence
from pathlib import Path

from pipelines.feedoptions import FeedsOptions, feeds_options
from schemas.feed import Feed
from transforms.feeds.lists import ListError, added, checked, interval_text, read_list
from transforms.lake.staging import write


def opened(path: str) -> tuple[Feed, ...]:
    """The feeds of the list at the path.  Raises ListError, also where it cannot be read."""
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise ListError([f"{path}: {error.strerror or error}"]) from error
    return read_list(path, data)


def line(feed: Feed) -> str:
    """A feed as a line of `khabar feeds list`: fields with a tab between them."""
    facts = [feed.source, feed.country or "-", feed.language or "-", feed.timezone or "-"]
    facts += [interval_text(feed.interval) if feed.interval else "adaptive", "full text" if feed.fulltext else "feed"]
    return "\t".join([*facts, feed.url, feed.name or "-"])


def add(options: FeedsOptions) -> None:
    """Writes the list with one more feed; makes it where it is not there.  Raises ListError."""
    path = Path(options.list)
    feed = checked(**options.fields)
    try:
        data = path.read_bytes() if path.exists() else b""
        write(path, added(options.list, data, feed))
    except OSError as error:
        raise ListError([f"{options.list}: {error.strerror or error}"]) from error
    print(line(feed))


def main(argv: Sequence[str] | None = None) -> int:
    """Exit codes: 0; 2 where the list or an option is wrong; of `check` 4 where every feed failed."""
    options = feeds_options(argv)
    try:
        if options.action == "add":
            add(options)
            return 0
        for feed in opened(options.list):
            print(line(feed))
    except ListError as error:
        for problem in error.problems:
            print(f"khabar feeds: error: {problem}", file=sys.stderr)
        return 2
    return 0
