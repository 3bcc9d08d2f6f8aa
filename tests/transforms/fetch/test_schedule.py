"""When a feed is due again: pure functions of what it brought and asked for."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fetches import NOON as NOW
from tests.fetches import fetch_row
from transforms.fetch.schedule import (
    DAY,
    FIRST,
    LEAST,
    MOST,
    interval_of,
    rate_after,
    retry_after,
    settled,
    wait_after_failure,
)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0),
        (" 120 ", 120),
        ("86401", DAY),
        ("999999999", DAY),
        ("9999999999999", DAY),
        ("-5", None),
        ("Sat, 01 Jun 2024 12:10:00 GMT", 600),
        ("Sat, 01 Jun 2024 12:10:00", 600),
        ("Sat, 01 Jun 2024 11:00:00 GMT", 0),
        ("Fri, 01 Jun 2029 11:00:00 GMT", DAY),
        ("Sat, 99 Jun 2024", None),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds


@given(st.integers(1, 10**6), st.floats(60, 7 * DAY))
def test_failures_wait_longer_and_never_for_ever(failures: int, interval: float) -> None:
    wait = wait_after_failure(failures, interval)
    assert min(interval, DAY) <= wait <= DAY
    assert wait_after_failure(failures + 1, interval) >= wait


@pytest.mark.parametrize(
    ("an_hour", "least", "most"), [(0, MOST, MOST), (1, 3600, 14400), (12, 400, 1200), (1000, LEAST, LEAST)]
)
def test_the_interval_follows_what_a_feed_publishes(an_hour: float, least: float, most: float) -> None:
    rate, interval, left, carried = rate_after(None, 30, 0), FIRST, 3 * DAY, 0.0
    while left > 0:
        carried += an_hour * interval / 3600
        new, carried = int(carried), carried - int(carried)
        rate = rate_after(rate, new, interval)
        left -= interval
        interval = interval_of(rate)
    assert least <= interval <= most


def test_a_quiet_feed_that_wakes_is_asked_more_often() -> None:
    asleep = rate_after(rate_after(None, 0, 0), 0, 3 * DAY)
    assert interval_of(asleep) == MOST
    assert interval_of(rate_after(asleep, 20, MOST)) < MOST / 4


def test_the_interval_of_the_list_wins() -> None:
    assert interval_of(rate_after(None, 0, 0), 900) == 900
    done = settled(fetch_row(configured=900), None, 5, 5)
    assert done.next_at == NOW + timedelta(seconds=900)


def test_settling_twice_changes_nothing() -> None:
    last = settled(fetch_row(), None, 30, 30)
    assert (last.new, last.news_at) == (30, NOW)
    later = fetch_row(NOW + timedelta(minutes=40), configured=None)
    once = settled(later, last, 30, 4)
    assert settled(once, last, 30, 4) == once
    assert once.next_at
    assert once.interval
    assert once.next_at > later.fetched_at
    quiet = settled(fetch_row(NOW + timedelta(minutes=80)), once, 0, 0)
    assert (quiet.news_at, quiet.interval) == (later.fetched_at, quiet.interval)
    assert quiet.interval
    assert quiet.interval > once.interval


def test_a_failure_and_a_page_stay_as_they_are() -> None:
    for other in (fetch_row(error="timeout"), fetch_row(kind="page")):
        assert settled(other, None, 3, 3) == other
