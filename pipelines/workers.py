"""Workers: a function over many tasks in lasting processes of this machine.

Knows: processes, and how they end.  Does not know Beam: what the function imports, each process imports by itself.
"""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

from pipelines import logs

Result = TypeVar("Result")
#: Whole numbers that only grow, such as how much is done.
Counts = Callable[[], list[int]]
_SPAWN = multiprocessing.get_context("spawn")


class WorkerDied(Exception):
    """A process ended in the middle of a task."""


class Live:
    """Whole numbers that many processes add to and one shows: for a progress bar, never for a check."""

    def __init__(self, size: int) -> None:
        self._shared = _SPAWN.Array("q", size)

    def add(self, numbers: Iterable[int]) -> None:
        """Adds, in a worker."""
        with self._shared.get_lock():
            for i, number in enumerate(numbers):
                self._shared[i] += number

    def read(self) -> list[int]:
        """The sums; without the lock, which a killed worker may hold."""
        return list(self._shared.get_obj())


def run_all(
    function: Callable[..., Result], tasks: Iterable[tuple[Any, ...]], workers: int, live: Live, counts: Counts
) -> Iterator[Result]:
    """The function's result for each task, as they come.  Raises WorkerDied, and whatever the function raises."""
    with ProcessPoolExecutor(workers, _SPAWN, initializer=_start, initargs=(live, counts)) as pool:
        try:
            running: set[Future[Result]] = set()
            for task in tasks:
                running.add(pool.submit(function, *task))
                # Tasks wait in memory: no more than the workers need next.
                if len(running) > workers:
                    done, running = wait(running, return_when=FIRST_COMPLETED)
                    yield from (future.result() for future in done)
            yield from (future.result() for future in running)
        except BaseException as error:
            # Their tasks are for nothing now, and leaving would wait for them.
            for process in multiprocessing.active_children():
                process.terminate()
            pool.shutdown(wait=False, cancel_futures=True)
            if isinstance(error, BrokenProcessPool):
                raise WorkerDied from error
            raise


def _start(live: Live, counts: Counts) -> None:
    """In a new worker: Ctrl-C is the launcher's to answer, and a launcher that was killed would be waited for for ever."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logs.to_stderr()
    threading.Thread(target=_watch, args=(live, counts), daemon=True).start()


def _watch(live: Live, counts: Counts) -> None:
    launcher = multiprocessing.parent_process()
    told = counts()
    while launcher and launcher.is_alive():
        launcher.join(0.25)
        now = counts()
        live.add(n - t for n, t in zip(now, told, strict=True))
        told = now
    os._exit(1)
