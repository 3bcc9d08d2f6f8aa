"""Staging: a finished, fsynced Parquet file that no reader sees yet.

Knows: how a file of the lake is written.  Does not know: what is in it, or when it is published.
"""

import hashlib
import os
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq


class FileRecord(NamedTuple):
    """A staged file: the table, partition day and shard it belongs to, and its path under the lake."""

    table: str
    day: date
    shard: int
    path: str
    rows: int


def stage(table: pa.Table, lake: Path, commit: str, name: str, day: date, shard: int, sort: list[str]) -> FileRecord:
    """Writes the table under `_staging/<commit>`, named by a hash of its content: staging again changes nothing."""
    buffer = pa.BufferOutputStream()
    write(table, buffer, sort)
    content = buffer.getvalue().to_pybytes()
    piece = f"{shard:05d}-{hashlib.blake2b(content, digest_size=12).hexdigest()}.parquet"
    path = lake / "_staging" / commit / name / f"published_date={day.isoformat()}" / piece
    path.parent.mkdir(parents=True, exist_ok=True)
    put(path, content)
    return FileRecord(name, day, shard, path.relative_to(lake).as_posix(), table.num_rows)


def write(table: pa.Table, sink: pa.NativeFile, sort: list[str]) -> None:
    """The table as Parquet, sorted: zstd 3, dictionary, statistics and a page index."""
    table = table.sort_by([(key, "ascending") for key in sort])
    pq.write_table(table, sink, compression="zstd", compression_level=3, write_page_index=True, row_group_size=1 << 17)


def put(path: Path, content: bytes) -> None:
    """The file with this content, whole or not at all: written aside, fsynced, renamed."""
    aside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with aside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(aside, path)
