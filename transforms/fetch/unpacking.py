"""Bodies decompressed within a cap: one megabyte of gzip can become two gigabytes.

Knows: gzip, deflate (with and without its head) and brotli.  Does not know: where the bytes come from.
"""

import zlib
from typing import Any, Final, Protocol

from transforms.fetch.errors import FetchError

#: What a request accepts.
ACCEPTED: Final = "gzip, deflate, br"
_STEP: Final = 1 << 18


class _Codec(Protocol):
    def step(self, data: bytes, most: int) -> tuple[bytes, bytes, bool]:
        """At most about `most` bytes out of the data, what of it is to be given again, and whether more is to come."""

    @property
    def ended(self) -> bool:
        """Whether the stream came to its own end."""


class _Gzip:
    def __init__(self) -> None:
        self._stream = zlib.decompressobj(zlib.MAX_WBITS | 16)

    def step(self, data: bytes, most: int) -> tuple[bytes, bytes, bool]:
        if self._stream.eof:
            # There may be several members; what else follows the end is no part of the body.
            if not data.startswith(b"\x1f"):
                return b"", b"", False
            self._stream = zlib.decompressobj(zlib.MAX_WBITS | 16)
        out = self._stream.decompress(data, most)
        rest = self._stream.unconsumed_tail or self._stream.unused_data
        return out, rest, bool(rest) or len(out) == most

    @property
    def ended(self) -> bool:
        return self._stream.eof


class _Deflate:
    def __init__(self) -> None:
        self._head = b""
        self._stream: Any = None

    def step(self, data: bytes, most: int) -> tuple[bytes, bytes, bool]:
        if self._stream is None:
            data = self._head + data
            if len(data) < 2:
                self._head = data
                return b"", b"", False
            # Some servers send deflate without the two bytes of its head.
            headed = data[0] & 15 == 8 and (data[0] << 8 | data[1]) % 31 == 0
            self._stream = zlib.decompressobj(zlib.MAX_WBITS if headed else -zlib.MAX_WBITS)
        if self._stream.eof:
            return b"", b"", False
        out = self._stream.decompress(data, most)
        rest = self._stream.unconsumed_tail
        return out, rest, bool(rest) or len(out) == most

    @property
    def ended(self) -> bool:
        return self._stream is not None and bool(self._stream.eof)


class _Brotli:
    def __init__(self) -> None:
        import brotli

        self._stream: Any = brotli.Decompressor()

    def step(self, data: bytes, most: int) -> tuple[bytes, bytes, bool]:
        if self._stream.is_finished():
            return b"", b"", False
        # It keeps what it has not read, and is asked on with nothing.
        out = self._stream.process(data, output_buffer_limit=most)
        return out, b"", not self._stream.is_finished() and not self._stream.can_accept_more_data()

    @property
    def ended(self) -> bool:
        return bool(self._stream.is_finished())


class Unpacker:
    """Takes the chunks of a body and gives them back decompressed; raises FetchError beyond the cap."""

    def __init__(self, encoding: str, cap: int) -> None:
        """The value of Content-Encoding and the most bytes that may come out.  Raises FetchError (`content-encoding`)."""
        name = encoding.strip().lower()
        self._codec: _Codec | None
        if name in ("", "identity"):
            self._codec = None
        elif name in ("gzip", "x-gzip"):
            self._codec = _Gzip()
        elif name == "deflate":
            self._codec = _Deflate()
        elif name == "br":
            self._codec = _Brotli()
        else:
            raise FetchError("content-encoding", f"the body comes as {encoding[:80]!r}; {ACCEPTED} were asked for")
        self._cap = cap
        self._pieces: list[bytes] = []
        self._size = self._came = 0

    @property
    def size(self) -> int:
        """Bytes that came out so far."""
        return self._size

    def feed(self, chunk: bytes) -> None:
        """Takes the next bytes.  Raises FetchError: `too-large`, `content-encoding`."""
        if self._codec is None:
            self._take(chunk)
            return
        try:
            self._unpack(self._codec, chunk)
        except FetchError:
            raise
        except Exception as error:  # brotli has an error class of its own, and it is imported only where needed
            raise FetchError("content-encoding", f"{type(error).__name__}: {error}", received=self._size) from error

    def _unpack(self, codec: _Codec, chunk: bytes) -> None:
        self._came += len(chunk)
        more = True
        while more:
            out, chunk, more = codec.step(chunk, _STEP)
            self._take(out)

    def _take(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._size > self._cap:
            raise FetchError("too-large", f"more than {self._cap} bytes", received=self._size)
        if piece:
            self._pieces.append(piece)

    def body(self) -> bytes:
        """All of it.  Raises FetchError (`cut`) where a compressed body has no end."""
        if self._codec is not None and self._came and not self._codec.ended:
            raise FetchError("cut", "the compressed body has no end", received=self._size)
        return b"".join(self._pieces)
