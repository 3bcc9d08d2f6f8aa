"""Feeds: RSS, RDF and Atom by feedparser behind the guard, JSON Feed by `jsonfeed`; one article an entry.

Knows: which fields of an entry are an article's.  Does not know: how dates are read or texts cleaned.
"""

import json
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from io import BytesIO
from typing import Any, Final
from xml.sax import SAXException

from schemas.identity import digest
from schemas.item import Item, RawInput
from transforms.feeds.addresses import address, host_of, resolved
from transforms.feeds.encoding import Decoded, declared_in, read_bytes
from transforms.feeds.errors import BadInput
from transforms.feeds.guard import guard
from transforms.feeds.jsonfeed import read_json_feed
from transforms.feeds.letters import lost_letters
from transforms.feeds.markup import to_line, to_text

Found = Item | BadInput

#: RDF has `dc:date` alone, which feedparser calls `updated`.
_PUBLISHED: Final = ("published", "created", "updated")

#: A longer byline is none.
_MAX_AUTHOR: Final = 500


def parse_feed(raw: RawInput) -> list[Found]:
    """The items of one feed in its order, and a BadInput for each entry that cannot become one.

    Raises BadInput: `not-a-feed` where it is none, `feed` where the parser fails, `json` where a JSON Feed is no JSON,
    and what `guard` and `read_bytes` raise.
    """
    name = raw.address or raw.input
    decoded = read_bytes(raw.payload, raw.declared_encoding or declared_in(raw.payload))
    if decoded.text.lstrip("\ufeff \t\r\n").startswith("{"):
        entries = read_json_feed(decoded.text, address(name))
        return _items(entries, decoded, raw)
    guarded = guard(decoded.text)
    feed = _parsed(guarded.text, name)
    if not feed.get("version") and not feed.entries:
        listed = "<opml" in guarded.text[:1000]
        what = "a list of feeds, which --feeds takes" if listed else "neither RSS, RDF, Atom nor JSON Feed"
        raise BadInput("not-a-feed", what)
    malformed = ("malformed-xml",) if isinstance(feed.get("bozo_exception"), SAXException) else ()
    if malformed and not feed.entries:
        raise BadInput("feed", f"no entry in malformed XML: {feed.bozo_exception}")
    mended = decoded._replace(repairs=(*decoded.repairs, *guarded.repairs, *malformed))
    found = _items(_entries(feed, name), mended, raw)
    if len(found) < guarded.items:
        detail = f"the parser found {len(found)} of {guarded.items} entries"
        found.append(BadInput("entries-lost", detail, position=len(found) + 1))
    return found


@cache
def _feedparser() -> Any:
    """feedparser, mended in two places.

    Its search for an e-mail address takes the square of an author's length: 40 s for 100,000 letters.  It takes every id
    without isPermaLink="false" for a link and resolves it: with `<guid>77</guid>` all articles were new ones when their
    feed moved, and pages were asked for that there are not.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import feedparser
    from feedparser.mixin import _FeedParserMixin
    from feedparser.namespaces._base import Namespace

    search = _FeedParserMixin._sync_author_detail

    def bounded(self: Any, key: str = "author") -> None:
        if len(dict.get(self._get_context(), key) or "") <= _MAX_AUTHOR:
            search(self, key)

    ended = Namespace._end_guid

    def opaque(self: Any) -> None:
        element, _, pieces = self.elementstack[-1] if self.elementstack else ("", 0, [])
        text = "".join(piece for piece in pieces if isinstance(piece, str)).strip()
        if element == "id" and not text.startswith("/") and not address(text):
            self.guidislink = False
        ended(self)

    _FeedParserMixin._sync_author_detail = bounded
    Namespace._end_guid = Namespace._end_id = opaque
    return feedparser


def _parsed(text: str, name: str) -> Any:
    headers = {"content-type": "application/xml; charset=utf-8"}
    if base := address(name):
        headers["content-location"] = base
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # Bytes would be opened as a path where they name a file.
            return _feedparser().parse(
                BytesIO(text.encode("utf-8", "replace")),
                response_headers=headers,
                resolve_relative_uris=False,
                sanitize_html=False,
            )
    except Exception as error:
        # It knows no errors of its own: whatever it raises, this feed cannot be read.
        raise BadInput("feed", f"{type(error).__name__}: {error}") from error


def _entries(feed: Any, name: str) -> Iterable[tuple[dict[str, str | None], Any]]:
    """The raw fields of each entry beside the entry itself."""
    about = feed.feed
    home = resolved(_get(about, "link"), address(name))
    itself = next((resolved(_get(x, "href")) for x in about.get("links", ()) if x.get("rel") == "self"), None)
    for entry in feed.entries:
        guid, link = _get(entry, "id"), _get(entry, "link")
        # A guid that says to be an address and is none.
        if link and link == guid and not address(link):
            link = None
        url = resolved(_get(entry, "feedburner_origlink") or link, home, itself, address(name))
        bodies = [c for c in entry.get("content", ()) if _get(c, "value")]
        body = max((c["value"] for c in bodies), key=len, default=None)
        details = [*bodies, entry.get("summary_detail"), entry.get("title_detail")]
        tags = (_get(tag, "label") or _get(tag, "term") for tag in entry.get("tags", ()))
        yield (
            {
                "guid": guid,
                "source": host_of(home) or host_of(itself) or host_of(address(name)) or host_of(url),
                "url": url,
                "title": _get(entry, "title"),
                "summary": _get(entry, "summary"),
                "text": body,
                "author": _author(entry),
                "section": next(filter(None, tags), None),
                "language": next((d["language"] for d in details if d and d.get("language")), _get(about, "language")),
                "published": next((date for key in _PUBLISHED if (date := _get(entry, key))), None),
                "updated": _get(entry, "updated"),
            },
            entry,
        )


def _author(entry: Any) -> str | None:
    name = _get(entry.get("author_detail") or {}, "name") or _get(entry, "author")
    return name if name and len(name) <= _MAX_AUTHOR else None


def _get(values: Any, key: str) -> str | None:
    """A text field that is not empty; feedparser's own `get` answers for other keys too, with a warning."""
    value = dict.get(values, key)
    return value.strip() or None if isinstance(value, str) else None


def _items(entries: Iterable[tuple[dict[str, str | None], Any]], decoded: Decoded, raw: RawInput) -> list[Found]:
    given = list(entries)
    links: dict[str, set[str]] = defaultdict(set)
    for fields, _ in given:
        if fields["guid"] and fields["url"]:
            links[fields["guid"]].add(fields["url"])
    repeated = {guid for guid, urls in links.items() if len(urls) > 1}
    found: list[Found] = []
    for position, (fields, entry) in enumerate(given, 1):
        try:
            item = _item(fields, decoded, raw, position)
        except BadInput as error:
            kept = json.dumps(entry, ensure_ascii=False, default=str).encode("utf-8", "replace")
            found.append(BadInput(error.reason, error.detail, position, kept))
            continue
        if item.guid in repeated:
            # The publisher tells such guids from others, also where a later fetch has one of them alone.
            item = replace(item, repairs=(*item.repairs, "guid-repeated"))
        found.append(item)
    return found


_PLAIN: Final[dict[str, Callable[[str | None], str | None]]] = {
    "title": to_line,
    "summary": to_text,
    "text": to_text,
    "author": to_line,
    "section": to_line,
}


def _item(fields: dict[str, str | None], decoded: Decoded, raw: RawInput, position: int) -> Item:
    plain: dict[str, Any] = fields | {name: strip(fields[name]) for name, strip in _PLAIN.items()}
    if not plain["text"]:
        plain["text"] = plain["summary"]
    if plain["summary"] == plain["text"]:
        plain["summary"] = None
    if not plain["text"] and not plain["title"]:
        raise BadInput("no-text", "the entry has neither text nor title")
    return Item(
        input=raw.input,
        position=position,
        format=raw.format,
        published_from="field" if plain["published"] else None,
        encoding=decoded.encoding,
        repairs=(*decoded.repairs, *lost_letters(plain["title"], plain["summary"], plain["text"])),
        # What a version is made of: links are signed afresh and dates moved at every fetch of some feeds.
        raw_hash=digest(fields["title"], fields["summary"], fields["text"]),
        **plain,
    )
