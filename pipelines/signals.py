"""Signals: SIGINT and SIGTERM to a handler for as long as a block runs."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any


@contextmanager
def heeded(handler: Callable[[int, FrameType | None], Any]) -> Iterator[None]:
    """Both signals go to the handler, where this is the main thread, which alone may set one; afterwards as before."""
    numbers = (signal.SIGINT, signal.SIGTERM) if threading.current_thread() is threading.main_thread() else ()
    before = {number: signal.signal(number, handler) for number in numbers}
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)
