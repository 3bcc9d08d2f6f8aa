"""What fetching needs of the options and the lake: the crew of a process, and which feeds are due.

Knows: how the parts of `transforms.fetch` are put together.  Does not know: what becomes of what they bring.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from urllib.parse import urlsplit

from pipelines.feedoptions import NetOptions
from schemas.feed import Feed
from schemas.fetch import Fetch
from schemas.item import Item
from transforms.fetch.client import Client, Limits
from transforms.fetch.crew import Crew, Due
from transforms.fetch.fetcher import Fetcher, Known, Stamp, nothing_known
from transforms.fetch.politeness import Politeness
from transforms.fetch.schedule import is_due
from transforms.lake.fetches import is_ahead
from transforms.lake.keys import keys_of
from transforms.lake.seen import said_before


def agent(contact: str | None) -> str:
    """What servers are told of who asks."""
    try:
        version = metadata.version("khabar")
    except metadata.PackageNotFoundError:
        version = "0"
    return f"khabar/{version} (feed reader{f'; {contact}' if contact else ''})"


def crew(net: NetOptions, lake: Path | None, stamp: Stamp, known: Known | None = None) -> Crew:
    """The crew of this process; of entries that are `known`, to the lake unless told, it fetches no page."""

    def stored(source: str, items: Sequence[Item]) -> Sequence[bool]:
        if lake is None:
            return nothing_known(source, items)
        entries = [(keys_of(source, i.guid, i.url, i.title, i.text), i.raw_hash) for i in items]
        return said_before(lake, entries)

    def make() -> tuple[Client, Fetcher]:
        politeness = Politeness(between=net.between)
        client = Client(agent(net.contact), politeness, net.allow_private, limits=Limits(deadline=net.deadline))
        return client, Fetcher(client, stamp, known or stored)

    return Crew(make)


def due_feeds(
    feeds: Iterable[Feed],
    state: Mapping[str, Fetch],
    now: datetime,
    per_host: int,
    in_all: int,
    busy: Collection[str] = (),
) -> list[Due]:
    """The feeds that are due by the newest row of each, those first that have waited longest; so many of a host.

    Those that are being read are left out, and count.
    """
    hosts = Counter(urlsplit(url).hostname or "" for url in busy)
    found: list[tuple[datetime, Due]] = []
    for feed in feeds:
        if feed.url in busy:
            continue
        last = state.get(feed.url)
        moment = last.next_at if last and not is_ahead(last, now) else None
        if is_due(moment, now):
            found.append((moment or datetime.min.replace(tzinfo=UTC), (feed, last)))
    found.sort(key=lambda one: one[0])
    due = []
    for _, (feed, last) in found:
        host = urlsplit(feed.url).hostname or ""
        hosts[host] += 1
        if hosts[host] <= per_host:
            due.append((feed, last))
    return due[: max(in_all - len(busy), 0)]
