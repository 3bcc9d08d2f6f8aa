"""Quotes: who is quoted with which words, direct or indirect.  (First form.)

Knows: speech verbs before أن/إن or a colon, and quotation marks.  Does not know: `بحسب` and its like, quotes that go on
in a later sentence, or who a pronoun is.
"""

import functools
from collections.abc import Sequence
from typing import NamedTuple

from schemas.token import Token
from transforms.arabic.characters import normal_form
from transforms.arabic.lexicon import words
from transforms.arabic.spans import Span

#: Words that open what is said; أن and إن are no content, their forms with a pronoun are.
_OPENERS = frozenset({"ان", "بان", "الي ان"})
_WITH_PRONOUN = ("انه", "بانه", "انها", "بانها", "انهم", "بانهم", "انهما", "انني", "اننا")
_MARKS = {"«": "»", '"': '"', "“": "”", "”": "“"}
#: A speaker and what is told of him stand between verb and opener in at most so many words.
REACH = 40


class QuoteSpan(NamedTuple):
    """One quotation: its content, whether in its own words, and the spans of cue and speaker where told."""

    start: int
    end: int
    direct: bool
    cue: Span | None
    speaker: Span | None


@functools.cache
def _cues() -> frozenset[str]:
    return frozenset(normal_form(word) for word in words("speech_verbs", "word"))


def find_quotes(text: str, sentences: Sequence[Sequence[Token]]) -> tuple[QuoteSpan, ...]:
    """The quotations in the sentences' tokens, in text order; offsets into `text`."""
    return tuple(quote for tokens in sentences for quote in _in_sentence(text, tokens))


def _in_sentence(text: str, tokens: Sequence[Token]) -> list[QuoteSpan]:
    cues = [i for i, t in enumerate(tokens) if _is_cue(t)]
    quotes: list[QuoteSpan] = []
    for n, i in enumerate(cues):
        if quotes and tokens[i].start < quotes[-1].end:
            continue
        opener = next((j for j in range(i + 1, min(i + REACH, len(tokens))) if _opens(tokens[j])), None)
        if opener is None:
            continue
        first = opener if tokens[opener].norm in _WITH_PRONOUN else opener + 1
        # A later cue that has an opener of its own ends the content: (قال … إن …) مضيفا أن …
        stop = len(tokens)
        for k in cues[n + 1 :]:
            if k > first and any(_opens(t) for t in tokens[k + 1 : k + 4]):
                stop = k
                break
        while stop > first and tokens[stop - 1].kind == "punct" and tokens[stop - 1].text in ".،؛,":
            stop -= 1
        while first < stop and tokens[first].kind == "punct":
            first += 1
        if stop - first < 2:
            continue
        start, end = tokens[first].start, tokens[stop - 1].end
        direct = tokens[opener].text == ":" or tokens[first - 1].text in _MARKS
        quotes.append(QuoteSpan(start, end, direct, _cue_span(tokens[i]), _speaker(tokens, i + 1, opener)))
    return quotes


def _is_cue(token: Token) -> bool:
    return token.norm in _cues() or (token.norm[:1] in "وف" and token.norm[1:] in _cues())


def _cue_span(token: Token) -> Span:
    return Span(token.start if token.norm in _cues() else token.start + 1, token.end)


def _opens(token: Token) -> bool:
    return token.norm in _OPENERS or token.norm in _WITH_PRONOUN or token.text == ":"


def _speaker(tokens: Sequence[Token], first: int, opener: int) -> Span | None:
    """The phrase after the verb, up to the first preposition, mark or relative word; None where nothing is left."""
    stops = words("speaker_stops", "word")
    last = first
    while last < opener and tokens[last].norm not in stops and tokens[last].kind in ("word", "latin"):
        last += 1
    return Span(tokens[first].start, tokens[last - 1].end) if last > first else None
