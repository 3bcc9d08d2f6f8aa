"""Pages: one article a page, found by trafilatura.

Knows: which meta elements name publisher, address and date.  Does not know: how dates are read or texts cleaned.
"""

import re
import warnings
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final

from schemas.identity import digest
from schemas.item import Item, RawInput
from transforms.feeds.addresses import address, host_of, resolved
from transforms.feeds.encoding import declared_in, read_bytes
from transforms.feeds.errors import BadInput
from transforms.feeds.guard import MAX_ATTRIBUTES, MAX_DEPTH
from transforms.feeds.letters import lost_letters
from transforms.feeds.markup import to_line, to_text

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_PUBLISHED: Final = (
    "article:published_time",
    "datepublished",
    "og:published_time",
    "dc.date.issued",
    "date",
    "pubdate",
)
_UPDATED: Final = ("article:modified_time", "datemodified", "og:updated_time")
_ZONED = re.compile(r"\d{4}-\d\d-\d\dT?.*(?:Z|[+-]\d\d:?\d\d)$", re.ASCII | re.IGNORECASE)
_JSON_LD = re.compile(r'"(date(?:Published|Modified))"\s*:\s*"([^"\\<>]{8,40})"')
#: Elements that a page has at most: twice as many take trafilatura over a second; measured pages have 300 to 900.
MAX_ELEMENTS: Final = 10_000
#: A longer headline is none.
_MAX_TITLE: Final = 1000


class _Limits:
    """Counts what a parser meets."""

    def __init__(self) -> None:
        self.elements = self.depth = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.elements += 1
        self.depth += 1
        if self.elements > MAX_ELEMENTS or self.depth > MAX_DEPTH or len(attributes) > MAX_ATTRIBUTES:
            raise BadInput(
                "page-limits",
                f"more than {MAX_ELEMENTS} elements, {MAX_DEPTH} open ones or {MAX_ATTRIBUTES} attributes of one",
            )

    def end(self, tag: str) -> None:
        self.depth -= 1

    def close(self) -> None:
        """Has nothing to give."""


def parse_page(raw: RawInput) -> Item:
    """The article of one page.

    Raises BadInput: `no-text` where the page holds no article, `page-limits` where it has more elements, deeper
    ones or more attributes than a page has, `html` where the parser fails, and what `read_bytes` raises.
    """
    decoded = read_bytes(raw.payload, raw.declared_encoding or declared_in(raw.payload))
    tree = _tree(_CONTROLS.sub("", decoded.text))
    metas = _metas(tree)
    base = address(raw.address or raw.input)
    links = [link.get("href") for link in tree.iter("link") if "canonical" in (link.get("rel") or "").lower().split()]
    url = resolved(next(filter(None, links), None), base) or resolved(_first(metas, "og:url"), base) or base
    language = tree.get("lang")
    site = next((to_line(name) for name in metas.get("og:site_name", ()) if not address(name)), None)
    page = _extracted(tree, url)
    headlines = (to_line(title) for title in (page.title, _first(metas, "og:title")))
    title = _without_site(next((t for t in headlines if t and len(t) <= _MAX_TITLE), None), site)
    text = _without_title(to_text(page.text), title)
    if not text:
        raise BadInput("no-text", "no article is found in the page")
    for name, value in _JSON_LD.findall(decoded.text):
        metas.setdefault(name.lower(), []).append(value)
    published = _date(metas, _PUBLISHED) or page.date
    fields = {
        "source": site or host_of(url),
        "url": url,
        "title": title,
        "summary": to_text(page.description),
        "text": text,
        "author": to_line(page.author),
        "section": to_line(_first(metas, "article:section") or next(iter(page.categories or ()), None)),
        "language": language,
        "published": published,
        "updated": _date(metas, _UPDATED),
    }
    return Item(
        input=raw.input,
        position=raw.position,
        format=raw.format,
        published_from="meta" if published else None,
        encoding=decoded.encoding,
        repairs=(*decoded.repairs, *lost_letters(title, text)),
        raw_hash=digest(*fields.values()),
        **fields,
    )


def _tree(text: str) -> Any:
    from lxml import etree
    from lxml.html import HTMLParser

    data = text.encode("utf-8", "replace")
    try:
        # Events cost little; of a tree, 100,000 attributes on one element take 15 s.
        etree.fromstring(data, etree.HTMLParser(encoding="utf-8", target=_Limits()))
        tree = etree.fromstring(data, HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True))
    except etree.LxmlError as error:
        raise BadInput("html", str(error)) from error
    if tree is None:
        raise BadInput("no-text", "the page is empty")
    return tree


def _metas(tree: Any) -> dict[str, list[str]]:
    """The contents of the meta and time elements by their names in lower case."""
    found: dict[str, list[str]] = {}
    for meta in tree.iter("meta", "time"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        if content := (meta.get("content") or meta.get("datetime") or "").strip():
            found.setdefault(name.strip().lower(), []).append(content)
    return found


@cache
def _trafilatura() -> Any:
    with warnings.catch_warnings():
        # Its downloader, which nobody uses here, asks for an optional package.
        warnings.simplefilter("ignore")
        import trafilatura
    return trafilatura


def _extracted(tree: Any, url: str | None) -> Any:
    extract = _trafilatura().bare_extraction
    try:
        page = extract(
            tree,
            url=url,
            with_metadata=True,
            include_comments=False,
            date_extraction_params={"extensive_search": False, "original_date": True},
        )
    except Exception as error:
        # It names no errors of its own: whatever it raises, this page cannot be read.
        raise BadInput("html", f"{type(error).__name__}: {error}") from error
    if page is None:
        raise BadInput("no-text", "no article is found in the page")
    return page


def _first(metas: dict[str, list[str]], name: str) -> str | None:
    return next(iter(metas.get(name, ())), None)


def _date(metas: dict[str, list[str]], names: Iterable[str]) -> str | None:
    """The first date of these names that tells its zone, else the first: zones tell the publisher's own day."""
    dates = [date for name in names for date in metas.get(name, ())]
    return next((date for date in dates if _ZONED.match(date)), None) or next(iter(dates), None)


def _without_site(title: str | None, site: str | None) -> str | None:
    """The headline without the publisher's name that pages put behind it."""
    if not title or not site:
        return title
    return re.sub(rf"\s+[-–—|:•]\s+{re.escape(site)}$", "", title) or title


def _without_title(text: str | None, title: str | None) -> str | None:
    """The body without the headline as its first line."""
    first, _, rest = (text or "").partition("\n")
    return rest.strip() or None if title and " ".join(first.split()) == title else text
