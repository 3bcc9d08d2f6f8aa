"""Progress: one moving line on stderr, where stderr is a terminal; nothing anywhere else."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager


def line(done: int, rejected: int, seconds: float) -> str:
    """What the line says.

    >>> line(1234, 5, 61.7)
    '1,234 articles, 20/s, 5 rejected, 0:01:01'
    """
    minutes, second = divmod(int(seconds), 60)
    clock = f"{minutes // 60}:{minutes % 60:02d}:{second:02d}"
    return f"{done:,} articles, {done / seconds if seconds else 0:.0f}/s, {rejected:,} rejected, {clock}"


def shown(counts: Callable[[], tuple[int, int]]) -> AbstractContextManager[None]:
    """Shows articles done and rejected, asked for four times a second."""
    started = time.monotonic()
    return watched(lambda: line(*counts(), time.monotonic() - started))


@contextmanager
def watched(text: Callable[[], str]) -> Iterator[None]:
    """Shows what the function says, asked four times a second."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console
    from rich.live import Live
    from rich.spinner import Spinner

    spinner = Spinner("dots")

    def render() -> Spinner:
        spinner.update(text=text())
        return spinner

    with Live(
        get_renderable=render, console=Console(stderr=True), transient=True, redirect_stdout=False, refresh_per_second=4
    ):
        yield
