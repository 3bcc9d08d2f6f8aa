"""Pages: body without its frame, and the fields that meta elements tell."""

import json
import time
from collections import Counter
from pathlib import Path

import pytest

from schemas.item import Item, RawInput
from transforms.feeds.errors import BadInput
from transforms.feeds.html import parse_page

TITLE = "افتتاح جسر جديد في المدينة"
BODY = [
    "افتتح رئيس البلدية صباح اليوم جسرا جديدا يربط ضفتي النهر، وقال إن الأشغال دامت سنتين كاملتين.",
    "وأضاف أن الجسر يخفف الازدحام في وسط المدينة، وأن البلدية تعتزم بناء جسر آخر في العام المقبل.",
    "وحضر الحفل عدد من المسؤولين وأهالي المدينة الذين رحبوا بالمشروع بعد انتظار طويل.",
]
FRAME = "<nav><a href='/'>الرئيسية</a> <a href='/p'>سياسة</a></nav>{}<footer>جميع الحقوق محفوظة</footer>"
ARTICLE = FRAME.format(f"<article><h1>{TITLE}</h1>" + "".join(f"<p>{p}</p>" for p in BODY) + "</article>")


def page(head: str = "", body: str = ARTICLE, attributes: str = ' lang="ar"') -> str:
    return f"<!DOCTYPE html><html{attributes}><head><title>{TITLE}</title>{head}</head><body>{body}</body></html>"


def parse(content: str | bytes, name: str = "a.html") -> Item:
    payload = content.encode() if isinstance(content, str) else content
    return parse_page(RawInput(input=name, format="html", payload=payload))


def meta(name: str, content: str, key: str = "property") -> str:
    return f'<meta {key}="{name}" content="{content}">'


LD = '<script type="application/ld+json">{"datePublished": "2021-03-02T09:15:00+03:00"}</script>'
CASES = [
    ("body", page(), "text", "\n".join(BODY)),
    ("headline", page(), "title", TITLE),
    ("site behind the headline", page(meta("og:site_name", "النهار")).replace("</title>", " | النهار</title>"), "title", TITLE),
    ("site", page(meta("og:site_name", "صحيفة النهار")), "source", "صحيفة النهار"),
    ("site that is an address", page(meta("og:site_name", "https://x.example/") + '<link rel="canonical" href="https://www.example.org/1">'), "source", "example.org"),
    ("address", page('<link rel="canonical" href="https://example.org/1">'), "url", "https://example.org/1"),
    ("address of og", page(meta("og:url", "https://example.org/2")), "url", "https://example.org/2"),
    ("no address", page(), "url", None),
    ("date", page(meta("article:published_time", "2024-01-16T10:20:00+03:00")), "published", "2024-01-16T10:20:00+03:00"),
    ("Arabic date", page(meta("article:published_time", "الأربعاء، 07 أكتوبر 2020 - 12:09 م")), "published", "الأربعاء، 07 أكتوبر 2020 - 12:09 م"),
    ("date with a zone before one without", page(meta("article:published_time", "2021-03-02 09:15:00") + LD), "published", "2021-03-02T09:15:00+03:00"),
    ("where the date was", page(LD), "published_from", "meta"),
    ("no date", page(), "published_from", None),
    ("changed", page(meta("article:modified_time", "2024-01-17T10:20:00Z")), "updated", "2024-01-17T10:20:00Z"),
    ("byline", page(meta("author", "سلمى العبادي", "name")), "author", "سلمى العبادي"),
    ("section", page(meta("article:section", "سياسة")), "section", "سياسة"),
    ("language", page(), "language", "ar"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "field", "value"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_field(content: str, field: str, value: str | None) -> None:
    assert getattr(parse(content), field) == value


def test_a_fetched_page_has_the_address_that_it_came_from() -> None:
    item = parse(page(), "https://www.example.org/news/1")
    assert (item.url, item.source) == ("https://www.example.org/news/1", "example.org")
    linked = parse(page('<link rel="canonical" href="/2">'), "https://www.example.org/news/1")
    assert linked.url == "https://www.example.org/2"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1256", "iso-8859-6"])
@pytest.mark.parametrize("label", [None, "utf-8", "windows-1256", "iso-8859-6"])
def test_right_arabic_whatever_is_declared(encoding: str, label: str | None) -> None:
    item = parse(page(f'<meta charset="{label}">' if label else "").encode(encoding))
    assert (item.title, item.text) == (TITLE, "\n".join(BODY))


P = "".join(f"<p>{p}</p>" for p in BODY)
HOSTILE = {
    "nothing": (b"", "no-text"),
    "no body": (b"<html></html>", "no-text"),
    "depth": (("<html><body>" + "<div>" * 50_000 + P).encode(), "page-limits"),
    "elements": (("<html><body>" + "<p>خبر</p>" * 90_000).encode(), "page-limits"),
    "attributes": (("<html><body><p " + " ".join(f"a{i}" for i in range(100_000)) + ">" + P).encode(), "page-limits"),
    "a long title": ((f"<html><head><title>{'خبر - ' * 300_000}</title></head><body>" + P).encode(), None),
    "spaces": (("<html><body>" + P + "<p>" + " " * 3_000_000 + "</p>").encode(), None),
    "references": (("<html><body>" + P + "<p>" + "&#xD800;" * 100_000 + "</p>").encode(), None),
    "angle brackets": (("<html><body>" + P + "<" * 1_000_000).encode(), None),
    "controls": (("<?xml version='1.0' encoding='x'?><html><body>\0\x01" + P).encode(), None),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_are_quick_and_are_an_item_or_a_reason(name: str) -> None:
    parse(page())  # imports
    content, expected = HOSTILE[name]
    reason = None
    start = time.process_time()
    try:
        parse(content)
    except BadInput as error:
        reason = error.reason
    assert reason == expected
    assert time.process_time() - start < 1


# Pages of publishers, outside the project: bodies and dates are measured where they are.
PAGES = Path("/work/shared/html")
DATES = {"youm7": "2020-08-24", "akhbarelyom": "7 أكتوبر 2020", "alyaum": "2020-12-01"}


def overlap(found: str, wanted: str) -> tuple[float, float]:
    """Precision and recall of words."""
    got, want = Counter(found.split()), Counter(wanted.split())
    same = (got & want).total()
    return same / got.total(), same / want.total()


@pytest.mark.skipif(not PAGES.is_dir(), reason="publishers' pages are not here")
def test_bodies_and_dates_of_publishers_pages() -> None:
    items = {path.name: parse(path.read_bytes(), path.name) for path in PAGES.glob("*.html")}
    assert all(item.text and item.title and item.source for item in items.values())
    for site, date in DATES.items():
        (item,) = (item for name, item in items.items() if site in name)
        assert date in (item.published or ""), site
    body = items["newspaper4k_arabic_article.html"].text or ""
    precision, recall = overlap(body, (PAGES / "newspaper4k_arabic_article.txt").read_text("utf-8"))
    print(f"body: P {precision:.3f} R {recall:.3f}")
    # What is too much are two paragraphs about readers' comments, in the article's own element.
    assert (precision > 0.8, recall > 0.99) == (True, True)
    opening = json.loads((PAGES / "goose3_test_cnn_arabic.json").read_text("utf-8"))["expected"]["cleaned_text"]
    assert overlap(items["goose3_test_cnn_arabic.html"].text or "", opening)[1] > 0.95
