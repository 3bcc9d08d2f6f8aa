"""Speaker phrases: which words of a sentence can tell who speaks.

Knows: names, titles before or after them, bodies and places that speak, verbs before and after their subject.  Does not know
who that is by name (`transforms.arabic.speakers`).
"""

import bisect
import functools
from collections.abc import Sequence
from typing import Final, NamedTuple

from schemas.token import Token
from transforms.arabic.characters import normal_form
from transforms.arabic.lexicon import table, words
from transforms.arabic.spans import Span

_SPEAKING: Final = ("PER", "ORG", "LOC")


class Named(NamedTuple):
    """A name in the text."""

    start: int
    end: int
    type: str


@functools.cache
def markers(kind: str) -> frozenset[str]:
    """The words of a kind of `quote_words`."""
    return frozenset(row["word"] for row in table("quote_words") if row["kind"] == kind)


@functools.lru_cache(maxsize=1 << 15)
def without_clitics(norm: str) -> str:
    """A word without clitics before it, for comparing offices: `والرئيس` and `رئيس` are one."""
    if norm[:1] in "وفبلك" and norm[1:3] == "ال":
        norm = norm[1:]
    if norm[:2] == "لل":
        norm = norm[2:]
    return norm[2:] if norm[:2] == "ال" and len(norm) > 4 else norm


@functools.cache
def titles() -> frozenset[str]:
    """Words of office, rank and calling, and nouns for persons, without clitics."""
    return frozenset(without_clitics(normal_form(w)) for w in words("titles", "word")) | markers("person")


class Phrases:
    """The sentences of one article with the names in them."""

    def __init__(self, sentences: Sequence[Sequence[Token]], names: Sequence[Named]) -> None:
        self.names = [n for n in names if n.type in _SPEAKING]
        self.starts = [n.start for n in self.names]
        self.begins = {n.start: n for n in self.names}
        self.ends = {n.end: n for n in self.names}
        self.sentences = sentences
        self.tokens = [t for s in sentences for t in s]
        self.at = [t.start for t in self.tokens]

    def _between(self, start: int, end: int) -> Sequence[Token]:
        a, b = bisect.bisect_left(self.at, start), bisect.bisect_left(self.at, end)
        if a and self.tokens[a - 1].end > start:
            a -= 1
        return self.tokens[a:b]

    def _norms(self, span: Named | Span) -> tuple[str, ...]:
        return tuple(
            t.norm[1:] if t.start < span.start else t.norm.strip("#")
            for t in self._between(span.start, span.end)
            if t.kind != "punct"
        )

    def named_at(self, start: int) -> bool:
        """Whether a name begins at an offset."""
        return start in self.begins

    def name_ends(self, end: int) -> bool:
        """Whether a name ends at an offset."""
        return end in self.ends

    def within(self, span: Span, kinds: Sequence[str] = _SPEAKING) -> list[Named]:
        """The names of some types that begin in a stretch."""
        first = bisect.bisect_left(self.starts, span.start)
        found = []
        for name in self.names[first:]:
            if name.start >= span.end:
                break
            if name.type in kinds:
                found.append(name)
        return found

    def phrase(self, tokens: Sequence[Token], first: int, stop: int) -> tuple[int, int] | None:
        """The speaker phrase in tokens [first, stop), after what may stand before it; None where there is none."""
        stops, times = words("speaker_stops", "word"), markers("time")
        i = first
        while i < stop:
            norm = tokens[i].norm
            if norm in times or norm in markers("before speaker") or tokens[i].kind in ("number",):
                i += 1
            elif norm in ("من", "في", "الي") and i + 1 < stop and tokens[i + 1].norm in markers("aside"):
                i += 2
            elif tokens[i].kind == "punct" and tokens[i].text in "،,'\"«“(":
                i += 1
            else:
                break
        if i >= stop or tokens[i].kind == "punct":
            return None
        norm = tokens[i].norm
        if norm in stops or norm in markers("clause"):
            return None
        # `بريطانيا` and `بيان` begin like what a preposition opens.
        if norm in markers("no content") and not (self.named_at(tokens[i].start) or norm in markers("source head")):
            return None
        if norm[:1] in "لب" and tokens[i].host_start > tokens[i].start and not self.named_at(tokens[i].start):
            return None
        last = i
        best = i
        person_end = 0
        j = i
        while j < stop:
            t = tokens[j]
            name = self.begins.get(t.start) or (self.begins.get(t.host_start) if t.norm[:1] not in "لب" else None)
            if name is not None and name.type == "PER" and not person_end:
                k = j
                while k < stop and tokens[k].end <= name.end:
                    k += 1
                best = last = k
                person_end = k
                j = k
                if j < stop and tokens[j].norm[:1] == "و" and self.begins.get(tokens[j].start + 1):
                    continue
                break
            if t.norm in ("و", "ان", "انه", ":") or t.norm in times:
                break
            if t.norm in markers("relative") or t.norm in markers("clause") or t.norm in markers("breaks speaker"):
                break
            if t.text in "،,-–":
                if not self._person_soon(tokens, j + 1, stop):
                    break
                best = best if best > i else j
                j += 1
                continue
            if t.norm in stops and j > i:
                role = tokens[i].norm in markers("person") or without_clitics(tokens[i].norm) in titles()
                linked = t.norm in ("في", "عن", "من", "لدي", "الي", "علي")
                venue = j + 1 < stop and tokens[j + 1].norm in markers("venue")
                if venue or not linked or not ((role and j <= i + 3) or self._person_soon(tokens, j, stop)):
                    break
            if t.kind == "punct" and t.text not in "\"'«»“”()ـ":
                break
            j += 1
            last = j
        end = last if last > i else best
        while end > i and tokens[end - 1].kind == "punct":
            end -= 1
        while end > i and tokens[end - 1].norm in stops and end - 1 > i:
            end -= 1
        return (i, end) if end > i else None

    def _person_soon(self, tokens: Sequence[Token], j: int, stop: int) -> bool:
        """Whether a person's name begins here, after at most some words of office."""
        for k in range(j, min(j + 9, stop)):
            name = self.begins.get(tokens[k].start)
            if name is not None and name.type == "PER":
                return True
            if tokens[k].text in "،,":
                after = self.begins.get(tokens[k + 1].start) if k + 1 < stop else None
                return after is not None and after.type == "PER"
            if (
                tokens[k].text == "."
                or tokens[k].norm in markers("breaks speaker")
                or tokens[k].norm in markers("time")
            ):
                return False
        return False

    def before(self, tokens: Sequence[Token], i: int) -> tuple[int, int] | None:
        """The subject before the verb at `i`."""
        j = i
        while j and (
            tokens[j - 1].norm in markers("relative") or tokens[j - 1].norm in ("قد", "كان", "كانت", "بدوره", "بدورها")
        ):
            j -= 1
        if not j or tokens[j - 1].norm in markers("clause"):
            return None
        comma = tokens[j - 1].text in "،,"
        k = j - 1 if comma else j
        low = max(0, k - 14)
        first = k
        while first > low:
            t = tokens[first - 1]
            if (t.text in "،,؛.:-–—" and t.kind == "punct") or t.norm in markers("clause"):
                break
            if t.norm in ("كان", "كانت", "وكان", "وكانت", "ان", "لكن", "ولكن"):
                break
            first -= 1
        joined = tokens[first].norm[:1] == "و" and tokens[first].host_start > tokens[first].start
        if first == k or (joined and tokens[first].start not in self.begins):
            return None
        return self.phrase(tokens, first, k)

    def main_subject(self, tokens: Sequence[Token], i: int) -> tuple[int, int] | None:
        """The first person, else body, named in the sentence before token `i`, with the title before it."""
        end = tokens[i].start
        named = list(self.within(Span(tokens[0].start, end)))
        for kind in (("PER",), ("ORG", "LOC")):
            for name in named:
                if name.type not in kind:
                    continue
                k = next((x for x in range(i) if tokens[x].end > name.start), None)
                if k is None:
                    continue
                stop = next((x for x in range(k, i) if tokens[x].start >= name.end), i)
                first = k
                for x in range(k - 1, max(-1, k - 8), -1):
                    if tokens[x].kind == "punct" or tokens[x].norm in words("speaker_stops", "word"):
                        break
                    if without_clitics(tokens[x].norm) in titles():
                        first = x
                return (first, stop)
        return None

    def agent(self, tokens: Sequence[Token], found: tuple[int, int]) -> bool:
        """Whether a phrase begins with a name or an office: who describes, not what is described."""
        token = tokens[found[0]]
        return (
            token.start in self.begins
            or without_clitics(token.norm) in titles()
            or without_clitics(token.norm) in markers("body")
        )

    def common(self, token: Token) -> bool:
        """Whether a word can be a plain noun that opens a content: no name, office, preposition or conjunction."""
        norm = token.norm
        if norm in words("speaker_stops", "word") or norm[:1] in "وفلب" or without_clitics(norm) in titles():
            return False
        if any(
            norm in markers(k) for k in ("clause", "breaks speaker", "no content", "time", "relative", "before speaker")
        ):
            return False
        return not any(n.start <= token.start < n.end for n in self.within(Span(token.start - 40, token.end)))

    def speaks(self, tokens: Sequence[Token], found: tuple[int, int]) -> bool:
        """Whether a phrase after بحسب can be a speaker: a name, an office, a source or a text that says something."""
        head = tokens[found[0]].norm
        if head[:2] == "لل":
            head = "ال" + head[2:]
        bare = head[1:] if head[:1] == "ل" and head[:2] != "ال" else head
        for word in (head, bare, without_clitics(head), without_clitics(bare)):
            if word in markers("person") or word in titles() or word in markers("source head"):
                return True
        span = Span(tokens[found[0]].start, tokens[found[1] - 1].end)
        return any(n.start <= tokens[found[0]].end and n.type in _SPEAKING for n in self.within(span))

    def head(self, tokens: Sequence[Token], colon: int) -> tuple[int, int] | None:
        """The speaker of a headline `X: …`, or None."""
        first = 0
        if tokens[0].norm in markers("aside") or tokens[0].norm in words("speaker_stops", "word"):
            return None
        span = Span(tokens[0].start, tokens[colon - 1].end)
        named = self.within(span)
        person = [n for n in named if n.type == "PER"]
        if any(t.kind == "number" for t in tokens[:colon]):
            return None
        if colon <= 4 and ((named and named[0].start <= tokens[0].end) or without_clitics(tokens[0].norm) in titles()):
            return (first, colon)
        if person and (person[-1].end >= span.end or without_clitics(tokens[0].norm) in titles()):
            return (first, colon)
        return None
