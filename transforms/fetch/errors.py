"""Why a fetch failed: a row in `fetches`, never a crash."""


class FetchError(Exception):
    """`kind` is a short fixed word, `detail` is for a person; `status` where the server answered with one."""

    def __init__(
        self, kind: str, detail: str, status: int | None = None, retry_after: float | None = None, received: int = 0
    ) -> None:
        super().__init__(f"{kind}: {detail}")
        self.kind = kind
        self.detail = detail
        self.status = status
        #: Seconds that the server asks to be left alone.
        self.retry_after = retry_after
        #: Bytes of the body that came.
        self.received = received
