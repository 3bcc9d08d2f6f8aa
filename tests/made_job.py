"""A job that a test makes: it leaves commit records as a stream does, and ends, hangs or goes on as it is told.

`main` takes the arguments of a job.  `--script FILE` has a list of lives, one for each start: `windows`, how many it commits
(null: until it drains); `then`, an exit code, `hang` or `die`; `engine`, whether it starts a process that outlives it;
`deaf`, whether it knows no stop file; `bugs`, how many a window tells.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any


def record(lake: Path, job: str, number: int, **more: Any) -> Path:
    """Leaves the record of a job's window, and says where."""
    end = datetime.now(UTC)
    counts = {
        "window_start": (end - timedelta(seconds=1)).isoformat(), "window_end": end.isoformat(), "job": job,
        "epoch": 1, "read": 2, "ticks": 1, "lag_s": 0.5, "duplicates": 0, "rejected": 1,
    }  # fmt: skip
    content = {"commit": f"{job}-{number}", "number": number, "rows": {"articles": 1}, "counts": counts | more}
    path = lake / "_runs" / f"{job}-{number:06d}-1.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".tmp")
    aside.write_text(json.dumps(content), "utf-8")
    return aside.rename(path)


def engine(lake: Path) -> None:
    """Starts a process that would live for an hour and sends no signal to anyone."""
    started = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3600)"])
    (lake / f"engine-{started.pid}").touch()


def main(argv: Sequence[str] | None = None) -> int:
    """Lives the next life of the script."""
    parser = argparse.ArgumentParser()
    for name in ("lake", "job", "stop-file", "script"):
        parser.add_argument(f"--{name}", required=True, type=Path)
    args, _ = parser.parse_known_args(argv)
    jobs = args.lake / "jobs"
    jobs.mkdir(exist_ok=True)
    lives = json.loads(args.script.read_text("utf-8"))
    life = lives[min(len(list(jobs.iterdir())), len(lives) - 1)]
    (jobs / f"{args.job}").write_text(str(os.getpid()), "utf-8")
    if life.get("engine"):
        engine(args.lake)
    done = 0
    while life.get("windows") is None or done < life["windows"]:
        if args.stop_file.exists() and not life.get("deaf"):
            record(args.lake, str(args.job), done)
            return 0
        record(args.lake, str(args.job), done, bugs=life.get("bugs", 0))
        done += 1
        time.sleep(0.2)
    if life["then"] == "hang":
        time.sleep(3600)
    if life["then"] == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    return int(life["then"])
