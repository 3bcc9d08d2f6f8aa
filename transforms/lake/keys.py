"""What makes two sightings the same article: keys of guid, address and content, each within its source.

Pure; knows URLs and what no guid looks like.  Does not know: what has been seen (`transforms.lake.seen`).
"""

import re
import unicodedata
from typing import Final, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from courlan import clean_url
from w3lib.url import canonicalize_url

from schemas.identity import digest

#: Query parameters that change at every fetch: signatures, sessions, expiries.
_VOLATILE: Final = re.compile(
    r"(?:access_?|auth_?|csrf_?)?token|sig|signature|hmac|expires?|exp|session(?:_?id)?|sid|phpsessid|jsessionid|nonce|_|x-amz-.*|x-goog-.*",
    re.IGNORECASE,
)
#: The same in the path, as servlets and PHP write it for a visitor without cookies.
_SESSION: Final = re.compile(r";(?:jsessionid|phpsessid|sid|session_?id)=[^/;]*", re.IGNORECASE)
_NO_LETTERS: Final = re.compile(r"[\W_ـ]+")
#: A shorter text (`more at the link`) tells a story only together with its title.
_STORY_LETTERS: Final = 100


class Keys(NamedTuple):
    """Hashes; None where there is no such thing.  `story` is the same across sources, the others are not."""

    guid: str | None
    url: str | None
    content: str
    story: str

    @property
    def article_id(self) -> str:
        """The identity that a first sighting gives."""
        return digest("article", self.guid or self.url or self.content)


def keys_of(source: str, guid: str | None, url: str | None, title: str | None, text: str | None) -> Keys:
    """The keys of an article with these cleaned fields; a guid that only repeats the URL counts as none."""
    address = canonical(url)
    given = guid.strip() if guid and guid != url and not _is_no_guid(guid, title) else None
    given = given and (canonical(given) or given)
    headline, body = squeezed(title), squeezed(text)
    return Keys(
        guid=digest("guid", source, given) if given and given != address else None,
        url=digest("url", source, address) if address else None,
        content=digest("content", source, headline, body),
        story=digest("story", body) if len(body) >= _STORY_LETTERS else digest("story", headline, body),
    )


def canonical(url: str | None) -> str | None:
    """An http or https address without trackers, signatures and fragment; None for others and for a bare home page."""
    try:
        parts = urlsplit((url or "").strip())
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return None
        query = parse_qsl(parts.query, keep_blank_values=True)
        kept = [(key, value) for key, value in query if not _VOLATILE.fullmatch(key)]
        if len(kept) < len(query):
            parts = parts._replace(query=urlencode(kept))
        cleaned = clean_url(parts._replace(path=_SESSION.sub("", parts.path)).geturl())
        address = canonicalize_url(cleaned) if cleaned else None
    except ValueError:
        return None
    home = address is None or (urlsplit(address).path in ("", "/") and not urlsplit(address).query)
    return None if home else address


def squeezed(text: str | None) -> str:
    """Letters and digits only, compatible forms and hamza seats as one: how texts are compared.

    >>> squeezed("أَخبار، اليوم!") == squeezed("اخبار اليوم")
    True
    """
    return _NO_LETTERS.sub("", unicodedata.normalize("NFKD", text or "").casefold())


def _is_no_guid(guid: str, title: str | None) -> bool:
    """Whether it is a headline, or an address that changes at every fetch."""
    if re.search(r"\s", guid.strip()) or not guid.strip() or (title and squeezed(guid) == squeezed(title)):
        return True
    try:
        query = urlsplit(guid).query if guid.startswith(("http://", "https://")) else ""
    except ValueError:
        return False
    return any(_VOLATILE.fullmatch(key) for key, _ in parse_qsl(query, keep_blank_values=True))
