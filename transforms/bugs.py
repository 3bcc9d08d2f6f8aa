"""Bugs: what a stream makes of an input at which khabar itself failed, so that the other inputs go on.

Files and rounds end at a bug; a stream would meet the same input again after each restart.
"""

import traceback
from dataclasses import dataclass
from typing import Any, Final

from schemas.document import Document
from schemas.item import Item, RawInput
from schemas.reject import Reject
from transforms.normalize import Run, reject

REASON: Final = "bug"
#: Characters of the traceback that are kept: its end tells most.
_TOLD: Final = 4000


@dataclass(frozen=True)
class AsReject:
    """Makes a Reject of an element of the run at which a step raised."""

    run: Run

    def __call__(self, step: str, element: Any, error: Exception) -> Reject:
        """The Reject, with the traceback."""
        told = "".join(traceback.format_exception(error)).strip()[-_TOLD:]
        where, raw, at = _place(element)
        return reject(where, raw, step.lower(), REASON, told, self.run, at)


def _place(element: RawInput | Item | Document) -> tuple[str, bytes, Any]:
    """Where an element came from, what of it is kept, and when it was fetched."""
    if isinstance(element, Document):
        return element.order, _bytes(element.article.text or element.article.title), element.article.fetched_at
    where = f"{element.input}#{element.position}" if element.position else element.input
    if isinstance(element, RawInput):
        return where, element.payload, element.fetched_at
    return where, _bytes(element.text or element.title), element.fetched_at


def _bytes(text: str | None) -> bytes:
    return (text or "").encode("utf-8", "replace")
