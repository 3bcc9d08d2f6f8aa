"""Publishing: all of a commit or none, never twice, whatever was killed when."""

import os
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.dataset as ds
import pytest

from transforms.lake import publishing
from transforms.lake.publishing import AlreadyPublished, LockHeld, Published, lock, publish
from transforms.lake.staging import FileRecord, stage

DAY = date(2019, 5, 6)
SORT = {"articles": ("version_id",), "events": ("version_id", "start")}


def staged(lake: Path, commit: str, versions: list[str]) -> list[FileRecord]:
    articles = pa.table({"version_id": versions})
    events = pa.table({"version_id": versions * 2, "start": [0] * len(versions) + [5] * len(versions)})
    return [
        stage(articles, lake, commit, "articles", DAY, 0, ["version_id"]),
        stage(events, lake, commit, "events", DAY, 0, ["version_id", "start"]),
    ]


def versions(lake: Path, table: str) -> list[str]:
    rows = ds.dataset(lake / table, format="parquet", partitioning="hive").to_table().to_pylist()
    return sorted(r["version_id"] for r in rows)


def test_what_was_staged_is_read_back(tmp_path: Path) -> None:
    records = staged(tmp_path, "c1", ["b", "a"]) + staged(tmp_path, "c1", ["c", "a"])
    assert publish(tmp_path, "c1", records, SORT, {}) == Published("c1", {"articles": 3, "events": 6})
    assert versions(tmp_path, "articles") == ["a", "b", "c"]
    assert not list((tmp_path / "_staging").iterdir())


def test_a_commit_record_is_final(tmp_path: Path) -> None:
    publish(tmp_path, "c1", staged(tmp_path, "c1", ["a"]), SORT, {})
    assert publish(tmp_path, "c1", staged(tmp_path, "c1", ["b"]), SORT, {}) == AlreadyPublished("c1")
    assert versions(tmp_path, "articles") == ["a"]


def test_known_versions_are_left_out_with_their_rows(tmp_path: Path) -> None:
    publish(tmp_path, "c1", staged(tmp_path, "c1", ["a"]), SORT, {})
    publish(tmp_path, "c2", staged(tmp_path, "c2", ["a", "b"]), SORT, {})
    assert versions(tmp_path, "articles") == ["a", "b"]
    assert versions(tmp_path, "events") == ["a", "a", "b", "b"]


@pytest.mark.parametrize("step", range(1, 7))
def test_a_kill_at_any_rename_is_mended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    records = staged(tmp_path, "c1", ["a", "b"])
    calls, rename = [0], os.replace

    def dies(source: Path, target: Path) -> None:
        calls[0] += 1
        if calls[0] == step:
            raise KeyboardInterrupt
        rename(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", dies)
        with pytest.raises(KeyboardInterrupt):
            publish(tmp_path, "c1", records, SORT, {})
    publish(tmp_path, "c1", staged(tmp_path, "c1", ["a", "b"]), SORT, {})
    assert versions(tmp_path, "articles") == ["a", "b"]
    assert versions(tmp_path, "events") == ["a", "a", "b", "b"]
    assert [p.name for p in (tmp_path / "_runs").iterdir()] == ["c1.json"]


def test_two_publishers_at_once(tmp_path: Path) -> None:
    with lock(tmp_path, 1), pytest.raises(LockHeld, match="another publisher"):
        publish(tmp_path, "c1", [], SORT, {}, wait=0.05)
    assert publishing.publish(tmp_path, "c1", [], SORT, {}) == Published("c1", {})
