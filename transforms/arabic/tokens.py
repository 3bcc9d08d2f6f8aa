"""Words: tokens with offsets, and each word's clitics told apart.

Knows: what is one token (numbers with their separators, addresses, tags).  Does not know: how words divide, which
`clitics` knows.  A word is analysed once by its type; neighbours are asked only where the word alone leaves a doubt.
"""

import functools
import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from schemas.token import Token
from transforms.arabic import clitics
from transforms.arabic.characters import DIACRITICS, LETTERS, TATWEEL, normal_form, plain_form
from transforms.arabic.spans import Span

_WORD: Final = f"[{LETTERS}{DIACRITICS}{TATWEEL}]+"
_DIGIT: Final = "[0-9\u0660-\u0669\u06f0-\u06f9]"
#: What ends a sentence or closes a bracket is no part of an address before it.
_ADDRESS_END: Final = r"""[^\s.,;:!?'"()\[\]{}<>«»“”’،؛؟…]"""
_TOKEN = re.compile(
    rf"(?P<url>(?:https?://|www\.)\S*{_ADDRESS_END}/?"
    r"|(?<![\w.@-])[A-Za-z0-9_.+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}\b"
    r"|(?<![\w.@-])(?:[A-Za-z0-9-]{1,63}\.){1,8}(?:com|net|org|info|gov|edu|tv|fm)\b(?:/[^\s،؛؟«»]*[\w/])?)"
    rf"|(?P<hashtag>\#[\w{DIACRITICS}]+)"
    r"|(?P<handle>@\w+)"
    rf"|(?P<number>{_DIGIT}+(?:[.,:/\u066b\u066c-]{_DIGIT}+)*[%\u066a]?)"
    rf"|(?P<word>{_WORD})"
    r"|(?P<latin>[^\W\d_]+)"
    r"|(?P<punct>[^\s\w]|_)"
)


def tokenize(text: str, start: int = 0, end: int | None = None) -> tuple[Token, ...]:
    """The tokens of text[start:end], offsets into `text`."""
    matches = list(_TOKEN.finditer(text, start, len(text) if end is None else end))
    surfaces = [match.group() for match in matches]
    tokens = []
    for index, (match, surface) in enumerate(zip(matches, surfaces, strict=True)):
        kind, at = match.lastgroup or "punct", match.start()
        if kind == "word":
            form = _analyse(surface)
            if form.open:
                before = plain_form(surfaces[index - 1]) if index else ""
                after = plain_form(surfaces[index + 1]) if index + 1 < len(surfaces) else ""
                form = _in_context(surface, before, after)
            host = at + form.host
            token = Token(at, match.end(), kind, surface, form.norm, form.proclitics, form.stem, form.enclitic, host)
        else:
            norm = normal_form(surface)
            token = Token(at, match.end(), kind, surface, norm, (), norm, "", at)
        tokens.append(token)
    return tuple(tokens)


class _Form(NamedTuple):
    norm: str
    proclitics: tuple[str, ...]
    stem: str
    enclitic: str
    host: int
    open: bool


@functools.lru_cache(maxsize=1 << 17)
def _analyse(surface: str) -> _Form:
    ranked = clitics.analyses(plain_form(surface))
    return _form(surface, ranked[0].division, len(ranked) > 1)


@functools.lru_cache(maxsize=1 << 16)
def _in_context(surface: str, before: str, after: str) -> _Form:
    return _form(surface, clitics.choose(clitics.analyses(plain_form(surface)), before, after), False)


def _form(surface: str, division: clitics.Division, doubt: bool) -> _Form:
    proclitics, stem, enclitic, before = division
    host = _offset(surface, before) if before else 0
    return _Form(
        normal_form(surface), proclitics, clitics.stem_form(stem, enclitic), normal_form(enclitic), host, doubt
    )


def _offset(surface: str, letters: int) -> int:
    """Index in a surface form after its first `letters` letters and the marks on them."""
    index = 0
    while index < len(surface) and not normal_form(surface[index]):
        index += 1
    while index < len(surface) and letters:
        index += 1
        while index < len(surface) and not normal_form(surface[index]):
            index += 1
        letters -= 1
    return index


def split_clitics(word: str, before: str = "", after: str = "") -> tuple[tuple[str, ...], str, str]:
    """Proclitics (outermost first), stem and enclitic in normal form of a word as written, between its neighbours."""
    form = _in_context(word, plain_form(before), plain_form(after))
    return form.proclitics, form.stem, form.enclitic


def tokenize_sentences(text: str, sentences: Sequence[Span]) -> tuple[tuple[Token, ...], ...]:
    """The tokens of each sentence."""
    return tuple(tokenize(text, start, end) for start, end in sentences)


def words(tokens: Sequence[Token]) -> Iterator[Token]:
    """The tokens that are Arabic words."""
    return (t for t in tokens if t.kind == "word")
