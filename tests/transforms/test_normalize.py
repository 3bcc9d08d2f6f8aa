"""From items to dated articles."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from schemas.item import Item, RawInput
from transforms.feeds.text import parse_text
from transforms.normalize import Run, normalize_item

RUN = Run("run", "", datetime(2024, 6, 1, tzinfo=UTC))
BODY = "\n\nافتتح رئيس البلدية جسرا جديدا يربط ضفتي النهر، وقال إن الأشغال دامت سنتين كاملتين كما خطط لها من قبل."
SHARQ = Path(__file__).parents[2] / "seeds" / "sharq.txt"


def dated(payload: bytes, name: str, modified: datetime | None) -> tuple[str, str]:
    raw = RawInput(input=name, format="text", payload=payload, modified_at=modified)
    article = normalize_item(parse_text(raw), RUN).article
    return str(article.published_at)[:16], article.published_rule


@pytest.mark.parametrize(
    ("content", "name", "modified", "published", "rule"),
    [
        ("الاثنين 9 تموز 2012", "a.txt", datetime(2020, 1, 2, tzinfo=UTC), "2012-07-09 00:00", "head:line"),
        ("الاثنين 9 تموز 2012", "2019-05-06.txt", None, "2019-05-06 00:00", "name:rfc3339"),
        ("خبر", "a.txt", datetime(2020, 1, 2, 3, tzinfo=UTC), "2020-01-02 03:00", "file:rfc3339"),
        ("9 تموز", "a.txt", datetime(2012, 8, 2, tzinfo=UTC), "2012-07-09 00:00", "head:line,year-of-file"),
        ("9 تموز", "a.txt", datetime(2013, 1, 2, tzinfo=UTC), "2012-07-09 00:00", "head:line,year-of-file"),
        ("9 تموز", "a.txt", None, "None", "none,fetch-day"),
        ("9 تموز 2032", "a.txt", datetime(2020, 1, 2, tzinfo=UTC), "2020-01-02 00:00", "file:rfc3339"),
    ],
)
def test_date_of_a_plain_file(content: str, name: str, modified: datetime | None, published: str, rule: str) -> None:
    assert dated((content + BODY).encode(), name, modified) == (published, rule)


def test_the_sample_newspaper_file_tells_its_day() -> None:
    assert dated(SHARQ.read_bytes(), str(SHARQ), RUN.fetched_at) == ("2012-07-09 00:00", "head:line")


@pytest.mark.parametrize("value", [" ", "\0", "\u200e\u00a0\t", ""])
def test_fields_with_nothing_to_be_seen_are_unknown(value: str) -> None:
    given = {"input": "a.jsonl", "format": "jsonl", "text": "خبر قصير من المدينة", "raw_hash": ""}
    item = Item(**given, guid=value, url=value, language=value)
    article = normalize_item(item, RUN).article
    assert (article.guid, article.url, article.language) == (None, None, "ar")
    assert article.article_id == normalize_item(Item(**given), RUN).article.article_id
