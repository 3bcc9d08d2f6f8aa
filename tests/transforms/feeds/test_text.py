"""Plain text files: headline, body and date."""

from datetime import UTC, datetime

import pytest

from schemas.item import Item, RawInput
from transforms.feeds.errors import BadInput
from transforms.feeds.text import parse_text

TITLE = "افتتاح جسر جديد في المدينة"
BODY = "افتتح رئيس البلدية صباح اليوم جسرا جديدا يربط ضفتي النهر، وقال إن الأشغال دامت سنتين كاملتين."
MODIFIED = datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)


def parse(content: str, name: str = "a.txt", modified: datetime | None = MODIFIED, encoding: str = "utf-8") -> Item:
    return parse_text(RawInput(input=name, format="text", payload=content.encode(encoding), modified_at=modified))


@pytest.mark.parametrize(
    ("content", "title", "text"),
    [
        (f"{TITLE}\n\n{BODY}\n", TITLE, BODY),
        (f"\n {TITLE} \r\n{BODY}\r\n{BODY}", TITLE, f"{BODY}\n{BODY}"),
        (f"{TITLE}.\n\n{BODY}", None, f"{TITLE}.\n\n{BODY}"),
        (f"«{TITLE}؟»\n\n{BODY}", None, f"«{TITLE}؟»\n\n{BODY}"),
        (f"{TITLE}\n{TITLE}\n{BODY}", None, f"{TITLE}\n{TITLE}\n{BODY}"),
        (f"{BODY[:-1] * 2}\n\n{BODY}", None, f"{BODY[:-1] * 2}\n\n{BODY}"),
        (TITLE, None, TITLE),
    ],
)
def test_headline_and_body(content: str, title: str | None, text: str) -> None:
    item = parse(content)
    assert (item.title, item.text) == (title, text)


@pytest.mark.parametrize(
    ("name", "published", "where"),
    [
        ("in/2019-05-06_a.txt", "2019-05-06", "name"),
        ("in/a20190506.txt.gz", "2019-05-06", "name"),
        ("in/20191399-20190506.txt", "2019-05-06", "name"),
        ("2019-05-06/a.txt", MODIFIED.isoformat(), "file"),
        ("in/2019-0506.txt", MODIFIED.isoformat(), "file"),
        ("in/120190506.txt", MODIFIED.isoformat(), "file"),
    ],
)
def test_date(name: str, published: str, where: str) -> None:
    item = parse(BODY, name)
    assert (item.published, item.published_from) == (published, where)


def test_no_date_at_all() -> None:
    item = parse(BODY, modified=None)
    assert (item.published, item.published_from) == (None, None)


def test_a_touched_file_is_the_same_input() -> None:
    assert parse(BODY).raw_hash == parse(BODY, modified=None).raw_hash != parse(BODY + "!").raw_hash


def test_undeclared_windows_1256() -> None:
    item = parse(f"{TITLE}\n\n{BODY}", encoding="windows-1256")
    assert (item.title, item.text, item.encoding) == (TITLE, BODY, "windows-1256")


@pytest.mark.parametrize("content", ["", " \n\r\n "])
def test_an_empty_file_is_bad(content: str) -> None:
    with pytest.raises(BadInput, match="no-text"):
        parse(content)
