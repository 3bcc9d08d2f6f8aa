"""Kept: what a process makes once and keeps until it ends, whatever becomes of the steps that use it.

Beam's `Shared` keeps an object while some step holds it, and engines drop the steps of a quiet minute: a crew of fetchers
would forget whom it has asked when.
"""

import threading
from collections.abc import Callable
from typing import Any

_KEPT: dict[str, Any] = {}
#: What is made may ask for something kept.
_LOCK = threading.RLock()


def kept(name: str, make: Callable[[], Any]) -> Any:
    """The object of that name, made by the first who asks."""
    with _LOCK:
        if name not in _KEPT:
            _KEPT[name] = make()
        return _KEPT[name]
