"""JSON Lines: one article an object a line.

Knows: the fields of an article line.  Does not know: how dates are read or texts cleaned.
"""

import json
from typing import Any

from schemas.identity import digest
from schemas.item import Item, RawInput
from transforms.feeds.encoding import read_bytes
from transforms.feeds.errors import BadInput
from transforms.feeds.letters import lost_letters

_FIELDS = {
    "guid": ("id",),
    "source": ("source",),
    "url": ("url",),
    "title": ("title",),
    "summary": ("summary",),
    "text": ("text",),
    "author": ("author",),
    "section": ("section", "category"),
    "language": ("language",),
    "published": ("published",),
    "updated": ("updated",),
}


def parse_line(raw: RawInput) -> Item:
    """The item of one line.

    Raises BadInput: `json` where it is no JSON object, `type` where a field is no text or number, `no-text` where there
    is neither text nor title, and what `read_bytes` and `lost_letters` raise.
    """
    decoded = read_bytes(raw.payload, raw.declared_encoding)
    try:
        line = json.loads(decoded.text)
    except (ValueError, RecursionError) as error:  # ValueError: also an integer of over 4,300 digits
        raise BadInput("json", str(error)) from error
    if not isinstance(line, dict):
        raise BadInput("json", f"a line holds one object, not a {type(line).__name__}")
    fields: dict[str, Any] = {name: _text(line, keys) for name, keys in _FIELDS.items()}
    if not fields["text"] and not fields["title"]:
        raise BadInput("no-text", "neither text nor title is given")
    return Item(
        input=raw.input,
        position=raw.position,
        format=raw.format,
        published_from="field",
        encoding=decoded.encoding,
        repairs=(*decoded.repairs, *lost_letters(fields["title"], fields["summary"], fields["text"])),
        raw_hash=digest(*fields.values()),
        **fields,
    )


def _text(line: dict[str, object], keys: tuple[str, ...]) -> str | None:
    """The first of the keys that has a value, as text; empty is None."""
    for key in keys:
        value = line.get(key)
        if value is None or value == "":
            continue
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise BadInput("type", f"`{key}` is a {type(value).__name__}, not text")
        # A lone surrogate escaped in JSON can be stored nowhere.
        return str(value).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return None
