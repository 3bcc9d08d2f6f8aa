"""The `fetches` table: one row is one request for a feed or a page; the newest row of a feed says when it is due again."""

from dataclasses import dataclass
from datetime import datetime

from schemas.columns import column


def place(fetched_at: datetime, feed: str) -> str:
    """Where the entries of a fetch stand in the order of all inputs: what came first is first, whatever its address."""
    return f"{fetched_at:%Y%m%dT%H%M%S%f} {feed}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    fetch_id: str = column("Hash of feed, address and time")
    kind: str = column("feed, or page: the page of an entry of it")
    feed: str = column("Address of the feed as its list has it")
    source: str = column("The publisher, as the list has it")
    url: str = column("Address asked for")
    final_url: str | None = column(
        "Where redirects, or the page that names a feed, led; null where nothing did", default=None
    )
    fetched_at: datetime = column("When it was asked, UTC")
    seconds: float = column("How long it took")
    status: int | None = column("HTTP status; null where no answer came", default=None)
    bytes: int = column("Size of the body, decompressed")
    entries: int = column("Entries that became articles or versions, or were known; 0 of a page or an unchanged feed")
    new: int = column("Articles and versions that this fetch brought")
    unchanged: bool = column("Whether the server said so, or the body was the same as before")
    error: str | None = column("Why it failed, as a short fixed word; null where it did not", default=None)
    detail: str | None = column("The same for a person, or what should be changed in the list", default=None)
    next_at: datetime | None = column("When the feed is due again, UTC; null of a page", default=None)
    interval: float | None = column(
        "Seconds to the next fetch of a feed that answers, by its rate or its list", default=None
    )
    configured: int | None = column("Seconds between fetches that the list asks for", default=None)
    rate: float | None = column("New entries a second, averaged over about half a day", default=None)
    failures: int = column("Failed fetches in a row, this one too", default=0)
    succeeded_at: datetime | None = column("When the feed was last read, UTC", default=None)
    news_at: datetime | None = column("When a fetch last brought something new, UTC", default=None)
    full_at: datetime | None = column("When its whole body last came, UTC", default=None)
    etag: str | None = column("ETag to ask with", default=None)
    last_modified: str | None = column("Last-Modified to ask with, as the server wrote it", default=None)
    body_hash: str | None = column("Hash of the body that came last", default=None)
    run_id: str = column("The run that wrote the row")
    analyzer_version: str = column("Hash of the code, data files and models that made the row")
