"""Turns at a host, on a clock that only the test moves."""

import asyncio
import itertools
from collections import defaultdict

import pytest

from transforms.fetch.politeness import Held, Politeness


class VirtualClock:
    """Time that passes when everybody waits."""

    def __init__(self) -> None:
        self.time = 0.0

    def now(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        until = self.time + seconds
        while self.time < until:
            await asyncio.sleep(0)
            self.time = min(self.time + 0.25, until)


def run(hosts: list[str], work: float, chance: float = 0.0, hold: float = 0.0) -> dict[str, list[tuple[float, float]]]:
    """Start and end of each turn by host."""
    clock = VirtualClock()
    turns: dict[str, list[tuple[float, float]]] = defaultdict(list)

    async def visit(politeness: Politeness, host: str) -> None:
        async with politeness.turn(host):
            started = clock.now()
            await clock.sleep(work)
            turns[host].append((started, clock.now()))

    async def all_visits() -> None:
        politeness = Politeness(clock, chance=lambda: chance)
        politeness.hold("a", hold)
        await asyncio.gather(*(visit(politeness, host) for host in hosts))

    asyncio.run(all_visits())
    return turns


@pytest.mark.parametrize(("chance", "between"), [(0.0, 5.0), (0.5, 5.5)])
def test_starts_at_a_host_are_apart(chance: float, between: float) -> None:
    starts = sorted(start for start, _ in run(["a"] * 5, 1.0, chance)["a"])
    assert all(later - earlier >= between for earlier, later in itertools.pairwise(starts))
    assert starts[-1] < 4 * between + 3


def test_two_at_once_and_no_more() -> None:
    turns = run(["a"] * 6, 30.0)["a"]
    most = max(sum(1 for start, end in turns if start <= moment < end) for moment, _ in turns)
    assert most == 2


def test_hosts_do_not_wait_for_each_other() -> None:
    turns = run(["a", "b", "c", "a", "b"], 1.0)
    assert all(turns[host][0][0] == 0 for host in "abc")


def test_a_host_that_asks_to_be_left_alone_for_a_while_is() -> None:
    assert min(start for start, _ in run(["a", "b"], 1.0, hold=50.0)["a"]) >= 50


def test_nobody_waits_for_a_host_that_asks_for_hours() -> None:
    clock = VirtualClock()

    async def visits() -> None:
        politeness = Politeness(clock)
        politeness.hold("a", 7200)
        assert politeness.wait("a") == 0
        with pytest.raises(Held) as caught:
            async with politeness.turn("a"):
                raise AssertionError("no turn")
        assert caught.value.seconds == 7200
        clock.time += 7200
        async with politeness.turn("a"):
            pass

    asyncio.run(visits())


def test_idle_hosts_are_forgotten() -> None:
    clock = VirtualClock()

    async def visits() -> int:
        politeness = Politeness(clock)
        for n in range(25_000):
            clock.time += 1
            async with politeness.turn(f"h{n}"):
                pass
        return len(politeness._hosts)

    assert asyncio.run(visits()) <= 10_001
