"""feeds: show, edit and try a list of feeds.  `khabar feeds list|add|check LIST`."""

import re
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Final

from pipelines.feedoptions import FeedsOptions, feeds_options
from pipelines.fetching import crew
from pipelines.show import cell
from schemas.feed import Feed
from schemas.item import Item
from transforms.feeds.addresses import address
from transforms.feeds.errors import BadInput
from transforms.feeds.lists import ListError, added, checked, interval_text, read_list
from transforms.feeds.rss import parse_feed
from transforms.feeds.zones import zone_of
from transforms.fetch.fetcher import Stamp
from transforms.lake.staging import write


def opened(path: str) -> tuple[Feed, ...]:
    """The feeds of the list at the path.  Raises ListError, also where it cannot be read."""
    if address(path):
        raise ListError(
            [f"{path} is an address, and no list: `khabar feeds add feeds.opml {path} --source ID` makes one"]
        )
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


#: Entries whose text is shorter than this on the average are summaries.
_SUMMARY: Final = 400
_ZONE = re.compile(r"(?:[+-]\d\d:?\d\d|Z|\b[A-Z]{2,4})\s*$")


def faults(items: Sequence[Item | BadInput], feed: Feed) -> list[str]:
    """What of a feed's entries is wrong, or should be said in its list, for a person."""
    good = [item for item in items if isinstance(item, Item)]
    reasons = Counter(item.reason for item in items if isinstance(item, BadInput))
    told = [f"{count} bad entries ({reason})" for reason, count in sorted(reasons.items())]
    if not good:
        return [*told, "no entries"]
    told += ["entries without links"] if any(not item.url for item in good) else []
    told += ["entries without dates"] if any(not item.published for item in good) else []
    unzoned = any(item.published and not _ZONE.search(item.published) for item in good)
    told += (
        ["dates without a zone: give the list a timezone"]
        if unzoned and not (feed.timezone or zone_of(feed.country))
        else []
    )
    short = sum(len(item.text or "") for item in good) < _SUMMARY * len(good)
    told += ["summaries alone: fulltext would fetch the pages"] if short and not feed.fulltext else []
    repairs = {repair for item in good for repair in item.repairs}
    return [*told, *(["mended: " + ", ".join(sorted(repairs))] if repairs else [])]


def check(options: FeedsOptions) -> int:
    """Fetches each feed once and prints how it went: state, entries, seconds, source, address, what is wrong."""
    feeds = opened(options.list)
    failed = 0
    with closing(crew(options.net, None, Stamp("check", ""))) as fetching:
        # The pages of entries are no part of what a list can have wrong.
        for found in fetching.read([(replace(feed, fulltext=False), None) for feed in feeds]):
            row = found.feed
            feed = next(feed for feed in feeds if feed.url == row.feed)
            moved = f"moved to {row.final_url}" if row.final_url else None
            entries, told = 0, [text for text in (row.detail or moved,) if text]
            error = row.error
            for raw in found.raws:
                try:
                    items = parse_feed(raw)
                    entries = sum(isinstance(item, Item) for item in items)
                    told += faults(items, feed)
                except BadInput as bad:
                    error, told = bad.reason, [*told, bad.detail]
            failed += error is not None
            cells = [error or "ok", str(entries), f"{row.seconds:.1f}", feed.source, feed.url, "; ".join(told) or "-"]
            # Servers write into some of them.
            print("\t".join(map(cell, cells)), flush=True)
    return 4 if failed == len(feeds) else 0


def main(argv: Sequence[str] | None = None) -> int:
    """Exit codes: 0; 2 where the list or an option is wrong; of `check` 4 where every feed failed."""
    options = feeds_options(argv)
    try:
        if options.action == "add":
            add(options)
            return 0
        if options.action == "check":
            return check(options)
        for feed in opened(options.list):
            print(line(feed))
    except ListError as error:
        for problem in error.problems:
            print(f"khabar feeds: error: {problem}", file=sys.stderr)
        return 2
    return 0
