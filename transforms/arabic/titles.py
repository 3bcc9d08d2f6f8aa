"""Ranks, offices and professions before a person's name: from the title word to the name or whatever else is named."""

import functools
import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from schemas.token import Token
from transforms.arabic import lexicon
from transforms.arabic.characters import normal_form
from transforms.arabic.spans import Name

_REACH = 7  # words between a title and its holder's name


def find_titles(tokens: Sequence[Token], names: Sequence[Name]) -> tuple[Name, ...]:
    """The titles of one sentence's persons; `names` are the sentence's names in text order."""
    found: dict[int, Name] = {}
    for person in names:
        if person.type != "PER":
            continue
        end = next((i for i, t in enumerate(tokens) if t.end > person.start), len(tokens))
        # From the name back: each stretch from a title to the next name or title is one, `المتحدث باسم` and `العقيد الركن`.
        until = end
        for i in range(end - 1, max(-1, end - 1 - _REACH), -1):
            token = tokens[i]
            if i + 1 < end and _is_link(token) and _in(tokens[i + 1], names) and not _in(token, names):
                # `القيادي في حركة … فلان`
                until = i
                continue
            if token.kind != "word" or _forms(token) & lexicon.phrase_stops("title") or _in(token, names, "PER"):
                break
            if not _forms(token) & _titles() or _in(token, names) or (i and _chained(tokens[i - 1], token)):
                continue
            last = i
            while last + 1 < until and last - i < 3 and not _in(tokens[last + 1], names):
                last += 1
            start = token.start if token.proclitics[-2:] == ("ل", "ال") else token.host_start
            found[start] = Name(start, tokens[last].end, "TITLE", None, "rules")
            until = i
    return tuple(found[start] for start in sorted(found))


def _chained(before: Token, token: Token) -> bool:
    """Whether a title goes on one before it: `نائب رئيس الوزراء`, `العقيد الركن`."""
    both = bool(_forms(before) & _titles())
    return both and (before.norm.startswith("ال") == token.norm.startswith("ال") or not before.norm.startswith("ال"))


def _is_link(token: Token) -> bool:
    """Whether a word ties a body or place to the title before it."""
    return token.norm in lexicon.phrase_stops("title-link")


class Role(NamedTuple):
    """What a person is, as the article tells it, and the body told with it (an index into the names)."""

    text: str
    body: int | None


#: A role after a name, between marks: `فلان، المتحدث باسم الجيش،`.
_APPOSITION: Final = re.compile(r"\s*[،,(]\s*(?:وه[وي]\s+)?([^\W\d_][^،,.()؟!:؛\n]{2,80})[،,.)]")
_LONGEST: Final = 100  # characters from a title to its holder


def find_roles(text: str, names: Sequence[Name], titles: Sequence[Name]) -> dict[int, Role]:
    """The roles told right before or after persons, by index into `names`; both in text order."""
    roles: dict[int, Role] = {}
    for i, person in enumerate(names):
        if person.type != "PER":
            continue
        last = next((n.end for n in reversed(names[:i]) if n.type == "PER"), 0)
        title = next(
            (t for t in titles if max(last, person.start - _LONGEST) <= t.start and t.end <= person.start), None
        )
        if title and not _ENDS.search(text, title.start, person.start):
            start, end = title.start, person.start
        elif (found := _APPOSITION.match(text, person.end)) and _is_title(found[1].split()[0]):
            start, end = found.span(1)
        else:
            continue
        bodies = [k for k, n in enumerate(names) if n.type == "ORG" and start <= n.start and n.end <= end]
        if told := text[start:end].strip(' \n،,("«#'):
            roles[i] = Role(" ".join(told.split()), bodies[-1] if bodies else None)
    return roles


_ENDS: Final = re.compile(r"[.!?؟:؛\n]")


def _is_title(word: str) -> bool:
    norm = normal_form(word)
    return norm in _titles() or norm.removeprefix("ال") in _titles()


def _in(token: Token, names: Sequence[Name], kind: str | None = None) -> bool:
    return any(n.start < token.end and token.start < n.end for n in names if kind in (None, n.type))


def _forms(token: Token) -> frozenset[str]:
    norm = token.norm
    rest = norm[1:] if norm[:1] in "وفبلك" else norm
    return frozenset({norm, rest, token.stem, norm.removeprefix("ال"), rest.removeprefix("ال")})


@functools.cache
def _titles() -> frozenset[str]:
    return frozenset(normal_form(row["word"]) for row in lexicon.table("titles") if row["kind"] != "address")


def is_title(token: Token) -> bool:
    """Whether a word is one of office, rank or calling."""
    return bool(_forms(token) & _titles())
