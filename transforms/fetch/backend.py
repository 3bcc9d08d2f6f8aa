"""The way out: connections to public addresses alone, checked where they are made, on every hop.

A name is resolved here, all its addresses are checked, and the connection goes to one that was: a name that resolves
otherwise a moment later gains nothing.  Knows: names and sockets.  Does not know: HTTP.
"""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

import httpcore2

from transforms.fetch.addresses import forbidden
from transforms.fetch.errors import FetchError

#: All addresses of a host, as text.
Resolver = Callable[[str, int], Awaitable[Sequence[str]]]


async def resolve(host: str, port: int) -> list[str]:
    """All addresses that this machine's resolver gives, each once.  Raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[4][0]) for address in found))


class _Closing(httpcore2.AsyncNetworkStream):
    """A connection that is closed where TLS comes to nothing: httpcore leaves it open when a deadline ends the attempt."""

    def __init__(self, stream: httpcore2.AsyncNetworkStream) -> None:
        self._stream = stream
        self.read, self.write, self.aclose = stream.read, stream.write, stream.aclose  # type: ignore[method-assign]
        self.get_extra_info = stream.get_extra_info  # type: ignore[method-assign]

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.AsyncNetworkStream:
        try:
            return await self._stream.start_tls(ssl_context, server_hostname, timeout)
        except BaseException:
            await self._stream.aclose()
            raise


class GuardedBackend(httpcore2.AsyncNetworkBackend):
    """Connects for httpcore; `allowed` hosts (names in small letters) may be private."""

    def __init__(self, allowed: Iterable[str] = (), resolver: Resolver = resolve) -> None:
        self._allowed = frozenset(host.lower().rstrip(".") for host in allowed)
        self._resolve = resolver
        self._network = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """A connection to a checked address.  Raises FetchError: `dns`, `address`; httpcore's where none connects."""
        addresses = await self._checked(host, port)
        for i, address in enumerate(addresses):
            try:
                found = await self._network.connect_tcp(address, port, timeout, local_address, socket_options)
                return _Closing(found)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                if i == len(addresses) - 1:
                    raise
        raise FetchError("dns", f"{host} has no address")

    async def _checked(self, host: str, port: int) -> Sequence[str]:
        try:
            addresses = await self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise FetchError("dns", f"{host}: {error}") from error
        if host.lower().rstrip(".") not in self._allowed:
            for address in addresses:
                if why := forbidden(address):
                    raise FetchError("address", f"{host} is at {address}, {why}: --allow-private {host} opens it")
        return addresses

    async def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore2.AsyncNetworkStream:
        """Never: a feed is on no socket of this machine."""
        raise FetchError("address", f"{path} is a socket of this machine")

    async def sleep(self, seconds: float) -> None:
        """Waits."""
        await asyncio.sleep(seconds)
