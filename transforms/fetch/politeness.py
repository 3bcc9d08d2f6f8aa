"""Politeness: how many requests a host gets at once, and how long after one another.

Knows: hosts and time.  Does not know: requests.  One asynchronous loop uses one object.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from random import Random
from typing import Final, Protocol

AT_ONCE: Final = 2
BETWEEN: Final = 5.0
#: Up to so much of the time between starts comes on top of it: clients of one clock must not arrive together.
JITTER: Final = 0.2
#: So many hosts are remembered before idle ones are forgotten.
_MANY: Final = 10_000


class Clock(Protocol):
    """What time it is, and waiting; a test or a simulation has its own."""

    def now(self) -> float:
        """Seconds that only grow."""

    async def sleep(self, seconds: float) -> None:
        """Waits."""


class SystemClock:
    """This machine's."""

    def now(self) -> float:
        """Seconds of the monotonic clock."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Waits on the running loop."""
        await asyncio.sleep(seconds)


class _Host:
    __slots__ = ("next_start", "slots", "users")

    def __init__(self, at_once: int) -> None:
        self.slots = asyncio.Semaphore(at_once)
        self.next_start = float("-inf")
        self.users = 0


class Politeness:
    """Turns at hosts: `at_once` of them, starts at least `between` seconds apart."""

    def __init__(
        self,
        clock: Clock | None = None,
        at_once: int = AT_ONCE,
        between: float = BETWEEN,
        jitter: float = JITTER,
        chance: Callable[[], float] | None = None,
    ) -> None:
        self._clock = clock or SystemClock()
        self._at_once, self._between, self._jitter = at_once, between, jitter
        self._chance = chance or Random().random
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Waits for a turn at the host and holds it."""
        known = self._known(host)
        known.users += 1
        try:
            async with known.slots:
                while (wait := known.next_start - self._clock.now()) > 0:
                    await self._clock.sleep(wait)
                known.next_start = self._clock.now() + self._between * (1 + self._jitter * self._chance())
                yield
        finally:
            known.users -= 1

    def hold(self, host: str, seconds: float) -> None:
        """Nothing starts at the host for so long: it asked for that."""
        known = self._known(host)
        known.next_start = max(known.next_start, self._clock.now() + seconds)

    def held(self, host: str) -> float:
        """Seconds until something may start at the host."""
        known = self._hosts.get(host)
        return max(0.0, known.next_start - self._clock.now()) if known else 0.0

    def _known(self, host: str) -> _Host:
        if len(self._hosts) > _MANY and host not in self._hosts:
            now = self._clock.now()
            self._hosts = {name: h for name, h in self._hosts.items() if h.users or h.next_start > now}
        return self._hosts.setdefault(host, _Host(self._at_once))
