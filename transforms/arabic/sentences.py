"""Sentences: they end at line ends, and after an end mark (and what closes a quotation or bracket) before white space.

Knows: which full stops shorten a word or number an item, and that a heading is one sentence whatever dots it holds.
Does not know: grammar.
"""

import functools
import re
from collections.abc import Iterator
from typing import Final

from transforms.arabic import lexicon
from transforms.arabic.characters import DIACRITICS, LETTERS, TATWEEL, normal_form
from transforms.arabic.spans import Span
from transforms.arabic.speech import forms

_MARKS: Final = ".!?؟…۔"
_CLOSERS: Final = "\"”»'’)\\]"
#: A run of marks and what closes after it, or a closing quotation mark.  Begins with one class of characters, which is
#: found fast; look-behind and bounds keep it linear in the text.
_END = re.compile(
    rf"[{_MARKS}\"”»](?:(?<=[\"”»])(?P<quote>)|(?<=[{_MARKS}])(?<![{_MARKS}].)[{_MARKS}]*(?P<closers>[{_CLOSERS}]{{0,3}}))[^\S\n]+"
)
_LAST_WORD = re.compile(rf"[{LETTERS}{DIACRITICS}{TATWEEL}A-Za-z]+\Z")
_NEXT_WORD = re.compile(rf"\s*([{LETTERS}{DIACRITICS}]+)")
#: Shortened titles with و before them.
_JOINED_TITLES: Final = frozenset(("ود", "وم", "وأ"))
#: Letters that count years stand after a number: 2014 م.
_ERAS: Final = frozenset(("م", "ه", "هـ"))
#: Words that no sentence ends with; a stop after them writes an initial: في. واد.
_PREPOSITIONS: Final = frozenset(("في", "من", "إلى", "على", "عن"))
#: Before في they make it the name of the letter V: آي تي في.
_LETTER_NAMES: Final = (" تي", " سي", " بي", " دي")
#: A shorter quotation is a name or a word under discussion.
_QUOTED_WORDS: Final = 5
_MARK = re.compile(f"[{DIACRITICS}{TATWEEL}]")
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_WORD = re.compile(r"[^\W\d_]{2,}")
#: A line of up to so many characters that ends in no mark is a heading, dots in it are dashes.
_HEADING: Final = 200
#: Longer is no sentence but text without stops, which layers that compare the words of a sentence could not end on; the
#: longest sentence of 302 labelled articles has 1,941 characters.
LONGEST: Final = 3000


@functools.cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(row["word"] for row in lexicon.table("sentence_words") if row["kind"] == kind)


def split_sentences(text: str) -> tuple[Span, ...]:
    """The sentences of a cleaned text, in order, white space between them left out."""
    spans: list[Span] = []
    at = 0
    for line in text.split("\n"):
        start = at
        for end in _ends(line):
            _add(spans, text, start, at + end)
            start = at + end
        at += len(line)
        _add(spans, text, start, at)
        at += 1
    return tuple(spans)


def _add(spans: list[Span], text: str, start: int, end: int) -> None:
    while end - start > LONGEST and (cut := _cut(text, start)):
        _add(spans, text, start, cut)
        start = cut
    piece = text[start:end]
    if stripped := piece.strip():
        start += len(piece) - len(piece.lstrip())
        spans.append(Span(start, start + len(stripped)))


def _cut(text: str, start: int) -> int:
    """Where a piece too long for a sentence is cut: after a comma, else at white space; 0 where it has neither."""
    window = text[start + LONGEST // 2 : start + LONGEST]
    for mark in ("؛", "،", ",", " "):
        if (at := window.rfind(mark)) >= 0:
            return start + LONGEST // 2 + at + 1
    return 0


def _ends(line: str) -> Iterator[int]:
    """Where sentences end inside a line."""
    start = 0
    matches = list(_END.finditer(line))
    if not matches:
        return
    heading = len(line) < _HEADING and _LETTER_OR_DIGIT.match(line.rstrip()[-1:]) is not None
    if heading and all(m["quote"] is not None or _mark(line, m) not in ("!", "?", "؟", ".", "۔") for m in matches):
        return
    quotes = counted = 0
    for match in matches:
        if match["quote"] is not None:
            end = match.start() + 1
            quotes += line.count('"', counted, end)
            counted = end
            opens = quotes % 2 and line[end - 2 : end - 1].isspace()
            if opens or not _begins_after_quotation(line, start, match):
                continue
        else:
            mark, end = _mark(line, match), match.end("closers")
            if mark == "." and not match["closers"] and _shortens(line, start, match.start(), match.end()):
                continue
            if match["closers"] and (
                _goes_on(line, mark, end) or line[match.start() - 1 : match.start()] in ("(", "[")
            ):
                continue  # `(...)` leaves something out inside a sentence
        if not _LETTER_OR_DIGIT.search(line, start, end):
            continue
        yield end
        start = end


def _mark(line: str, match: re.Match[str]) -> str:
    return line[match.start() : match.start("closers")]


def _goes_on(line: str, mark: str, end: int) -> bool:
    """Whether the sentence goes on after a quotation that ends in a mark of its own."""
    follows = _NEXT_WORD.match(line, end)
    word = normal_form(follows[1]) if follows else ""
    return word in _words("goes on") or (mark != "." and word in _words("either"))


def _begins_after_quotation(line: str, start: int, match: re.Match[str]) -> bool:
    """Whether a quotation without an end mark ends its sentence: it is long, and what follows begins a sentence."""
    close = match.start()
    begin = max(start, close - 200)
    opened = max(line.rfind(c, begin, close) for c in '"“«”')
    if line[close - 1 : close] == ":" or line.count(" ", max(opened, begin), close) < _QUOTED_WORDS - 1:
        return False
    if line[match.end() : match.end() + 1] in ('"', "“", "«"):
        return not line[match.end() + 1 : match.end() + 2].isspace()
    follows = _NEXT_WORD.match(line, close + 1)
    word = normal_form(follows[1]) if follows else ""
    told = forms().get(word[1:]) if word[:1] == "و" else None
    return word in _words("begins") or (told is not None and told.shape == "perfect" and "weak" not in told.takes)


def _shortens(line: str, start: int, stop: int, after: int) -> bool:
    """Whether the full stop at `stop` shortens the word before it or numbers an item."""
    begin = max(start, stop - 40)
    if not _WORD.search(line, start, min(stop, start + 400)):
        return True  # "1." or "أ." at the start, which numbers what comes
    found = _LAST_WORD.search(line[begin:stop])
    if found is None:
        return False
    word, before = _MARK.sub("", found.group()), line[begin : begin + found.start()].rstrip()
    if word in _JOINED_TITLES:
        return True
    if len(word) == 1:
        if word.isascii():
            return line[after : after + 1].isascii()  # J. K. Rowling
        return not (word in _ERAS and (before[-1:].isdigit() or before.endswith(("ق.", "ق"))))
    if word in _PREPOSITIONS:
        return not before.endswith(_LETTER_NAMES)
    kind = _abbreviations().get(word)
    return kind == "always" or (kind == "number" and line[after : after + 1].isdigit())


@functools.cache
def _abbreviations() -> dict[str, str]:
    return {row["word"]: row["kind"] for row in lexicon.table("abbreviations")}
