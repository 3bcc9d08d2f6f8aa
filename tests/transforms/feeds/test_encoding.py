"""Encodings: Arabic comes out right or is visibly rejected, whatever was declared."""

import json

import pytest

from schemas.item import RawInput
from transforms.feeds.encoding import decode
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
