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


#: Who asks to be left alone for longer is not waited for: the feed comes again when that time is over.
MOST_HOLD: Final = 60.0


class Held(Exception):
    """The host asked to be left alone for so many seconds more."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"{seconds:.0f} s")
        self.seconds = seconds


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
    __slots__ = ("held_until", "next_start", "slots", "users")

    def __init__(self, at_once: int) -> None:
        self.slots = asyncio.Semaphore(at_once)
        self.next_start = self.held_until = float("-inf")
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
        """Waits for a turn at the host and holds it.  Raises Held where that would take long."""
        known = self._known(host)
        known.users += 1
        try:
            async with known.slots:
                while (wait := self._wait(known)) > 0:
                    await self._clock.sleep(wait)
                known.next_start = self._clock.now() + self._between * (1 + self._jitter * self._chance())
                yield
        finally:
            known.users -= 1

    def hold(self, host: str, seconds: float) -> None:
        """Nothing starts at the host for so long: it asked for that."""
        known = self._known(host)
        known.held_until = max(known.held_until, self._clock.now() + seconds)

    def wait(self, host: str) -> float:
        """Seconds until it is worth while to ask for a turn at the host."""
        try:
            return max(0.0, self._wait(self._hosts[host])) if host in self._hosts else 0.0
        except Held:
            return 0.0

    def _wait(self, known: _Host) -> float:
        now = self._clock.now()
        if known.held_until - now > MOST_HOLD:
            raise Held(known.held_until - now)
        return max(known.next_start, known.held_until) - now

    def _known(self, host: str) -> _Host:
        if len(self._hosts) > _MANY and host not in self._hosts:
            now = self._clock.now()
            self._hosts = {
                name: h for name, h in self._hosts.items() if h.users or max(h.next_start, h.held_until) > now
            }
        return self._hosts.setdefault(host, _Host(self._at_once))
