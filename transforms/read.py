"""Read: files to raw inputs, one a JSON line or a whole file of another kind; `.gz` is decompressed.

Raw inputs are made lazily: a large JSON Lines file never lies in memory whole.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO

import apache_beam as beam
from apache_beam.io.filesystem import CompressionTypes
from apache_beam.io.filesystems import FileSystems

from schemas.item import RawInput
from transforms.feeds.sniff import sniff

_BLOCK = 1 << 20


def match_inputs(pattern: str) -> list[str]:
    """Paths of a file, a glob, or all files of a folder, sorted.  Raises FileNotFoundError where nothing matches."""
    # Beam matches a local folder as if it were a file.
    folder = Path(pattern).is_dir()
    found = [] if folder else [m.path for m in FileSystems.match([pattern])[0].metadata_list]
    if not found:
        found = [m.path for m in FileSystems.match([pattern.rstrip("/") + "/**"])[0].metadata_list]
    paths = sorted(p for p in found if not Path(p).is_dir() and not PurePosixPath(p).name.startswith((".", "_")))
    if not paths:
        raise FileNotFoundError(f"--input {pattern!r} matches no file: give a file, a folder or a glob")
    return paths


def read_inputs(path: str) -> Iterator[RawInput]:
    """The raw inputs of one file: its lines where it is JSON Lines (empty ones left out), else the whole of it."""
    modified = datetime.fromtimestamp(FileSystems.last_updated(path), UTC)
    with FileSystems.open(path, compression_type=CompressionTypes.AUTO) as stream:
        head = stream.read(_BLOCK)
        kind = sniff(path, head)
        if kind != "jsonl":
            yield RawInput(input=path, format=kind, payload=head + _rest(stream), modified_at=modified)
            return
        for number, line in enumerate(_lines(head, stream), 1):
            if line.strip():
                yield RawInput(input=path, position=number, format="jsonl", payload=line, modified_at=modified)


def _lines(head: bytes, stream: IO[bytes]) -> Iterator[bytes]:
    *lines, rest = head.split(b"\n")
    yield from lines
    while more := stream.read(_BLOCK):
        *lines, rest = (rest + more).split(b"\n")
        yield from lines
    yield rest


def _rest(stream: IO[bytes]) -> bytes:
    return b"".join(iter(lambda: stream.read(_BLOCK), b""))


@dataclass
class Read(beam.PTransform):
    """Raw inputs of files, read by the workers."""

    paths: Sequence[str]

    def expand(self, root: beam.Pipeline) -> beam.PCollection:
        """RawInputs out."""
        return root | "Paths" >> beam.Create(list(self.paths)) | "Open" >> beam.FlatMap(read_inputs)
