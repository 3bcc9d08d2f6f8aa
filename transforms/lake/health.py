"""Health: what can be told of a lake's folder by looking at it, with nothing written or waited for."""

import os
from pathlib import Path
from typing import Any

import fasteners

from transforms.lake.runs import count


def health(lake: Path) -> dict[str, Any]:
    """Whether the folder is there, readable, writable and locked, and how many runs it has, published and unfinished.

    `locked` is None where that cannot be told; a folder that is not there is writable where it could be made.
    """
    found: dict[str, Any] = {"path": str(lake.absolute()), "exists": lake.is_dir()}
    if not lake.exists():
        parent = next(p for p in lake.absolute().parents if p.exists())
        return found | {"readable": False, "writable": parent.is_dir() and os.access(parent, os.W_OK | os.X_OK)}
    inner = [p for p in (lake, lake / "_runs", lake / "_state") if p.exists()]
    found["readable"] = lake.is_dir() and all(os.access(p, os.R_OK | os.X_OK) for p in inner)
    found["writable"] = lake.is_dir() and all(os.access(p, os.W_OK | os.X_OK) for p in inner)
    if not found["readable"]:
        return found
    found["locked"] = _locked(lake / "_state" / "lock")
    found["runs"] = count(lake)
    found["interrupted"] = sum(1 for _ in lake.glob("_runs/*.intent"))
    found["staged"] = sum(1 for _ in lake.glob("_staging/*"))
    return found


def _locked(path: Path) -> bool | None:
    if not path.exists():
        return False
    lock = fasteners.InterProcessLock(path)
    try:
        free = lock.acquire(blocking=False)
    except OSError:
        return None
    if free:
        lock.release()
    return not free
