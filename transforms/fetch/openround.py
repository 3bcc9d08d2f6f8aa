"""A round of fetching that never ends: feeds are asked as they fall due, and what they brought is taken when it suits.

Knows: which feeds are being read.  Does not know: which are due.
"""

import asyncio
import threading
from collections import defaultdict, deque
from collections.abc import Iterable

from transforms.fetch.client import host_of
from transforms.fetch.crew import IN_FLIGHT, Crew, Due
from transforms.fetch.fetcher import Found
from transforms.fetch.politeness import AT_ONCE


class OpenRound:
    """Feeds that a crew reads while others do something else."""

    def __init__(self, crew: Crew) -> None:
        self._crew = crew
        self._lock = threading.Lock()
        #: Addresses of feeds that were asked and of which nothing has been taken yet.
        self._asked: set[str] = set()
        self._done: deque[Found] = deque()
        # These belong to the crew's loop.
        self._waiting: dict[str, deque[Due]] = defaultdict(deque)
        self._readers: dict[str, set[asyncio.Task[None]]] = defaultdict(set)
        self._slots = asyncio.Semaphore(IN_FLIGHT)

    @property
    def in_flight(self) -> frozenset[str]:
        """Addresses of feeds that are being read, or whose find nobody has taken."""
        with self._lock:
            return frozenset(self._asked)

    def ask(self, due: Iterable[Due]) -> None:
        """Begins to read the feeds, but those that are being read already."""
        with self._lock:
            fresh = [(feed, last) for feed, last in due if feed.url not in self._asked]
            self._asked.update(feed.url for feed, _ in fresh)
        if fresh:
            self._crew.run(self._begin(fresh))

    def taken(self) -> list[Found]:
        """What the feeds brought since it was last asked for."""
        with self._lock:
            found = list(self._done)
            self._done.clear()
            self._asked.difference_update(one.feed.feed for one in found)
        return found

    async def _begin(self, due: list[Due]) -> None:
        for feed, last in due:
            host = host_of(feed.url)
            self._waiting[host].append((feed, last))
            if len(self._readers[host]) < AT_ONCE:
                reader = asyncio.get_running_loop().create_task(self._read(host))
                self._readers[host].add(reader)
                reader.add_done_callback(self._readers[host].discard)

    async def _read(self, host: str) -> None:
        """Reads what waits at a host; feeds of one host do not keep the slots of others."""
        waiting = self._waiting[host]
        while waiting:
            if (seconds := self._crew.politeness.wait(host)) > 0:
                await asyncio.sleep(seconds)
                continue
            feed, last = waiting.popleft()
            async with self._slots:
                try:
                    found = await self._crew.fetcher.read(feed, last)
                except Exception as error:
                    found = self._crew.fetcher.broken(feed, last, error)
            with self._lock:
                self._done.append(found)
