"""Encodings: bytes to text, whatever was declared.

Knows: byte order marks, UTF-16 without one, strict UTF-8, labels that XML and HTML carry, and the two Arabic code
pages (windows-1256, ISO-8859-6) by how much Arabic each gives; bytes that are no text at all.  Does not know: which
words are Arabic.
"""

import codecs
import re
import unicodedata
from typing import Final, NamedTuple

from transforms.feeds.errors import BadInput
from transforms.feeds.letters import lost_letters


class Decoded(NamedTuple):
    """The text, the encoding it was read in, and short fixed words for what was mended."""

    text: str
    encoding: str
    repairs: tuple[str, ...]


#: UTF-32 first: its little-endian mark begins like that of UTF-16.
_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CODE_PAGES: Final = ("windows-1256", "iso-8859-6")
_LETTERS: Final = "\u0621-\u064a"
_ARABIC = re.compile(f"[{_LETTERS}]")
#: Arabic that is no accented capital inside a Latin word read in the wrong code page.
_ARABIC_WORD = re.compile(f"(?<![A-Za-z\u00c0-\u00ff{_LETTERS}])[{_LETTERS}]{{2,}}(?![A-Za-z\u00c0-\u00ff])")
#: The article tells the code pages apart where both give letters only.
_ARTICLE = re.compile(f"(?<![{_LETTERS}])\u0627\u0644[{_LETTERS}]{{2}}")
_OTHER = re.compile(
    "[^\\x00-\\x7f\u0621-\u0652\u060c\u061b\u061f\u067e\u0686\u0698\u06af\u00ab\u00bb\u2013-\u201e\u2026\u00a0]"
)
#: A label counts where it stands among the first bytes.
_LABEL_BYTES: Final = 4096
_LABEL = re.compile(
    rb"""^\s*<\?xml[^>]{1,200}?encoding\s*=\s*["']([\w.:-]+)|<meta[^>]{1,200}?charset\s*=\s*["']?\s*([\w.:-]+)""",
    re.IGNORECASE,
)
#: UTF-16 without a mark: so large a part of every second byte is the high byte of ASCII or Arabic.
_HIGH_BYTES: Final = 0.6
#: How files begin that may have few control bytes, or none, and are no text all the same.
_MAGIC: Final = (
    (b"%PDF-", "a PDF"),
    (b"{\\rtf", "rich text (RTF)"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"PK\x03\x04", "a zip archive, as .docx and .xlsx are"),
    (b"PK\x05\x06", "a zip archive"),
    (b"\x1f\x8b", "gzip: a name that ends in .gz lets it be read"),
    (b"BZh", "bzip2: a name that ends in .bz2 lets it be read"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
)
#: All but tab, line ends, vertical tab and form feed.
_CONTROLS: Final = bytes([*range(9), *range(14, 32), 127])
#: In text one byte in so many, and one more, may be a control character: random bytes have one in nine.
_BYTES_A_CONTROL: Final = 50
#: In UTF-16 and UTF-32 one character in so many may be none: random bytes have one in seven.
_CHARACTERS_A_FAULT: Final = 20


def decode(data: bytes, declared: str | None = None) -> Decoded:
    """The text of bytes that are nothing but text.

    Raises BadInput (`letters-lost`) where most words have lost letters, and what `read_bytes` raises.
    """
    read = read_bytes(data, declared)
    return read._replace(repairs=(*read.repairs, *lost_letters(read.text)))


def read_bytes(data: bytes, declared: str | None = None) -> Decoded:
    """The text of the bytes, which may be markup.

    Order: byte order mark; UTF-16 without one; strict UTF-8; bytes that are no UTF-8 in a text that mostly is, read as
    windows-1256 one stretch at a time; the declared encoding where it gives what it says; else the Arabic code page
    that gives most Arabic.  Raises BadInput: `not-text` where `not_text` says so, `encoding` where nothing gives Arabic
    and no label holds.
    """
    if what := not_text(data):
        raise BadInput("not-text", what)
    for mark, name in _MARKS:
        if data.startswith(mark):
            text = data[len(mark) :].decode(name, "replace")
            return Decoded(text, name, ("bad-bytes",) if "\ufffd" in text else ())
    if wide := wide_encoding(data):
        return Decoded(data.decode(wide, "replace"), wide, () if _is(declared, wide, "utf-16") else _misread(declared))
    try:
        text = data.decode("utf-8")
        return Decoded(text, "utf-8", () if text.isascii() or declared is None else _checked(declared, "utf-8"))
    except UnicodeDecodeError:
        pass
    kept = data.decode("utf-8", "ignore")
    if len(_ARABIC.findall(kept)) > 2 * (len(data) - len(kept.encode())):
        return Decoded(data.decode("utf-8", "khabar-1256"), "utf-8", ("bad-bytes",))
    return _honoured(data, declared) or _code_page(data, declared)


def declared_in(data: bytes) -> str | None:
    """The encoding that the XML declaration or an HTML meta element among the first bytes names.

    >>> declared_in(b"<?xml version='1.0' encoding='windows-1256'?>")
    'windows-1256'
    """
    wide = wide_encoding(data)
    head = data[: 2 * _LABEL_BYTES].decode(wide, "ignore").encode("ascii", "ignore") if wide else data[:_LABEL_BYTES]
    found = _LABEL.search(head.removeprefix(codecs.BOM_UTF8))
    return (found[1] or found[2]).decode("ascii") if found else None


def wide_encoding(data: bytes) -> str | None:
    """UTF-16 of either order, with a byte order mark or where it reads as text without one, else None."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name if name.startswith("utf-16") else None
    sample = data[: 2 * _LABEL_BYTES]
    for name, high in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[0::2])):
        likely = len(sample) > 2 and high.count(0) + high.count(6) > _HIGH_BYTES * len(high)
        if likely and not _faulty(sample, name):
            return name
    return None


def not_text(data: bytes) -> str | None:
    """What the bytes are, for a person, where they are no text in any encoding; else None.

    >>> not_text(b"%PDF-1.7"), not_text(b"news")
    ('a PDF', None)
    """
    for magic, name in _MAGIC:
        if data.startswith(magic):
            return name
    for mark, name in _MARKS:
        if data.startswith(mark) and name != "utf-8":
            return f"a byte order mark of {name} before what is no text" if _faulty(data[len(mark) :], name) else None
    controls = len(data) - len(data.translate(None, _CONTROLS))
    if controls <= 1 + len(data) // _BYTES_A_CONTROL or wide_encoding(data):
        return None
    return f"{controls} of {len(data)} bytes are control characters"


def _faulty(data: bytes, wide: str) -> bool:
    """Whether too many of the first characters are controls, unassigned, of private use or half ones."""
    text = data[: 2 * _LABEL_BYTES].decode(wide, "replace")
    # Not Cf: the marks of direction and joiners that stand between Arabic letters.
    none = sum(1 for c in text if unicodedata.category(c) in ("Cc", "Cn", "Co", "Cs") and c not in "\t\n\v\f\r")
    # One more may end in half a character.
    return none + text.count("\ufffd") > 1 + len(text) // _CHARACTERS_A_FAULT


def _honoured(data: bytes, declared: str | None) -> Decoded | None:
    """The text as declared, if that is a one-byte encoding of another script and the text is no Arabic."""
    name = _canonical(declared or "")
    if name in {"", "utf-8", *map(_canonical, _CODE_PAGES)} or name.startswith(("utf", "unicode", "raw")):
        return None
    if name in ("ascii", "iso8859-1"):  # as browsers do
        name = "cp1252"
    try:
        text = data.decode(name)
    except (LookupError, UnicodeError, ValueError):
        return None
    if _ARABIC_WORD.search(text):
        read = _code_page(data, declared)
        better = _arabic(text) >= _arabic(read.text)
    else:
        better = not _ARABIC_WORD.search(data.decode("windows-1256", "replace"))
    return Decoded(text, "windows-1252" if name == "cp1252" else name, ()) if better else None


def _code_page(data: bytes, declared: str | None) -> Decoded:
    """The text in the code page that gives most Arabic; the declared one where they give as much."""
    pages = sorted(_CODE_PAGES, key=lambda page: not _is(declared, page))
    texts = {page: data.decode(page, "replace") for page in pages}
    best = max(pages, key=lambda page: _arabic(texts[page]))
    if not _ARABIC.search(texts[best]):
        raise BadInput("encoding", f"no known encoding gives Arabic (declared: {declared or 'none'})")
    repairs = _checked(declared, best) if declared else ("encoding-undeclared",)
    return Decoded(texts[best], best, repairs)


def _arabic(text: str) -> int:
    return len(_ARABIC.findall(text)) + 2 * len(_ARTICLE.findall(text)) - 3 * len(_OTHER.findall(text))


def _checked(declared: str, found: str) -> tuple[str, ...]:
    return () if _is(declared, found) else ("encoding-misdeclared",)


def _misread(declared: str | None) -> tuple[str, ...]:
    return ("encoding-misdeclared",) if declared else ("encoding-undeclared",)


def _is(declared: str | None, *names: str) -> bool:
    return declared is not None and _canonical(declared) in map(_canonical, names)


def _canonical(name: str) -> str:
    try:
        return codecs.lookup(name).name
    except (LookupError, ValueError):
        return name


def _as_1256(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    text = error.object[error.start : error.end].decode("windows-1256", "replace")
    # A letter cut at the end of the bytes, and what gives no Arabic letter, is no windows-1256.
    sound = _ARABIC.search(text) and error.end < len(error.object)
    return text if sound else "\ufffd", error.end


codecs.register_error("khabar-1256", _as_1256)
