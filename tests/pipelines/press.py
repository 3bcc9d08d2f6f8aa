"""Twenty papers whose feeds change, fail, hang, jump back and repeat one another, each at an address of its own.

What a paper has told stays told until the lake has it, so that whoever reads long enough reads all of it: an article is
edited, or leaves its feed, only after `in_lake` says so.
"""

import socket
import threading
import time
from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Self

from tests.pipelines.whole_runs import article
from tests.servers import RawServer, answer, rss

#: What a paper answers to its nth request.
Mood = Callable[[int], str]
MOODS: dict[str, Mood] = {
    "well": lambda n: "well",
    "failing": lambda n: "500" if n % 3 == 1 else "well",
    "hanging": lambda n: "hang" if n % 4 == 2 else "well",
    "cut": lambda n: "cut" if n % 3 == 2 else "well",
    "page": lambda n: "page" if n % 4 == 1 else "well",
    "back": lambda n: "old" if n % 3 == 2 else "well",
    "dead": lambda n: "404",
}
#: The mood of each paper; what its articles are is `Press.write`'s to say.
PAPERS = ["well"] * 9 + [
    "failing",
    "failing",
    "hanging",
    "hanging",
    "cut",
    "page",
    "back",
    "back",
    "well",
    "well",
    "dead",
]
EDITED, SHORT, COPIES, TWINS, BROKEN = 1, 2, (3, 4), (5, 6), 18


def entry(number: int, host: str, edition: int = 1, guid: str | None = None) -> str:
    """An article as an entry of a feed; another edition has another text."""
    facts = article(number)
    more = "" if edition == 1 else f" وأضاف المصدر أن التحقيق مستمر في {edition} مواقع."
    date = format_datetime(datetime.fromisoformat(facts["published"]))
    return (
        f"<title>{facts['title']}</title><link>http://{host}/{number}.html</link>"
        f"<guid isPermaLink='false'>{guid or f'g{number}'}</guid><pubDate>{date}</pubDate>"
        f"<description>{facts['text']}{more}</description>"
    )


class Paper:
    """A feed at an address of loopback."""

    def __init__(self, index: int, mood: str) -> None:
        self.index, self.mood = index, MOODS[mood]
        self.host = f"127.0.1.{index + 1}"
        self.lock, self.closed = threading.Lock(), threading.Event()
        self.asked = 0
        #: When it was first asked, seconds of the epoch.
        self.first = float("inf")
        self.head: list[str] = []
        #: Entries that are listed, by guid, the newest last; all editions that were ever listed, by guid.
        self.listed: dict[str, str] = {}
        self.editions: dict[str, list[str]] = {}
        #: When each guid was first listed, seconds of the epoch.
        self.told: dict[str, float] = {}
        self.changes = self.served = 0
        self.server = RawServer(self._handle, self.host)
        self.url = f"http://{self.host}:{self.server.port}/rss"

    def tell(self, guid: str, told: str) -> None:
        """Lists an entry, or another edition of it."""
        with self.lock:
            self.listed[guid] = told
            self.editions.setdefault(guid, []).append(told)
            self.told.setdefault(guid, time.time())
            self.changes += 1

    def drop(self, guid: str) -> None:
        """Lists an entry no more."""
        with self.lock:
            del self.listed[guid]
            self.changes += 1

    def _handle(self, connection: socket.socket, head: bytes) -> None:
        with self.lock:
            mood, self.asked = self.mood(self.asked), self.asked + 1
            self.first = min(self.first, time.time())
            entries, changes = [*self.listed.values()], self.changes
        if mood == "hang":
            self.closed.wait(60)
            return
        if mood in ("500", "404"):
            connection.sendall(answer(b"no", f"{mood} No"))
            return
        if mood == "page":
            page = "<html><body><p>صيانة</p></body></html>".encode()
            connection.sendall(answer(page, "200 OK", "Content-Type: text/html"))
            return
        body = rss(*self.head, *reversed(entries[:-2] if mood == "old" else entries))
        tag = f'"{self.index}-{changes}-{mood}"'
        if f"If-None-Match: {tag}".lower().encode() in head.lower():
            connection.sendall(answer(b"", "304 Not Modified", f"ETag: {tag}", length=0))
        else:
            length = 2 * len(body) if mood == "cut" else None
            connection.sendall(answer(body, "200 OK", f"ETag: {tag}", "Content-Type: text/xml", length=length))
        if mood == "well":
            self.served = max(self.served, changes)


class Press:
    """The papers; `write` lets each tell a story more."""

    def __init__(self, in_lake: Callable[[], set[tuple[str, int]]], calm: bool = False) -> None:
        self.papers = [Paper(index, "well" if calm else mood) for index, mood in enumerate(PAPERS)]
        self._in_lake = in_lake
        self.rounds = 0
        # Always the first entry: nothing can be read in it.
        self.papers[BROKEN].head = ["<guid isPermaLink='false'>broken</guid>"]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for paper in self.papers:
            paper.closed.set()
            paper.server.__exit__()

    def feeds(self, path: Path, more: str = "") -> Path:
        """The list of all papers, with lines more for each; the twins are two feeds of one publisher."""
        source = {TWINS[1]: f"paper{TWINS[0]}"}
        lines = [
            f'[[feed]]\nurl = "{p.url}"\nsource = "{source.get(p.index, f"paper{p.index}")}"\ntimezone = "Asia/Beirut"\n{more}\n'
            for p in self.papers
        ]
        path.write_text("\n".join(lines), "utf-8")
        return path

    @property
    def hosts(self) -> str:
        """All addresses, as `--allow-private` takes them."""
        return ",".join(paper.host for paper in self.papers)

    def write(self) -> None:
        """Each paper tells a story more; what the lake has is edited, and leaves the short one."""
        number, known = self.rounds, self._in_lake()
        self.rounds += 1
        for paper in self.papers:
            own = paper.index * 1000 + number
            if paper.index in COPIES:
                # The story of another paper, as one of its own.
                paper.tell(f"g{own}", entry(number, paper.host, guid=f"g{own}"))
            elif paper.index == TWINS[1]:
                twin = self.papers[TWINS[0]]
                paper.tell(f"g{twin.index * 1000 + number}", entry(twin.index * 1000 + number, twin.host))
            else:
                paper.tell(f"g{own}", entry(own, paper.host))
        edited, short = self.papers[EDITED], self.papers[SHORT]
        for guid in list(edited.listed):
            if (guid, 1) in known and len(edited.editions[guid]) == 1 and int(guid[1:]) % 2:
                edited.tell(guid, entry(int(guid[1:]), edited.host, 2))
        for guid in list(short.listed)[:-3]:
            if (guid, 1) in known:
                short.drop(guid)

    def read(self) -> bool:
        """Whether every paper but the dead ones was read as it is now."""
        return all(p.served == p.changes for p in self.papers if p.mood(0) != "404")

    def replay(self, edition: int) -> None:
        """From now on every paper answers, with all that it ever told, in this edition where there is one."""
        for paper in self.papers:
            with paper.lock:
                paper.listed = {guid: told[min(edition, len(told)) - 1] for guid, told in paper.editions.items()}
                paper.changes += 1
                if paper.mood(0) != "404":
                    paper.mood = MOODS["well"]


class Telling:
    """A thread in which the papers tell a story more every few seconds, so many at most, until the block ends."""

    def __init__(self, press: Press, seconds: float, most: int) -> None:
        self._press, self._seconds, self._most = press, seconds, most
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._tell, daemon=True)

    def _tell(self) -> None:
        for _ in range(self._most):
            if self._end.wait(self._seconds):
                return
            self._press.write()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()
