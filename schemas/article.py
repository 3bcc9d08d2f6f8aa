"""The `articles` table: one row is one version of one article."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from schemas.columns import column

#: An article dated further ahead of its fetch than this goes under its fetch day.
MAX_AHEAD = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    article_id: str = column("Identity that the first sighting gave: a hash of source and guid, URL or title and text")
    version_id: str = column("Hash of article_id, stored title and stored text")
    guid: str | None = column("The id that the input gave, else the URL", default=None)
    source: str = column("The publisher; `unknown` where the input names none")
    url: str | None = column("Address of the article as given", default=None)
    title: str | None = column("Headline, cleaned", default=None)
    summary: str | None = column("Summary that the feed gave, cleaned", default=None)
    text: str = column("Cleaned body; what all offsets point into, in Unicode code points")
    author: str | None = column("Byline as given", default=None)
    section: str | None = column("Section or category as given", default=None)
    language: str = column("ISO 639-1 code of the text's main script and language")
    published_at: datetime | None = column("When it was published, UTC; null where nothing tells it", default=None)
    published_offset_min: int | None = column("Publisher's local offset from UTC in minutes", default=None)
    published_rule: str = column("How published_at was found, and why a fetch day stands in the partition")
    updated_at: datetime | None = column("When the publisher last changed it, UTC", default=None)
    fetched_at: datetime = column("When it was fetched, or the run's logical date for files, UTC")
    encoding: str | None = column("Character encoding that the bytes were read in", default=None)
    repairs: tuple[str, ...] = column("What was mended on the way in, as short fixed words", default=())
    duplicate_of: str | None = column(
        "version_id of the first article of the same story text known when this row was written", default=None
    )
    run_id: str = column("The run that wrote the row")
    analyzer_version: str = column("Hash of the code, data files and models that made the row")
    version_number: int | None = column(
        "1 for the first version seen of the article, the newest has the highest", default=None
    )

    @property
    def published_day(self) -> date | None:
        """The publisher's local day of publication: what relative dates in the text count from."""
        if self.published_at is None:
            return None
        return (self.published_at + timedelta(minutes=self.published_offset_min or 0)).date()

    @property
    def partition_day(self) -> date:
        """The UTC day whose partition the article and all its rows go to."""
        published = self.published_at
        if published is None or published > self.fetched_at + MAX_AHEAD:
            return self.fetched_at.date()
        return published.date()
