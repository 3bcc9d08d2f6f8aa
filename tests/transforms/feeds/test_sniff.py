"""Kinds of files: content tells before the name does."""

import pytest

from transforms.feeds.sniff import sniff

CASES = [
    ("a.jsonl", b'{"title": "x"}', "jsonl"),
    ("a.txt", b'\xef\xbb\xbf \n{ "title": "x"}', "jsonl"),
    ("a", '{"title": "خبر"}'.encode("utf-16"), "jsonl"),
    ("a.jsonl.gz", b"{broken", "jsonl"),
    ("a.json", b"", "jsonl"),
    ("a", b'[{"title": "x"}]', "jsonl"),
    ("a.txt", b'<?xml version="1.0"?><!-- c -->\n<rss version="2.0">', "feed"),
    ("a.html", b'<feed xmlns="http://www.w3.org/2005/Atom">', "feed"),
    ("a", b"<!DOCTYPE rss [\n<!ENTITY x 'y'>]><rss>", "feed"),
    ("a", b"<?xml version='1.0'?><rdf:RDF>", "feed"),
    ("a", b"<?xml version='1.0'?><other>", "feed"),
    ("a.rss", b"", "feed"),
    ("a.txt", b"<!doctype html><html>", "html"),
    ("a.xml", b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'>", "html"),
    ("a", b"<!-- c --><div>", "html"),
    ("a.HTM", "خبر".encode(), "html"),
    ("a.txt", "قال الوزير".encode("windows-1256"), "text"),
    ("a", "قال الوزير".encode()[:-1], "text"),
    ("a.txt", "[خاص] قال الوزير".encode(), "text"),
    ("a", b"", "text"),
    ("a.jsonl", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "text"),
    ("a.html", b"\1\2\n" * 99, "text"),
    ("a", b"<!-- never closed " * 4000, "text"),
]


@pytest.mark.parametrize(("name", "head", "kind"), CASES)
def test_kind(name: str, head: bytes, kind: str) -> None:
    assert sniff(name, head) == kind
