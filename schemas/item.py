"""What a reader of files or feeds hands on: raw inputs, and the items parsed out of them.

These travel between the first steps of a pipeline and are no table of the lake.
"""

from dataclasses import dataclass
from datetime import datetime

from schemas.columns import column


@dataclass(frozen=True, slots=True, kw_only=True)
class RawInput:
    """Bytes of one input: a whole file, or one line of a JSON Lines file."""

    input: str = column(
        "Where the bytes came from: path or address; of what was fetched, the feed's as its list has it"
    )
    position: int = column("Line or item number within it, from 1; 0 for a whole file", default=0)
    format: str = column("jsonl, text, feed or html; empty where it could not be told")
    payload: bytes = column("The bytes, decompressed")
    declared_encoding: str | None = column(
        "Encoding that the transport or file declared outside the bytes", default=None
    )
    modified_at: datetime | None = column("When the file was last changed, UTC", default=None)
    fault: str | None = column(
        "Why it could not be read, as a short fixed word; `payload` is what was left", default=None
    )
    detail: str | None = column("The same for a person", default=None)
    fetched_at: datetime | None = column("When it was fetched, UTC; null of files", default=None)
    address: str | None = column("Where redirects led: what relative links count from", default=None)
    source: str | None = column("The publisher, where a feed list names it", default=None)
    language: str | None = column("Language of entries that declare none", default=None)
    timezone: str | None = column("IANA name: the zone of dates that tell none", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One article as its input gave it: decoded, not yet cleaned, dated or identified."""

    input: str = column("Where it came from: path or address")
    position: int = column("Line or item number within it, from 1; 0 for a whole file", default=0)
    format: str = column("jsonl, text, feed or html")
    guid: str | None = column("The id that the input gave", default=None)
    source: str | None = column("Publisher as the input names it", default=None)
    url: str | None = column("Address", default=None)
    title: str | None = column("Headline, HTML removed", default=None)
    summary: str | None = column("Summary, HTML removed", default=None)
    text: str | None = column("Body, HTML removed, paragraphs on lines of their own", default=None)
    author: str | None = column("Byline", default=None)
    section: str | None = column("Section or category", default=None)
    language: str | None = column("Language that the input declares", default=None)
    published: str | None = column("Publication date as written; read by the normalize step", default=None)
    published_from: str | None = column("Where `published` was found: field, name, header, meta or file", default=None)
    updated: str | None = column("Date of the last change as written", default=None)
    encoding: str | None = column("Encoding that the bytes were read in", default=None)
    repairs: tuple[str, ...] = column("What was mended so far, as short fixed words", default=())
    raw_hash: str = column("Hash of the raw fields (LAKE: input_hash): an unchanged input is never a new version")
    fetched_at: datetime | None = column("When it was fetched, UTC; null of files", default=None)
    timezone: str | None = column("IANA name: the zone of dates that tell none", default=None)
