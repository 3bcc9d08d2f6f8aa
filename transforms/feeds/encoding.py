"""Encodings: bytes to text, whatever was declared.

Knows: byte order marks, strict UTF-8, and the two Arabic code pages (windows-1256, ISO-8859-6) by how much Arabic each
gives.  Does not know: which words are Arabic.
"""

import codecs
import re
from typing import Final, NamedTuple

from transforms.feeds.errors import BadInput


class Decoded(NamedTuple):
    """The text, the encoding it was read in, and short fixed words for what was mended."""

    text: str
    encoding: str
    repairs: tuple[str, ...]


_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CODE_PAGES: Final = ("windows-1256", "iso-8859-6")
_ARABIC = re.compile("[\u0621-\u064a]")
_OTHER = re.compile("[^\\x00-\\x7f\u0621-\u0652\u060c\u061b\u061f\u00ab\u00bb\u2013-\u201e\u2026\u00a0]")
#: Words that are nothing but question marks: letters that were lost for good.
_LOST = re.compile(r"(?<!\S)\?{2,}(?=[\s?.,:]|$)")


def decode(data: bytes, declared: str | None = None) -> Decoded:
    """The text of the bytes.

    Order: byte order mark; strict UTF-8; else the Arabic code page that gives most Arabic, with bytes that are no
    UTF-8 in a text that mostly is read as windows-1256 one stretch at a time.
    Raises BadInput (`letters-lost`) where most words are question marks, (`encoding`) where nothing gives Arabic.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            text = data[len(mark) :].decode(name, "replace")
            return _checked(text, name, ("bad-bytes",) if "\ufffd" in text else ())
    try:
        text = data.decode("utf-8")
        misdeclared = declared is not None and not text.isascii() and _canonical(declared) != "utf-8"
        return _checked(text, "utf-8", ("encoding-misdeclared",) if misdeclared else ())
    except UnicodeDecodeError:
        pass
    kept = data.decode("utf-8", "ignore")
    if len(_ARABIC.findall(kept)) > 2 * (len(data) - len(kept.encode())):
        return _checked(data.decode("utf-8", "khabar-1256"), "utf-8", ("bad-bytes",))
    texts = {name: data.decode(name, "replace") for name in _CODE_PAGES}
    best = max(_CODE_PAGES, key=lambda name: len(_ARABIC.findall(texts[name])) - 3 * len(_OTHER.findall(texts[name])))
    if not _ARABIC.search(texts[best]):
        raise BadInput("encoding", f"no known encoding gives Arabic (declared: {declared or 'none'})")
    if declared is None:
        repair = "encoding-undeclared"
    else:
        repair = "" if _canonical(declared) == _canonical(best) else "encoding-misdeclared"
    return _checked(texts[best], best, (repair,) if repair else ())


def _canonical(name: str) -> str:
    try:
        return codecs.lookup(name).name
    except LookupError:
        return name


def _checked(text: str, encoding: str, repairs: tuple[str, ...]) -> Decoded:
    lost, words = len(_LOST.findall(text)), len(text.split())
    if lost > words / 2:
        raise BadInput("letters-lost", f"{lost} of {words} words are question marks")
    return Decoded(text, encoding, (*repairs, "letters-lost") if lost else repairs)


def _as_1256(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    text = error.object[error.start : error.end].decode("windows-1256", "replace")
    # A letter cut at the end of the bytes, and what gives no Arabic letter, is no windows-1256.
    sound = _ARABIC.search(text) and error.end < len(error.object)
    return text if sound else "\ufffd", error.end


codecs.register_error("khabar-1256", _as_1256)
