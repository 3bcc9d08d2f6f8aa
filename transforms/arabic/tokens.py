"""Words: tokens with offsets, and each word's clitics told apart.

Knows: what is one token (numbers with their separators, addresses, tags).  Does not know: how words divide, which
`clitics` knows.  A word is analysed once by its type; neighbours are asked only where the word alone leaves a doubt.
"""

import functools
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, compress
from operator import add, itemgetter
from typing import Any, Final

from schemas.token import Token
from transforms.arabic import clitics
from transforms.arabic.characters import DIACRITICS, LETTERS, TATWEEL, normal_form, plain_form
from transforms.arabic.ranker import shape
from transforms.arabic.spans import Span

_WORD: Final = f"[{LETTERS}{DIACRITICS}{TATWEEL}]+"
_DIGIT: Final = "[0-9\u0660-\u0669\u06f0-\u06f9]"
#: What ends a sentence or closes a bracket is no part of an address before it.
_ADDRESS_END: Final = r"""[^\s.,;:!?'"()\[\]{}<>«»“”’،؛؟…]"""
#: Every kind begins with a letter or a class of letters, the commonest first: what cannot begin here is passed over fast.
_TOKEN = re.compile(
    rf"(?P<word>{_WORD})"
    rf"|(?P<url>https?://\S*{_ADDRESS_END}/?|www\.\S*{_ADDRESS_END}/?"
    r"|[A-Za-z0-9_.+-](?<![\w.@-][A-Za-z0-9_.+-])[A-Za-z0-9_.+-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}\b"
    r"|[A-Za-z0-9-](?<![\w.@-][A-Za-z0-9-])[A-Za-z0-9-]{0,62}\.(?:[A-Za-z0-9-]{1,63}\.){0,7}"
    r"(?:com|net|org|info|gov|edu|tv|fm)\b(?:/[^\s،؛؟«»]*[\w/])?)"
    rf"|(?P<number>{_DIGIT}+(?:[.,:/\u066b\u066c-]{_DIGIT}+)*[%\u066a]?)"
    rf"|(?P<hashtag>\#[\w{DIACRITICS}]+)"
    r"|(?P<handle>@\w+)"
    r"|(?P<latin>[^\W\d_]+)"
    r"|(?P<punct>[^\s\w]|_)"
)
_SPLIT: Final = re.compile(re.sub(r"\?P<\w+>", "?:", f"({_TOKEN.pattern})")).split
_form_of: Final = itemgetter(0)
_open: Final = itemgetter(3)
#: A token of a tuple with its fields, without the checks and the call that its class would cost: a third of the time.
_token: Final[Callable[[tuple[Any, ...]], Token]] = functools.partial(tuple.__new__, Token)


#: What a word type is: the fields of its tokens but place and text, and where a name in it begins.  Plain tuples, which
#: the garbage collector forgets once they hold nothing but text.
_Form = tuple[str, str, tuple[str, ...], str, str, int]


#: A word type: its form, plain form and shape; and its divisions with their forms where the word alone leaves more than one.
_Type = tuple[_Form, str, str, tuple[clitics.Ranked, ...], tuple[_Form, ...]]


class _Types(dict[str, _Type]):
    """Types by surface form, worked out once; emptied before odd words fill the memory."""

    def __missing__(self, surface: str) -> _Type:
        if len(self) > 1 << 17:
            self.clear()
        match = _TOKEN.fullmatch(surface)
        kind = (match and match.lastgroup) or "punct"
        self[surface] = found = _word_type(surface) if kind == "word" else _other_type(surface, kind)
        return found


_TYPES: Final = _Types()


def tokenize(text: str, start: int = 0, end: int | None = None) -> tuple[Token, ...]:
    """The tokens of text[start:end], offsets into `text`."""
    pieces = _SPLIT(text[start:end])  # what stands between the tokens, and they
    if len(pieces) == 1:
        return ()
    edges = list(accumulate(map(len, pieces), initial=start))
    texts = pieces[1::2]
    types = list(map(_TYPES.__getitem__, texts))
    forms = list(map(_form_of, types))
    for at in compress(range(len(types)), map(_open, types)):
        before = types[at - 1] if at else _NO_WORD
        after = types[at + 1] if at + 1 < len(types) else _NO_WORD
        forms[at] = _in_context(types[at], before, after)
    starts = edges[1:-1:2]
    kinds, *fields, hosts = zip(*forms, strict=True)
    return tuple(map(_token, zip(starts, edges[2::2], kinds, texts, *fields, map(add, starts, hosts), strict=True)))


def _in_context(word: _Type, before: _Type, after: _Type) -> _Form:
    return word[4][clitics.choose(word[3], before[1], after[1], (before[2], after[2]))]


def _other_type(surface: str, kind: str) -> _Type:
    norm, plain = normal_form(surface), plain_form(surface)
    return (kind, norm, (), norm, "", 0), plain, shape(plain), (), ()


_NO_WORD: Final = _other_type("", "punct")


def _word_type(surface: str) -> _Type:
    plain, norm = plain_form(surface), normal_form(surface)
    # One string where they are equal: fewer places in memory to visit for every token.
    plain = surface if plain == surface else plain
    norm = plain if norm == plain else norm
    ranked = clitics.analyses(plain)
    forms = tuple([_form(surface, plain, norm, r.division) for r in ranked])
    return (forms[0], plain, shape(plain), ranked, forms) if len(forms) > 1 else (forms[0], plain, shape(plain), (), ())


@functools.cache
def _shared(proclitics: tuple[str, ...]) -> tuple[str, ...]:
    return proclitics


def _form(surface: str, plain: str, norm: str, division: clitics.Division) -> _Form:
    proclitics, stem, enclitic, before = division
    host = before if len(plain) == len(surface) else _offset(surface, before)
    stem = clitics.stem_form(stem, enclitic)
    stem = norm if stem == norm else stem
    return "word", norm, _shared(proclitics), stem, normal_form(enclitic), host


def _offset(surface: str, letters: int) -> int:
    """Index in a surface form after its first `letters` letters and the marks on them."""
    if not letters:
        return 0
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
    known = _word_type(word)
    form, _, _, ranked, _ = known
    if ranked:
        form = _in_context(known, *(_other_type(neighbour, "word") for neighbour in (before, after)))
    _, _, proclitics, stem, enclitic, _ = form
    return proclitics, stem, enclitic


def tokenize_sentences(text: str, sentences: Sequence[Span]) -> tuple[tuple[Token, ...], ...]:
    """The tokens of each sentence."""
    return tuple(tokenize(text, start, end) for start, end in sentences)


def words(tokens: Sequence[Token]) -> Iterator[Token]:
    """The tokens that are Arabic words."""
    return (t for t in tokens if t.kind == "word")
