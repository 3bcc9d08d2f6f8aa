"""Words: annotated words as gold, the word-count table, and training of the ranker that divides words.

`python -m pipelines.train words --wikinews FILE --pud FILE --out models/words.tsv` trains and tells how well a ranker
from one half of the documents does on the other half, both ways; `--corpus` and `--lexicon` write the two tables first.
"""

import argparse
import csv
import gzip
import json
import math
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

from transforms.arabic.characters import DIACRITICS, LETTERS, TATWEEL, plain_form
from transforms.arabic.clitics import PRONOUNS, Division, divisions
from transforms.arabic.normalize import clean
from transforms.arabic.ranker import context_features, word_features

T = TypeVar("T")
_WORD: Final = re.compile(f"[{LETTERS}][{LETTERS}{DIACRITICS}{TATWEEL}]*")
_LETTERS_BEFORE: Final = frozenset("وفبلكس")


class GoldWord(NamedTuple):
    """A written word and how annotators divided it: the proclitics with ال, what remains, the pronoun."""

    text: str
    pieces: tuple[str, ...]


def read_wikinews(path: Path) -> list[list[GoldWord]]:
    """Farasa's WikiNews in blocks of 250 words (documents are not marked in it); only clitics stay divided."""
    words: list[GoldWord] = []
    for line in path.read_text("utf-8").splitlines()[1:]:
        pieces, _, tags = line.partition("\t")
        segments, kinds = pieces.split("+"), tags.split("+")
        if not all(segments) or len(segments) != len(kinds):
            segments, kinds = [pieces], ["PUNC"]
        words.append(_gold_word(segments, kinds))
    return [words[at : at + 250] for at in range(0, len(words), 250)]


def _gold_word(segments: Sequence[str], kinds: Sequence[str]) -> GoldWord:
    first = 0
    while first < len(segments) - 1 and (segments[first] in _LETTERS_BEFORE or kinds[first] == "DET"):
        first += 1
    last = len(segments)
    if (
        last - 1 > first - (segments[first - 1] in "لب" if first else 0)
        and kinds[-1] == "PRON"
        and segments[-1] in PRONOUNS
    ):
        last -= 1
    pieces = [*segments[:first], "".join(segments[first:last]), *segments[last:]]
    written = "".join(segments)
    for at in range(first - 1):
        if segments[at] == "ل" and segments[at + 1] == "ال":
            rest = "".join(segments[at + 2 :])
            written = "".join(segments[:at]) + ("ل" if rest[:1] == "ل" and rest[1:2] != "ل" else "لل") + rest
    return GoldWord(written, tuple(p for p in pieces if p))


def read_pud(path: Path) -> list[list[tuple[str, list[GoldWord]]]]:
    """UD PUD by document: of each sentence its text and its words between white space, divided into UD's tokens."""
    documents: list[list[tuple[str, list[GoldWord]]]] = []
    text, words, pieces, name = "", [], [], None
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("# newdoc id = "):
            if line != name:
                documents.append([])
            name = line
        elif line.startswith("# text = "):
            text = line[9:]
        elif line and line[0].isdigit():
            cells = line.split("\t")
            pieces.append(cells[1])
            if "SpaceAfter=No" not in cells[9]:
                words.append(GoldWord("".join(pieces), tuple(pieces)))
                pieces = []
        elif not line:
            if pieces:
                words.append(GoldWord("".join(pieces), tuple(pieces)))
            documents[-1].append((text, words))
            words, pieces = [], []
    return documents


class Example(NamedTuple):
    """A word to learn from: its divisions, which of them are right, and its neighbours."""

    word: str
    candidates: list[Division]
    right: list[bool]
    before: str
    after: str


def wikinews_examples(document: Sequence[GoldWord], count: Mapping[str, int]) -> Iterator[Example]:
    forms = [plain_form(w.text) for w in document]
    for at, gold in enumerate(document):
        if not _WORD.fullmatch(gold.text):
            continue
        candidates = list(divisions(forms[at], count))
        want = tuple(plain_form(p) for p in gold.pieces)
        yield Example(
            forms[at],
            candidates,
            [pieces_of(d) == want for d in candidates],
            forms[at - 1] if at else "",
            forms[at + 1] if at + 1 < len(forms) else "",
        )


def pieces_of(division: Division) -> tuple[str, ...]:
    """The pieces that a division makes, in plain form."""
    return tuple(p for p in (*division.proclitics, division.stem, division.enclitic) if p)


def pud_examples(document: Sequence[tuple[str, Sequence[GoldWord]]], count: Mapping[str, int]) -> Iterator[Example]:
    for _, sentence in document:
        runs: list[tuple[str, tuple[str, ...]]] = []
        for word in sentence:
            run: list[str] = []
            for piece in word.pieces:
                if _WORD.fullmatch(piece):
                    run.append(piece)
                    continue
                if run:
                    runs.append(("".join(run), tuple(run)))
                    run = []
                runs.append((piece, (piece,)))
            if run:
                runs.append(("".join(run), tuple(run)))
        forms = [plain_form(text) for text, _ in runs]
        for at, (text, pieces) in enumerate(runs):
            if not _WORD.fullmatch(text):
                continue
            candidates = list(divisions(forms[at], count))
            want = _cuts(tuple(len(plain_form(p)) for p in pieces))
            right = [_cuts(_lengths_without_article(forms[at], d)) == want for d in candidates]
            yield Example(
                forms[at], candidates, right, forms[at - 1] if at else "", forms[at + 1] if at + 1 < len(forms) else ""
            )


def _lengths_without_article(word: str, division: Division) -> tuple[int, ...]:
    ends = len(word) - len(division.enclitic)
    return (
        *(1 for c in division.proclitics if c != "ال"),
        ends - division.before,
        *([len(division.enclitic)] if division.enclitic else []),
    )


def _cuts(lengths: Iterable[int]) -> tuple[int, ...]:
    return tuple(n for n in lengths if n)


def fit(
    examples: Sequence[Example],
    count: Mapping[str, int],
    classes: Mapping[str, str],
    *,
    epochs: int = 10,
    rate: float = 0.15,
    decay: float = 2e-6,
    seed: int = 1,
) -> dict[str, float]:
    """Weights of a log-linear ranker: AdaGrad on the likelihood of the right divisions, all of them together."""
    ids: dict[str, int] = {}
    data = []
    for example in examples:
        if not any(example.right) or len(example.candidates) == 1:
            continue
        rows = []
        for division in example.candidates:
            key = f"{''.join(division.proclitics)}+{division.enclitic}"
            made = word_features(example.word, division, count, classes) + context_features(
                key, example.before, example.after
            )
            rows.append([ids.setdefault(f, len(ids)) for f in made])
        data.append((rows, example.right))
    weight, square = [0.0] * len(ids), [1e-2] * len(ids)
    order = list(range(len(data)))
    shuffle = random.Random(seed)
    total = [0.0] * len(ids)
    for epoch in range(epochs):
        shuffle.shuffle(order)
        for at in order:
            rows, right = data[at]
            scores = [sum([weight[f] for f in row]) for row in rows]
            top = max(scores)
            grown = [math.exp(s - top) for s in scores]
            whole = sum(grown)
            good = sum(g for g, r in zip(grown, right, strict=True) if r)
            for row, g, r in zip(rows, grown, right, strict=True):
                slope = g / whole - (g / good if r and good else 0.0)
                if abs(slope) < 1e-3:
                    continue
                for f in row:
                    step = slope + decay * weight[f]
                    square[f] += step * step
                    weight[f] -= rate * step / math.sqrt(square[f])
        if epoch >= epochs // 2:
            total = [t + w for t, w in zip(total, weight, strict=True)]
    parts = epochs - epochs // 2
    return {f: total[i] / parts for f, i in ids.items() if abs(total[i] / parts) > 0.02}


def count_words(corpora: Sequence[Path], least: int) -> dict[str, int]:
    """Twice the binary logarithm of how often each word stands in the corpora (JSON lines, articles told by url)."""
    counted: Counter[str] = Counter()
    seen: set[str] = set()
    for path in corpora:
        opener = gzip.open if path.suffix == ".gz" else open
        with opener(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                article = json.loads(line)
                if article["url"] in seen:
                    continue
                seen.add(article["url"])
                for field in ("title", "summary", "text"):
                    counted.update(_WORD.findall(article.get(field) or ""))
    plain: Counter[str] = Counter()
    for word, number in counted.items():
        # As the pipeline sees it: cleaned, so that Persian letters are Arabic ones.
        plain[plain_form(clean(word).text)] += number
    plain.pop("", None)
    return {word: round(2 * math.log2(number)) for word, number in plain.items() if number >= least}


#: Files of CAMeL Morph MSA and the class that their words get in data/word_classes.tsv.
LEXICON_FILES: Final = {
    "MSA-Verb-LEX-PV.csv": "v",
    "MSA-Verb-LEX-IV.csv": "i",
    "MSA-Noun-Prop-LEX.csv": "n",
    "MSA-Adj-LEX.csv": "a",
    "MSA-Adj-Comp-LEX.csv": "a",
    "MSA-Other-LEX.csv": "c",
    "MSA-Noun-Quant-LEX.csv": "c",
    "MSA-Noun-Num-LEX.csv": "c",
}


def classify_words(lexicon: Path) -> dict[str, str]:
    """Stems of the lexicon in plain form with the letters of their classes; imperfect stems lack their first letter."""
    from camel_tools.utils.charmap import CharMapper

    arabic = CharMapper.builtin_mapper("bw2ar")
    classes: dict[str, set[str]] = {}
    for name, letter in LEXICON_FILES.items():
        with (lexicon / name).open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                form = plain_form(arabic(row["FORM"]))
                if row["DEFINE"] == "LEXICON" and len(form) > 1 and _WORD.fullmatch(form):
                    classes.setdefault(form, set()).add(letter)
    return {form: "".join(sorted(letters)) for form, letters in classes.items()}


def accuracy(
    examples: Sequence[Example], weight: Mapping[str, float], count: Mapping[str, int], stems: Mapping[str, str]
) -> float:
    """The part of the Arabic words that the ranker divides right, all neighbours asked."""
    good = 0
    for example in examples:
        scores = []
        for division in example.candidates:
            key = f"{''.join(division.proclitics)}+{division.enclitic}"
            made = word_features(example.word, division, count, stems)
            made += context_features(key, example.before, example.after)
            scores.append(sum(weight.get(f, 0.0) for f in made))
        good += example.right[scores.index(max(scores))]
    return good / len(examples)


COUNTS_HEAD: Final = """\
# How often words stand in news: twice the binary logarithm of the count, words counted at least {least} times.
# Counted in the ANT corpora (antcorpus: five broadcasters 2018, Jawhara FM 2016-2017); bare facts, no text.
# In plain form (transforms.arabic.characters). Written by `python -m pipelines.train words --corpus`.
word\tcount
"""
CLASSES_HEAD: Final = """\
# Stems and their word classes: a adjective, c closed class, i imperfect without its first letter, n name, v perfect.
# Source: CAMeL Morph MSA (LREC-COLING 2024 release, github.com/CAMeL-Lab/camel_morph at 15f5aed), CC BY 4.0; changed:
# vowels left out, forms joined. In plain form. Written by `python -m pipelines.train words --lexicon`.
stem\tclasses
"""
MODEL_HEAD: Final = """\
# Weights of the ranker that divides words (transforms.arabic.clitics); see words.card.md.
weight\tfeature
"""


def train(argv: Sequence[str]) -> None:
    """The command `pipelines.train words`."""
    parser = argparse.ArgumentParser(prog="pipelines.train words", description="Train the ranker that divides words.")
    parser.add_argument("--wikinews", type=Path, required=True, help="Farasa's WikiNews.pos.ref")
    parser.add_argument("--pud", type=Path, required=True, help="UD PUD, CoNLL-U")
    parser.add_argument("--corpus", type=Path, nargs="+", help="news to count words in: writes word_counts.tsv")
    parser.add_argument("--lexicon", type=Path, help="folder of CAMeL Morph MSA: writes word_classes.tsv")
    parser.add_argument("--least", type=int, default=4, help="leave out words counted less often")
    parser.add_argument("--data", type=Path, default=Path("transforms/arabic/data"), help="folder of the two tables")
    parser.add_argument("--half", choices=("first", "second"), help="learn from one half of the documents only")
    parser.add_argument("--out", type=Path, required=True, help="the model file to write")
    options = parser.parse_args(argv)
    if options.corpus:
        counted = count_words(options.corpus, options.least)
        _write(options.data / "word_counts.tsv", COUNTS_HEAD.format(least=options.least), sorted(counted.items()))
    if options.lexicon:
        _write(options.data / "word_classes.tsv", CLASSES_HEAD, sorted(classify_words(options.lexicon).items()))
    count, stems = _read(options.data / "word_counts.tsv"), _read(options.data / "word_classes.tsv")
    numbers = {word: int(number) for word, number in count.items()}
    halves = _halves(options.wikinews, options.pud, numbers)
    told = _crossed(halves, numbers, stems)
    for side in (0, 1):
        figures = [f"{told[name][side]:.4f}" for name in PARTS]
        print(f"learnt from half {side + 1}, words right in the other: WikiNews {figures[0]}, PUD {figures[1]},")
        print(f"  both without hamzas on their alefs {figures[2]}, {figures[3]}")
    sides = {"first": (0,), "second": (1,), None: (0, 1)}[options.half]
    weight = fit([e for side in sides for part in halves[side] for e in part], numbers, stems)
    _write(options.out, MODEL_HEAD, sorted((f"{w:.2f}", f) for f, w in weight.items() if abs(w) >= 0.05))


#: What the halves are made of.
PARTS: Final = ("wikinews", "pud", "wikinews without hamzas", "pud without hamzas")


def _halves(wikinews: Path, pud: Path, count: Mapping[str, int]) -> list[list[list[Example]]]:
    """The examples of the first and of the second half of the documents, by part."""
    news, trees = read_wikinews(wikinews), read_pud(pud)
    bare_trees = [[(text, without_hamzas(words)) for text, words in d] for d in trees]
    parts = (
        [list(wikinews_examples(d, count)) for d in news],
        [list(pud_examples(d, count)) for d in trees],
        [list(wikinews_examples(without_hamzas(d), count)) for d in news],
        [list(pud_examples(d, count)) for d in bare_trees],
    )
    return [[halve(documents, side) for documents in parts] for side in (0, 1)]


def _crossed(
    halves: Sequence[Sequence[Sequence[Example]]], count: Mapping[str, int], stems: Mapping[str, str]
) -> dict[str, tuple[float, float]]:
    """Of each part the words right in the second half, learnt from the first one, and the other way round."""
    told = []
    for side in (0, 1):
        weight = fit([e for part in halves[side] for e in part], count, stems)
        told.append([accuracy(part, weight, count, stems) for part in halves[1 - side]])
    return dict(zip(PARTS, zip(*told, strict=True), strict=True))


def cross_halves(
    wikinews: Path, pud: Path, count: Mapping[str, int], stems: Mapping[str, str]
) -> dict[str, tuple[float, float]]:
    """The same from the annotated files."""
    return _crossed(_halves(wikinews, pud, count), count, stems)


def without_hamzas(words: Sequence[GoldWord]) -> list[GoldWord]:
    """The words as hasty writers spell them: ا for أ إ آ."""
    bare = str.maketrans("أإآ", "ااا")
    return [GoldWord(w.text.translate(bare), tuple(p.translate(bare) for p in w.pieces)) for w in words]


def halve(documents: Sequence[Sequence[T]], side: int) -> list[T]:
    """What stands in the first or the second half of the documents."""
    middle = len(documents) // 2
    return [e for d in (documents[middle:] if side else documents[:middle]) for e in d]


def _write(path: Path, head: str, rows: Iterable[tuple[object, object]]) -> None:
    path.write_text(head + "".join(f"{a}\t{b}\n" for a, b in rows), "utf-8")


def _read(path: Path) -> dict[str, str]:
    lines = [line.split("\t") for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]
    return {cells[0]: cells[1] for cells in lines[1:]}
