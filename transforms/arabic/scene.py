"""An article as its events see it: tokens with what each is good for, names, noun phrases, quotations.

Knows: order, function words, verbs by the company they keep, who speaks.  Does not know: syntax, roles.
"""

import bisect
import copy
from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

from schemas.mention import Mention
from schemas.token import Token
from transforms.arabic.characters import normal_form
from transforms.arabic.clauses import Around, Line, around
from transforms.arabic.names import skeleton
from transforms.arabic.phrases import Phrase, Word, find_phrases, names_at, word_of
from transforms.arabic.spans import Span
from transforms.arabic.verbs import groups

#: Quotations that begin before a word and can still hold it: one within another, or some that ended.
_NESTED: Final = 12
_LONGEST_SPEAKER: Final = 300  # characters
_MARKS: Final = "\"«»“”''("


class Told(NamedTuple):
    """An event as its trigger tells it: tokens[first:last + 1] of its sentence."""

    sentence: int
    first: int
    last: int
    start: int
    end: int
    type: str


class Saying(NamedTuple):
    """A quotation: where its content and its speaker stand; a quote without speaker has that of the quote it goes on."""

    start: int
    end: int
    speaker: Span | None
    name: str | None


class Look(NamedTuple):
    """What a phrase is, wherever it stands: its first word, what leads it, the names in it and how often the article has them."""

    span: Span
    head: Token
    groups: tuple[str, ...]  # of its first word, coarse to fine
    lead: str
    kinds: str  # types of the names in it, with + between
    form: str  # the same, with d where it is definite, else i, and c where it goes on another phrase
    often: int


class Scene:
    """One article with its events; phrases are cut on demand."""

    def __init__(
        self,
        text: str,
        tokens: Sequence[Sequence[Token]],
        mentions: Sequence[Mention],
        sayings: Sequence[Saying],
        events: Sequence[Told],
    ) -> None:
        self.text = text
        self.tokens = tokens
        self.mentions: list[list[Mention]] = [[] for _ in tokens]
        for mention in mentions:
            if mention.sentence_index < len(tokens):
                self.mentions[mention.sentence_index].append(mention)
        self.sayings = sorted(with_speakers(sayings), key=lambda s: s.start)
        self._saying_starts = [s.start for s in self.sayings]
        self._speakers = sorted({s.speaker for s in self.sayings if s.speaker})
        self._sentence_starts = [line[0].start if line else 0 for line in tokens]
        self._names: dict[int, list[Mention | None]] = {}
        self._kinds: dict[int, list[Word]] = {}
        self._words: dict[Span, frozenset[str]] = {}
        self._compared: dict[Span, dict[Span, str]] = {}
        self._looks: dict[Phrase, Look] = {}
        # The country told most: where an article's events mostly are.
        codes = Counter(m.country for m in mentions if m.country)
        self.home = min(codes, key=lambda code: (-codes[code], code), default=None)
        self.counts = Counter(skeleton(w) for m in mentions if m.type in ("PER", "ORG", "LOC") for w in m.norm.split())
        self._begin(events)

    def _begin(self, events: Sequence[Told]) -> None:
        self.events = events
        self.triggers: list[dict[int, str]] = [{} for _ in self.tokens]
        for event in events:
            for i in range(event.first, event.last + 1):
                self.triggers[event.sentence][i] = event.type
        # What hangs on which words are triggers.
        self._phrases: dict[int, tuple[Phrase, ...]] = {}
        self._symbols: dict[int, list[str]] = {}
        self._lines: dict[int, Line] = {}
        self._around: dict[tuple[int, int, int], Around] = {}
        self._voices: dict[Phrase, str] = {}
        self._speaking: dict[int, frozenset[Phrase]] = {}

    def telling(self, events: Sequence[Told]) -> "Scene":
        """The same article with other events: what does not hang on them is shared, so that it is worked out once."""
        other = copy.copy(self)
        other._looks = {}  # what leads a phrase can be a trigger
        other._begin(events)
        same = {i for i, now in enumerate(other.triggers) if now.keys() == self.triggers[i].keys()}
        other._symbols = {i: found for i, found in self._symbols.items() if i in same}
        other._phrases = {i: found for i, found in self._phrases.items() if i in same}
        other._lines = {i: found for i, found in self._lines.items() if i in same}
        other._around = {at: found for at, found in self._around.items() if at[0] in same}
        return other

    def names(self, sentence: int) -> list[Mention | None]:
        """The mention that each token of a sentence stands in."""
        if sentence not in self._names:
            self._names[sentence] = names_at(self.tokens[sentence], self.mentions[sentence])
        return self._names[sentence]

    def kinds(self, sentence: int) -> list[Word]:
        """What each token of a sentence is by its form alone."""
        if sentence not in self._kinds:
            self._kinds[sentence] = [word_of(t) for t in self.tokens[sentence]]
        return self._kinds[sentence]

    def phrases(self, sentence: int) -> tuple[Phrase, ...]:
        """The candidate phrases of a sentence."""
        if sentence not in self._phrases:
            self._phrases[sentence] = find_phrases(
                sentence,
                self.tokens[sentence],
                self.names(sentence),
                frozenset(self.triggers[sentence]),
                self.kinds(sentence),
            )
        return self._phrases[sentence]

    def line(self, sentence: int) -> Line:
        """A sentence as clauses are read from it."""
        if sentence not in self._lines:
            phrases = self.phrases(sentence)
            self._lines[sentence] = Line(
                self.tokens[sentence],
                self.symbols(sentence),
                {p.first: p for p in phrases if not p.chained and not p.joint},
                {p.first: p.last for p in phrases if p.joint},
                {p.first: p for p in phrases if p.chained},
                ["" if m is None else m.type for m in self.names(sentence)],
                self.kinds(sentence),
            )
        return self._lines[sentence]

    def around(self, event: Told) -> Around:
        """What stands around an event."""
        at = event.sentence, event.first, event.last
        if at not in self._around:
            self._around[at] = around(self.line(event.sentence), event.first, event.last)
        return self._around[at]

    def countries(self, span: Span | None) -> frozenset[str]:
        """The countries of the names in a stretch."""
        if span is None:
            return frozenset()
        return frozenset(
            m.country for line in self.mentions for m in line if m.country and m.start < span.end and span.start < m.end
        )

    def saying(self, offset: int) -> Saying | None:
        """The innermost quotation whose content holds an offset."""
        after = bisect.bisect_right(self._saying_starts, offset)
        inside = [s for s in self.sayings[max(0, after - _NESTED) : after] if offset < s.end]
        return min(inside, key=lambda s: s.end - s.start, default=None)

    def speaks(self, span: Span) -> bool:
        """Whether a stretch has part of the speaker of a quotation."""
        first = bisect.bisect_left(self._speakers, (span.start - _LONGEST_SPEAKER, 0))
        for speaker in self._speakers[first:]:
            if speaker.start >= span.end:
                break
            if span.start < speaker.end:
                return True
        return False

    def speaking(self, sentence: int) -> frozenset[Phrase]:
        """The phrases of a sentence that have part of the speaker of a quotation."""
        if not self._speakers:
            return frozenset()
        if sentence not in self._speaking:
            self._speaking[sentence] = frozenset(p for p in self.phrases(sentence) if self.speaks(Span(p.start, p.end)))
        return self._speaking[sentence]

    def voice(self, phrase: Phrase) -> str:
        """How a phrase stands to the quotations: within one, part of a speaker, or free."""
        if phrase not in self._voices:
            heard = phrase in self.speaking(phrase.sentence)
            self._voices[phrase] = "quoted" if self.saying(phrase.start) else "says" if heard else "free"
        return self._voices[phrase]

    def look(self, phrase: Phrase) -> Look:
        """What a phrase is, wherever it stands."""
        if phrase not in self._looks:
            span, head = Span(phrase.start, phrase.end), self.tokens[phrase.sentence][phrase.first]
            names = self.names(phrase.sentence)[phrase.first : phrase.last + 1]
            kinds = "+".join(dict.fromkeys(m.type for m in names if m is not None))
            definite = "d" if head.norm.startswith(("ال", "لل", "وال", "بال")) else "i"
            form = kinds + definite + ("c" if phrase.chained else "")
            often = max([self.counts.get(w, 0) for w in self.words(span)], default=0)
            self._looks[phrase] = Look(span, head, groups(head.norm), self.before(phrase), kinds, form, often)
        return self._looks[phrase]

    def token_at(self, offset: int) -> Token | None:
        """The token that holds an offset."""
        sentence = bisect.bisect_right(self._sentence_starts, offset) - 1
        return next((t for t in self.tokens[sentence] if t.start <= offset < t.end), None) if sentence >= 0 else None

    def symbols(self, sentence: int) -> list[str]:
        """What each token is in a path: T trigger, V verb, S verb of speech, N noun, a preposition, a class, a mark."""
        if sentence not in self._symbols:
            triggers = self.triggers[sentence]
            self._symbols[sentence] = [
                "T" if i in triggers else word.symbol if name is None else word.named
                for i, (word, name) in enumerate(zip(self.kinds(sentence), self.names(sentence), strict=True))
            ]
        return self._symbols[sentence]

    def before(self, phrase: Phrase) -> str:
        """What leads a phrase: its preposition or clitic, else the symbol of the word before it."""
        token = self.tokens[phrase.sentence][phrase.first]
        lead = normal_form(self.text[token.start : phrase.start])
        if token.norm.startswith("لل"):
            lead = "ل"
        if lead[-1:] in ("ب", "ل", "ك"):
            return lead[-1]
        conj = "و+" if lead == "و" or (token.norm[:1] == "و" and token.proclitics[:1] == ("و",)) else ""
        j = phrase.first - 1
        tokens = self.tokens[phrase.sentence]
        while j >= 0 and tokens[j].text in _MARKS:
            j -= 1
        return conj + (self.symbols(phrase.sentence)[j] if j >= 0 else "^")

    def words(self, span: Span) -> frozenset[str]:
        """The words of a stretch, by what spellings of one share: two that share half may name the same."""
        if span not in self._words:
            found = normal_form(self.text[span.start : span.end]).split()
            self._words[span] = frozenset(skeleton(w[1:] if w[:1] in "وبلف" and len(w) > 5 else w) for w in found)
        return self._words[span]

    def alike(self, left: Span, right: Span) -> bool:
        """Whether two stretches may name the same."""
        if left == right:
            return True
        one, two = self.words(left), self.words(right)
        shared = len(one & two)
        return shared > 0 and shared * 2 >= min(len(one), len(two))

    def compared(self, span: Span) -> dict[Span, str]:
        """How others compare with a stretch, for the caller to fill in; kept while the article is."""
        return self._compared.setdefault(span, {})


def with_speakers(sayings: Sequence[Saying]) -> list[Saying]:
    """The quotations; one without a speaker phrase has that of the last one before it."""
    found: list[Saying] = []
    last: dict[str | None, Span] = {}
    for saying in sayings:
        if saying.speaker is None and (speaker := last.get(saying.name)):
            saying = saying._replace(speaker=speaker)
        if saying.speaker:
            # A quotation that names nobody goes on with whoever spoke last.
            last[None] = last[saying.name] = saying.speaker
        found.append(saying)
    return found
