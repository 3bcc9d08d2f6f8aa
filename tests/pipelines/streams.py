"""A stream on Prism that runs while a test looks on: the command, the lake as it grows, kills, and how long a commit took."""

import json
import os
import random
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow.parquet as pq

from pipelines.heartbeats import STATE
from tests.pipelines.processes import Process, job_of, of_group, worker_of
from tests.pipelines.whole_runs import ROOT

ENGINES = ROOT.parent / "shared" / "engines"
PRISM = ENGINES / "apache_beam-v2.77.0-prism-linux-amd64.zip"


def prism(folder: Path) -> Path:
    """Prism's program, unpacked; Beam would put it into the home of the user."""
    with zipfile.ZipFile(PRISM) as packed:
        (name,) = packed.namelist()
        program = Path(packed.extract(name, folder))
    program.chmod(0o755)
    return program


def on_prism(program: Path) -> list[str]:
    """The options that run a stream on it, its worker a process of its own."""
    return [
        "--runner=PrismRunner", f"--prism_location={program}", "--environment_type=LOOPBACK",
        "--experiments=use_loopback_process_worker",
    ]  # fmt: skip


def wait_for(what: Callable[[], Any], seconds: float, told: Callable[[], str] = str) -> None:
    """Waits until something is true."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, f"it did not come in {seconds:g} s: {told()}"
        time.sleep(0.1)


class Commit(NamedTuple):
    """A commit record, and when it was written, seconds of the epoch."""

    job: str
    at: float
    counts: dict[str, Any]


class Lake:
    """A lake that grows."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._articles: dict[str, list[tuple[str, int]]] = {}
        self._commits: dict[str, Commit] = {}

    def commits(self) -> list[Commit]:
        """The windows' records in the order in which they were written."""
        for record in (self.path / "_runs").glob("*.json"):
            if record.name not in self._commits:
                counts = json.loads(record.read_text("utf-8"))["counts"]
                self._commits[record.name] = Commit(counts.get("job", ""), record.stat().st_mtime, counts)
        return sorted(self._commits.values(), key=lambda commit: commit.at)

    def articles(self) -> dict[str, list[tuple[str, int]]]:
        """Guids and version numbers by commit; files whose record is not written yet are no part of the lake."""
        for file in (self.path / "articles").glob("*/*.parquet"):
            if str(file) not in self._articles:
                with suppress(FileNotFoundError):
                    table = pq.read_table(file, columns=["guid", "version_number"], partitioning=None)
                    columns = [table[name].to_pylist() for name in ("guid", "version_number")]
                    self._articles[str(file)] = list(zip(*columns, strict=True))
        self.commits()
        found: dict[str, list[tuple[str, int]]] = {}
        for name, rows in self._articles.items():
            commit = Path(name).stem.removeprefix("part-").rpartition("-")[0]
            if f"{commit}.json" in self._commits:
                found.setdefault(commit, []).extend(rows)
        return found

    def known(self) -> set[tuple[str, int]]:
        """Guids and version numbers of all articles."""
        return {row for rows in self.articles().values() for row in rows}

    def came(self) -> dict[str, float]:
        """When each guid could first be queried, seconds of the epoch."""
        found: dict[str, float] = {}
        for commit, rows in self.articles().items():
            at = self._commits[f"{commit}.json"].at
            for guid, _ in rows:
                found[guid] = min(at, found.get(guid, at))
        return found


class Kill(NamedTuple):
    """What was killed, at which second of the run, and what followed."""

    what: str
    at: float
    #: Seconds after which the lake had its next commit.
    commit_after: float
    #: Articles in the lake before, and with the next commit.
    before: int
    after: int


class Stream:
    """`khabar stream` in a process of its own."""

    def __init__(self, lake: Path, arguments: list[str], log: Path, hasty: bool = True) -> None:
        self.lake, self.log, self.began = Lake(lake), log, time.time()
        path = [str(ROOT / "tests" / "hasty")] * hasty + [str(ROOT)]
        with log.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "pipelines", "stream", "--lake", str(lake), *arguments],
                cwd=ROOT, env=os.environ | {"PYTHONPATH": os.pathsep.join(path)}, stdout=out, stderr=out,
            )  # fmt: skip
        self.groups: set[int] = set()

    def told(self) -> str:
        """The end of what it wrote."""
        return self.log.read_text("utf-8", "replace")[-3000:]

    def job(self) -> Process | None:
        """The job that runs."""
        if job := job_of(self.process.pid):
            self.groups.add(job.group)
        return job

    def name(self) -> str:
        """The id of the job that runs, as its supervisor says it; none before the first."""
        told = self.lake.path / STATE
        return json.loads(told.read_text("utf-8"))["job"] if told.exists() else ""

    def commits_of(self, job: str) -> int:
        """How many windows a job has committed."""
        return sum(commit.job == job for commit in self.lake.commits())

    def kill(self, what: str, chance: random.Random, window: float, seconds: float) -> Kill:
        """Kills a part of a job that commits, and waits for a commit of another job.

        `worker`, `job` and `engine` are processes, `all` is their group, and a `frozen` worker lives but does nothing.
        """
        self._wait(lambda: self.commits_of(self.name()) >= 1, seconds)
        job, name = self.job(), self.name()
        assert job
        worker = worker_of(job)
        assert worker, [process.command for process in of_group(job.group)]
        engine = next(p for p in of_group(job.group) if p.pid not in (job.pid, worker.pid))
        time.sleep(chance.uniform(0, window))
        before, at = len(self.lake.known()), time.time()
        of_what = {"worker": worker.pid, "frozen": worker.pid, "job": job.pid, "engine": engine.pid, "all": -job.group}
        os.kill(of_what[what], signal.SIGSTOP if what == "frozen" else signal.SIGKILL)
        self._wait(lambda: self.lake.commits()[-1].job > name, seconds)
        came = self.lake.commits()[-1].at - at
        assert not of_group(job.group), "something of the job before is left"
        return Kill(what, at - self.began, came, before, len(self.lake.known()))

    def _wait(self, what: Callable[[], Any], seconds: float) -> None:
        def happened() -> bool:
            assert self.process.poll() is None, self.told()
            return bool(what())

        wait_for(happened, seconds, self.told)

    def drain(self, seconds: float = 60.0) -> int:
        """Asks it to end, and gives its exit code."""
        self.job()
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(seconds)

    def close(self) -> None:
        """Ends it, however it stands."""
        self.process.kill()
        self.process.wait()
        wait_for(lambda: not any(map(of_group, self.groups)), 10)
