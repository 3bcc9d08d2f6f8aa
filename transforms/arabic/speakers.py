"""Speakers: the phrase that tells who speaks, and who that is by the article's own names.

Knows: a title before or after a name, surnames and offices told again, pronouns (the last speaker of that gender), bodies
and places that speak, anonymous sources.  Does not know: people whom the article never names.
"""

import bisect
import functools
from collections.abc import Sequence
from typing import Final, NamedTuple

from schemas.token import Token
from transforms.arabic.lexicon import table, words
from transforms.arabic.spans import Span

_SPEAKING: Final = ("PER", "ORG", "LOC")
_SPACE: Final = dict.fromkeys(map(ord, "\u00a0\n\t"), " ")


class Named(NamedTuple):
    """A name in the text."""

    start: int
    end: int
    type: str


class Who(NamedTuple):
    """A speaker: the phrase, the fullest name and the role, each None where not told."""

    span: Span | None
    name: str | None
    role: str | None
    gender: str = ""
    heads: frozenset[str] = frozenset()


@functools.cache
def _markers(kind: str) -> frozenset[str]:
    return frozenset(row["word"] for row in table("quote_words") if row["kind"] == kind)


@functools.lru_cache(maxsize=1 << 15)
def _plain(norm: str) -> str:
    """A word without clitics before it, for comparing offices: `والرئيس` and `رئيس` are one."""
    if norm[:1] in "وفبلك" and norm[1:3] == "ال":
        norm = norm[1:]
    if norm[:2] == "لل":
        norm = norm[2:]
    return norm[2:] if norm[:2] == "ال" and len(norm) > 4 else norm


class Speakers:
    """The speakers of one article, asked in text order."""

    def __init__(self, text: str, sentences: Sequence[Sequence[Token]], names: Sequence[Named]) -> None:
        self.text = text
        self.names = [n for n in names if n.type in _SPEAKING]
        self.starts = [n.start for n in self.names]
        self.begins = {n.start: n for n in self.names}
        self.ends = {n.end: n for n in self.names}
        self.last: Who | None = None
        self.told: list[Who] = []
        self.when = -1  # the sentence of the last quotation
        self.sentences = sentences
        self.tokens = [t for s in sentences for t in s]
        self.at = [t.start for t in self.tokens]
        self._full: dict[str, tuple[str, ...]] = {}
        self._surnames: dict[str, tuple[tuple[str, ...], str]] = {}
        self._offices: list[tuple[frozenset[str], str]] | None = None
        for name in self.names:
            if name.type == "PER":
                parts = self._norms(name)
                for part in parts:
                    known = self._surnames.get(part)
                    if known is None or len(parts) > len(known[0]):
                        self._surnames[part] = (parts, self._words(name))

    # -- names ---------------------------------------------------------------------------------------------------
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

    def _words(self, span: Named | Span) -> str:
        raw = self.text[span.start : span.end].translate(_SPACE).replace("#", "").replace("_", " ")
        return " ".join(raw.split())

    def named_at(self, start: int) -> bool:
        return start in self.begins

    def name_ends(self, end: int) -> bool:
        return end in self.ends

    def within(self, span: Span, kinds: Sequence[str] = _SPEAKING) -> list[Named]:
        first = bisect.bisect_left(self.starts, span.start)
        found = []
        for name in self.names[first:]:
            if name.start >= span.end:
                break
            if name.type in kinds:
                found.append(name)
        return found

    # -- phrases -------------------------------------------------------------------------------------------------
    def phrase(self, tokens: Sequence[Token], first: int, stop: int) -> tuple[int, int] | None:
        """The speaker phrase in tokens [first, stop), after what may stand before it; None where there is none."""
        stops, times = words("speaker_stops", "word"), _markers("time")
        i = first
        while i < stop:
            norm = tokens[i].norm
            if norm in times or norm in _markers("before speaker") or tokens[i].kind in ("number",):
                i += 1
            elif norm in ("من", "في", "الي") and i + 1 < stop and tokens[i + 1].norm in _markers("aside"):
                i += 2
            elif tokens[i].kind == "punct" and tokens[i].text in "،,'\"«“(":
                i += 1
            else:
                break
        if i >= stop or tokens[i].kind == "punct":
            return None
        norm = tokens[i].norm
        if norm in stops or norm in _markers("clause") or norm in _markers("no content"):
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
            if t.norm in _markers("relative") or t.norm in _markers("clause") or t.norm in _markers("breaks speaker"):
                break
            if t.text in "،,-–":
                if not self._person_soon(tokens, j + 1, stop):
                    break
                best = best if best > i else j
                j += 1
                continue
            if t.norm in stops and j > i:
                role = tokens[i].norm in _markers("person") or _plain(tokens[i].norm) in _titles()
                linked = t.norm in ("في", "عن", "من", "لدي", "الي", "علي")
                venue = j + 1 < stop and tokens[j + 1].norm in _markers("venue")
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
                or tokens[k].norm in _markers("breaks speaker")
                or tokens[k].norm in _markers("time")
            ):
                return False
        return False
        return False

    def before(self, tokens: Sequence[Token], i: int) -> tuple[int, int] | None:
        """The subject before the verb at `i`."""
        j = i
        while j and (
            tokens[j - 1].norm in _markers("relative") or tokens[j - 1].norm in ("قد", "كان", "كانت", "بدوره", "بدورها")
        ):
            j -= 1
        if not j or tokens[j - 1].norm in _markers("clause"):
            return None
        comma = tokens[j - 1].text in "،,"
        k = j - 1 if comma else j
        low = max(0, k - 14)
        first = k
        while first > low:
            t = tokens[first - 1]
            if (t.text in "،,؛.:-–—" and t.kind == "punct") or t.norm in _markers("clause"):
                break
            if t.norm in ("كان", "كانت", "وكان", "وكانت", "ان", "لكن", "ولكن"):
                break
            first -= 1
        if first == k or (tokens[first].norm[:1] == "و" and tokens[first].start not in self.begins):
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
                    if _plain(tokens[x].norm) in _titles():
                        first = x
                return (first, stop)
        return None

    def agent(self, tokens: Sequence[Token], found: tuple[int, int]) -> bool:
        """Whether a phrase begins with a name or an office: who describes, not what is described."""
        token = tokens[found[0]]
        return token.start in self.begins or _plain(token.norm) in _titles() or _plain(token.norm) in _markers("body")

    def common(self, token: Token) -> bool:
        """Whether a word can be a plain noun that opens a content: no name, office, preposition or conjunction."""
        norm = token.norm
        if norm in words("speaker_stops", "word") or norm[:1] in "وفلب" or _plain(norm) in _titles():
            return False
        if any(
            norm in _markers(k)
            for k in ("clause", "breaks speaker", "no content", "time", "relative", "before speaker")
        ):
            return False
        return not any(n.start <= token.start < n.end for n in self.within(Span(token.start - 40, token.end)))

    def speaks(self, tokens: Sequence[Token], found: tuple[int, int]) -> bool:
        """Whether a phrase after بحسب can be a speaker: a name, an office, a source or a text that says something."""
        head = tokens[found[0]].norm
        if head[:2] == "لل":
            head = "ال" + head[2:]
        bare = head[1:] if head[:1] == "ل" and head[:2] != "ال" else head
        for word in (head, bare, _plain(head), _plain(bare)):
            if word in _markers("person") or word in _titles() or word in _markers("source head"):
                return True
        span = Span(tokens[found[0]].start, tokens[found[1] - 1].end)
        return any(n.start <= tokens[found[0]].end and n.type in _SPEAKING for n in self.within(span))

    def head(self, tokens: Sequence[Token], colon: int) -> tuple[int, int] | None:
        """The speaker of a headline `X: …`, or None."""
        first = 0
        if tokens[0].norm in _markers("aside") or tokens[0].norm in words("speaker_stops", "word"):
            return None
        span = Span(tokens[0].start, tokens[colon - 1].end)
        named = self.within(span)
        person = [n for n in named if n.type == "PER"]
        if any(t.kind == "number" for t in tokens[:colon]):
            return None
        if colon <= 4 and ((named and named[0].start <= tokens[0].end) or _plain(tokens[0].norm) in _titles()):
            return (first, colon)
        if person and (person[-1].end >= span.end or _plain(tokens[0].norm) in _titles()):
            return (first, colon)
        return None

    # -- who -----------------------------------------------------------------------------------------------------
    def resolve(self, index: int, span: Span | None, gender: str, at: int) -> Who:
        """Who the speaker of a quotation is; remembers him for the pronouns that follow."""
        who = self._pronoun(index, gender, at) if span is None else self._named(span, gender)
        self.when = index
        if span is not None or who.name:
            self.last = who
            self.told.append(who)
        return who

    def _pronoun(self, index: int, gender: str, at: int) -> Who:
        """Who the verb's own pronoun is: the subject of what stands between, else the last speaker of that gender."""
        if self.when < index:
            for i in range(index, max(self.when, index - 2), -1):
                tokens = self.sentences[i]
                stop = bisect.bisect_left([t.start for t in tokens], at) if i == index else len(tokens)
                if stop >= 3 and (who := self._subject_of(tokens, stop, gender)):
                    return who
        for who in reversed(self.told[-6:]):
            if not gender or gender == "p" or not who.gender or who.gender == gender:
                return who._replace(span=None)
        if self.told:
            return self.told[-1]._replace(span=None)
        before = [n for n in self.names if n.end <= at]
        people = [n for n in before if n.type == "PER"]
        if people:
            return Who(None, self._fullest(people[-1]), None, gender)
        bodies = [n for n in before if n.type == "ORG"]
        return Who(None, self._words(bodies[-1]) if bodies else None, None, gender)

    def _subject_of(self, tokens: Sequence[Token], stop: int, gender: str) -> Who | None:
        """The person who is a sentence's subject: named within its first words."""
        if gender == "p":
            return None
        limit = tokens[min(stop, 9) - 1].end
        kinds = ("ORG", "LOC") if gender == "f" else ("PER",)
        for name in self.within(Span(tokens[0].start, limit), kinds):
            k = next(x for x, t in enumerate(tokens) if t.end > name.start)
            if k and (tokens[k - 1].norm in words("speaker_stops", "word") or tokens[k].norm[:1] in "لب"
                      or tokens[0].norm in ("في", "وفي")):  # fmt: skip
                return None
            text = self._fullest(name) if name.type == "PER" else self._words(name)
            return next(
                (w._replace(span=None) for w in reversed(self.told) if w.name == text), Who(None, text, None, gender)
            )
        return None

    def _named(self, span: Span, gender: str) -> Who:
        tokens = [t for t in self._between(span.start, span.end) if t.kind != "punct"]
        stops = words("speaker_stops", "word")
        heads = frozenset(_plain(t.norm) for t in tokens if t.norm not in stops)
        people = self.within(span, ("PER",))
        gender = gender if gender in "mf" else ""
        if people:
            first = people[0]
            name = self._fullest(first)
            role = self._words(Span(span.start, first.start)).strip(' ،,"«') or None
            known = next((w for w in reversed(self.told) if w.name == name and w.role), None)
            return Who(
                span,
                name,
                role or (known.role if known else None),
                gender,
                heads | (known.heads if known else frozenset()),
            )
        if not tokens:
            return Who(span, None, None, gender, heads)
        if guessed := self._guessed(span, gender, heads):
            return guessed
        head = tokens[0].norm
        if head[:2] == "لل":
            head = "ال" + head[2:]
        definite = head[:2] == "ال" or any(t.norm[:2] == "ال" for t in tokens[1:2])
        plain = _plain(head)
        if plain not in _titles() and plain not in _markers("anonymous"):
            # a surname that the name finder missed
            last = self._surnames.get(tokens[-1].norm.strip("#"))
            if last and len(tokens) <= 2:
                return Who(span, last[1], None, gender, heads)
        if head in _markers("document"):
            named = next((w for w in reversed(self.told) if w.name), None)
            bodies = [n for n in self.names if n.end <= span.start and n.type == "ORG"]
            if len(tokens) == 1 and (named or bodies):
                return Who(span, named.name if named else self._words(bodies[-1]), None, gender, heads)
        if plain in _markers("anonymous") and not self._again(plain, head):
            return Who(span, None, self._words(span) if plain in _titles() else None, gender, heads)
        if plain in _titles() or plain in _markers("text"):
            held = self._holder(heads, plain, head)
            role = self._words(span) if plain in _titles() else None
            if held:
                return held._replace(span=span, gender=gender or held.gender, role=role or held.role)
            person = next((w for w in reversed(self.told) if w.name and w.role), None)
            if person and plain in _titles() and head[:2] == "ال" and plain not in ("رئيس", "مصدر"):
                return person._replace(span=span, role=role or person.role)
            if plain in _titles():
                return Who(span, None, role, gender, heads)
        short = len(tokens) == 1 or (len(tokens) == 2 and tokens[1].norm[:2] == "ال")
        if short and plain in _markers("body") and (body := self._body(plain, span.start)):
            return Who(span, body, None, gender, heads)
        bodies = self.within(span, ("ORG", "LOC"))
        if bodies and bodies[0].start <= tokens[0].end:
            return Who(span, self._words(Span(span.start, max(bodies[0].end, span.start + 1))), None, gender, heads)
        if bodies and bodies[0].type == "ORG" and not definite:
            return Who(span, self._words(bodies[0]), None, gender, heads)
        if definite and plain not in _markers("anonymous"):
            return Who(span, self._words(span), None, gender, heads)
        if len(tokens) <= 3 and tokens[0].norm == tokens[0].norm.lstrip("وفلب") and not any(
            plain in _markers(k) for k in ("body", "text", "source head", "masdar", "no content", "clause")
        ) and not any(t.norm.endswith(("ون", "ين", "ات")) or t.kind != "word" for t in tokens):  # fmt: skip
            return Who(span, self._words(span), None, gender, heads)
        return Who(span, None, None, gender, heads)

    def _guessed(self, span: Span, gender: str, heads: frozenset[str]) -> Who | None:
        """A name that the name finder missed: the words at the end of a phrase that begins with an office."""
        tokens = list(self._between(span.start, span.end))
        last = self._surnames.get(tokens[-1].norm)
        if last and len(tokens) <= 2 and last[0][-1] == tokens[-1].norm:
            return Who(span, last[1], None, gender, heads)
        if _plain(tokens[0].norm) not in _titles():
            return None
        cut = len(tokens)
        while cut > 1:
            t = tokens[cut - 1]
            if t.kind != "word" or (t.norm[:2] == "ال" and cut < len(tokens)) or _plain(t.norm) in _titles():
                break
            if t.norm in words("speaker_stops", "word") or (t.norm[:1] in "لب" and t.norm[1:2] == "ل"):
                break
            cut -= 1
        name = tokens[cut:]
        edge = tokens[cut - 1]
        if (
            not 2 <= len(name) <= 4
            or name[0].norm[:2] == "ال"
            or not (edge.norm[:2] in ("ال", "لل") or edge.text in "،,")
        ):
            return None
        if any(t.norm in _markers("masdar") or t.norm in _markers("clause") for t in name):
            return None
        found = Span(name[0].start, name[-1].end)
        if any(n.start < found.end and found.start < n.end for n in self.within(Span(span.start, span.end))):
            return None
        text = self._words(found)
        parts = tuple(t.norm for t in name)
        for part in (parts[-1], parts[0]):
            self._surnames.setdefault(part, (parts, text))
        return Who(span, text, self._words(Span(span.start, found.start)).strip(" ،,") or None, gender, heads)

    def _body(self, plain: str, before: int) -> str | None:
        """The fullest body named so far that begins with this word: `المنظمة` of `منظمة العفو الدولية`."""
        best: Named | None = None
        for name in self.names:
            if name.start >= before:
                break
            if name.type == "ORG" and name.end - name.start > len(plain) + 4:
                parts = self._norms(name)
                if parts and _plain(parts[0]) == plain:
                    best = name
        return self._words(best) if best else None

    def _again(self, plain: str, head: str) -> bool:
        """Whether `المسؤول` means somebody with a name whom the article called so."""
        if head[:2] != "ال" or plain not in _titles():
            return False
        return plain != "مصدر" and any(w.name and (plain in w.heads or w.role) for w in self.told[-4:])

    def _fullest(self, name: Named) -> str:
        """The longest name in the article that holds this one's last word, and its first where it has one."""
        parts = self._norms(name)
        if not parts:
            return self._words(name)
        known = self._surnames.get(parts[-1]) or self._surnames.get(parts[0])
        if (
            known
            and len(known[0]) > len(parts)
            and (len(parts) == 1 or parts[0] in known[0] or parts[-1] == known[0][-1])
        ) and (len(parts) == 1 or parts[0] in known[0]):
            return known[1]
        return self._words(name)

    def _holder(self, heads: frozenset[str], plain: str, head: str) -> Who | None:
        """The person who has an office: an earlier speaker of that title, else the article's name after such a title."""
        for who in reversed(self.told):
            if who.name and plain in who.heads and (heads <= who.heads or len(heads) == 1):
                return who
        best: tuple[int, str] | None = None
        for office, name in self._titled():
            if plain in office:
                shared = len(heads & office)
                if shared * 2 > len(heads) and (best is None or shared > best[0]):
                    best = (shared, name)
        if best:
            return Who(None, best[1], None)
        if len(heads) == 1 and head[:2] == "ال" and self.told and self.told[-1].name and plain in _markers("text"):
            return self.told[-1]
        return None

    def _titled(self) -> list[tuple[frozenset[str], str]]:
        """Words of office before each person's name, with the fullest name."""
        if self._offices is None:
            self._offices = []
            for name in self.names:
                if name.type != "PER":
                    continue
                k = bisect.bisect_left(self.at, name.start)
                found: list[str] = []
                for x in range(k - 1, max(-1, k - 9), -1):
                    token = self.tokens[x]
                    if token.text in "،,:" and x == k - 1:
                        continue
                    if token.kind == "punct":
                        break
                    found.append(_plain(token.norm))
                    if found[-1] in _titles() and _plain(self.tokens[x - 1].norm) not in _titles():
                        self._offices.append((frozenset(found), self._fullest(name)))
                        break
        return self._offices


@functools.cache
def _titles() -> frozenset[str]:
    from transforms.arabic.characters import normal_form

    return frozenset(_plain(normal_form(w)) for w in words("titles", "word")) | _markers("person")
