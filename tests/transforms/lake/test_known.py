"""The index in memory says what the publisher would say, whatever was published in which parts."""

import time
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given
from hypothesis import strategies as st

from schemas.identity import body_hash, digest, version_id
from transforms.lake.keys import Keys
from transforms.lake.known import SeenIndex
from transforms.lake.seen import SEEN_SCHEMA, Known, Sighting, load, resolve

#: Few of each, so that they meet.
_ENTRY = st.tuples(
    st.sampled_from([None, "g1", "g2"]), st.sampled_from([None, "u1", "u2"]), st.sampled_from(["c1", "c2", "c3"]),
    st.sampled_from(["h1", "h2"]),
)  # fmt: skip
#: Commits of documents of entries.
_COMMITS = st.lists(st.lists(st.lists(_ENTRY, min_size=1, max_size=4), max_size=2), min_size=1, max_size=4)


def sighted(order: str, entry: tuple, bare: bool = False) -> Sighting:
    guid, url, content, words = entry
    hashed = [key and digest(kind, key) for kind, key in (("guid", guid), ("url", url), ("content", content))]
    article, body = digest("article", next(filter(None, hashed))), body_hash(content, words)
    return Sighting(
        order,
        "s",
        *hashed,
        digest("story", content),
        body,
        digest(words),
        article,
        version_id(article, body),
        None,
        bare,
    )


def store(lake: Path, number: int, rows: Sequence[dict]) -> None:
    folder = lake / "_state" / "seen"
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(list(rows), schema=SEEN_SCHEMA), folder / f"part-{number}.parquet")


def keys(s: Sighting) -> Keys:
    return Keys(s.guid, s.url, s.content, s.story)


@given(_COMMITS, st.lists(_ENTRY, max_size=6))
def test_it_knows_what_the_publisher_knows(tmp_path_factory, commits: list, asked: list) -> None:
    lake = tmp_path_factory.mktemp("lake")
    index = SeenIndex(lake)
    for number, documents in enumerate(commits):
        sightings = [sighted(f"{number}.{d}#{n}", e) for d, doc in enumerate(documents) for n, e in enumerate(doc)]
        store(lake, number, resolve(sightings, load(lake, sightings, []))[1])
        # What it holds of older parts must do for the newer ones.
        index.has(keys(sighted("x#0", ("g1", None, "c1", "h1"))), digest("h1"))
    for n, entry in enumerate(asked):
        s = sighted(f"z{n}#0", entry, bare=True)
        known: Known = load(lake, [s], [])
        resolve([s], known)
        assert index.has(keys(s), s.input_hash) == (s.order not in known.missing)


def test_files_that_become_one_are_read_anew(tmp_path: Path) -> None:
    index = SeenIndex(tmp_path)
    sightings = [sighted(f"{n}#0", (f"g{n}", None, f"c{n}", "h1")) for n in range(3)]
    assert not index.has(keys(sightings[0]), sightings[0].input_hash)
    rows = []
    for n, s in enumerate(sightings):
        found = resolve([s], load(tmp_path, [s], []))[1]
        store(tmp_path, n, found)
        rows += found
        assert index.has(keys(s), s.input_hash)
        assert not index.has(keys(s), digest("other words"))
    store(tmp_path, 9, rows)
    for n in range(3):
        (tmp_path / "_state" / "seen" / f"part-{n}.parquet").unlink()
    assert all(index.has(keys(s), s.input_hash) for s in sightings)
    assert list(index._parts) == ["part-9.parquet"]


def test_what_it_costs(tmp_path: Path) -> None:
    entries = [sighted(f"{n}#0", (f"g{n}", f"u{n}", f"c{n}", "h")) for n in range(20_000)]
    for part in range(64):
        store(tmp_path, part, resolve(entries[part::64], load(tmp_path / "none", [], []))[1])
    index, asked = SeenIndex(tmp_path), [(keys(s), s.input_hash) for s in entries[:2000]]
    started = time.process_time()
    assert index.has(*asked[0])
    loaded = time.process_time()
    assert all(index.has(*one) for one in asked)
    spent = (time.process_time() - loaded) / len(asked)
    size = sum(array.nbytes for part in index._parts.values() for array in part[:3]) / len(entries)
    print(
        f"{(loaded - started) / 0.02:.1f} s a million to load, {size:.0f} bytes an article, {spent * 1e6:.0f} us a question"
    )
    assert size < 64
    assert spent < 0.005
