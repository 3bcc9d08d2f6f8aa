"""Known bad input: it becomes a row in `rejects`, never a crash."""


class BadInput(Exception):
    """An input that cannot become an article: `reason` is a short fixed word, `detail` is for a person.

    A parser raises it where the whole input is bad and lists it among its items where one entry is: `position` is then
    the entry's number from 1 and `raw` what is kept of it.
    """

    def __init__(self, reason: str, detail: str, position: int = 0, raw: bytes | None = None) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
        self.position = position
        self.raw = raw
