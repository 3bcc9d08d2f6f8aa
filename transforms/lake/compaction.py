"""Compaction: the small files of each folder of the lake become few, as a commit of its own; no row changes.

Tables, kept bodies, the seen index and the commit records alike: merged files are prepared without the publishing lock,
under it is checked that what they replace still stands, and the folders are swapped (`swapping`).  A partition that has
changed meanwhile waits for the next compaction.
"""

import json
import math
import shutil
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

import fasteners
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from schemas.arrow import schema_of
from schemas.item import RawInput
from schemas.tables import PARTITION, TABLES
from transforms.lake.publishing import LockHeld, epochs_of, lock, recover, write_epochs
from transforms.lake.runs import COMPACTION, FOLDED, RUNS, alone, count, fold
from transforms.lake.seen import SEEN_SCHEMA
from transforms.lake.staging import RAW, ordered, parquet, put, sync_all
from transforms.lake.swapping import Swap, complete, exchange, finish_swaps, is_whole, own_alike

#: Bytes: a file that is smaller is small; merged ones are no larger than twice that, which a merge holds in memory.
SMALL: Final = 16 << 20
#: Folders that are swapped under one lock.
_AT_ONCE: Final = 64
#: Seconds for which a folder that was swapped out stays whole: a reader may be in the midst of listing it.
GRACE = 2.0
#: Seconds for which a commit record stays a file of its own.
KEPT_ALONE: Final = 86400.0
SEEN: Final = "_state/seen"


class Choice(NamedTuple):
    """What is compacted: partitions of these days, or of days that ended before `until`; without either, all."""

    days: frozenset[date] | None = None
    until: date | None = None
    #: A folder with fewer small files stays as it is.
    min_files: int = 8


class Folder(NamedTuple):
    """A folder of the lake whose small files can become few."""

    path: str
    #: The table, `_raw`, `_state/seen` or `_runs`.
    kind: str


class Compacted(NamedTuple):
    """What a compaction did: commits, files before and after of the folders it changed, seconds the lock was held."""

    commits: list[str]
    before: dict[str, int]
    after: dict[str, int]
    #: Folders that somebody changed while they were merged.
    skipped: int
    locked: float


class CannotSwap(Exception):
    """The file system cannot exchange two folders in one step."""


def compact(lake: Path, choice: Choice, wait: float = 60.0) -> Compacted:
    """Compacts what is chosen.

    Raises LockHeld where somebody publishes, or compacts, for longer than `wait` seconds; CannotSwap.
    """
    done = Compacted([], {}, {}, 0, 0.0)
    with _alone(lake, wait):
        start = f"{COMPACTION}{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
        with lock(lake, wait):
            recover(lake)
            # What has a number there is of somebody alive.
            write_epochs(lake, epochs_of(lake) | {start: 1})
        try:
            _check(lake, start)
            folders = _folders(lake, choice)
            for first in range(0, len(folders), _AT_ONCE):
                commit = f"{start}-{first // _AT_ONCE:04d}"
                found = [_merge(lake, folder, commit, choice) for folder in folders[first : first + _AT_ONCE]]
                if swaps := [swap for swap in found if swap]:
                    sync_all([lake / "_staging" / start / commit, lake / "_staging" / start, lake / "_staging"])
                    done = _publish(lake, commit, swaps, done, wait)
        finally:
            _clear(lake, wait)
    return done


def _clear(lake: Path, wait: float) -> None:
    """Removes what compactions swapped out, or left when they were killed; not while one waits to be finished."""
    if any((lake / RUNS).glob(f"{COMPACTION}*.intent")):
        return
    left = list((lake / "_staging").glob(f"{COMPACTION}*"))
    time.sleep(GRACE if any(any(path.iterdir()) for path in left) else 0)
    for path in left:
        shutil.rmtree(path, ignore_errors=True)
    # A lock that is held now: the next compaction does it.
    with suppress(LockHeld), lock(lake, wait):
        write_epochs(lake, {name: n for name, n in epochs_of(lake).items() if not name.startswith(COMPACTION)})


@contextmanager
def _alone(lake: Path, wait: float) -> Iterator[None]:
    """Two compactions would merge the same files."""
    (lake / "_state").mkdir(exist_ok=True)
    between = fasteners.InterProcessLock(lake / "_state" / "compacting")
    if not between.acquire(timeout=wait):
        between.lockfile.close()
        raise LockHeld(f"another compaction holds {lake}/_state/compacting; waited {wait:g} s: try again later")
    try:
        yield
    finally:
        between.release()


def _check(lake: Path, name: str) -> None:
    one, other = (lake / "_staging" / name / side for side in "ab")
    for side in (one, other):
        side.mkdir(parents=True)
    try:
        exchange(one, other)
    except (OSError, AttributeError) as error:
        why = f"the file system of {lake} cannot exchange two folders: ext4, xfs and btrfs can, NFS cannot"
        raise CannotSwap(f"{why} ({error})") from error
    finally:
        for side in (one, other):
            side.rmdir()


def _folders(lake: Path, choice: Choice) -> list[Folder]:
    """Folders that are looked at; the articles of a day come after what is sorted by them, and the records last."""
    found = []
    for name, column in [*((name, PARTITION) for name in TABLES), (RAW, "fetched_date")]:
        for path in (lake / name).glob(f"{column}=*"):
            try:
                day = date.fromisoformat(path.name.partition("=")[2])
            except ValueError:
                # Another tool's, such as `published_date=__HIVE_DEFAULT_PARTITION__`.
                continue
            if (choice.days is None or day in choice.days) and (choice.until is None or day < choice.until):
                found.append((day, name == "articles", Folder(path.relative_to(lake).as_posix(), name)))
    return [folder for *_, folder in sorted(found)] + [Folder(SEEN, SEEN), Folder(RUNS, RUNS)]


def _merge(lake: Path, folder: Folder, commit: str, choice: Choice) -> Swap | None:
    """The folder as it shall be, in staging, but for files that stay; None where it stays as it is."""
    place = f"_staging/{commit.rpartition('-')[0]}/{commit}/{folder.path.replace('/', '~')}"
    try:
        files, contents = _folded(lake, choice) if folder.kind == RUNS else _merged(lake, folder, commit, choice)
        if not contents:
            return None
        (lake / place).mkdir(parents=True)
        for name, content in contents.items():
            put(lake / place / name, content)
            own_alike(lake / folder.path, lake / place / name)
    except FileNotFoundError:
        # Days of kept bodies, or of a lake that is kept for so long, are removed by others meanwhile.
        return None
    return Swap(folder.path, place, tuple(contents), tuple(path.name for path in files))


def _folded(lake: Path, choice: Choice) -> tuple[list[Path], dict[str, bytes]]:
    """Old records, with those that are folded, and what takes their place by its name; nothing where they are few."""
    files = _old_records(lake)
    if sum(not path.name.startswith(FOLDED) for path in files) < choice.min_files:
        return [], {}
    folded = fold(files)
    return files, {folded.name: folded.content}


def _merged(lake: Path, folder: Folder, commit: str, choice: Choice) -> tuple[list[Path], dict[str, bytes]]:
    """Small files, and what takes their place by its name; nothing where they are few."""
    groups = [group for group in _groups(lake / folder.path, _schema(folder.kind)) if len(group) > 1]
    files = [path for group in groups for path in group]
    if len(files) < choice.min_files:
        return [], {}
    name = f"part-{commit.lstrip('_')}"
    return files, {f"{name}-{n:05d}.parquet": _content(lake, folder, group) for n, group in enumerate(groups)}


def _schema(kind: str) -> pa.Schema:
    if kind == SEEN:
        return SEEN_SCHEMA
    return schema_of(RawInput if kind == RAW else TABLES[kind])


def _groups(path: Path, schema: pa.Schema) -> Iterator[list[Path]]:
    """Small files in the order of their names, so many together as make a merged one."""
    group: list[Path] = []
    size = 0
    for file in sorted(path.glob("*.parquet")):
        if (bytes_ := file.stat().st_size) >= SMALL or not _is_ours(file, schema):
            continue
        if size + bytes_ > 2 * SMALL:
            yield group
            group, size = [], 0
        group.append(file)
        size += bytes_
    if group:
        yield group


def _is_ours(file: Path, schema: pa.Schema) -> bool:
    """Whether the columns are those of this khabar, or of an older one that had fewer: of a newer one none may be lost."""
    try:
        found = pq.read_schema(file)
    except pa.ArrowInvalid:
        # No Parquet, or cut: one such file must not keep the whole lake as it is.
        return False
    types = {f.name: f.type for f in schema}
    missing = (f for f in schema if f.name not in found.names)
    return all(types.get(f.name) == f.type for f in found) and all(f.nullable for f in missing)


def _content(lake: Path, folder: Folder, files: Sequence[Path]) -> bytes:
    """The merged file: rows, order and bytes as one publication would have written them."""
    schema = _schema(folder.kind)
    table = pa.concat_tables([_whole(pq.read_table(file, partitioning=None), schema) for file in files])
    if folder.kind in TABLES:
        table = ordered(folder.kind, table, _published(lake, folder, table))
    else:
        first = ["fetched_at", "input", "position"] if folder.kind == RAW else ["article_id", "version_id"]
        rest = [name for name in schema.names if name not in first]
        table = table.take(pc.sort_indices(table, [(name, "ascending") for name in (*first, *rest)]))
    return parquet(table.combine_chunks())


def _whole(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """The table with nulls in columns that it lacks."""
    columns = [
        table[f.name] if f.name in table.column_names else pa.nulls(table.num_rows, f.type).cast(f.type) for f in schema
    ]
    return pa.Table.from_arrays(columns, schema=schema)


def _published(lake: Path, folder: Folder, table: pa.Table) -> pa.ChunkedArray:
    """When the article of each row was published: what the publisher sorts by."""
    own = {"articles": "published_at", "rejects": "fetched_at", "fetches": "fetched_at"}
    if folder.kind in own:
        return table[own[folder.kind]]
    day = lake / "articles" / Path(folder.path).name
    columns = ["version_id", "published_at"]
    files = [pq.read_table(file, partitioning=None, columns=columns) for file in sorted(day.glob("*.parquet"))]
    if not files:
        return pa.nulls(table.num_rows, pa.timestamp("us", tz="UTC"))
    articles = pa.concat_tables(files)
    return articles["published_at"].take(pc.index_in(table["version_id"], value_set=articles["version_id"]))


def _old_records(lake: Path) -> list[Path]:
    """Records that need not stand alone any more, and the file of folded ones; never the newest publication."""
    before = time.time() - KEPT_ALONE
    ages = {path: path.stat().st_mtime for path in sorted((lake / RUNS).glob("*.json"))}
    newest = max(alone(lake), key=lambda path: (ages.get(path, math.inf), path.name), default=None)
    return [path for path, at in ages.items() if path != newest and (at < before or path.name.startswith(FOLDED))]


def _publish(lake: Path, commit: str, swaps: Sequence[Swap], done: Compacted, wait: float) -> Compacted:
    """Swaps the folders of which nothing that is replaced has changed."""
    with lock(lake, wait):
        since = time.monotonic()
        recover(lake)
        whole = [swap for swap in swaps if is_whole(lake, swap)]
        replaced, merged = _files(whole, "replaced"), _files(whole, "merged")
        # Here, before the intent, since it may be forbidden: what an intent says must be possible.
        for swap in whole:
            complete(lake, swap)
        if whole:
            facts = {"before": replaced, "after": merged}
            record = {"commit": commit, "number": count(lake) + 1, "rows": {}, "counts": {}, "compacted": facts}
            intent = {"commit": commit, "swaps": whole, "record": record}
            put(lake / RUNS / f"{commit}.intent", json.dumps(intent, sort_keys=True).encode())
            finish_swaps(lake, intent)
        held = time.monotonic() - since
    return Compacted(
        done.commits + [commit] * bool(whole),
        _sum(done.before, replaced),
        _sum(done.after, merged),
        done.skipped + len(swaps) - len(whole),
        max(done.locked, held),
    )


def _files(swaps: Iterable[Swap], which: str) -> dict[str, int]:
    """How many files of each table are replaced, or take their place."""
    found: dict[str, int] = {}
    for swap in swaps:
        kind = swap.target.partition("/")[0] if swap.target != SEEN else SEEN
        found[kind] = found.get(kind, 0) + len(getattr(swap, which))
    return found


def _sum(one: dict[str, int], other: dict[str, int]) -> dict[str, int]:
    return {name: one.get(name, 0) + other.get(name, 0) for name in sorted({*one, *other})}


def days_before(span: timedelta, now: datetime | None = None) -> date:
    """The first day that has not ended so long ago."""
    return ((now or datetime.now(UTC)) - span).date()
