"""A round without end: nobody waits, nobody is asked twice at once, and a bug is a feed that failed."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest

from schemas.feed import Feed
from schemas.fetch import Fetch
from tests.servers import RawServer, answer, item, loopback, rss
from transforms.fetch.client import Client, Limits
from transforms.fetch.crew import Crew
from transforms.fetch.fetcher import Fetcher, Found, Stamp
from transforms.fetch.openround import OpenRound
from transforms.fetch.politeness import Politeness


class Breaking(Fetcher):
    """Has a bug that one feed brings out."""

    async def read(self, feed: Feed, last: Fetch | None) -> Found:
        if "bug" in feed.url:
            raise ZeroDivisionError("a bug")
        return await super().read(feed, last)


def make(between: float) -> Callable[[], tuple[Client, Fetcher]]:
    def made() -> tuple[Client, Fetcher]:
        client = Client("k", Politeness(between=between, jitter=0.0), ["news.test"], loopback, Limits(deadline=5.0))
        return client, Breaking(client, Stamp("r", "a"))

    return made


@pytest.fixture
def slow() -> Iterator[RawServer]:
    """Answers after a moment."""

    def handle(connection: Any, _: bytes) -> None:
        time.sleep(0.3)
        connection.sendall(answer(rss(item(1))))

    with RawServer(handle) as server:
        yield server


def wait_for(round_: OpenRound, count: int) -> list[Found]:
    found: list[Found] = []
    end = time.monotonic() + 20
    while len(found) < count and time.monotonic() < end:
        time.sleep(0.01)
        found += round_.taken()
    return found


def feed(server: RawServer, path: str = "/rss", host: str = "news.test") -> Feed:
    return Feed(url=server.url(path, host), source="x")


def test_asking_waits_for_nobody_and_asks_once(slow: RawServer) -> None:
    with closing(Crew(make(0.0))) as crew:
        asked = OpenRound(crew)
        started = time.monotonic()
        asked.ask([(feed(slow), None)])
        asked.ask([(feed(slow), None), (feed(slow, "/other"), None)])
        assert (asked.taken(), time.monotonic() - started < 0.25) == ([], True)
        assert asked.in_flight == {slow.url(), slow.url("/other")}
        found = wait_for(asked, 2)
        assert {one.feed.feed for one in found} == {slow.url(), slow.url("/other")}
        assert (asked.in_flight, len(slow.requests)) == (frozenset(), 2)
        # Whose find was taken may be asked again.
        asked.ask([(feed(slow), None)])
        assert len(wait_for(asked, 1)) == 1


def test_feeds_of_a_host_take_turns_also_over_several_askings(slow: RawServer) -> None:
    with closing(Crew(make(0.4))) as crew:
        asked = OpenRound(crew)
        for n in range(4):
            asked.ask([(feed(slow, f"/{n}"), None)])
        assert len(wait_for(asked, 4)) == 4
    gaps = [later - earlier for earlier, later in zip(slow.times, slow.times[1:], strict=False)]
    assert min(gaps) > 0.35


def test_a_bug_is_a_feed_that_failed_and_the_others_go_on(slow: RawServer, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(Crew(make(0.0))) as crew:
        asked = OpenRound(crew)
        asked.ask([(feed(slow, "/bug"), None), (feed(slow), None)])
        found = {one.feed.feed: one.feed for one in wait_for(asked, 2)}
    broken = found[slow.url("/bug")]
    assert (broken.error, broken.failures, found[slow.url()].error) == ("bug", 1, None)
    assert broken.next_at is not None
    assert "ZeroDivisionError" in capsys.readouterr().err
