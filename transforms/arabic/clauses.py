"""Clauses: which phrases stand around a verb or an event's noun as what it is about, by order and function words alone.

Knows: subject after the verb or before it, gender, the accusative's alef, relative clauses, `ب`, `ل`, `على` …, what governs an
event's noun and with which phrases (`دعا الرئيس الفصائل إلى وقف …`), verbs joined by `و`.  Does not know: meaning; a label says
where a phrase stands, `transforms.arabic.choices` weighs what follows from that.

Labels: `sub` and `obj` subject and object of a verb as far as order tells, `sub` with how it was found; `i1`, `i2` bare phrases after
a noun (idafa first); `adj` a nationality that goes on it; `by` after `من قبل` and its like; else the preposition.  `r…` the same
within the relative clause that goes on a noun, `g…` those of what governs the event, `h…` of what governs that.
"""

import functools
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from schemas.token import Token
from transforms.arabic.lexicon import table
from transforms.arabic.phrases import Phrase, Word

_MARKS: Final = frozenset("\"«»“”''()[]…‘’")
_COMMAS: Final = frozenset("،,")
#: What stands between a verb and the phrase before it: `الحكومة لم تعلن`, `الجيش قد سيطر`.
_BETWEEN: Final = frozenset(("neg", "aux", "part", "pron"))
#: Symbols at which the clause of a verb ends.
_ENDS: Final = frozenset(("comp", "rel", "conj"))
_NOT_PREPOSITIONS: Final = _BETWEEN | _ENDS | frozenset(("V", "S", "T", "N", "dem", "quant", "number"))
#: So far is looked from a verb or noun, in words.
_REACH: Final = 40
#: A comma is passed where the next one follows within so many words: `دعا الرئيس، أمس الجمعة، إلى`.
_INSERTED: Final = 6
#: So many things that govern one another are followed.
_CHAIN: Final = 2
#: What a verb's own clause can be begun by after a verb: a complementiser or conjunction.
_OPENERS: Final = frozenset(("comp", "conj"))


class Around(NamedTuple):
    """What stands around an event: labels of phrases by their first token, and what governs it, the nearest first.

    Of each governor the token, and how what it governs hangs on it: a preposition, `ل`, a symbol of `phrases`, or "" directly.
    """

    labels: dict[int, tuple[str, ...]]
    governors: tuple[tuple[int, str], ...]

    @property
    def governor(self) -> int | None:
        """The token of the nearest governor, None where nothing governs the event."""
        return self.governors[0][0] if self.governors else None

    @property
    def link(self) -> str:
        """How the event hangs on its nearest governor."""
        return self.governors[0][1] if self.governors else ""


class Line(NamedTuple):
    """A sentence as clauses are read from it."""

    tokens: Sequence[Token]
    symbols: Sequence[str]
    phrases: dict[int, Phrase]  # by first token; no chained or joint ones
    joint: dict[int, int]  # last token of the joint phrase that begins with a token
    tails: dict[int, Phrase]  # phrases that go on another one, by first token
    names: Sequence[str]  # type of the mention that each token stands in, or ""
    words: Sequence[Word]


Labelled = tuple[str, Phrase]


@functools.cache
def _agents() -> frozenset[tuple[str, str]]:
    """Two words before the one who does it."""
    return frozenset((row["first"], row["second"]) for row in table("agent_phrases"))


def around(line: Line, first: int, last: int) -> Around:
    """The labels of the phrases around the event told by tokens[first:last + 1]."""
    found: dict[int, list[str]] = {}
    for label, phrase in arguments(line, first, last):
        found.setdefault(phrase.first, []).append(label)
    governors: list[tuple[int, str]] = []
    inner = first
    for mark in "gh"[:_CHAIN]:
        governor, link = _governor(line, inner)
        if governor is None:
            break
        governors.append((governor, link))
        for label, phrase in arguments(line, governor, governor):
            if not first <= phrase.first <= last:
                found.setdefault(phrase.first, []).append(mark + label)
        inner = governor
    return Around({i: tuple(dict.fromkeys(labels)) for i, labels in found.items()}, tuple(governors))


def is_verb(line: Line, i: int) -> bool:
    """Whether token i is rather a verb than a noun."""
    return line.words[i].verb and not line.names[i]


def arguments(line: Line, first: int, last: int, depth: int = 0) -> list[Labelled]:
    """The labelled phrases of the verb or noun tokens[first:last + 1]."""
    if is_verb(line, first):
        return _verbal(line, first, last, depth)
    after, adjectives = _adjectives(line, first, last + 1)
    found = [("adj", p) for p in adjectives]
    found += _after(line, after, hung=True)
    if _circumstantial(line.tokens[first]) and depth < 2:
        # `متهما`, `داعيا`: whose subject is that of the verb before.
        verb = next((j for j in range(first - 1, -1, -1) if is_verb(line, j)), None)
        if verb is not None:
            found += [("subhal", p) for label, p in _verbal(line, verb, verb, depth + 1) if label.startswith("sub")]
        found = [("obj" if label == "i1" else label, p) for label, p in found]
    return found


def _verbal(line: Line, first: int, last: int, depth: int) -> list[Labelled]:
    """Subject and object of a verb as far as order, gender and the letters of cases tell, and its prepositions' phrases."""
    verb = line.tokens[first]
    after = list(_after(line, last + 1))
    bare = [p for label, p in after if label[0] == "i" and label[1:].isdigit()]
    found = [(label, p) for label, p in after if not (label[0] == "i" and label[1:].isdigit())]
    how, before = _before(line, first)
    subject: list[Phrase] = []
    could = [p for p in bare if agrees(verb, line, p) and not accusative(line.tokens[p.first], line.names[p.first])]
    if how == "head" and verb.enclitic and could:
        subject, how, found = could[:1], "vso", [*found, *(("obj", p) for p in before)]
    elif how in ("comp", "head", "^") and before:
        subject = before
    elif how == "pro" and depth < 2:
        governor = next((j for j in range(first - 1, -1, -1) if is_verb(line, j)), None)
        if governor is not None:
            subject = [p for label, p in _verbal(line, governor, governor, depth + 1) if label.startswith("sub")]
    elif could and (bare[0] is could[0] or how != "V"):
        subject, how = could[:1], "vso"
    elif how == "and" and depth < 2:
        other = next((j for j in range(first - 1, -1, -1) if is_verb(line, j)), None)
        if other is not None:
            subject = [p for label, p in _verbal(line, other, other, depth + 1) if label.startswith("sub")]
    elif could:
        subject, how = could[:1], "vso"
    elif before:
        subject = before
    chosen = {p.first for p in subject}
    objects = [p for p in bare if p.first not in chosen]
    alone = "" if objects else "-"
    found += [("sub" + how + alone, p) for p in subject]
    found += [("obj" if n == 0 else "obj2", p) for n, p in enumerate(objects[:2])]
    return found


def agrees(verb: Token, line: Line, phrase: Phrase) -> bool:
    """Whether a phrase after a verb can be its subject: no masculine verb stands before a noun in `ة` or `ات`."""
    head = line.tokens[phrase.first]
    if line.symbols[phrase.first] in ("quant", "number") or line.names[phrase.first] in ("PER", "QUANTITY"):
        return True
    feminine = head.text.endswith("ة") or head.norm.endswith("ات")
    return not feminine or not _masculine(verb)


def _masculine(verb: Token) -> bool:
    norm = verb.norm[1:] if verb.proclitics[:1] in (("و",), ("ف",)) else verb.norm
    norm = norm[1:] if norm[:2] in ("سي", "ست") else norm
    return norm[:1] == "ي" or not (norm[:1] == "ت" or norm.endswith("ت") or (verb.enclitic and verb.stem.endswith("ت")))


def accusative(token: Token, name: str) -> bool:
    """Whether a word ends with the alef of the indefinite accusative, so that it is no subject after a verb."""
    return (
        not name
        and not token.enclitic
        and token.text.endswith(("ا", "اً", "ًا"))
        and not _defined(token)
        and len(token.norm) > 3
    )


def _circumstantial(token: Token) -> bool:
    """Whether a word looks like a participle in the accusative: `متهما`, `داعيا`."""
    norm = token.norm
    return norm.endswith("ا") and len(norm) > 4 and (norm[0] == "م" or norm[1] == "ا") and not token.proclitics


def _adjectives(line: Line, noun: int, i: int) -> tuple[int, list[Phrase]]:
    """Where what follows a noun and its adjectives begins, and those adjectives that are phrases of nationality."""
    found = []
    head = line.tokens[noun]
    while i < len(line.tokens) and line.tokens[i].kind == "word" and not line.words[i].bound:
        nationality = line.names[i] == "NORP"
        if line.names[i] and not nationality:
            break
        if _defined(line.tokens[i]) != _defined(head) or not (nationality or line.words[i].adjective):
            break
        if nationality and i in line.phrases:
            found.append(line.phrases[i])
        i += 1
    return i, found


def _defined(token: Token) -> bool:
    return token.norm.startswith(("ال", "لل", "وال", "بال", "فال", "كال"))


def _lead(line: Line, i: int) -> str:
    """`ب`, `ل` or `ك` that a phrase's first token begins with, or ""."""
    joined = [c for c in line.tokens[i].proclitics if c in ("ب", "ل", "ك")]
    return joined[0] if joined else "ل" if line.tokens[i].norm.startswith("لل") else ""


def _after(line: Line, i: int, *, hung: bool = False) -> Iterator[Labelled]:
    """The phrases after a verb or noun up to the end of its clause; a relative clause directly after a noun is read too."""
    bare = 0
    stop = min(len(line.tokens), i + _REACH)
    nothing = True
    while i < stop:
        symbol, text = line.symbols[i], line.tokens[i].text
        phrase = line.phrases.get(i)
        if phrase is not None:
            nothing = False
            lead = _lead(line, i)
            if lead:
                yield lead, phrase
            elif line.tokens[i].proclitics[:1] in (("و",), ("ف",)):
                yield f"و{bare}", phrase
            else:
                bare += 1
                yield f"i{min(bare, 3)}", phrase
            i = max(phrase.last, line.joint.get(i, 0)) + 1
        elif text in _MARKS or line.names[i] == "DATE":
            i += 1
        elif text in _COMMAS:
            close = _closing(line, i)
            # `ضربة جديدة، وجهتها قوات …`: a verb with a pronoun after the comma goes on the noun.
            if close is None and not (hung and nothing and i + 1 < stop and _turns_back(line, i + 1)):
                return
            i = close if close is not None else i + 1
        elif symbol == "rel" or (hung and nothing and is_verb(line, i) and not line.words[i].bound):
            if hung and nothing:
                yield from _relative(line, i + (symbol == "rel"))
            return
        elif symbol in _ENDS or is_verb(line, i) or line.tokens[i].kind == "punct":
            return
        elif symbol == "T":
            # What follows an event's noun is that event's.
            return
        elif _preposition(symbol):
            label, i = symbol, i + 1
            if line.tokens[i - 1].enclitic:
                continue
            if i < stop and (symbol, line.tokens[i].norm) in _agents():
                label, i = "by", i + 1
            while i < stop and line.tokens[i].text in _MARKS:
                i += 1
            phrase = (line.phrases.get(i) or line.tails.get(i)) if i < stop else None
            if phrase is not None:
                nothing = False
                yield label, phrase
                i = max(phrase.last, line.joint.get(i, 0)) + 1
            elif i < stop and line.symbols[i] == "T":
                return
        else:
            i += 1


@functools.lru_cache(maxsize=1 << 12)
def _preposition(symbol: str) -> bool:
    return symbol not in _NOT_PREPOSITIONS and symbol[:1].isalpha() and not symbol.endswith("N")


def _closing(line: Line, comma: int) -> int | None:
    """The token after the comma that closes what this one opens, or None."""
    for j in range(comma + 1, min(comma + _INSERTED + 1, len(line.tokens))):
        if line.tokens[j].text in _COMMAS:
            return j + 1
        if is_verb(line, j) or line.symbols[j] in _ENDS:
            return None
    return None


def _turns_back(line: Line, i: int) -> bool:
    """Whether token i is a verb with a pronoun: `نفذتها`."""
    return is_verb(line, i) and line.tokens[i].enclitic in ("ها", "ه", "هم", "هما")


def _relative(line: Line, i: int) -> Iterator[Labelled]:
    """The phrases of the relative clause that begins with token i and goes on a noun."""
    while i < len(line.tokens) and line.symbols[i] in _BETWEEN:
        i += 1
    if i < len(line.tokens) and is_verb(line, i):
        mark = "r" if line.tokens[i].enclitic else "R"
        yield from ((mark + label, phrase) for label, phrase in _after(line, i + 1))


def _before(line: Line, verb: int) -> tuple[str, list[Phrase]]:
    """What a verb's clause opens with before it, and the phrase: head of a relative clause, first of a clause after `أن` …

    `pro`: a pronoun after `أن`; `and`: joined to a verb; `V`: only another verb bounds it.
    """
    i = verb - 1
    while i >= 0 and (line.symbols[i] in _BETWEEN or line.tokens[i].text in _MARKS):
        i -= 1
    if i >= 0 and line.symbols[i] == "rel":
        j = i - 1
        while j >= 0 and (line.tokens[j].text in _MARKS or line.tokens[j].text in _COMMAS):
            j -= 1
        return "head", [p for p in line.phrases.values() if p.first <= j <= p.last][:1]
    if (
        i >= 0
        and line.symbols[i] in _OPENERS
        and line.tokens[i].norm.endswith(("ه", "ها", "هم", "ني", "نا"))
        and verb - i < 4
    ):
        return "pro", []
    if line.tokens[verb].proclitics[:1] in (("و",), ("ف",)):
        return "and", []
    opening = None
    while i >= 0 and verb - i < _REACH:
        symbol = line.symbols[i]
        if symbol in _OPENERS or symbol == "rel" or is_verb(line, i):
            break
        phrase = line.phrases.get(i)
        if phrase is not None and not _lead(line, i) and not (i and _preposition(line.symbols[i - 1])):
            opening = phrase
        i -= 1
    if opening is None:
        return "V", []
    if i >= 0 and line.symbols[i] in _OPENERS:
        return "comp", [opening]
    return ("^" if i < 0 else "V"), [opening]


def _governor(line: Line, first: int) -> tuple[int | None, str]:
    """The verb or event's noun that an event hangs on, and how."""
    token = line.tokens[first]
    link = next((c for c in token.proclitics if c in ("ب", "ل", "ك")), "")
    i = first - 1
    while i >= 0 and (line.tokens[i].text in _MARKS or line.symbols[i] in ("dem", "quant", "part")):
        i -= 1
    if not link and i >= 0 and (_preposition(line.symbols[i]) or line.symbols[i] in _ENDS):
        link = line.symbols[i]
    while i >= 0 and first - i < _REACH:
        if is_verb(line, i) or line.symbols[i] == "T":
            return i, link
        i -= 1
    return None, link
