"""Beam's portable job service with a worker process of its own, for tests."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from tests.pipelines.whole_runs import ROOT


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def service(log: Path, module: str, port: int, *arguments: str) -> Iterator[None]:
    """A service of Beam's on a port, with processes that it starts in its group; all end with the block."""
    # The worker pool starts `python` of the PATH.
    env = os.environ | {"PYTHONPATH": str(ROOT), "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    with log.open("wb") as out:
        command = [sys.executable, "-m", f"apache_beam.runners.{module}", *arguments]
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=out, stderr=out, start_new_session=True)
        try:
            end = time.monotonic() + 60
            while not listens(port):
                assert process.poll() is None, log.read_text("utf-8")
                assert time.monotonic() < end, f"{module} does not answer on port {port}"
                time.sleep(0.05)
            yield
        finally:
            os.killpg(process.pid, 9)
            process.wait()


@contextmanager
def job_service(folder: Path) -> Iterator[list[str]]:
    """The options for a job service and a worker pool that run, with logs in a folder."""
    jobs, workers = free_port(), free_port()
    with ExitStack() as running:
        running.enter_context(service(folder / "jobs.log", "portability.local_job_service_main", jobs, "-p", str(jobs)))
        running.enter_context(
            service(folder / "pool.log", "worker.worker_pool_main", workers, f"--service_port={workers}")
        )
        yield [
            "--runner=PortableRunner",
            f"--job_endpoint=127.0.0.1:{jobs}",
            "--environment_type=EXTERNAL",
            f"--environment_config=127.0.0.1:{workers}",
        ]
