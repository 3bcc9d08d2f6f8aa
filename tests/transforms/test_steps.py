"""Each transform by itself, over a list: the pure functions are tested where they stand."""

import json
from pathlib import Path
from typing import Any

import apache_beam as beam
import pytest

from pipelines import ingest
from pipelines.ingest import Handed
from pipelines.parsers import PARSERS
from schemas.document import Document
from schemas.item import Item, RawInput
from schemas.reject import Reject
from tests.documents import PUBLISHED, document
from tests.eager import results
from transforms.analyze import Analyze
from transforms.bugs import AsReject
from transforms.lake.staging import read_piece
from transforms.normalize import Normalize, Run, normalize_item
from transforms.parse import Parse
from transforms.read import Read
from transforms.segment import Segment
from transforms.step import Step
from transforms.write import Write, read_records

RUN = Run("r", "", PUBLISHED)
TEXT = "شنت الطائرات غارات على مدينة إدلب صباحا. وقال الوزير إن القتال مستمر."
REJECT = Reject(
    reject_id="0f", input="b.jsonl", stage="parse", reason="json", detail="", raw=b"x", fetched_at=PUBLISHED, run_id="r",
    analyzer_version="",
)  # fmt: skip


def raw(payload: bytes, format: str = "jsonl") -> RawInput:
    return RawInput(input="a.jsonl", position=1, format=format, payload=payload)


def test_read(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": TEXT}) + "\n\n" + json.dumps({"text": "خبر"}) + "\n", "utf-8")
    found = results(None, Read([str(tmp_path / "a.jsonl")]))
    assert sorted(r.position for r in found) == [1, 3]
    assert {r.format for r in found} == {"jsonl"}


def test_handed(monkeypatch: pytest.MonkeyPatch) -> None:
    chunk = [raw(b"1"), raw(b"2")]
    monkeypatch.setitem(ingest._HANDED, 7, chunk)
    assert sorted(results(None, Handed(7)), key=lambda r: r.payload) == chunk


def test_parse() -> None:
    found = results([raw(json.dumps({"text": TEXT}).encode()), raw(b'{"text"'), raw(b"x", "pdf")], Parse(PARSERS, RUN))
    assert [i.text for i in found if isinstance(i, Item)] == [TEXT]
    assert sorted(r.reason for r in found if isinstance(r, Reject)) == ["json", "unsupported-format"]


def test_normalize() -> None:
    texts = (TEXT, "\u200f\ufeff")
    items = [Item(input="a", format="jsonl", raw_hash=str(n), text=text) for n, text in enumerate(texts)]
    found = results([*items, REJECT], Normalize(RUN))
    (doc,) = (d for d in found if isinstance(d, Document))
    assert doc.article.text == TEXT
    assert sorted(r.reason for r in found if isinstance(r, Reject)) == ["empty", "json"]


def test_segment() -> None:
    found = results([document(TEXT), REJECT], Segment())
    (doc,) = (d for d in found if isinstance(d, Document))
    assert [s.text for s in doc.sentences] == [TEXT.split(". ")[0] + ".", TEXT.split(". ")[1]]
    assert REJECT in found


def test_analyze() -> None:
    found = results([document(TEXT), REJECT], Analyze())
    (doc,) = (d for d in found if isinstance(d, Document))
    assert [e.type for e in doc.events][:1] == ["ASSAULT"]
    assert doc.mentions
    assert doc.quotes
    assert REJECT in found


def test_a_bug_names_the_article(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Document) -> Document:
        raise ValueError("a bug")

    monkeypatch.setattr("transforms.analyze.annotate_quotes", broken)
    with pytest.raises(RuntimeError, match=r"article a0: .*a bug"):
        results([document(TEXT)], Analyze())


def test_write(tmp_path: Path) -> None:
    docs = results([document(TEXT)], Analyze())
    (path,) = results([*docs, REJECT], Write(str(tmp_path), "_staging/c/1"))
    records = read_records(Path(path))
    assert {r.table for r in records} >= {"articles", "sentences", "mentions", "quotes", "events", "rejects"}
    assert {r.day.isoformat() for r in records} == {"2021-05-05"}
    (articles,) = (r for r in records if r.table == "articles")
    assert read_piece(tmp_path / articles.path).num_rows == articles.rows == 1


def halves(number: int, by: int) -> list[Any]:
    return [number // by] if number % by == 0 else [REJECT]


def test_step_counts_and_hands_rejects_on() -> None:
    found = results([4, 6, 7, REJECT], Step("Halve", halves, 2))
    assert sorted(x for x in found if isinstance(x, int)) == [2, 3]
    assert found.count(REJECT) == 2
    pipeline = beam.Pipeline(runner="FnApiRunner")
    _ = pipeline | beam.Create([4, 6, 7, REJECT]) | Step("Halve", halves, 2)
    outcome = pipeline.run()
    outcome.wait_until_finish()
    counts = {c.key.metric.name: c.committed for c in outcome.metrics().query()["counters"]}
    assert counts == {"in": 3, "out": 2, "rejected": 1}


def broken(element: Any) -> list[Any]:
    raise ZeroDivisionError(f"at {element}")


ITEM = Item(input="f", position=3, format="feed", raw_hash="0", title="خبر", text=TEXT, fetched_at=PUBLISHED)


@pytest.mark.parametrize(
    ("element", "where", "kept"),
    [
        (raw(b"<rss>"), "a.jsonl#1", b"<rss>"),
        (ITEM, "f#3", TEXT.encode()),
        (normalize_item(ITEM, RUN), f"{PUBLISHED:%Y%m%dT%H%M%S%f} f#000000003", TEXT.encode()),
    ],
    ids=["input", "item", "document"],
)
def test_a_bug_is_a_reject_of_a_stream_and_ends_all_else(element: Any, where: str, kept: bytes) -> None:
    (found,) = results([element], Step("Parse", broken, bug=AsReject(RUN)))
    assert (found.stage, found.reason, found.input, found.raw) == ("parse", "bug", where, kept)
    assert "in broken" in found.detail
    assert found.detail.endswith(f"ZeroDivisionError: at {element}"[-4000:])
    assert found.fetched_at == PUBLISHED
    with pytest.raises(ZeroDivisionError):
        results([element], Step("Parse", broken))
