"""When to fetch a feed again: by what it brought, by what it asks, by how often it failed.

Pure: moments and intervals come in, moments come out.  A feed that fails is asked less and less often, never no more:
dead feeds come back.
"""

import math
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from schemas.fetch import Fetch

DAY: Final = 86400.0
#: Seconds between fetches of a feed of which nothing is known, and the bounds of what is learnt.
FIRST, LEAST, MOST = 1800.0, 300.0, 43200.0
#: A fetch shall find so many new entries, on the average.
_WANTED: Final = 2.0
#: Publishing rates are averaged over about so many seconds: nights are quiet.
_MEMORY: Final = 43200.0
#: After the first failure; each one more doubles it.
_FIRST_RETRY: Final = 300.0
#: The rate of a feed that was read once.
UNKNOWN_RATE: Final = _WANTED / FIRST
_NUMBER = re.compile(r"\s*[0-9]+\s*")


def retry_after(value: str | None, now: datetime | None = None) -> float | None:
    """Seconds that a Retry-After header asks for, a number or a date, a day at most; None where it says nothing.

    >>> retry_after("120"), retry_after("999999"), retry_after("soon")
    (120.0, 86400.0, None)
    """
    if not value:
        return None
    if _NUMBER.fullmatch(value):
        return min(float(value), DAY)
    try:
        date = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError):
        return None
    date = date if date.tzinfo else date.replace(tzinfo=UTC)
    return min(max((date - (now or datetime.now(UTC))).total_seconds(), 0.0), DAY)


def rate_after(rate: float | None, new: int, seconds: float) -> float:
    """New entries a second, averaged: the rate so far, and so many new ones after so many seconds.

    None is the rate of a feed that was never read: what it has then tells how far back it goes, not how often it
    publishes, and the rate begins with what `FIRST` assumes.
    """
    if rate is None:
        return UNKNOWN_RATE
    weight = 1 - math.exp(-max(seconds, 1.0) / _MEMORY)
    return rate + weight * (new / max(seconds, 1.0) - rate)


def interval_of(rate: float, configured: int | None = None) -> float:
    """Seconds to the next fetch of a feed that publishes so many entries a second; a list's own interval wins."""
    if configured:
        return float(configured)
    return min(max(_WANTED / rate if rate > 0 else MOST, LEAST), MOST)


def wait_after_failure(failures: int, interval: float) -> float:
    """Seconds to the next try after so many failures in a row: never sooner than a success would, a day at most."""
    return min(max(_FIRST_RETRY * 2.0 ** min(failures - 1, 20), interval), DAY)


def jittered(seconds: float, chance: float) -> float:
    """The time, up to a twentieth more or less by a chance in [0, 1): feeds read together must not stay together."""
    return seconds * (0.95 + 0.1 * chance)


def is_due(next_at: datetime | None, now: datetime) -> bool:
    """Whether a feed that is to be fetched then is to be fetched now; one that never was is."""
    return next_at is None or next_at <= now + timedelta(seconds=1)


def settled(fetch: Fetch, last: Fetch | None, entries: int, new: int) -> Fetch:
    """The row of a fetch once it is known what it brought: its rate, interval and next time follow.

    `last` is the row before of the same feed.  Doing it twice changes
    nothing.
    """
    if fetch.kind != "feed" or fetch.error is not None:
        return fetch
    since = last.succeeded_at if last else None
    rate = rate_after(
        last.rate if last and since else None, new, (fetch.fetched_at - since).total_seconds() if since else 0.0
    )
    interval = interval_of(rate, fetch.configured)
    # Of the row itself, so that the same rows settle alike wherever it is done.
    chance = int(fetch.fetch_id[:8], 16) / (1 << 32)
    return replace(
        fetch,
        entries=entries,
        new=new,
        rate=rate,
        interval=interval,
        next_at=fetch.fetched_at + timedelta(seconds=jittered(interval, chance)),
        news_at=fetch.fetched_at if new else last.news_at if last else None,
    )
