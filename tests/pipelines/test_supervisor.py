"""The supervisor with jobs that a test makes: silence, deaths, drains and signals, and that nothing is left behind."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipelines.heartbeats import STATE, Heartbeats
from pipelines.superviseoptions import Limits
from pipelines.supervisor import Supervisor
from tests.fetches import fetch_row, publish_rows
from tests.made_job import record
from tests.pipelines.whole_runs import ROOT

LIMITS = Limits(silence=1.5, start=20.0, drain=10.0, pause=0.1, tries=3, bugs=10)
DRIVER = """
import sys
from dataclasses import replace
from pathlib import Path
from pipelines.offspring import Offspring
from pipelines.superviseoptions import Limits
from pipelines.supervisor import Supervisor, heeding_signals
lake, script = Path(sys.argv[1]), sys.argv[2]
def start(job, stop_file):
    return Offspring("tests.made_job", [f"--lake={lake}", f"--job={job}", f"--stop-file={stop_file}", f"--script={script}"])
supervisor = Supervisor(lake, 2, eval(sys.argv[3]), start)
with heeding_signals(supervisor):
    code = supervisor.run()
print(supervisor.line())
raise SystemExit(code)
"""
Run = Callable[..., subprocess.Popen[str]]


def alive(pid: int) -> bool:
    with suppress(ProcessLookupError, FileNotFoundError):
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0] != "Z"
    return False


def wait_for(what: Callable[[], Any], seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.05)


def jobs(lake: Path) -> list[int]:
    """The processes of the jobs that were begun, in order."""
    return [int(path.read_text("utf-8") or 0) for path in sorted((lake / "jobs").glob("*"))]


def engines(lake: Path) -> list[int]:
    return [int(path.name.partition("-")[2]) for path in lake.glob("engine-*")]


def windows(lake: Path) -> int:
    return len(list(lake.glob("_runs/2*.json")))


def state(lake: Path) -> dict[str, Any]:
    return json.loads((lake / STATE).read_text("utf-8"))


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    publish_rows(tmp_path, fetch_row(), fetch_row(feed="https://y.test/", fetch_id="1", error="dns"))
    return tmp_path


@pytest.fixture
def run(lake: Path) -> Iterator[Run]:
    """Starts a supervisor over jobs with these lives."""
    started: list[subprocess.Popen[str]] = []

    def begin(*lives: dict[str, Any], limits: Limits = LIMITS) -> subprocess.Popen[str]:
        script = lake / "script.json"
        script.write_text(json.dumps(lives), "utf-8")
        command = [sys.executable, "-c", DRIVER, str(lake), str(script), repr(limits)]
        env = os.environ | {"PYTHONPATH": str(ROOT)}
        options: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        started.append(subprocess.Popen(command, cwd=ROOT, env=env, **options))
        return started[-1]

    yield begin
    for process in started:
        process.kill()
        process.communicate()
    # With their supervisor all end.
    wait_for(lambda: not any(map(alive, [*jobs(lake), *engines(lake)])))


def test_a_drain_ends_with_the_last_window(run: Run, lake: Path) -> None:
    process = run({"windows": None, "engine": True})
    wait_for(lambda: windows(lake) >= 3)
    process.send_signal(signal.SIGTERM)
    out, told = process.communicate(timeout=30)
    assert process.returncode == 0, told
    assert told.splitlines()[-1].endswith(": drained")
    assert out.startswith("2 feeds, window ")
    assert f"{windows(lake)} articles, {windows(lake)} rejected, 1 feeds in error" in out
    assert not any(map(alive, [*jobs(lake), *engines(lake)]))
    assert (len(engines(lake)), list((lake / "_state").glob("stop-*"))) == (1, [])
    assert (state(lake)["state"], state(lake)["why"]) == ("ended", "drained")


@pytest.mark.parametrize(
    ("then", "why"),
    [("hang", "no commit for "), ("die", "was killed by SIGKILL"), (1, "ended with 1"), (0, "ended with 0")],
)
def test_what_dies_or_falls_silent_is_started_anew(run: Run, lake: Path, then: object, why: str) -> None:
    process = run({"windows": 2, "then": then, "engine": True}, {"windows": None})
    wait_for(lambda: len(jobs(lake)) == 2 and windows(lake) >= 5)
    assert not any(map(alive, [jobs(lake)[0], *engines(lake)]))
    process.send_signal(signal.SIGINT)
    out, told = process.communicate(timeout=30)
    assert process.returncode == 0, told
    assert why in told
    assert "; the next job begins in 0.1 s" in told
    assert out.strip().endswith(", 1 restarts")
    # An engine that is no child of ours finds the stop file of its job.
    first = sorted(path.name for path in (lake / "jobs").iterdir())[0]
    assert [path.name for path in (lake / "_state").glob("stop-*")] == [f"stop-{first}"]


def test_tries_without_a_commit_end_it_and_tell_what_was_seen(run: Run, lake: Path) -> None:
    process = run(
        {"windows": 0, "then": 1}, {"windows": 1, "then": 1}, {"windows": 0, "then": "die"}, {"windows": 0, "then": 1}
    )
    _, told = process.communicate(timeout=60)
    assert (process.returncode, len(jobs(lake))) == (1, 5)
    last = told.splitlines()[-1]
    assert "3 tries brought no commit" in last
    assert last.count("ended with 1") == 2
    assert "SIGKILL" in last
    assert (state(lake)["state"], state(lake)["failures"]) == ("failed", 3)


def test_a_job_that_never_commits_is_waited_for_as_long_as_a_start_may_take(run: Run) -> None:
    process = run({"windows": 0, "then": "hang"}, limits=replace(LIMITS, start=3.0, tries=2))
    began = time.monotonic()
    _, told = process.communicate(timeout=60)
    assert process.returncode == 1
    # The second has twice the time.
    waits = re.findall(r"no commit for (\d+) s: killed; the next", told)
    assert [3 <= int(wait) < 6 for wait in waits] == [True]
    assert "no commit for 6 s" in told.splitlines()[-1]
    assert time.monotonic() - began > 9


def test_a_slow_job_is_given_more_time_until_jobs_are_sound_again(run: Run, lake: Path) -> None:
    slow, sound = {"windows": 1, "then": "hang"}, {"windows": 12, "then": "hang"}
    process = run(slow, slow, sound, {"windows": None})
    wait_for(lambda: len(jobs(lake)) == 4 and windows(lake) > 14, 60)
    process.send_signal(signal.SIGTERM)
    _, told = process.communicate(timeout=30)
    # After ten windows as at first.
    first, second, third = map(int, re.findall(r"no commit for (\d+) s: killed; the next", told))
    assert first < second > third


def test_a_superseded_job_is_not_begun_again(run: Run, lake: Path) -> None:
    process = run({"windows": 1, "then": 75})
    _, told = process.communicate(timeout=30)
    assert (process.returncode, len(jobs(lake))) == (75, 1)
    assert "another stream has begun on this lake" in told


def test_a_job_that_refuses_its_options_is_not_begun_again(run: Run, lake: Path) -> None:
    process = run({"windows": 0, "then": 2})
    process.communicate(timeout=30)
    assert (process.returncode, len(jobs(lake))) == (2, 1)


def test_a_broken_release_is_not_begun_for_ever(run: Run, lake: Path) -> None:
    process = run({"windows": 1, "bugs": 10, "then": 1}, {"windows": 1, "bugs": 1, "then": 1})
    _, told = process.communicate(timeout=30)
    assert (process.returncode, len(jobs(lake))) == (70, 2)
    assert "11 items met a bug within an hour" in told


def test_a_drain_past_its_deadline_is_a_kill(run: Run, lake: Path) -> None:
    process = run({"windows": None, "deaf": True, "engine": True}, limits=replace(LIMITS, drain=1.0))
    wait_for(lambda: windows(lake) >= 2)
    process.send_signal(signal.SIGTERM)
    _, told = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "not drained after 1 s: killed" in told
    assert not any(map(alive, [*jobs(lake), *engines(lake)]))


def test_a_second_signal_kills_at_once(run: Run, lake: Path) -> None:
    process = run({"windows": None, "deaf": True, "engine": True}, limits=replace(LIMITS, drain=600.0))
    wait_for(lambda: windows(lake) >= 2)
    process.send_signal(signal.SIGTERM)
    wait_for(lambda: state(lake)["state"] == "draining")
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)
    assert process.returncode == 128 + signal.SIGTERM
    assert not any(map(alive, [*jobs(lake), *engines(lake)]))


def test_a_stop_between_two_jobs_waits_for_nothing(run: Run, lake: Path) -> None:
    process = run({"windows": 0, "then": 1}, limits=replace(LIMITS, pause=600.0))
    wait_for(lambda: (lake / STATE).exists() and state(lake)["state"] == "waiting")
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)
    assert (process.returncode, len(jobs(lake))) == (0, 1)


def test_a_killed_supervisor_takes_all_with_it(run: Run, lake: Path) -> None:
    process = run({"windows": None, "engine": True})
    wait_for(lambda: windows(lake) >= 2)
    left = [*jobs(lake), *engines(lake)]
    assert [alive(pid) for pid in left] == [True, True]
    process.kill()
    wait_for(lambda: not any(map(alive, left)))


def test_heartbeats_are_those_of_the_job_and_come_once(lake: Path) -> None:
    for job, number in (("20240601T000000", 1), ("20240601T000001", 1), ("20240601T000001", 2)):
        record(lake, job, number)
    (lake / "_runs" / "20240601T000001-x.json").write_text(
        '{"commit": "x", "counts": {"read": 1}, "rows": {}}', "utf-8"
    )
    beats = Heartbeats(lake, "20240601T000001")
    assert [(window.job, window.articles, window.rejected) for window in beats.look()] == [
        ("20240601T000001", 1, 1)
    ] * 2
    assert beats.look() == []
    record(lake, "20240601T000001", 3)
    assert len(beats.look()) == 1


def test_no_two_jobs_have_one_id(lake: Path) -> None:
    def start(*_: object) -> Any:
        raise AssertionError

    supervisor = Supervisor(lake, 1, LIMITS, start)
    ids = []
    for _ in range(3):
        supervisor._job = supervisor._next_job()
        ids.append(supervisor._job)
    assert sorted(set(ids)) == ids


def test_streams_that_begin_in_one_second_share_no_id(lake: Path) -> None:
    def start(*_: object) -> Any:
        raise AssertionError

    # Else each would drain the other by the stop file that they share.
    assert len({Supervisor(lake, 1, LIMITS, start)._next_job() for _ in range(20)}) == 20


def test_a_lake_that_vanished_is_waited_for_until_the_drain_is_over(run: Run, lake: Path) -> None:
    process = run({"windows": 1, "then": "hang"}, limits=replace(LIMITS, silence=60, drain=1.5))
    wait_for(lambda: windows(lake) >= 1)
    (lake / "_state").rename(lake / "away")
    process.send_signal(signal.SIGTERM)
    _, told = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "not drained after 1.5 s: killed" in told
    assert "Traceback" not in told
