"""The job of a stream as its supervisor sees it: exit codes, and on Prism, where it is at hand, windows and a drain."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from apache_beam.options.pipeline_options import PipelineOptions, PortableOptions
from pytest_httpserver import HTTPServer

from pipelines import streamjob
from tests.pipelines.streams import PRISM, on_prism
from tests.pipelines.streams import prism as unpacked
from tests.pipelines.test_rounds import Publisher, write_list
from tests.pipelines.whole_runs import ROOT, rows
from tests.servers import item
from transforms.lake.windows import open_job

JOB = "20240601T080000"


def arguments(listed: Path, lake: Path, *more: str) -> list[str]:
    own = ["--job", JOB, "--stop-file", str(lake.parent / "stop")]
    given = ["--feeds", str(listed), "--lake", str(lake), "--allow-private", "localhost", "--between", "0"]
    return [*given, *own, "--interval", "0.5", "--window", "2", *more]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--runner", "PrimsRunner"], "did you mean PrismRunner"),
        (["--runner", "PortableRunner"], "needs the job service"),
        (["--job-nme", "x"], "no such option"),
        (["--names", "tests.made_engines:broken"], "broken"),
    ],
)
def test_what_cannot_be_run_is_refused(
    tmp_path: Path, more: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    listed, lake = write_list(tmp_path / "feeds.toml", "http://localhost:1/x"), tmp_path / "lake"
    assert streamjob.main(arguments(listed, lake, *more)) == 2
    assert said in capsys.readouterr().err
    # Nothing was begun.
    assert not (lake / "_state" / "epoch").exists()


def test_a_list_that_is_wrong_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert streamjob.main(arguments(tmp_path / "none.toml", tmp_path / "lake")) == 2
    assert "No such file" in capsys.readouterr().err


def test_a_job_is_waited_for_longer_than_a_request_of_beams_lasts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    listed, lake = write_list(tmp_path / "feeds.toml", "http://localhost:1/x"), tmp_path / "lake"
    waits: list[int] = []

    def pipeline(options: PipelineOptions, **_: object) -> Ended:
        waits.append(options.view_as(PortableOptions).job_server_timeout)
        return Ended()

    monkeypatch.setattr(streamjob.beam, "Pipeline", pipeline)
    monkeypatch.setattr(streamjob, "build", lambda *_: None)
    for more in ([], ["--job_server_timeout=60"]):
        streamjob.main(arguments(listed, lake, *more))
    # Years; but who says otherwise means it.
    assert (waits[0] > 10**8, waits[1]) == (True, 60)


class Ended:
    """A pipeline that an engine ended."""

    def run(self) -> Any:
        raise RuntimeError("pipeline failed")


@pytest.mark.parametrize(("newer", "code", "said"), [(False, 1, "failed: pipeline failed"), (True, 75, "newer job")])
def test_a_job_that_ends_says_why(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    newer: bool,
    code: int,
    said: str,
) -> None:
    listed, lake = write_list(tmp_path / "feeds.toml", "http://localhost:1/x"), tmp_path / "lake"

    def build(*_: object) -> None:
        if newer:
            open_job(lake, "newer")

    monkeypatch.setattr(streamjob.beam, "Pipeline", lambda **_: Ended())
    monkeypatch.setattr(streamjob, "build", build)
    assert streamjob.main(arguments(listed, lake)) == code
    assert said in capsys.readouterr().err


@pytest.fixture(scope="module")
def prism(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The options for Prism."""
    if not PRISM.exists():
        pytest.skip(f"{PRISM} is not there: Prism is not built here")
    return on_prism(unpacked(tmp_path_factory.mktemp("prism")))


@contextmanager
def started(listed: Path, lake: Path, prism: list[str]) -> Iterator[subprocess.Popen[str]]:
    """The job in a process of its own, which ends with the block."""
    command = [sys.executable, "-m", "pipelines.streamjob", *arguments(listed, lake, *prism)]
    # Beam starts the `python` of the PATH as worker.
    env = os.environ | {"PYTHONPATH": str(ROOT), "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    with subprocess.Popen(
        command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        try:
            yield process
        finally:
            # Prism is a process of its own, and outlives a job that is killed.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, 9)


def wait_for_articles(process: subprocess.Popen[str], lake: Path, count: int) -> None:
    end = time.monotonic() + 120
    while len(rows(lake, "articles")) < count:
        assert process.poll() is None, process.communicate()[1]
        assert time.monotonic() < end
        time.sleep(0.1)


def test_windows_appear_while_it_runs_and_the_stop_file_drains(
    tmp_path: Path, httpserver: HTTPServer, prism: list[str]
) -> None:
    publisher, lake = Publisher(httpserver), tmp_path / "lake"
    with started(write_list(tmp_path / "feeds.toml", publisher.url), lake, prism) as process:
        wait_for_articles(process, lake, 2)
        (tmp_path / "stop").touch()
        _, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    records = [json.loads(path.read_text("utf-8"))["counts"] for path in (lake / "_runs").glob("*.json")]
    assert sum(record["read"] for record in records) == 2
    assert all(record["ticks"] and record["job"] == JOB for record in records)
    assert {row["run_id"] for row in rows(lake, "articles")} <= {path.stem for path in (lake / "_runs").glob("*.json")}
    assert list((lake / "_staging").iterdir()) == []


def test_a_newer_job_ends_an_older_one(tmp_path: Path, httpserver: HTTPServer, prism: list[str]) -> None:
    publisher, lake = Publisher(httpserver), tmp_path / "lake"
    with started(write_list(tmp_path / "feeds.toml", publisher.url), lake, prism) as process:
        wait_for_articles(process, lake, 2)
        open_job(lake, "newer")
        publisher.entries.insert(0, item(3))
        _, err = process.communicate(timeout=60)
    assert process.returncode == 75, err
    assert f"{JOB} publishes nothing more" in err
    assert len(rows(lake, "articles")) == 2
