"""What the name tagger looks at: each word by itself, its neighbours, word groups, lists, and the article.

Features add up: a word's own, those that it gives its neighbours, pairs of neighbours, and what the article's other
places tell of the same word.  So the tagger can keep the sum of weights of each part by word (`additive`).
"""

import functools
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, Final

from schemas.token import Token
from transforms.arabic import lexicon
from transforms.arabic.characters import normal_form
from transforms.arabic.clusters import group_of

#: What a feature is computed from: kind, normal form (Latin as written).
Word = tuple[str, str]
EDGE: Final[Word] = ("edge", "")
STEPS: Final = (-2, -1, 1, 2)
#: Words whose features are kept.  Taggers keep the sums of a word, and ask for its features once: 2^16 words cost 330 MB
#: and no second less (1,500 articles).
KEPT: Final = 1 << 13
_LISTS: Final = ("nationalities", "titles", "first_names")


def word_of(token: Token) -> Word:
    """What features are computed from: a tag of one word is that word."""
    if token.kind == "hashtag":
        bare = token.norm.lstrip("#")
        return ("hashtag" if "_" in bare else "word", bare)
    return (token.kind, token.text if token.kind == "latin" else token.norm)


@functools.lru_cache(maxsize=1 << 16)
def base_of(word: Word) -> str:
    """The word without و ف ب ل ك, as far as word frequencies or lists tell."""
    kind, norm = word
    if kind != "word":
        return norm.lower()
    if group := group_of(norm):
        return group.word
    for rest in _cut(norm):
        if rest in _listed() or group_of(rest):
            return rest
    return norm


@functools.lru_cache(maxsize=KEPT)
def own(word: Word) -> tuple[str, ...]:
    """The features that a word has by itself."""
    kind, norm = word
    base = base_of(word)
    bare = base.removeprefix("ال")
    found = ["bias", f"k={kind}", f"w={norm.lower()}", f"s={bare}", f"f={_shape(kind, norm)}"]
    if base != norm:
        found.append(f"c={norm[0]}")
    if kind in ("word", "latin"):
        found += [f"p{n}={bare[:n]}" for n in range(1, 5) if len(bare) >= n]
        found += [f"e{n}={bare[-n:]}" for n in range(1, 5) if len(bare) >= n]
        found.append(f"l={min(len(bare), 8)}")
        found.append(f"al={base.startswith('ال')}")
        if base.startswith("ال"):
            found.append(f"ال+e2={bare[-2:]}")
    if kind == "hashtag":
        parts = norm.split("_")
        found += [f"t1={parts[0]}", f"tn={parts[-1]}", *(f"t1:{f}" for f in _knowledge(("word", parts[0])))]
    found += _knowledge(word)
    if group := group_of(norm) or group_of(base):
        found.append(f"fr={min(int(group.frequency), 14)}")
    elif kind == "word":
        found.append("fr=0")
    return tuple(found)


#: Features that a word gives the words right beside it alone.
_CLOSE: Final = ("w=", "e2=", "e3=", "al=")


@functools.lru_cache(maxsize=KEPT)
def around(word: Word) -> tuple[str, ...]:
    """The features that a word gives its neighbours, without the step that stands before them."""
    kind, norm = word
    base = base_of(word)
    bare = base.removeprefix("ال")
    found = [f"s={bare}", f"k={kind}", f"w={norm.lower()}"]
    if kind == "word":
        found += [f"e2={bare[-2:]}", f"e3={bare[-3:]}", f"al={base.startswith('ال')}"]
    return (*found, *_knowledge(word))


def near(step: int, word: Word) -> tuple[str, ...]:
    """The features that a word gives a neighbour `step` words away."""
    return tuple(f"{step}:{f}" for f in around(word) if abs(step) == 1 or not f.startswith(_CLOSE))


def pair(word: Word, following: Word) -> tuple[str, ...]:
    """Features of two neighbours together; they are given to both, told apart by `0|1:` and `-1|0:`."""
    return (f"{base_of(word)}|{base_of(following)}", f"{_group(word)}/{_group(following)}")


@functools.lru_cache(maxsize=1 << 16)
def _group(word: Word) -> str:
    group = group_of(word[1]) if word[0] == "word" else None
    return group.groups[0] if group else word[0] if word[0] != "punct" else word[1]


@functools.lru_cache(maxsize=1 << 16)
def _knowledge(word: Word) -> tuple[str, ...]:
    """Word lists and groups that know the word."""
    norm = word[1]
    base = base_of(word)
    forms = {norm, base, base.removeprefix("ال")}
    found = [f"g={name}" for name in _LISTS if forms & _list(name)]
    if kinds := {_title_kinds().get(form) for form in forms} - {None}:
        found += [f"t={k}" for k in sorted(str(k) for k in kinds)]
    found += [f"wk={kind}" for kind in sorted({_weapons().get(form, "") for form in forms} - {""})]
    if forms & _heads():
        found.append("g=body")
    if group := group_of(norm) or group_of(base):
        found += [f"{'xyz'[level]}={number}" for level, number in enumerate(group.groups)]
    return tuple(found)


def article(sentences: Sequence[Sequence[Word]]) -> list[list[tuple[str, ...]]]:
    """What lists of places and the article's other mentions of a word tell of each word."""
    known = [[_of_article(word) for word in words] for words in sentences]
    seen: dict[str, set[str]] = defaultdict(set)
    count: dict[str, int] = defaultdict(int)
    for line in known:
        for i, (base, rare, _) in enumerate(line):
            if rare:
                count[base] += 1
                seen[base].add("dp=" + (line[i - 1][2] if i else _middle(EDGE)))
                seen[base].add("dn=" + (line[i + 1][2] if i + 1 < len(line) else _middle(EDGE)))
    again = {base: (*sorted(seen[base]), "d=again") for base, times in count.items() if times > 1}
    rows = []
    for words, line in zip(sentences, known, strict=True):
        bases = [base if kind == "word" else "" for (kind, _), (base, _, _) in zip(words, line, strict=True)]
        places, bodies = _marks(words, bases, _phrases()), _marks(words, bases, _bodies())
        row = []
        for (base, rare, _), place, body in zip(line, places, bodies, strict=True):
            found = (place, body) if place and body else (place or body,) if place or body else ()
            row.append((*found, *again.get(base, ())) if rare else found)
        rows.append(row)
    return rows


@functools.lru_cache(maxsize=1 << 16)
def _of_article(word: Word) -> tuple[str, bool, str]:
    """A word's base, whether it could be somebody's name, and its group."""
    return base_of(word), _rare(word), _middle(word)


@functools.lru_cache(maxsize=1 << 16)
def _middle(word: Word) -> str:
    group = group_of(word[1]) if word[0] == "word" else None
    return group.groups[1] if group else word[0] if word[0] != "punct" else word[1]


@functools.lru_cache(maxsize=1 << 16)
def _rare(word: Word) -> bool:
    """Whether a word is rare enough to be somebody's name."""
    if word[0] not in ("word", "latin") or len(word[1]) < 3:
        return False
    group = group_of(word[1])
    return group is None or int(group.frequency) <= 12


_Table = dict[str, tuple[tuple[tuple[str, ...], str], ...]]


def _marks(words: Sequence[Word], bases: Sequence[str], table: _Table) -> list[str]:
    """A mark for each word, of the bases given: how it stands in the longest name of a table of names."""
    marks = [""] * len(bases)
    i = 0
    while i < len(bases):
        length, kind = 0, ""
        if words[i][0] == "hashtag":
            parts = tuple(words[i][1].split("_"))
            marks[i] = next((f"gz=#{mark}" for phrase, mark in table.get(parts[0], ()) if phrase == parts), "")
            i += 1
            continue
        for phrase, mark in table.get(bases[i], ()):
            if len(phrase) > length and tuple(bases[i : i + len(phrase)]) == phrase:
                length, kind = len(phrase), mark
        if length:
            marks[i] = f"gz={kind}{min(length, 2)}"
            marks[i + 1 : i + length] = [f"gz=i{kind}"] * (length - 1)
        i += max(length, 1)
    return marks


@functools.cache
def _phrases() -> _Table:
    found: dict[str, dict[tuple[str, ...], str]] = defaultdict(dict)
    for row in lexicon.table("places"):
        name = tuple(row["name"].split())
        size = int(row["population"] or 0)
        mark = "n" if row["precision"] == "country" else "c" if size >= 100_000 else "t" if size >= 5_000 else "v"
        old = found[name[0]].get(name)
        found[name[0]][name] = mark if old is None else min(old, mark, key="nctv".index)
    for row in lexicon.table("places_own"):
        name = tuple(row["name"].split())
        mark = {"country": "n", "city": "c", "": "r"}.get(row["precision"], "d")
        found[name[0]][name] = min(found[name[0]].get(name, "v"), mark, key="ncdrtv".index)
    return {first: tuple(names.items()) for first, names in found.items()}


@functools.cache
def _bodies() -> _Table:
    found: dict[str, dict[tuple[str, ...], str]] = defaultdict(dict)
    for row in lexicon.table("bodies"):
        if row["kind"] != "head":
            name = tuple(normal_form(row["word"]).split())
            found[name[0]][name] = row["kind"]
    for row in lexicon.table("actors"):
        name = tuple(row["name"].split())
        found[name[0]].setdefault(name, row["sector"])
    return {first: tuple(names.items()) for first, names in found.items()}


@functools.cache
def persons() -> dict[str, tuple[tuple[str, ...], ...]]:
    """Full names of the list of actors, in normal form by first word: those that begin with a first name."""
    found: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for name in sorted(lexicon.words("actors", "name")):
        parts = tuple(name.split())
        if len(parts) > 1 and parts[0] in _list("first_names") and parts[0] not in ("ابو", "ام", "ابن", "بن"):
            found[parts[0]].append(parts)
    return {first: tuple(names) for first, names in found.items()}


@functools.cache
def _heads() -> frozenset[str]:
    """First words of bodies' names."""
    return frozenset(normal_form(row["word"]) for row in lexicon.table("bodies") if row["kind"] == "head")


def _cut(norm: str) -> Iterator[str]:
    rest = norm
    for letters in ("وف", "بلك"):
        if len(rest) > 3 and rest[0] in letters:
            rest = rest[1:]
            yield rest


def _shape(kind: str, norm: str) -> str:
    """A coarse form of what is no Arabic word: letter case, number of digits, the mark itself."""
    if kind == "latin":
        return "upper" if norm.isupper() else "title" if norm[:1].isupper() else "lower"
    if kind == "number":
        return f"number{min(len(norm), 5)}"
    return norm if kind == "punct" else kind


@functools.cache
def _list(name: str) -> frozenset[str]:
    return frozenset(normal_form(word) for word in lexicon.words(name, "word"))


@functools.cache
def _weapons() -> dict[str, str]:
    """What a word can be for a weapon: its head, part of a longer name, or something else as well (`wide`)."""
    return {
        normal_form(row["word"]): row["kind"] if row["kind"] in ("part", "wide") else "head"
        for row in lexicon.table("weapons")
    }


@functools.cache
def _title_kinds() -> dict[str, str]:
    return {normal_form(row["word"]): row["kind"] for row in lexicon.table("titles")}


@functools.cache
def _listed() -> frozenset[str]:
    places = (name for names in _phrases().values() for name, _ in names if len(name) == 1)
    return frozenset(name[0] for name in places) | frozenset().union(*map(_list, (*_LISTS, "weapons")))


def features(sentences: Sequence[Sequence[Token]]) -> list[list[list[str]]]:
    """The features of each token of an article, as the model is trained with them."""
    return rows(sys.modules[__name__], [[word_of(t) for t in tokens] for tokens in sentences])


def rows(look: Any, sentences: Sequence[Sequence[Any]]) -> list[list[list[str]]]:
    """The features of each word, by the functions and constants of a module of features such as this one."""
    found = []
    for line, marks in zip(sentences, look.article(sentences), strict=True):
        row = []
        for i, word in enumerate(line):
            mine = [*look.own(word), *marks[i]]
            for step in look.STEPS:
                j = i + step
                mine.extend(look.near(step, line[j] if 0 <= j < len(line) else look.EDGE))
            if i:
                mine.extend(f"-1|0:{p}" for p in look.pair(line[i - 1], word))
            if i + 1 < len(line):
                mine.extend(f"0|1:{p}" for p in look.pair(word, line[i + 1]))
            row.append(mine)
        found.append(row)
    return found
