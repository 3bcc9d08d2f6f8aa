"""Encodings: Arabic comes out right or is visibly rejected, whatever was declared."""

import json
import random
import struct

import pytest

from schemas.item import RawInput
from transforms.feeds.encoding import declared_in, decode, not_text
from transforms.feeds.errors import BadInput
from transforms.feeds.jsonl import parse_line

TEXT = "قال وزير الخارجية إن المحادثات ستستأنف في العاصمة يوم الأحد المقبل."


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1256", "iso-8859-6"])
@pytest.mark.parametrize("declared", [None, "utf-8", "windows-1256", "iso-8859-6", "latin-1"])
def test_right_arabic_whatever_is_declared(encoding: str, declared: str | None) -> None:
    found = decode(TEXT.encode(encoding), declared)
    assert (found.text, found.encoding) == (TEXT, encoding)
    if declared not in (None, encoding):
        assert found.repairs == ("encoding-misdeclared",)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_wins(encoding: str) -> None:
    assert decode(TEXT.encode(encoding), "windows-1256").text == TEXT


def test_one_bad_word_costs_that_word_alone() -> None:
    data = TEXT.encode() + b" " + "وأضاف".encode("windows-1256") + " ذلك".encode()
    assert decode(data) == (TEXT + " وأضاف ذلك", "utf-8", ("bad-bytes",))


@pytest.mark.parametrize("tail", [b"\xd8", b" \xff "])
def test_what_is_no_windows_1256_shows(tail: bytes) -> None:
    found = decode(TEXT.encode() + tail)
    assert "\ufffd" in found.text
    assert found.repairs == ("bad-bytes",)


def test_lost_letters_are_rejected_or_flagged() -> None:
    with pytest.raises(BadInput, match="letters-lost"):
        decode(b"??? ???? ?????? ??? 2012")
    assert "letters-lost" in decode((TEXT + " ????? ???").encode()).repairs


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "json"),
        ("[1]", "json"),
        ('{"text": ' + "9" * 5000 + "}", "json"),
        ('{"id": "1"}', "no-text"),
        ('{"text": ["ا"]}', "type"),
    ],
)
def test_bad_lines_say_why(line: str, reason: str) -> None:
    with pytest.raises(BadInput) as error:
        parse_line(RawInput(input="x", format="jsonl", payload=line.encode()))
    assert error.value.reason == reason


def test_a_line_in_windows_1256() -> None:
    line = json.dumps({"id": 7, "text": TEXT, "category": "سياسة"}, ensure_ascii=False).encode("windows-1256")
    item = parse_line(RawInput(input="x", position=3, format="jsonl", payload=line))
    assert (item.guid, item.text, item.section) == ("7", TEXT, "سياسة")


def test_a_lone_surrogate_is_shown_as_lost() -> None:
    item = parse_line(RawInput(input="x", format="jsonl", payload=b'{"id": "\\ud800", "text": "a"}'))
    assert item.guid == "\ufffd"


FRENCH = "Le président a été reçu à l'Élysée. CRÉÉE EN ÉTÉ."


@pytest.mark.parametrize("label", ["windows-1252", "latin-1"])
def test_a_right_label_of_another_script_is_kept(label: str) -> None:
    assert decode(FRENCH.encode("windows-1252"), label) == (FRENCH, "windows-1252", ())


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark(encoding: str) -> None:
    assert decode(TEXT.encode(encoding)) == (TEXT, encoding, ("encoding-undeclared",))


@pytest.mark.parametrize(
    ("head", "label"),
    [
        (b'<?xml version="1.0" encoding="windows-1256"?><rss>', "windows-1256"),
        (b"<html><head><meta charset=utf-8>", "utf-8"),
        (b'<meta http-equiv="Content-Type" content="text/html; charset=ISO-8859-6">', "ISO-8859-6"),
        (b"<rss>", None),
    ],
)
def test_labels_in_markup(head: bytes, label: str | None) -> None:
    assert declared_in(head) == label


def test_mostly_lost_words_are_rejected() -> None:
    with pytest.raises(BadInput, match="letters-lost"):
        decode("ق?ل ال?زير إن ال?حادثات".encode("windows-1256"))


#: The head of a picture, in whose NULs UTF-16 was seen.
PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sIIBBBBB", 13, b"IHDR", 1, 1, 8, 2, 0, 0, 0) + bytes(79)
NO_TEXT = {
    "png": PNG,
    "png without its first bytes": PNG[8:],
    "pdf of ASCII alone": b"%PDF-1.4\n1 0 obj << /Type /Catalog >> endobj\n" * 9,
    "rtf": b"{\\rtf1\\ansi\\ansicpg1256 \\'de\\'c7\\'e1}",
    "zip": b"PK\x03\x04\x14\0\0\0\x08\0",
    "gzip": b"\x1f\x8b\x08\0\0\0\0\0",
    "random": random.Random(1).randbytes(400),
    "random after the mark of UTF-16": b"\xff\xfe" + random.Random(2).randbytes(400),
    "numbers of 16 bits": struct.pack("<200h", *(n * 37 % 256 for n in range(200))),
    "numbers of 32 bits": struct.pack("<200i", *range(200)),
    "nothing but NULs": bytes(100),
}


@pytest.mark.parametrize("name", NO_TEXT)
def test_what_is_no_text_is_rejected(name: str) -> None:
    with pytest.raises(BadInput) as error:
        decode(NO_TEXT[name])
    assert error.value.reason == "not-text"


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1256", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("stray", ["", "\x02", "\x1a", "\0", "\u200f" * 20, "\v\f" * 20])
def test_a_text_with_a_stray_control_character_is_text(encoding: str, stray: str) -> None:
    data = (TEXT + stray + TEXT).encode(encoding, "ignore")
    assert not_text(data) is None
    assert decode(data).text.startswith(TEXT)
