"""Many feeds fetched at once: one asynchronous loop a process, which lasts, so that politeness does too.

Knows: who waits for whom.  Does not know: what a fetch gives.
"""

import asyncio
import threading
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Coroutine, Generator, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from schemas.feed import Feed
from schemas.fetch import Fetch
from transforms.fetch.client import Client, host_of
from transforms.fetch.fetcher import Fetcher, Found
from transforms.fetch.politeness import AT_ONCE, Politeness

#: Feeds being read at once, their bodies in memory: each has 15 MiB at most.
IN_FLIGHT: Final = 24
#: Seconds between looks at whether to stop.
_LOOK: Final = 0.2

Due = tuple[Feed, Fetch | None]


async def read_round(
    due: Sequence[Due], fetcher: Fetcher, give: Callable[[Found], Awaitable[None]], wait: Callable[[str], float]
) -> None:
    """Reads every feed, and gives what each brought as it comes; feeds of one host do not keep the others waiting."""
    hosts: dict[str, deque[Due]] = defaultdict(deque)
    for feed, last in due:
        hosts[host_of(feed.url)].append((feed, last))
    in_flight = asyncio.Semaphore(IN_FLIGHT)

    async def at_host(host: str, waiting: deque[Due]) -> None:
        while waiting:
            if (seconds := wait(host)) > 0:
                await asyncio.sleep(seconds)
                continue
            feed, last = waiting.popleft()
            async with in_flight:
                await give(await fetcher.read(feed, last))

    async with asyncio.TaskGroup() as group:
        for host, waiting in hosts.items():
            for _ in range(min(AT_ONCE, len(waiting))):
                group.create_task(at_host(host, waiting))


class Crew:
    """A fetcher on a loop in a thread of its own; `make` gives its client and it, on that loop."""

    def __init__(self, make: Callable[[], tuple[Client, Fetcher]]) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="fetch", daemon=True)
        self._thread.start()

        async def made() -> tuple[Client, Fetcher]:
            # Names are resolved in threads; six of them, asyncio's own number on two cores, are soon waiting for dead ones.
            asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(2 * IN_FLIGHT, "names"))
            return make()

        self._client, self.fetcher = asyncio.run_coroutine_threadsafe(made(), self._loop).result()

    def read(self, due: Iterable[Due], stop: threading.Event | None = None) -> Generator[Found, None, None]:
        """What each of the feeds brought, as it comes, until all have or `stop` is set.

        Raises what a fetch raises beside its own errors: a bug.
        """
        queue: asyncio.Queue[Found | None] = asyncio.Queue(maxsize=1)

        async def run() -> None:
            try:
                await read_round(list(due), self.fetcher, queue.put, self._client.politeness.wait)
            except asyncio.CancelledError:
                # Nobody takes anything any more.
                raise
            except BaseException:
                await queue.put(None)
                raise
            await queue.put(None)

        running = asyncio.run_coroutine_threadsafe(run(), self._loop)
        try:
            while (found := self._next(queue, stop)) is not None:
                yield found
            if running.done() or not (stop and stop.is_set()):
                running.result()
        finally:
            running.cancel()

    def _next(self, queue: "asyncio.Queue[Found | None]", stop: threading.Event | None) -> Found | None:
        # Always the same request: one that is given up could lose what it was about to be given.
        asked = asyncio.run_coroutine_threadsafe(queue.get(), self._loop)
        while True:
            try:
                return asked.result(None if stop is None else _LOOK)
            except TimeoutError:
                if stop and stop.is_set():
                    asked.cancel()
                    return None

    @property
    def politeness(self) -> Politeness:
        """Of all that this process asks."""
        return self._client.politeness

    def run(self, coroutine: Coroutine[Any, Any, None]) -> None:
        """Runs it on the crew's loop, without waiting."""
        asyncio.run_coroutine_threadsafe(coroutine, self._loop)

    def close(self) -> None:
        """Ends the loop and its connections."""
        asyncio.run_coroutine_threadsafe(self._client.close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()
