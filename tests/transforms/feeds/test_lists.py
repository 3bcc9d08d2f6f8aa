"""Feed lists: read strictly, errors name their place, and what is written reads back."""

from pathlib import Path

import pytest

from schemas.feed import Feed
from transforms.feeds.lists import ListError, added, checked, interval_text, read_list

SEEDS = Path(__file__).parents[3] / "seeds" / "feeds.opml"
FULL = checked(
    url="https://news.example/ar?a=1&b=2",
    source="news.example",
    name='أخبار "اليوم" <عاجل>',
    country="LB",
    language="ar",
    timezone="Asia/Beirut",
    interval="90m",
    fulltext=True,
    headers={"X-Key": 'a|b: "c"'},
)


def opml(body: str, head: str = "") -> bytes:
    return f'{head}<opml version="2.0" xmlns:k="urn:khabar:feeds">\n<body>\n{body}\n</body>\n</opml>'.encode()


def outline(url: str = "https://news.example/rss", more: str = 'k:source="news.example"') -> str:
    return f'<outline text="x" xmlUrl="{url}" {more}/>'


def problems(name: str, data: bytes) -> str:
    with pytest.raises(ListError) as caught:
        read_list(name, data)
    return str(caught.value)


def test_the_list_of_the_project_covers_the_arab_world() -> None:
    feeds = read_list(SEEDS.name, SEEDS.read_bytes())
    assert len(feeds) >= 40
    arab = [
        "DZ",
        "BH",
        "EG",
        "IQ",
        "JO",
        "KW",
        "LB",
        "LY",
        "MR",
        "MA",
        "OM",
        "PS",
        "QA",
        "SA",
        "SD",
        "SY",
        "TN",
        "AE",
        "YE",
    ]
    assert set(arab) <= {feed.country for feed in feeds}
    assert all(feed.timezone and feed.name and feed.language == "ar" for feed in feeds)


@pytest.mark.parametrize("name", ["a.toml", "a.opml"])
def test_what_is_added_reads_back(name: str) -> None:
    plain = checked(url="https://other.example/", source="other.example")
    data = added(name, added(name, b"", FULL), plain)
    found = read_list(name, data)
    assert found[0] == FULL
    assert (found[1].url, found[1].source, found[1].fulltext) == (plain.url, plain.source, False)
    with pytest.raises(ListError, match="already"):
        added(name, data, plain)


def test_adding_keeps_comments_and_order() -> None:
    before = opml(f"<!-- kept -->\n{outline()}")
    after = added("a.opml", before, FULL)
    assert b"<!-- kept -->" in after
    assert [feed.url for feed in read_list("a.opml", after)] == ["https://news.example/rss", FULL.url]


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("", "line 3: source is missing"),
        ('k:source="News"', "source id"),
        ('k:source="n" k:intervall="5m"', "intervall is no field"),
        ('k:source="n" k:interval="5"', "no time from 60s"),
        ('k:source="n" k:interval="8d"', "no time from 60s"),
        ('k:source="n" k:timezone="Asia/Nowhere"', "no zone of the IANA database"),
        ('k:source="n" k:timezone="../../etc/passwd"', "no zone of the IANA database"),
        ('k:source="n" k:country="Lebanon"', "no country"),
        ('k:source="n" k:fulltext="yes"', "neither true nor false"),
        ('k:source="n" k:headers="X-Key: 1"', "no table"),
        ("k:source=\"n\" k:headers='{&quot;Host&quot;: &quot;x&quot;}'", "no header to send"),
        ("k:source=\"n\" k:headers='{&quot;X&quot;: &quot;a\\nb&quot;}'", "printable ASCII"),
    ],
)
def test_a_slip_names_its_line_and_field(more: str, told: str) -> None:
    found = problems("a.opml", opml(outline(more=more)))
    assert found.startswith("a.opml: line 3: ")
    assert told in found


@pytest.mark.parametrize(
    "url", ["ftp://news.example/", "news.example/rss", "https://", "https://u:p@news.example/", "https://a b/"]
)
def test_a_feed_has_a_plain_address(url: str) -> None:
    assert "url" in problems("a.opml", opml(outline(url)))


def test_all_slips_are_told_at_once_and_doubles_too() -> None:
    body = "\n".join([outline(), outline(), outline("https://b.example/", "")])
    assert problems("a.opml", opml(body)).splitlines() == [
        "a.opml: line 4: url https://news.example/rss stands at line 3 already",
        "a.opml: line 5: source is missing",
    ]


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a.toml", b"[[feed]]\nurl = 'https://x.y/'\nsource = 'x'\nspeed = 1\n", "feed 1: speed is no field"),
        ("a.toml", b"[[feed]]\nurl = 'https://x.y/'\nsource = 7\n", "feed 1: source 7: is no text"),
        ("a.toml", b"[[feeds]]\n", "tables [[feed]] alone"),
        ("a.toml", b"feed = 3\n", "no list of tables"),
        ("a.toml", b"feed = [\n", "a.toml: "),
        ("a.toml", b"", "names no feed"),
        ("a.opml", b"<opml>", "a.opml: no element found"),
        ("a.opml", b"<rss/>", "begins with <rss>"),
        ("a.opml", opml(outline(), "<!DOCTYPE opml [<!ENTITY a 'b'>]>"), "DOCTYPE"),
        ("a.csv", b"x", "ends in .opml or .toml"),
    ],
)
def test_what_is_no_list(name: str, data: bytes, told: str) -> None:
    assert told in problems(name, data)


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1"])
def test_a_list_in_another_encoding_is_added_to_by_hand(encoding: str) -> None:
    body = outline(more='k:source="news.example" k:name="é"')
    data = opml(body, f'<?xml version="1.0" encoding="{encoding}"?>').decode()
    assert len(read_list("a.opml", data.encode(encoding))) == 1
    with pytest.raises(ListError, match="another encoding"):
        added("a.opml", data.encode(encoding), FULL)


def test_a_feed_that_would_land_in_a_comment_is_told() -> None:
    data = opml(outline()).replace(b"</opml>", b"<!-- </body> --></opml>")
    with pytest.raises(ListError, match="no place"):
        added("a.opml", data, FULL)


def test_folders_of_a_list_are_no_feeds() -> None:
    body = f'<outline text="Levant">{outline()}</outline>'
    assert read_list("a.opml", opml(body)) == (Feed(url="https://news.example/rss", source="news.example", name="x"),)


@pytest.mark.parametrize(("text", "seconds"), [("60s", 60), ("90m", 5400), ("2h", 7200), ("1d", 86400), ("90s", 90)])
def test_intervals(text: str, seconds: int) -> None:
    assert checked(url="https://x.y/", source="x", interval=text).interval == seconds
    assert checked(url="https://x.y/", source="x", interval=interval_text(seconds)).interval == seconds
