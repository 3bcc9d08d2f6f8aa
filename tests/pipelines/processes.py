"""Processes that a test looks at and kills, as /proc shows them."""

import os
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple


class Process(NamedTuple):
    """A process that lives."""

    pid: int
    parent: int
    group: int
    command: str
    #: Resident memory in bytes.
    memory: int


def processes() -> list[Process]:
    """All that live, without those that died and were not waited for."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, ValueError):
            state, parent, group, *_ = (folder / "stat").read_text("utf-8").rpartition(")")[2].split()
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
            pages = int((folder / "statm").read_text("ascii").split()[1])
            if state != "Z":
                size = os.sysconf("SC_PAGE_SIZE")
                found.append(Process(int(folder.name), int(parent), int(group), command, pages * size))
    return found


def of_group(group: int) -> list[Process]:
    """Those of a process group."""
    return [process for process in processes() if process.group == group]


def job_of(supervisor: int) -> Process | None:
    """The job of a supervisor, the head of its group; None between two jobs."""
    heads = [p for p in processes() if p.parent == supervisor and p.pid == p.group]
    return heads[0] if heads else None


def worker_of(job: Process) -> Process | None:
    """The worker that Beam starts beside a job."""
    return next((p for p in of_group(job.group) if "SdkHarness" in p.command), None)
