"""Full text: an entry that brings a summary, beside the page that it links to, as one input; and the article of both.

The payload is the entry's fields as one line of JSON, then the bytes of the page.  The entry tells guid, link, headline
and date; the page tells the body, and what the entry lacks.
"""

import json
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from schemas.columns import STRINGS, columns
from schemas.item import Item, RawInput
from transforms.feeds.errors import BadInput
from transforms.feeds.html import parse_page

FORMAT: Final = "entry"


def packed(item: Item, feed: RawInput, page: bytes, charset: str | None, address: str | None) -> RawInput:
    """The input of an entry of a feed and its page (empty where it could not be had) from that address."""
    fields = {c.name: getattr(item, c.name) for c in columns(Item) if c.type is not datetime}
    line = json.dumps(fields, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return replace(
        feed,
        format=FORMAT,
        position=item.position,
        payload=line + b"\n" + page,
        declared_encoding=charset,
        address=address,
    )


def parse_entry(raw: RawInput) -> Item:
    """The article of an entry and its page; the entry alone, `page-missing` among its repairs, where that gives none."""
    line, _, page = raw.payload.partition(b"\n")
    fields: dict[str, Any] = json.loads(line.decode("utf-8", "surrogatepass"))
    fields |= {c.name: tuple(fields[c.name]) for c in columns(Item) if c.type == STRINGS}
    item = Item(**fields)
    try:
        found = parse_page(replace(raw, payload=page)) if page else None
    except BadInput:
        found = None
    if found is None or len(found.text or "") <= len(item.text or ""):
        missing = () if item.summary or found else ("page-missing",)
        return replace(item, repairs=(*item.repairs, *missing))
    return replace(
        item,
        url=item.url or found.url,
        title=item.title or found.title,
        summary=item.summary or item.text,
        text=found.text,
        author=item.author or found.author,
        section=item.section or found.section,
        language=item.language or found.language,
        published=item.published or found.published,
        published_from=item.published_from or found.published_from,
        updated=item.updated or found.updated,
        encoding=found.encoding,
        repairs=tuple(dict.fromkeys((*item.repairs, *found.repairs))),
    )
