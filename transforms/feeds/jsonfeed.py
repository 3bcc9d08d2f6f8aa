"""JSON Feed 1.0 and 1.1: the raw fields of its items.

Knows: the keys of jsonfeed.org.  Does not know: how fields become an Item (see `rss`).
"""

import json
from collections.abc import Iterator
from typing import Any

from transforms.feeds.addresses import host_of, resolved
from transforms.feeds.errors import BadInput
from transforms.feeds.guard import MAX_ITEMS

Fields = dict[str, str | None]


def read_json_feed(text: str, base: str | None) -> Iterator[tuple[Fields, Any]]:
    """The raw fields of each item beside the item itself, HTML not yet removed.

    Raises BadInput: `json` where it is no JSON, `not-a-feed` where it has no list of items, `feed-limits` where that is
    too long.
    """
    try:
        feed = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise BadInput("json", str(error)) from error
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        raise BadInput("not-a-feed", "a JSON Feed has a list of items")
    if len(items) > MAX_ITEMS:
        raise BadInput("feed-limits", f"more than {MAX_ITEMS} items")
    home = resolved(_text(feed, "home_page_url"), base) or resolved(_text(feed, "feed_url"), base) or base
    for item in items:
        yield _fields(item if isinstance(item, dict) else {}, feed, home), item


def _fields(item: dict[str, Any], feed: dict[str, Any], home: str | None) -> Fields:
    url = resolved(_text(item, "url"), home) or resolved(_text(item, "external_url"), home)
    tags = item.get("tags")
    published, updated = _text(item, "date_published"), _text(item, "date_modified")
    return {
        "guid": _text(item, "id"),
        "source": host_of(home) or host_of(url),
        "url": url,
        "title": _text(item, "title"),
        "summary": _text(item, "summary"),
        "text": _text(item, "content_html") or _text(item, "content_text"),
        "author": _author(item) or _author(feed),
        "section": _text({"tag": tags[0]}, "tag") if isinstance(tags, list) and tags else None,
        "language": _text(item, "language") or _text(feed, "language"),
        "published": published or updated,
        "updated": updated,
    }


def _author(holder: dict[str, Any]) -> str | None:
    authors = holder.get("authors")
    for author in [*(authors if isinstance(authors, list) else ()), holder.get("author")]:
        if isinstance(author, dict) and (name := _text(author, "name")):
            return name
    return None


def _text(values: dict[str, Any], key: str) -> str | None:
    value = values.get(key)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    # A lone surrogate escaped in JSON can be stored nowhere.
    return str(value).encode("utf-16", "surrogatepass").decode("utf-16", "replace").strip() or None
