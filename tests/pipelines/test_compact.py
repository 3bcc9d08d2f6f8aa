"""`khabar compact`: what it is asked, what it tells, and that every other command finds the lake as it was."""

import errno
import json
import os
import shutil
import threading
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines import explain, show, status
from pipelines.compact import compact_options, main
from tests.fetches import NOON
from tests.pipelines.fortnight import WINDOW, fill
from tests.pipelines.whole_runs import all_rows
from transforms.lake import compaction, health
from transforms.lake.compaction import Choice, compact
from transforms.lake.latest import latest_sql
from transforms.lake.publishing import AlreadyPublished, begin, lock

START = NOON + timedelta(hours=11, minutes=30)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake of fourteen windows around midnight."""
    lake = tmp_path_factory.mktemp("filled") / "lake"
    fill(lake, 14, START)
    return lake


@pytest.fixture
def many(filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(compaction, "GRACE", 0.0)
    return Path(shutil.copytree(filled, tmp_path / "lake"))


def told(lake: Path, capsys: Any) -> list[str]:
    """What commands print of the lake."""
    capsys.readouterr()
    (article,) = duckdb.execute(f"SELECT min(guid) FROM '{lake}/articles/*/*.parquet'").fetchone() or ()
    for command in (show, status):
        assert command.main([str(lake)]) == 0
    assert explain.main([str(lake), article, "--no-color"]) == 0
    return capsys.readouterr().out.splitlines()


def test_every_command_tells_the_same_before_and_after(many: Path, capsys: Any) -> None:
    rows, before = all_rows(many), told(many, capsys)
    assert main(["--lake", str(many)]) == 0
    counts = json.loads(capsys.readouterr().out)
    assert counts["commits"] == 1
    assert counts["files"]["_runs"] == [13, 1]
    assert counts["files"]["articles"][0] > 14 > 4 > counts["files"]["articles"][1]
    assert counts["locked"] < counts["seconds"]
    assert told(many, capsys) == before
    assert all_rows(many) == rows
    runs = [f"{START:%Y%m%dT%H%M%S}-{START + n * WINDOW:%Y%m%dT%H%M%S}-1" for n in range(14)]
    assert all(isinstance(begin(many, run), AlreadyPublished) for run in runs)
    assert main(["--lake", str(many)]) == 0
    assert json.loads(capsys.readouterr().out)["files"] == {}


def queries(lake: Path) -> list[Any]:
    """Counts by a reader that lists files, and by the views."""
    with duckdb.connect() as db:
        db.execute(latest_sql(lake))
        listed = f"read_parquet('{lake}/mentions/*/*.parquet', hive_partitioning = true)"
        found = [
            db.execute(f"SELECT count(*), count(DISTINCT mention_id) FROM {source}").fetchall()
            for source in (listed, "latest.mentions")
        ]
        joined = "latest.articles JOIN latest.events USING (version_id)"
        return [*found, db.execute(f"SELECT count(*), count(DISTINCT event_id) FROM {joined}").fetchall()]


def test_readers_in_a_loop_find_all_rows_or_are_told_that_a_file_is_gone(filled: Path, many: Path) -> None:
    lakes = [Path(shutil.copytree(filled, many.with_name(f"lake{n}"))) for n in range(4)]
    expected, at = queries(filled), [0]
    found: list[Any] = []
    gone: list[str] = []

    def reads() -> None:
        while at[0] < len(lakes):
            try:
                found.append(queries(lakes[min(at[0], len(lakes) - 1)]))
            except duckdb.IOException as error:
                gone.append(str(error))

    readers = [threading.Thread(target=reads) for _ in range(2)]
    for reader in readers:
        reader.start()
    for lake in lakes:
        compact(lake, Choice(min_files=2))
        at[0] += 1
    for reader in readers:
        reader.join()
    assert found
    assert all(one == expected for one in found)
    assert all("No such file" in error for error in gone)
    print(f"{len(found)} reads with all rows, {len(gone)} that were told that a file is gone")


def test_a_lake_that_is_locked_or_none(many: Path, tmp_path: Path, capsys: Any) -> None:
    with lock(many, 1):
        assert main(["--lake", str(many), "--lock-wait", "0.05"]) == 75
    assert "another publisher holds" in capsys.readouterr().err
    assert main(["--lake", str(tmp_path / "none")]) == 2
    assert not (tmp_path / "none").exists()
    assert "is no lake" in capsys.readouterr().err


def test_what_other_tools_left_is_left(many: Path, capsys: Any) -> None:
    before, stands = all_rows(many), sorted((many / "articles").iterdir())[0]
    (many / "articles" / "published_date=__HIVE_DEFAULT_PARTITION__").mkdir()
    (stands / "a.parquet").write_bytes(b"")
    (stands / "b.parquet").write_bytes(b"PAR1 cut")
    assert main(["--lake", str(many)]) == 0
    assert json.loads(capsys.readouterr().out)["commits"] == 1
    for name in ("a", "b"):
        (stands / f"{name}.parquet").unlink()
    assert all_rows(many) == before


def test_a_disk_that_is_full_or_may_not_be_written(many: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    before = all_rows(many)
    with monkeypatch.context() as patch:
        patch.setattr(compaction, "put", full)
        assert main(["--lake", str(many)]) == 1
    assert "No space left on device: no row is lost" in capsys.readouterr().err
    with monkeypatch.context() as patch:
        patch.setattr(health.os, "access", lambda _, mode: not mode & os.W_OK)
        assert main(["--lake", str(many)]) == 2
    assert "cannot be written" in capsys.readouterr().err
    assert main(["--lake", str(many)]) == 0
    assert all_rows(many) == before


def test_a_file_system_that_cannot(many: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    def cannot(*_: Any) -> None:
        raise OSError(errno.EINVAL, "Invalid argument")

    monkeypatch.setattr(compaction, "exchange", cannot)
    assert main(["--lake", str(many)]) == 2
    assert "NFS cannot" in capsys.readouterr().err


def test_options() -> None:
    asked = compact_options(["--lake", "l", "--partition", "2024-06-01", "2024-06-02", "--min-files", "3"])
    assert asked.days == {date(2024, 6, 1), date(2024, 6, 2)}
    assert asked.min_files == 3
    spans = [compact_options(["--lake", "l", f"--older_than={value}"]).older_than for value in ("12h", "2d", "1w")]
    assert spans == [timedelta(hours=12), timedelta(days=2), timedelta(weeks=1)]
    assert compact_options(["--lake", "l"])[1:4] == (None, None, 8)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--partition", "2024-13-01"], "is no day"),
        (["--partition", "20240601"], "is no day"),
        (["--older-than", "2m"], "is no time"),
        (["--older-than", "2d", "--partition", "2024-06-01"], "not allowed with"),
        (["--min-files", "0"], "is no whole number"),
        (["--min-file", "2"], "did you mean --min-files"),
    ],
)
def test_wrong_options(arguments: list[str], message: str, capsys: Any) -> None:
    with pytest.raises(SystemExit, match="2"):
        compact_options(["--lake", "l", *arguments])
    assert message in capsys.readouterr().err
