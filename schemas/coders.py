"""Records as Beam elements: a coder for every record class, derived from its columns.

Importing this module registers the coders with Beam; whatever module a worker first unpickles imports it.

A record is a bitmap of its nulls, then its values one after another, none of them tagged: numbers as variable-length
integers, text as UTF-8 with its length before it.  Equal records give equal bytes, so a record may be a key.  Text
with a lone surrogate survives (rejects hold such text; Arrow refuses it later, see `schemas.arrow`).

Knows: Beam and `schemas.columns`.  Does not know: pyarrow, or what any column is for.
"""

import struct
from collections.abc import Callable, Collection
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import apache_beam as beam

from schemas.article import Article
from schemas.columns import STRINGS, columns
from schemas.document import Document
from schemas.event import Event
from schemas.fetch import Fetch
from schemas.item import Item, RawInput
from schemas.mention import Mention
from schemas.quote import Quote
from schemas.reject import Reject
from schemas.sentence import Sentence
from schemas.tables import TABLES

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_DOUBLE: Final = struct.Struct(">d")

Writer = Callable[[Any, bytearray], None]
#: Takes the bytes and a position, gives the value and the position after it.
Reader = Callable[[bytes, int], tuple[Any, int]]


def _write_size(value: int, out: bytearray) -> None:
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)


def _read_size(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


def _write_int(value: int, out: bytearray) -> None:
    value = int(value)
    _write_size(value * 2 if value >= 0 else -value * 2 - 1, out)


def _read_int(data: bytes, at: int) -> tuple[int, int]:
    value, at = _read_size(data, at)
    return (-(value + 1) // 2 if value & 1 else value // 2), at


def _write_bytes(value: bytes, out: bytearray) -> None:
    _write_size(len(value), out)
    out += value


def _read_bytes(data: bytes, at: int) -> tuple[bytes, int]:
    size, at = _read_size(data, at)
    end = at + size
    if end > len(data):
        raise ValueError(f"the data end {end - len(data)} bytes early")
    return data[at:end], end


def _write_str(value: str, out: bytearray) -> None:
    _write_bytes(value.encode("utf-8", "surrogatepass"), out)


def _read_str(data: bytes, at: int) -> tuple[str, int]:
    value, at = _read_bytes(data, at)
    return value.decode("utf-8", "surrogatepass"), at


def _write_float(value: float, out: bytearray) -> None:
    out += _DOUBLE.pack(value + 0.0)  # -0.0 equals 0.0, so it is written as 0.0


def _read_float(data: bytes, at: int) -> tuple[float, int]:
    return _DOUBLE.unpack_from(data, at)[0], at + 8


def _write_bool(value: bool, out: bytearray) -> None:
    out.append(1 if value else 0)


def _read_bool(data: bytes, at: int) -> tuple[bool, int]:
    return data[at] == 1, at + 1


def _write_datetime(value: datetime, out: bytearray) -> None:
    if value.utcoffset() is None:
        raise ValueError(f"{value!r} has no time zone")
    _write_int((value - _EPOCH) // _MICROSECOND, out)


def _read_datetime(data: bytes, at: int) -> tuple[datetime, int]:
    value, at = _read_int(data, at)
    return _EPOCH + timedelta(microseconds=value), at


def _write_date(value: date, out: bytearray) -> None:
    if isinstance(value, datetime):
        raise TypeError(f"{value!r} is a time, not a day")
    _write_size(value.toordinal(), out)


def _read_date(data: bytes, at: int) -> tuple[date, int]:
    value, at = _read_size(data, at)
    return date.fromordinal(value), at


def _write_strings(value: tuple[str, ...], out: bytearray) -> None:
    _write_size(len(value), out)
    for part in value:
        _write_str(part, out)


def _read_strings(data: bytes, at: int) -> tuple[tuple[str, ...], int]:
    size, at = _read_size(data, at)
    parts = []
    for _ in range(size):
        part, at = _read_str(data, at)
        parts.append(part)
    return tuple(parts), at


_CODECS: Final[dict[Any, tuple[Writer, Reader]]] = {
    str: (_write_str, _read_str),
    int: (_write_int, _read_int),
    float: (_write_float, _read_float),
    bool: (_write_bool, _read_bool),
    bytes: (_write_bytes, _read_bytes),
    datetime: (_write_datetime, _read_datetime),
    date: (_write_date, _read_date),
    STRINGS: (_write_strings, _read_strings),
}


class _Layout:
    """How the columns of a record class, but those left out, follow one another in bytes."""

    def __init__(self, record: type, without: Collection[str] = ()) -> None:
        self.record = record
        self.columns = [(c.name, c.nullable, *_CODECS[c.type]) for c in columns(record) if c.name not in without]
        nullable = [c.name for c in columns(record) if c.name not in without and c.nullable]
        self.bits = {name: 1 << i for i, name in enumerate(nullable)}
        self.width = (len(nullable) + 7) // 8

    def write(self, row: Any, out: bytearray) -> None:
        start = len(out)
        out += bytes(self.width)
        nulls = 0
        for name, nullable, write, _ in self.columns:
            value = getattr(row, name)
            if value is None and nullable:
                nulls |= self.bits[name]
                continue
            try:
                write(value, out)
            except (TypeError, ValueError, AttributeError, struct.error) as error:
                raise ValueError(f"{self.record.__name__}.{name}: cannot encode {value!r:.80}: {error}") from error
        out[start : start + self.width] = nulls.to_bytes(self.width, "little")

    def read(self, data: bytes, at: int, given: dict[str, Any]) -> tuple[Any, int]:
        nulls = int.from_bytes(data[at : at + self.width], "little")
        at += self.width
        values = dict(given)
        for name, nullable, _, read in self.columns:
            if nullable and nulls & self.bits[name]:
                values[name] = None
            else:
                values[name], at = read(data, at)
        return self.record(**values), at


class RecordCoder(beam.coders.Coder):
    """Encodes the instances of one record class; deterministic, so they may be keys.

    Encoding raises ValueError that names the column for a value that it cannot hold: None where it is not nullable,
    a time without a zone, a wrong type.  Times come back in UTC.  Decoding bytes not written by it raises ValueError.
    """

    def __init__(self, record: type) -> None:
        self.record = record
        self._layout = _Layout(record)

    def encode(self, value: Any) -> bytes:
        """The record as bytes."""
        if type(value) is not self.record:
            raise ValueError(f"{value!r:.80} is no {self.record.__name__}")
        out = bytearray()
        self._layout.write(value, out)
        return bytes(out)

    def decode(self, encoded: bytes) -> Any:
        """The record that the bytes were made from."""
        return _whole(encoded, lambda: self._layout.read(encoded, 0, {}))

    def is_deterministic(self) -> bool:
        """True: equal records give equal bytes."""
        return True

    def to_type_hint(self) -> type:
        """The record class."""
        return self.record

    @classmethod
    def from_type_hint(cls, typehint: Any, registry: Any) -> Any:
        """The coder of a record class, as Beam's registry asks for it."""
        return cls(typehint)

    def __reduce__(self) -> tuple[Any, ...]:
        return RecordCoder, (self.record,)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RecordCoder) and self.record is other.record

    def __hash__(self) -> int:
        return hash((RecordCoder, self.record))

    def __repr__(self) -> str:
        return f"RecordCoder({self.record.__name__})"


#: What every row of a document has from its article, and is not sent again.
_SHARED: Final = ("version_id", "run_id", "analyzer_version")
#: A reject's own version_id may be null.
_SHARED_BY_REJECTS: Final = ("run_id", "analyzer_version")
_LAYERS: Final = (
    ("sentences", _SHARED, _Layout(Sentence, _SHARED)),
    ("mentions", _SHARED, _Layout(Mention, _SHARED)),
    ("quotes", _SHARED, _Layout(Quote, _SHARED)),
    ("events", _SHARED, _Layout(Event, _SHARED)),
    ("rejects", _SHARED_BY_REJECTS, _Layout(Reject, _SHARED_BY_REJECTS)),
)
_ARTICLE: Final = _Layout(Article)


class DocumentCoder(beam.coders.Coder):
    """Encodes documents without their tokens; deterministic.

    `version_id`, `run_id` and `analyzer_version` of the rows are the article's and are sent once (a reject keeps its
    own version_id).  Encoding raises ValueError for a row whose values differ from its article's, and wherever
    `RecordCoder` does.
    """

    def encode(self, value: Document) -> bytes:
        """The document as bytes."""
        if type(value) is not Document:
            raise ValueError(f"{value!r:.80} is no Document")
        out = bytearray()
        article = value.article
        _ARTICLE.write(article, out)
        _write_str(value.order, out)
        _write_str(value.input_hash, out)
        _write_bool(value.bare, out)
        for name, shared, layout in _LAYERS:
            rows = getattr(value, name)
            _write_size(len(rows), out)
            for row in rows:
                for field in shared:
                    if getattr(row, field) != getattr(article, field):
                        raise ValueError(
                            f"{layout.record.__name__}.{field}: {getattr(row, field)!r} differs from the article's "
                            f"{getattr(article, field)!r}"
                        )
                layout.write(row, out)
        return bytes(out)

    def decode(self, encoded: bytes) -> Document:
        """The document that the bytes were made from, its tokens missing."""
        document: Document = _whole(encoded, lambda: _read_document(encoded))
        return document

    def is_deterministic(self) -> bool:
        """True: equal documents give equal bytes."""
        return True

    def to_type_hint(self) -> type:
        """`Document`."""
        return Document

    @classmethod
    def from_type_hint(cls, typehint: Any, registry: Any) -> Any:
        """The coder, as Beam's registry asks for it."""
        return cls()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DocumentCoder)

    def __hash__(self) -> int:
        return hash(DocumentCoder)


class Outcome:
    """Type hint of elements that are a Document or a Reject, what an input became, or the row of a Fetch."""


class OutcomeCoder(beam.coders.Coder):
    """Encodes a Document, a Reject or a Fetch, told apart by the first byte; deterministic."""

    def encode(self, value: Document | Reject | Fetch) -> bytes:
        """The outcome as bytes."""
        mark = _MARKS[type(value)]
        return mark + _OUTCOMES[mark].encode(value)

    def decode(self, encoded: bytes) -> Document | Reject | Fetch:
        """The outcome that the bytes were made from, a document without its tokens."""
        outcome: Document | Reject | Fetch = _OUTCOMES[encoded[:1]].decode(encoded[1:])
        return outcome

    def is_deterministic(self) -> bool:
        """True: equal outcomes give equal bytes."""
        return True

    def to_type_hint(self) -> type:
        """`Outcome`."""
        return Outcome

    @classmethod
    def from_type_hint(cls, typehint: Any, registry: Any) -> Any:
        """The coder, as Beam's registry asks for it."""
        return cls()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, OutcomeCoder)

    def __hash__(self) -> int:
        return hash(OutcomeCoder)


_OUTCOMES: Final[dict[bytes, beam.coders.Coder]] = {
    b"D": DocumentCoder(),
    b"R": RecordCoder(Reject),
    b"F": RecordCoder(Fetch),
}
_MARKS: Final = {Document: b"D", Reject: b"R", Fetch: b"F"}


def _read_document(data: bytes) -> tuple[Document, int]:
    article, at = _ARTICLE.read(data, 0, {})
    order, at = _read_str(data, at)
    input_hash, at = _read_str(data, at)
    bare, at = _read_bool(data, at)
    layers = {}
    for name, shared, layout in _LAYERS:
        given = {field: getattr(article, field) for field in shared}
        size, at = _read_size(data, at)
        rows = []
        for _ in range(size):
            row, at = layout.read(data, at, given)
            rows.append(row)
        layers[name] = tuple(rows)
    return Document(article=article, order=order, input_hash=input_hash, bare=bare, **layers), at


def _whole(data: bytes, read: Callable[[], tuple[Any, int]]) -> Any:
    """What `read` gives; ValueError where it runs past the end of the data or leaves some over."""
    try:
        value, at = read()
    except (IndexError, struct.error) as error:
        raise ValueError(f"the {len(data)} bytes end early") from error
    if at != len(data):
        raise ValueError(f"{len(data)} bytes, but the value ends at {at}")
    return value


def _register() -> None:
    for record in (*TABLES.values(), RawInput, Item):
        beam.coders.registry.register_coder(record, RecordCoder)
    beam.coders.registry.register_coder(Document, DocumentCoder)
    beam.coders.registry.register_coder(Outcome, OutcomeCoder)


_register()
