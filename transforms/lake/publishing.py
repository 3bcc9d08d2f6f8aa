"""Publishing: staged files become part of the lake, all of a commit or none of it.

Order: lock; finish an intent that a killed publisher left; merge the staged pieces of one (table, day, shard) without
articles that the lake has; write the intent; rename each file into place; write the commit record, which is final.
"""

import json
import os
import shutil
import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import NamedTuple

import fasteners
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from transforms.lake.staging import FileRecord, put, write


class LockHeld(Exception):
    """Another publisher holds the lake."""


class Published(NamedTuple):
    """What a commit added: rows by table."""

    commit: str
    rows: dict[str, int]


class AlreadyPublished(NamedTuple):
    """The commit id has a record: nothing was published."""

    commit: str


# Two fasteners locks in one process both succeed, so threads need a lock of their own.
_THREADS = threading.Lock()


@contextmanager
def lock(lake: Path, wait: float) -> Iterator[None]:
    """The lake's publishing lock.  Raises LockHeld after `wait` seconds."""
    (lake / "_state").mkdir(parents=True, exist_ok=True)
    held = LockHeld(f"another publisher holds {lake}/_state/lock; waited {wait:g} s: try again later")
    if not _THREADS.acquire(timeout=wait):
        raise held
    try:
        between = fasteners.InterProcessLock(lake / "_state" / "lock")
        if not between.acquire(timeout=wait):
            raise held
        try:
            yield
        finally:
            between.release()
    finally:
        _THREADS.release()


def publish(
    lake: Path,
    commit: str,
    records: Sequence[FileRecord],
    sort: dict[str, tuple[str, ...]],
    counts: dict[str, int],
    wait: float = 60.0,
) -> Published | AlreadyPublished:
    """Publishes the staged files of a commit; `sort` has the sort keys of each table, `counts` go into the record.

    Articles whose version_id is in the lake, or doubled in the commit, are left out with their child rows.
    Raises LockHeld.
    """
    with lock(lake, wait):
        recover(lake)
        if (lake / "_runs" / f"{commit}.json").exists():
            shutil.rmtree(lake / "_staging" / commit, ignore_errors=True)
            return AlreadyPublished(commit)
        known = _known_versions(lake)
        groups: dict[tuple[str, date, int], list[FileRecord]] = defaultdict(list)
        for record in records:
            groups[record.table, record.day, record.shard].append(record)
        homes = _homes(lake, records)
        rows: dict[str, int] = defaultdict(int)
        moves = []
        for (name, day, shard), pieces in sorted(groups.items()):
            # A piece that two chunks staged alike stands in the list twice.
            paths = sorted({lake / p.path for p in pieces})
            merged = _without(_distinct(pa.concat_tables([pq.read_table(p) for p in paths]), sort[name]), known)
            merged = _of_home(merged, homes, (day, shard))
            if name == "articles":
                merged = _distinct(merged.sort_by([(key, "ascending") for key in sort[name]]), ("version_id",))
            if not merged.num_rows:
                continue
            rows[name] += merged.num_rows
            folder = f"published_date={day.isoformat()}"
            ready = lake / "_staging" / commit / "ready" / name / folder / f"part-{commit}-{shard:05d}.parquet"
            ready.parent.mkdir(parents=True, exist_ok=True)
            buffer = pa.BufferOutputStream()
            write(merged, buffer, list(sort[name]))
            put(ready, buffer.getvalue().to_pybytes())
            moves.append([ready.relative_to(lake).as_posix(), f"{name}/{folder}/{ready.name}"])
        intent = {"commit": commit, "moves": moves, "record": {"commit": commit, "rows": rows, "counts": counts}}
        (lake / "_runs").mkdir(parents=True, exist_ok=True)
        put(lake / "_runs" / f"{commit}.intent.json", json.dumps(intent, sort_keys=True).encode())
        finish(lake, intent)
        return Published(commit, dict(rows))


def recover(lake: Path) -> None:
    """Finishes what a killed publisher meant to do, so that no reader ever needs half a commit."""
    for path in sorted((lake / "_runs").glob("*.intent.json")):
        finish(lake, json.loads(path.read_text("utf-8")))


def finish(lake: Path, intent: dict) -> None:
    """Moves the intent's files into place and writes the commit record; doing it twice changes nothing."""
    commit = intent["commit"]
    for source, target in intent["moves"]:
        (lake / target).parent.mkdir(parents=True, exist_ok=True)
        if (lake / source).exists():
            os.replace(lake / source, lake / target)
    put(lake / "_runs" / f"{commit}.json", json.dumps(intent["record"], sort_keys=True).encode())
    (lake / "_runs" / f"{commit}.intent.json").unlink(missing_ok=True)
    shutil.rmtree(lake / "_staging" / commit, ignore_errors=True)


def _known_versions(lake: Path) -> pa.Array:
    files = sorted((lake / "articles").glob("*/*.parquet"))
    columns = [pq.read_table(f, columns=["version_id"], partitioning=None)["version_id"] for f in files]
    return pa.chunked_array([c for column in columns for c in column.chunks], type=pa.string())


def _without(table: pa.Table, known: pa.Array) -> pa.Table:
    """The rows whose version is not known; rows of no version stay."""
    return table.filter(pc.invert(pc.fill_null(pc.is_in(table["version_id"], value_set=known), False)))


def _homes(lake: Path, records: Sequence[FileRecord]) -> dict[str, tuple[date, int]]:
    """Of each version in the commit the first (day, shard) it was staged in: told twice with two dates it is one."""
    homes: dict[str, tuple[date, int]] = {}
    for record in sorted(r for r in records if r.table == "articles"):
        column = pq.read_table(lake / record.path, columns=["version_id"], partitioning=None)["version_id"]
        for version in column.to_pylist():
            homes.setdefault(version, (record.day, record.shard))
    return homes


def _of_home(table: pa.Table, homes: dict[str, tuple[date, int]], here: tuple[date, int]) -> pa.Table:
    """The rows whose version belongs here; rows of no version stay."""
    return table.filter(pa.array([homes.get(v, here) == here for v in table["version_id"].to_pylist()], pa.bool_()))


def _distinct(table: pa.Table, keys: tuple[str, ...]) -> pa.Table:
    """One row of each key: an article that stands in the input twice is one article."""
    seen: set[tuple] = set()
    kept = []
    for row in zip(*(table[key].to_pylist() for key in keys), strict=True):
        kept.append(row not in seen)
        seen.add(row)
    return table.filter(pa.array(kept, pa.bool_()))
