"""Guard: what must not reach a feed parser.

Knows: what makes XML parsers slow, large or wrong.  Does not know: what a feed means.
Limits were set by measuring feedparser: a DOCTYPE made 160 KB into 5.7 GB, 40,000 attributes took 20 s.
"""

import re
from collections import Counter
from collections.abc import Iterator
from html import unescape
from html.entities import html5
from typing import Final, NamedTuple

from transforms.feeds.errors import BadInput

MAX_BYTES: Final = 32 << 20
MAX_TAG: Final = 64 << 10
MAX_ATTRIBUTES: Final = 256
MAX_DEPTH: Final = 256
MAX_NAMESPACES: Final = 50
MAX_ITEMS: Final = 5000
#: Tags and attributes of a feed beside these for each item: 200,000 take 5 s.
MAX_TAGS: Final = 20_000
TAGS_OF_ITEM: Final = 100
#: Characters of one text: seven million take feedparser 1.9 s and 262 MB, and no article has one.
MAX_TEXT: Final = 1_500_000
#: Ampersands outside CDATA: each is a call of the parser's own, a million take 0.9 s.
MAX_REFERENCES: Final = 500_000
#: Tags and attributes of one item: 15,000 categories take 2 s.
MAX_TAGS_OF_ITEM: Final = 10_000

_DECLARATION = re.compile(r"<\?xml\b[^>]{0,1000}?\?>", re.IGNORECASE)
_DOCTYPE = re.compile(r"<!doctype\b", re.IGNORECASE)
_ROOT = re.compile(r"<[A-Za-z_]")
_IN_DOCTYPE = re.compile(r"\"[^\"]*\"|'[^']*'|<!--|[\[\]>]")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_REFERENCE = re.compile(r"&(?:#(\w{0,4000});?|([A-Za-z][A-Za-z0-9]{0,40});)?")
_XML_NAMES: Final = frozenset(["amp", "lt", "gt", "quot", "apos"])
_OPENING = re.compile(r"<(?:!--|!\[CDATA\[|\?|/?[A-Za-z_][\w:.-]*)")
_ATTRIBUTE = re.compile(r"\s[\w:.-]+\s*=\s*[\"']")
_NAMESPACE = re.compile(r"\sxmlns(?::[\w.-]+)?\s*=")
_VOID: Final = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "meta", "param", "source", "track", "wbr", "p", "li"]
)


class Guarded(NamedTuple):
    """Text that is safe to parse, its number of items, and short fixed words for what was mended."""

    text: str
    items: int
    repairs: tuple[str, ...]


def guard(text: str) -> Guarded:
    """The text of a feed without declaration, DOCTYPE, illegal characters and references.

    Raises BadInput: `doctype` where it has no end, `feed-limits` where a limit of this module is passed.
    """
    text, controls = _CONTROLS.subn("", text.lstrip("\ufeff \t\r\n"))
    root = _ROOT.search(text)
    start = root.start() if root else 0
    text = _without_doctype(_DECLARATION.sub("", text[:start], count=1) + text[start:])
    items = _measure(text)
    # What looks for declarations before the root takes the square of the blank lines there.
    root = _ROOT.search(text)
    start = root.start() if root else 0
    text = " ".join(text[:start].split()) + text[start:]
    pieces, bad = [], 0
    for piece, literal in _pieces(text):
        mended, count = (piece, 0) if literal else _mend_references(piece)
        pieces.append(mended)
        bad += count
    repairs = (("controls", controls), ("references", bad))
    return Guarded("".join(pieces), items, tuple(name for name, count in repairs if count))


def _without_doctype(text: str) -> str:
    root = _ROOT.search(text)
    start = _DOCTYPE.search(text, 0, root.start() if root else len(text))
    if not start:
        return text
    position, depth = start.end(), 0
    while token := _IN_DOCTYPE.search(text, position):
        position = token.end()
        if token[0] == "<!--":
            position = text.find("-->", position) + 3
            if position < 3:
                break
        elif token[0] == ">" and depth <= 0:
            return text[: start.start()] + text[position:]
        else:
            depth += {"[": 1, "]": -1}.get(token[0], 0)
    raise BadInput("doctype", "the DOCTYPE has no end")


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """The text in pieces, and whether each is a CDATA section or comment, where references are plain characters."""
    position = 0
    for match in _OPENING.finditer(text):
        end = {"<!--": "-->", "<![CDATA[": "]]>"}.get(match[0])
        if end is None or match.start() < position:
            continue
        stop = text.find(end, match.end())
        if stop < 0:
            break
        yield text[position : match.start()], False
        position = stop + 3
        yield text[match.start() : position], True
    yield text[position:], False


def _mend_references(text: str) -> tuple[str, int]:
    bad = 0

    def mend(match: re.Match[str]) -> str:
        nonlocal bad
        number, name = match[1], match[2]
        if name in _XML_NAMES:
            return match[0]
        if name and name + ";" in html5:
            return html5[name + ";"].replace("&", "&amp;").replace("<", "&lt;")
        if (
            number
            and len(number) <= 8
            and not _CONTROLS.search(found := unescape(f"&#{number};"))
            and found != "\ufffd"
        ):
            if len(found) == 1:
                return found.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        elif number:
            bad += 1
            return "\ufffd"
        bad += 1
        return "&amp;" + match[0][1:]

    return _REFERENCE.sub(mend, text), bad


def _measure(text: str) -> int:
    """Number of items; raises BadInput (`feed-limits`) where one of the limits is passed."""
    open_tags: Counter[str] = Counter()
    depth = items = namespaces = tags = before = references = 0
    for piece, literal in _pieces(text):
        _limit("characters of a text", len(piece) if literal else 0, MAX_TEXT)
        if literal:
            continue
        references += piece.count("&")
        _limit("references", references, MAX_REFERENCES)
        after = 0
        for match in _OPENING.finditer(piece):
            name = match[0].lstrip("</").lower()
            if not name or name[0] in "!?":
                continue
            _limit("characters of a text", match.start() - after, MAX_TEXT)
            after = match.end()
            tags += 1
            _limit("tags", tags - TAGS_OF_ITEM * items, MAX_TAGS)
            _limit("tags of an item", tags - before, MAX_TAGS_OF_ITEM)
            if match[0].startswith("</"):
                if open_tags[name]:
                    open_tags[name] -= 1
                    depth -= 1
                continue
            tag = piece[match.start() : match.start() + MAX_TAG + 1]
            end = tag.find(">")
            _limit("characters in a tag", len(tag) if end < 0 else end, MAX_TAG)
            tag = tag if end < 0 else tag[: end + 1]
            if "=" in tag:
                attributes = len(_ATTRIBUTE.findall(tag))
                tags += attributes
                _limit("attributes of a tag", attributes, MAX_ATTRIBUTES)
                namespaces += len(_NAMESPACE.findall(tag))
            if name.rpartition(":")[2] in ("item", "entry"):
                items += 1
                before = tags
            if not tag.endswith("/>") and name not in _VOID:
                open_tags[name] += 1
                depth += 1
            _limit("open tags", depth, MAX_DEPTH)
            _limit("items", items, MAX_ITEMS)
            _limit("namespaces", namespaces, MAX_NAMESPACES)
    return items


def _limit(what: str, found: int, most: int) -> None:
    if found > most:
        raise BadInput("feed-limits", f"more than {most} {what}")
