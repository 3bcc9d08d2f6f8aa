"""Parsers: of each kind of input what makes items of it."""

from typing import Final

from transforms.feeds.fulltext import parse_entry
from transforms.feeds.html import parse_page
from transforms.feeds.jsonl import parse_line
from transforms.feeds.rss import parse_feed
from transforms.feeds.text import parse_text
from transforms.parse import Parser

PARSERS: Final[dict[str, Parser]] = {
    "jsonl": parse_line,
    "text": parse_text,
    "feed": parse_feed,
    "html": parse_page,
    "entry": parse_entry,
}
