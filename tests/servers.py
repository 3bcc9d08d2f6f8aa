"""Servers on loopback whose every byte a test decides, and names that lead to them."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Self

#: Answers a connection, of which the request's head was read.
Handler = Callable[[socket.socket, bytes], None]


class RawServer:
    """Accepts connections of an address of loopback in a thread and lets the handler answer each request."""

    def __init__(self, handler: Handler, address: str = "127.0.0.1") -> None:
        self._handler = handler
        self._socket = socket.create_server((address, 0))
        self.port = self._socket.getsockname()[1]
        #: Heads of the requests, and when they came.
        self.requests: list[bytes] = []
        self.times: list[float] = []
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        # Closing alone would leave the thread that waits for one connection more.
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for connection in self._open:
            connection.close()

    def url(self, path: str = "/rss", host: str = "news.test") -> str:
        """An address that leads here by a name."""
        return f"http://{host}:{self.port}{path}"

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                self._open.append(connection)
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            head = b""
            while b"\r\n\r\n" not in head:
                if not (piece := connection.recv(65536)):
                    return
                head += piece
            self.requests.append(head)
            self.times.append(time.monotonic())
            self._handler(connection, head)


def answer(body: bytes = b"", status: str = "200 OK", *headers: str, length: int | None = None) -> bytes:
    """The bytes of an answer after which the connection is closed."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", "Connection: close"]
    return "\r\n".join([*lines, *headers, "", ""]).encode() + body


def saying(*answers: bytes) -> Handler:
    """Gives the answers one after another, the last one for ever."""
    left: Iterator[bytes] = iter(answers)
    last = answers[-1]

    def handle(connection: socket.socket, _: bytes) -> None:
        connection.sendall(next(left, last))

    return handle


async def loopback(host: str, port: int) -> Sequence[str]:
    """Every name is this machine."""
    return ["127.0.0.1"]


RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>أخبار</title><link>http://news.test/</link>{}</channel></rss>"""


def rss(*items: str) -> bytes:
    """A feed of these items."""
    return RSS.format("".join(f"<item>{item}</item>" for item in items)).encode()


def item(n: int, title: str | None = None, text: str | None = None, link: str | None = None) -> str:
    """An entry of the genre, with a guid of its own."""
    title = title or f"اجتماع وزاري رقم {n} في بيروت"
    text = text or (
        f"قال مصدر حكومي في بيروت إن الوزراء ناقشوا البند رقم {n} من جدول الأعمال، وأكد أن الجلسة المقبلة ستعقد يوم الخميس "
        "بعد أن طلب عدد من الأعضاء مهلة لدراسة المقترحات التي قدمتها اللجنة الفنية."
    )
    link = link or f"http://news.test/{n}.html"
    return (
        f"<title>{title}</title><link>{link}</link><guid isPermaLink='false'>g{n}</guid>"
        f"<pubDate>Sat, 01 Jun 2024 0{n % 10}:00:00 +0300</pubDate><description>{text}</description>"
    )
