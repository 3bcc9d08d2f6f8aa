"""Normalize: from an item as its input gave it to a Document with a clean, dated, identified article.

As little language as possible here: cleaning is `transforms.arabic.normalize`, dates are `transforms.arabic.dates`.
"""

from dataclasses import dataclass
from datetime import datetime

from schemas.article import MAX_AHEAD, Article
from schemas.document import Document
from schemas.identity import digest
from schemas.item import Item
from transforms.arabic.dates import read_timestamp
from transforms.arabic.normalize import clean


@dataclass(frozen=True)
class Run:
    """What every row of a run shares: its id, the analyzer's hash, and the time that files count as fetched at (UTC)."""

    run_id: str
    analyzer_version: str
    fetched_at: datetime


def normalize_item(item: Item, run: Run) -> Document:
    """The item's Document: fields cleaned, dates read, identity given.

    Identity is source + guid, else source + URL, else source + normalised title and text (LAKE: identity).
    """
    repairs = list(item.repairs)

    def tidy(value: str | None) -> str | None:
        if value is None:
            return None
        cleaned = clean(value)
        repairs.extend(r for r in cleaned.repairs if r not in repairs)
        return cleaned.text or None

    title, summary, text = tidy(item.title), tidy(item.summary), tidy(item.text)
    published = read_timestamp(item.published) if item.published else None
    updated = read_timestamp(item.updated) if item.updated else None
    source = tidy(item.source) or "unknown"
    key = ("guid", item.guid) if item.guid else ("url", item.url) if item.url else ("text", title, text)
    article_id = digest("article", source, *key)
    rule = f"{item.published_from or 'field'}:{published[2]}" if published else "none"
    if published is None or published[0] > run.fetched_at + MAX_AHEAD:
        rule += ",fetch-day"
    article = Article(
        article_id=article_id,
        version_id=digest("version", article_id, title, text),
        guid=item.guid or item.url,
        source=source,
        url=item.url,
        title=title,
        summary=summary,
        text=text or "",
        author=tidy(item.author),
        section=tidy(item.section),
        language=item.language or "ar",
        published_at=published[0] if published else None,
        published_offset_min=published[1] if published else None,
        published_rule=rule,
        updated_at=updated[0] if updated else None,
        fetched_at=run.fetched_at,
        encoding=item.encoding,
        repairs=tuple(repairs),
        run_id=run.run_id,
        analyzer_version=run.analyzer_version,
    )
    return Document(article=article, order=f"{item.input}#{item.position:09d}", input_hash=item.raw_hash)
