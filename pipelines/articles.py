"""Articles: one article by where it stands: in a file, in what comes in on stdin, or in a lake."""

import dataclasses
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from pipelines.parsers import PARSERS
from schemas.article import Article
from schemas.document import Document
from schemas.reject import Reject
from transforms.feeds.guard import MAX_BYTES
from transforms.feeds.sniff import Kind
from transforms.lake.runs import is_published, undisturbed
from transforms.normalize import Run, normalize_or_reject
from transforms.parse import parse
from transforms.read import match_inputs, read_inputs


class NoArticle(Exception):
    """There is no such article; the message says why."""


def from_file(path: str, number: int, kind: Kind | None, version: str) -> Document:
    """The article of that number (from 1) of a file, a folder or `-`, which is stdin.  Raises NoArticle."""
    if path == "-":
        with tempfile.TemporaryDirectory(prefix="khabar-") as folder:
            file = Path(folder, "stdin")
            file.write_bytes(sys.stdin.buffer.read(MAX_BYTES + 1))
            return _numbered([str(file)], "stdin", number, kind, version)
    try:
        return _numbered(match_inputs(path), path, number, kind, version)
    except (FileNotFoundError, ValueError) as error:
        raise NoArticle(str(error).removeprefix("--input ")) from error


def _numbered(paths: list[str], name: str, number: int, kind: Kind | None, version: str) -> Document:
    run = Run("explain", version, datetime.now(UTC))
    rejects: list[Reject] = []

    def found() -> Iterator[Document]:
        for path in paths:
            for raw in read_inputs(path, kind):
                for item in parse(raw, PARSERS, run):
                    for one in [item] if isinstance(item, Reject) else normalize_or_reject(item, run):
                        if isinstance(one, Document):
                            yield one
                        else:
                            rejects.append(one)

    count = 0
    for count, doc in enumerate(islice(found(), number), 1):
        if count == number:
            return doc
    why = "".join(f"; {r.input} was rejected: {r.reason}, {r.detail}" for r in rejects[:1])
    raise NoArticle(f"{name} has {count} article{'s' * (count != 1)}, not {number}{why}")


def from_lake(lake: str, name: str) -> Document:
    """The newest version of an article by its article_id or guid, or a version by its version_id.  Raises NoArticle."""
    import pyarrow.dataset as ds

    root = Path(lake)
    if not any((root / "articles").glob("*/*.parquet")):
        raise NoArticle(f"{lake} is no lake, or has no articles: `khabar ingest --lake {lake}` publishes some")
    column = ds.field
    wanted = (column("version_id") == name) | (column("article_id") == name) | (column("guid") == name)

    def read() -> list[dict[str, Any]]:
        return ds.dataset(root / "articles", format="parquet", partitioning="hive").to_table(filter=wanted).to_pylist()

    published = [row for row in undisturbed(read) if is_published(root, row["run_id"])]
    if not published:
        raise NoArticle(f"{lake} has no article or version {name}: give an article_id, a version_id or a guid of it")
    return Document(article=_article(max(published, key=lambda row: (row["version_number"] or 0, row["run_id"]))))


def _article(row: dict[str, Any]) -> Article:
    fields = {field.name for field in dataclasses.fields(Article)}
    values = {name: value for name, value in row.items() if name in fields}
    return Article(**values | {"repairs": tuple(values.get("repairs") or ())})
