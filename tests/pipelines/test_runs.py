"""Whole runs that are killed, repeated, divided among workers, or meet each other and readers on one lake."""

import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines import ingest
from schemas.tables import TABLES
from tests.pipelines.whole_runs import LOGICAL_DATE, all_rows, files, launch, rows, write_articles
from transforms import write
from transforms.lake.latest import latest_sql
from transforms.lake.publishing import lock

#: Kills the process with -9 at a rename: 3 is in the midst of staging, -5 of publishing.
_KILLED_AT = """
import os, signal
rename, seen = os.replace, [0]
def dies(source, target):
    seen[0] += {counts}
    if seen[0] == {number}:
        os.kill(os.getpid(), signal.SIGKILL)
    rename(source, target)
os.replace = dies
"""
_COUNTED = ("articles", "sentences", "mentions", "quotes")
#: So that there is work for two.
_SMALL_CHUNKS = "from pipelines import ingest\ningest.CHUNK_INPUTS = 15"


def run(articles: Path, lake: Path, *more: str) -> int:
    return ingest.main(["--input", str(articles), "--lake", str(lake), "--logical-date", LOGICAL_DATE, *more])


def wait_for(found: Callable[[], Any], seconds: float = 60) -> Any:
    end = time.monotonic() + seconds
    while not (result := found()):
        assert time.monotonic() < end, f"waited {seconds} s in vain"
        time.sleep(0.005)
    return result


def children(pid: int) -> list[int]:
    """The worker processes of a launcher."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text("utf-8").rpartition(")")[2].split()[1])
            if parent == pid and b"spawn_main" in (path.parent / "cmdline").read_bytes():
                found.append(int(path.parent.name))
        except (OSError, ValueError):
            continue
    return found


def alive(pid: int) -> bool:
    """Whether the process is there and no corpse that its parent has not looked at."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_what_is_read_is_written_or_double_or_rejected(articles: Path, tmp_path: Path, capsys: Any) -> None:
    assert run(articles, tmp_path / "lake") == 0
    out = capsys.readouterr().out
    counts = json.loads(out)
    assert out.count("\n") == 1
    assert [counts[k] for k in ("read", "written", "duplicates", "rejected")] == [42, 40, 1, 1]
    assert counts["rows"] == {table: len(found) for table in TABLES if (found := rows(tmp_path / "lake", table))}


@pytest.mark.parametrize(
    ("counts", "number"),
    [
        pytest.param("'/_staging/' in str(target)", 3, id="staging"),
        pytest.param("'/ready/' in str(target)", 9, id="merging"),
        pytest.param("'/ready/' in str(source)", 9, id="moving"),
        pytest.param("str(target).endswith('.json') and '/_runs/' in str(target)", 1, id="before the record"),
    ],
)
def test_a_killed_run_and_another_give_the_lake_of_a_clean_one(
    articles: Path, clean: Path, tmp_path: Path, capsys: Any, counts: str, number: int
) -> None:
    lake = tmp_path / "lake"
    killed = launch(articles, lake, code=_KILLED_AT.format(counts=counts, number=number))
    _, errors = killed.communicate(timeout=120)
    assert killed.returncode == -signal.SIGKILL, errors
    assert not list((lake / "_runs").glob("*.json"))
    assert run(articles, lake) == 0
    assert json.loads(capsys.readouterr().out)["read"] in (0, 42)
    assert files(lake) == files(clean)
    assert sorted(p.name for p in lake.iterdir()) == sorted(p.name for p in clean.iterdir())
    assert not list((lake / "_staging").iterdir())


def test_another_run_over_the_same_publishes_nothing(articles: Path, clean: Path, tmp_path: Path, capsys: Any) -> None:
    lake = tmp_path / "lake"
    assert run(articles, lake) == 0
    capsys.readouterr()
    assert run(articles, lake) == 0
    assert json.loads(capsys.readouterr().out)["written"] == 0
    assert files(lake) == files(clean)
    before = files(lake)
    # A day later: another run, and nothing new in it.
    assert ingest.main(["--input", str(articles), "--lake", str(lake), "--logical-date", "2024-06-02"]) == 0
    counts = json.loads(capsys.readouterr().out)
    assert [counts[k] for k in ("read", "written", "duplicates", "rejected")] == [42, 0, 41, 1]
    assert {path: digest for path, digest in files(lake).items() if path in before} == before
    assert all(path.startswith("_state/") for path in files(lake).keys() - before.keys())


@pytest.mark.parametrize("more", [["--workers", "2"], ["--direct_runner_bundle_repeat=2"], []], ids=str)
def test_neither_workers_nor_repeated_bundles_nor_chunks_change_bytes(
    articles: Path, clean: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: list[str]
) -> None:
    monkeypatch.setattr(ingest, "CHUNK_INPUTS", 15)
    before = sum(write.live_counts())
    assert run(articles, tmp_path / "lake", *more) == 0
    # Repeated bundles run three times; what workers do is not counted here.
    assert sum(write.live_counts()) - before == {"--workers": 0, "--direct_runner_bundle_repeat=2": 3 * 42}.get(
        more[0] if more else "", 42
    )
    assert files(tmp_path / "lake") == files(clean)


def test_another_number_of_shards_gives_the_same_rows(articles: Path, clean: Path, tmp_path: Path) -> None:
    assert run(articles, tmp_path / "lake", "--shards", "3", "--run-id", next((clean / "_runs").iterdir()).stem) == 0
    assert all_rows(tmp_path / "lake") == all_rows(clean)
    shards = {Path(path).stem.rpartition("-")[2] for path in files(tmp_path / "lake") if path[0] != "_"}
    assert shards == {"00000", "00001", "00002"}


def test_the_second_publisher_waits_and_then_says_try_again(articles: Path, tmp_path: Path, capsys: Any) -> None:
    lake = tmp_path / "lake"
    with lock(lake, 1):
        started = time.monotonic()
        assert run(articles, lake, "--lock-wait", "0.3") == 75
        assert time.monotonic() - started >= 0.3
    error = capsys.readouterr().err
    assert "another publisher holds" in error
    assert "0.3 s" in error
    assert not files(lake)


def test_two_publishers_at_once_both_publish(articles: Path, tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    other = write_articles(tmp_path / "other.jsonl", 43)
    both = [launch(articles, lake), launch(other, lake)]
    ended = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0], ended
    counts = [json.loads(out) for out, _ in ended]
    # Forty articles stand in both inputs: who came second found them known.
    assert sum(c["written"] for c in counts) == 43
    assert sum(c["duplicates"] for c in counts) == 1 + 1 + 40
    assert len({row["version_id"] for row in rows(lake, "articles")}) == 43


def test_a_worker_that_dies_is_told_and_nothing_is_published(articles: Path, clean: Path, tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    launcher = launch(articles, lake, "--workers", "2", code=_SMALL_CHUNKS)
    wait_for(lambda: list(lake.glob("_staging/*/*/*.arrow")))
    for pid in children(launcher.pid):
        os.kill(pid, signal.SIGKILL)
    out, errors = launcher.communicate(timeout=60)
    assert (launcher.returncode, out) == (1, "")
    assert errors == "khabar ingest: a worker process died: nothing is published, run the same command again\n"
    assert not files(lake)
    assert not list((lake / "_staging").iterdir())
    assert run(articles, lake) == 0
    assert files(lake) == files(clean)


def test_workers_end_with_a_killed_launcher(articles: Path, tmp_path: Path) -> None:
    launcher = launch(articles, tmp_path / "lake", "--workers", "2", code=_SMALL_CHUNKS)
    workers = wait_for(lambda: len(found := children(launcher.pid)) == 2 and found)
    launcher.kill()
    launcher.communicate(timeout=60)
    wait_for(lambda: not any(map(alive, workers)))


def test_an_interrupted_run_leaves_nothing(articles: Path, tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    launcher = launch(articles, lake)
    wait_for(lambda: list(lake.glob("_staging/*/*/*.arrow")))
    launcher.send_signal(signal.SIGTERM)
    out, errors = launcher.communicate(timeout=60)
    assert (launcher.returncode, out) == (143, "")
    assert "interrupted" in errors
    assert ("nothing is published" in errors) == (not files(lake))


def sees(lake: Path) -> set[int]:
    """How many articles the views `latest` have; whoever lists files himself finds each article with all its sentences."""
    if any((lake / "articles").glob("*/*.parquet")):
        versions = {r["version_id"] for r in rows(lake, "articles")}
        assert versions <= {r["version_id"] for r in rows(lake, "sentences")}
    if not any((lake / "_runs").glob("*.json")):
        return set()
    with duckdb.connect() as db:
        db.execute(latest_sql(lake))
        return {db.execute(f"SELECT count(DISTINCT version_id) FROM latest.{t}").fetchall()[0][0] for t in _COUNTED}


def test_a_reader_sees_whole_runs(articles: Path, tmp_path: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    lake, rename, looks, seen = tmp_path / "lake", os.replace, [0], set()

    def looked_at(source: Path, target: Path) -> None:
        rename(source, target)
        looks[0] += "/_staging/" not in str(target)
        if looks[0] % 9 == 1:
            seen.update(sees(lake))

    monkeypatch.setattr(os, "replace", looked_at)
    lines, whole = articles.read_bytes().splitlines(), {0}
    for number in range(3):
        (tmp_path / f"part{number}.jsonl").write_bytes(b"\n".join(lines[number::3]))
        assert run(tmp_path / f"part{number}.jsonl", lake) == 0
        whole.add(max(whole) + json.loads(capsys.readouterr().out)["written"])
    assert looks[0] > 100
    # The third run is whole when its record stands, and nothing is renamed after that but the state.
    assert whole - {0, 40} <= seen <= whole
    assert sees(lake) == {40}
