"""Whoever reads the lake finds every table: pyarrow, DuckDB, Polars and pandas see the same rows."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow.dataset as ds
import pytest

from schemas.arrow import schema_of
from schemas.tables import PARTITION, TABLES
from tests.fetches import fetch_row, publish_rows

#: Of each reader: a table's folder to its columns and number of rows.
READERS: dict[str, Callable[[Path], tuple[list[str], int]]] = {}


def reader(read: Callable[[Path], tuple[list[str], int]]) -> Callable[[Path], tuple[list[str], int]]:
    READERS[read.__name__] = read
    return read


@reader
def arrow(folder: Path) -> tuple[list[str], int]:
    table = ds.dataset(folder, format="parquet", partitioning="hive").to_table()
    return table.column_names, table.num_rows


@reader
def duck(folder: Path) -> tuple[list[str], int]:
    with duckdb.connect() as db:
        found = db.execute(f"SELECT * FROM read_parquet('{folder}/*/*.parquet', hive_partitioning = true)")
        return [d[0] for d in found.description or ()], len(found.fetchall())


@reader
def polars(folder: Path) -> tuple[list[str], int]:
    frame = pl.scan_parquet(folder, hive_partitioning=True).collect()
    return frame.columns, frame.height


@reader
def pandas(folder: Path) -> tuple[list[str], int]:
    frame = pd.read_parquet(folder)
    return list(frame.columns), len(frame)


@pytest.fixture(scope="module")
def fetched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake that was fed from a feed."""
    lake = tmp_path_factory.mktemp("fetched") / "lake"
    publish_rows(lake, fetch_row())
    return lake


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("name", READERS)
def test_every_table_is_read(clean: Path, fetched: Path, name: str, table: str) -> None:
    clean = fetched if table == "fetches" else clean
    columns, count = READERS[name](clean / table)
    assert sorted(columns) == sorted([*schema_of(TABLES[table]).names, PARTITION])
    assert count == {"articles": 40, "rejects": 1}.get(table, count) > 0
    assert count == arrow(clean / table)[1]


def test_readers_agree_on_values(clean: Path) -> None:
    names = ["version_id", "start", "end", "text", "date_start"]
    expected = sorted(map(str, ds.dataset(clean / "mentions", partitioning="hive").to_table(names).to_pylist()))
    with duckdb.connect() as db:
        quoted = ", ".join(f'"{name}"' for name in names)
        found = db.execute(f"SELECT {quoted} FROM read_parquet('{clean}/mentions/*/*.parquet')").fetchall()
    assert sorted(str(dict(zip(names, row, strict=True))) for row in found) == expected
    frame = pl.scan_parquet(clean / "mentions").select(names).collect()
    assert sorted(map(str, frame.to_dicts())) == expected


def test_offsets_are_found_again_in_every_reader(clean: Path) -> None:
    with duckdb.connect() as db:
        texts = db.execute(f"SELECT version_id, text FROM read_parquet('{clean}/articles/*/*.parquet')").fetchall()
    frame = pd.read_parquet(clean / "quotes").merge(pd.DataFrame(texts, columns=["version_id", "whole"]))
    assert len(frame) > 0
    assert all(row.whole[row.start : row.end] == row.text for row in frame.itertuples())
