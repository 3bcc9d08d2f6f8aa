"""`Document`: an article and the layers found in it; the one element that flows from parse to sink."""

from dataclasses import dataclass, field

from schemas.article import Article
from schemas.event import Event
from schemas.mention import Mention
from schemas.quote import Quote
from schemas.reject import Reject
from schemas.sentence import Sentence
from schemas.token import Token


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Every step adds a layer and returns a new Document (`dataclasses.replace`).

    `tokens` (one tuple a sentence, parallel to `sentences`) lives inside a fused stage only: the coder drops it, and
    a step that finds it missing segments again.
    """

    article: Article
    #: Where it stood in the input, for the order that decides which of two same articles came first.
    order: str = ""
    #: Hash of the raw input fields: an unchanged input is never a new version.
    input_hash: str = ""
    sentences: tuple[Sentence, ...] = ()
    mentions: tuple[Mention, ...] = ()
    quotes: tuple[Quote, ...] = ()
    events: tuple[Event, ...] = ()
    #: Whether the same input was seen before: it is told to the publisher, who knows best, but not analysed again.
    bare: bool = False
    #: Parts that could not be analysed.
    rejects: tuple[Reject, ...] = ()
    tokens: tuple[tuple[Token, ...], ...] = field(default=(), compare=False, repr=False)
