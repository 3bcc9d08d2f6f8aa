"""robots.txt: whether a page may be fetched.  Asked for pages alone: a feed is published to be read by machines.

Knows: RFC 9309.  Does not know: what a page is good for.
"""

import asyncio
from typing import Any, Final
from urllib.parse import urlsplit

from transforms.fetch.client import Client
from transforms.fetch.errors import FetchError
from transforms.fetch.politeness import Clock, SystemClock

#: RFC 9309 asks for this much to be read at least.
_MAX_BYTES: Final = 512 << 10
#: Seconds that an answer holds; a server that did not answer is asked again sooner.
_KEPT, _KEPT_FAILURE = 86400.0, 3600.0
_MANY: Final = 5000


class Robots:
    """The rules of each site, fetched once a day."""

    def __init__(self, client: Client, clock: Clock | None = None) -> None:
        self._client = client
        self._clock = clock or SystemClock()
        #: Of each site: until when its rules hold, and the rules; None forbids all.
        self._known: dict[str, tuple[float, Any]] = {}
        self._asking: dict[str, asyncio.Lock] = {}

    async def allows(self, url: str, asked_by: str) -> bool:
        """Whether the page that the feed `asked_by` links to may be fetched; no where the site fails to say."""
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        async with self._asking.setdefault(site, asyncio.Lock()):
            until, rules = self._known.get(site, (float("-inf"), None))
            if until <= self._clock.now():
                rules, kept = await self._fetched(site, asked_by)
                if len(self._known) >= _MANY:
                    self._known.clear()
                    self._asking = {name: lock for name, lock in self._asking.items() if lock.locked()}
                self._known[site] = (self._clock.now() + kept, rules)
        return rules is not None and bool(rules.can_fetch(url, self._client.agent))

    async def _fetched(self, site: str, asked_by: str) -> tuple[Any, float]:
        import protego

        try:
            answer = await self._client.get(f"{site}/robots.txt", most=_MAX_BYTES, asked_by=asked_by)
        except FetchError as error:
            if (
                error.kind in ("too-large", "redirects", "redirect-loop", "redirect")
                or 400 <= (error.status or 0) < 500
            ):
                return protego.Protego.parse(""), _KEPT
            return None, _KEPT_FAILURE
        if answer.status == 200:
            return protego.Protego.parse(answer.body.decode("utf-8", "replace")), _KEPT
        if 400 <= answer.status < 500 and answer.status != 429:
            return protego.Protego.parse(""), _KEPT
        return None, _KEPT_FAILURE
