"""Known: the seen index in memory, to be asked about single entries while a stream runs.

What it says is what the publisher would say (`seen.owner`), as of the last commit.  64 bits of each hash are kept: some 60
bytes an article.
"""

import threading
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from transforms.lake.keys import Keys
from transforms.lake.seen import KEYS, SEEN_SCHEMA, SHARED, index_files, owner

_DIGITS: Final = 16
_MIX: Final = 0x9E3779B97F4A7C15
_MASK: Final = (1 << 64) - 1
_TRIES: Final = 5


class _Part(NamedTuple):
    """A file of the index: sorted keys and the articles that have them, sorted pairs of article and input, shared keys."""

    keys: np.ndarray
    owners: np.ndarray
    said: np.ndarray
    shared: frozenset[int]

    def owner(self, key: int) -> int | None:
        at = int(np.searchsorted(self.keys, np.uint64(key)))
        return int(self.owners[at]) if at < len(self.keys) and int(self.keys[at]) == key else None

    def has_said(self, pair: int) -> bool:
        at = int(np.searchsorted(self.said, np.uint64(pair)))
        return at < len(self.said) and int(self.said[at]) == pair


class SeenIndex:
    """The index of a lake; looks for new files of it whenever it is asked."""

    def __init__(self, lake: Path) -> None:
        self._lake, self._lock = lake, threading.Lock()
        self._parts: dict[str, _Part] = {}
        self._changed = -1

    def has(self, keys: Keys, input_hash: str) -> bool:
        """Whether the lake has the entry of these keys, told in just these words."""
        with self._lock:
            self._refresh()
            parts = list(self._parts.values())
        guid, url = (self._unshared(parts, key) for key in (keys.guid, keys.url))

        def found(key: str) -> int | None:
            return next(filter(None, (part.owner(_number(key)) for part in parts)), None)

        article = owner(guid, url, keys.content, found)
        if article is None:
            return False
        pair = ((article * _MIX) & _MASK) ^ _number(input_hash)
        return any(part.has_said(pair) for part in parts)

    def _unshared(self, parts: list[_Part], key: str | None) -> str | None:
        return None if key and any(_number(key) in part.shared for part in parts) else key

    def _refresh(self) -> None:
        """Reads the files that came, and forgets those that became one."""
        folder = self._lake / "_state" / "seen"
        for _ in range(_TRIES):
            # Asked before the files are: what comes meanwhile is seen the next time.
            changed = folder.stat().st_mtime_ns if folder.exists() else 0
            if changed == self._changed:
                return
            files = {path.name: path for path in index_files(self._lake)}
            try:
                self._parts = {name: self._parts.get(name) or _read(path) for name, path in files.items()}
            except FileNotFoundError:
                continue
            self._changed = changed
            return
        raise RuntimeError(f"the files of {folder} vanish as they are read")


def _number(key: str) -> int:
    return int(key[:_DIGITS], 16)


def _numbers(column: pa.ChunkedArray) -> np.ndarray:
    return np.fromiter((_number(key) for key in column.to_pylist()), np.uint64, len(column))


def _read(path: Path) -> _Part:
    table = pq.read_table(path, schema=SEEN_SCHEMA)
    marks = table.filter(pc.equal(table["input_hash"], SHARED))
    shared = frozenset(_number(key) for name in ("guid", "url") for key in marks[name].to_pylist() if key)
    rows = table.filter(pc.is_valid(table["article_id"]))
    keys, owners = [], []
    for name in KEYS:
        having = rows.filter(pc.is_valid(rows[name]))
        keys.append(_numbers(having[name]))
        owners.append(_numbers(having["article_id"]))
    # The same key twice in a file is of one article.
    all_keys, first = np.unique(np.concatenate(keys), return_index=True)
    said = _numbers(rows["article_id"]) * np.uint64(_MIX) ^ _numbers(rows["input_hash"])
    return _Part(all_keys, np.concatenate(owners)[first], np.unique(said), shared)
