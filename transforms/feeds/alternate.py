"""A page in place of a feed: the feeds that it names by `<link rel="alternate">`.

Knows: link elements of the head.  Does not know: whether what they name is a feed.
"""

import re
from html import unescape
from typing import Final

from transforms.feeds.addresses import resolved
from transforms.feeds.encoding import declared_in, read_bytes
from transforms.feeds.errors import BadInput

_HEAD: Final = 256 << 10
_LINK = re.compile(r"<link\b([^>]{1,2000})>", re.IGNORECASE)
_BASE = re.compile(r"<base\b([^>]{1,2000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([A-Za-z-]{1,20})\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_TYPES: Final = ("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json")
#: Feeds of readers' comments stand beside those of articles.
_COMMENTS = re.compile(r"comments?\b|تعليق", re.IGNORECASE)


def feeds_of(data: bytes, url: str, declared: str | None = None) -> list[str]:
    """Addresses of the feeds that the page at `url` names, in its order, those of comments last; none of no text."""
    try:
        text = read_bytes(data[:_HEAD], declared or declared_in(data)).text
    except BadInput:
        return []
    base = next((_attributes(m[1]).get("href") for m in _BASE.finditer(text)), None)
    home = resolved(base, url) or url
    found: dict[str, bool] = {}
    for link in _LINK.finditer(text):
        given = _attributes(link[1])
        kind = given.get("type", "").split(";")[0].strip().lower()
        if "alternate" not in given.get("rel", "").lower().split() or kind not in _TYPES:
            continue
        if target := resolved(given.get("href"), home):
            comments = bool(_COMMENTS.search(f"{given.get('title', '')} {target}"))
            found.setdefault(target, comments)
    return sorted(found, key=lambda target: found[target])


def _attributes(text: str) -> dict[str, str]:
    return {m[1].lower(): unescape(m[2] or m[3] or m[4] or "").strip() for m in _ATTRIBUTE.finditer(text)}
