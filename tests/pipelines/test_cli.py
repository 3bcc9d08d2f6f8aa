"""The command line: quick to answer, strict about what it does not know."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.cli import COMMANDS, main
from pipelines.show import isolated
from pipelines.show import main as show

ROOT = Path(__file__).parents[2]


def test_help_names_every_command_and_imports_nothing_heavy() -> None:
    code = (
        "import sys; from pipelines.cli import main; main(['--help']); "
        "print('HEAVY', [m for m in ('apache_beam', 'pyarrow', 'duckdb', 'torch') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert all(name in done.stdout for name in COMMANDS)
    assert "HEAVY []" in done.stdout


def test_an_unknown_command_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ingset"]) == 2
    assert "'ingset'" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["ingest", "--lake", "x", "--inptu", "y"], ["show", "x", "--type", "WAR"]])
def test_an_unknown_option_exits_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2


def test_show_prints_events(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lake = str(tmp_path / "lake")
    assert main(["ingest", "--input", str(ROOT / "seeds" / "articles.jsonl"), "--lake", lake]) == 0
    capsys.readouterr()
    assert show([lake, "--type", "ASSAULT", "--limit", "3"]) == 0
    head, *rows = capsys.readouterr().out.splitlines()
    assert head.split("\t")[:3] == ["day", "type", "status"]
    assert len(rows) == 3
    assert all(row.split("\t")[1] == "ASSAULT" for row in rows)


def test_show_of_no_lake_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert show([str(tmp_path)]) == 2
    assert "events" in capsys.readouterr().err


def test_right_to_left_cells_are_isolated() -> None:
    assert isolated("حلب") == "\u2068حلب\u2069"
    assert (isolated("ASSAULT"), isolated(None)) == ("ASSAULT", "")


def test_the_default_path_needs_no_torch_no_catalogue_and_no_home(tmp_path: Path) -> None:
    code = (
        "import sys; from pipelines.cli import main; "
        f"code = main(['ingest', '--input', 'seeds/articles.jsonl', '--lake', {str(tmp_path / 'lake')!r}]); "
        "bad = [m for m in ('torch', 'transformers', 'camel_tools.data') if m in sys.modules]; "
        "sys.exit(code or (f'imported {bad}' if bad else 0))"
    )
    home = tmp_path / "home"
    home.mkdir()
    home.chmod(0o500)
    env = os.environ | {"HOME": str(home), "http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    assert not list(home.iterdir())
