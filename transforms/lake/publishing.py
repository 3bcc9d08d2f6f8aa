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
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import fasteners

from transforms.lake.fetches import Settle
from transforms.lake.preparing import Prepared, Published, prepare
from transforms.lake.runs import count, is_published, record_path
from transforms.lake.staging import (
    FileRecord,
    put,
    sync,
    sync_all,
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


class AlreadyPublished(NamedTuple):
    """The commit id has a record: nothing was published."""

    commit: str


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
        return put_out(lake, attempt, prepare(lake, attempt.commit, attempt.folder, records, settle), counts)


def put_out(lake: Path, attempt: Attempt, prepared: Prepared, counts: Mapping[str, Any]) -> Published:
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
