"""Feeds: entries to items, one field at a time; encodings; what must not hang a parser."""

import codecs
import json
import time

import pytest

from schemas.item import Item, RawInput
from transforms.feeds.errors import BadInput
from transforms.feeds.rss import parse_feed

TITLE = "افتتاح جسر جديد في المدينة"
TEXT = "قال رئيس البلدية إن الأشغال دامت سنتين كاملتين."
HOME = "<link>https://www.example.org/news/</link>"
SPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
)


def rss(*items: str, head: str = HOME) -> str:
    entries = "".join(f"<item>{item}</item>" for item in items)
    return f'<rss version="2.0" {SPACES}><channel>{head}{entries}</channel></rss>'


def atom(entry: str, head: str = "", base: str = "") -> str:
    return f'<feed xmlns="http://www.w3.org/2005/Atom"{base}>{head}<entry><title>{TITLE}</title>{entry}</entry></feed>'


def rdf(item: str) -> str:
    return (
        f'<rdf:RDF xmlns="http://purl.org/rss/1.0/" {SPACES}><channel rdf:about="x">{HOME}</channel>'
        f"<item><title>{TITLE}</title>{item}</item></rdf:RDF>"
    )


def json_feed(item: dict[str, object], **feed: object) -> str:
    return json.dumps(
        {"version": "https://jsonfeed.org/version/1.1", "home_page_url": "https://example.org/"}
        | feed
        | {"items": [{"title": TITLE} | item]}
    )


def parse(feed: str | bytes, name: str = "a.xml") -> list[Item | BadInput]:
    payload = feed.encode() if isinstance(feed, str) else feed
    return parse_feed(RawInput(input=name, format="feed", payload=payload))


def only(feed: str | bytes, name: str = "a.xml") -> Item:
    (item,) = parse(feed, name)
    assert isinstance(item, Item)
    return item


T = f"<title>{TITLE}</title>"
CASES = [
    ("content over summary", rss(f"{T}<description>قصير</description><content:encoded>{TEXT}</content:encoded>"), "text", TEXT),
    ("summary beside content", rss(f"{T}<description>قصير</description><content:encoded>{TEXT}</content:encoded>"), "summary", "قصير"),
    ("summary as content", rss(f"{T}<description>{TEXT}</description>"), "text", TEXT),
    ("not told twice", rss(f"{T}<description>{TEXT}</description>"), "summary", None),
    ("empty content", rss(f"{T}<description>{TEXT}</description><content:encoded> </content:encoded>"), "text", TEXT),
    ("paragraphs", rss(f"{T}<description>&lt;p&gt;أ&lt;/p&gt;&lt;p&gt;ب&lt;/p&gt;</description>"), "text", "أ\nب"),
    ("xhtml", atom('<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>أ</p><p>ب</p></div></content>'), "text", "أ\nب"),
    ("title with markup", rss("<title><![CDATA[<b>خبر</b>\nعاجل]]></title>"), "title", "خبر عاجل"),
    ("host of the feed's link", rss(T), "source", "example.org"),
    ("host of the feed itself", atom("", '<id>tag:x</id><link rel="self" href="https://example.org/feed"/>'), "source", "example.org"),
    ("host of the entry", rss(T + "<link>http://example.net/1</link>", head=""), "source", "example.net"),
    ("link against the feed's", rss(T + "<link>2021/1.html</link>"), "url", "https://www.example.org/news/2021/1.html"),
    ("link against xml:base", atom('<link href="77.html"/>', base=' xml:base="https://example.org/a/"'), "url", "https://example.org/a/77.html"),
    ("base of the entry", atom('<link xml:base="b/" href="77.html"/>', base=' xml:base="https://example.org/a/"'), "url", "https://example.org/a/b/77.html"),
    ("no address", rss(T + "<link>javascript:x()</link>"), "url", None),
    ("broken address", rss(T + "<link>http://[</link>"), "url", None),
    ("guid as address", rss(T + "<guid>https://example.org/1</guid>"), "url", "https://example.org/1"),
    ("guid that is none", rss(T + "<guid>77</guid>"), "url", None),
    ("guid", rss(T + '<guid isPermaLink="false">77</guid>'), "guid", "77"),
    ("date", rss(T + "<pubDate>Tue, 02 Mar 2021 09:15:00 +0300</pubDate>"), "published", "Tue, 02 Mar 2021 09:15:00 +0300"),
    ("Arabic date", rss(T + "<pubDate> الأربعاء 3 آذار 2021 14:00 </pubDate>"), "published", "الأربعاء 3 آذار 2021 14:00"),
    ("date of RDF", rdf("<dc:date>2021-03-02T09:15:00+03:00</dc:date>"), "published", "2021-03-02T09:15:00+03:00"),
    ("no date", rss(T), "published_from", None),
    ("changed", atom("<published>2021-01-01</published><updated>2021-01-02</updated>"), "updated", "2021-01-02"),
    ("byline", rss(T + "<dc:creator>مراسل تعز</dc:creator>"), "author", "مراسل تعز"),
    ("byline with address", rss(T + "<author>a@example.org (سلمى)</author>"), "author", "سلمى"),
    ("section", rss(T + "<category>سياسة</category><category>يمن</category>"), "section", "سياسة"),
    ("language", rss(T, head="<language>ar-iq</language>"), "language", "ar-iq"),
    ("undeclared prefix", f"<rss><channel><item>{T}<x:y/><description>{TEXT}</description></item></channel></rss>", "text", TEXT),
    ("JSON text", json_feed({"content_html": f"<p>{TEXT}</p>", "summary": "قصير"}), "text", TEXT),
    ("JSON plain text", json_feed({"content_text": TEXT}), "text", TEXT),
    ("JSON link", json_feed({"url": "/1"}), "url", "https://example.org/1"),
    ("JSON source", json_feed({}), "source", "example.org"),
    ("JSON id", json_feed({"id": 7}), "guid", "7"),
    ("JSON byline of the feed", json_feed({}, authors=[{"name": "سلمى"}]), "author", "سلمى"),
    ("JSON section", json_feed({"tags": ["سياسة"]}), "section", "سياسة"),
    ("JSON date", json_feed({"date_published": "2021-01-01T00:00:00Z"}), "published", "2021-01-01T00:00:00Z"),
]  # fmt: skip


@pytest.mark.parametrize(("feed", "field", "value"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_field(feed: str, field: str, value: str | None) -> None:
    assert getattr(only(feed), field) == value


def test_a_fetched_feed_resolves_against_its_address() -> None:
    item = only(rss(T + "<link>1.html</link>", head=""), "https://example.org/feed/rss.xml")
    assert (item.url, item.source) == ("https://example.org/feed/1.html", "example.org")


@pytest.mark.parametrize("given", ["77", "news-77", "tag:example.org,2020:77"])
@pytest.mark.parametrize("kind", ["rss", "atom"])
def test_an_id_that_is_no_address_is_the_same_wherever_the_feed_lies(kind: str, given: str) -> None:
    feed = rss(f"{T}<guid> {given} </guid>", head="") if kind == "rss" else atom(f"<id> {given} </id>")
    found = [only(feed, name) for name in ("a.xml", "http://a.example/rss", "https://b.example/x/rss")]
    assert [(item.guid, item.url) for item in found] == [(given, None)] * 3


def test_a_guid_that_is_a_path_is_a_link() -> None:
    item = only(rss(T + "<guid>/news/1</guid>", head=""), "https://a.example/rss")
    assert item.url == "https://a.example/news/1"


def test_a_guid_of_two_links_is_told() -> None:
    given = [("g", "1"), ("g", "2"), ("h", "3"), ("h", "3")]
    items = parse(rss(*(f'{T}<guid isPermaLink="false">{g}</guid><link>/{n}</link>' for g, n in given)))
    assert [i.guid for i in items if isinstance(i, Item)] == ["g", "g", "h", "h"]
    assert [i.position for i in items] == [1, 2, 3, 4]
    repairs = [i.repairs for i in items if isinstance(i, Item)]
    assert repairs == [("guid-repeated",), ("guid-repeated",), (), ()]


def test_a_bad_entry_costs_that_entry_alone() -> None:
    good, empty, lost = parse(rss(T, "<guid>1</guid>", "<title>??? ????? ????</title>"))
    assert isinstance(good, Item)
    assert isinstance(empty, BadInput)
    assert isinstance(lost, BadInput)
    assert [(e.reason, e.position) for e in (empty, lost)] == [("no-text", 2), ("letters-lost", 3)]
    assert lost.raw is not None
    assert "????" in lost.raw.decode()


def test_items_of_json_that_are_none() -> None:
    feed = json.dumps({"version": "https://jsonfeed.org/version/1", "items": ["x", {"title": TITLE}]})
    bad, item = parse(feed)
    assert isinstance(bad, BadInput)
    assert isinstance(item, Item)
    assert (bad.position, item.position) == (1, 2)


def test_an_empty_feed_has_no_items() -> None:
    assert parse(rss()) == []


@pytest.mark.parametrize("change", ["<description>x</description>", "<content:encoded>x</content:encoded>"])
def test_the_raw_hash_tells_entries_that_say_something_else(change: str) -> None:
    assert only(rss(T)).raw_hash == only(rss(T, head=HOME + "<ttl>9</ttl>")).raw_hash != only(rss(T + change)).raw_hash


@pytest.mark.parametrize("change", ["<pubDate>2021</pubDate>", "<link>/1?sig=2</link>", "<guid>7</guid>"])
def test_the_raw_hash_is_of_what_an_entry_says(change: str) -> None:
    assert only(rss(T)).raw_hash == only(rss(T + change)).raw_hash


@pytest.mark.parametrize(
    "label", [None, "right", "utf-8", "windows-1256", "iso-8859-6", "iso-8859-1", "utf-16", "x-no"]
)
@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", codecs.BOM_UTF8),
        ("windows-1256", b""),
        ("iso-8859-6", b""),
        ("utf-16-le", b""),
        ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", b""),
        ("utf-16-be", codecs.BOM_UTF16_BE),
    ],
)
def test_right_arabic_whatever_xml_declares(encoding: str, mark: bytes, label: str | None) -> None:
    named = encoding if label == "right" else label
    declaration = f'<?xml version="1.0" encoding="{named}"?>\n' if named else ""
    item = only(mark + (declaration + rss(f"{T}<description>{TEXT}</description>")).encode(encoding))
    assert (item.title, item.text, item.encoding) == (TITLE, TEXT, encoding)
    if label == "right":
        assert item.repairs == ()


HOSTILE = {
    "a DOCTYPE of 160 KB": ("<!DOCTYPE rss [\n" + "<!ENTITY x 'y'>\n" * 10_000 + "]>" + rss(T), 1),
    "a DOCTYPE without end": ("<!DOCTYPE rss [\n" + "<!ENTITY x 'y'>\n" * 10_000 + rss(T), "doctype"),
    "entities of entities": (
        "<!DOCTYPE rss [<!ENTITY a 'x'>"
        + "".join(f"<!ENTITY {b} '{f'&{a};' * 10}'>" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
        + "]>"
        + rss("<title>خبر &i;</title>"),
        1,
    ),
    "a file as an entity": ("<!DOCTYPE r [<!ENTITY x SYSTEM '/etc/hostname'>]>" + rss("<title>خبر &x;</title>"), 1),
    "a reference to half a character": (rss("<title>خبر &#xD800;</title>"), 1),
    "attributes": ("<rss " + " ".join(f"a{i}='1'" for i in range(40_000)) + "/>", "feed-limits"),
    "bytes that name a file": ("/etc/hostname", "not-a-feed"),
    "depth": (rss("<description>" + "<b>" * 50_000 + "</description>"), "feed-limits"),
    "depth in CDATA": (rss(f"{T}<description><![CDATA[{'<b>' * 50_000}]]></description>"), 1),
    "namespaces": ("<rss " + " ".join(f"xmlns:a{i}='1'" for i in range(60)) + "/>", "feed-limits"),
    "items": (rss(*[T] * 5001), "feed-limits"),
    "tags": (rss(T + "<a/>" * 200_000), "feed-limits"),
    "categories": (rss(T + "".join(f"<category>{i}</category>" for i in range(200_000))), "feed-limits"),
    "a long byline": (rss(f"{T}<author>{'a' * 100_000}</author>"), 1),
    "blank lines before the root": ("<!-- " + "\n" * 300_000 + "-->" + rss(T), 1),
    "blank lines": (rss(T) + "\n" * 300_000, 1),
    "a comment without end": ("<rss><channel>" + "<!-- " * 100_000, "feed"),
    "deep JSON": ('{"version": "https://jsonfeed.org/version/1", "items": ' + "[" * 100_000, "json"),
    "nothing": ("", "not-a-feed"),
    "a page": ("<html><body>x</body></html>", "not-a-feed"),
    "another JSON": ('{"items": {}}', "not-a-feed"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_input_is_quick_and_is_items_or_a_reason(name: str) -> None:
    only(rss(T))  # imports
    feed, expected = HOSTILE[name]
    start = time.process_time()
    try:
        found: int | str = len(parse(feed))
    except BadInput as error:
        found = error.reason
    assert found == expected
    assert time.process_time() - start < 1


def test_a_list_of_feeds_is_told_where_it_belongs() -> None:
    with pytest.raises(BadInput) as caught:
        parse('<?xml version="1.0"?><opml version="2.0"><body/></opml>')
    assert (caught.value.reason, caught.value.detail) == ("not-a-feed", "a list of feeds, which --feeds takes")


def test_a_file_named_by_an_entity_is_not_read() -> None:
    assert only(HOSTILE["a file as an entity"][0]).title == "خبر &x;"


def test_a_feed_cut_in_the_middle_keeps_what_is_there() -> None:
    *items, cut = parse(rss(*[T + f"<description>{TEXT}</description>"] * 9).encode()[:1000])
    assert len(items) == 4
    assert all(isinstance(i, Item) and i.text == TEXT and i.repairs == ("malformed-xml",) for i in items)
    assert isinstance(cut, BadInput)
