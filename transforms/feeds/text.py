"""Plain text files: one article a file.

Knows: what a headline on the first line looks like, and dates in file names.  Does not know: dates within the text.
"""

import re
from datetime import date
from pathlib import PurePosixPath
from typing import Final

from schemas.identity import digest
from schemas.item import Item, RawInput
from transforms.feeds.encoding import decode
from transforms.feeds.errors import BadInput

#: A longer first line is a paragraph.
_TITLE_CHARACTERS: Final = 120
#: A line after the headline with no blank line between is this many times as long.
_MUCH_LONGER: Final = 2
_ENDS = ".!?؟؛،,:…"
_CLOSERS = "»”\"')]"
#: A byte of a name that is no UTF-8, as `transforms.read.printable` writes it: no digit of a date.
_BYTE = re.compile(r"\\x[89a-f][0-9a-f]")
_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)(-?)(\d\d)\2(\d\d)(?!\d)", re.ASCII)


def parse_text(raw: RawInput) -> Item:
    """The item of one file.

    Raises BadInput `no-text` where the file is empty, and what `decode` raises.
    """
    decoded = decode(raw.payload, raw.declared_encoding)
    title, text = _split(decoded.text)
    if not text:
        raise BadInput("no-text", "the file holds no text")
    named = _date_in(PurePosixPath(raw.input).name)
    filed = raw.modified_at.isoformat() if raw.modified_at else None
    return Item(
        input=raw.input,
        position=raw.position,
        format=raw.format,
        title=title,
        text=text,
        published=named or filed,
        published_from="name" if named else "file" if filed else None,
        encoding=decoded.encoding,
        repairs=decoded.repairs,
        # Without the file's own date: a file that was only touched is no new version.
        raw_hash=digest(title, text, named),
    )


def _split(content: str) -> tuple[str | None, str]:
    """Headline, if the first line is one, and the rest."""
    lines = content.replace("\r\n", "\n").replace("\r", "\n").strip().split("\n")
    first, rest = lines[0].strip(), lines[1:]
    if not rest or len(first) > _TITLE_CHARACTERS or first.rstrip(_CLOSERS).endswith(tuple(_ENDS)):
        return None, "\n".join(lines)
    following = rest[0].strip()
    if following and len(following) <= _MUCH_LONGER * len(first):
        return None, "\n".join(lines)
    return first, "\n".join(rest).strip()


def _date_in(name: str) -> str | None:
    """The first YYYY-MM-DD or YYYYMMDD of a file name that is a day of the calendar, as YYYY-MM-DD."""
    for year, _, month, day in _DATE.findall(_BYTE.sub(" ", name)):
        try:
            return date(int(year), int(month), int(day)).isoformat()
        except ValueError:
            continue
    return None
