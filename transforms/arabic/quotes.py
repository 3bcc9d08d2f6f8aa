"""Quotes: who is quoted with which words, direct or indirect.

Knows: the quotations of each sentence (`transforms.arabic.quotedrafts`) and those that run on over sentences.  Who the
speaker is by name is found by `transforms.arabic.speakers`.  Does not know: a published statement's further sentences, and
talk without any cue.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from schemas.token import Token
from transforms.arabic.quotedrafts import Draft, Drafts
from transforms.arabic.quotemarks import closes, inside_word, trim
from transforms.arabic.spans import Span
from transforms.arabic.speakerphrases import Named
from transforms.arabic.speakers import Speakers
from transforms.arabic.speech import forms

#: A quotation left open runs on over at most so many sentences.
RUN: Final = 12


class QuoteSpan(NamedTuple):
    """One quotation in one sentence: its content, and the spans of cue and speaker where told."""

    start: int
    end: int
    direct: bool
    cue: Span | None
    speaker: Span | None
    speaker_name: str | None
    speaker_role: str | None
    stance: str
    rule: str


def find_quotes(text: str, sentences: Sequence[Sequence[Token]], names: Sequence[Named] = ()) -> tuple[QuoteSpan, ...]:
    """The quotations in the sentences' tokens, in text order; `names` are the article's names in text order."""
    speakers = Speakers(text, sentences, names)
    found: list[QuoteSpan] = []
    skip_until = 0  # sentences before this one belong to a quotation left open
    for index, tokens in enumerate(sentences):
        if not tokens:
            continue
        start = 0
        if index < skip_until:
            start = _continued(text, tokens, found, last=index == skip_until - 1)
        if start >= len(tokens):
            continue
        reader = Drafts(text, tokens, start, speakers)
        drafts = reader.drafts()
        for draft in drafts:
            quote = _finish(tokens, draft, speakers, index)
            if quote is not None:
                found.append(quote)
        open_region = reader.left_open
        if open_region is not None and drafts and drafts[-1].last > open_region:
            skip_until = max(skip_until, _closing(text, sentences, index))
        elif open_region is None and not drafts and not start and (whole := reader.whole()):
            quote = _finish(tokens, whole, speakers, index)
            if quote is not None:
                found.append(quote)
    return tuple(found)


def _continued(text: str, tokens: Sequence[Token], found: list[QuoteSpan], *, last: bool) -> int:
    """Adds what of the sentence still belongs to the open quotation; the index of the token after it."""
    end = len(tokens)
    if last:
        end = next((i for i, t in enumerate(tokens) if closes(text, t)), len(tokens))
    first, stop = trim(tokens, 0, end)
    if found and stop > first:
        before = found[-1]
        found.append(
            before._replace(
                start=tokens[first].start,
                end=tokens[stop - 1].end,
                direct=True,
                cue=None,
                speaker=None,
                rule="continued",
            )
        )
    return end + 1


def _closing(text: str, sentences: Sequence[Sequence[Token]], index: int) -> int:
    """One past the sentence that closes a quotation left open in sentence `index`, or 0 where none does soon."""
    for i in range(index + 1, min(index + RUN, len(sentences))):
        depth = 0
        for token in sentences[i]:
            if token.kind != "punct" or token.text not in "«“\"»”'":
                continue
            if closes(text, token):
                if not depth:
                    return i + 1
                depth -= 1
            elif token.text in '"«“' and not inside_word(text, token):
                depth += 1
    return 0


def _finish(tokens: Sequence[Token], draft: Draft, speakers: Speakers, index: int) -> QuoteSpan | None:
    first, stop = trim(tokens, draft.first, draft.last)
    if stop <= first or (stop - first < 2 and draft.rule not in ("as", "quoted")):
        return None
    span = None
    if draft.subject is not None and draft.subject[1] > draft.subject[0]:
        span = Span(tokens[draft.subject[0]].start, tokens[draft.subject[1] - 1].end)
    gender = draft.found.gender if draft.found else ""
    who = speakers.resolve(index, span, gender, tokens[draft.cue].start if draft.cue is not None else tokens[0].start)
    cue = None
    if draft.cue is not None:
        token = tokens[draft.cue]
        cue = Span(token.start + (1 if token.norm not in forms() and token.norm[:1] in "وف" and
                                  token.norm[1:] in forms() else 0), token.end)  # fmt: skip
    return QuoteSpan(
        tokens[first].start, tokens[stop - 1].end, draft.direct, cue, who.span, who.name, who.role,
        draft.found.stance if draft.found else "neutral", draft.rule,
    )  # fmt: skip
