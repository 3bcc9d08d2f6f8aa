"""One feed's turn against servers on loopback: what is news, what is none, what is told of failures."""

import asyncio
import socket
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from schemas.feed import Feed
from schemas.fetch import Fetch
from schemas.item import Item
from tests.servers import RawServer, answer, item, loopback, rss, saying
from transforms.feeds.fulltext import parse_entry
from transforms.feeds.rss import parse_feed
from transforms.fetch.client import Client, Limits
from transforms.fetch.crew import Crew
from transforms.fetch.fetcher import MAX_PAGES, Fetcher, Found, Stamp, nothing_known
from transforms.fetch.politeness import Politeness

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
BODY = rss(item(1), item(2))


def make(now: datetime = NOW, known: Any = nothing_known) -> tuple[Client, Fetcher]:
    client = Client("khabar-test", Politeness(between=0.0), ["news.test"], loopback, Limits(deadline=2.0))
    return client, Fetcher(client, Stamp("r1", "a1"), known, lambda: now, lambda: 0.5)


def read(feed: Feed | str, last: Fetch | None = None, now: datetime = NOW, known: Any = nothing_known) -> Found:
    async def run() -> Found:
        client, fetcher = make(now, known)
        try:
            return await fetcher.read(Feed(url=feed, source="news.test") if isinstance(feed, str) else feed, last)
        finally:
            await client.close()

    return asyncio.run(run())


def url(server: HTTPServer, path: str) -> str:
    return f"http://news.test:{server.port}{path}"


def test_a_feed_becomes_an_input_and_a_row(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/rss").respond_with_data(
        BODY, headers={"ETag": '"1"', "Content-Type": "text/xml; charset=utf-8"}
    )
    feed = Feed(url=url(httpserver, "/rss"), source="news", language="ar", timezone="Asia/Beirut", interval=900)
    found = read(feed)
    (raw,) = found.raws
    assert (raw.input, raw.payload, raw.declared_encoding) == (feed.url, BODY, "utf-8")
    assert (raw.source, raw.language, raw.timezone, raw.fetched_at) == ("news", "ar", "Asia/Beirut", NOW)
    row = found.feed
    assert (row.status, row.bytes, row.etag, row.error, row.unchanged, row.failures) == (
        200,
        len(BODY),
        '"1"',
        None,
        False,
        0,
    )
    assert (row.configured, row.run_id, row.succeeded_at, row.full_at) == (900, "r1", NOW, NOW)


@pytest.mark.parametrize(
    ("fields", "zone"),
    [({"country": "LB"}, "Asia/Beirut"), ({"country": "PS"}, "Asia/Gaza"), ({"country": "US"}, None), ({}, None),
     ({"country": "GB", "timezone": "Asia/Amman"}, "Asia/Amman")],
)  # fmt: skip
def test_a_country_with_one_clock_tells_the_zone(
    httpserver: HTTPServer, fields: dict[str, str], zone: str | None
) -> None:
    httpserver.expect_request("/rss").respond_with_data(BODY)
    (raw,) = read(Feed(url=url(httpserver, "/rss"), source="x", **fields)).raws
    assert raw.timezone == zone


def conditional(request: Request) -> Response:
    if request.headers.get("If-None-Match") == '"1"' or request.headers.get("If-Modified-Since"):
        return Response(status=304)
    return Response(BODY, headers={"ETag": '"1"', "Last-Modified": "Sat, 01 Jun 2024 08:00:00 GMT"})


def test_nothing_changed_says_the_server(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/rss").respond_with_handler(conditional)
    first = read(url(httpserver, "/rss")).feed
    later = NOW + timedelta(hours=1)
    second = read(url(httpserver, "/rss"), first, later)
    assert second.raws == ()
    assert (second.feed.status, second.feed.unchanged, second.feed.bytes) == (304, True, 0)
    assert (second.feed.full_at, second.feed.succeeded_at, second.feed.body_hash) == (NOW, later, first.body_hash)
    assert httpserver.log[1][0].headers["If-Modified-Since"] == "Sat, 01 Jun 2024 08:00:00 GMT"


def test_the_whole_body_is_asked_for_every_few_hours(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/rss").respond_with_handler(conditional)
    first = read(url(httpserver, "/rss")).feed
    later = NOW + timedelta(hours=6)
    second = read(url(httpserver, "/rss"), first, later)
    assert "If-None-Match" not in httpserver.log[1][0].headers
    assert (second.feed.status, second.feed.unchanged, second.feed.full_at, second.raws) == (200, True, later, ())


def test_a_server_that_repeats_an_etag_is_found_out(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/rss").respond_with_data(BODY, headers={"ETag": '"1"'})
    first = read(url(httpserver, "/rss")).feed
    httpserver.clear()
    httpserver.expect_request("/rss").respond_with_data(rss(item(3)), headers={"ETag": '"1"'})
    second = read(url(httpserver, "/rss"), first, NOW + timedelta(hours=1))
    assert len(second.raws) == 1
    assert not second.feed.unchanged


def test_a_304_that_nobody_asked_for_is_a_failure(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/rss").respond_with_data(b"", status=304)
    assert read(url(httpserver, "/rss")).feed.error == "status"


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 429, 500, 503])
def test_failures_are_told_and_asked_again_ever_later(httpserver: HTTPServer, status: int) -> None:
    httpserver.expect_request("/rss").respond_with_data(b"no", status=status)
    last, waits = None, []
    for _ in range(12):
        last = read(url(httpserver, "/rss"), last).feed
        assert (last.error, last.status) == ("status", status)
        assert last.next_at
        waits.append((last.next_at - NOW).total_seconds())
    assert last
    assert last.failures == 12
    assert waits == sorted(waits)
    assert waits[0] >= 1800 * 0.95
    assert waits[-1] <= 86400 * 1.05


def test_what_was_known_of_a_feed_outlives_its_failures(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/rss").respond_with_handler(conditional)
    first = read(url(httpserver, "/rss")).feed
    failed = read("http://news.test:1/rss", replace(first, rate=0.5), NOW + timedelta(hours=1)).feed
    assert (failed.error, failed.etag, failed.body_hash, failed.succeeded_at, failed.rate) == (
        "connect",
        '"1"',
        first.body_hash,
        NOW,
        0.5,
    )
    assert read(url(httpserver, "/rss"), failed, NOW + timedelta(hours=2)).feed.failures == 0


@pytest.mark.parametrize(("value", "least"), [("7200", 7200), ("Sat, 01 Jun 2099 00:00:00 GMT", 86000)])
def test_a_server_that_asks_to_be_left_alone_is(httpserver: HTTPServer, value: str, least: float) -> None:
    httpserver.expect_request("/rss").respond_with_data(b"", status=503, headers={"Retry-After": value})
    row = read(url(httpserver, "/rss")).feed
    assert row.next_at
    assert least <= (row.next_at - NOW).total_seconds() <= 86400 * 1.05


PAGE = (
    '<!doctype html><html><head><title>موقع</title><link rel="alternate" type="application/rss+xml" title="تعليقات" href="/c">'
    '<LINK href=\'/rss?a=1&amp;b=2\' type="application/rss+xml; charset=utf-8" rel="ALTERNATE home"></head><body>أخبار</body></html>'
)


def test_a_page_in_place_of_a_feed_names_it_and_it_is_read(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/").respond_with_data(PAGE, content_type="text/html", headers={"ETag": '"page"'})
    httpserver.expect_request("/rss", query_string="a=1&b=2").respond_with_data(BODY)
    found = read(url(httpserver, "/"))
    named = url(httpserver, "/rss?a=1&b=2")
    assert (found.feed.error, found.feed.final_url, found.feed.etag) == (None, named, None)
    assert named in (found.feed.detail or "")
    assert found.raws[0].payload == BODY
    assert (found.raws[0].input, found.raws[0].address) == (url(httpserver, "/"), named)


@pytest.mark.parametrize(
    "body", [b"<!doctype html><html><body>x</body></html>", b"", b'{"error": 1}', b"\x89PNG\r\n\x1a\n", PAGE.encode()]
)
def test_what_is_no_feed_is_a_failure(httpserver: HTTPServer, body: bytes) -> None:
    httpserver.expect_request("/").respond_with_data(body)
    httpserver.expect_request("/rss").respond_with_data(b"<html></html>")
    found = read(url(httpserver, "/"))
    assert (found.feed.error, found.raws, found.feed.body_hash) == ("not-a-feed", (), None)


def test_a_warning_before_the_feed_does_not_hide_it(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/").respond_with_data(b"<br>\n<b>Warning</b>: x\n" + BODY)
    assert len(read(url(httpserver, "/")).raws) == 1


TEXT = "أعلنت الهيئة أن العمل في المشروع سيبدأ الشهر المقبل بعد الانتهاء من الدراسات. " * 8


def page(n: int) -> str:
    return f"<html lang=ar><head><title>خبر {n}</title></head><body><article><h1>خبر {n}</h1><p>{TEXT}</p><p>{TEXT}</p></article></body></html>"


def full_text(server: HTTPServer, entries: Sequence[int]) -> Feed:
    links = [item(n, text="ملخص قصير", link=url(server, f"/{n}.html")) for n in entries]
    server.expect_request("/rss").respond_with_data(rss(*links))
    for n in entries:
        server.expect_request(f"/{n}.html").respond_with_data(page(n), content_type="text/html; charset=utf-8")
    return Feed(url=url(server, "/rss"), source="news.test", fulltext=True)


def test_the_pages_of_new_entries_are_fetched(httpserver: HTTPServer) -> None:
    feed = full_text(httpserver, [1, 2, 3])
    httpserver.expect_request("/robots.txt").respond_with_data("User-agent: *\nDisallow: /3.html\n")

    def known(source: str, items: Sequence[Item]) -> list[bool]:
        return [one.guid == "g1" for one in items]

    found = read(feed, known=known)
    second, third = map(parse_entry, found.raws)
    assert (second.guid, second.summary, second.position) == ("g2", "ملخص قصير", 2)
    assert TEXT.strip() in (second.text or "")
    assert (third.guid, third.text, third.position) == ("g3", "ملخص قصير", 3)
    assert "page-missing" in third.repairs
    assert [(row.kind, row.url.rpartition("/")[2], row.error) for row in found.rows] == [
        ("feed", "rss", None),
        ("page", "2.html", None),
        ("page", "3.html", "robots"),
    ]
    assert [request.path for request, _ in httpserver.log].count("/robots.txt") == 1


def test_an_entry_on_its_way_needs_no_page_but_comes_again(httpserver: HTTPServer) -> None:
    feed = full_text(httpserver, [1, 2])
    httpserver.expect_request("/robots.txt").respond_with_data("", status=404)
    found = read(feed, known=lambda _, items: [None, False])
    assert [parse_entry(raw).guid for raw in found.raws] == ["g2"]
    assert (found.feed.body_hash, found.feed.full_at) == (None, None)
    assert read(feed, known=lambda _, items: [True, False]).feed.body_hash


@pytest.mark.parametrize(("status", "again"), [(404, False), (503, True), (429, True)])
def test_a_page_that_fails_for_now_is_asked_for_again(httpserver: HTTPServer, status: int, again: bool) -> None:
    httpserver.expect_request("/1.html").respond_with_data("", status=status)
    feed = full_text(httpserver, [1])
    httpserver.expect_request("/robots.txt").respond_with_data("", status=404)
    found = read(feed)
    (raw,) = found.raws
    entry = parse_entry(raw)
    assert (entry.text, entry.repairs) == ("ملخص قصير", ("page-missing",))
    (plain,) = read(replace(feed, fulltext=False)).raws
    (told,) = (one for one in parse_feed(plain) if isinstance(one, Item))
    assert (entry.raw_hash != told.raw_hash) is again
    assert (found.feed.body_hash is None) is again


def test_pages_beyond_a_fetch_wait_for_the_next(httpserver: HTTPServer) -> None:
    feed = full_text(httpserver, range(1, MAX_PAGES + 6))
    httpserver.expect_request("/robots.txt").respond_with_data("", status=404)
    first = read(feed)
    assert (len(first.raws), first.feed.body_hash, first.feed.etag) == (MAX_PAGES, None, None)
    done = {parse_entry(raw).guid for raw in first.raws}
    second = read(
        feed, first.feed, NOW + timedelta(hours=1), known=lambda _, items: [one.guid in done for one in items]
    )
    assert len(second.raws) == 5
    assert second.feed.body_hash


@pytest.mark.parametrize(("status", "asked"), [(404, True), (403, True), (500, False), (429, False)])
def test_a_site_that_cannot_say_is_not_asked_for_pages(httpserver: HTTPServer, status: int, asked: bool) -> None:
    feed = full_text(httpserver, [1])
    httpserver.expect_request("/robots.txt").respond_with_data("", status=status)
    (raw,) = read(feed).raws
    assert (TEXT.strip() in (parse_entry(raw).text or "")) is asked


def test_many_feeds_at_once_and_none_keeps_the_others_waiting() -> None:
    import time

    def hang(connection: Any, _: bytes) -> None:
        time.sleep(3)

    with RawServer(saying(answer(BODY))) as good, RawServer(hang) as bad:
        crew = Crew(make)
        started = time.monotonic()
        due = [(Feed(url=bad.url(f"/{n}"), source="x"), None) for n in range(2)]
        due += [(Feed(url=good.url(f"/{n}", "news.test"), source="x"), None) for n in range(40)]
        due[0:0] = [(Feed(url=good.url("/x", "private.test"), source="x"), None)]
        kinds = [found.feed.error for found in crew.read(due)]
        crew.close()
    assert sorted(kinds, key=str) == sorted([None] * 40 + ["timeout"] * 2 + ["address"], key=str)
    assert time.monotonic() - started < 5


def test_feeds_of_a_host_that_asks_for_hours_are_put_off_unasked() -> None:
    with RawServer(saying(answer(b"", "429 Too Many", "Retry-After: 7200"))) as server:
        crew = Crew(make)
        found = [one.feed for one in crew.read([(Feed(url=server.url(f"/{n}"), source="x"), None) for n in range(6)])]
        crew.close()
    held = [row for row in found if row.error == "held"]
    assert len(server.requests) <= 2
    assert len(held) == 6 - len(server.requests)
    for row in held:
        assert row.failures == 0
        assert row.next_at
        assert 7100 < (row.next_at - NOW).total_seconds() <= 7200


@pytest.mark.parametrize("path", ["/rss", "/1.html"])
def test_a_bug_that_a_server_calls_up_costs_its_feed_or_page_alone(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], path: str
) -> None:
    feed = full_text(httpserver, [1, 2])
    httpserver.expect_request("/robots.txt").respond_with_data("", status=404)
    get = Client.get

    async def broken(self: Client, url: str, *more: Any, **named: Any) -> Any:
        if url.endswith(path):
            raise OverflowError("a bug")
        return await get(self, url, *more, **named)

    monkeypatch.setattr(Client, "get", broken)
    found = read(feed)
    errors = {row.url.rpartition("/")[2]: row.error for row in found.rows}
    assert errors == ({"rss": "bug"} if path == "/rss" else {"rss": None, "1.html": "bug", "2.html": None})
    assert found.feed.next_at if path == "/rss" else len(found.raws) == 2
    assert "OverflowError: a bug" in capsys.readouterr().err


def test_pages_at_no_port_are_no_pages(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/rss").respond_with_data(rss(item(1, link="http://news.test:99999/1.html")))
    found = read(Feed(url=url(httpserver, "/rss"), source="x", fulltext=True))
    assert ([row.error for row in found.rows], len(found.raws)) == ([None], 1)


def test_names_that_no_server_answers_for_keep_no_other_feed_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    known = socket.getaddrinfo

    def slow(host: str, *more: Any, **named: Any) -> Any:
        if host.startswith("dead"):
            time.sleep(1.5)
            raise socket.gaierror(-3, "Temporary failure in name resolution")
        return known(host, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", slow)

    def made() -> tuple[Client, Fetcher]:
        client = Client("khabar-test", Politeness(between=0.0), ["localhost"], limits=Limits(deadline=1.0))
        return client, Fetcher(client, Stamp("r1", "a1"))

    dead = [f"http://dead{n}.test/rss" for n in range(20)]
    with RawServer(saying(answer(BODY))) as server:
        crew = Crew(made)
        urls = [*dead, server.url(host="localhost")]
        found = list(crew.read([(Feed(url=url, source="x"), None) for url in urls]))
        crew.close()
    assert [one.feed.error for one in found if "localhost" in one.feed.url] == [None]


def test_a_bug_is_told_and_ends_the_round() -> None:
    def known(source: str, items: Sequence[Item]) -> list[bool]:
        raise KeyError("a bug")

    with RawServer(saying(answer(BODY))) as server:
        crew = Crew(lambda: make(known=known))
        with pytest.raises(ExceptionGroup):
            list(crew.read([(Feed(url=server.url(), source="x", fulltext=True), None)]))
        crew.close()
