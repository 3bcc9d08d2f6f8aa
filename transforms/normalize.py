"""Normalize: from an item as its input gave it to a Document with a clean, dated, identified article.

As little language as possible here: cleaning is `transforms.arabic.normalize`, dates are `transforms.arabic.timestamps` and `.headlines`.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

import apache_beam as beam

from schemas.article import MAX_AHEAD, Article
from schemas.document import Document
from schemas.fetch import place
from schemas.identity import body_hash, digest, version_id
from schemas.item import Item
from schemas.reject import MAX_RAW, Reject
from transforms.arabic.boilerplate import without_boilerplate
from transforms.arabic.headlines import find_head_date
from transforms.arabic.normalize import clean
from transforms.arabic.timestamps import read_timestamp
from transforms.lake.keys import keys_of
from transforms.step import Bug, Step

#: So many lines of a plain file, empty ones too, may tell its date.
_HEAD: Final = 40
#: Formats in which lines stand around the article that are none of it.
_PUBLISHED_BY_SITES: Final = frozenset(["html", "entry", "feed"])


@dataclass(frozen=True)
class Run:
    """What every row of a run shares: its id, the analyzer's hash, and the time that files count as fetched at (UTC)."""

    run_id: str
    analyzer_version: str
    fetched_at: datetime


def normalize_item(item: Item, run: Run) -> Document:
    """The item's Document: fields cleaned, dates read, identity given.

    Identity is source + guid, else source + canonical URL, else source + normalised title and text; the publisher
    gives an earlier one where the article was seen before (`transforms.lake`).
    """
    repairs = list(item.repairs)

    def tidy(value: str | None) -> str | None:
        if value is None:
            return None
        cleaned = clean(value)
        repairs.extend(r for r in cleaned.repairs if r not in repairs)
        return cleaned.text or None

    title, summary, text = tidy(item.title), tidy(item.summary), tidy(item.text)
    if text and item.format in _PUBLISHED_BY_SITES and (bare := without_boilerplate(text)) != text:
        text = bare
        repairs.append("boilerplate")
    published, rule = _published(item, title, text, run)
    if published and published[1] is None and item.timezone:
        published, rule = _in_zone(published[0], item.timezone), f"{rule},feed-zone"
    updated = read_timestamp(item.updated) if item.updated else None
    fetched = item.fetched_at or run.fetched_at
    source = tidy(item.source) or "unknown"
    guid, url = _told(item.guid), _told(item.url)
    article_id = keys_of(source, guid, url, title, text).article_id
    if published is None or published[0] > fetched + MAX_AHEAD:
        rule += ",fetch-day"
    article = Article(
        article_id=article_id,
        version_id=version_id(article_id, body_hash(title, text or "")),
        guid=guid or url,
        source=source,
        url=url,
        title=title,
        summary=summary,
        text=text or "",
        author=tidy(item.author),
        section=tidy(item.section),
        language=_told(item.language) or "ar",
        published_at=published and published[0],
        published_offset_min=published and published[1],
        published_rule=rule,
        updated_at=updated[0] if updated else None,
        fetched_at=fetched,
        encoding=item.encoding,
        repairs=tuple(repairs),
        run_id=run.run_id,
        analyzer_version=run.analyzer_version,
    )
    where = place(item.fetched_at, item.input) if item.fetched_at else item.input
    return Document(article=article, order=f"{where}#{item.position:09d}", input_hash=item.raw_hash)


def _in_zone(clock: datetime, zone: str) -> tuple[datetime, int | None]:
    """The moment of a clock time that was read as if it were UTC, in the zone, and the zone's offset then."""
    local = clock.replace(tzinfo=ZoneInfo(zone))
    offset = local.utcoffset()
    return local.astimezone(UTC), int(offset.total_seconds() // 60) if offset is not None else None


def _told(value: str | None) -> str | None:
    """The value as it is given, but None where it has nothing that could be seen: white space and controls alone."""
    return value if value and clean(value).text.strip() else None


def _published(
    item: Item, title: str | None, text: str | None, run: Run
) -> tuple[tuple[datetime, int | None] | None, str]:
    """Moment and offset of publication, and where they are from: a plain file's own date counts less than its text."""
    read = read_timestamp(item.published) if item.published else None
    if item.format == "text" and item.published_from != "name":
        lines = [title or "", *(text or "").split("\n", _HEAD)[:_HEAD]]
        head = find_head_date(lines, read[0].year if read else None)
        if head and read and head.rule.endswith("year-of-file") and head.moment > read[0] + MAX_AHEAD:
            head = find_head_date(lines, read[0].year - 1)
        if head and head.moment <= run.fetched_at + MAX_AHEAD:
            return (head.moment, head.offset), f"head:{head.rule}"
    return (read[:2], f"{item.published_from or 'field'}:{read[2]}") if read else (None, "none")


@dataclass
class Normalize(beam.PTransform):
    """Items become Documents; one of which nothing is left becomes a Reject."""

    run: Run
    bug: Bug | None = None

    def expand(self, items: beam.PCollection) -> beam.PCollection:
        """Items and Rejects in, Documents and Rejects out."""
        return items | Step("Normalize", normalize_or_reject, self.run, bug=self.bug)


def normalize_or_reject(item: Item, run: Run) -> list[Document | Reject]:
    """The item's Document, or the Reject of an item that is empty once cleaned."""
    doc = normalize_item(item, run)
    if doc.article.text or doc.article.title:
        return [doc]
    where = f"{item.input}#{item.position}" if item.position else item.input
    detail = "nothing is left of text and title after cleaning"
    return [
        reject(
            where, (item.text or item.title or "").encode("utf-8", "replace"), "normalize", "empty", detail, run,
            item.fetched_at,
        )
    ]  # fmt: skip


def reject(
    where: str, raw: bytes, stage: str, reason: str, detail: str, run: Run, fetched_at: datetime | None = None
) -> Reject:
    """A row for what could not become an article; the time is the run's where it was not fetched."""
    return Reject(
        reject_id=digest("reject", where, stage, reason, raw),
        stage=stage,
        reason=reason,
        detail=detail,
        input=where,
        raw=raw[:MAX_RAW],
        fetched_at=fetched_at or run.fetched_at,
        run_id=run.run_id,
        analyzer_version=run.analyzer_version,
    )
