"""A child process that leaves nothing behind: it and all that it starts end together, and with their parent.

`Offspring` is the parent's side.  The child is `python -m pipelines.offspring MODULE ARGUMENTS`, which runs the module's
`main`.  Knows: processes.  Does not know: what the module does.
"""

import ctypes
import importlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

#: Seconds that a killed process has to die in: more only where the machine is in trouble.
_DEATH: Final = 60.0
_SET_CHILD_SUBREAPER: Final = 36


class Undead(Exception):
    """A killed process is still there."""


class Offspring:
    """A module's `main` in a process of its own, the head of a group with all that it starts."""

    def __init__(self, module: str, arguments: Sequence[str]) -> None:
        _adopt()
        # Beam starts its workers as `python`: that shall be this one.
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
        # The pipe is never written to: it closes when this process ends, however it ends.
        self._process = subprocess.Popen(
            [sys.executable, "-m", "pipelines.offspring", module, *arguments],
            stdin=subprocess.PIPE, stdout=2, env=os.environ | {"PATH": path}, start_new_session=True,
        )  # fmt: skip

    @property
    def pid(self) -> int:
        """Of the child, and of its group."""
        return self._process.pid

    def gone(self) -> bool:
        """Whether the child has ended; what it started may live."""
        # It is left unwaited for: so long, no other group can get its number.
        ended = os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        return ended is not None

    def end(self) -> int:
        """Kills what lives of the group, waits for the death of all, and gives the child's exit code (-9: killed).

        Raises Undead.
        """
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        assert self._process.stdin
        self._process.stdin.close()
        deadline = time.monotonic() + _DEATH
        try:
            code = self._process.wait(_DEATH)
        except subprocess.TimeoutExpired:
            raise Undead(f"the process {self.pid} does not die") from None
        while self._others():
            if time.monotonic() > deadline:
                raise Undead(f"a process of the group {self.pid} does not die")
            time.sleep(0.02)
        return code

    def _others(self) -> bool:
        """Whether somebody of the group is left."""
        with suppress(ChildProcessError):
            while os.waitpid(-self.pid, os.WNOHANG)[0]:
                pass
        try:
            os.killpg(self.pid, 0)
        except ProcessLookupError:
            return False
        return True


def _adopt() -> None:
    """Makes orphans of children this process's own, to be waited for: in a container there may be nobody else who does."""
    with suppress(AttributeError, OSError):
        # Linux alone has it.
        ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _end_with_parent() -> None:
    # Not by sys.stdin, whose lock a thread must not hold when Python ends.
    while os.read(0, 1):
        pass
    os.killpg(os.getpid(), signal.SIGKILL)


def main(argv: Sequence[str] | None = None) -> int:
    """In the child: runs the module's `main` and gives its exit code."""
    module, *arguments = sys.argv[1:] if argv is None else argv
    threading.Thread(target=_end_with_parent, daemon=True).start()
    code: int = importlib.import_module(module).main(arguments)
    return code


if __name__ == "__main__":
    raise SystemExit(main())
