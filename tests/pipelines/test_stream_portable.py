"""A stream's graph through job services of their own, with workers of their own: what is sent over is all that they need."""

import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from tests.pipelines.job_service import free_port, listens, service
from tests.pipelines.test_rounds import Publisher, write_list
from tests.pipelines.whole_runs import ROOT, rows
from transforms.lake.runs import records

PRISM = ROOT.parent / "shared" / "engines" / "apache_beam-v2.77.0-prism-linux-amd64.zip"


@contextmanager
def job(folder: Path, listed: Path, *more: str) -> Iterator[subprocess.Popen[str]]:
    """A job of a stream in a process of its own."""
    command = [
        *(sys.executable, "-m", "pipelines.streamjob", "--job=20240601T080000", f"--stop-file={folder / 'stop'}"),
        *(f"--feeds={listed}", f"--lake={folder / 'lake'}", "--allow-private=localhost", "--between=0", *more),
    ]
    with (folder / "job.log").open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=out, text=True)
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def wait_for(found: Callable[[], Any], process: subprocess.Popen[str], folder: Path, seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while not found():
        logs = "".join(path.read_text("utf-8", "replace")[-2000:] for path in folder.glob("*.log"))
        assert process.poll() is None, logs
        assert time.monotonic() < end, logs
        time.sleep(0.1)


def told(lake: Path) -> set[str]:
    return {row["title"] for row in rows(lake, "articles")} if (lake / "articles").exists() else set()


def check(lake: Path, titles: int) -> None:
    """Every article once, with its rows, and as many as the records say."""
    articles = rows(lake, "articles")
    assert len({row["article_id"] for row in articles}) == len(articles) == len(told(lake)) == titles
    assert {row["version_id"] for row in articles} == {row["version_id"] for row in rows(lake, "sentences")}
    assert sum(record["rows"].get("articles", 0) for record in records(lake)) == titles
    assert {row["run_id"] for row in articles} <= {record["commit"] for record in records(lake)}


def test_beams_job_service_runs_the_graph_to_its_end(httpserver: HTTPServer, tmp_path: Path) -> None:
    """It cannot stream: it ticks without waiting, by times that run ahead, and publishes nothing before the source ends."""
    publisher = Publisher(httpserver)
    listed, lake = write_list(tmp_path / "feeds.toml", publisher.url), tmp_path / "lake"
    jobs, workers = free_port(), free_port()
    with ExitStack() as running:
        running.enter_context(
            service(tmp_path / "jobs.log", "portability.local_job_service_main", jobs, "-p", str(jobs))
        )
        running.enter_context(
            service(tmp_path / "pool.log", "worker.worker_pool_main", workers, f"--service_port={workers}")
        )
        engine = [f"--job_endpoint=127.0.0.1:{jobs}", "--environment_type=EXTERNAL"]
        more = ["--runner=PortableRunner", f"--environment_config=127.0.0.1:{workers}", "--window=1800", *engine]
        with job(tmp_path, listed, *more) as process:
            wait_for(lambda: publisher.asked, process, tmp_path)
            time.sleep(1)
            (tmp_path / "stop").touch()
            assert process.wait(120) == 0, (tmp_path / "job.log").read_text("utf-8")
    check(lake, 2)


@contextmanager
def prism(folder: Path, port: int) -> Iterator[None]:
    """Prism as a service, out of its zip."""
    with zipfile.ZipFile(PRISM) as packed:
        program = Path(packed.extract(packed.namelist()[0], folder))
    program.chmod(0o755)
    with (folder / "prism.log").open("wb") as out:
        command = [str(program), f"--job_port={port}", "--serve_http=false"]
        process = subprocess.Popen(command, stdout=out, stderr=out, env=os.environ | {"HOME": str(folder)})
        try:
            end = time.monotonic() + 60
            while not listens(port):
                assert process.poll() is None, (folder / "prism.log").read_text("utf-8")
                assert time.monotonic() < end
                time.sleep(0.05)
            yield
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()


@pytest.mark.skipif(not PRISM.exists(), reason=f"no Prism in {PRISM.parent}: Beam would fetch it over the network")
def test_prism_streams_with_a_pool_of_workers(httpserver: HTTPServer, tmp_path: Path) -> None:
    publisher = Publisher(httpserver)
    listed = write_list(tmp_path / "feeds.toml", publisher.url, more='interval = "60s"')
    lake, jobs, workers = tmp_path / "lake", free_port(), free_port()
    with ExitStack() as running:
        running.enter_context(prism(tmp_path, jobs))
        running.enter_context(
            service(tmp_path / "pool.log", "worker.worker_pool_main", workers, f"--service_port={workers}")
        )
        engine = [f"--job_endpoint=127.0.0.1:{jobs}", "--environment_type=EXTERNAL", "--window=2", "--interval=0.5"]
        more = ["--runner=PortableRunner", f"--environment_config=127.0.0.1:{workers}", *engine]
        with job(tmp_path, listed, *more) as process:
            wait_for(lambda: len(told(lake)) == 2, process, tmp_path)
            first = len(records(lake))
            wait_for(lambda: len(records(lake)) > first, process, tmp_path)
            # What it publishes is no end of it.
            assert process.poll() is None
            (tmp_path / "stop").touch()
            assert process.wait(60) == 0, (tmp_path / "job.log").read_text("utf-8")
    check(lake, 2)
    ticks = sum(record["counts"].get("ticks", 0) for record in records(lake) if "counts" in record)
    assert ticks > 4, json.dumps(records(lake))
