"""Preparing a commit: what of the staged files is news, merged in staging into one file of each (table, day, shard).

Knows: the lake's index, and the order and ids of rows.  Does not know: attempts, locks or records (`publishing`).
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import compress
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from schemas.arrow import from_table, schema_of, to_table
from schemas.fetch import Fetch
from schemas.identity import digest
from schemas.tables import PARTITION, ROW_IDS, TABLES
from transforms.lake.fetches import STATE, Settle, settle_all, state_table
from transforms.lake.seen import SEEN_SCHEMA, Kept, Sighting, index_files, load, reject_rows, resolve
from transforms.lake.staging import (
    ORDER,
    RAW,
    SIGHTINGS,
    FileRecord,
    ordered,
    parquet,
    read_piece,
    sync_all,
    write,
)

#: Files of the seen index become one when they are so many: a watcher adds hundreds a day, and each publication reads all.
MOST_PARTS = 64


class Published(NamedTuple):
    """What a commit added: rows by table; inputs that were known, and that were rejected."""

    commit: str
    rows: dict[str, int]
    duplicates: int = 0
    rejected: int = 0


class Prepared(NamedTuple):
    """What a commit adds, where each of its merged files goes, and which files they replace."""

    published: Published
    moves: list[list[str]]
    removes: list[str]


def prepare(
    lake: Path,
    commit: str,
    folder: str,
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
    rejects = _rejects(lake, pieces)
    known = load(lake, sightings, sorted(rejects))
    stored = {seen_hash for article, seen_hash in known.inputs if article is None}
    kept, seen = resolve(sightings, known)
    seen += reject_rows(sorted(rejects.keys() - stored))
    first = {reject: min(times) for reject, times in rejects.items() if reject not in stored}
    by_order = {k.order: k for k in kept}
    rows: Counter[str] = Counter({"articles": 0})
    moves = _raw_moves(commit, records)
    merging = lake / folder / "ready"
    merging.mkdir(parents=True, exist_ok=True)

    def ready(target: str, table: pa.Table) -> None:
        source = merging / target.replace("/", "~")
        write(source, parquet(table))
        moves.append([source.relative_to(lake).as_posix(), target])

    index, replaced = _index(lake, seen)
    if seen:
        ready(f"_state/seen/part-{commit}.parquet", index)
    fetched = [row for (name, _, _), paths in sorted(pieces.items()) if name == "fetches" for row in _rows(lake, paths)]
    fetched = [replace(row, run_id=commit) for row in fetched if row.fetch_id not in fetched_before]
    if fetched:
        settled, state = settle_all(lake, fetched, sightings, kept, settle, known.missing)
        ready(STATE, state_table(state))
        for day in sorted({row.fetched_at.date() for row in settled}):
            of_day = [row for row in settled if row.fetched_at.date() == day]
            rows["fetches"] += len(of_day)
            ready(f"fetches/{PARTITION}={day.isoformat()}/part-{commit}-00000.parquet", to_table(Fetch, of_day))
    # Articles come last: who sees an article sees all its rows.
    for (name, day, shard), paths in sorted(pieces.items(), key=lambda item: (item[0][0] == "articles", item[0])):
        if name in (SIGHTINGS, "fetches"):
            continue
        merged = _merged(name, _read(lake, paths), by_order, first, commit)
        if merged.num_rows:
            rows[name] += merged.num_rows
            ready(f"{name}/{PARTITION}={day.isoformat()}/part-{commit}-{shard:05d}.parquet", merged)
    sync_all([*(lake / source for source, _ in moves), merging, merging.parent])
    again = sum(len(times) - 1 for times in rejects.values())
    found = len({s.order for s in sightings})
    return Prepared(Published(commit, dict(rows), found - len(kept) + again, len(rejects)), moves, replaced)


def _rejects(lake: Path, pieces: Mapping[tuple[str, date, int], set[str]]) -> dict[str, set[datetime]]:
    """By id of an input that could not be read, the times at which it came: a feed may bring it twice."""
    found: dict[str, set[datetime]] = defaultdict(set)
    for (name, _, _), paths in pieces.items():
        if name == "rejects":
            rows = _inputs_of(_read(lake, paths))
            for reject, at in zip(rows["reject_id"].to_pylist(), rows["fetched_at"].to_pylist(), strict=True):
                found[reject].add(at)
    return found


def _index(lake: Path, seen: list[dict]) -> tuple[pa.Table, list[str]]:
    """The commit's file of the seen index; all of it, and the files that it replaces, where those are many."""
    index = pa.Table.from_pylist(seen, schema=SEEN_SCHEMA)
    parts = index_files(lake)
    if not seen or len(parts) < MOST_PARTS:
        return index, []
    index = pa.concat_tables([*(pq.read_table(part, schema=SEEN_SCHEMA) for part in parts), index])
    return index, [part.relative_to(lake).as_posix() for part in parts]


def _raw_moves(commit: str, records: Sequence[FileRecord]) -> list[list[str]]:
    """Where kept bodies go: their files are finished."""
    found = sorted({(record.day, record.path) for record in records if record.table == RAW})
    return [
        [path, f"{RAW}/fetched_date={day.isoformat()}/part-{commit}-{number:05d}.parquet"]
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
