"""show: the newest events of a lake as a table, by one DuckDB query that stands here to be copied.

Cells of Arabic stand between Unicode isolates (U+2068, U+2069), so that a terminal that knows bidi keeps columns and
punctuation in place, and one that does not loses nothing.
"""

import argparse
import sys
from pathlib import Path
from typing import Any, Final

QUERY: Final = """
    SELECT coalesce(e.date_start, e.published_date) AS day, e.type, e.status,
           coalesce(e.actor_name, e.actor_text) AS actor, e.trigger,
           coalesce(e.target_name, e.target_text) AS target,
           e.place_text AS place, coalesce(e.said_by_name, e.said_by_text) AS said_by, a.source
    FROM read_parquet('{lake}/events/*/*.parquet', hive_partitioning = true, union_by_name = true) e
    JOIN read_parquet('{lake}/articles/*/*.parquet', hive_partitioning = true, union_by_name = true) a
        USING (version_id)
    {where}
    ORDER BY a.published_at DESC NULLS LAST, e.version_id, e.trigger_start
    LIMIT {limit:d}
"""


def isolated(value: Any) -> str:
    """A cell's text; right-to-left letters between isolates, None as an empty cell."""
    text = "" if value is None else " ".join(str(value).split())
    return f"\u2068{text}\u2069" if any("\u0590" <= c <= "\u08ff" for c in text) else text


def events(lake: str, type: str | None = None, limit: int = 20) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Column names and rows of the newest events, newest article first.  Raises FileNotFoundError for no such lake."""
    import duckdb

    if not Path(lake, "events").is_dir():
        raise FileNotFoundError(f"{lake} holds no table `events`: is it a lake, and has anything been ingested?")
    where = "WHERE e.type = $type" if type else ""
    query = QUERY.format(lake=lake.replace("'", "''"), where=where, limit=limit)
    with duckdb.connect() as db:
        result = db.execute(query, {"type": type} if type else {})
        return [d[0] for d in result.description or ()], result.fetchall()


def main(argv: list[str] | None = None) -> int:
    """Exit codes: 0, or 2 where the lake has no events or an option is wrong."""
    from schemas.event import EVENT_TYPES

    parser = argparse.ArgumentParser(prog="khabar show", description="Print the newest events of a lake.")
    parser.add_argument("lake", help="folder of the lake")
    parser.add_argument("--limit", type=int, default=20, help="how many events (default 20)")
    parser.add_argument("--type", choices=EVENT_TYPES, metavar="TYPE", help=f"one of {', '.join(EVENT_TYPES)}")
    args = parser.parse_args(argv)
    try:
        names, rows = events(args.lake, args.type, args.limit)
    except FileNotFoundError as error:
        print(f"khabar show: {error}", file=sys.stderr)
        return 2
    if not sys.stdout.isatty():
        print("\t".join(names))
        for row in rows:
            print("\t".join("" if cell is None else " ".join(str(cell).split()) for cell in row))
        return 0
    from rich.console import Console
    from rich.table import Table

    table = Table(*names)
    for row in rows:
        table.add_row(*map(isolated, row))
    Console().print(table)
    return 0
