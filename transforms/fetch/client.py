"""One exchange with a server, whatever it does: guarded, polite, within a deadline and caps.

Knows: HTTP.  Does not know: feeds, robots.txt or when to come again.
"""

import asyncio
import ssl
import time
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import urljoin, urlsplit

import httpcore2
import httpx2

from transforms.feeds.addresses import address
from transforms.fetch.backend import GuardedBackend, Resolver, resolve
from transforms.fetch.errors import FetchError
from transforms.fetch.politeness import Held, Politeness
from transforms.fetch.schedule import retry_after
from transforms.fetch.unpacking import ACCEPTED, Unpacker

DEADLINE: Final = 30.0
MAX_BODY: Final = 15 << 20
MAX_REDIRECTS: Final = 5
_MOVED: Final = frozenset([301, 302, 303, 307, 308])


class Answer(NamedTuple):
    """What a server said: status, headers by names in small letters, body decompressed, and where it was at last."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def charset(self) -> str | None:
        """The encoding that the Content-Type names."""
        for part in self.headers.get("content-type", "").split(";")[1:]:
            name, _, value = part.partition("=")
            if name.strip().lower() == "charset":
                return value.strip().strip("\"'") or None
        return None


class Limits(NamedTuple):
    """Seconds of network time of a whole exchange, bytes of a body, redirects."""

    deadline: float = DEADLINE
    body: int = MAX_BODY
    redirects: int = MAX_REDIRECTS


class _Transport(httpx2.AsyncHTTPTransport):
    """httpx2's own, whose pool of connections goes out by the guarded backend, and by no proxy."""

    def __init__(self, backend: GuardedBackend) -> None:
        context = ssl.create_default_context()
        super().__init__(verify=context, trust_env=False)
        self._pool = httpcore2.AsyncConnectionPool(
            ssl_context=context,
            # An idle connection is kept for redirects and robots.txt, not for the next round.
            max_connections=100,
            max_keepalive_connections=20,
            keepalive_expiry=5.0,
            network_backend=backend,
        )


class Client:
    """Fetches for one asynchronous loop."""

    def __init__(
        self,
        agent: str,
        politeness: Politeness | None = None,
        allowed: Iterable[str] = (),
        resolver: Resolver = resolve,
        limits: Limits | None = None,
    ) -> None:
        self.politeness = politeness or Politeness()
        self.limits = limits or Limits()
        self.agent = agent
        self._private = frozenset(host.lower().rstrip(".") for host in allowed)
        # The transport alone: a client would gather the cookies of every site for as long as it lives.
        self._transport = _Transport(GuardedBackend(allowed, resolver))

    async def close(self) -> None:
        """Ends its connections."""
        await self._transport.aclose()

    async def get(
        self,
        url: str,
        headers: Iterable[tuple[str, str]] = (),
        most: int | None = None,
        asked_by: str | None = None,
    ) -> Answer:
        """The answer at the end of all redirects, with a body of at most `most` bytes.  Raises FetchError.

        Waiting for a turn at a host is not part of the deadline; every hop takes a turn.  Hosts that may be private are
        open to what a list names there: a feed elsewhere (`asked_by`, else the first address) cannot lead to them.
        """
        seen: set[str] = set()
        inside = host_of(asked_by or url) in self._private
        left = self.limits.deadline
        sent = list(headers)
        while True:
            seen.add(url)
            host = host_of(url)
            if host in self._private and not inside:
                raise FetchError(
                    "address", f"{asked_by or sorted(seen)[0]} leads to {host}, which is open to its own feeds"
                )
            try:
                async with self.politeness.turn(host):
                    started = time.monotonic()
                    answer = await self._exchange(url, sent, left, most or self.limits.body)
                    left -= time.monotonic() - started
                    wait = retry_after(answer.headers.get("retry-after"))
                    if wait is not None and answer.status in (429, 503):
                        self.politeness.hold(host, wait)
            except Held as error:
                detail = f"{host} asked to be left alone for {error.seconds:.0f} s more"
                raise FetchError("held", detail, retry_after=error.seconds) from error
            if answer.status not in _MOVED:
                return answer
            target = self._next(answer, seen)
            if _origin(target) != _origin(url):
                # What the list sends is for the server that it names.
                sent = [(name, value) for name, value in sent if name.lower() == "accept"]
            url = target

    def _next(self, answer: Answer, seen: set[str]) -> str:
        location = answer.headers.get("location", "")
        try:
            target = address(urljoin(answer.url, location).partition("#")[0]) if location else None
        except ValueError:
            target = None
        if not target:
            raise FetchError("redirect", f"{answer.url} redirects to {location[:200]!r}", answer.status)
        if target in seen:
            raise FetchError(
                "redirect-loop", f"{answer.url} redirects to {target}, which was there before", answer.status
            )
        if len(seen) > self.limits.redirects:
            raise FetchError("redirects", f"more than {self.limits.redirects} redirects", answer.status)
        return target

    async def _exchange(self, url: str, headers: list[tuple[str, str]], left: float, most: int) -> Answer:
        try:
            async with asyncio.timeout(max(left, 0.01)):
                return await self._read(url, headers, most)
        except TimeoutError as error:
            raise FetchError("timeout", f"{url}: no whole answer within {self.limits.deadline:g} s") from error
        except FetchError:
            raise
        except httpx2.ConnectError as error:
            kind = "tls" if _of_tls(error) else "connect"
            raise FetchError(kind, f"{url}: {error or type(error).__name__}") from error
        except httpx2.HTTPError as error:
            raise FetchError("protocol", f"{url}: {type(error).__name__}: {error}") from error
        except (httpx2.InvalidURL, UnicodeError, ValueError) as error:
            raise FetchError("address", f"{url}: {error}") from error

    async def _read(self, url: str, headers: list[tuple[str, str]], most: int) -> Answer:
        given = {"user-agent": self.agent, "accept-encoding": ACCEPTED, "accept": "*/*"}
        request = httpx2.Request("GET", url, headers=[*given.items(), *headers])
        response = await self._transport.handle_async_request(request)
        try:
            found = {name.lower(): value for name, value in response.headers.items()}
            status = response.status_code
            # Only what is read as a feed or page is worth its bytes.
            body = await self._body(response, found, most) if status == 200 else b""
        except FetchError as error:
            error.status = response.status_code
            raise
        finally:
            await response.aclose()
        return Answer(url, status, found, body)

    async def _body(self, response: Any, headers: Mapping[str, str], most: int) -> bytes:
        unpacker = Unpacker(headers.get("content-encoding", ""), most)
        received = 0
        try:
            async for chunk in response.aiter_raw():
                received += len(chunk)
                if received > most:
                    raise FetchError("too-large", f"more than {most} bytes", received=received)
                unpacker.feed(chunk)
        except httpx2.HTTPError as error:
            # A server that closed early or said another length: half a feed is no feed.
            detail = f"the body broke off after {received} bytes: {error}"
            raise FetchError("cut", detail, received=received) from error
        return unpacker.body()


def host_of(url: str) -> str:
    """The host of an address as a connection to it names it: `intra。test` is `intra.test`, also for what is allowed."""
    try:
        return httpx2.URL(url).raw_host.decode("ascii").lower().rstrip(".")
    except (httpx2.InvalidURL, ValueError):
        # No connection will be made to it.
        return (urlsplit(url).hostname or "").rstrip(".")


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port


def _of_tls(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False
