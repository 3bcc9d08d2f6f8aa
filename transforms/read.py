"""Read: JSON Lines files to raw inputs, one a line; `.gz` is decompressed.

Raw inputs are made lazily: a large JSON Lines file never lies in memory whole.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import IO

from apache_beam.io.filesystem import CompressionTypes
from apache_beam.io.filesystems import FileSystems

from schemas.item import RawInput

_BLOCK = 1 << 20


def match_inputs(pattern: str) -> list[str]:
    """Paths of a file, a glob, or all files of a folder, sorted.  Raises FileNotFoundError where nothing matches."""
    found = [m.path for m in FileSystems.match([pattern])[0].metadata_list]
    if not found:
        found = [m.path for m in FileSystems.match([pattern.rstrip("/") + "/**"])[0].metadata_list]
    paths = sorted(p for p in found if not PurePosixPath(p).name.startswith((".", "_")))
    if not paths:
        raise FileNotFoundError(f"--input {pattern!r} matches no file: give a file, a folder or a glob")
    return paths


def read_inputs(path: str) -> Iterator[RawInput]:
    """The raw inputs of one JSON Lines file, empty lines left out."""
    modified = datetime.fromtimestamp(FileSystems.last_updated(path), UTC)
    with FileSystems.open(path, compression_type=CompressionTypes.AUTO) as stream:
        for number, line in enumerate(_lines(stream), 1):
            if line.strip():
                yield RawInput(input=path, position=number, format="jsonl", payload=line, modified_at=modified)


def _lines(stream: IO[bytes]) -> Iterator[bytes]:
    rest = b""
    while more := stream.read(_BLOCK):
        *lines, rest = (rest + more).split(b"\n")
        yield from lines
    yield rest
