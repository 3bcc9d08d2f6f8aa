"""Arrow schemas: frozen as text beside the tests, and rows that come back as they went in."""

from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.arrow import from_table, schema_of, to_table
from schemas.columns import columns
from schemas.tables import SORT_KEYS, TABLES

GOLDEN = Path(__file__).parent / "golden"
TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=20)
VALUES = {
    str: TEXT,
    int: st.integers(-(2**62), 2**62),
    float: st.floats(allow_nan=False),
    bool: st.booleans(),
    bytes: st.binary(max_size=20),
    datetime: st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),
    date: st.dates(),
    tuple[str, ...]: st.lists(TEXT, max_size=3).map(tuple),
}


def described(schema: pa.Schema) -> str:
    return "".join(f"{f.name}: {f.type}{'' if f.nullable else ' not null'}\n" for f in schema)


@pytest.mark.parametrize("name", TABLES)
def test_schemas_change_on_purpose_only(name: str) -> None:
    assert described(schema_of(TABLES[name])) == (GOLDEN / f"{name}.txt").read_text("utf-8")


@pytest.mark.parametrize("name", TABLES)
def test_every_column_is_described_and_sort_keys_exist(name: str) -> None:
    found = columns(TABLES[name])
    assert all(c.doc for c in found)
    assert set(SORT_KEYS[name]) <= {c.name for c in found}


@pytest.mark.parametrize("name", TABLES)
@settings(deadline=None)
@given(data=st.data())
def test_rows_come_back(name: str, data: st.DataObject) -> None:
    record = TABLES[name]
    values = {
        c.name: data.draw(st.none() | VALUES[c.type] if c.nullable else VALUES[c.type], label=c.name)
        for c in columns(record)
    }
    row = record(**values)
    assert from_table(record, to_table(record, [row])) == [row]


def test_a_null_where_none_may_be_is_refused() -> None:
    from schemas.sentence import Sentence

    row = Sentence(version_id="v", sentence_index=0, start=0, end=1, text="ا", run_id="r", analyzer_version="a")
    object.__setattr__(row, "text", None)
    with pytest.raises(ValueError, match=r"Sentence\.text"):
        to_table(Sentence, [row])
