"""Whether a feed has changed: what to ask a server with, and what its answer says.

Some servers repeat an ETag after the body changed: every few hours the whole body is asked for, and bodies are
compared by their hash.
"""

import re
from datetime import datetime, timedelta
from typing import Final

from schemas.fetch import Fetch
from schemas.identity import digest
from transforms.fetch.client import Answer

#: The whole body is asked for when it last came this long ago.
FULL_AFTER: Final = timedelta(hours=6)
#: Sent back as it came; anything else in it is no validator.
_PLAIN = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]{0,298}[\x21-\x7e])?")


def questions(last: Fetch | None, now: datetime) -> list[tuple[str, str]]:
    """Headers that let the server say that nothing has changed; none where the whole body is due."""
    if last is None or last.full_at is None or not timedelta(0) <= now - last.full_at < FULL_AFTER:
        return []
    given = (("if-none-match", last.etag), ("if-modified-since", last.last_modified))
    return [(name, value) for name, value in given if value]


def validators(answer: Answer) -> tuple[str | None, str | None]:
    """ETag and Last-Modified of an answer, as they are to be sent back."""
    return _plain(answer.headers.get("etag")), _plain(answer.headers.get("last-modified"))


def hash_of(body: bytes) -> str:
    """What bodies are compared by."""
    return digest("feed body", body)


def _plain(value: str | None) -> str | None:
    return value if value and _PLAIN.fullmatch(value) else None
