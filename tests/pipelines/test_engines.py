"""Other engines in whole runs: what they find comes out the same by whatever workers, and what is missing is said at once."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.graph import analyzer_version
from pipelines.ingest import main
from tests.made_engines import tiny_model, tiny_morphology
from tests.pipelines.whole_runs import LOGICAL_DATE, ROOT, files, rows
from transforms.engines.table import Engines

TEXT = "زار سمير الزنقور وزنقارة أمس. قال وفد هيئة الزناقير إن العربي في وبزنقار."
COUNT = 3


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with articles, a model and a morphology."""
    folder = tmp_path_factory.mktemp("engines")
    tiny_model(folder / "model")
    tiny_morphology(folder / "tiny.db")
    articles = [{"id": f"a{n}", "source": "s", "text": TEXT, "published": "2024-05-01"} for n in range(COUNT)]
    (folder / "articles.jsonl").write_text("\n".join(json.dumps(a, ensure_ascii=False) for a in articles), "utf-8")
    return folder


def arguments(made: Path, lake: Path, *more: str) -> list[str]:
    engines = ["--names", "camel", "--camel-model", str(made / "model"), "--morphology", str(made / "tiny.db")]
    files = ["--input", str(made / "articles.jsonl"), "--lake", str(lake), "--logical-date", LOGICAL_DATE]
    return [*files, *engines, *more]


@pytest.fixture(scope="module")
def lake(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    lake = tmp_path_factory.mktemp("engines") / "lake"
    assert main(arguments(made, lake)) == 0
    return lake


def test_camel_tools_finds_the_names_of_a_run(lake: Path, made: Path) -> None:
    found = {(m["text"], m["type"], m["engine"]) for m in rows(lake, "mentions")}
    assert {("سمير الزنقور", "PER", "camel"), ("زنقارة", "LOC", "camel"), ("هيئة الزناقير", "ORG", "camel")} <= found
    assert ("أمس", "DATE", "rules") in found
    engines = Engines("camel", str(made / "model"), str(made / "tiny.db"))
    assert {m["analyzer_version"] for m in rows(lake, "mentions")} == {analyzer_version(engines)}
    assert analyzer_version(engines) not in (analyzer_version(), analyzer_version(engines._replace(morphology=None)))


def test_workers_find_the_same(lake: Path, made: Path, tmp_path: Path) -> None:
    assert main(arguments(made, tmp_path / "lake", "--workers", "2")) == 0
    assert files(tmp_path / "lake") == files(lake)


def test_an_engine_from_outside_finds_the_names_of_workers(made: Path, tmp_path: Path) -> None:
    files = ["--input", str(made / "articles.jsonl"), "--lake", str(tmp_path / "lake"), "--workers", "2"]
    assert main([*files, "--names", "tests.made_engines:SecondWords"]) == 0
    found = {(m["text"], m["engine"]) for m in rows(tmp_path / "lake", "mentions") if m["type"] == "PER"}
    assert found == {("سمير", "second"), ("وفد", "second")}


def test_a_portable_worker_finds_the_same(lake: Path, made: Path, tmp_path: Path, endpoint: list[str]) -> None:
    assert main(arguments(made, tmp_path / "lake", *endpoint)) == 0
    assert files(tmp_path / "lake") == files(lake)


def test_camel_tools_needs_no_network_and_no_home(lake: Path, made: Path, tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "def refuse(event, arguments):\n"
        "    if event in ('socket.connect', 'socket.sendto', 'socket.getaddrinfo', 'socket.gethostbyname'):\n"
        "        raise RuntimeError(f'{event} {arguments}')\n"
        "sys.addaudithook(refuse)\n"
        "from pipelines.cli import main\n"
        f"sys.exit(main(['ingest', *{arguments(made, tmp_path / 'lake')!r}]))"
    )
    # A home in which nothing can be made, by root neither.
    env = {k: v for k, v in os.environ.items() if not k.startswith(("XDG_", "HF_", "CAMELTOOLS"))}
    env |= {"HOME": "/proc/none", "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stderr) == (0, "")
    assert files(tmp_path / "lake") == files(lake)
    assert [p.name for p in tmp_path.iterdir()] == ["lake"]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--names", "camle"], ["'camle'", "did you mean camel?"]),
        (["--names", "xyz"], ["'xyz'", "statistical, camel, or module:factory"]),
        (["--names", "camel", "--camel-model", "none"], ["none", "camel_data -i ner-arabert"]),
        (["--names", "no.such:engine"], ["no.such:engine", "cannot be imported"]),
        (["--camel-model", "none"], ["statistical", "leave none out"]),
        (["--morphology", "none"], ["none", "camel_data -i morphology-db-msa-r13"]),
        (["--morphology", "setup.py"], ["setup.py", "no morphology", "camel_data -i morphology-db-msa-r13"]),
    ],
    ids=lambda value: " ".join(value),
)
def test_what_is_missing_is_said_before_anything_starts(
    options: list[str],
    told: list[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CAMELTOOLS_DATA", str(tmp_path))
    monkeypatch.chdir(ROOT)
    try:
        code = main(["--input", "seeds", "--lake", str(tmp_path / "lake"), *options])
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    printed = capsys.readouterr()
    assert (code, printed.out) == (2, "")
    assert not [part for part in told if part not in printed.err], printed.err
    assert not (tmp_path / "lake").exists()


def test_bench_times_an_engine(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from pipelines.cli import main as khabar

    command = ["bench", "--input", str(made / "articles.jsonl"), "--rounds", "1", "--morphology", str(made / "tiny.db")]
    assert khabar([*command, "--all"]) == 0
    assert "annotate_mentions" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        khabar(command)
    assert "add --all" in capsys.readouterr().err
