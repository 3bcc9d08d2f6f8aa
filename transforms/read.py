"""Read: files to raw inputs, one a JSON line or a whole file of another kind; `.gz` is decompressed.

Raw inputs are made lazily: a large JSON Lines file never lies in memory whole.  Of a line or another file no more is
read than shows that it is too large.
"""

import codecs
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from pathlib import PurePosixPath

import apache_beam as beam
from apache_beam.io.filesystem import FileSystem
from apache_beam.io.filesystems import FileSystems

from schemas.item import RawInput
from transforms.feeds.encoding import wide_encoding
from transforms.feeds.errors import BadInput
from transforms.feeds.guard import MAX_BYTES
from transforms.feeds.sniff import Kind, sniff
from transforms.unpack import Unpacked, is_local, open_packed

_BLOCK = 1 << 20


def match_inputs(pattern: str) -> list[str]:
    """Paths of a file, a glob, or all files of a folder, sorted; local ones with their folder resolved.

    What lies there but cannot be read is among them, folders too: `read_inputs` says what is wrong.  An existing path
    is no glob.  Raises FileNotFoundError where nothing matches.
    """
    found = _local(pattern) if is_local(pattern) else _remote(pattern)
    # A file named outright is read whatever it is called.
    outright = found == [resolved(pattern)]
    # Lists of feeds lie beside articles and are none.
    paths = sorted(
        p
        for p in found
        if outright or not (PurePosixPath(p).name.startswith((".", "_")) or p.endswith((".opml", ".toml")))
    )
    if not paths:
        raise FileNotFoundError(f"--input {pattern!r} matches no file: give a file, a folder or a glob")
    return paths


def _remote(pattern: str) -> list[str]:
    for tried in (pattern, pattern.rstrip("/") + "/**"):
        if found := [m.path for m in FileSystems.match([tried])[0].metadata_list]:
            return found
    return []


def _local(pattern: str) -> list[str]:
    """Beam's globs, but its walk leaves out folders that it may not read."""
    path = resolved(pattern)
    if os.path.isdir(path):
        return list(_walk(os.path.realpath(path)))
    if os.path.lexists(path):
        return [path]
    return _matching(pattern) or _matching(pattern.rstrip("/") + "/**")


def _matching(pattern: str) -> list[str]:
    before = os.path.dirname(re.split(r"[\[*?]", pattern, maxsplit=1)[0])
    start = os.path.realpath(before or ("/" if pattern.startswith("/") else "."))
    within = re.compile(FileSystem.translate_pattern(pattern[len(before) :].lstrip("/")))
    # Of an unreadable folder, whether a file like those asked for could be in it.
    name = PurePosixPath(pattern).name.replace("*", "")
    found = ((p, os.path.join(p, name) if os.path.isdir(p) else p) for p in _walk(start))
    return [path for path, tried in found if within.match(os.path.relpath(tried, start) + "/" * tried.endswith("/"))]


def _walk(folder: str) -> Iterator[str]:
    """What is no folder, and the folders that cannot be read."""
    closed: list[str] = []

    def note(error: OSError) -> None:
        # A folder that is not there, or is none, is what the pattern was tried for.
        if not isinstance(error, FileNotFoundError | NotADirectoryError):
            closed.append(error.filename)

    for inner, _, names in os.walk(folder, onerror=note):
        yield from (os.path.join(inner, name) for name in names)
    # One that is not there, or was just removed, is none.
    yield from filter(os.path.isdir, closed)


def resolved(path: str) -> str:
    """A local path with its folder resolved, so that each spelling of it is the same; an address as it is."""
    if not is_local(path):
        return path
    folder, name = os.path.split(path)
    if name in ("", ".", ".."):
        return os.path.realpath(path)
    # The file's own name stays where it is a link: it may tell kind, packing and date.
    return os.path.join(os.path.realpath(folder or "."), name)


def printable(path: str) -> str:
    r"""The path as text: bytes that are no UTF-8, in names of Windows-1256 say, as `\xc7`; a backslash is doubled."""
    return os.fsencode(path.replace("\\", "\\\\")).decode("utf-8", "backslashreplace")


def read_inputs(path: str, kind: Kind | None = None) -> Iterator[RawInput]:
    """The raw inputs of one file: its lines where it is JSON Lines (empty ones left out), else the whole of it.

    `kind` says what it is, whatever content and name tell.  What could not be read is one with a `fault`.
    """
    name = printable(path)
    try:
        packed = open_packed(path)
    except BadInput as error:
        yield RawInput(input=name, format=kind or "", payload=b"", fault=error.reason, detail=error.detail)
        return
    with packed:
        stream = Unpacked(path, packed)
        head = stream.read(_BLOCK)
        kind = kind or sniff(path, head)
        common = partial(RawInput, input=name, format=kind, modified_at=_modified(path))
        if kind == "jsonl":
            yield from _each_line(head, stream, common)
            return
        payload = _whole(head, stream)
        if not (stream.fault and stream.cut):
            yield common(payload=payload)
        if fault := stream.fault:
            yield common(payload=payload if stream.cut else b"", fault=fault.reason, detail=fault.detail)


def _each_line(head: bytes, stream: Unpacked, common: Callable[..., RawInput]) -> Iterator[RawInput]:
    """Lines that are whole, and what is wrong with the rest."""
    held, number = None, 0
    for number, line in enumerate(_lines(head, stream), 1):
        if held is not None and held.strip():
            yield common(position=number - 1, payload=held)
        held = line
    last = held or b""
    if not stream.cut and last.strip():
        yield common(position=number, payload=last)
    if error := stream.fault:
        fault = partial(common, fault=error.reason, detail=error.detail)
        yield fault(position=number if head else 0, payload=last) if stream.cut else fault(payload=b"")


def _modified(path: str) -> datetime | None:
    """When the file was last changed, where that can be told."""
    try:
        return datetime.fromtimestamp(FileSystems.last_updated(path), UTC)
    except (OSError, OverflowError, ValueError):
        return None


def _whole(head: bytes, stream: Unpacked) -> bytes:
    parts, size = [head], len(head)
    while size <= MAX_BYTES and (more := stream.read(_BLOCK)):
        parts.append(more)
        size += len(more)
    return b"".join(parts)[: MAX_BYTES + 1]


def _lines(head: bytes, stream: Unpacked) -> Iterator[bytes]:
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


def _read_path(path: bytes, kind: Kind | None) -> Iterator[RawInput]:
    return read_inputs(os.fsdecode(path), kind)


@dataclass
class Read(beam.PTransform):
    """Raw inputs of files, read by the workers."""

    paths: Sequence[str]
    kind: Kind | None = None

    def expand(self, root: beam.Pipeline) -> beam.PCollection:
        """RawInputs out."""
        # As bytes: a path that is no UTF-8 cannot travel as text.
        paths = root | "Paths" >> beam.Create(list(map(os.fsencode, self.paths)))
        return paths | "Open" >> beam.FlatMap(_read_path, self.kind)
