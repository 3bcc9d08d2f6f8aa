"""What a stream asks at a tick: what is due by the lake and by what no commit has yet, and nothing where too much waits."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipelines import asking
from pipelines.asking import Asking, Pages
from schemas.feed import Feed
from schemas.item import Item, RawInput
from tests.fetches import fetch_row, publish_rows
from transforms.feeds.fulltext import packed
from transforms.fetch.crew import Due
from transforms.fetch.fetcher import Found
from transforms.lake.known import SeenIndex

NOON = datetime(2024, 6, 1, 12, tzinfo=UTC)
FEEDS = [Feed(url=f"https://{name}.test/rss", source=name, interval=60) for name in "abc"]


class Hands:
    """A clock that the test sets, and fetches that come when it says."""

    def __init__(self) -> None:
        self.time = NOON
        self.asked: list[str] = []
        self.done: list[Found] = []
        self.in_flight: frozenset[str] = frozenset()
        self.last: dict[str, object] = {}

    def now(self) -> datetime:
        return self.time

    def later(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)

    def ask(self, due: Iterable[Due]) -> None:
        for feed, last in due:
            self.asked.append(feed.source)
            self.last[feed.source] = last
            self.in_flight |= {feed.url}

    def taken(self) -> list[Found]:
        found, self.done = self.done, []
        self.in_flight -= {one.feed.feed for one in found}
        return found

    def bring(self, name: str, payload: bytes = b"x", **fields: object) -> None:
        url = f"https://{name}.test/rss"
        row = fetch_row(self.time, feed=url, url=url, source=name, fetch_id=f"{len(self.asked):08x}", configured=60)
        row = replace(row, body_hash="b", etag="e", **fields)
        raw = RawInput(input=url, format="feed", payload=payload, fetched_at=self.time, source=name)
        self.done.append(Found((row,), () if row.error or row.unchanged else (raw,)))

    def due(self) -> list[str]:
        """What has been asked since it was asked the last time."""
        asked, self.asked = self.asked, []
        return sorted(asked)


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def reader(hands: Hands, tmp_path: Path) -> Asking:
    return Asking(FEEDS, tmp_path, hands, Pages(SeenIndex(tmp_path), hands.now), hands.now)  # type: ignore[arg-type]


def test_a_feed_in_flight_is_not_asked_again_and_one_that_came_is_at_its_time(hands: Hands, reader: Asking) -> None:
    assert reader.turn(False).counts == {"asked": 3, "feeds": 0, "failed": 0}
    assert hands.due() == ["a", "b", "c"]
    hands.bring("a")
    hands.bring("b", error="timeout", failures=1, next_at=NOON + timedelta(seconds=300))
    turn = reader.turn(False)
    assert (turn.counts, len(turn.rows), len(turn.raws)) == ({"asked": 0, "feeds": 2, "failed": 1}, 2, 1)
    hands.later(70)
    reader.turn(False)
    # By the row that no commit has yet, whose validators are sent.
    assert (hands.due(), hands.last["a"].etag) == (["a"], "e")
    hands.later(240)
    reader.turn(False)
    assert hands.due() == ["b"]


def test_the_lake_says_what_was_fetched_before_and_what_others_fetch(
    hands: Hands, reader: Asking, tmp_path: Path
) -> None:
    def stored(name: str, at: datetime, next_at: datetime) -> None:
        url = f"https://{name}.test/rss"
        (tmp_path / "_runs" / "fetches.json").unlink(missing_ok=True)
        publish_rows(tmp_path, fetch_row(at, feed=url, url=url, source=name, next_at=next_at))

    stored("a", NOON, NOON + timedelta(seconds=600))
    reader.turn(False)
    assert hands.due() == ["b", "c"]
    hands.bring("b")
    reader.turn(False)
    # A commit, of this job or another, has a newer row of b than this process.
    stored("b", NOON + timedelta(seconds=1), NOON + timedelta(seconds=900))
    hands.later(300)
    reader.turn(False)
    assert hands.due() == []
    hands.later(301)
    reader.turn(False)
    assert hands.due() == ["a"]


def test_nothing_more_is_asked_while_too_much_is_on_the_way(
    hands: Hands, reader: Asking, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "MOST_ON_THE_WAY", 1000)
    reader.turn(False)
    hands.due()
    hands.bring("a", b"x" * 600)
    hands.bring("b", b"x" * 399)
    reader.turn(False)
    hands.later(120)
    reader.turn(False)
    assert hands.due() == ["a", "b"]
    hands.bring("a", b"x")
    reader.turn(False)
    hands.bring("b")
    hands.later(120)
    turn = reader.turn(False)
    assert (hands.due(), turn.counts["feeds"]) == ([], 1)
    publish_rows(tmp_path, *(reader._on_the_way[f"https://{name}.test/rss"].row for name in "ab"))
    reader.turn(False)
    assert hands.due() == ["a", "b"]


def test_what_no_commit_took_in_an_hour_was_lost_and_is_asked_for_as_the_lake_knows_it(
    hands: Hands, reader: Asking
) -> None:
    reader.turn(False)
    hands.due()
    hands.bring("a")
    reader.turn(False)
    for minutes in (30, 29):
        hands.later(60 * minutes)
        reader.turn(False)
        assert (hands.due(), hands.last["a"].etag) == (["a"], "e")
        hands.bring("a", unchanged=True)
        reader.turn(False)
    hands.later(120)
    reader.turn(False)
    assert (hands.due(), hands.last["a"]) == (["a"], None)


def test_a_host_of_many_feeds_leaves_room_for_others(
    hands: Hands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "PER_HOST", 3)
    monkeypatch.setattr(asking, "IN_ALL", 4)
    many = [Feed(url=f"https://big.test/{n}", source=f"{n}") for n in range(9)]
    reader = Asking([*many, *FEEDS], tmp_path, hands, Pages(SeenIndex(tmp_path), hands.now), hands.now)  # type: ignore[arg-type]
    reader.turn(False)
    assert hands.due() == ["0", "1", "2", "a"]
    reader.turn(False)
    assert hands.due() == []
    # As many begin as have ended, but of the large host none.
    hands.bring("a")
    reader.turn(False)
    assert hands.due() == ["b"]


def test_the_last_turn_hands_on_and_asks_nobody(hands: Hands, reader: Asking) -> None:
    reader.turn(False)
    hands.due()
    hands.bring("a")
    turn = reader.turn(True)
    assert (len(turn.raws), hands.due()) == (1, [])


def test_a_page_on_its_way_is_not_fetched_again_nor_forgotten(hands: Hands, tmp_path: Path) -> None:
    pages = Pages(SeenIndex(tmp_path), hands.now)
    items = [Item(input="f", format="feed", raw_hash=f"{n:032x}", guid=f"g{n}", source="a") for n in range(3)]
    feed = RawInput(input="f", format="feed", payload=b"", source="a")
    failed = replace(items[1], raw_hash="f" * 32)
    pages.remember([feed, packed(items[0], feed, b"<p>", None, None), packed(failed, feed, b"", None, None)])
    assert pages.known("a", items) == [None, False, False]
    assert pages.known("b", items) == [False, False, False]
    hands.later(3601)
    pages.remember([])
    assert pages.known("a", items) == [False, False, False]
