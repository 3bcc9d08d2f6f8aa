"""Guard and markup: what must not reach a parser, and text out of HTML."""

import pytest

from transforms.feeds.errors import BadInput
from transforms.feeds.guard import guard
from transforms.feeds.markup import to_line, to_text


@pytest.mark.parametrize(
    ("text", "guarded", "repairs"),
    [
        ("<?xml version='1.0' encoding='windows-1256'?><rss/>", "<rss/>", ()),
        ("<!DOCTYPE rss [\n<!ENTITY x 'y>'>\n<!-- ]> -->]><rss/>", "<rss/>", ()),
        ("<rss>\x00خبر&#xD800;&#0;</rss>", "<rss>خبر\ufffd\ufffd</rss>", ("controls", "references")),
        ("<a>&nbsp;&amp;&lt;&#1575;</a>", "<a>\xa0&amp;&lt;ا</a>", ()),
        ("<a>x & y</a>", "<a>x &amp; y</a>", ("references",)),
        ("<a><![CDATA[?a=1&b=2]]></a>", "<a><![CDATA[?a=1&b=2]]></a>", ()),
    ],
)
def test_mended(text: str, guarded: str, repairs: tuple[str, ...]) -> None:
    found = guard(text)
    assert (found.text, found.repairs) == (guarded, repairs)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<!DOCTYPE rss [ <rss/>", "doctype"),
        ("<a " + "x" * 70_000 + ">", "feed-limits"),
        ("<a " + " ".join(f"b{i}='1'" for i in range(300)) + ">", "feed-limits"),
        ("<a " + " ".join(f"xmlns:b{i}='1'" for i in range(60)) + ">", "feed-limits"),
        ("<a>" * 300, "feed-limits"),
        ("<item/>" * 5001, "feed-limits"),
    ],
)
def test_refused(text: str, reason: str) -> None:
    with pytest.raises(BadInput) as error:
        guard(text)
    assert error.value.reason == reason


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        (None, None),
        ("<p> </p>", None),
        ("<p>قال\n الوزير</p><script>x()</script><p>وأضاف<br/>أيضا</p>", "قال الوزير\nوأضاف\nأيضا"),
        ("&lt;p&gt;قال&lt;/p&gt;", "قال"),
        ("سطر\nسطر", "سطر\nسطر"),
        ("<div>" * 5000 + "خبر", "خبر"),
    ],
)
def test_text(markup: str | None, text: str | None) -> None:
    assert to_text(markup) == text


def test_a_headline_is_one_line() -> None:
    assert to_line("<b>خبر</b>\n عاجل") == "خبر عاجل"
