"""Which entries of feeds are one article, over fetches: what publishers do with guids, links and headlines."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from schemas.document import Document
from schemas.fetch import Fetch
from schemas.item import Item, RawInput
from tests.servers import rss
from transforms.feeds.rss import parse_feed
from transforms.fetch.schedule import settled
from transforms.lake.fetches import newest
from transforms.lake.keys import keys_of
from transforms.lake.preparing import Published
from transforms.lake.publishing import Attempt, begin, publish
from transforms.lake.seen import said_before
from transforms.lake.staging import stage
from transforms.normalize import Run, normalize_item
from transforms.parse import parse

START = datetime(2024, 6, 1, 8, tzinfo=UTC)
FEED = "https://news.test/rss"


def entry(
    n: int = 1,
    guid: str | None = "g{}",
    link: str | None = "https://news.test/{}.html",
    title: str | None = None,
    text: str | None = None,
) -> str:
    parts = [
        f"<title>{title or f'جلسة رقم {n} لمجلس الوزراء'}</title>",
        f"<description>{text or f'ناقش المجلس البند رقم {n} من جدول أعماله.'}</description>",
    ]
    parts += [f"<guid isPermaLink='false'>{guid.format(n)}</guid>"] if guid else []
    parts += [f"<link>{link.format(n)}</link>"] if link else []
    return "".join(parts)


class Lake:
    """A lake to which one feed is fetched, an hour apart."""

    def __init__(self, path: Path) -> None:
        self.path, self.time = path, 0

    def fetch(self, *entries: str, failed: str | None = None) -> Published:
        self.time += 1
        at = START + timedelta(hours=self.time)
        run = Run(f"r{self.time}", "a", at)
        raw = RawInput(
            input=FEED, format="feed", payload=rss(*entries).replace(b"&sig", b"&amp;sig"), fetched_at=at, source="news"
        )
        docs = [normalize_item(item, run) for item in parse(raw, {"feed": parse_feed}, run) if isinstance(item, Item)]
        assert len(docs) == len(entries)
        row = Fetch(
            fetch_id=f"{self.time:032x}", kind="feed", feed=FEED, source="news", url=FEED, fetched_at=at, seconds=1.0,
            bytes=1, entries=0, new=0, unchanged=False, error=failed, failures=1 if failed else 0,
            succeeded_at=None if failed else at, etag=f"e{self.time}", run_id=run.run_id, analyzer_version="a",
        )  # fmt: skip
        attempt = begin(self.path, run.run_id)
        assert isinstance(attempt, Attempt)
        records = stage([*docs, row], self.path, attempt.folder, at.date(), 0)
        published = publish(self.path, attempt, records, {"read": len(docs)}, settle=settled)
        assert isinstance(published, Published)
        return published

    def rows(self, table: str = "articles") -> list[dict]:
        return ds.dataset(self.path / table, format="parquet", partitioning="hive").to_table().to_pylist()

    @property
    def counts(self) -> tuple[int, int]:
        """Articles and versions."""
        found = self.rows()
        return len({row["article_id"] for row in found}), len(found)

    @property
    def index(self) -> int:
        return sum(pq.read_metadata(path).num_rows for path in (self.path / "_state" / "seen").glob("*"))


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake")


@pytest.mark.parametrize(
    ("later", "versions"),
    [
        (entry(), 1),
        (entry(title="عنوان جديد للجلسة"), 2),
        (entry(text="أضاف المجلس بندا جديدا إلى جدول أعماله."), 2),
        (entry(guid="other-{}"), 1),
        (entry(guid=None), 1),
        (entry(guid="other-{}", title="عنوان جديد للجلسة"), 2),
        (entry(link="https://news.test/archive/{}.html"), 1),
        (entry(link=None), 1),
        (entry(link="https://news.test/archive/{}.html", title="عنوان جديد للجلسة"), 2),
        (entry(link="https://news.test/{}.html?utm_source=feed"), 1),
        (entry(link="https://news.test/{}.html?token=ab&sig=cd&expires=99"), 1),
    ],
)  # fmt: skip
def test_an_article_that_changed_is_no_new_one(lake: Lake, later: str, versions: int) -> None:
    lake.fetch(entry())
    lake.fetch(later)
    lake.fetch(entry(2), later)
    assert lake.counts == (2, versions + 1)


def test_a_chain_of_changes_stays_one_article(lake: Lake) -> None:
    lake.fetch(entry())
    lake.fetch(entry(link="https://news.test/b/{}.html"))
    lake.fetch(entry(guid="second-{}", link="https://news.test/b/{}.html"))
    lake.fetch(entry(guid="second-{}", link="https://news.test/c/{}.html", title="عنوان ثالث"))
    lake.fetch(entry(guid=None, link="https://news.test/c/{}.html", title="عنوان ثالث"))
    assert lake.counts == (1, 2)


def test_links_signed_afresh_at_every_fetch_add_nothing(lake: Lake) -> None:
    for n in range(5):
        lake.fetch(
            *(entry(i, guid=None, link=f"https://news.test/{{}}.html?id=3&sig={n}{i}&expires={n}") for i in range(6))
        )
    assert lake.counts == (6, 6)
    assert lake.index == 6


def test_guids_signed_afresh_at_every_fetch_are_none(lake: Lake) -> None:
    for n in range(4):
        lake.fetch(*(entry(i, guid=f"https://news.test/{{}}?token={n}{i}") for i in range(3)))
    assert lake.counts == (3, 3)
    assert lake.index == 3


@pytest.mark.parametrize("guid", [None, "g{}"])
@pytest.mark.parametrize("count", [2, 10])
def test_entries_that_share_one_link_are_told_apart(lake: Lake, guid: str | None, count: int) -> None:
    link = "https://news.test/breaking/today"
    lake.fetch(*(entry(n, guid, link) for n in range(count)))
    lake.fetch(*(entry(n, guid, link) for n in range(1, count + 1)))
    # One alone does not make it an address again.
    lake.fetch(entry(77, guid, link))
    lake.fetch(entry(78, guid, link))
    lake.fetch(entry(0, guid, link))
    assert lake.counts == (count + 3, count + 3)


@pytest.mark.parametrize("link", ["https://news.test/{}.html", None, "https://news.test/breaking/today"])
def test_one_guid_on_ten_entries_is_none(lake: Lake, link: str | None) -> None:
    lake.fetch(*(entry(n, "news", link) for n in range(10)))
    lake.fetch(*(entry(n, "news", link) for n in range(1, 11)))
    lake.fetch(entry(77, "news", link))
    lake.fetch(entry(78, "news", link))
    assert lake.counts == (13, 13)


def test_an_article_beside_its_own_update_is_one(lake: Lake) -> None:
    lake.fetch(entry(1), entry(1, title="تحديث: الجلسة"), entry(2), entry(3), entry(4))
    assert lake.counts == (4, 5)


def test_a_daily_column_is_new_every_day(lake: Lake) -> None:
    for day in range(3):
        lake.fetch(entry(day, title="كلمة اليوم"))
    assert lake.counts == (3, 3)


def test_a_better_cleaner_does_not_take_the_world_in_again(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    lake.fetch(entry())
    clean = normalize_item

    def changed(item: Item, run: Run) -> Document:
        doc = clean(item, run)
        text = doc.article.text + " نص"
        return replace(doc, article=replace(doc.article, text=text))

    monkeypatch.setitem(globals(), "normalize_item", changed)
    lake.fetch(entry(link="https://news.test/{}.html?sig=9"))
    assert lake.counts == (1, 1)


def test_what_was_said_before_needs_no_page(lake: Lake) -> None:
    lake.fetch(entry(1), entry(2))

    def known(text: str) -> bool:
        (item,) = parse_feed(RawInput(input=FEED, format="feed", payload=rss(text)))
        assert isinstance(item, Item)
        keys = keys_of("news", item.guid, item.url, item.title, item.text)
        return said_before(lake.path, [(keys, item.raw_hash)])[0]

    assert known(entry(1))
    assert known(entry(1, guid="other"))
    assert not known(entry(3))
    assert not known(entry(1, text="نص آخر"))
    assert said_before(lake.path, []) == []


def test_rows_of_fetches_count_their_news_and_are_what_comes_next(lake: Lake) -> None:
    lake.fetch(entry(1), entry(2))
    lake.fetch(entry(1), entry(2), entry(3))
    rows = sorted(lake.rows("fetches"), key=lambda row: row["fetched_at"])
    assert [(row["entries"], row["new"]) for row in rows] == [(2, 2), (3, 1)]
    state = newest(lake.path)[FEED]
    assert (state.etag, state.new, state.run_id) == ("e2", 1, "r2")
    assert state.next_at
    assert state.next_at > state.fetched_at
    lake.fetch(failed="timeout")
    assert newest(lake.path)[FEED].failures == 1
