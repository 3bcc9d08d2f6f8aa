"""How a record class describes its columns: one line a column, read by every rendering.

A record is a frozen, slotted, keyword-only dataclass whose fields are made with `column`.  The pyarrow
schema (`schemas.arrow`), the Beam coder (`schemas.coders`) and the documentation derive from the class, so
a column is named, typed and described in one place.

Knows: which Python types a column may have.  Does not know: pyarrow, Beam, or what any column is for.
"""

import dataclasses
import functools
import types
import typing
from datetime import date, datetime
from typing import Any

#: The types a column may have; `X | None` makes it nullable.  Every reader of the lake takes all of them.
SCALARS: tuple[type, ...] = (str, int, float, bool, bytes, datetime, date)
STRINGS = tuple[str, ...]


def column(doc: str, *, default: Any = dataclasses.MISSING) -> Any:
    """A dataclass field with its description: what it holds, in which unit, and when it is null."""
    return dataclasses.field(default=default, metadata={"doc": doc})


class Column(typing.NamedTuple):
    """One column of a record: its name, its Python type without None, whether it may be null, its description."""

    name: str
    type: Any
    nullable: bool
    doc: str


def columns(record: Any) -> tuple[Column, ...]:
    """The columns of a record class, in order.

    Raises TypeError for a field whose type is not one of `SCALARS`, `STRINGS`, or either with `| None`.
    """
    return _columns(record)


@functools.cache
def _columns(record: type) -> tuple[Column, ...]:
    hints = typing.get_type_hints(record)
    return tuple(
        Column(f.name, *_unwrap(record, f.name, hints[f.name]), f.metadata.get("doc", ""))
        for f in dataclasses.fields(record)
    )


def _unwrap(record: type, name: str, hint: Any) -> tuple[Any, bool]:
    nullable = False
    if isinstance(hint, types.UnionType):
        inner = [a for a in typing.get_args(hint) if a is not type(None)]
        nullable = len(inner) < len(typing.get_args(hint))
        hint = inner[0] if len(inner) == 1 else hint
    if hint not in SCALARS and hint != STRINGS:
        raise TypeError(f"{record.__name__}.{name}: a column cannot be {hint!r}; use one of {SCALARS} or {STRINGS}")
    return hint, nullable
