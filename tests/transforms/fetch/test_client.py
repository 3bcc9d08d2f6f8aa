"""The client against servers that hang, drip, lie, loop and explode, all on loopback."""

import asyncio
import gc
import gzip
import resource
import socket
import threading
import time
import zlib
from collections.abc import Sequence

import brotli
import httpcore2
import pytest

from tests.servers import Handler, RawServer, answer, loopback, saying
from transforms.fetch.backend import GuardedBackend
from transforms.fetch.client import Answer, Client, Limits
from transforms.fetch.errors import FetchError
from transforms.fetch.politeness import Politeness
from transforms.fetch.unpacking import Unpacker

HELLO = "خبر عاجل من بيروت".encode()
FAST = Limits(deadline=1.0)


def get(
    url: str,
    limits: Limits = FAST,
    headers: Sequence[tuple[str, str]] = (),
    resolver=loopback,
    allowed=("news.test", "other.test"),
) -> Answer:
    async def run() -> Answer:
        client = Client("khabar-test", Politeness(between=0.0), allowed, resolver, limits)
        try:
            return await client.get(url, headers)
        finally:
            await client.close()

    return asyncio.run(run())


def failure(handler: Handler, limits: Limits = FAST) -> FetchError:
    with RawServer(handler) as server, pytest.raises(FetchError) as caught:
        get(server.url(), limits)
    return caught.value


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("identity", HELLO),
        ("gzip", gzip.compress(HELLO)),
        ("gzip", gzip.compress(HELLO[:8]) + gzip.compress(HELLO[8:])),
        ("x-gzip", gzip.compress(HELLO) + b"\0\0"),
        ("deflate", zlib.compress(HELLO)),
        ("deflate", zlib.compress(HELLO)[2:-4]),
        ("br", brotli.compress(HELLO)),
    ],
)
def test_bodies_are_decompressed(encoding: str, body: bytes) -> None:
    with RawServer(
        saying(answer(body, "200 OK", f"Content-Encoding: {encoding}", "Content-Type: text/xml; Charset='utf-8'"))
    ) as server:
        found = get(server.url())
    assert (found.status, found.body, found.charset) == (200, HELLO, "utf-8")
    head = server.requests[0].lower()
    assert b"user-agent: khabar-test\r\n" in head
    assert b"accept-encoding: gzip, deflate, br\r\n" in head


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br"])
def test_a_body_in_single_bytes_is_the_same(encoding: str) -> None:
    packed = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress}[encoding](HELLO * 999)
    unpacker = Unpacker(encoding, 1 << 20)
    for byte in packed:
        unpacker.feed(bytes([byte]))
    assert unpacker.body() == HELLO * 999


BOMBS = {
    "gzip": gzip.compress(bytes(100 << 20)),
    "deflate": zlib.compress(bytes(100 << 20)),
    "br": brotli.compress(bytes(100 << 20), quality=5),
}


@pytest.mark.parametrize("encoding", BOMBS)
def test_a_bomb_costs_no_more_than_the_cap(encoding: str) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.monotonic()
    error = failure(saying(answer(BOMBS[encoding], "200 OK", f"Content-Encoding: {encoding}")), Limits(deadline=10))
    assert error.kind == "too-large"
    assert error.received <= (15 << 20) + (1 << 20)
    assert time.monotonic() - started < 1
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 << 10


def hang(connection: socket.socket, _: bytes) -> None:
    time.sleep(5)


def drip(connection: socket.socket, _: bytes) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    for _ in range(100):
        connection.sendall(b"x")
        time.sleep(0.05)


def drip_head(connection: socket.socket, _: bytes) -> None:
    for _ in range(100):
        connection.sendall(b"H")
        time.sleep(0.05)


def endless_head(connection: socket.socket, _: bytes) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        connection.sendall(b"X-Y: " + b"z" * 1000 + b"\r\n")


def endless(connection: socket.socket, _: bytes) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        connection.sendall(b"x" * 65536)


def reset(connection: socket.socket, _: bytes) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


@pytest.mark.parametrize(
    ("handler", "kind"),
    [
        (hang, "timeout"),
        (drip, "timeout"),
        (drip_head, "timeout"),
        (endless_head, "protocol"),
        (endless, "too-large"),
        (reset, "protocol"),
        (saying(b""), "protocol"),
        (saying(b"SSH-2.0-OpenSSH_9.2\r\n"), "protocol"),
        (saying(answer(HELLO, length=1000)), "cut"),
        (saying(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\nabc"), "cut"),
        (saying(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nabc"), "cut"),
        (saying(b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nabc"), "protocol"),
        (saying(answer(gzip.compress(HELLO * 99)[:-9], "200 OK", "Content-Encoding: gzip")), "cut"),
        (saying(answer(brotli.compress(HELLO * 99)[:-2], "200 OK", "Content-Encoding: br")), "cut"),
        (saying(answer(b"no gzip at all", "200 OK", "Content-Encoding: gzip")), "content-encoding"),
        (saying(answer(b"\xff" * 40, "200 OK", "Content-Encoding: br")), "content-encoding"),
        (saying(answer(b"x", "200 OK", "Content-Encoding: zstd")), "content-encoding"),
        (saying(answer(b"x", "200 OK", "Content-Encoding: gzip, gzip")), "content-encoding"),
        (saying(answer(b"", "302 Found")), "redirect"),
        (saying(answer(b"", "302 Found", "Location: ftp://news.test/")), "redirect"),
        (saying(answer(b"", "302 Found", "Location: http://[")), "redirect"),
        (saying(answer(b"", "301 Moved", "Location: /rss")), "redirect-loop"),
        (saying(*(answer(b"", "307 Temporary", f"Location: /{n}") for n in range(9))), "redirects"),
    ],
)  # fmt: skip
def test_what_servers_do_wrong_is_told(handler: Handler, kind: str) -> None:
    started = time.monotonic()
    assert failure(handler).kind == kind
    assert time.monotonic() - started < 2


def test_a_longer_body_than_said_is_what_was_said() -> None:
    with RawServer(saying(answer(HELLO + b"more", length=len(HELLO)))) as server:
        assert get(server.url()).body == HELLO


def test_nobody_there() -> None:
    with RawServer(hang) as server:
        url = server.url()
    with pytest.raises(FetchError) as caught:
        get(url)
    assert caught.value.kind == "connect"


def test_a_server_that_knows_no_tls() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(answer(HELLO))

        thread = threading.Thread(target=serve)
        thread.start()
        with pytest.raises(FetchError) as caught:
            get(f"https://news.test:{listening.getsockname()[1]}/")
        thread.join()
    assert caught.value.kind == "tls"


def test_a_server_that_hangs_before_tls_leaves_no_connection_open() -> None:
    with RawServer(hang) as server, pytest.raises(FetchError) as caught:
        get(server.url().replace("http:", "https:"))
    assert caught.value.kind == "timeout"
    gc.collect()


def test_redirects_are_followed_and_headers_of_the_list_go_to_its_server_alone() -> None:
    with (
        RawServer(saying(answer(HELLO))) as other,
        RawServer(
            saying(
                answer(b"", "301 Moved", "Location: /b"),
                answer(b"", "302 Found", f"Location: {other.url('/c#x', 'other.test')}"),
            )
        ) as first,
    ):
        found = get(first.url("/a"), headers=[("X-Key", "secret"), ("accept", "text/xml")])
    assert (found.url, found.body) == (other.url("/c", "other.test"), HELLO)
    assert [b"X-Key: secret" in request for request in first.requests] == [True, True]
    assert b"secret" not in other.requests[0]
    assert b"text/xml" in other.requests[0]


@pytest.mark.parametrize(
    "target",
    ["http://localhost:1/", "http://127.0.0.1:1/", "http://[::1]:1/", "http://2130706433:1/", "http://0x7f.1:1/"],
)
def test_a_redirect_to_this_machine_is_refused(target: str) -> None:
    from transforms.fetch.backend import resolve

    async def resolver(host: str, port: int) -> Sequence[str]:
        return ["127.0.0.1"] if host in ("news.test", "0x7f.1", "2130706433") else await resolve(host, port)

    with (
        RawServer(saying(answer(b"", "302 Found", f"Location: {target}"))) as server,
        pytest.raises(FetchError) as caught,
    ):
        get(server.url(), resolver=resolver, allowed=("news.test",))
    assert caught.value.kind == "address"
    assert "--allow-private" in caught.value.detail


@pytest.mark.parametrize("name", ["intra。test", "intra．test", "INTRA.test.", "ＩＮＴＲＡ.test"])
def test_another_spelling_of_a_private_host_does_not_open_it_to_others(name: str, monkeypatch) -> None:
    monkeypatch.setattr("transforms.fetch.backend.forbidden", lambda address: None)
    with RawServer(saying(answer(HELLO))) as inner:
        target = inner.url("/secret", name)
        with (
            RawServer(saying(answer(b"", "302 Found", f"Location: {target}"))) as server,
            pytest.raises(FetchError) as caught,
        ):
            get(server.url(host="public.test"), allowed=("intra.test",))
        assert (caught.value.kind, inner.requests) == ("address", [])


@pytest.mark.parametrize(
    "target", ["http://x.test:99999/", "http://x.test:abc/", "http://x.test:-1/", "http://x.test:0/"]
)
def test_a_redirect_to_no_port_is_told(target: str) -> None:
    assert failure(saying(answer(b"", "302 Found", f"Location: {target}"))).kind == "redirect"


@pytest.mark.parametrize(("first", "reached"), [("news.test", True), ("public.test", False)])
def test_a_private_host_that_is_open_is_so_to_its_own_feeds_alone(first: str, reached: bool) -> None:
    async def resolver(host: str, port: int) -> Sequence[str]:
        return ["127.0.0.1"]

    with RawServer(saying(answer(HELLO))) as inner:
        inside = inner.url("/secret", "intranet.test")

        async def run() -> Answer:
            client = Client("khabar-test", Politeness(between=0.0), ["news.test", "intranet.test"], resolver, FAST)
            try:
                return await client.get(inside, asked_by=f"http://{first}/rss")
            finally:
                await client.close()

        if reached:
            assert asyncio.run(run()).body == HELLO
            return
        with pytest.raises(FetchError) as caught:
            asyncio.run(run())
        assert caught.value.kind == "address"
        assert inner.requests == []


class Recorder(httpcore2.AsyncNetworkBackend):
    """Notes where a connection would go, and makes none."""

    def __init__(self) -> None:
        self.went: list[str] = []

    async def connect_tcp(self, host: str, *_: object, **__: object) -> httpcore2.AsyncNetworkStream:
        self.went.append(host)
        raise httpcore2.ConnectError("no connection is made in tests")


def connected(answers: list[list[str]], host: str = "news.test") -> list[str]:
    left = iter(answers)

    async def resolver(name: str, port: int) -> Sequence[str]:
        return next(left)

    backend = GuardedBackend((), resolver)
    backend._network = recorder = Recorder()
    with pytest.raises((FetchError, httpcore2.ConnectError)):
        asyncio.run(backend.connect_tcp(host, 80))
    return recorder.went


def test_connections_go_to_the_checked_addresses_and_names_are_asked_once() -> None:
    # A name that resolves to this machine when asked again gains nothing.
    assert connected([["93.184.215.14", "2606:4700::1111"], ["127.0.0.1"]]) == ["93.184.215.14", "2606:4700::1111"]


@pytest.mark.parametrize("bad", ["127.0.0.1", "::ffff:127.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::", "fe80::1%eth0"])
@pytest.mark.parametrize("first", [True, False])
def test_one_bad_address_among_good_ones_is_enough(bad: str, first: bool) -> None:
    good = "93.184.215.14"
    assert connected([[bad, good] if first else [good, bad]]) == []


def test_a_name_that_nobody_knows() -> None:
    async def resolver(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror("no such name")

    with pytest.raises(FetchError) as caught:
        get("http://news.test/", resolver=resolver)
    assert caught.value.kind == "dns"


def test_no_socket_of_this_machine() -> None:
    with pytest.raises(FetchError):
        asyncio.run(GuardedBackend().connect_unix_socket("/run/x"))
