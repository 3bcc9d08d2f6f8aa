"""What a feed list says of a feed goes to its entries; a feed of too many entries is cut and says so."""

from datetime import UTC, datetime
from typing import Any

import pytest

from schemas.item import Item, RawInput
from schemas.reject import Reject
from tests.servers import item, rss
from transforms.feeds.rss import parse_feed
from transforms.normalize import Run, normalize_item
from transforms.parse import MAX_ENTRIES, parse

RUN = Run("r", "a", datetime(2024, 6, 2, tzinfo=UTC))
FETCHED = datetime(2024, 6, 1, 12, tzinfo=UTC)


def entries(payload: bytes, **fields: Any) -> list[Item | Reject]:
    raw = RawInput(input="https://news.test/rss", format="feed", payload=payload, **{"fetched_at": FETCHED} | fields)
    return parse(raw, {"feed": parse_feed}, RUN)


def test_the_list_names_the_publisher_and_the_rest_where_an_entry_is_silent() -> None:
    (told,) = entries(rss(item(1)), source="wire", language="ar", timezone="Asia/Beirut")
    assert isinstance(told, Item)
    assert (told.source, told.language, told.timezone, told.fetched_at) == ("wire", "ar", "Asia/Beirut", FETCHED)
    article = normalize_item(told, RUN).article
    # Its own zone is told.
    assert (article.fetched_at, article.published_offset_min) == (FETCHED, 180)


@pytest.mark.parametrize(
    ("written", "zone", "moment", "offset"),
    [
        ("2024-06-01 08:00", "Asia/Beirut", "2024-06-01T05:00", 180),
        ("2024-01-15 08:00", "Asia/Beirut", "2024-01-15T06:00", 120),
        ("السبت 1 حزيران 2024 08:00", "Asia/Beirut", "2024-06-01T05:00", 180),
        ("2024-06-01 08:00", "Africa/Casablanca", "2024-06-01T07:00", 60),
        ("2024-06-01T08:00:00Z", "Asia/Beirut", "2024-06-01T08:00", 0),
        ("2024-06-01 08:00", None, "2024-06-01T08:00", None),
    ],
)
def test_dates_without_a_zone_are_of_the_feeds(written: str, zone: str | None, moment: str, offset: int | None) -> None:
    (told,) = entries(rss(f"<title>خبر من المدينة</title><pubDate>{written}</pubDate>"), timezone=zone)
    assert isinstance(told, Item)
    article = normalize_item(told, RUN).article
    assert article.published_at
    assert (article.published_at.strftime("%Y-%m-%dT%H:%M"), article.published_offset_min) == (moment, offset)
    assert ("feed-zone" in article.published_rule) is (zone is not None and "Z" not in written)


def test_a_fetched_feed_of_too_many_entries_is_cut_and_says_so() -> None:
    payload = rss(*(f"<title>خبر {n}</title>" for n in range(MAX_ENTRIES + 100)))
    found = entries(payload)
    assert len(found) == MAX_ENTRIES + 1
    assert isinstance(found[-1], Reject)
    assert (found[-1].reason, found[-1].input) == ("entries-cut", f"https://news.test/rss#{MAX_ENTRIES + 1}")
    assert len(entries(payload, fetched_at=None)) == MAX_ENTRIES + 100
