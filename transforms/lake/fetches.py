"""What the lake knows of feeds: the newest row of each, published by the same record as the articles it brought.

`_state/feeds.parquet` has them.  Knows: how the rows of a commit follow one another.  Does not know: what a row's
numbers mean (`Settle` says).
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from schemas.arrow import from_table, to_table
from schemas.fetch import Fetch, place
from transforms.lake.seen import Kept, Sighting

STATE: Final = "_state/feeds.parquet"
#: Clocks of machines that share a lake differ by less.
AHEAD: Final = timedelta(minutes=10)
#: The row of a fetch, the row before of the same feed, entries that it brought, new ones: the row as it is stored.
Settle = Callable[[Fetch, Fetch | None, int, int], Fetch]


def newest(lake: Path) -> dict[str, Fetch]:
    """The newest row of each feed by its address; none of a lake that fetched nothing."""
    path = lake / STATE
    return {row.feed: row for row in from_table(Fetch, pq.read_table(path))} if path.exists() else {}


def failing(lake: Path) -> int:
    """Of how many feeds the newest fetch failed."""
    path = lake / STATE
    if not path.exists():
        return 0
    # `read_table` would import pandas, 40 MB for as long as the process lasts.
    with pq.ParquetFile(path) as file:
        errors = file.read(columns=["error"])["error"]
    return len(errors) - errors.null_count


def is_ahead(row: Fetch, now: datetime | None = None) -> bool:
    """Whether a row is of a time to come: a clock was wrong then, and what the row plans is nothing to wait for."""
    return row.fetched_at > (now or datetime.now(UTC)) + AHEAD


def settle_all(
    lake: Path,
    rows: Iterable[Fetch],
    sightings: Iterable[Sighting],
    kept: Iterable[Kept],
    settle: Settle,
    missing: Iterable[str] = (),
) -> tuple[list[Fetch], dict[str, Fetch]]:
    """The rows as they are stored, in the order of time, and the newest of each feed.

    Of a fetch that brought something `missing`, or that rests on a body that the lake did not get before it, no validators
    are kept: the server must not say that nothing has changed.
    """
    state = newest(lake)
    lacking = {order.rpartition("#")[0] for order in missing}
    entries = Counter(order.rpartition("#")[0] for order in {s.order for s in sightings})
    news = Counter(k.order.rpartition("#")[0] for k in kept)
    settled = []
    for row in sorted({row.fetch_id: row for row in rows}.values(), key=lambda row: (row.fetched_at, row.fetch_id)):
        if row.kind == "feed":
            where = place(row.fetched_at, row.feed)
            last = state.get(row.feed)
            rests = row.unchanged or row.error is not None
            if where in lacking or (rests and row.body_hash != (last.body_hash if last else None)):
                row = replace(row, etag=None, last_modified=None, body_hash=None, full_at=None)
            row = settle(row, last, entries[where], news[where])
            if row.feed not in state or state[row.feed].fetched_at <= row.fetched_at or is_ahead(state[row.feed]):
                state[row.feed] = row
        settled.append(row)
    return settled, state


def state_table(state: dict[str, Fetch]) -> pa.Table:
    """The newest rows as a table, in an order of their own."""
    return to_table(Fetch, [row for _, row in sorted(state.items())])
