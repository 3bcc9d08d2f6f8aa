"""Publishing: staged files become part of the lake, all of a commit or none of it.

Order: lock; finish an intent that a killed publisher left; decide by the seen index which staged articles are news;
merge their pieces into one file of each (table, day, shard); write the intent; rename each file into place; write the
commit record, which is final.
"""

import json
import os
import shutil
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date, datetime
from itertools import compress
from pathlib import Path
from typing import Any, NamedTuple

import fasteners
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from schemas.arrow import from_table, schema_of, to_table
from schemas.fetch import Fetch
from schemas.identity import digest
from schemas.tables import PARTITION, ROW_IDS, TABLES
from transforms.lake.fetches import STATE, Settle, settle_all, state_table
from transforms.lake.runs import count, is_published, record_path
from transforms.lake.seen import SEEN_SCHEMA, Kept, Sighting, index_files, load, reject_rows, resolve
from transforms.lake.staging import (
    ORDER,
    RAW,
    SIGHTINGS,
    FileRecord,
    ordered,
    parquet,
    put,
    read_piece,
    sync,
    sync_all,
    write,
)
from transforms.lake.swapping import finish_swaps


class LockHeld(Exception):
    """Another publisher holds the lake."""


class Superseded(Exception):
    """A newer attempt of the same commit has begun."""


class Attempt(NamedTuple):
    """One try at a commit; the newest of a commit may publish (`_state/epoch` has its number)."""

    commit: str
    epoch: int

    @property
    def folder(self) -> str:
        """Where it stages, under the lake."""
        return f"_staging/{self.commit}/{self.epoch}"


class Published(NamedTuple):
    """What a commit added: rows by table; inputs that were known, and that were rejected."""

    commit: str
    rows: dict[str, int]
    duplicates: int = 0
    rejected: int = 0


class AlreadyPublished(NamedTuple):
    """The commit id has a record: nothing was published."""

    commit: str


#: Files of the seen index become one when they are so many: a watcher adds hundreds a day, and each publication reads all.
MOST_PARTS = 64

#: Seconds after which an attempt that staged nothing more is one that was killed.
ABANDONED = 2 * 86400.0

# Two fasteners locks in one process both succeed, so threads need a lock of their own.
_THREADS = threading.Lock()


@contextmanager
def lock(lake: Path, wait: float) -> Iterator[None]:
    """The lake's publishing lock.  Raises LockHeld after `wait` seconds in all."""
    (lake / "_state").mkdir(parents=True, exist_ok=True)
    held = LockHeld(f"another publisher holds {lake}/_state/lock; waited {wait:g} s: try again later")
    deadline = time.monotonic() + wait
    if not _THREADS.acquire(timeout=wait):
        raise held
    try:
        between = fasteners.InterProcessLock(lake / "_state" / "lock")
        if not between.acquire(timeout=max(0.0, deadline - time.monotonic())):
            raise held
        try:
            yield
        finally:
            between.release()
    finally:
        _THREADS.release()


def begin(lake: Path, commit: str, wait: float = 60.0) -> Attempt | AlreadyPublished:
    """A new attempt at the commit; what earlier attempts staged is dropped.  Raises LockHeld."""
    with lock(lake, wait):
        recover(lake)
        _sweep(lake)
        shutil.rmtree(lake / "_staging" / commit, ignore_errors=True)
        if is_published(lake, commit):
            return AlreadyPublished(commit)
        epochs = epochs_of(lake)
        attempt = Attempt(commit, epochs.get(commit, 0) + 1)
        write_epochs(lake, epochs | {commit: attempt.epoch})
        return attempt


def publish(
    lake: Path,
    attempt: Attempt,
    records: Sequence[FileRecord],
    counts: dict[str, int],
    wait: float = 60.0,
    settle: Settle = lambda row, last, entries, new: replace(row, entries=entries, new=new),
) -> Published | AlreadyPublished:
    """Publishes what the attempt staged; `counts` go into the record, and `read` among them is checked.

    `settle` completes the rows of fetches.  Articles that the lake has, or that stand twice in the commit, are left out with their child rows.
    Raises LockHeld; Superseded; RuntimeError where inputs were lost on the way.
    """
    with lock(lake, wait):
        recover(lake)
        if is_published(lake, attempt.commit):
            shutil.rmtree(lake / attempt.folder, ignore_errors=True)
            return AlreadyPublished(attempt.commit)
        if epochs_of(lake).get(attempt.commit) != attempt.epoch:
            shutil.rmtree(lake / attempt.folder, ignore_errors=True)
            raise Superseded(f"a newer attempt of the run {attempt.commit} has begun: this one publishes nothing")
        return put_out(lake, attempt, prepare(lake, attempt, records, settle), counts)


def put_out(lake: Path, attempt: Attempt, prepared: "Prepared", counts: Mapping[str, Any]) -> Published:
    """Publishes what is prepared, for a caller that holds the lock and has looked at epochs.  Raises RuntimeError."""
    published, moves, removes = prepared
    read = counts.get("read", published.rows["articles"] + published.duplicates + published.rejected)
    if read != published.rows["articles"] + published.duplicates + published.rejected:
        raise RuntimeError(f"read {read} inputs, but they became {published}: nothing is published")
    record = {
        "commit": attempt.commit,
        "number": count(lake) + 1,
        "rows": published.rows,
        "counts": {**counts, "duplicates": published.duplicates, "rejected": published.rejected},
    }
    intent = {"commit": attempt.commit, "moves": moves, "removes": removes, "record": record}
    (lake / "_runs").mkdir(parents=True, exist_ok=True)
    put(lake / "_runs" / f"{attempt.commit}.intent", json.dumps(intent, sort_keys=True).encode())
    finish(lake, intent)
    return published


def discard(lake: Path, attempt: Attempt) -> bool:
    """Drops what a failed attempt staged; not where it began to publish: then it gives False, and `recover` ends it."""
    if (lake / "_runs" / f"{attempt.commit}.intent").exists():
        return False
    shutil.rmtree(lake / attempt.folder, ignore_errors=True)
    with suppress(OSError):
        (lake / attempt.folder).parent.rmdir()
    return True


def recover(lake: Path) -> None:
    """Finishes what a killed publisher meant to do, so that no reader ever needs half a commit."""
    for path in sorted((lake / "_runs").glob("*.intent")):
        intent = json.loads(path.read_text("utf-8"))
        (finish_swaps if "swaps" in intent else finish)(lake, intent)
    for path in [*(lake / "_runs").glob(".*.tmp"), *(lake / "_state").glob(".*.tmp")]:
        path.unlink(missing_ok=True)


def finish(lake: Path, intent: dict) -> None:
    """Moves the intent's files into place and writes the commit record; doing it twice changes nothing.

    Raises RuntimeError where a file is neither staged nor in place.
    """
    commit = intent["commit"]
    _make(lake, {(lake / target).parent for _, target in intent["moves"]})
    for source, target in intent["moves"]:
        if (lake / source).exists():
            os.replace(lake / source, lake / target)
        elif not (lake / target).exists():
            raise RuntimeError(f"{lake / source} is neither staged nor in place as {target}: the lake needs a person")
    # Also of those that stood in place: the publisher that moved them may have died before this.
    sync_all(sorted({(lake / target).parent for _, target in intent["moves"]}))
    put(record_path(lake, commit), json.dumps(intent["record"], sort_keys=True).encode())
    for path in intent.get("removes", ()):
        (lake / path).unlink(missing_ok=True)
    (lake / "_runs" / f"{commit}.intent").unlink(missing_ok=True)
    sync(lake / "_runs")
    epochs = epochs_of(lake)
    if epochs.pop(commit, None) is not None:
        write_epochs(lake, epochs)
    shutil.rmtree(lake / "_staging" / commit, ignore_errors=True)


def _sweep(lake: Path) -> None:
    """Drops what killed attempts left that nobody makes again: each tick of a watcher is a commit of its own.

    An attempt that lives after all finds itself superseded.
    """
    old = time.time() - ABANDONED
    epochs = epochs_of(lake)
    # Read once: an attempt has a number before it has a folder, and a folder without a number is of nobody alive.
    left = [path for path in (lake / "_staging").glob("*") if _changed(path) < old]
    for path in left:
        shutil.rmtree(path, ignore_errors=True)
        epochs.pop(path.name, None)
    if left:
        write_epochs(lake, epochs)


def _changed(folder: Path) -> float:
    """When something was last put into the attempts of a commit."""
    with suppress(FileNotFoundError):
        return max(path.stat().st_mtime for path in [folder, *folder.iterdir()])
    return time.time()


def epochs_of(lake: Path) -> dict[str, int]:
    """The newest attempt of each unfinished run, and the newest job of a stream."""
    path = lake / "_state" / "epoch"
    return json.loads(path.read_text("utf-8")) if path.exists() else {}


def write_epochs(lake: Path, epochs: dict[str, int]) -> None:
    """Replaces them, for who holds the lock."""
    put(lake / "_state" / "epoch", json.dumps(epochs, sort_keys=True).encode())


def _make(lake: Path, folders: Iterable[Path]) -> None:
    """The folders, and they and their parents known to last; synced all at once, and again where they stood there."""
    above = {lake}
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
        above.update(parent for parent in folder.parents if parent.is_relative_to(lake))
    sync_all(sorted(above))


class Prepared(NamedTuple):
    """What a commit adds, where each of its merged files goes, and which files they replace."""

    published: Published
    moves: list[list[str]]
    removes: list[str]


def prepare(
    lake: Path,
    attempt: Attempt,
    records: Sequence[FileRecord],
    settle: Settle,
    fetched_before: Collection[str] = (),
) -> Prepared:
    """Merges the files of a commit in staging, for who holds the lock; rows of fetches that were before are left out."""
    # A piece that was staged twice alike stands in the list twice.
    pieces: dict[tuple[str, date, int], set[str]] = defaultdict(set)
    for record in records:
        if record.table != RAW:
            pieces[record.table, record.day, record.shard].add(record.path)
    sightings = [
        Sighting(**row)
        for (name, _, _), paths in sorted(pieces.items())
        if name == SIGHTINGS
        for row in _read(lake, paths).to_pylist()
    ]
    # By id, the times at which the same bad input came: a feed may bring it twice.
    rejects: dict[str, set[datetime]] = defaultdict(set)
    for (name, _, _), paths in pieces.items():
        if name == "rejects":
            of_inputs = _inputs_of(_read(lake, paths))
            for reject, at in zip(of_inputs["reject_id"].to_pylist(), of_inputs["fetched_at"].to_pylist(), strict=True):
                rejects[reject].add(at)
    known = load(lake, sightings, sorted(rejects))
    stored = {seen_hash for article, seen_hash in known.inputs if article is None}
    kept, seen = resolve(sightings, known)
    seen += reject_rows(sorted(rejects.keys() - stored))
    first = {reject: min(times) for reject, times in rejects.items() if reject not in stored}
    by_order = {k.order: k for k in kept}
    rows: Counter[str] = Counter({"articles": 0})
    moves = _raw_moves(attempt, records)
    folder = lake / attempt.folder / "ready"
    folder.mkdir(parents=True, exist_ok=True)

    def ready(target: str, table: pa.Table) -> None:
        source = folder / target.replace("/", "~")
        write(source, parquet(table))
        moves.append([source.relative_to(lake).as_posix(), target])

    index, replaced = _index(lake, seen)
    if seen:
        ready(f"_state/seen/part-{attempt.commit}.parquet", index)
    fetched = [row for (name, _, _), paths in sorted(pieces.items()) if name == "fetches" for row in _rows(lake, paths)]
    fetched = [replace(row, run_id=attempt.commit) for row in fetched if row.fetch_id not in fetched_before]
    if fetched:
        settled, state = settle_all(lake, fetched, sightings, kept, settle, known.missing)
        ready(STATE, state_table(state))
        for day in sorted({row.fetched_at.date() for row in settled}):
            of_day = [row for row in settled if row.fetched_at.date() == day]
            rows["fetches"] += len(of_day)
            ready(f"fetches/{PARTITION}={day.isoformat()}/part-{attempt.commit}-00000.parquet", to_table(Fetch, of_day))
    # Articles come last: who sees an article sees all its rows.
    for (name, day, shard), paths in sorted(pieces.items(), key=lambda item: (item[0][0] == "articles", item[0])):
        if name in (SIGHTINGS, "fetches"):
            continue
        merged = _merged(name, _read(lake, paths), by_order, first, attempt.commit)
        if merged.num_rows:
            rows[name] += merged.num_rows
            ready(f"{name}/{PARTITION}={day.isoformat()}/part-{attempt.commit}-{shard:05d}.parquet", merged)
    sync_all([*(lake / source for source, _ in moves), folder, folder.parent])
    again = sum(len(times) - 1 for times in rejects.values())
    found = len({s.order for s in sightings})
    return Prepared(Published(attempt.commit, dict(rows), found - len(kept) + again, len(rejects)), moves, replaced)


def _index(lake: Path, seen: list[dict]) -> tuple[pa.Table, list[str]]:
    """The commit's file of the seen index; all of it, and the files that it replaces, where those are many."""
    index = pa.Table.from_pylist(seen, schema=SEEN_SCHEMA)
    parts = index_files(lake)
    if not seen or len(parts) < MOST_PARTS:
        return index, []
    index = pa.concat_tables([*(pq.read_table(part, schema=SEEN_SCHEMA) for part in parts), index])
    return index, [part.relative_to(lake).as_posix() for part in parts]


def _raw_moves(attempt: Attempt, records: Sequence[FileRecord]) -> list[list[str]]:
    """Where kept bodies go: their files are finished."""
    found = sorted({(record.day, record.path) for record in records if record.table == RAW})
    return [
        [path, f"{RAW}/fetched_date={day.isoformat()}/part-{attempt.commit}-{number:05d}.parquet"]
        for number, (day, path) in enumerate(found)
    ]


def _rows(lake: Path, paths: set[str]) -> list[Fetch]:
    return from_table(Fetch, _read(lake, paths).drop_columns([ORDER]))


def _read(lake: Path, paths: set[str]) -> pa.Table:
    return pa.concat_tables([read_piece(lake / path) for path in sorted(paths)])


def _inputs_of(rejects: pa.Table) -> pa.Table:
    """The rejects of whole inputs: those of no Document."""
    return rejects.filter(pc.is_null(rejects[ORDER]))


def _merged(
    name: str, table: pa.Table, by_order: Mapping[str, Kept], rejects: Mapping[str, datetime], commit: str
) -> pa.Table:
    """The rows of kept Documents under their final ids, and new rejects of that time, in their final order and schema."""
    found = [by_order.get(order) for order in table[ORDER].to_pylist()]
    stays = [k is not None for k in found]
    if name == "rejects":
        whole = zip(*(table[c].to_pylist() for c in (ORDER, "reject_id", "fetched_at")), strict=True)
        stays = [
            stay or (order is None and rejects.get(reject) == at)
            for stay, (order, reject, at) in zip(stays, whole, strict=True)
        ]
    table = table.filter(pa.array(stays, pa.bool_()))
    found = list(compress(found, stays))
    values = {column: table[column].to_pylist() for column in ("version_id", *_ids(name))}
    # In a stream only the publisher knows under which commit a row goes out.
    values["run_id"] = [commit] * table.num_rows
    values["version_id"] = [
        k.version_id if k and version is not None else version
        for k, version in zip(found, values["version_id"], strict=True)
    ]
    if name == "articles":
        some = [k for k in found if k]
        values["article_id"] = [k.article_id for k in some]
        values["version_number"] = [k.version_number for k in some]
        values["duplicate_of"] = [k.duplicate_of for k in some]
    for column in _ids(name):
        kind, _, parts = ROW_IDS[name]
        of_row = zip(*(table[part].to_pylist() for part in parts), strict=True)
        values[column] = [
            digest(kind, k.version_id, *row) if k and k.renamed else own
            for k, own, row in zip(found, values[column], of_row, strict=True)
        ]
    schema = schema_of(TABLES[name])
    columns = [pa.array(values[f.name], f.type) if f.name in values else table[f.name].combine_chunks() for f in schema]
    merged = pa.Table.from_arrays(columns, schema=schema)
    published = pa.array([k and k.published_at for k in found], pa.timestamp("us", tz="UTC"))
    if name == "rejects":
        published = table["fetched_at"]
    return ordered(name, merged, published)


def _ids(name: str) -> list[str]:
    return [ROW_IDS[name][1]] if name in ROW_IDS else []
