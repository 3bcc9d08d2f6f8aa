"""Sniff: what kind of input a file is, by its first bytes and then by its name.

Knows: how JSON Lines, feeds and pages begin.  Does not know: whether the rest of the file is sound.
"""

import codecs
import re
from pathlib import PurePosixPath
from typing import Final, Literal

from transforms.feeds.encoding import not_text, wide_encoding

Kind = Literal["jsonl", "feed", "html", "text"]

_NAMES: Final[dict[str, Kind]] = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".rss": "feed",
    ".atom": "feed",
    ".rdf": "feed",
    ".xml": "feed",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
}
_COMPRESSIONS: Final = (".gz", ".bz2", ".zst")
#: An article that quotes it would have backslashes before the quotes.
_JSON_FEED = re.compile(r'"version"\s*:\s*"https?:\\?/\\?/jsonfeed\.org\\?/')
_JSON = re.compile(r'\{\s*["}]|\[\s*[\[{\]]')
#: What may stand before the first tag: space, processing instructions, comments.
_PROLOG = re.compile(r"(?:\s|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_FEED = re.compile(r"<(?:!doctype\s+)?(?:rss|feed|rdf:rdf|atom:feed|channel)\b", re.IGNORECASE)
_HTML = re.compile(
    r"<(?:!doctype\s+html|html|head|body|meta|title|link|script|style|main|article|section|div|h[1-6]|p|table)\b",
    re.IGNORECASE,
)


def sniff(name: str, head: bytes) -> Kind:
    """The kind of the file of that name whose first bytes are given, decompressed; `text` where nothing tells.

    What is no text is `text` whatever it is called: so a file becomes one reject, not one a line.

    >>> sniff("news.txt", b'{"title": "x"}')
    'jsonl'
    """
    if not_text(head):
        return "text"
    text = _readable(head).lstrip()
    if _JSON.match(text):
        return "feed" if text[0] == "{" and _JSON_FEED.search(text) else "jsonl"
    prolog = _PROLOG.match(text)
    start = prolog.end() if prolog else 0
    if _FEED.match(text, start):
        return "feed"
    if _HTML.match(text, start):
        return "html"
    path = PurePosixPath(name.lower())
    if path.suffix in _COMPRESSIONS:
        path = path.with_suffix("")
    return _NAMES.get(path.suffix, "feed" if text.startswith("<?xml") else "text")


def has_feed(head: bytes) -> bool:
    """Whether a feed begins somewhere in these first bytes of an answer: servers put warnings and blank lines before it.

    >>> has_feed(b"<br>Warning: x<rss version='2.0'>"), has_feed(b"<!doctype html><html>")
    (True, False)
    """
    if not_text(head):
        return False
    text = _readable(head)
    return bool(_FEED.search(text)) or bool(_JSON_FEED.search(text))


def _readable(head: bytes) -> str:
    """The bytes as text whose ASCII is right; the head may end in the middle of a character."""
    if wide := wide_encoding(head):
        return head.decode(wide, "replace").lstrip("\ufeff")
    return head.removeprefix(codecs.BOM_UTF8).decode("latin-1")
