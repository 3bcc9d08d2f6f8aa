"""Ranker: what a log-linear model looks at in a division of a word, and what it says of it.

Knows: the features and their weights (`models/words.tsv`).  Does not know: which divisions there are.

Features come in groups that depend on a small key only (lengths, endings, halved logarithms of counts), so that the
summed weight of a group is worked out once a key.  Of 117,000 word types in news this takes a third of the time that
features looked up one by one take.
"""

from collections.abc import Callable, Mapping
from operator import getitem
from typing import Any, Final, NamedTuple

_IMPERFECT: Final = frozenset("يتناأ")
#: Endings of persons, genders and numbers by their last letter.
_ENDINGS: Final = {
    "ت": ("ت", "ات"),
    "ا": ("ا", "وا", "نا", "تا"),
    "و": ("و",),
    "ن": ("ن", "ون", "ان", "ين"),
    "م": ("تم",),
    "ة": ("ة",),
}
#: So many sums are kept of a group; a flood of odd words shall not fill the memory.
_KEPT: Final = 1 << 17


def _frequency(opening: str, bare: int, best: int, definite: int, letters: int) -> list[str]:
    """Halved counts of the stem and of the stem with ال (quartered)."""
    made = [
        f"b{bare}",
        f"m{best}",
        f"pb{opening}{bare >> 1}",
        f"pd{opening}{definite}",
        f"pm{opening}{best >> 1}",
        f"l{letters}",
        f"pl{opening}{letters}",
        f"z{letters}{best >> 1}",
    ]
    if opening:
        made.append(f"pbd{opening}{min(bare >> 2, 2)}{min(definite >> 1, 2)}{min(letters, 4)}")
    return made


def _clitics(opening: str, enclitic: str, letters: int) -> list[str]:
    return ["p" + opening, "e" + enclitic, f"pe{opening}+{enclitic}", f"el{enclitic}{letters}"]


def _classes(opening: str, enclitic: str, known: str) -> list[str]:
    if not known:
        return [f"k{opening}+{enclitic}"]
    made = [f"k{opening}+{bool(enclitic):d}{known}"]
    return made + [f"k{opening}{c}" for c in known] + [f"h{enclitic}{c}" for c in known]


def _opening(first: str, gain: int, others: int) -> list[str]:
    """`others`: how many of the other prepositions stand before the same word."""
    return [f"r{first}{gain}", f"o{first}{others}"]


def _pronoun(enclitic: str, bare: int, best: int, gain: int, others: int, definite: int, closed: int, odd: int) -> list[str]:  # fmt: skip
    """Quartered counts; `odd`: of the same word after ال, which takes no pronoun."""
    return [
        f"eb{enclitic}{bare}",
        f"em{enclitic}{best}",
        f"q{enclitic}{gain}",
        f"x{enclitic}{others}",
        f"ez{enclitic}{definite}{closed}",
        f"ey{enclitic}{odd}",
    ]


def _article(opening: str, verb: bool, rest: int) -> list[str]:
    """The verb التقى, where the article only seems to be."""
    return [f"a{opening}{verb:d}", f"a{opening}{verb:d}{rest}"]


#: The groups in the order of the keys that `_keys` makes.
_GROUPS: Final[tuple[Callable[..., list[str]], ...]] = (
    _frequency,
    _clitics,
    _classes,
    lambda opening, start: [f"ps{opening}|{start}"],
    lambda opening, last: [f"pt{opening}|{last}"],
    _opening,
    _pronoun,
    lambda enclitic, end: [f"ed{enclitic}{end}"],
    lambda enclitic, first, last: [f"ef{enclitic}{first}{last}"],
    lambda end: [f"ne{end}"],
    _article,
)
_Key = tuple[Any, ...]


def _keys(
    word: str, division: tuple[tuple[str, ...], str, str, int], count: Mapping[str, int], stems: Mapping[str, str]
) -> tuple[_Key | None, ...]:
    """Of each group its key; None where it has nothing to say."""
    proclitics, stem, enclitic, _ = division
    opening = "".join(proclitics)
    get = count.get
    bare, definite, closed = get(stem, 0), get("ال" + stem, 0), 0
    if enclitic and stem[-1] == "ت":
        feminine = stem[:-1] + "ة"
        closed = max(get(feminine, 0), get("ال" + feminine, 0))
    elif enclitic and stem[-1] in "ئؤ":
        closed = get(stem[:-1] + "ء", 0)
    best = max(bare, definite, closed)
    letters = min(len(stem), 6)
    before = after = end = article = None
    if proclitics:
        first, rest = opening[0], stem + enclitic
        others = [c for c in "وفبلك" if c != first and c + rest in count]
        before = first, max(-6, min(6, (best - get(word, 0)) >> 1)), len(others)
    if enclitic:
        gain = max(-6, min(6, (best - get(stem + enclitic, 0)) >> 1))
        others = [c for c in ("ه", "ها", "هم", "نا", "هما") if c != enclitic and stem + c in count]
        odd = get("ال" + stem + enclitic, 0) >> 2
        after = enclitic, bare >> 2, best >> 2, gain, len(others), definite >> 2, closed >> 2, odd
    else:
        end = (word[-2:],)
    if word.startswith("الت"):
        article = opening, any(c in "vV" for c in classes_of(word, stems)), min(get(word[2:], 0) >> 2, 3)
    return (
        (opening, bare >> 1, best >> 1, definite >> 2, letters),
        (opening, enclitic, letters),
        (opening, enclitic, classes_of(stem, stems)),
        (opening, stem[:2]),
        (opening, stem[-1:]),
        before,
        after,
        (enclitic, stem[-2:]) if enclitic else None,
        (enclitic, stem[0], stem[-1]) if enclitic else None,
        end,
        article,
    )


def classes_of(stem: str, stems: Mapping[str, str]) -> str:
    """The classes that a stem, its endings left off, can be of: capitals for inflected forms, y for a whole imperfect."""
    known = stems.get(stem, "")
    imperfect = stem[0] in _IMPERFECT
    if imperfect and "i" in stems.get(stem[1:], ""):
        known += "y"
    for ending in _ENDINGS.get(stem[-1], ()):
        if stem.endswith(ending):
            inner = stem[: -len(ending)]
            if imperfect and "i" in stems.get(inner[1:], "") and "Y" not in known:
                known += "Y"
            found = stems.get(inner, "")
            if "v" in found and "V" not in known:
                known += "V"
            if "a" in found and "A" not in known:
                known += "A"
    return known


def word_features(
    word: str, division: tuple[tuple[str, ...], str, str, int], count: Mapping[str, int], stems: Mapping[str, str]
) -> list[str]:
    """What the ranker looks at in a division of a word, the word alone: what it learns from."""
    keys = _keys(word, division, count, stems)
    made = [f for group, key in zip(_GROUPS, keys, strict=True) if key for f in group(*key)]
    return [*made, *_lexical(word, division)]


def _lexical(word: str, division: tuple[tuple[str, ...], str, str, int]) -> tuple[str, str]:
    proclitics, stem, enclitic, _ = division
    return f"w{word}|{''.join(proclitics)}+{enclitic}", f"s{stem}"


def context_features(key: str, before: str, after: str) -> list[str]:
    """What the ranker looks at in a division's neighbours; `key` is proclitics and enclitic, neighbours in plain form."""
    left, right = shape(before), shape(after)
    return [f"c-{key}|{before}", f"c+{key}|{after}", f"d-{key}|{left}", f"d+{key}|{right}", f"d={key}|{left}|{right}"]


_SHAPE_ENDINGS: Final = {"ة": "ة", "ت": "ة", "ه": "ه", "ا": "ه", "م": "ه"}


def shape(word: str) -> str:
    """How a neighbour begins and whether it ends like a feminine or with a pronoun."""
    opening = word[:1]
    if len(word) > 4:
        if word[1:3] == "ال" and opening in ("و", "ب"):
            opening = word[:3]
        elif word[:2] in ("ال", "لل"):
            opening = word[:2]
    return opening + _SHAPE_ENDINGS.get(word[-1:], "")


#: How the features of neighbours begin.
_CONTEXTS: Final = frozenset(("c-", "c+", "d-", "d+", "d="))


class Beside(dict[tuple[str, str], int]):
    """What the shapes of the words before and after add, each alone and both together; worked out once a pair."""

    def __init__(self) -> None:
        super().__init__()
        self.before: dict[str, int] = {}
        self.after: dict[str, int] = {}
        self.both: dict[str, int] = {}

    def __missing__(self, shapes: tuple[str, str]) -> int:
        if len(self) > _KEPT:
            self.clear()
        left, right = shapes
        self[shapes] = total = self.before.get(left, 0) + self.after.get(right, 0) + self.both.get(f"{left}|{right}", 0)
        return total


class Context(NamedTuple):
    """What neighbours add to the score of a division: the words before and after, and their shapes."""

    before: dict[str, int]
    after: dict[str, int]
    shapes: Beside


def _table(context: Context, kind: str) -> dict[str, int]:
    """The weights of the features of a context that begin so."""
    shapes = context.shapes
    tables = {"c-": context.before, "c+": context.after, "d-": shapes.before, "d+": shapes.after, "d=": shapes.both}
    return tables[kind]


class _Sums(dict[_Key | None, int]):
    """Summed weight of the features that a key stands for."""

    def __init__(self, features: Callable[..., list[str]], weights: Mapping[str, int]) -> None:
        super().__init__({None: 0})
        self._features, self._weights = features, weights

    def __missing__(self, key: _Key) -> int:
        if len(self) > _KEPT:
            self.clear()
            self[None] = 0
        weight = self._weights.get
        self[key] = total = sum([weight(f, 0) for f in self._features(*key)])
        return total


class Ranker:
    """Scores divisions by the weights of their features: natural logarithms, in whole hundredths, so that no order of
    adding up decides between equals.
    """

    def __init__(self, weights: Mapping[str, float]) -> None:
        self._weights = {feature: round(100 * weight) for feature, weight in weights.items()}
        self._groups = [_Sums(group, self._weights) for group in _GROUPS]
        self._contexts: dict[str, Context] = {}
        for feature, weight in self._weights.items():
            if feature[0] in "cd" and (kind := feature[:2]) in _CONTEXTS:
                key, _, neighbours = feature[2:].partition("|")
                _table(self.context(key), kind)[neighbours] = weight

    def word(
        self,
        word: str,
        division: tuple[tuple[str, ...], str, str, int],
        count: Mapping[str, int],
        stems: Mapping[str, str],
    ) -> int:
        """The score of a division, the word alone."""
        weight = self._weights.get
        of_word, of_stem = _lexical(word, division)
        keys = _keys(word, division, count, stems)
        return weight(of_word, 0) + weight(of_stem, 0) + sum(map(getitem, self._groups, keys))

    def context(self, key: str) -> Context:
        """What neighbours add to the score of a division with such clitics."""
        if key not in self._contexts:
            self._contexts[key] = Context({}, {}, Beside())
        return self._contexts[key]
