"""Publishing: all of a commit or none, never twice, whatever was killed when; and which sightings are one article."""

import json
import os
import time
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from schemas.document import Document
from schemas.item import Item
from schemas.reject import Reject
from schemas.tables import ROW_IDS
from transforms.lake import preparing
from transforms.lake.keys import canonical
from transforms.lake.latest import latest_sql
from transforms.lake.publishing import (
    ABANDONED,
    AlreadyPublished,
    Attempt,
    LockHeld,
    Superseded,
    begin,
    finish,
    lock,
    publish,
)
from transforms.lake.staging import stage
from transforms.normalize import Run, normalize_item
from transforms.rows import event_row, mention_row, quote_row, sentence_row

NOW = datetime(2019, 5, 6, tzinfo=UTC)
STORY = "قال مصدر عسكري إن طائرات حربية شنت غارات على مدينة خان شيخون بريف إدلب الجنوبي وأسفر القصف عن مقتل ثلاثة. " * 2


def told(n: int, document: str = "f", **fields: str | None) -> Document:
    fields = {"source": "s", "title": "خبر", "text": STORY} | fields
    item = Item(input=document, position=n, format="jsonl", raw_hash=json.dumps(fields, sort_keys=True), **fields)
    doc = normalize_item(item, Run("placeholder", "a", NOW))
    doc = Document(article=doc.article, order=doc.order, input_hash=doc.input_hash)
    return Document(
        article=doc.article,
        order=doc.order,
        input_hash=doc.input_hash,
        sentences=(sentence_row(doc, 0, 0, 3),),
        mentions=(mention_row(doc, 0, 3, "PER", engine="rules"),),
        quotes=(quote_row(doc, 0, 3, cue=None, speaker=None, direct=True),),
        events=(event_row(doc, (0, 3), "ASSAULT", status="actual", rule="x"),),
    )


def put_in(lake: Path, commit: str, docs: list[Document | Reject], pieces: int = 1):
    attempt = begin(lake, commit)
    if isinstance(attempt, AlreadyPublished):
        return attempt
    records = []
    for i in range(pieces):
        records += stage(docs[i::pieces], lake, attempt.folder, date(2019, 5, 6), 0)
    return publish(lake, attempt, records, {"read": len(docs)})


def rows(lake: Path, table: str) -> list[dict]:
    return ds.dataset(lake / table, format="parquet", partitioning="hive").to_table().to_pylist()


def content(lake: Path) -> dict[str, bytes]:
    return {p.relative_to(lake).as_posix(): p.read_bytes() for p in lake.rglob("*.parquet")}


def articles(lake: Path) -> int:
    return len({r["article_id"] for r in rows(lake, "articles")})


@pytest.mark.parametrize(
    ("first", "second", "ids", "versions"),
    [
        ({"guid": "1", "url": "https://x.com/1"}, {"guid": "1", "url": "https://x.com/2"}, 1, 1),
        ({"guid": "1", "url": "https://x.com/1"}, {"guid": "2", "url": "https://x.com/1?utm_source=y"}, 1, 1),
        ({"guid": "1"}, {"guid": "1", "title": "خبر جديد"}, 1, 2),
        ({"url": "https://x.com/1"}, {"guid": "9", "url": "https://x.com/1", "text": "نص آخر"}, 1, 2),
        ({"guid": "1"}, {"guid": "2", "text": "عمود آخر"}, 2, 2),
        ({}, {"title": "خَبر!"}, 1, 2),
        ({"guid": "خبر عاجل", "url": "https://x.com/1"}, {"guid": "خبر عاجل", "url": "https://x.com/2"}, 2, 2),
        ({"guid": "1"}, {"guid": "1", "source": "t"}, 2, 2),
    ],
)
@pytest.mark.parametrize("at_once", [True, False])
def test_what_is_the_same_article(tmp_path: Path, first, second, ids, versions, at_once) -> None:
    # Not one document: a guid that a document repeats with other links is no guid.
    docs = [told(1, "f", **first), told(1, "g", **second)]
    if at_once:
        put_in(tmp_path, "c1", docs)
    else:
        put_in(tmp_path, "c1", docs[:1])
        put_in(tmp_path, "c2", docs[1:])
    assert (articles(tmp_path), len(rows(tmp_path, "articles"))) == (ids, versions)
    found = {r["version_id"] for r in rows(tmp_path, "articles")}
    for table, (kind, column, parts) in ROW_IDS.items():
        from schemas.identity import digest

        children = rows(tmp_path, table)
        assert {r["version_id"] for r in children} == found
        assert all(r[column] == digest(kind, r["version_id"], *(r[p] for p in parts)) for r in children)


def test_a_guid_with_two_links_in_one_document_is_none(tmp_path: Path) -> None:
    put_in(tmp_path, "c1", [told(n, guid="1", url=f"https://x.com/{n}") for n in (1, 2)])
    assert articles(tmp_path) == 2
    assert len({r["mention_id"] for r in rows(tmp_path, "mentions")}) == 2


def test_the_same_story_elsewhere_is_a_duplicate_of_the_first(tmp_path: Path) -> None:
    put_in(tmp_path, "c1", [told(1, guid="1")])
    put_in(tmp_path, "c2", [told(2, guid="2", source="t", title="عنوان آخر"), told(3, guid="3", source="u")])
    by_source = {r["source"]: r for r in rows(tmp_path, "articles")}
    assert by_source["s"]["duplicate_of"] is None
    assert by_source["t"]["duplicate_of"] == by_source["u"]["duplicate_of"] == by_source["s"]["version_id"]


def test_unchanged_input_is_never_a_new_version(tmp_path: Path) -> None:
    put_in(tmp_path, "c1", [told(1, guid="1")])
    better = told(1, guid="1")
    cleaned = told(1, guid="1", text="نص نظفته نسخة أحدث")
    put_in(tmp_path, "c2", [Document(article=cleaned.article, order="f#1", input_hash=better.input_hash)])
    assert len(rows(tmp_path, "articles")) == 1


def test_pieces_do_not_change_bytes(tmp_path: Path) -> None:
    docs = [told(n, guid=str(n), title=f"خبر {n}") for n in range(7)]
    for pieces in (1, 2, 7):
        put_in(tmp_path / str(pieces), "c1", docs, pieces)
    assert content(tmp_path / "1") == content(tmp_path / "2") == content(tmp_path / "7")


def test_a_commit_record_is_final(tmp_path: Path) -> None:
    put_in(tmp_path, "c1", [told(1, guid="1")])
    before = content(tmp_path)
    assert put_in(tmp_path, "c1", [told(2, guid="2")]) == AlreadyPublished("c1")
    assert content(tmp_path) == before
    assert not list((tmp_path / "_staging").iterdir())


def test_the_index_stays_few_files_and_forgets_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparing, "MOST_PARTS", 3)
    for n in range(9):
        put_in(tmp_path, f"c{n}", [told(n, guid=str(n), title=f"خبر {n}")])
    assert len(list((tmp_path / "_state" / "seen").iterdir())) <= 3
    assert put_in(tmp_path, "all", [told(n, guid=str(n), title=f"خبر {n}") for n in range(9)]).duplicates == 9


@pytest.mark.parametrize("step", [1, 2, 3])
def test_a_kill_while_the_index_becomes_one_file_is_mended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    monkeypatch.setattr(preparing, "MOST_PARTS", 3)
    for n in range(3):
        put_in(tmp_path, f"c{n}", [told(n, guid=str(n), title=f"خبر {n}")])
    calls, unlink = [0], Path.unlink

    def dies(path: Path, missing_ok: bool = False) -> None:
        calls[0] += "seen" in path.parts
        if "seen" in path.parts and calls[0] == step:
            raise KeyboardInterrupt
        unlink(path, missing_ok)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", dies)
        with pytest.raises(KeyboardInterrupt):
            put_in(tmp_path, "c3", [told(3, guid="3", title="خبر 3")])
    put_in(tmp_path, "c4", [told(4, guid="4", title="خبر 4")])
    assert put_in(tmp_path, "all", [told(n, guid=str(n), title=f"خبر {n}") for n in range(5)]).duplicates == 5
    assert len(rows(tmp_path, "articles")) == 5
    assert len(list((tmp_path / "_state" / "seen").iterdir())) == 2


def test_lost_inputs_publish_nothing(tmp_path: Path) -> None:
    attempt = begin(tmp_path, "c1")
    assert isinstance(attempt, Attempt)
    records = stage([told(1)], tmp_path, attempt.folder, date(2019, 5, 6), 0)
    with pytest.raises(RuntimeError, match="read 2 inputs"):
        publish(tmp_path, attempt, records, {"read": 2})
    assert not (tmp_path / "articles").exists()


@pytest.mark.parametrize("step", range(1, 15))
def test_a_kill_at_any_rename_is_mended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    docs: list[Document | Reject] = [told(1, guid="1"), told(2, guid="2")]
    put_in(tmp_path / "clean", "c1", docs)
    calls, rename = [0], os.replace

    def dies(source: Path, target: Path) -> None:
        calls[0] += 1
        if calls[0] == step:
            raise KeyboardInterrupt
        rename(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", dies)
        with pytest.raises(KeyboardInterrupt):
            put_in(tmp_path / "killed", "c1", docs)
    put_in(tmp_path / "killed", "c1", docs)
    assert content(tmp_path / "killed") == content(tmp_path / "clean")
    assert [p.name for p in (tmp_path / "killed" / "_runs").iterdir()] == ["c1.json"]


def test_a_file_that_is_nowhere_is_told(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="neither staged nor in place"):
        finish(tmp_path, {"commit": "c", "moves": [["_staging/a", "articles/b"]], "record": {}})


def test_two_publishers_at_once(tmp_path: Path) -> None:
    with lock(tmp_path, 1), pytest.raises(LockHeld, match="another publisher"):
        begin(tmp_path, "c1", wait=0.05)


def test_an_older_attempt_publishes_nothing(tmp_path: Path) -> None:
    older, newer = begin(tmp_path, "c1"), begin(tmp_path, "c1")
    assert isinstance(older, Attempt)
    assert isinstance(newer, Attempt)
    with pytest.raises(Superseded):
        publish(tmp_path, older, [], {})
    publish(tmp_path, newer, [], {})
    assert publish(tmp_path, older, [], {}) == AlreadyPublished("c1")


def test_what_killed_attempts_left_goes_when_it_is_old(tmp_path: Path) -> None:
    attempts = [begin(tmp_path, name) for name in ("killed", "recent", "slow")]
    for attempt in attempts:
        assert isinstance(attempt, Attempt)
        (tmp_path / attempt.folder).mkdir(parents=True)
        (tmp_path / attempt.folder / "piece.arrow").write_bytes(b"x")
    past = time.time() - ABANDONED - 1
    for path in [*tmp_path.glob("_staging/killed/**"), tmp_path / "_staging" / "slow"]:
        os.utime(path, (past, past))
    begin(tmp_path, "next")
    assert sorted(path.name for path in (tmp_path / "_staging").iterdir()) == ["recent", "slow"]
    assert sorted(json.loads((tmp_path / "_state" / "epoch").read_text())) == ["next", "recent", "slow"]
    assert isinstance(attempts[0], Attempt)
    with pytest.raises(Superseded):
        publish(tmp_path, attempts[0], [], {"read": 0})


def test_files_say_their_schema_and_are_sorted(tmp_path: Path) -> None:
    days = ["2019-05-03T00:00:00Z", "2019-05-01T00:00:00Z", "2019-05-02T00:00:00Z"]
    put_in(tmp_path, "c1", [told(n, guid=str(n), published=day) for n, day in enumerate(days)])
    (path,) = (tmp_path / "articles").glob("*/*.parquet")
    table = pq.read_table(path, partitioning=None)
    assert table["published_at"].to_pylist() == sorted(table["published_at"].to_pylist())
    assert table.schema.metadata[b"schema_version"] == b"1"
    assert all(b"description" in f.metadata for f in table.schema)


def test_latest_counts_an_edited_article_once(tmp_path: Path) -> None:
    put_in(tmp_path, "placeholder", [told(1, guid="1"), told(2, "g", guid="1", title="عنوان جديد")])
    database = duckdb.connect()
    database.execute(latest_sql(tmp_path))
    assert database.sql("SELECT title FROM latest.articles").fetchall() == [("عنوان جديد",)]
    for table in ("sentences", "mentions", "events", "quotes"):
        assert database.sql(f"SELECT count(*) FROM latest.{table}").fetchall() == [(1,)]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTP://WWW.X.com:80/b?utm_source=x&b=2&a=1#f", "http://www.x.com/b?a=1&b=2"),
        ("https://x.com/a?id=1&token=zz", "https://x.com/a?id=1"),
        ("https://x.com/a.jsp;jsessionid=A1?id=1", "https://x.com/a.jsp?id=1"),
        ("https://x.com/a;x=1/b;PHPSESSID=2", "https://x.com/a%3Bx=1/b"),
        ("https://x.com/a?id=1&X-Goog-Signature=z", "https://x.com/a?id=1"),
        ("javascript:alert(1)", None),
        ("https://x.com/", None),
        ("http://[::1", None),
        (None, None),
    ],
)
def test_canonical_addresses(url: str | None, expected: str | None) -> None:
    assert canonical(url) == expected
