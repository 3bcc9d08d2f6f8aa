"""What a stream asks at each tick: the feeds that are due by the lake's newest rows, and by what has come since.

Knows: what this process has fetched that no commit has yet.  Does not know: windows, or how a fetch goes.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

from pipelines.fetching import due_feeds
from schemas.feed import Feed
from schemas.fetch import Fetch
from schemas.item import Item, RawInput
from transforms.bridge import REMEMBERED
from transforms.feeds.fulltext import FORMAT
from transforms.fetch.crew import Due
from transforms.fetch.fetcher import Found
from transforms.fetch.openround import OpenRound
from transforms.fetch.schedule import settled
from transforms.fetchticks import Turn
from transforms.lake.fetches import STATE, is_ahead, newest
from transforms.lake.keys import keys_of
from transforms.lake.known import SeenIndex

#: So many feeds of one host and in all are being read at most.
PER_HOST, IN_ALL = 12, 1000
#: Bytes of bodies on their way into the lake, beyond which no more feeds are asked: analysis is slower than fetching, and
#: engines keep what waits in memory, several times as large.
MOST_ON_THE_WAY: Final = 128 << 20


class _OnTheWay(NamedTuple):
    """The newest row of a feed that no commit has yet, the bytes that came since the last one that has, and when."""

    row: Fetch
    bytes: int
    since: datetime


class Pages:
    """Entries whose pages this process has fetched, until the lake surely has them."""

    def __init__(self, index: SeenIndex, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._index, self._now = index, now
        self._handed: dict[tuple[str, str | None, str | None, str], datetime] = {}

    def known(self, source: str, items: Sequence[Item]) -> list[bool | None]:
        """As `fetcher.Known` wants it."""
        return [self._knows(source, item) for item in items]

    def _knows(self, source: str, item: Item) -> bool | None:
        if self._index.has(keys_of(source, item.guid, item.url, item.title, item.text), item.raw_hash):
            return True
        return None if (source, item.guid, item.url, item.raw_hash) in self._handed else False

    def remember(self, raws: Iterable[RawInput]) -> None:
        """Takes note of entries that are handed on with their page; a page that failed is to be asked for again."""
        old = self._now() - timedelta(seconds=REMEMBERED)
        self._handed = {entry: at for entry, at in self._handed.items() if at > old}
        for raw in raws:
            if raw.format == FORMAT:
                entry = json.loads(raw.payload.partition(b"\n")[0].decode("utf-8", "surrogatepass"))
                self._handed[raw.source or "", entry["guid"], entry["url"], entry["raw_hash"]] = self._now()


class Asking:
    """The feeds of a list, asked as they fall due for as long as the process lasts."""

    def __init__(
        self,
        feeds: Sequence[Feed],
        lake: Path,
        fetching: OpenRound,
        pages: Pages,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._feeds, self._lake, self._fetching, self._pages, self._now = feeds, lake, fetching, pages, now
        self._on_the_way: dict[str, _OnTheWay] = {}
        self._published: dict[str, Fetch] = {}
        self._changed = -1

    def turn(self, last: bool) -> Turn:
        """What has come since the last turn; asks the feeds that are due, but at the last turn none."""
        self._refresh()
        found = self._fetching.taken()
        for one in found:
            self._take(one)
        asked = 0
        if not last and sum(way.bytes for way in self._on_the_way.values()) < MOST_ON_THE_WAY:
            due = self.due()
            asked = len(due)
            self._fetching.ask(due)
        rows = [row for one in found for row in one.rows]
        raws = [raw for one in found for raw in one.raws]
        self._pages.remember(raws)
        return Turn(
            raws,
            rows,
            {
                "asked": asked,
                "feeds": sum(row.kind == "feed" for row in rows),
                "failed": sum(row.kind == "feed" and row.error is not None for row in rows),
            },
        )

    def due(self) -> list[Due]:
        """The feeds to ask now, those first that have waited longest."""
        state = self._published | {url: way.row for url, way in self._on_the_way.items()}
        return due_feeds(self._feeds, state, self._now(), PER_HOST, IN_ALL, self._fetching.in_flight)

    def _take(self, found: Found) -> None:
        """Remembers a fetch until a commit has it; what it brought is not known before, which matters to its rate alone."""
        row = found.feed
        before = self._on_the_way.get(row.feed)
        last = before.row if before else self._published.get(row.feed)
        size = sum(len(raw.payload) for raw in found.raws) + (before.bytes if before else 0)
        since = before.since if before else self._now()
        self._on_the_way[row.feed] = _OnTheWay(settled(row, last, 0, 0), size, since)

    def _refresh(self) -> None:
        """Reads the lake's newest rows where a commit has changed them."""
        # An engine may have lost what it was given: then the lake is right, and the feed is asked as the lake knows it.
        late = self._now() - timedelta(seconds=REMEMBERED)
        self._on_the_way = {url: way for url, way in self._on_the_way.items() if way.since > late}
        path = self._lake / STATE
        changed = path.stat().st_mtime_ns if path.exists() else 0
        if changed == self._changed:
            return
        self._published, self._changed = newest(self._lake), changed
        for url, way in list(self._on_the_way.items()):
            known = self._published.get(url)
            if known and known.fetched_at >= way.row.fetched_at and not is_ahead(known, self._now()):
                del self._on_the_way[url]
