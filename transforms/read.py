"""Read: files to raw inputs, one a JSON line or a whole file of another kind; `.gz` is decompressed.

Raw inputs are made lazily: a large JSON Lines file never lies in memory whole.  Of a line or another file no more is
read than shows that it is too large.
"""

import codecs
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import IO

import apache_beam as beam
from apache_beam.io.filesystem import CompressionTypes
from apache_beam.io.filesystems import FileSystems

from schemas.item import RawInput
from transforms.feeds.encoding import wide_encoding
from transforms.feeds.guard import MAX_BYTES
from transforms.feeds.sniff import Kind, sniff

_BLOCK = 1 << 20


def match_inputs(pattern: str) -> list[str]:
    """Paths of a file, a glob, or all files of a folder, sorted, `./a` as `a`.  Raises FileNotFoundError where nothing matches."""
    # Beam matches a local folder as if it were a file.
    folder = Path(pattern).is_dir()
    found = [] if folder else [m.path for m in FileSystems.match([pattern])[0].metadata_list]
    if not found:
        found = [m.path for m in FileSystems.match([pattern.rstrip("/") + "/**"])[0].metadata_list]
    paths = sorted(p for p in found if not Path(p).is_dir() and not PurePosixPath(p).name.startswith((".", "_")))
    # Not `..`, which may lead elsewhere behind a link.
    paths = [p if "://" in p else str(Path(p)) for p in paths]
    if not paths:
        raise FileNotFoundError(f"--input {pattern!r} matches no file: give a file, a folder or a glob")
    return paths


def read_inputs(path: str, kind: Kind | None = None) -> Iterator[RawInput]:
    """The raw inputs of one file: its lines where it is JSON Lines (empty ones left out), else the whole of it.

    `kind` says what it is, whatever content and name tell.
    """
    modified = datetime.fromtimestamp(FileSystems.last_updated(path), UTC)
    with FileSystems.open(path, compression_type=CompressionTypes.AUTO) as stream:
        head = stream.read(_BLOCK)
        kind = kind or sniff(path, head)
        if kind != "jsonl":
            yield RawInput(input=path, format=kind, payload=_whole(head, stream), modified_at=modified)
            return
        for number, line in enumerate(_lines(head, stream), 1):
            if line.strip():
                yield RawInput(input=path, position=number, format="jsonl", payload=line, modified_at=modified)


def _whole(head: bytes, stream: IO[bytes]) -> bytes:
    parts, size = [head], len(head)
    while size <= MAX_BYTES and (more := stream.read(_BLOCK)):
        parts.append(more)
        size += len(more)
    return b"".join(parts)[: MAX_BYTES + 1]


def _lines(head: bytes, stream: IO[bytes]) -> Iterator[bytes]:
    """The lines; those of UTF-16 with a byte order mark each."""
    blocks = chain([head], iter(lambda: stream.read(_BLOCK), b""))
    wide = wide_encoding(head)
    if wide is None:
        yield from _split(chain([next(blocks).removeprefix(codecs.BOM_UTF8)], blocks))
        return
    decoder = codecs.getincrementaldecoder(wide)("replace")
    texts = chain((decoder.decode(block) for block in blocks), [""])
    for line in _split(text.encode("utf-8", "replace") for text in texts):
        text = line.decode("utf-8", "replace").removeprefix("\ufeff")
        yield ("\ufeff" + text).encode(wide) if text.strip() else b""


def _split(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Lines of at most MAX_BYTES + 1 bytes: what a longer one has more is dropped."""
    kept = bytearray()
    for block in blocks:
        *ended, rest = block.split(b"\n")
        for line in ended:
            kept += line[: MAX_BYTES + 1 - len(kept)]
            yield bytes(kept)
            kept.clear()
        kept += rest[: MAX_BYTES + 1 - len(kept)]
    yield bytes(kept)


@dataclass
class Read(beam.PTransform):
    """Raw inputs of files, read by the workers."""

    paths: Sequence[str]
    kind: Kind | None = None

    def expand(self, root: beam.Pipeline) -> beam.PCollection:
        """RawInputs out."""
        return root | "Paths" >> beam.Create(list(self.paths)) | "Open" >> beam.FlatMap(read_inputs, self.kind)
