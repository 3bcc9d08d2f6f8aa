"""Words: tokens with offsets, and each word's clitics told apart.

Knows: what is one token (numbers with their separators, addresses, tags).  Does not know: how words divide, which
`clitics` knows.  A word is analysed once by its type; neighbours are asked only where the word alone leaves a doubt.
"""

import functools
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, compress
from operator import add, itemgetter
from typing import Any, Final, TypeVar

from schemas.token import Token
from transforms.arabic import clitics
from transforms.arabic.characters import DIACRITICS, LETTERS, TATWEEL, fold, normal_form, plain_form
from transforms.arabic.ranker import shape
from transforms.arabic.spans import Span

T = TypeVar("T")
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
_open: Final = itemgetter(6)
#: A token of a tuple with its fields, without the checks and the call that its class would cost: a third of the time.
_token: Final[Callable[[tuple[Any, ...]], Token]] = functools.partial(tuple.__new__, Token)


#: What a word type is: the fields of its tokens but place and text; where a name in it begins; whether its neighbours must
#: be asked; its plain form and shape, for when it is such a neighbour.  Plain tuples, few and flat: of 124,000 types in 8,000 articles most of the time goes to reach them in memory.
_Form = tuple[str, str, tuple[str, ...], str, str, int, bool, str, str]


class Types(dict[str, _Form]):
    """Forms by surface, worked out once; emptied before odd words fill the memory.

    `dictionary` is asked about the words that the ranker alone may divide wrong (`clitics.analyses`).
    """

    def __init__(self, dictionary: clitics.Dictionary | None = None) -> None:
        super().__init__()
        self.dictionary = dictionary
        #: Of a word whose neighbours must be asked the divisions and their forms.
        self.choices: dict[str, tuple[tuple[clitics.Ranked, ...], tuple[_Form, ...]]] = {}

    def __missing__(self, surface: str) -> _Form:
        if len(self) > 1 << 17:
            self.clear()
            self.choices.clear()
        match = _TOKEN.fullmatch(surface)
        kind = (match and match.lastgroup) or "punct"
        self[surface] = found = self.divided(surface) if kind == "word" else self.other(surface, kind)
        return found

    def divided(self, surface: str) -> _Form:
        """The form of an Arabic word, the word alone."""
        plain, norm = plain_form(surface), fold(surface)
        # One string where they are equal: fewer places in memory to visit for every token.
        norm = surface if norm == surface else norm
        plain = surface if plain == surface else plain
        if sure := clitics.certain(plain):
            return _form(surface, norm, sure, False, plain)
        ranked = clitics.analyses(plain, self.dictionary)
        open_ = len(ranked) > 1
        forms = tuple([_form(surface, norm, r.division, open_, plain) for r in ranked])
        if open_:
            self.choices[surface] = ranked, forms
        return forms[0]

    def in_context(self, word: str, before: tuple[str, str], after: tuple[str, str]) -> _Form:
        """The form of an Arabic word between neighbours, of which plain form and shape are told."""
        if word not in self.choices:  # forgotten since it was looked up
            self[word] = self.divided(word)
        ranked, forms = self.choices[word]
        return forms[clitics.choose(ranked, before, after)]

    @staticmethod
    def other(surface: str, kind: str) -> _Form:
        """The form of a token that is no Arabic word."""
        norm = normal_form(surface)
        plain = plain_form(surface)
        return kind, norm, (), norm, "", 0, False, plain, _shared(shape(plain))


#: Those of the shipped model alone.
TYPES: Final = Types()
_NOTHING: Final = ("", "")


def tokenize(text: str, start: int = 0, end: int | None = None, types: Types = TYPES) -> tuple[Token, ...]:
    """The tokens of text[start:end], offsets into `text`; `types` keeps what words are."""
    pieces = _SPLIT(text[start:end])  # what stands between the tokens, and they
    if len(pieces) == 1:
        return ()
    edges = list(accumulate(map(len, pieces), initial=start))
    texts = pieces[1::2]
    forms = list(map(types.__getitem__, texts))
    for at in compress(range(len(texts)), map(_open, forms)):
        before = forms[at - 1][7:] if at else _NOTHING
        after = forms[at + 1][7:] if at + 1 < len(texts) else _NOTHING
        forms[at] = types.in_context(texts[at], before, after)
    starts = edges[1:-1:2]
    kinds, *fields, hosts, _, _, _ = zip(*forms, strict=True)
    return tuple(map(_token, zip(starts, edges[2::2], kinds, texts, *fields, map(add, starts, hosts), strict=True)))


@functools.cache
def _shared(value: T) -> T:
    """One object for all equal ones."""
    return value


def _form(surface: str, norm: str, division: tuple[tuple[str, ...], str, str, int], doubt: bool, plain: str) -> _Form:
    proclitics, stem, enclitic, before = division
    host = before if len(plain) == len(surface) else _offset(surface, before)
    if enclitic or stem == "الله":  # what a pronoun hides, and what the word does not spell
        stem, enclitic = clitics.stem_form(stem, enclitic), normal_form(enclitic)
    else:  # letter for letter as in the word
        stem = norm[-len(stem) :] if proclitics else norm
    return "word", norm, _shared(proclitics), stem, enclitic, host, doubt, plain, _shared(shape(plain))


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


def tokenize_sentences(text: str, sentences: Sequence[Span], types: Types = TYPES) -> tuple[tuple[Token, ...], ...]:
    """The tokens of each sentence; `types` keeps what words are."""
    return tuple(tokenize(text, start, end, types) for start, end in sentences)


def words(tokens: Sequence[Token]) -> Iterator[Token]:
    """The tokens that are Arabic words."""
    return (t for t in tokens if t.kind == "word")
