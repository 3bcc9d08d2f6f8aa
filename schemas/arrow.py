"""From a record class to its pyarrow schema, and from rows to tables and back.

Knows: the Arrow type of each column type.  Does not know: files or folders.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final, TypeVar

import pyarrow as pa

from schemas.columns import STRINGS, columns

SCHEMA_VERSION: Final = "1"

_TYPES: Final[dict[Any, pa.DataType]] = {
    str: pa.string(),
    int: pa.int64(),
    float: pa.float64(),
    bool: pa.bool_(),
    bytes: pa.binary(),
    datetime: pa.timestamp("us", tz="UTC"),
    date: pa.date32(),
    STRINGS: pa.list_(pa.string()),
}

R = TypeVar("R")


def schema_of(record: Any) -> pa.Schema:
    """The Arrow schema of a record class: types, nullability, a description a column, the schema's version."""
    fields = [pa.field(c.name, _TYPES[c.type], c.nullable, {"description": c.doc}) for c in columns(record)]
    return pa.schema(fields, {"schema_version": SCHEMA_VERSION, "record": record.__name__})


def to_table(record: type[R], rows: Sequence[R]) -> pa.Table:
    """The rows as an Arrow table.  Raises ValueError for a null in a column that may hold none."""
    arrays = {c.name: [getattr(row, c.name) for row in rows] for c in columns(record)}
    table = pa.table(arrays, schema=schema_of(record))
    for f in table.schema:
        # pyarrow itself writes such a null without a word, and readers then see garbage.
        if not f.nullable and table.column(f.name).null_count:
            raise ValueError(f"{record.__name__}.{f.name} is null in a row, and may not be")
    return table


def from_table(record: type[R], table: pa.Table) -> list[R]:
    """The records of an Arrow table of `schema_of(record)`."""
    lists = [c.name for c in columns(record) if c.type == STRINGS]
    return [record(**row | {name: tuple(row[name]) for name in lists}) for row in table.to_pylist()]
