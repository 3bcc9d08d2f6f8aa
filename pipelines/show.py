"""show: the newest events of a lake as a table, by one DuckDB query over the views `latest` that stands here to be copied.

Cells of Arabic stand between Unicode isolates (U+2068, U+2069), so that a terminal that knows bidi keeps columns and
punctuation in place, and one that does not loses nothing.
"""

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from rich.cells import cell_len, set_cell_size

from pipelines.options import show_options
from transforms.lake.latest import latest_sql
from transforms.lake.runs import count, undisturbed

_FOUND: Final = """\
SELECT coalesce(e.date_start, e.published_date) AS date, e.type, e.status,
       coalesce(e.actor_name, e.actor_text) AS actor, e.trigger,
       coalesce(e.target_name, e.target_text) AS target, e.place_text AS place,
       coalesce(e.said_by_name, e.said_by_text) AS said_by, a.source
FROM latest.articles a JOIN latest.events e USING (version_id)
"""
_ORDER: Final = "ORDER BY a.published_at DESC NULLS LAST, e.version_id, e.trigger_start\n"
QUERY: Final = _FOUND + _ORDER
#: Narrower than this no column is made.
_LEAST: Final = 4
#: How wide the table may be where it goes to no terminal.
_PIPE: Final = 240


def events(lake: str, type: str | None = None, limit: int = 20) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Column names and rows of the newest events, newest article first; none where the lake has no events.

    Raises FileNotFoundError where it is no lake or nothing was published to it.
    """
    import duckdb

    root = Path(lake).absolute()
    if not count(root):
        raise FileNotFoundError(
            f"{lake} is no lake, or nothing was published to it: `khabar ingest --lake {lake}` does"
        )
    if not any((root / "events").glob("*/*.parquet")):
        return [], []
    where = "WHERE e.type = $type\n" if type else ""

    def read() -> tuple[list[str], list[tuple[Any, ...]]]:
        with duckdb.connect() as db:
            db.execute(latest_sql(root))
            result = db.execute(f"{_FOUND}{where}{_ORDER}LIMIT {limit:d}", {"type": type} if type else {})
            return [d[0] for d in result.description or ()], result.fetchall()

    return undisturbed(read, duckdb.IOException)


def cell(value: Any) -> str:
    r"""A value on one line: None as nothing; no characters that steer a terminal.

    >>> cell("a\n b\x1b[1m"), cell(None)
    ('a b[1m', '')
    """
    text = "" if value is None else " ".join(str(value).split())
    return "".join(c for c in text if c.isprintable())


def isolated(text: str) -> str:
    """The text, between isolates where it has right-to-left letters."""
    return f"\u2068{text}\u2069" if any("\u0590" <= c <= "\u08ff" for c in text) else text


def table(names: Sequence[str], rows: Sequence[Sequence[Any]], width: int) -> list[str]:
    """Lines of a table at most `width` cells wide, its widest columns cut where it must be.

    A cell is cut before it is isolated: an isolate that lost its end would turn the rest of the line around.
    """
    cells = [list(names), *([cell(value) for value in row] for row in rows)]
    widths = [max(map(cell_len, column)) for column in zip(*cells, strict=True)]
    while sum(widths) + 2 * (len(widths) - 1) > width and max(widths) > _LEAST:
        widths[widths.index(max(widths))] -= 1
    lines = ["  ".join(_fitted(text, size) for text, size in zip(row, widths, strict=True)).rstrip() for row in cells]
    return [lines[0], "  ".join("─" * size for size in widths), *lines[1:]]


def _fitted(text: str, size: int) -> str:
    if cell_len(text) > size:
        text = set_cell_size(text, size - 1).rstrip() + "…"
    return isolated(text) + " " * (size - cell_len(text))


def main(argv: Sequence[str] | None = None) -> int:
    """Exit codes: 0, or 2 where there is no lake or an option is wrong."""
    options = show_options(argv)
    try:
        names, rows = events(options.lake, options.type, options.limit)
    except FileNotFoundError as error:
        print(f"khabar show: error: {error}", file=sys.stderr)
        return 2
    if options.sql:
        print(f"{latest_sql(options.lake)}{QUERY}LIMIT {options.limit};")
    elif not rows:
        print("khabar show: no such events", file=sys.stderr)
    elif options.tsv:
        for row in (names, *rows):
            print("\t".join(map(cell, row)))
    else:
        width = shutil.get_terminal_size().columns if sys.stdout.isatty() else _PIPE
        print("\n".join(table(names, rows, width)))
    return 0
