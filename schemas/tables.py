"""The tables of the lake: each one's record class, its sort keys, and its rows of a Document."""

from typing import Any, Final

from schemas.article import Article
from schemas.document import Document
from schemas.event import Event
from schemas.fetch import Fetch
from schemas.mention import Mention
from schemas.quote import Quote
from schemas.reject import Reject
from schemas.sentence import Sentence

PARTITION: Final = "published_date"

TABLES: Final[dict[str, type]] = {
    "articles": Article,
    "sentences": Sentence,
    "mentions": Mention,
    "events": Event,
    "quotes": Quote,
    "rejects": Reject,
    "fetches": Fetch,
}

#: A total order of each table's rows: the same rows give the same bytes.
SORT_KEYS: Final[dict[str, tuple[str, ...]]] = {
    "articles": ("published_at", "version_id"),
    "sentences": ("version_id", "sentence_index"),
    "mentions": ("version_id", "start", "end", "type"),
    "events": ("version_id", "trigger_start", "trigger_end", "type"),
    "quotes": ("version_id", "start", "end"),
    "rejects": ("reject_id",),
    "fetches": ("fetched_at", "fetch_id"),
}

#: Of tables whose rows have an id of their own: what kind of id, its column, and the columns that it hashes after the
#: version_id (as `transforms.rows` does).
ROW_IDS: Final[dict[str, tuple[str, str, tuple[str, ...]]]] = {
    "mentions": ("mention", "mention_id", ("type", "start", "end")),
    "events": ("event", "event_id", ("type", "trigger_start", "trigger_end")),
    "quotes": ("quote", "quote_id", ("start", "end")),
}


def rows_of(doc: Document) -> dict[str, tuple[Any, ...]]:
    """The rows of every table that a Document becomes."""
    return {
        "articles": (doc.article,),
        "sentences": doc.sentences,
        "mentions": doc.mentions,
        "events": doc.events,
        "quotes": doc.quotes,
        "rejects": doc.rejects,
    }
