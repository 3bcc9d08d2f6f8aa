"""show: the newest events, whichever way their letters run."""

import re
import shutil
import unicodedata
from pathlib import Path

import duckdb
import pytest
from rich.cells import cell_len

from pipelines.options import show_options
from pipelines.show import QUERY, cell, events, isolated, main, table
from transforms.lake.latest import latest_sql

ROOT = Path(__file__).parents[2]
ISOLATES = "\u2068\u2069"


def test_the_columns_say_who_did_what_to_whom(clean: Path) -> None:
    names, rows = events(str(clean), limit=5)
    assert names == ["date", "type", "status", "actor", "trigger", "target", "place", "said_by", "source"]
    assert len(rows) == 5
    days = [row[0] for row in events(str(clean), limit=1000)[1]]
    assert days == sorted(days, reverse=True)


def test_one_type_and_a_limit(clean: Path) -> None:
    _, rows = events(str(clean), type="ASSAULT", limit=3)
    assert [row[1] for row in rows] == ["ASSAULT"] * 3
    assert show_options([str(clean), "--type", "assault"]).type == "ASSAULT"


def test_the_table_is_right_to_left_safe(clean: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(clean), "--limit", "7"]) == 0
    head, rule, *lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 7
    assert head.split()[:3] == ["date", "type", "status"]
    assert set(rule) == {"─", " "}
    for line in lines:
        outside = re.sub(f"{ISOLATES[0]}[^{ISOLATES}]*{ISOLATES[1]}", "", line)
        assert not [c for c in outside if unicodedata.bidirectional(c) in ("R", "AL", "AN", "FSI", "PDI")], line


@pytest.mark.parametrize("width", [55, 70, 300])
def test_a_narrow_terminal_cuts_cells_before_it_isolates_them(clean: Path, width: int) -> None:
    lines = table(*events(str(clean)), width)
    assert all(cell_len(line) <= width for line in lines)
    assert all(line.count(ISOLATES[0]) == line.count(ISOLATES[1]) for line in lines)
    assert any("…" in line for line in lines) == (width < 100)


def test_cells() -> None:
    assert (cell(None), cell("أ\n\tب\x1b[31m\u202e"), isolated("حلب"), isolated("x")) == (
        "",
        "أ ب[31m",
        "\u2068حلب\u2069",
        "x",
    )


def test_tabs_for_programs(clean: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(clean), "--tsv", "--limit", "4"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert {line.count("\t") for line in lines} == {8}
    assert len(lines) == 5
    assert not any(mark in "".join(lines) for mark in ISOLATES)


def test_the_sql_that_it_tells_gives_what_it_shows(clean: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(clean), "--sql", "--limit", "9"]) == 0
    told = capsys.readouterr().out
    with duckdb.connect() as db:
        assert db.execute(told).fetchall() == events(str(clean), limit=9)[1]


def test_the_readme_quotes_the_views_and_the_query(clean: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They run as they stand there, beside a folder `lake`."""
    readme = (ROOT / "README.md").read_text("utf-8")
    (quoted,) = re.findall(r"^```sql\n(.*?)^```$", readme, re.DOTALL | re.MULTILINE)
    monkeypatch.chdir(clean.parent)
    assert clean.name == "lake"
    views = latest_sql("lake")
    statements = [statement.strip() for statement in quoted.split(";\n") if statement.strip()]
    assert all(statement in views for statement in statements[:-1])
    with duckdb.connect() as db:
        for statement in statements[:-1]:
            db.execute(statement)
        assert statements[-1] == QUERY + "LIMIT 20"
        assert db.execute(statements[-1]).fetchall() == events(str(clean))[1]


def test_no_such_events(clean: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(clean), "--type", "RETREAT"]) == 0
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", "khabar show: no such events\n")


@pytest.mark.parametrize("name", ["la[k]e 'q'*", "a?b", "[!a]", "{x,y}"])
def test_any_name_of_a_folder_is_the_lake_of_that_name_alone(clean: Path, tmp_path: Path, name: str) -> None:
    shutil.copytree(clean, tmp_path / name)
    for sibling in ("lake q", "acb", "b", "x"):
        shutil.copytree(clean, tmp_path / sibling)
    assert events(str(tmp_path / name), limit=1000) == events(str(clean), limit=1000)
