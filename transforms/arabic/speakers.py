"""Speakers: who speaks, by the article's own names.

Knows: surnames and offices told again, pronouns (the last speaker of that gender), bodies told short, anonymous sources.
Which words tell the speaker is found by `transforms.arabic.speakerphrases`.  Does not know: people whom the article never
names.
"""

import bisect
from collections.abc import Sequence
from typing import Final, NamedTuple

from schemas.token import Token
from transforms.arabic.lexicon import words
from transforms.arabic.spans import Span
from transforms.arabic.speakerphrases import Named, Phrases, markers, titles, without_clitics

_SPACE: Final = dict.fromkeys(map(ord, "\u00a0\n\t"), " ")


class Who(NamedTuple):
    """A speaker: the phrase, the fullest name and the role, each None where not told."""

    span: Span | None
    name: str | None
    role: str | None
    gender: str = ""
    heads: frozenset[str] = frozenset()


class Speakers(Phrases):
    """The speakers of one article, asked in text order."""

    def __init__(self, text: str, sentences: Sequence[Sequence[Token]], names: Sequence[Named]) -> None:
        super().__init__(sentences, names)
        self.text = text
        self.last: Who | None = None
        self.told: list[Who] = []
        self.when = -1  # the sentence of the last quotation
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

    def _words(self, span: Named | Span) -> str:
        raw = self.text[span.start : span.end].translate(_SPACE).replace("#", "").replace("_", " ")
        return " ".join(raw.split())

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
        heads = frozenset(without_clitics(t.norm) for t in tokens if t.norm not in stops)
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
        plain = without_clitics(head)
        if plain not in titles() and plain not in markers("anonymous"):
            # a surname that the name finder missed
            last = self._surnames.get(tokens[-1].norm.strip("#"))
            if last and len(tokens) <= 2:
                return Who(span, last[1], None, gender, heads)
        if head in markers("document"):
            named = next((w for w in reversed(self.told) if w.name), None)
            bodies = [n for n in self.names if n.end <= span.start and n.type == "ORG"]
            if len(tokens) == 1 and (named or bodies):
                return Who(span, named.name if named else self._words(bodies[-1]), None, gender, heads)
        if plain in markers("anonymous") and not self._again(plain, head):
            return Who(span, None, self._words(span) if plain in titles() else None, gender, heads)
        if plain in titles() or plain in markers("text"):
            held = self._holder(heads, plain, head)
            role = self._words(span) if plain in titles() else None
            if held:
                return held._replace(span=span, gender=gender or held.gender, role=role or held.role)
            person = next((w for w in reversed(self.told) if w.name and w.role), None)
            if person and plain in titles() and head[:2] == "ال" and plain not in ("رئيس", "مصدر"):
                return person._replace(span=span, role=role or person.role)
            if plain in titles():
                return Who(span, None, role, gender, heads)
        short = len(tokens) == 1 or (len(tokens) == 2 and tokens[1].norm[:2] == "ال")
        if short and plain in markers("body") and (body := self._body(plain, span.start)):
            return Who(span, body, None, gender, heads)
        bodies = self.within(span, ("ORG", "LOC"))
        if bodies and bodies[0].start <= tokens[0].end:
            return Who(span, self._words(Span(span.start, max(bodies[0].end, span.start + 1))), None, gender, heads)
        if bodies and bodies[0].type == "ORG" and not definite:
            return Who(span, self._words(bodies[0]), None, gender, heads)
        if definite and plain not in markers("anonymous"):
            return Who(span, self._words(span), None, gender, heads)
        if len(tokens) <= 3 and tokens[0].norm == tokens[0].norm.lstrip("وفلب") and not any(
            plain in markers(k) for k in ("body", "text", "source head", "masdar", "no content", "clause")
        ) and not any(t.norm.endswith(("ون", "ين", "ات")) or t.kind != "word" for t in tokens):  # fmt: skip
            return Who(span, self._words(span), None, gender, heads)
        return Who(span, None, None, gender, heads)

    def _guessed(self, span: Span, gender: str, heads: frozenset[str]) -> Who | None:
        """A name that the name finder missed: the words at the end of a phrase that begins with an office."""
        tokens = list(self._between(span.start, span.end))
        last = self._surnames.get(tokens[-1].norm)
        if last and len(tokens) <= 2 and last[0][-1] == tokens[-1].norm:
            return Who(span, last[1], None, gender, heads)
        if without_clitics(tokens[0].norm) not in titles():
            return None
        cut = len(tokens)
        while cut > 1:
            t = tokens[cut - 1]
            if t.kind != "word" or (t.norm[:2] == "ال" and cut < len(tokens)) or without_clitics(t.norm) in titles():
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
        if any(t.norm in markers("masdar") or t.norm in markers("clause") for t in name):
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
                if parts and without_clitics(parts[0]) == plain:
                    best = name
        return self._words(best) if best else None

    def _again(self, plain: str, head: str) -> bool:
        """Whether `المسؤول` means somebody with a name whom the article called so."""
        if head[:2] != "ال" or plain not in titles():
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
        if len(heads) == 1 and head[:2] == "ال" and self.told and self.told[-1].name and plain in markers("text"):
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
                    found.append(without_clitics(token.norm))
                    if found[-1] in titles() and without_clitics(self.tokens[x - 1].norm) not in titles():
                        self._offices.append((frozenset(found), self._fullest(name)))
                        break
        return self._offices
