"""Feed lists: OPML and TOML to Feeds and back; strict, so that a slip in a list is told and never guessed away.

An OPML outline has the usual `xmlUrl`, `text` or `title`, and `language`; what OPML has no word for stands in the
namespace `urn:khabar:feeds`.  A TOML list has a table `[[feed]]` each.  Knows: the fields of a feed.  Does not know: who
fetches it.
"""

import json
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any, Final
from xml.parsers import expat
from xml.sax.saxutils import quoteattr
from zoneinfo import ZoneInfo

from schemas.feed import Feed
from transforms.feeds.addresses import address

NAMESPACE: Final = "urn:khabar:feeds"
#: A list is written by people: a larger file is something else.
MAX_BYTES: Final = 16 << 20
LEAST_INTERVAL, MOST_INTERVAL = 60, 7 * 86400

_SOURCE = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?")
_INTERVAL = re.compile(r"([1-9][0-9]{0,5})([smhd])")
_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,63}")
_HEADER_VALUE = re.compile(r"[\x20-\x7e]{1,1000}")
#: What the client itself says, and what would change how an answer is to be read.
_NOT_TO_SEND: Final = frozenset(
    [
        "host",
        "connection",
        "content-length",
        "transfer-encoding",
        "te",
        "upgrade",
        "accept-encoding",
        "if-none-match",
        "if-modified-since",
        "range",
        "expect",
        "user-agent",
    ]
)


class ListError(Exception):
    """What is wrong with a feed list, one line each."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


def read_list(name: str, data: bytes) -> tuple[Feed, ...]:
    """The feeds of a list in its order; `name` (a path) tells the kind by its suffix and stands in errors.

    Raises ListError with every problem found: line of an OPML outline, number of a TOML table.
    """
    if len(data) > MAX_BYTES:
        raise ListError([f"{name}: more than {MAX_BYTES} bytes: this is no list of feeds"])
    entries = _entries(name, data)
    feeds: list[Feed] = []
    problems: list[str] = []
    first: dict[str, str] = {}
    for where, fields in entries:
        found, wrong = _feed(fields)
        if found and found.url in first:
            wrong = [f"url {found.url} stands at {first[found.url]} already"]
        if wrong or found is None:
            problems += [f"{name}: {where}: {problem}" for problem in wrong]
            continue
        first[found.url] = where
        feeds.append(found)
    if not problems and not feeds:
        problems.append(f"{name}: names no feed")
    if problems:
        raise ListError(problems)
    return tuple(feeds)


def added(name: str, data: bytes, feed: Feed) -> bytes:
    """The list with one more feed at its end, all else as it was; an empty one is begun.

    Raises ListError where the list or the feed is wrong.
    """
    blank = not data.strip()
    known = () if blank else read_list(name, data)
    try:
        written = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ListError([f"{name}: is in another encoding than UTF-8: add the feed by hand"]) from error
    if any(feed.url == other.url for other in known):
        raise ListError([f"{name}: has {feed.url} already"])
    if name.endswith(".toml"):
        text = "" if blank else written.rstrip("\n") + "\n\n"
        changed = (text + _as_toml(feed)).encode()
    else:
        text = _EMPTY_OPML if blank else written
        head, end, tail = text.rpartition("</body>")
        if not end:
            raise ListError([f"{name}: has no </body> to stand before: add the outline by hand"])
        changed = f"{head.rstrip()}\n{_as_outline(feed)}\n  {end}{tail}".encode()
    if feed.url not in {other.url for other in read_list(name, changed)}:
        # Where the last </body> is in a comment.
        raise ListError([f"{name}: has no place to add the feed: add it by hand"])
    return changed


_EMPTY_OPML: Final = (
    f'<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0" xmlns:khabar="{NAMESPACE}">\n'
    "  <head><title>Feeds</title></head>\n  <body>\n  </body>\n</opml>\n"
)


def _entries(name: str, data: bytes) -> list[tuple[str, dict[str, Any]]]:
    """Of each entry where it stands and its fields as they are written."""
    if name.endswith(".toml"):
        return list(_toml(name, data))
    if name.endswith((".opml", ".xml")):
        return _opml(name, data)
    raise ListError([f"{name}: a feed list ends in .opml or .toml"])


def _toml(name: str, data: bytes) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        read = tomllib.loads(data.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ListError([f"{name}: {error}"]) from error
    if unknown := sorted(set(read) - {"feed"}):
        raise ListError([f"{name}: {', '.join(unknown)}: a list has tables [[feed]] alone"])
    tables = read.get("feed", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise ListError([f"{name}: feed is no list of tables: write [[feed]]"])
    for number, table in enumerate(tables, 1):
        yield f"feed {number}", table


def _opml(name: str, data: bytes) -> list[tuple[str, dict[str, Any]]]:
    found: list[tuple[str, dict[str, Any]]] = []
    parser = expat.ParserCreate(namespace_separator=" ")
    roots: list[str] = []

    def start(tag: str, attributes: Mapping[str, str]) -> None:
        if not roots:
            roots.append(tag)
        if tag == "outline" and ("xmlUrl" in attributes or attributes.get("type") in ("rss", "atom")):
            found.append((f"line {parser.CurrentLineNumber}", _outline(attributes)))

    def doctype(*_: Any) -> None:
        raise ListError([f"{name}: line {parser.CurrentLineNumber}: a DOCTYPE has no place in a feed list"])

    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise ListError([f"{name}: {error}"]) from error
    if roots != ["opml"]:
        raise ListError([f"{name}: begins with <{roots[0]}>, and OPML with <opml>"])
    return found


def _outline(attributes: Mapping[str, str]) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "url": attributes.get("xmlUrl"),
        "name": attributes.get("title") or attributes.get("text"),
        "language": attributes.get("language"),
    }
    for key, value in attributes.items():
        space, _, local = key.rpartition(" ")
        if space == NAMESPACE:
            fields[local] = value
    if isinstance(fields.get("fulltext"), str):
        fields["fulltext"] = {"true": True, "false": False}.get(fields["fulltext"], fields["fulltext"])
    if isinstance(fields.get("headers"), str):
        with suppress(ValueError, RecursionError):
            fields["headers"] = json.loads(fields["headers"])
    return {key: value for key, value in fields.items() if value is not None}


def _feed(fields: Mapping[str, Any]) -> tuple[Feed | None, list[str]]:
    """The feed, or what is wrong with its fields."""
    wrong = [
        f"{name} is no field of a feed; there are {', '.join(_FIELDS)}" for name in sorted(set(fields) - set(_FIELDS))
    ]
    wrong += [f"{name} is missing" for name in ("url", "source") if name not in fields]
    read: dict[str, Any] = {}
    for name, value in fields.items():
        if name in _FIELDS:
            try:
                read[name] = _FIELDS[name](value)
            except ValueError as error:
                wrong.append(f"{name} {value!r}: {error}")
    return (None if wrong else Feed(**read)), wrong


def _url(value: Any) -> str:
    url = _text(value)
    if not address(url) or re.search(r"[\s\x00-\x1f]", url):
        raise ValueError("is no http or https address")
    if re.match(r"https?://[^/?#]*@", url):
        raise ValueError("has a name or password in it: send it as a header")
    return url.partition("#")[0]


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("is no text")
    return value.strip()


def _like(pattern: str, what: str) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if not re.fullmatch(pattern, _text(value)):
            raise ValueError(f"is no {what}")
        return _text(value)

    return read


def _zone(value: Any) -> str:
    try:
        ZoneInfo(_text(value))
    except Exception:
        raise ValueError("is no zone of the IANA database, such as Asia/Beirut") from None
    return _text(value)


def _interval(value: Any) -> int:
    found = _INTERVAL.fullmatch(_text(value))
    seconds = int(found[1]) * _UNITS[found[2]] if found else 0
    if not LEAST_INTERVAL <= seconds <= MOST_INTERVAL:
        raise ValueError("is no time from 60s to 7d, such as 15m or 2h")
    return seconds


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("is neither true nor false")
    return value


def _headers(value: Any) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, Mapping):
        raise ValueError("is no table of names and values")
    for name, text in value.items():
        if not _HEADER.fullmatch(name) or name.lower() in _NOT_TO_SEND:
            raise ValueError(f"{name!r} is no header to send")
        if not isinstance(text, str) or not _HEADER_VALUE.fullmatch(text):
            raise ValueError(f"{name}: is no value of printable ASCII")
    return tuple(sorted(value.items()))


_FIELDS: Final[dict[str, Callable[[Any], Any]]] = {
    "url": _url,
    "source": _like(_SOURCE.pattern, "source id: small Latin letters, digits, '.', '_' and '-'"),
    "name": _text,
    "country": _like("[A-Z]{2}", "country, such as LB"),
    "language": _like("[a-z]{2}", "language, such as ar"),
    "timezone": _zone,
    "interval": _interval,
    "fulltext": _flag,
    "headers": _headers,
}


def checked(**fields: Any) -> Feed:
    """A feed of fields as a list would have them; None where one is not given.  Raises ListError."""
    feed, wrong = _feed({name: value for name, value in fields.items() if value is not None})
    if feed is None:
        raise ListError(wrong)
    return feed


def interval_text(seconds: int) -> str:
    """Seconds as a list writes them.

    >>> interval_text(5400), interval_text(86400)
    ('90m', '1d')
    """
    unit = next(u for u in ("d", "h", "m", "s") if seconds % _UNITS[u] == 0)
    return f"{seconds // _UNITS[unit]}{unit}"


def _written(feed: Feed) -> dict[str, str | bool]:
    given: dict[str, str | bool | None] = {
        "url": feed.url,
        "source": feed.source,
        "name": feed.name,
        "country": feed.country,
        "language": feed.language,
        "timezone": feed.timezone,
        "interval": interval_text(feed.interval) if feed.interval else None,
        "fulltext": feed.fulltext or None,
    }
    return {name: value for name, value in given.items() if value is not None}


def _as_toml(feed: Feed) -> str:
    lines = ["[[feed]]"]
    # JSON's strings, true and false are TOML's, too.
    lines += [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in _written(feed).items()]
    if feed.headers:
        pairs = (f"{json.dumps(name)} = {json.dumps(value)}" for name, value in feed.headers)
        lines.append(f"headers = {{ {', '.join(pairs)} }}")
    return "\n".join(lines) + "\n"


def _as_outline(feed: Feed) -> str:
    fields = _written(feed)
    name = str(fields.pop("name", feed.source))
    parts = ["type=" + quoteattr("rss"), "text=" + quoteattr(name), "xmlUrl=" + quoteattr(str(fields.pop("url")))]
    if "language" in fields:
        parts.append("language=" + quoteattr(str(fields.pop("language"))))
    texts = {key: "true" if value is True else str(value) for key, value in fields.items()}
    if feed.headers:
        texts["headers"] = json.dumps(dict(feed.headers))
    # Declared here too: the list's own root may not know the namespace.
    parts.append(f'xmlns:khabar="{NAMESPACE}"')
    parts += [f"khabar:{key}={quoteattr(value)}" for key, value in texts.items()]
    return f"    <outline {' '.join(parts)}/>"
