"""A feed as a list names it: where it is, whose it is, how it wants to be read.  It travels; it is no table."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One entry of a feed list (`transforms.feeds.lists`)."""

    #: Address, http or https.
    url: str
    #: The publisher: what articles get as `source`; feeds of one publisher share it.
    source: str
    #: For people.
    name: str | None = None
    #: ISO 3166-1 alpha-2.
    country: str | None = None
    #: ISO 639-1, for entries that declare none.
    language: str | None = None
    #: IANA name: the zone of dates that tell none.
    timezone: str | None = None
    #: Seconds between fetches; None: by how often the feed brings news.
    interval: int | None = None
    #: Whether the page of each new entry is fetched, for feeds that bring summaries alone.
    fulltext: bool = False
    #: Sent with every request for this feed.
    headers: tuple[tuple[str, str], ...] = ()
