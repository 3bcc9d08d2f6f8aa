"""Hypothesis strategies for every record class, derived from its columns."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import strategies as st

from schemas.columns import STRINGS, columns


def records(record, surrogates=False, **given):
    """A strategy for records of the class; `given` fixes columns, `surrogates` lets lone ones into text."""
    text = st.text(st.characters() if surrogates else st.characters(codec="utf-8"), max_size=12)
    values = {
        str: text,
        int: st.integers(-(2**63), 2**63 - 1),
        float: st.floats(allow_nan=False),
        bool: st.booleans(),
        bytes: st.binary(max_size=12),
        datetime: st.datetimes(timezones=st.just(UTC)),
        date: st.dates(),
        STRINGS: st.lists(text, max_size=3).map(tuple),
    }
    fields = {c.name: st.none() | values[c.type] if c.nullable else values[c.type] for c in columns(record)}
    return st.builds(record, **(fields | {name: st.just(value) for name, value in given.items()}))


@pytest.fixture(name="records", scope="session")
def records_fixture():
    """The function `records`."""
    return records
