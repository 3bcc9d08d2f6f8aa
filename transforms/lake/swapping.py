"""Swapping: folders of a lake are exchanged for prepared ones, each in one step of the file system.

No listing ever has both a merged file and what it replaces, or neither.  Who listed a folder before the step finds
replaced files gone when it opens them: an error, never other rows.  The old folder stays whole under `_staging` for a
while, since a listing of it may be under way.  Knows: folders and the intent of a swap.  Does not know: what is merged.
"""

import ctypes
import json
import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

from transforms.lake.runs import RUNS, record_path
from transforms.lake.staging import put, sync, sync_all

_AT_FDCWD: Final = -100
_RENAME_EXCHANGE: Final = 2


class Swap(NamedTuple):
    """A folder of the lake, the staged one that takes its place, and by file names what is merged into what."""

    target: str
    staged: str
    merged: tuple[str, ...]
    replaced: tuple[str, ...]


def exchange(one: Path, other: Path) -> None:
    """Two folders change places in one step.  Raises OSError: ENOENT where one is gone, EINVAL where none can."""
    library = ctypes.CDLL(None, use_errno=True)
    if library.renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(one), None, str(other))


def finish_swaps(lake: Path, intent: dict) -> None:
    """Does what an intent of swaps says, and writes its record; doing it twice changes nothing.

    Files that came into a folder since it was prepared, and those that stay, are linked into the new one.  A folder that
    somebody removed stays away.  Raises RuntimeError where a merged file is nowhere.  Raises RuntimeError where a prepared file is gone.
    """
    swaps = [Swap(*swap) for swap in intent["swaps"]]
    due = [swap for swap in swaps if (lake / swap.target).is_dir() and not _has_merged(lake / swap.target, swap)]
    for swap in due:
        if not _has_merged(lake / swap.staged, swap):
            raise RuntimeError(
                f"{lake / swap.staged} lacks what replaces files of {swap.target}: the lake needs a person"
            )
        complete(lake, swap)
    sync_all(lake / swap.staged for swap in due)
    for swap in due:
        exchange(lake / swap.staged, lake / swap.target)
    sync_all(sorted({(lake / place).parent for swap in swaps for place in (swap.target, swap.staged)}))
    put(record_path(lake, intent["commit"]), json.dumps(intent["record"], sort_keys=True).encode())
    (lake / RUNS / f"{intent['commit']}.intent").unlink(missing_ok=True)
    sync(lake / RUNS)


def is_whole(lake: Path, swap: Swap) -> bool:
    """Whether all that is to be replaced still stands there, beside files alone, and the folder can be exchanged."""
    target = lake / swap.target
    if target.is_symlink() or not target.is_dir() or not _has_merged(lake / swap.staged, swap):
        return False
    if target.stat().st_dev != (lake / swap.staged).stat().st_dev:
        return False
    found = {entry.name: entry.is_file(follow_symlinks=False) for entry in os.scandir(target)}
    writable = all(os.access(path, os.W_OK | os.X_OK) for path in (target, target.parent))
    return writable and all(found.values()) and found.keys() >= set(swap.replaced)


def complete(lake: Path, swap: Swap) -> None:
    """Links into the staged folder what the other has beside the files that are replaced, and makes it the same owner's."""
    target, staged = lake / swap.target, lake / swap.staged
    there = {*os.listdir(staged), *swap.replaced}
    for name in os.listdir(target):
        if name not in there:
            os.link(target / name, staged / name)
    shutil.copymode(target, staged)
    own_alike(target, staged)


def own_alike(model: Path, path: Path) -> None:
    """Gives the path the owner and group of another, where that is allowed: root may compact what others publish."""
    facts = model.stat()
    with suppress(PermissionError):
        os.chown(path, facts.st_uid, facts.st_gid)


def _has_merged(folder: Path, swap: Swap) -> bool:
    return all((folder / name).exists() for name in swap.merged)
