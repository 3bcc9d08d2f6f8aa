"""Runs: the commit records of a lake, `_runs/<commit>.json`, and the one file into which `khabar compact` folds old ones.

The folded file has a record a line, as it stood, with the time of its commit; DuckDB's `read_json` takes it like the
others.  Its name tells how many they are, and two of them never stand side by side.  Knows: how records are read.  Does
not know: when one is written, or what its counts mean.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

RUNS: Final = "_runs"
#: No run id begins so.
FOLDED: Final = "_folded-"
COMPACTION: Final = "_compact-"
_TRIES: Final = 5

T = TypeVar("T")


class Folded(NamedTuple):
    """Many records as one file: its name and its lines."""

    name: str
    content: bytes


def record_path(lake: Path, commit: str) -> Path:
    """Where the record of a commit is written; whether there is one, `is_published` tells."""
    return lake / RUNS / f"{commit}.json"


def is_published(lake: Path, commit: str) -> bool:
    """Whether a commit has a record, by itself or folded."""
    if record_path(lake, commit).exists():
        return True
    # Keys are sorted: a line begins with its commit.
    start = b'{"commit": ' + json.dumps(commit).encode() + b","
    return any(lines.startswith(start) or b"\n" + start in lines for lines in undisturbed(lambda: _folded(lake)))


def alone(lake: Path) -> list[Path]:
    """The records of publications that are files of their own: those of the last day, and the newest, always are."""
    return [path for path in _paths(lake) if not path.name.startswith((FOLDED, COMPACTION))]


def records(lake: Path) -> list[dict]:
    """All records, in the order of their numbers, each with `committed_at` (ISO 8601, UTC)."""
    return sorted(undisturbed(lambda: _read(_paths(lake))), key=lambda record: record["number"])


def count(lake: Path) -> int:
    """How many commits the lake has, compactions with them."""
    return undisturbed(lambda: sum(_held(path) for path in _paths(lake)))


def last_commit(lake: Path) -> datetime | None:
    """When something was last published; what compacts the lake adds nothing to it."""

    def newest() -> datetime | None:
        if files := alone(lake):
            return datetime.fromtimestamp(max(path.stat().st_mtime for path in files), UTC)
        folded = (record for record in _read(_paths(lake)) if not record["commit"].startswith(COMPACTION))
        return max((datetime.fromisoformat(record["committed_at"]) for record in folded), default=None)

    return undisturbed(newest)


def fold(paths: Sequence[Path]) -> Folded:
    """The records of these files as one; files of folded records among them count as theirs."""
    found = sorted(_read(paths), key=lambda record: record["number"])
    lines = "".join(json.dumps(record, sort_keys=True) + "\n" for record in found)
    return Folded(f"{FOLDED}{len(found):09d}.json", lines.encode())


def undisturbed(read: Callable[[], T], gone: type[Exception] = FileNotFoundError) -> T:
    """What `read` gives; tried again where a compaction has replaced files between its listing and its opening them."""
    for _ in range(_TRIES - 1):
        try:
            return read()
        except gone:
            continue
    return read()


def _paths(lake: Path) -> list[Path]:
    return sorted((lake / RUNS).glob("*.json"))


def _folded(lake: Path) -> list[bytes]:
    return [path.read_bytes() for path in (lake / RUNS).glob(f"{FOLDED}*.json")]


def _held(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.name.startswith(FOLDED) else 1


def _read(paths: Iterable[Path]) -> list[dict]:
    found: list[dict] = []
    for path in paths:
        lines = path.read_text("utf-8").splitlines()
        at = datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat()
        found.extend({"committed_at": at} | json.loads(line) for line in lines)
    return found
