"""Encodings of feeds: 72 cells of what the bytes are and what was declared; each right, none silently wrong."""

import codecs
import itertools

import pytest

from schemas.item import Item, RawInput
from transforms.feeds.errors import BadInput
from transforms.feeds.rss import parse_feed

TITLE = "اجتماع طارئ لمجلس الوزراء في بيروت"
TEXT = "قال رئيس الحكومة إن المجلس ناقش الأوضاع في الجنوب، وطالب الوزراء بإعداد خطة خلال أسبوع."

#: Encoding of the bytes, and the mark before them.
BYTES = [
    ("windows-1256", b""),
    ("iso-8859-6", b""),
    ("utf-8", b""),
    ("utf-8", codecs.BOM_UTF8),
    ("utf-16-le", b""),
    ("utf-16-le", codecs.BOM_UTF16_LE),
    ("utf-16-be", b""),
    ("utf-16-be", codecs.BOM_UTF16_BE),
]
WRONG = {
    "windows-1256": "utf-8",
    "iso-8859-6": "utf-8",
    "utf-8": "windows-1256",
    "utf-16-le": "utf-8",
    "utf-16-be": "iso-8859-6",
}
DECLARED = ["right", "none", "wrong"]
CELLS = list(itertools.product(BYTES, DECLARED, DECLARED))


def label(encoding: str, declared: str) -> str | None:
    """What is declared: UTF-16 by its name without an order, as XML and servers do."""
    right = "utf-16" if encoding.startswith("utf-16") else encoding
    return {"right": right, "none": None, "wrong": WRONG[encoding]}[declared]


def feed(encoding: str, mark: bytes, xml: str | None, title: str = TITLE, text: str = TEXT) -> bytes:
    declaration = f'<?xml version="1.0" encoding="{xml}"?>\n' if xml else "<?xml version='1.0'?>\n"
    body = f"<rss version='2.0'><channel><title>أخبار</title><item><title>{title}</title><description>{text}</description></item></channel></rss>"
    return mark + (declaration + body).encode(encoding)


def test_there_are_enough_cells() -> None:
    assert len(CELLS) == 72


@pytest.mark.parametrize(
    ("of_bytes", "in_xml", "in_http"),
    CELLS,
    ids=lambda cell: cell if isinstance(cell, str) else f"{cell[0]}{'+bom' if cell[1] else ''}",
)
def test_every_cell_is_right_and_says_what_was_wrong(of_bytes: tuple[str, bytes], in_xml: str, in_http: str) -> None:
    encoding, mark = of_bytes
    payload = feed(encoding, mark, label(encoding, in_xml))
    (item,) = parse_feed(
        RawInput(input="a", format="feed", payload=payload, declared_encoding=label(encoding, in_http))
    )
    assert isinstance(item, Item)
    assert (item.title, item.text, item.encoding) == (TITLE, TEXT, encoding)
    # A mark says more than labels; elsewhere the first label that there is was honoured or is told to be wrong.
    counts = in_http if in_http != "none" else in_xml
    if not mark and counts == "wrong":
        assert "encoding-misdeclared" in item.repairs


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1256"])
@pytest.mark.parametrize("place", ["title", "text"])
def test_one_bad_word_costs_that_word_alone(encoding: str, place: str) -> None:
    word = "المجلس" if place == "text" else "الوزراء"
    before, found, after = feed("utf-8", b"", "utf-8").partition(word.encode())
    assert found
    payload = before + word.encode("windows-1256") + after
    (item,) = parse_feed(RawInput(input="a", format="feed", payload=payload, declared_encoding=encoding))
    assert isinstance(item, Item)
    assert (item.title, item.text) == (TITLE, TEXT)
    assert "bad-bytes" in item.repairs


@pytest.mark.parametrize(
    "junk", [bytes(range(128, 256)) * 20, b"\xff\xfe\x00\xd8" * 200, "новости ".encode("koi8-r") * 50]
)
def test_what_no_encoding_reads_is_rejected_and_never_guessed(junk: bytes) -> None:
    payload = (
        b"<?xml version='1.0'?><rss version='2.0'><channel><item><title>" + junk + b"</title></item></channel></rss>"
    )
    try:
        found = parse_feed(RawInput(input="a", format="feed", payload=payload))
    except BadInput:
        return
    assert all(isinstance(one, BadInput) or one.repairs for one in found)
