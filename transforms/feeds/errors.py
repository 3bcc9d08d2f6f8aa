"""Known bad input: it becomes a row in `rejects`, never a crash."""


class BadInput(Exception):
    """An input that cannot become an article: `reason` is a short fixed word, `detail` is for a person."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
