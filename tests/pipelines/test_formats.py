"""Whole runs over each kind of file: what was read is written, a duplicate or rejected."""

import json
import shutil
from pathlib import Path

import pyarrow.dataset as ds
import pytest

from pipelines.ingest import main

SEEDS = Path(__file__).parents[2] / "seeds"


def rows(lake: Path, table: str) -> list[dict]:
    return ds.dataset(lake / table, format="parquet", partitioning="hive").to_table().to_pylist()


def run(source: Path, lake: Path, capsys: pytest.CaptureFixture[str], *more: str) -> dict[str, int]:
    capsys.readouterr()
    assert main(["--input", str(source), "--lake", str(lake), "--logical-date", "2024-06-01", *more]) == 0
    counts = json.loads(capsys.readouterr().out)
    assert counts["read"] == counts["written"] + counts["duplicates"] + counts["rejected"]
    return counts


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "mashriq.rss.xml",
            [
                ("example.org", "2021-03-02 06:15", 180, "field:rfc2822", "utf-8"),
                ("example.org", "2021-03-03 14:00", None, "field:arabic", "utf-8"),
            ],
        ),
        ("maghrib.atom.xml", [("example.org", "2021-08-24 16:30", 60, "field:rfc3339", "utf-8")]),
        ("nahar.html", [("صحيفة النهار الجديد", "2024-01-16 07:20", 180, "meta:rfc3339", "utf-8")]),
    ],
)
def test_a_seed(name: str, expected: list[tuple], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    counts = run(SEEDS / name, tmp_path / "lake", capsys)
    assert (counts["read"], counts["written"]) == (len(expected), len(expected))
    articles = sorted(rows(tmp_path / "lake", "articles"), key=lambda a: a["published_at"])
    fields = [
        (
            a["source"],
            f"{a['published_at']:%Y-%m-%d %H:%M}",
            a["published_offset_min"],
            a["published_rule"],
            a["encoding"],
        )
        for a in articles
    ]
    assert fields == expected
    assert all(a["url"].startswith("https://example.org/") and a["title"] and len(a["text"]) > 100 for a in articles)


def test_a_text_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(SEEDS / "sharq.txt", tmp_path / "lake", capsys)
    (article,) = rows(tmp_path / "lake", "articles")
    assert (article["encoding"], article["source"]) == ("windows-1256", "unknown")


def test_a_folder_of_all_kinds_whatever_the_files_are_called(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    named = run(SEEDS, tmp_path / "lake", capsys)
    folder = tmp_path / "in"
    folder.mkdir()
    # A list of feeds is told by its name alone, and is no article.
    for number, path in enumerate(sorted(path for path in SEEDS.iterdir() if path.suffix != ".opml")):
        shutil.copy(path, folder / f"{number}.dat")
    nameless = run(folder, tmp_path / "lake2", capsys)
    assert named["rejected"] == 0
    assert (named["read"], named["rows"]) == (nameless["read"], nameless["rows"])
    assert run(folder, tmp_path / "lake", capsys)["written"] == 0


def test_a_file_that_is_no_text_is_one_reject(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("a.png", "a.jsonl", "a.html", "a.xml"):
        (folder / name).write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\n\n\0")
    counts = run(folder, tmp_path / "lake", capsys)
    assert (counts["read"], counts["rejected"]) == (4, 4)
    assert {(r["reason"], r["detail"]) for r in rows(tmp_path / "lake", "rejects")} == {("not-text", "a PNG image")}


def test_a_bad_entry_is_a_reject_of_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    feed = (SEEDS / "mashriq.rss.xml").read_text("utf-8")
    path = tmp_path / "feed.xml"
    path.write_text(feed.replace("<item>", "<item><guid>x</guid></item><item>", 1), "utf-8")
    counts = run(path, tmp_path / "lake", capsys)
    assert (counts["read"], counts["written"], counts["rejected"]) == (3, 2, 1)
    (reject,) = rows(tmp_path / "lake", "rejects")
    assert (reject["input"], reject["stage"], reject["reason"]) == (f"{path}#1", "parse", "no-text")


def test_the_same_entry_twice_is_a_duplicate(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a", "b"):
        shutil.copy(SEEDS / "maghrib.atom.xml", tmp_path / f"{name}.xml")
    counts = run(tmp_path, tmp_path / ".lake", capsys)
    assert (counts["read"], counts["written"], counts["duplicates"]) == (2, 1, 1)


def test_a_forced_format(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lake = tmp_path / "lake"
    assert run(SEEDS / "sharq.txt", lake, capsys, "--format", "feed")["rejected"] == 1
    (reject,) = rows(lake, "rejects")
    assert reject["reason"] == "not-a-feed"
    # Another run: the same files on the same date say something else now.
    assert run(SEEDS / "sharq.txt", lake, capsys)["written"] == 1


def test_an_unknown_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["--input", str(SEEDS), "--lake", str(tmp_path), "--format", "pdf"])
    assert stop.value.code == 2
