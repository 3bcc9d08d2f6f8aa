"""The `rejects` table: one row is one input, or part of one, that could not become rows elsewhere."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from schemas.columns import column

#: `raw` keeps at most this many bytes of the input.
MAX_RAW: Final = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    reject_id: str = column("Hash of input, stage, reason and raw")
    stage: str = column("Where it failed: read, parse, normalize …")
    reason: str = column("A short fixed word")
    detail: str = column("What exactly was wrong, for a person")
    input: str = column("Where it came from: path or address, and position in it")
    raw: bytes | None = column("The input's bytes, at most 64 KiB", default=None)
    version_id: str | None = column("The article version, where only a part could not be analysed", default=None)
    fetched_at: datetime = column("When the input was fetched, or the run's logical date, UTC")
    run_id: str = column("The run that wrote the row")
    analyzer_version: str = column("Hash of the code, data files and models that made the row")
