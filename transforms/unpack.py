"""Unpack: the bytes of a file, decompressed as its name says, and what was wrong with it.

Nothing is raised while reading: what could be read is given, and `fault` then says why there is no more.  Beam's own
`CompressedFile` takes an early end for the end, and loses up to 16 MiB before a damaged byte.
"""

import bz2
import lzma
import os
import stat
import zlib
from collections.abc import Callable, Iterator
from typing import IO, Any, Final, NamedTuple

import zstandard
from apache_beam.io.filesystem import CompressionTypes
from apache_beam.io.filesystems import FileSystems

from transforms.feeds.errors import BadInput

#: So many compressed bytes at a time: a bomb of 1 to 1000 then takes 8 MiB.
_PIECE: Final = 8 << 10
_ERRORS: Final = (zlib.error, lzma.LZMAError, zstandard.ZstdError, OSError, EOFError, ValueError)


class _Packing(NamedTuple):
    unpacker: Callable[[], Any]
    #: How another member may begin.
    begins: tuple[bytes, ...]


_ZSTD_BEGINS: Final = (b"\x28\xb5\x2f\xfd", *(bytes([n]) + b"\x2a\x4d\x18" for n in range(0x50, 0x60)))
_PACKINGS: Final = {
    CompressionTypes.GZIP: _Packing(lambda: zlib.decompressobj(zlib.MAX_WBITS | 16), (b"\x1f\x8b",)),
    CompressionTypes.DEFLATE: _Packing(zlib.decompressobj, (b"\x78",)),
    CompressionTypes.BZIP2: _Packing(bz2.BZ2Decompressor, (b"BZh",)),
    CompressionTypes.LZMA: _Packing(lzma.LZMADecompressor, (b"\xfd7zXZ", b"\x5d\x00\x00")),
    CompressionTypes.ZSTD: _Packing(
        # The window is what Beam allows.
        lambda: zstandard.ZstdDecompressor(max_window_size=1 << 31).decompressobj(),
        _ZSTD_BEGINS,
    ),
}


def is_local(path: str) -> bool:
    """Whether a path is one of this machine's, and not an address such as gs://…."""
    return FileSystems.get_scheme(path) is None


def open_packed(path: str) -> IO[bytes]:
    """The file's bytes as they lie there.

    Raises BadInput: `not-a-file` for a pipe, socket or device, which could be waited for for ever, and `unreadable`.
    """
    try:
        if is_local(path) and not stat.S_ISREG(os.stat(path).st_mode):
            if os.path.isdir(path):
                os.listdir(path)
            raise BadInput("not-a-file", "a folder, pipe, socket or device, and no regular file")
        return FileSystems.open(path, compression_type=CompressionTypes.UNCOMPRESSED)
    except OSError as error:
        raise BadInput("unreadable", error.strerror or str(error)) from error


class Unpacked:
    """The decompressed bytes of a file; `fault` is set where they end early or are followed by what does not belong."""

    def __init__(self, path: str, packed: IO[bytes]) -> None:
        self.fault: BadInput | None = None
        #: Whether bytes are missing; not so where a sound file has others after its end.
        self.cut = False
        packing = _PACKINGS.get(CompressionTypes.detect_compression_type(path))
        self._packed = packed
        self._blocks = self._unpacked(packing) if packing else self._raw(1 << 20)
        self._kept = bytearray()

    def read(self, size: int) -> bytes:
        """So many bytes; fewer at the end, and none after it."""
        while len(self._kept) < size and (block := next(self._blocks, None)) is not None:
            self._kept += block
        given = bytes(self._kept[:size])
        del self._kept[:size]
        return given

    def _raw(self, size: int) -> Iterator[bytes]:
        try:
            while block := self._packed.read(size):
                yield block
        except OSError as error:
            self._end("unreadable", error.strerror or str(error))

    def _end(self, reason: str, detail: str, cut: bool = True) -> None:
        self.fault, self.cut = self.fault or BadInput(reason, detail), self.cut or cut

    def _unpacked(self, packing: _Packing) -> Iterator[bytes]:
        blocks, members, rest = self._raw(_PIECE), 0, b""
        longest = max(map(len, packing.begins))
        while True:
            # Tapes and blocks are filled up with zero bytes.
            while len(rest) < longest and (block := next(blocks, None)) is not None:
                rest = (rest + block).lstrip(b"\0") if members else rest + block
            if members and not rest:
                return
            if members and not rest.startswith(packing.begins):
                self._end("compressed", f"sound, but other bytes follow the end of member {members}", cut=False)
                return
            members += 1
            unpacker = packing.unpacker()
            yield from self._member(unpacker, rest, blocks)
            if self.fault:
                return
            if not unpacker.eof:
                self._end("truncated", f"ends within member {members}: what follows is lost")
                return
            rest = unpacker.unused_data.lstrip(b"\0")

    def _member(self, unpacker: Any, piece: bytes | None, blocks: Iterator[bytes]) -> Iterator[bytes]:
        """What is in one member, as far as it is sound."""
        while piece is not None:
            # Only zlib's can be copied: of the piece with the error, what stands before it is then kept too.
            before = unpacker.copy() if hasattr(unpacker, "copy") else None
            try:
                yield unpacker.decompress(piece)
            except _ERRORS as error:
                yield _until_error(before, piece) if before else b""
                self._end("compressed", str(error))
                return
            if unpacker.eof:
                return
            piece = next(blocks, None)


def _until_error(unpacker: Any, piece: bytes) -> bytes:
    """What zlib gives before the error: all but the last byte, which comes with it."""
    found = bytearray()
    try:
        while piece:
            found += unpacker.decompress(piece, 1)
            piece = unpacker.unconsumed_tail
    except zlib.error:
        pass
    return bytes(found)
