"""Addresses: links as feeds and pages write them to http addresses.

Knows: relative links.  Does not know: which addresses are the same article (see `transforms.lake.keys`).
"""

from urllib.parse import urljoin, urlsplit


def address(name: str | None) -> str | None:
    """The name where it is an http address with a host, and a port that there is, else None."""
    try:
        parts = urlsplit(name or "")
        # Asked for its port, it raises where that is no number up to 65535.
        return name if parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 else None
    except ValueError:
        return None


def host_of(url: str | None) -> str | None:
    """The host of an http address, without `www.`.

    >>> host_of("https://www.example.org/news/")
    'example.org'
    """
    return (urlsplit(url).hostname or "").removeprefix("www.") if url and address(url) else None


def resolved(link: str | None, *bases: str | None) -> str | None:
    """The http address that a link names, resolved against the first of the bases that is one; None for others.

    >>> resolved("77.html", None, "https://example.org/news/")
    'https://example.org/news/77.html'
    """
    link = (link or "").strip()
    base = next((base for base in bases if address(base)), None)
    try:
        return address(urljoin(base or "", link)) if link else None
    except ValueError:
        return None
