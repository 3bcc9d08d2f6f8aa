"""The only file that opens data/: tab-separated word lists, one concept a file.

A data file is UTF-8, NFC, sorted; lines that begin with `#` are comments (the head names source and licence),
the first other line names the columns.  Loading is lazy and cached: importing costs nothing.
"""

import functools
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

DATA = files("transforms.arabic") / "data"
MODELS = files("transforms.arabic") / "models"


@functools.cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """The rows of data/<name>.tsv as dicts by column name; empty cells are empty strings.

    Raises FileNotFoundError for an unknown name and ValueError for a row with another number of cells than the head.
    """
    rows: list[dict[str, str]] = []
    head: list[str] | None = None
    for number, line in enumerate((DATA / f"{name}.tsv").read_text("utf-8").splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        cells = line.split("\t")
        if head is None:
            head = cells
        elif len(cells) != len(head):
            raise ValueError(f"data/{name}.tsv line {number}: {len(cells)} cells, the head has {len(head)}")
        else:
            rows.append(dict(zip(head, cells, strict=True)))
    return tuple(rows)


@functools.cache
def words(name: str, column: str) -> frozenset[str]:
    """All values of one column of data/<name>.tsv."""
    return frozenset(row[column] for row in table(name))


@functools.cache
def phrase_stops(ends: str) -> frozenset[str]:
    """The words that end what a `title` or an `actor` belongs to."""
    return frozenset(row["word"] for row in table("phrase_stops") if ends in row["ends"].split())


@functools.cache
def numbers(name: str) -> dict[str, int]:
    """The two columns of data/<name>.tsv, a word and a whole number, read fast: for tables of very many rows."""
    lines = (DATA / f"{name}.tsv").read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and line[0] != "#")
    next(rows)
    return {word: int(number) for word, number in rows}


def read_weights(path: Path) -> dict[str, float]:
    """The features and their weights in the file of a log-linear model."""
    rows = (line.split("\t") for line in path.read_text("utf-8").splitlines() if line and line[0] != "#")
    next(rows)
    return {feature: float(weight) for weight, feature in rows}


def column(name: str) -> list[str]:
    """The one column of models/<name>.tsv, empty cells as empty strings."""
    _, cells = (MODELS / f"{name}.tsv").read_text("utf-8").split("\nanswer\n")
    return cells.split("\n")[:-1]


def model_path(name: str) -> Path:
    """Path of a trained model in models/."""
    return Path(str(MODELS / name))


def data_files() -> Iterator[tuple[str, bytes]]:
    """Name and content of every data file and model, sorted: what `analyzer_version` hashes."""
    for folder in (DATA, MODELS):
        for entry in sorted(folder.iterdir(), key=lambda e: e.name):
            if entry.is_file():
                yield entry.name, entry.read_bytes()
