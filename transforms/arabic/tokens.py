"""Words: tokens with offsets, and each word's clitics told apart.  (First form; see docs/accuracy.md.)"""

import functools
import re
from collections.abc import Iterator, Sequence
from typing import Final

from schemas.token import Token
from transforms.arabic.characters import DIACRITICS, LETTERS, TATWEEL, normal_form
from transforms.arabic.spans import Span

_WORD: Final = f"[{LETTERS}{DIACRITICS}{TATWEEL}]+"
_TOKEN = re.compile(
    rf"(?P<url>https?://\S+|www\.\S+)"
    rf"|(?P<hashtag>\#\w+)"
    rf"|(?P<handle>@\w+)"
    rf"|(?P<number>[0-9\u0660-\u0669]+(?:[.,:/\u066b\u066c-][0-9\u0660-\u0669]+)*[%\u066a]?)"
    rf"|(?P<word>{_WORD})"
    rf"|(?P<latin>[^\W\d_]+)"
    rf"|(?P<punct>[^\s\w]|_)"
)


def tokenize(text: str, start: int = 0, end: int | None = None) -> tuple[Token, ...]:
    """The tokens of text[start:end], offsets into `text`."""
    tokens = []
    for match in _TOKEN.finditer(text, start, len(text) if end is None else end):
        surface, kind = match.group(), match.lastgroup or "punct"
        norm = normal_form(surface)
        proclitics, stem, enclitic = split_clitics(norm) if kind == "word" else ((), norm, "")
        before = sum(len(c) for c in proclitics if c != "ال")
        tokens.append(
            Token(
                match.start(),
                match.end(),
                kind,
                surface,
                norm,
                proclitics,
                stem,
                enclitic,
                match.start() + (_offset(surface, before) if before else 0),
            )
        )
    return tuple(tokens)


def _offset(surface: str, letters: int) -> int:
    """Index in a surface form after its first `letters` letters and the marks on them."""
    index = 0
    while index < len(surface) and letters:
        index += 1
        while index < len(surface) and not normal_form(surface[index]):
            index += 1
        letters -= 1
    return index


@functools.lru_cache(maxsize=1 << 17)
def split_clitics(norm: str) -> tuple[tuple[str, ...], str, str]:
    """Proclitics (outermost first), stem and enclitic of a word in normal form."""
    proclitics: list[str] = []
    rest = norm
    if rest[:1] in "وف" and len(rest) > 4 and rest[1:3] in ("ال", "لل", "با"):
        proclitics.append(rest[0])
        rest = rest[1:]
    if rest.startswith(("بال", "كال")) and len(rest) > 5:
        proclitics += [rest[0], "ال"]
        rest = rest[3:]
    elif rest.startswith("لل") and len(rest) > 4:
        proclitics += ["ل", "ال"]
        rest = rest[2:]
    elif rest.startswith("ال") and len(rest) > 3:
        proclitics.append("ال")
        rest = rest[2:]
    return tuple(proclitics), rest, ""


def tokenize_sentences(text: str, sentences: Sequence[Span]) -> tuple[tuple[Token, ...], ...]:
    """The tokens of each sentence."""
    return tuple(tokenize(text, start, end) for start, end in sentences)


def words(tokens: Sequence[Token]) -> Iterator[Token]:
    """The tokens that are Arabic words."""
    return (t for t in tokens if t.kind == "word")
