"""Whole runs over files that cannot be read, or only in part: each is a row of `rejects`, and the rest is read."""

import gzip
import json
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.ingest import main, run_id_of
from tests.pipelines.whole_runs import LOGICAL_DATE, article, files, launch, rows
from transforms.read import match_inputs


def run(source: Path | str, lake: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, int]:
    capsys.readouterr()
    assert main(["--input", str(source), "--lake", str(lake), "--logical-date", LOGICAL_DATE]) == 0
    counts: dict[str, int] = json.loads(capsys.readouterr().out)
    assert counts["read"] == counts["written"] + counts["duplicates"] + counts["rejected"]
    return counts


def told(lake: Path) -> dict[str, tuple[str, str]]:
    """Stage and reason of each input rejected, by its name."""
    return {Path(row["input"]).name: (row["stage"], row["reason"]) for row in rows(lake, "rejects")}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Eleven articles in files sound and not."""
    found = tmp_path / "D"
    found.mkdir()
    lines = [json.dumps(article(n), ensure_ascii=False).encode() + b"\n" for n in range(12)]
    name = "أخبار".encode("windows-1256") + b".jsonl"
    contents = {
        b"n.jsonl.gz": b"x\n",
        b"b.jsonl.bz2": b"BZh9garbage",
        b"whole.jsonl.gz": gzip.compress(b"".join(lines[:4])),
        b"behind.jsonl.gz": gzip.compress(b"".join(lines[4:6])) + b"garbage",
        # Its sum is lost.
        b"cut.jsonl.gz": gzip.compress(b"".join(lines[6:8]) + lines[8][:-30])[:-4],
        b"cut.txt.gz": gzip.compress(article(20)["text"].encode())[:-40],
        name: b"".join(lines[9:12]),
    }
    for file, content in contents.items():
        (Path(os.fsdecode(bytes(found) + b"/" + file))).write_bytes(content)
    os.mkfifo(found / "pipe.jsonl")
    return found


_TOLD = {
    "n.jsonl.gz": ("read", "compressed"),
    "b.jsonl.bz2": ("read", "compressed"),
    "behind.jsonl.gz": ("read", "compressed"),
    "cut.jsonl.gz#3": ("read", "truncated"),
    "cut.txt.gz": ("read", "truncated"),
    "pipe.jsonl": ("read", "not-a-file"),
}


def test_a_folder_of_bad_files(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lake = tmp_path / "lake"
    counts = run(folder, lake, capsys)
    assert (counts["written"], counts["rejected"]) == (11, len(_TOLD))
    assert told(lake) == _TOLD
    # Under another spelling it is the same run, and on another day the same rejects.
    before = files(lake)
    assert run(os.path.relpath(folder), lake, capsys)["read"] == 0
    assert run(f"{folder}/../D/*", lake, capsys)["read"] == 0
    again = ["--input", os.path.relpath(folder / "n.jsonl.gz"), "--lake", str(lake), "--logical-date", "2024-06-02"]
    assert main(again) == 0
    assert {path: digest for path, digest in files(lake).items() if path in before} == before
    assert len({row["reject_id"] for row in rows(lake, "rejects")}) == len(_TOLD)


def test_by_a_runner_that_reads(folder: Path, tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    runner = "apache_beam.runners.portability.fn_api_runner.FnApiRunner"
    arguments = ["--input", str(folder), "--lake", str(lake), "--logical-date", LOGICAL_DATE, "--runner", runner]
    assert main(arguments) == 0
    assert told(lake) == _TOLD
    assert len(rows(lake, "articles")) == 11


@pytest.mark.skipif(shutil.which("setpriv") is None and os.geteuid() == 0, reason="root reads all, and has no setpriv")
def test_what_may_not_be_read(tmp_path: Path) -> None:
    folder, lake = tmp_path / "D", tmp_path / "lake"
    (folder / "closed").mkdir(parents=True)
    (folder / "a.jsonl").write_text(json.dumps(article(1)), "utf-8")
    for name in ("b.jsonl", "closed/c.jsonl"):
        (folder / name).write_text("{}")
    # Whoever is root loses the right to read all, and keeps the rest.
    drop = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all"] if os.geteuid() == 0 else []
    try:
        for name in ("b.jsonl", "closed"):
            (folder / name).chmod(0)
        process = launch(folder, lake, before=drop)
        _, errors = process.communicate(timeout=200)
        assert process.returncode == 0, errors
    finally:
        (folder / "closed").chmod(0o700)
    assert told(lake) == {"b.jsonl": ("read", "unreadable"), "closed": ("read", "unreadable")}
    assert len(rows(lake, "articles")) == 1


def test_a_file_that_fails_is_another_run_once_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.symlink_to(tmp_path / "later")
    at = datetime(2024, 6, 1, tzinfo=UTC)
    before = run_id_of(match_inputs(str(path)), at)
    assert before == run_id_of(match_inputs(str(path)), at)
    (tmp_path / "later").write_bytes(b"")
    assert run_id_of(match_inputs(str(path)), at) != before
