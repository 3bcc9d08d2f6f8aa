"""Compaction: few files for many, the same rows for every reader at every moment, whatever is killed or published when."""

import errno
import json
import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.arrow import from_table, schema_of, to_table
from schemas.item import RawInput
from schemas.mention import Mention
from schemas.tables import PARTITION, TABLES, rows_of
from tests.fetches import NOON, fetch_row, publish_rows
from tests.pipelines.whole_runs import ROOT
from tests.transforms.lake.test_publishing import content, told
from transforms.lake import compaction, preparing, runs, swapping
from transforms.lake.compaction import CannotSwap, Choice, compact, days_before
from transforms.lake.health import health
from transforms.lake.latest import latest_sql
from transforms.lake.publishing import AlreadyPublished, LockHeld, begin, lock, publish, recover
from transforms.lake.staging import parquet, stage_raw
from transforms.lake.swapping import exchange
from transforms.lake.windows import open_job

DAY = "2019-05-03"
ALL = Choice(min_files=2)


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compaction, "GRACE", 0.0)
    monkeypatch.setattr(compaction, "KEPT_ALONE", 0.0)


def docs(count: int) -> list[Any]:
    """Documents of two days."""
    published = [f"{DAY}T0{n % 7}:00:00Z" if n % 2 else f"2019-05-01T0{n % 5}:00:00Z" for n in range(count)]
    return [told(n, guid=str(n), title=f"خبر {n}", published=at) for n, at in enumerate(published)]


def put_all(lake: Path, documents: list[Any]) -> Path:
    """Each a commit of its own, and a fetch."""
    publish_rows(lake, fetch_row())
    for n, document in enumerate(documents):
        put_in_days(lake, f"c{n}", [document])
    return lake


def put_in_days(lake: Path, commit: str, documents: list[Any]) -> Any:
    """As the pipeline does: by their days."""
    from transforms.lake.staging import stage

    attempt = begin(lake, commit)
    if isinstance(attempt, AlreadyPublished):
        return attempt
    days = sorted({d.article.partition_day for d in documents})
    records = [
        record
        for day in days
        for record in stage([d for d in documents if d.article.partition_day == day], lake, attempt.folder, day, 0)
    ]
    return publish(lake, attempt, records, {"read": len(documents)})


def seen(lake: Path) -> dict[str, list[str]]:
    """The rows of each table as whoever lists files finds them, by two readers, and the views' numbers."""
    found = {}
    with duckdb.connect() as db:
        for name in TABLES:
            if any((lake / name).glob("*/*.parquet")):
                table = ds.dataset(lake / name, format="parquet", partitioning="hive").to_table()
                found[name] = sorted(map(str, table.to_pylist()))
                source = f"read_parquet('{lake}/{name}/*/*.parquet', hive_partitioning = true)"
                assert db.execute(f"SELECT count(*) FROM {source}").fetchall() == [(table.num_rows,)]
        db.execute(latest_sql(lake))
        for name in list(found):
            found[f"latest.{name}"] = [str(db.execute(f"SELECT count(*) FROM latest.{name}").fetchall())]
    return found


def files(lake: Path, folder: str) -> list[str]:
    return sorted(path.name for path in (lake / folder).iterdir())


def age(lake: Path, days: float = 2.0) -> None:
    """Makes the commit records old."""
    for path in (lake / "_runs").iterdir():
        at = path.stat().st_mtime - days * 86400
        os.utime(path, (at, at))


def of_one_run(path: Path) -> bytes:
    """The file, had one run written it."""
    record = TABLES[path.parts[-3]]
    rows = from_table(record, pq.read_table(path, partitioning=None))
    return parquet(to_table(record, [replace(row, run_id="all") for row in rows]))


def test_merged_files_are_those_that_one_publication_had_written(tmp_path: Path) -> None:
    documents = docs(9)
    lake, whole = put_all(tmp_path / "many", documents), tmp_path / "one"
    put_in_days(whole, "all", documents)
    before = seen(lake)
    done = compact(lake, ALL)
    assert seen(lake) == before
    assert (done.before["articles"], done.after["articles"], done.skipped) == (9, 2, 0)
    merged = {path: of_one_run(lake / path) for path in content(lake) if not path.startswith(("_", "fetches"))}
    once = {path: found for path, found in content(whole).items() if not path.startswith("_")}
    assert sorted(merged.values()) == sorted(once.values())
    assert {path.rpartition("/")[0] for path in merged} == {path.rpartition("/")[0] for path in once}
    assert not list((lake / "_staging").iterdir())
    assert len(files(lake, "_state/seen")) == 1
    assert compact(lake, ALL).commits == []


def written(lake: Path, parts: dict[str, list[Any]], shuffled: random.Random) -> None:
    """Documents as files of a lake, in no order."""
    (lake / "_runs").mkdir(parents=True)
    for number, (commit, documents) in enumerate(sorted(parts.items()), 1):
        record = {"commit": commit, "number": number, "rows": {}, "counts": {}}
        (lake / "_runs" / f"{commit}.json").write_text(json.dumps(record))
        for day in {d.article.partition_day for d in documents}:
            rows: dict[str, list[Any]] = {name: [] for name in TABLES}
            for document in (d for d in documents if d.article.partition_day == day):
                for name, found in rows_of(document).items():
                    rows[name] += found
            for name, found in rows.items():
                shuffled.shuffle(found)
                folder = lake / name / f"{PARTITION}={day}"
                folder.mkdir(parents=True, exist_ok=True)
                if found:
                    (folder / f"part-{commit}-00000.parquet").write_bytes(parquet(to_table(TABLES[name], found)))


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_rows_in_any_small_files_stay_as_they_are(tmp_path_factory: pytest.TempPathFactory, data: Any) -> None:
    moments = st.sampled_from([None, f"{DAY}T01:00:00Z", f"{DAY}T02:00:00+03:00", "2019-05-01T00:00:00Z", "1999"])
    drawn = data.draw(st.lists(st.tuples(moments, st.sampled_from("stu")), min_size=1, max_size=9))
    documents = [told(n, guid=str(n), source=s, published=at, title=f"خبر {n}") for n, (at, s) in enumerate(drawn)]
    lakes = []
    for _ in range(2):
        parts: dict[str, list[Any]] = {}
        for document in documents:
            parts.setdefault(f"c{data.draw(st.integers(0, 5))}", []).append(document)
        lake = tmp_path_factory.mktemp("lake") / "lake"
        written(lake, parts, random.Random(data.draw(st.integers(0, 99))))
        before, several = seen(lake), {path for path in lake.glob("*/*") if len(list(path.glob("*.parquet"))) > 1}
        compact(lake, ALL)
        assert seen(lake) == before
        assert all(len(list(path.iterdir())) == 1 for path in several)
        merged = {path.relative_to(lake): next(path.iterdir()).read_bytes() for path in several if path.name[0] == "p"}
        lakes.append(merged)
    both = lakes[0].keys() & lakes[1].keys()
    assert [lakes[0][path] for path in both] == [lakes[1][path] for path in both]


def test_only_what_is_chosen_changes(tmp_path: Path) -> None:
    lake = put_all(tmp_path, docs(8))
    days = [Choice(frozenset([date(2019, 5, 1)]), min_files=2), Choice(until=date(2019, 5, 3), min_files=2)]
    compact(lake, days[0]._replace(min_files=5))
    assert len(files(lake, f"articles/{PARTITION}=2019-05-01")) == 4
    for choice in days:
        compact(lake, choice)
        assert len(files(lake, f"articles/{PARTITION}=2019-05-01")) == 1
        assert len(files(lake, f"articles/{PARTITION}={DAY}")) == 4
    assert days_before(timedelta(days=2), datetime(2024, 6, 10, 12, tzinfo=UTC)) == date(2024, 6, 8)


def test_large_files_stay_and_merged_ones_have_a_most_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake = put_all(tmp_path, docs(8))
    before, folder = seen(lake), f"mentions/{PARTITION}={DAY}"
    size = max(path.stat().st_size for path in (lake / folder).iterdir())
    monkeypatch.setattr(compaction, "SMALL", size + 1)
    compact(lake, ALL)
    assert len(files(lake, folder)) == 2
    monkeypatch.setattr(compaction, "SMALL", 1)
    names = files(lake, folder)
    compact(lake, ALL)
    assert files(lake, folder) == names
    assert seen(lake) == before


def test_columns_that_came_later_are_filled_and_unknown_ones_never_lost(tmp_path: Path) -> None:
    lake = put_all(tmp_path, docs(8))
    paths = sorted((lake / "mentions" / f"{PARTITION}={DAY}").iterdir())
    last = schema_of(Mention).names[-1]
    assert schema_of(Mention).field(last).nullable
    tables = [pq.read_table(path, partitioning=None) for path in paths]
    pq.write_table(tables[0].drop_columns([last]), paths[0])
    pq.write_table(tables[1].append_column("later", pa.array(["x"])), paths[1])
    pq.write_table(tables[2].set_column(0, tables[2].column_names[0], pa.array([7])), paths[2])
    compact(lake, ALL)
    found = {path.name: pq.read_table(path, partitioning=None) for path in paths[0].parent.iterdir()}
    assert found.keys() > {paths[1].name, paths[2].name}
    (merged,) = [table for name, table in found.items() if name not in {path.name for path in paths}]
    assert merged.schema.equals(schema_of(Mention), check_metadata=True)
    assert merged.num_rows == 2
    assert merged[last].null_count >= 1


class Killed(BaseException):
    """Stands for the end of the process."""


@contextmanager
def killed_at(step: int, monkeypatch: pytest.MonkeyPatch, each: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Ends the process before its so-manieth change of the disk; nothing is tidied up after it."""
    calls, dead = [0], [False]

    def dying(change: Callable) -> Callable:
        def call(*args: Any, **kwargs: Any) -> Any:
            if dead[0]:
                return None
            calls[0] += 1
            each()
            if calls[0] == step:
                dead[0] = True
                raise Killed
            return change(*args, **kwargs)

        return call

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", dying(os.replace))
        patch.setattr(os, "link", dying(os.link))
        patch.setattr(Path, "unlink", dying(Path.unlink))
        patch.setattr(shutil, "rmtree", dying(shutil.rmtree))
        patch.setattr(swapping, "exchange", dying(exchange))
        yield


def steps(lake: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many changes of the disk a compaction makes."""
    count = [0]

    def counts() -> None:
        count[0] += 1

    with killed_at(0, monkeypatch, counts):
        compact(lake, ALL)
    return count[0]


def small(lake: Path) -> Path:
    """A lake of one day in which every kind of folder is compacted."""
    put_all(lake, docs(6)[1::2])
    age(lake)
    return lake


def test_a_kill_at_any_step_shows_no_reader_other_rows_and_is_mended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clean = small(tmp_path / "clean")
    before, number = seen(clean), steps(shutil.copytree(clean, tmp_path / "counted"), monkeypatch)
    assert number > 20
    for step in range(1, number + 1):
        lake = Path(shutil.copytree(clean, tmp_path / "lake"))
        age(lake)
        with killed_at(step, monkeypatch), pytest.raises(Killed):
            compact(lake, ALL)
        assert seen(lake) == before, step
        # The next command may be either; the first thing that both do is to recover.
        if step % 2:
            assert put_in_days(lake, "again", docs(6)[1::2]).duplicates == 3
            assert seen(lake) == before, step
        assert isinstance(begin(lake, "c0"), AlreadyPublished)
        compact(lake, ALL)
        assert seen(lake) == before, step
        assert len(files(lake, f"articles/{PARTITION}={DAY}")) == 1
        assert [path for path in lake.glob("_staging/*") if path.name != "again"] == []
        assert not list((lake / "_runs").glob("*.intent"))
        shutil.rmtree(lake)


_SIGKILL = """
import os, signal
from pathlib import Path
from transforms.lake import compaction, swapping
compaction.GRACE, compaction.KEPT_ALONE = 0.0, 0.0
real, calls = swapping.{name}, [0]
def dies(*args):
    calls[0] += 1
    if calls[0] == {number}:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*args)
swapping.{name} = dies
from pipelines.cli import main
raise SystemExit(main(["compact", "--lake", {lake!r}, "--min-files", "2"]))
"""


@pytest.mark.parametrize(("name", "number"), [("put", 1), ("exchange", 1), ("exchange", 4), ("sync_all", 2)])
def test_a_process_that_is_really_killed(tmp_path: Path, name: str, number: int) -> None:
    lake = small(tmp_path / "lake")
    before = seen(lake)
    code = _SIGKILL.format(name=name, number=number, lake=str(lake))
    killed = subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=60, capture_output=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert list((lake / "_runs").glob("*.intent"))
    assert seen(lake) == before
    recover(lake)
    assert not list((lake / "_runs").glob("*.intent"))
    assert seen(lake) == before
    assert len(files(lake, f"articles/{PARTITION}={DAY}")) == 1


def test_readers_see_the_same_rows_at_every_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake, looks = small(tmp_path / "lake"), [0]
    before = seen(lake)

    def look() -> None:
        looks[0] += 1
        assert seen(lake) == before

    with killed_at(0, monkeypatch, look):
        compact(lake, ALL)
    assert looks[0] > 20


def test_who_listed_a_folder_before_the_swap_is_told_that_a_file_is_gone(tmp_path: Path) -> None:
    lake = put_all(tmp_path, docs(6))
    listed = ds.dataset(lake / "events", format="parquet", partitioning="hive")
    opened = open(next((lake / "events").glob("*/*.parquet")), "rb")  # noqa: SIM115
    compact(lake, ALL)
    with pytest.raises(FileNotFoundError):
        listed.to_table()
    with opened:
        assert pq.read_table(opened).num_rows == 1


def test_a_listing_under_way_at_the_swap_stays_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake = put_all(tmp_path, docs(6))
    with os.scandir(lake / "events" / f"{PARTITION}={DAY}") as listing:
        first = next(listing).name
        monkeypatch.setattr(compaction, "_clear", lambda lake, wait: None)
        compact(lake, ALL)
        assert len({first, *(entry.name for entry in listing)}) == 3


def test_what_is_published_while_files_are_merged_is_there_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = put_all(tmp_path / "lake", docs(6))
    merge = compaction._content

    def meanwhile(lake: Path, folder: Any, *args: Any) -> bytes:
        # Nobody waits: the lock is free.
        if folder.path == f"sentences/{PARTITION}={DAY}":
            put_in_days(lake, "late", docs(8)[6:])
        return merge(lake, folder, *args)

    monkeypatch.setattr(compaction, "_content", meanwhile)
    assert compact(lake, ALL).skipped == 0
    assert len(seen(lake)["articles"]) == 8
    # What was not merged yet is merged with it, what was stays beside.
    assert len(files(lake, f"articles/{PARTITION}={DAY}")) == 1
    assert len(files(lake, f"events/{PARTITION}={DAY}")) == 2
    other = put_all(tmp_path / "other", docs(8))
    assert {n: len(r) for n, r in seen(lake).items()} == {n: len(r) for n, r in seen(other).items()}
    assert put_in_days(lake, "all", docs(8)).duplicates == 8


def test_a_stream_that_begins_meanwhile_leaves_what_is_prepared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = put_all(tmp_path, docs(6))
    merge, numbers = compaction._content, []

    def meanwhile(*args: Any) -> bytes:
        numbers.append(open_job(lake, f"job{len(numbers)}").epoch)
        return merge(*args)

    monkeypatch.setattr(compaction, "_content", meanwhile)
    assert compact(lake, ALL).skipped == 0
    assert len(files(lake, f"articles/{PARTITION}={DAY}")) == 1
    # The stream's number stays, and the compaction's goes.
    assert json.loads((lake / "_state" / "epoch").read_text()) == {"_stream": len(numbers)}


def test_a_folder_that_changed_meanwhile_waits_for_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake = put_all(tmp_path, docs(6))
    monkeypatch.setattr(preparing, "MOST_PARTS", 6)
    merge = compaction._content

    def meanwhile(lake: Path, folder: Any, *args: Any) -> bytes:
        found = merge(lake, folder, *args)
        if folder.kind == "_state/seen":
            put_in_days(lake, "late", docs(7)[6:])
        return found

    monkeypatch.setattr(compaction, "_content", meanwhile)
    assert compact(lake, ALL).skipped == 1
    monkeypatch.undo()
    assert put_in_days(lake, "all", docs(7)).duplicates == 7


def test_a_day_that_somebody_removed_stays_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake = put_all(tmp_path, docs(6))
    gone = lake / "mentions" / f"{PARTITION}={DAY}"

    def away(lake: Path, swap: Any) -> bool:
        shutil.rmtree(gone, ignore_errors=True)
        return True

    monkeypatch.setattr(compaction, "is_whole", away)
    monkeypatch.setattr(compaction, "complete", lambda lake, swap: None)
    compact(lake, ALL)
    assert not gone.exists()
    assert len(files(lake, f"events/{PARTITION}={DAY}")) == 1


def test_a_merged_file_that_is_nowhere_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake = put_all(tmp_path, docs(6))

    def dies(*_: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(swapping, "exchange", dies)
        with pytest.raises(Killed):
            compact(lake, ALL)
    before = seen(lake)
    next((lake / "_staging").glob("*/*/events~*/part-compact*")).unlink()
    with pytest.raises(RuntimeError, match="needs a person"):
        begin(lake, "next")
    assert seen(lake) == before


def test_folded_records_are_records(tmp_path: Path) -> None:
    lake = put_all(tmp_path, docs(6))
    age(lake)
    published = runs.last_commit(lake)
    told_before = runs.records(lake)
    with duckdb.connect() as db:
        db.execute(latest_sql(lake))
        listed = set(db.execute("SELECT * FROM latest.runs").fetchall())
        compact(lake, ALL)
        assert set(db.execute("SELECT * FROM latest.runs").fetchall()) > listed
        assert db.execute("SELECT count(*), count(DISTINCT run_id) FROM latest.runs").fetchall() == [(8, 8)]
    names = files(lake, "_runs")
    # The newest publication stands alone, and the compaction's own record.
    assert names[1] == "_folded-000000006.json"
    assert [name for name in names if not name.startswith("_")] == ["c5.json"]
    assert runs.last_commit(lake) == published
    assert [r for r in runs.records(lake) if "compacted" not in r] == told_before
    assert health(lake)["runs"] == runs.count(lake) == 8
    assert isinstance(begin(lake, "c0"), AlreadyPublished)
    assert not any(runs.is_published(lake, name) for name in ("c", "c00", 'c0"', "counts", "0"))
    put_in_days(lake, "more", docs(7)[6:])
    assert runs.records(lake)[-1]["number"] == 9
    age(lake)
    compact(lake, Choice(min_files=2))
    assert [r["number"] for r in runs.records(lake)] == list(range(1, 11))
    # Were nothing left alone, the folded ones would tell.
    published = runs.last_commit(lake)
    (lake / "_runs" / "more.json").unlink()
    assert runs.last_commit(lake) < published


def test_young_records_stand_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake = put_all(tmp_path, docs(6))
    monkeypatch.setattr(compaction, "KEPT_ALONE", 86400.0)
    compact(lake, ALL)
    assert not list((lake / "_runs").glob("_folded*"))
    age(lake)
    compact(lake, Choice(min_files=100))
    assert not list((lake / "_runs").glob("_folded*"))
    compact(lake, ALL)
    assert len(list((lake / "_runs").glob("_folded*"))) == 1


def test_kept_bodies_stay_readable(tmp_path: Path) -> None:
    before = []
    for n in range(4):
        attempt = begin(tmp_path, f"c{n}")
        at = NOON + timedelta(minutes=n % 3)
        raws = [RawInput(input=f"https://x.test/{n}", format="feed", payload=b"<rss/>" * n, fetched_at=at)]
        publish(tmp_path, attempt, stage_raw(raws, tmp_path, attempt.folder), {"read": 0})
        before += raws
    compact(tmp_path, ALL)
    (path,) = (tmp_path / "_raw").glob("*/*.parquet")
    found = from_table(RawInput, pq.read_table(path, partitioning=None))
    assert found == sorted(before, key=lambda raw: (raw.fetched_at, raw.input))


def test_one_compaction_at_a_time_and_none_while_somebody_publishes(tmp_path: Path) -> None:
    lake = put_all(tmp_path, docs(4))
    with lock(lake, 1), pytest.raises(LockHeld, match="another publisher"):
        compact(lake, ALL, wait=0.05)
    code = (
        "import fasteners, sys; lock = fasteners.InterProcessLock(sys.argv[1]); lock.acquire(); print(1, flush=True);"
        "sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(lake / "_state" / "compacting")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout
        other.stdout.readline()
        with pytest.raises(LockHeld, match="another compaction"):
            compact(lake, ALL, wait=0.05)
        other.communicate()
    assert compact(lake, ALL).commits


def test_a_file_system_without_exchange_is_refused_before_anything_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = put_all(tmp_path, docs(4))
    before = content(lake)

    def cannot(*_: Any) -> None:
        raise OSError(errno.EINVAL, "Invalid argument")

    monkeypatch.setattr(compaction, "exchange", cannot)
    with pytest.raises(CannotSwap, match="cannot exchange"):
        compact(lake, ALL)
    assert content(lake) == before
    assert not list((lake / "_staging").iterdir())


def test_exchange_tells_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    with pytest.raises(FileNotFoundError, match="b"):
        exchange(tmp_path / "a", tmp_path / "b")


@pytest.mark.parametrize("how", ["link", "folder"])
def test_what_is_no_plain_folder_of_files_is_left(tmp_path: Path, how: str) -> None:
    lake = put_all(tmp_path / "lake", docs(6))
    folder = lake / "events" / f"{PARTITION}={DAY}"
    if how == "link":
        folder.rename(tmp_path / "elsewhere")
        folder.symlink_to(tmp_path / "elsewhere")
    else:
        (folder / "inner").mkdir()
    assert compact(lake, ALL).skipped == 1
    assert len(list(folder.glob("*.parquet"))) == 3


def test_the_mode_of_a_folder_stays(tmp_path: Path) -> None:
    lake = put_all(tmp_path, docs(6))
    folder = lake / "events" / f"{PARTITION}={DAY}"
    folder.chmod(0o2775)
    compact(lake, ALL)
    assert folder.stat().st_mode & 0o7777 == 0o2775


def test_sorted_as_the_publisher_sorts(tmp_path: Path) -> None:
    lake = put_all(tmp_path, docs(8))
    compact(lake, ALL)
    (path,) = (lake / "mentions" / f"{PARTITION}={DAY}").iterdir()
    (articles,) = (lake / "articles" / f"{PARTITION}={DAY}").iterdir()
    mentions, found = pq.read_table(path, partitioning=None), pq.read_table(articles, partitioning=None)
    assert pc.index_in(mentions["version_id"], value_set=found["version_id"]).to_pylist() == [0, 1, 2, 3]
