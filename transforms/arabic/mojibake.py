"""Mojibake: Arabic whose bytes some program read in another encoding, and stored as correct UTF-8.

Knows: which encodings are taken for one another, and by the words of news (`clitics.counts`) whether what comes out of
reading the bytes again is Arabic.  Does not know: letters that were lost on the way; text that lacks one stays as it is.

Two kinds.  UTF-8 read one byte a letter (`Ø§Ù„`, `ط§ظ„`) shows by the order of its bytes, and is mended line by line.
A one-byte Arabic page read as a Latin one (`ÇáÚÑÈ`) is letters for letters: mended are a whole run of such letters, else
lines of it, else words side by side, where nearly all that comes out is words of news.
"""

import re
from typing import Final, NamedTuple

from transforms.arabic.characters import plain_form
from transforms.arabic.clitics import counts

#: Three letters in a row that are no ASCII: a known word has as many.
_HIGH: Final = re.compile("[\u00c0-\u00ff]{3}")
_LETTER: Final = "\u0621-\u063a\u0641-\u064a"


class _Reading(NamedTuple):
    """An encoding that bytes were read in by mistake: the bytes (as Latin-1) of its characters, and its patterns."""

    back: dict[int, int]
    run: re.Pattern[str]  # characters of the encoding, some of them no ASCII
    stretch: re.Pattern[str]  # UTF-8 as it looks, ASCII between
    lead: re.Pattern[str]  # the first half of an Arabic letter
    loose: bool  # whether that is a letter of sound text too


def _reading(codec: str, loose: bool = False) -> _Reading:
    """`loose`: where first halves of letters are letters of sound text, one left over shows no loss."""
    shown: list[set[str]] = [{chr(b)} for b in range(0x80)]
    for byte in range(0x80, 0x100):
        letter = bytes([byte]).decode(codec, "ignore") or chr(byte)
        shown.append({letter, chr(byte)} if codec == "cp1252" and byte < 0xA0 else {letter})
    back = {ord(letter): byte for byte, letters in enumerate(shown) for letter in letters if ord(letter) != byte}

    def kind(first: int, last: int) -> str:
        return "[" + "".join(re.escape(c) for c in sorted(set().union(*shown[first : last + 1]))) + "]"

    more, high = kind(0x80, 0xBF), kind(0x80, 0xFF)
    letter = f"(?:{kind(0xC2, 0xDF)}{more}|{kind(0xE0, 0xEF)}{more}{more}|{kind(0xF0, 0xF4)}{more}{more}{more})"
    ascii_ = r"[\t\n\r -~]"
    edge = f"(?<![{_LETTER}])", f"(?![{_LETTER}])"
    stretch = f"{letter}(?:[\t -~]*+{letter})*+"
    return _Reading(
        back,
        re.compile(f"{high}(?:{ascii_}*+{high}++)*+"),
        re.compile(stretch.join(edge) if loose else stretch),
        re.compile(kind(0xD8, 0xD9)),
        loose,
    )


_LATIN: Final = _reading("cp1252")  # Latin-1 as well: its controls stand beside the letters of windows-1252
_ARABIC: Final = _reading("cp1256", loose=True)
_MAC: Final = _reading("mac_roman")
_PAGES: Final = ("cp1256", "iso8859_6", "mac_arabic")
#: What a text with mojibake has and hardly any other: three letters of no ASCII in a row, or UTF-8 as it looks.
_SUSPECT: Final = re.compile(
    "[\u00c0-\u00ff]{3}"  # a page read as Latin
    "|[\u00c2\u00c3\u00d8-\u00db][^\\s\\w]|[\u00d8-\u00db][\u00aa\u00b2\u00b3\u00b5\u00b9-\u00be\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6]"
    "|[\u0637-\u063a][^\\w\\s\u0640-\u0652]+[\u0637-\u063a][^\\s\u0621-\u063a\u0640-\u0652]"
    "|[\u00ff\u0178][\u00a0-\u2fff]|[\u00ab\u00b7\u2044\u00a1-\u00ff\u2013-\u2044]{3}"
)
_WORD: Final = re.compile(f"[{_LETTER}\u064b-\u0652]+")
_IS_ARABIC: Final = re.compile(f"[{_LETTER}]")
#: No neighbour of an Arabic letter.
_LATIN_LETTER: Final = re.compile("[A-Za-z\u00c0-\u024f\u02c6\u02dc\u201a\u201e\u2020-\u2022\u2030\u20ac\u2122]")
#: What no article has: controls, and characters that stand for nothing.
_NONSENSE: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\ufffd]")
#: What stands in Arabic text beside its own letters: Latin letters, marks, signs, presentation forms.
_STRANGE: Final = re.compile(
    "[^\t -~\u00a0-\u017f\u0600-\u06ff\u2000-\u22ff\ufb50-\ufdff\ufe70-\ufeff\U0001f000-\U0001faff]"
)
#: Words of letters that are no ASCII, white space, digits and marks between.
_BESIDE: Final = re.compile("[\u0080-\u2122]+(?:[\t \\d.,:;()\"'/-]*+[\u0080-\u2122]++)*+")
#: Beside one strange letter stand so many Arabic ones at least.
_FEW_STRANGE: Final = 10
#: A word of fewer letters proves nothing; so many letters of known words are enough, where they are so many hundredths.
_SHORT, _ENOUGH, _SHARE = 3, 5, 60
#: UTF-8 shows by itself: so many Arabic letters are enough without a known word.
_PLENTY: Final = 12


def mend(text: str) -> str:
    """The text with what was certainly read in a wrong encoding read again; the same text where nothing is certain."""
    if not _SUSPECT.search(text):
        return text
    for reading in (_LATIN, _ARABIC, _MAC):
        text = _from_utf8(text, reading)
    latin = _LATIN.run.sub(_from_page, text)
    if _IS_ARABIC.search(text):
        return latin
    mac = _whole(text, _MAC)
    return max(latin, mac, key=lambda new: _weigh(new)[0])


def _back(text: str, reading: _Reading) -> bytes:
    """The bytes that were read so; raises UnicodeError where the encoding has not all of the characters."""
    return text.translate(reading.back).encode("latin-1")


def _from_utf8(text: str, reading: _Reading) -> str:
    """The text with UTF-8 that was read so mended, each line of it whole or not at all."""
    if not reading.stretch.search(text):
        return text
    lines = text.split("\n")
    mended = [_line_from_utf8(line, reading) for line in lines]
    if not _proved(" ".join(found for _, found in mended)):
        return text
    if not reading.loose:  # in such a text a line without letters has been read so too
        mended = [pair if pair[1] else _line_from_utf8(pair[0], reading, 0) for pair in mended]
    return "\n".join(new for new, _ in mended)


def _line_from_utf8(line: str, reading: _Reading, least: int = 1) -> tuple[str, str]:
    """The line mended and what came out of it; as it is where letters of it were lost or what comes out is not Arabic:
    has fewer Arabic letters than `least`, or too many strange ones.
    """
    found: list[str] = []

    def read(match: re.Match[str]) -> str:
        old = match.group()
        try:
            new = _back(old, reading).decode("utf-8")
        except UnicodeError:
            return old
        if reading.lead.search(new):
            new, _ = _line_from_utf8(new, reading, least)  # read wrongly twice
        if len(_IS_ARABIC.findall(new)) < max(least, _FEW_STRANGE * len(_STRANGE.findall(new))):
            return old
        found.append(new)
        return new

    new = reading.stretch.sub(read, line)
    if not found or (reading.lead.search(new) and not reading.loose) or _NONSENSE.search(new):
        return line, ""
    return new, " ".join(found)


def _proved(text: str) -> bool:
    """Whether a text that was UTF-8 in another reading is Arabic: known words, or a good many letters."""
    known, unknown, _ = _weigh(text)
    return known >= _SHORT or known + unknown >= _PLENTY


def _weigh(text: str) -> tuple[int, int, int]:
    """Letters of the Arabic words that are known and that are not, short ones left out, and of those beside Latin letters."""
    known = unknown = mixed = 0
    count = counts()
    for match in _WORD.finditer(text):
        start, end = match.span()
        word = plain_form(match.group())
        if _LATIN_LETTER.match(text[start - 1 : start] if start else "") or _LATIN_LETTER.match(text[end : end + 1]):
            mixed += end - start
        elif not word or match.group()[0] >= "\u064b":  # begins with a mark
            unknown += end - start
        elif word in count or (word[0] in "وفبلك" and word[1:] in count):
            known += len(word) if len(word) >= _SHORT else 0
        else:
            unknown += len(word)
    return known, unknown, mixed


def _page(text: str, reading: _Reading) -> str | None:
    """The text in the Arabic page that makes it certainly Arabic; None where none does, or two do."""
    try:
        raw = _back(text, reading)
    except UnicodeError:
        return None
    found: dict[str, int] = {}
    for page in _PAGES:
        try:
            new = raw.decode(page)
        except UnicodeError:
            continue
        new = new.replace("\u00a0", " ")  # in Mac Arabic a space of its own
        known, unknown, mixed = _weigh(new)
        if not _NONSENSE.search(new):
            sure = known >= _ENOUGH and 100 * known >= _SHARE * (known + unknown + 2 * mixed)
            found[new] = known if sure else -known
    best = max(found, key=lambda new: found[new], default=None)
    if best is None or found[best] <= 0:
        return None
    return best if all(3 * abs(found[new]) <= 2 * found[best] for new in found if new != best) else None


def _whole(text: str, reading: _Reading) -> str:
    new = _page(text, reading)
    return text if new is None else new


def _from_page(run: re.Match[str]) -> str:
    """A run of letters mended: all of it, else each line of it, else each row of words without an ASCII letter."""
    text = run.group()
    if not _HIGH.search(text):
        return text
    if (new := _page(text, _LATIN)) is not None:
        return new
    return "\n".join(map(_line_from_page, text.split("\n")))


def _line_from_page(line: str) -> str:
    new = _page(line, _LATIN)
    if new is None:
        new = _BESIDE.sub(lambda m: _whole(m.group(), _LATIN), line)
    return line if _HIGH.search(new) else new  # whole or not at all
