"""The command line: quick to answer, strict about what it does not know."""

import json
import os
import pty
import re
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pipelines.cli import COMMANDS, main
from pipelines.options import OPTIONS
from tests.pipelines.whole_runs import launch

ROOT = Path(__file__).parents[2]
README_TO_X = ["ingest", "--input", "README.md", "--lake", "x"]
STREAM_TO_X = ["stream", "--feeds", "seeds/feeds.opml", "--lake", "x"]


def python(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    options = {"cwd": ROOT, "env": env, "capture_output": True, "text": True, "timeout": 120} | options
    return subprocess.run([sys.executable, *arguments], **options)


@pytest.mark.parametrize("command", ["", *OPTIONS])
def test_help_is_quick_and_imports_nothing_heavy(command: str) -> None:
    code = (
        "import sys\nfrom pipelines.cli import main\n"
        f"try: main({[*command.split(), '--help']!r})\nexcept SystemExit as end: assert not end.code\n"
        "print('HEAVY', [m for m in ('apache_beam', 'pyarrow', 'duckdb', 'torch', 'numpy') if m in sys.modules])"
    )
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = python("-c", code)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert f"usage: khabar {command}".strip() in done.stdout, done.stderr
    assert "HEAVY []" in done.stdout
    # Seconds of computing: the machine may be busy with other things.
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 0.3


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    told = capsys.readouterr().out
    assert all(name in told for name in COMMANDS)


def test_no_command_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "usage" in capsys.readouterr().out


@pytest.mark.parametrize(("name", "meant"), [("ingset", "did you mean ingest?"), ("xyz", "there are: ingest")])
def test_an_unknown_command_is_refused(name: str, meant: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name]) == 2
    error = capsys.readouterr().err
    assert repr(name) in error
    assert meant in error


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["ingest", "--input", "README.md", "--lake", "x", "--inptu", "y"], ["--inptu", "did you mean --input?"]),
        (["ingest", "--input", "README.md", "--lake", "x", "--zzz"], ["--zzz", "khabar ingest --help"]),
        (["ingest", "--inptu", "README.md", "--lake", "x"], ["required: --input", "did you mean --input?"]),
        (["ingest", "--inp", "README.md", "--lake", "x"], ["--input"]),
        (["ingest", "--input", "README.md", "--lake", "x", "y.jsonl"], ["'y.jsonl'", "--input y.jsonl"]),
        (["ingest", "--input", "README.md", "--lake", "setup.py"], ["setup.py", "give a folder"]),
        (["ingest", "--input", "setup.py", "--lake", "."], ["setup.py", "--lake .", "keep them apart"]),
        (["ingest", "--input", "no/such/*.jsonl", "--lake", "x"], ["no/such/*.jsonl", "give a file"]),
        (["ingest", "--input", "README.md", "--lake", "x", "--workers", "0"], ["'0'", "1 to 128"]),
        (["ingest", "--input", "README.md", "--lake", "x", "--shards", "many"], ["'many'", "1 to 1024"]),
        (["ingest", "--input", "README.md", "--lake", "x", "--run-id", "a/b"], ["'a/b'", "letters"]),
        (["ingest", "--input", "README.md", "--lake", "x", "--logical-date", "3/5"], ["'3/5'", "2024-06-01"]),
        (["ingest", "--input", "README.md", "--lake", "x", "--logical-date", "2999-01-01"], ["'2999-01-01'", "ahead"]),
        (
            ["ingest", "--input", "README.md", "--lake", "x", "--workers", "2", "--runner", "PrismRunner"],
            ["--workers 2", "--runner PrismRunner", "leave one"],
        ),
        (["ingest", "--input", "a", "--input", "b", "--lake", "x"], ["--input", "'a'", "'b'", "leave one out"]),
        (["ingest", "--input", "a", "--lake", "x", "--run-id", "r", "--run-id", "s"], ["--run-id", "'r'", "'s'"]),
        (["show", "x", "--limit", "20", "--limit", "3"], ["--limit", "'20'", "'3'"]),
        (["ingest", "--input", "", "--lake", "x"], ["--input", "''", "variable"]),
        (["ingest", "--input", "README.md", "--lake", " "], ["--lake", "' '", "variable"]),
        (["show", ""], ["lake", "''", "variable"]),
        (["bench", "--input", ""], ["--input", "''", "variable"]),
        (["ingest", "--input", "README.md", "--lake", "s3://bucket/lake"], ["'s3://bucket/lake'", "folders"]),
        (["ingest", "--input", "README.md", "--lake", "file:///x"], ["'file:///x'", "leave file:// out"]),
        (["ingest", "--input", "tests/../setup.py", "--lake", "tests/.."], ["setup.py", "keep them apart"]),
        (["ingest", "--input", "gs://x/y", "--lake", "x"], ["gs://x/y", "apache-beam[gcp]"]),
        (["ingest", "--input", "s3://x/y", "--lake", "x"], ["s3://x/y", "apache-beam[aws]"]),
        (["ingest", "--input", "hdfs://x/y", "--lake", "x"], ["hdfs://x/y", "apache-beam[hadoop]"]),
        (["ingest", "--input", "http://127.0.0.1:9/x", "--lake", "x"], ["http://127.0.0.1:9/x", "files and folders"]),
        ([*README_TO_X, "--runner", "Bogus"], ["--runner Bogus", "PortableRunner"]),
        ([*README_TO_X, "--runner", "PrismRuner"], ["PrismRuner", "did you mean PrismRunner?"]),
        ([*README_TO_X, "--runner", "no.such.Runner"], ["--runner no.such.Runner", "'no'"]),
        ([*README_TO_X, "--streaming"], ["--streaming does nothing", "--runner FnApiRunner"]),
        ([*README_TO_X, "--requirements_file", "/nonexistent"], ["--requirements_file does nothing"]),
        (
            [*README_TO_X, "--runner", "PortableRunner", "--job_endpoint=127.0.0.1:1", "--setup_file=none.py"],
            ["--setup_file none.py", "is no file"],
        ),
        ([*README_TO_X, "--runner", "PortableRunner"], ["--job_endpoint=HOST:PORT"]),
        ([*README_TO_X, "--runner", "PortableRunner", "--job_endpoint", "here"], ["--job_endpoint here", "HOST:PORT"]),
        (
            [*README_TO_X, "--runner", "PortableRunner", "--job_endpoint", "127.0.0.1:1"],
            ["--job_endpoint 127.0.0.1:1 does not answer", "start the job service"],
        ),
        (["show", "x", "--type", "WAR"], ["'WAR'", "ASSAULT"]),
        (["show", "x", "--limt", "3"], ["--limt", "did you mean --limit?"]),
        (["show", "x", "--tsv", "--sql"], ["--sql", "--tsv"]),
        (["show", "no-lake"], ["no-lake", "khabar ingest"]),
        (["bench", "--input", "x", "--rounds", "-1"], ["--rounds"]),
        (["stream", "--feeds", "no.opml", "--lake", "x"], ["no.opml", "No such file"]),
        (["stream", "--feeds", "README.md", "--lake", "x"], ["README.md"]),
        (["stream", "--feeds", "seeds/feeds.opml", "--lake", "setup.py"], ["setup.py"]),
        ([*STREAM_TO_X, "--runner", "PrismRuner"], ["PrismRuner", "did you mean PrismRunner?"]),
        ([*STREAM_TO_X, "--prism_location=no.zip"], ["--prism_location no.zip", "is no file"]),
        ([*STREAM_TO_X, "--patients", "3"], ["--patients", "did you mean --patience"]),
        ([*STREAM_TO_X, "--drain", "0"], ["'0'", "1 to 86400"]),
        ([*STREAM_TO_X, "--names", "none:such"], ["none"]),
    ],
    ids=lambda value: " ".join(value[-2:]) if isinstance(value, list) else None,
)
def test_a_wrong_option_exits_2_and_says_what_would_be_right(
    arguments: list[str], told: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    try:
        code = main(arguments)
    except SystemExit as end:
        code = end.code
    printed = capsys.readouterr()
    assert (code, printed.out) == (2, "")
    assert not [part for part in told if part not in printed.err], printed.err
    assert not Path("x").exists()


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("arguments", [["show", "{}", "--limit", "1000"], ["show", "{}", "--tsv"], ["--help"]])
def test_a_reader_that_has_gone_ends_it_quietly(arguments: list[str], unbuffered: str, clean: Path) -> None:
    env = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": unbuffered}
    reading, writing = os.pipe()
    os.close(reading)
    words = [word.format(clean) for word in arguments]
    done = python("-m", "pipelines", *words, env=env, capture_output=False, stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, "")


def test_output_is_utf8_whatever_the_locale_says(clean: Path) -> None:
    env = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    done = python("-m", "pipelines", "show", str(clean), env=env, encoding="utf-8")
    assert (done.returncode, done.stderr) == (0, "")
    assert "\u2068" in done.stdout


def test_a_lake_that_cannot_be_made_is_one_line(articles: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ingest", "--input", str(articles), "--lake", "/proc/xx"]) == 2
    printed = capsys.readouterr()
    assert (printed.out, printed.err.count("\n")) == ("", 1)
    assert "--lake /proc/xx cannot be" in printed.err


def test_links_do_not_let_a_lake_into_itself(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lake = tmp_path / "lake"
    lake.mkdir()
    (lake / "a.txt").write_text("خبر", "utf-8")
    (tmp_path / "link").symlink_to(lake)
    for given, into in (("link", "lake"), ("lake", "link"), ("link/a.txt", "lake"), ("lake/../lake", "link")):
        assert main(["ingest", "--input", str(tmp_path / given), "--lake", str(tmp_path / into)]) == 2
        assert "keep them apart" in capsys.readouterr().err


def test_progress_moves_on_a_terminal_and_stdout_has_the_counts_alone(articles: Path, tmp_path: Path) -> None:
    terminal, end = pty.openpty()
    launcher = launch(articles, tmp_path / "lake", stderr=end)
    os.close(end)
    shown = b""
    while True:
        try:
            shown += os.read(terminal, 1 << 16)
        except OSError:  # the other end is closed
            break
    os.close(terminal)
    out, _ = launcher.communicate(timeout=120)
    assert launcher.returncode == 0, shown
    assert json.loads(out)["written"] == 40
    assert re.search(rb"\d+ articles, \d+/s, \d+ rejected, 0:00:\d\d", shown)


def test_stderr_is_empty_where_all_is_well(articles: Path, tmp_path: Path) -> None:
    out, errors = launch(articles, tmp_path / "lake").communicate(timeout=120)
    assert (out.count("\n"), errors) == (1, "")


def test_the_default_path_needs_no_torch_no_catalogue_no_network_and_no_home(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "def refuse(event, arguments):\n"
        "    if event in ('socket.connect', 'socket.sendto', 'socket.getaddrinfo', 'socket.gethostbyname'):\n"
        "        raise RuntimeError(f'{event} {arguments}')\n"
        "sys.addaudithook(refuse)\n"
        "from pipelines.cli import main\n"
        f"lake = {str(tmp_path / 'lake')!r}\n"
        "code = main(['ingest', '--input', 'seeds', '--lake', lake]) or main(['show', lake])\n"
        "bad = [m for m in ('torch', 'transformers', 'camel_tools.data') if m in sys.modules]\n"
        "sys.exit(code or (f'imported {bad}' if bad else 0))"
    )
    home = tmp_path / "home"
    home.mkdir()
    home.chmod(0o500)
    env = {k: v for k, v in os.environ.items() if not k.startswith("XDG_")} | {
        "HOME": str(home),
        "TMPDIR": str(tmp_path),
    }
    done = python("-c", code, env=env)
    assert done.returncode == 0, done.stderr[-2000:]
    assert not done.stderr
    assert not list(home.iterdir())
