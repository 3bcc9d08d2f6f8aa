"""A feed fetched: what it brought as raw inputs, and the row that says how it went.

Knows: which answers are a feed, a page that names one, or no news; which entries want their page.  Does not know: what
the lake has (it is asked by a function), or how a feed becomes articles.
"""

import asyncio
import re
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final, NamedTuple

from schemas.feed import Feed
from schemas.fetch import Fetch
from schemas.identity import digest
from schemas.item import Item, RawInput
from transforms.feeds.alternate import feeds_of
from transforms.feeds.errors import BadInput
from transforms.feeds.fulltext import packed
from transforms.feeds.rss import parse_feed
from transforms.feeds.sniff import has_feed, sniff
from transforms.feeds.zones import zone_of
from transforms.fetch.client import Answer, Client
from transforms.fetch.errors import FetchError
from transforms.fetch.robots import Robots
from transforms.fetch.schedule import FIRST, jittered, retry_after, wait_after_failure
from transforms.fetch.validators import hash_of, questions, validators

#: Pages that one fetch of a feed may ask for: at 5 s each they take two minutes of a round.
MAX_PAGES: Final = 20
#: Failures of a page that may be over by the next fetch.
_PASSING: Final = frozenset(["dns", "connect", "tls", "timeout", "protocol", "cut", "held"])
_HEAD: Final = 8192
_ACCEPT: Final = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"
_STAMP = re.compile(r"\s+")


class Found(NamedTuple):
    """What one feed's turn gave: its row and those of its pages, and the inputs to be parsed."""

    rows: tuple[Fetch, ...]
    raws: tuple[RawInput, ...]

    @property
    def feed(self) -> Fetch:
        """The feed's own row."""
        return self.rows[0]


class Stamp(NamedTuple):
    """What every row of a run shares."""

    run_id: str
    analyzer_version: str


#: Of a publisher and the entries of a feed of his, which the lake has as they are; None of what is on its way there: it
#: needs no page, but the next fetch must bring it again.
Known = Callable[[str, Sequence[Item]], Sequence[bool | None]]


def nothing_known(source: str, items: Sequence[Item]) -> list[bool]:
    """As of an empty lake."""
    return [False] * len(items)


class Fetcher:
    """Reads feeds, one call each; many at once on one loop."""

    def __init__(
        self,
        client: Client,
        stamp: Stamp,
        known: Known = nothing_known,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        chance: Callable[[], float] | None = None,
        robots: Robots | None = None,
    ) -> None:
        self._client, self.stamp, self._known, self._now = client, stamp, known, now
        self._chance = chance or Random().random
        self._robots = robots or Robots(client)

    async def read(self, feed: Feed, last: Fetch | None) -> Found:
        """One turn of the feed, of which `last` is the newest row."""
        row = self._row(feed, last)
        started = time.monotonic()
        try:
            try:
                answer, detail = await self._answer(feed, questions(last, row.fetched_at))
            except Exception as error:
                raise _told(error, feed.url) from error
            row = replace(row, seconds=time.monotonic() - started, status=answer.status, detail=detail)
            row = replace(row, final_url=answer.url if answer.url != feed.url else None)
            return await self._taken(feed, row, last, answer)
        except FetchError as error:
            return Found((self._failed(row, error, time.monotonic() - started),), ())

    def _row(self, feed: Feed, last: Fetch | None) -> Fetch:
        """The row of a fetch that begins, with what is known of the feed so far."""
        now = self._now()
        blank = Fetch(
            fetch_id="", kind="feed", feed=feed.url, source=feed.source, url=feed.url, fetched_at=now, seconds=0.0,
            bytes=0, entries=0, new=0, unchanged=False, run_id="", analyzer_version="",
        )  # fmt: skip
        kept = ("rate", "failures", "succeeded_at", "news_at", "full_at", "etag", "last_modified", "body_hash")
        return replace(
            blank,
            **{name: getattr(last, name) for name in kept} if last else {},
            fetch_id=digest("fetch", feed.url, feed.url, now.isoformat()),
            configured=feed.interval,
            **self.stamp._asdict(),
        )

    async def _answer(self, feed: Feed, asking: list[tuple[str, str]]) -> tuple[Answer, str | None]:
        """The answer that is a feed or says that nothing changed, and what the list should have instead."""
        headers = [("accept", _ACCEPT), *feed.headers, *asking]
        answer = await self._client.get(feed.url, headers)
        if answer.status == 304 and asking:
            return answer, None
        _refuse_status(answer)
        head = answer.body[:_HEAD]
        if has_feed(head):
            return answer, None
        if sniff("", head) != "html":
            raise FetchError("not-a-feed", f"{answer.url} is neither a feed nor a page", answer.status)
        named = feeds_of(answer.body, answer.url, answer.charset)
        if not named:
            raise FetchError("not-a-feed", f"{answer.url} is a page that names no feed", answer.status)
        answer = await self._client.get(named[0], headers[:1], asked_by=feed.url)
        _refuse_status(answer)
        if not has_feed(answer.body[:_HEAD]):
            raise FetchError("not-a-feed", f"{feed.url} is a page, and {named[0]}, which it names, no feed", 200)
        return answer, f"a page, which names the feed {named[0]}: put that into the list"

    async def _taken(self, feed: Feed, row: Fetch, last: Fetch | None, answer: Answer) -> Found:
        """The row and inputs of an answer that is no failure."""
        row = replace(row, failures=0, succeeded_at=row.fetched_at, bytes=len(answer.body))
        if answer.status == 304:
            return Found((replace(row, unchanged=True),), ())
        etag, modified = validators(answer)
        # What a page names is asked for by that page's address: its validators are not the feed's.
        etag, modified = (None, None) if row.detail else (etag, modified)
        same = last is not None and last.body_hash == hash_of(answer.body)
        row = replace(row, etag=etag, last_modified=modified, body_hash=hash_of(answer.body))
        row = replace(row, full_at=row.fetched_at, unchanged=same)
        if same:
            return Found((row,), ())
        raw = RawInput(
            input=feed.url, format="feed", payload=answer.body, declared_encoding=answer.charset,
            fetched_at=row.fetched_at, address=answer.url, source=feed.source, language=feed.language,
            timezone=feed.timezone or zone_of(feed.country),
        )  # fmt: skip
        if not feed.fulltext:
            return Found((row,), (raw,))
        return await self._with_pages(feed, row, raw)

    async def _with_pages(self, feed: Feed, row: Fetch, raw: RawInput) -> Found:
        """Each entry that the lake has not beside its page; the feed itself where it cannot be parsed."""
        try:
            items = [item for item in parse_feed(raw) if isinstance(item, Item)]
        except BadInput:
            return Found((row,), (raw,))
        known = self._known(feed.source, items)
        fresh = [item for item, seen in zip(items, known, strict=True) if seen is False]
        pages = await asyncio.gather(*(self._page(feed, row, item) for item in fresh[:MAX_PAGES]))
        raws, rows = [], []
        again = len(fresh) > MAX_PAGES or None in known
        for item, (page, answer) in zip(fresh, pages, strict=False):
            rows += [page] if page else []
            if page and _passes(page):
                # Its summary is told now, under a hash that leaves the entry to be asked for again.
                again, item = True, replace(item, raw_hash=digest("page missing", item.raw_hash))
            body, charset, url = (answer.body, answer.charset, answer.url) if answer else (b"", None, None)
            raws.append(packed(item, raw, body, charset, url))
        if again:
            # The next fetch must not be told that nothing has changed.
            row = replace(row, etag=None, last_modified=None, body_hash=None, full_at=None)
        return Found((row, *rows), tuple(raws))

    async def _page(self, feed: Feed, row: Fetch, item: Item) -> tuple[Fetch | None, Answer | None]:
        if not item.url:
            return None, None
        now = self._now()
        page = replace(
            self._row(feed, None), kind="page", url=item.url, fetched_at=now, configured=None,
            fetch_id=digest("fetch", feed.url, item.url, row.fetched_at.isoformat()),
        )  # fmt: skip
        started = time.monotonic()
        try:
            if not await self._robots.allows(item.url, feed.url):
                raise FetchError("robots", f"robots.txt forbids {item.url}, or cannot be read")
            answer = await self._client.get(item.url, [("accept", "text/html, */*;q=0.5")], asked_by=feed.url)
            _refuse_status(answer)
        except Exception as error:
            told, spent = _told(error, item.url), time.monotonic() - started
            return replace(
                page, seconds=spent, status=told.status, bytes=told.received, error=told.kind, detail=told.detail
            ), None
        moved = answer.url if answer.url != item.url else None
        spent = time.monotonic() - started
        return replace(page, seconds=spent, status=200, bytes=len(answer.body), final_url=moved), answer

    def broken(self, feed: Feed, last: Fetch | None, error: Exception) -> Found:
        """What a turn gives that a bug ended: the feed counts as failed, so that it is not asked at once again."""
        return Found((self._failed(self._row(feed, last), _told(error, feed.url), 0.0),), ())

    def _failed(self, row: Fetch, error: FetchError, seconds: float) -> Fetch:
        # A host that asked to be left alone was not asked: that is no failure of this feed.
        failures = row.failures + (error.kind != "held")
        wait = wait_after_failure(failures, float(row.configured or FIRST)) if error.kind != "held" else 0.0
        wait = max(jittered(wait, self._chance()), error.retry_after or 0.0)
        return replace(
            row,
            seconds=seconds,
            status=error.status,
            bytes=error.received,
            error=error.kind,
            detail=_STAMP.sub(" ", error.detail)[:500],
            failures=failures,
            next_at=row.fetched_at + timedelta(seconds=wait),
        )


def _passes(page: Fetch) -> bool:
    """Whether the failure of a page may be over by the next fetch."""
    return page.error in _PASSING or (page.error == "status" and ((page.status or 0) >= 500 or page.status == 429))


def _told(error: Exception, url: str) -> FetchError:
    """What goes into the row; of a bug of ours the traceback goes to stderr, for one server must not end all reading."""
    if isinstance(error, FetchError):
        return error
    print(f"khabar: a bug in fetching {url!r}:", file=sys.stderr)
    traceback.print_exception(error)
    return FetchError("bug", f"{url}: {type(error).__name__}: {error}")


def _refuse_status(answer: Answer) -> None:
    """Raises FetchError where the answer has no body to be read."""
    if answer.status != 200:
        wait = retry_after(answer.headers.get("retry-after"))
        raise FetchError("status", f"{answer.url} answers {answer.status}", answer.status, wait)
