"""Markup: HTML in a field of a feed to plain text, paragraphs on lines of their own.

Knows: which elements begin a line and which hold no text.  Does not know: what of a whole page is its article (see
`html`).
"""

import re
from html import unescape
from typing import Final

_BLOCKS: Final = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "br",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "title",
        "tr",
        "ul",
    ]
)
_SILENT: Final = frozenset(["head", "iframe", "noscript", "object", "script", "style", "svg", "template", "textarea"])
_TAG = re.compile(r"<(?:[a-z/]|!--)", re.IGNORECASE)
#: Markup that was escaped twice shows as text.
_ESCAPED = re.compile(r"</?(?:p|br|div|span|a|b|i|strong|em|img|ul|li)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_REFERENCE = re.compile(r"&(?:#\w{1,8}|\w{2,32});")


class _Text:
    """Collects the text of a parser's events: no tree, so that depth costs nothing."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.silent = 0

    def start(self, tag: str, attributes: object) -> None:
        self.silent += tag in _SILENT
        if tag in _BLOCKS:
            self.parts.append("\n")

    def end(self, tag: str) -> None:
        self.silent -= tag in _SILENT
        if tag in _BLOCKS:
            self.parts.append("\n")

    def data(self, text: str) -> None:
        if not self.silent:
            # White space in HTML is one blank; what begins a line are the elements.
            self.parts.append(re.sub(r"[ \t\r\n\f]+", " ", text))

    def comment(self, text: str) -> None:
        """Says nothing."""

    def close(self) -> str:
        return "".join(self.parts)


def to_text(markup: str | None) -> str | None:
    r"""The text of a piece of HTML, or of plain text as it is; None where nothing is left.

    >>> to_text("<p>one <b>two</b></p><p>three &amp; four</p>")
    'one two\nthree & four'
    """
    if not markup:
        return None
    text = _strip(markup)
    if _ESCAPED.search(text):
        text = _strip(text)
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line) or None


def to_line(markup: str | None) -> str | None:
    """The same on one line: for headlines and names."""
    text = to_text(markup)
    return " ".join(text.split()) if text else None


def _strip(markup: str) -> str:
    if not _TAG.search(markup):
        return unescape(markup) if _REFERENCE.search(markup) else markup
    from lxml import etree

    parser = etree.HTMLParser(target=_Text(), huge_tree=True)
    parser.feed(f"<div>{markup}</div>")
    return str(parser.close())
