"""Staging: pieces of the lake's tables that no reader sees yet, as Arrow files: quick to write and to read back.

Every staged row of an article carries the place of its Document in the input (`_order`), by which the publisher keeps
it, renames it or leaves it out.  Knows: how a file of the lake is written.  Does not know: when it is published.
"""

import hashlib
import os
import shutil
from collections import defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from schemas.arrow import to_table
from schemas.document import Document
from schemas.fetch import Fetch
from schemas.item import RawInput
from schemas.reject import Reject
from schemas.tables import SORT_KEYS, TABLES, rows_of
from transforms.lake.seen import SIGHTING_SCHEMA, Sighting, sighting

ORDER: Final = "_order"
SIGHTINGS: Final = "_sightings"
#: Folder of the bodies that were fetched, beside the tables.
RAW: Final = "_raw"
#: Row groups are this large, uncompressed.
_GROUP_BYTES: Final = 32 << 20


class FileRecord(NamedTuple):
    """A staged file: the table, partition day and shard it belongs to, and its path under the lake."""

    table: str
    day: date
    shard: int
    path: str
    rows: int


def stage(
    outcomes: Iterable[Document | Reject | Fetch], lake: Path, folder: str, day: date, shard: int
) -> list[FileRecord]:
    """All tables of one (day, shard) group under the attempt's folder; staging the same again changes nothing."""
    rows: dict[str, list[Any]] = {name: [] for name in TABLES}
    orders: dict[str, list[str | None]] = {name: [] for name in TABLES}
    sightings: list[Sighting] = []
    for outcome in sorted(outcomes, key=_place):
        if not isinstance(outcome, Document):
            name = "rejects" if isinstance(outcome, Reject) else "fetches"
            rows[name].append(outcome)
            orders[name].append(None)
            continue
        sightings.append(sighting(outcome))
        if outcome.bare:
            continue
        for name, found in rows_of(outcome).items():
            rows[name].extend(found)
            orders[name].extend([outcome.order] * len(found))
    tables = {
        name: to_table(TABLES[name], found).append_column(ORDER, pa.array(orders[name], pa.string()))
        for name, found in rows.items()
        if found
    }
    if sightings:
        tables[SIGHTINGS] = pa.Table.from_pylist([s._asdict() for s in sightings], schema=SIGHTING_SCHEMA)
    return [_stage(table, lake, folder, name, day, shard) for name, table in tables.items()]


def _place(outcome: Document | Reject | Fetch) -> tuple[int, str]:
    if isinstance(outcome, Document):
        return 0, outcome.order
    if isinstance(outcome, Reject):
        return 1, f"{outcome.reject_id} {outcome.fetched_at.isoformat()}"
    return 2, outcome.fetch_id


def _stage(table: pa.Table, lake: Path, folder: str, name: str, day: date, shard: int) -> FileRecord:
    buffer = pa.BufferOutputStream()
    with pa.ipc.new_stream(buffer, table.schema) as stream:
        stream.write_table(table)
    content = buffer.getvalue().to_pybytes()
    # All in one folder: a folder for each day of each table costs more than the files in it.
    piece = f"{name}-{day.isoformat()}-{shard:05d}-{hashlib.blake2b(content, digest_size=12).hexdigest()}.arrow"
    path = lake / folder / piece
    path.parent.mkdir(parents=True, exist_ok=True)
    # Not synced: after a power cut the run starts anew, and thousands of small pieces would each wait for the disk.
    write(path, content)
    return FileRecord(name, day, shard, path.relative_to(lake).as_posix(), table.num_rows)


def stage_raw(raws: Sequence[RawInput], lake: Path, folder: str) -> list[FileRecord]:
    """Fetched inputs as files of `_raw`, one a day of fetching; what publishes moves them as they are."""
    days: dict[date, list[RawInput]] = defaultdict(list)
    for raw in raws:
        if raw.fetched_at:
            days[raw.fetched_at.date()].append(raw)
    records = []
    (lake / folder).mkdir(parents=True, exist_ok=True)
    for day, found in sorted(days.items()):
        content = parquet(to_table(RawInput, found))
        path = lake / folder / f"raw-{day.isoformat()}-{hashlib.blake2b(content, digest_size=12).hexdigest()}.parquet"
        write(path, content)
        records.append(FileRecord(RAW, day, 0, path.relative_to(lake).as_posix(), len(found)))
    return records


def expire(lake: Path, days: int, today: date) -> None:
    """Removes what was kept of days longer ago than so many."""
    for folder in (lake / RAW).glob("fetched_date=*"):
        if date.fromisoformat(folder.name.partition("=")[2]) < today - timedelta(days=days):
            shutil.rmtree(folder, ignore_errors=True)


def read_piece(path: Path) -> pa.Table:
    """The rows of a staged file."""
    with pa.ipc.open_stream(path.read_bytes()) as stream:
        return stream.read_all()


def ordered(name: str, table: pa.Table, published: pa.Array) -> pa.Table:
    """The rows of a table of the lake as its files have them: by publication, then by `SORT_KEYS`.

    `published` has the moment for each row; what still ties is put in order by all other columns, so that the same rows
    give the same bytes.
    """
    keys = ["_published", *(key for key in SORT_KEYS[name] if key != "published_at")]
    ties = [f.name for f in table.schema if f.name not in keys and not pa.types.is_list(f.type)]
    placed = table.append_column("_published", published)
    return table.take(pc.sort_indices(placed, [(key, "ascending") for key in (*keys, *ties)]))


def parquet(table: pa.Table) -> bytes:
    """The table as a Parquet file: zstd 3, dictionary, statistics, a page index, row groups of about 32 MB."""
    rows = max(1, table.num_rows * _GROUP_BYTES // max(_size(table), 1))
    buffer = pa.BufferOutputStream()
    pq.write_table(table, buffer, compression="zstd", compression_level=3, write_page_index=True, row_group_size=rows)
    return buffer.getvalue().to_pybytes()


def _size(table: pa.Table) -> int:
    """Bytes of the values: a function of the rows alone, unlike `nbytes`, so that equal rows give equal files."""
    size = 0
    for column in table.columns:
        if pa.types.is_list(column.type):
            column = pc.list_flatten(column)
        if pa.types.is_string(column.type) or pa.types.is_binary(column.type):
            size += (pc.sum(pc.binary_length(column)).as_py() or 0) + 4 * len(column)
        else:
            size += len(column) * column.type.bit_width // 8
    return size


def write(path: Path, content: bytes) -> None:
    """The file with this content, whole or not at all: written aside and renamed."""
    aside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    aside.write_bytes(content)
    os.replace(aside, path)


def put(path: Path, content: bytes) -> None:
    """The same, and known to last: file and folder are synced."""
    aside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    aside.write_bytes(content)
    sync(aside)
    os.replace(aside, path)
    sync(path.parent)


def sync(path: Path) -> None:
    """Makes a file's content or a folder's entries last: a rename survives a power cut only then."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_all(paths: Iterable[Path]) -> None:
    """Syncs many at once: one after another, each would wait for the disk alone."""
    with ThreadPoolExecutor(16) as pool:
        for _ in pool.map(sync, paths):
            pass
