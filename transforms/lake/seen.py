"""The seen index: which articles, versions and raw inputs the lake has, and what a new sighting is to them.

`_state/seen` holds one row for each new combination of keys, input and version; it is published by the same manifest
as the articles.  A key stands on the rows of the article that had it first and on no other's.

Knows: which sightings are one article.  Does not know: files of the lake beyond its own, or when they are published.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from schemas.document import Document
from schemas.identity import body_hash, digest, version_id
from transforms.lake.keys import Keys, keys_of

_COLUMNS: Final = {
    "source": "The publisher",
    "guid": "Hash of source and guid, where this article had it first",
    "url": "Hash of source and canonical URL, where this article had it first",
    "content": "Hash of source and normalised title and text, where this article had it first",
    "story": "Hash of the normalised text, whatever the source",
    "story_version": "version_id of the first article that told this story",
    "input_hash": "Hash of the raw fields; of a reject its reject_id; `shared` of a key that identifies no article",
    "article_id": "Identity that the first sighting gave; null for a reject and a shared key",
    "version_id": "Hash of article_id, stored title and stored text; null for a reject",
}
SEEN_SCHEMA: Final = pa.schema(
    [pa.field(name, pa.string(), metadata={"description": doc}) for name, doc in _COLUMNS.items()],
    {"schema_version": "1", "record": "Seen"},
)
KEYS: Final = ("guid", "url", "content")
#: Stands for the input hash on the row of a key that identifies no article.
SHARED: Final = "shared"
_TRIES: Final = 5
#: How an article is named: by its id, or by a number made of it.
Key = TypeVar("Key")


class Sighting(NamedTuple):
    """What of a staged Document decides whether it is news: how it travels to the publisher."""

    order: str
    source: str
    guid: str | None
    url: str | None
    content: str
    story: str
    body: str
    input_hash: str
    article_id: str
    version_id: str
    published_at: datetime | None
    #: No rows were staged: whoever staged it knew the same input from before.
    bare: bool


_KINDS: Final = {"published_at": pa.timestamp("us", tz="UTC"), "bare": pa.bool_()}
SIGHTING_SCHEMA: Final = pa.schema([(name, _KINDS.get(name, pa.string())) for name in Sighting._fields])


class Kept(NamedTuple):
    """A sighting that becomes rows, under the ids that it gets."""

    order: str
    article_id: str
    version_id: str
    version_number: int
    duplicate_of: str | None
    published_at: datetime | None
    renamed: bool


class Known(NamedTuple):
    """What the lake has of the keys asked for; `resolve` adds to it as it goes."""

    owners: dict[str, str]  # key -> article_id
    versions: dict[str, set[str]]  # article_id -> version_ids
    inputs: set[tuple[str | None, str]]  # (article_id, input_hash); None for rejects
    shared: set[str]  # keys of guids and addresses that a document gave to several articles: they identify none
    stories: dict[str, tuple[str, str]]  # story -> (version_id, article_id) of the first
    missing: set[str]  # orders of bare sightings of what the lake has not (yet): they become no rows


def sighting(doc: Document) -> Sighting:
    """The sighting of a Document."""
    article = doc.article
    keys = keys_of(article.source, article.guid, article.url, article.title, article.text)
    return Sighting(
        order=doc.order,
        source=article.source,
        **keys._asdict(),
        body=body_hash(article.title, article.text),
        input_hash=doc.input_hash,
        article_id=article.article_id,
        version_id=article.version_id,
        published_at=article.published_at,
        bare=doc.bare,
    )


def load(lake: Path, sightings: Sequence[Sighting | Keys], rejects: Sequence[str]) -> Known:
    """What the lake's index has on these sightings and reject ids."""
    known = Known({}, defaultdict(set), set(), set(), {}, set())
    table = _index(lake)
    if table is None:
        return known
    asked = {name: pa.array({getattr(s, name) for s in sightings}, pa.string()) for name in (*KEYS, "story")}
    asked["input_hash"] = pa.array(rejects, pa.string())
    found = _having(table, asked)
    stories = found.filter(pc.equal(found["story_version"], found["version_id"]))
    first = zip(*(stories[c].to_pylist() for c in ("story", "version_id", "article_id")), strict=True)
    known.stories.update({story: (version, article) for story, version, article in first})
    marks = found.filter(pc.equal(found["input_hash"], SHARED))
    known.shared.update(key for name in ("guid", "url") for key in marks[name].to_pylist() if key)
    ids = pc.unique(found["article_id"]).drop_null()
    for row in _having(table, {"article_id": ids, "input_hash": asked["input_hash"]}).to_pylist():
        known.inputs.add((row["article_id"], row["input_hash"]))
        if row["article_id"] is not None:
            known.versions[row["article_id"]].add(row["version_id"])
            known.owners.update({row[key]: row["article_id"] for key in KEYS if row[key]})
    return known


def index_files(lake: Path) -> list[Path]:
    """The files of the index, in order."""
    return sorted((lake / "_state" / "seen").glob("*.parquet"))


def _index(lake: Path) -> pa.Table | None:
    """The whole index; None where there is none.  Who does not hold the lock may find that files became one meanwhile."""
    for _ in range(_TRIES):
        try:
            tables = [pq.read_table(f, schema=SEEN_SCHEMA) for f in index_files(lake)]
        except FileNotFoundError:
            continue
        return pa.concat_tables(tables) if tables else None
    raise RuntimeError(f"the files of {lake}/_state/seen vanish as they are read")


def _having(table: pa.Table, asked: dict[str, pa.Array]) -> pa.Table:
    mask = None
    for name, values in asked.items():
        hit = pc.is_in(table[name], value_set=values.drop_null(), skip_nulls=True)
        mask = hit if mask is None else pc.or_(mask, hit)
    return table.filter(mask)


def resolve(sightings: Iterable[Sighting], known: Known) -> tuple[list[Kept], list[dict]]:
    """Which sightings become rows, under which ids, and the new rows of the index; in the order of the input.

    A known address says more than a known guid: some publishers number every day's articles from one.
    """
    ordered = sorted({s.order: s for s in sightings}.values())
    kept: list[Kept] = []
    rows = _shared_rows(ordered, known)
    # Those with rows first: a clock that went back may have put a bare one before them.
    for s in sorted(ordered, key=lambda s: s.bare):
        guid = None if s.guid in known.shared else s.guid
        url = None if s.url in known.shared else s.url
        article = owner(guid, url, s.content, known.owners.get) or digest("article", guid or url or s.content)
        unowned = any(key and key not in known.owners for key in (guid, url, s.content))
        said = (article, s.input_hash) in known.inputs
        # A new address or guid of what was said before is remembered; else some feeds add rows at every fetch.
        if said and not unowned:
            continue
        if s.bare and not said:
            known.missing.add(s.order)
            continue
        version = version_id(article, s.body)
        known.inputs.add((article, s.input_hash))
        story_version, story_article = known.stories.setdefault(s.story, (version, article))
        for key in (guid, url, s.content):
            if key:
                known.owners.setdefault(key, article)
        own = {n: k for n, k in (("guid", guid), ("url", url), ("content", s.content)) if k}
        own = {n: k for n, k in own.items() if known.owners[k] == article}
        rows.append(
            own
            | {"source": s.source, "story": s.story, "story_version": story_version, "input_hash": s.input_hash}
            | {"article_id": article, "version_id": version}
        )
        versions = known.versions.setdefault(article, set())
        if said or version in versions:
            continue
        versions.add(version)
        twin = story_version if story_article != article else None
        renamed = (article, version) != (s.article_id, s.version_id)
        kept.append(Kept(s.order, article, version, len(versions), twin, s.published_at, renamed))
    return kept, rows


def owner(guid: str | None, url: str | None, content: str, owners: Callable[[str], Key | None]) -> Key | None:
    """Whose sighting it is, by keys of which none is shared; None where it is a new article."""
    named = [key for key in (url, guid) if key]
    return next(filter(None, map(owners, named or [content])), None)


def _shared_rows(ordered: Sequence[Sighting], known: Known) -> list[dict]:
    """Rows of the index for keys that these sightings show to identify no article; `known` learns them."""
    rows = []
    for name, keys in (("guid", _shared_guids(ordered)), ("url", _shared_addresses(ordered))):
        for key, source in sorted(keys.items()):
            if key not in known.shared:
                known.shared.add(key)
                rows.append({"source": source, name: key, "input_hash": SHARED})
    return rows


#: One guid and one address on so many different entries of one document: a list that forgot to tell them apart.  Two
#: are an article beside its own update.
_TOLD_ALIKE: Final = 3


def _shared_guids(sightings: Sequence[Sighting]) -> dict[str, str]:
    """Guids that one document uses with different links, or for several entries without one; their source."""
    links: dict[tuple[str, str], set[str | None]] = defaultdict(set)
    contents: dict[tuple[str, str], set[str]] = defaultdict(set)
    sources = {s.guid: s.source for s in sightings if s.guid}
    for s in sightings:
        if s.guid:
            links[_document(s), s.guid].add(s.url)
            contents[_document(s), s.guid].add(s.content)
    return {
        key[1]: sources[key[1]]
        for key, urls in links.items()
        if len(urls - {None}) > 1 or len(contents[key]) >= (2 if urls == {None} else _TOLD_ALIKE)
    }


def _shared_addresses(sightings: Sequence[Sighting]) -> dict[str, str]:
    """Addresses that one document gives to many different entries, or to most of its own; their source."""
    contents: dict[tuple[str, str], set[str]] = defaultdict(set)
    articles: dict[tuple[str, str], set[str]] = defaultdict(set)
    entries = Counter(_document(s) for s in sightings)
    sources = {s.url: s.source for s in sightings if s.url}
    for s in sightings:
        if s.url:
            contents[_document(s), s.url].add(s.content)
            articles[_document(s), s.url].add(s.guid or s.content)
    return {
        key[1]: sources[key[1]]
        for key, found in contents.items()
        if (len(articles[key]) > 1 and (len(found) >= _TOLD_ALIKE or 2 <= len(found) >= entries[key[0]] / 2))
        or len(found) > _TOLD_ALIKE
    }


def _document(s: Sighting) -> str:
    return s.order.rpartition("#")[0]


def said_before(lake: Path, entries: Sequence[tuple[Keys, str]]) -> list[bool]:
    """Of entries, by their keys and input hashes, which the lake has as they are: their pages need no fetch."""
    known = load(lake, [keys for keys, _ in entries], [])
    found = []
    for keys, input_hash in entries:
        owners = {known.owners.get(key) for key in (keys.url, keys.guid) if key and key not in known.shared}
        owners = owners - {None} or {known.owners.get(keys.content)}
        found.append(any((article, input_hash) in known.inputs for article in owners if article))
    return found


def reject_rows(ids: Iterable[str]) -> list[dict]:
    """The index's rows of rejects: the same bad input is stored once."""
    return [{"input_hash": reject} for reject in ids]
