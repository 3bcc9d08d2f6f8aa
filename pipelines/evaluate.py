"""Scores the language code on annotated files: `python -m pipelines.evaluate words|sentences|numbers|dates|places|actors --help`.

Files that a model learnt from tell nothing about it: score half a file with a model of the other half
(`python -m pipelines.train words --half first …`, then `words --half second --model …`).
"""

import argparse
import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

from pipelines import words as gold
from pipelines.baselines import WAYS
from pipelines.dates import read_articles, score_dates
from pipelines.numbers import samples, score_numbers, score_round_trip
from pipelines.who import score_actors, score_places
from schemas.token import Token
from transforms.arabic import clitics
from transforms.arabic.characters import normal_form
from transforms.arabic.normalize import clean
from transforms.arabic.sentences import split_sentences
from transforms.arabic.tokens import Types, tokenize
from transforms.engines.morphology import Morphology

#: What shows the end of a segment: an end mark, with a bracket or not, or a closing quotation mark.
_SHOWN: Final = re.compile(r"""(?:[.!?؟…]\)?|["”»'’])\Z""")


#: What is scored on annotated articles.
_ON_GOLD: Final[dict[str, tuple[str, Callable[[Iterable[dict[str, Any]]], Any]]]] = {
    "dates": ("date expressions and what they mean", score_dates),
    "places": ("countries of event places, the names given", score_places),
    "actors": ("countries and sectors of actors, names and phrases given", score_actors),
}


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="pipelines.evaluate", description="Score one layer of the language code.")
    commands = parser.add_subparsers(dest="command", required=True)
    of_words = commands.add_parser("words", help="how words divide")
    of_words.add_argument("--wikinews", type=Path, help="Farasa's WikiNews.pos.ref: whole words right")
    of_words.add_argument("--pud", type=Path, help="UD PUD, CoNLL-U: F1 of UD's words")
    of_words.add_argument("--half", choices=("first", "second"), help="score one half of the documents only")
    of_words.add_argument("--model", type=Path, help="another model than the shipped one")
    of_words.add_argument("--by", choices=list(WAYS), default="ranker", help="another way to divide words, to compare")
    of_words.add_argument("--morphology", help="ALMOR database of camel-tools, asked as `khabar ingest` asks it")
    of_words.add_argument("--errors", type=int, default=0, help="show so many wrong words of each file")
    of_sentences = commands.add_parser("sentences", help="where sentences end")
    of_sentences.add_argument("--ntrex", type=Path, help="NTREX segments, one a line")
    of_sentences.add_argument("--ids", type=Path, help="NTREX DOCUMENT_IDS.tsv")
    of_sentences.add_argument("--pud", type=Path, help="UD PUD, CoNLL-U")
    of_sentences.add_argument("--errors", type=int, default=0, help="show so many wrong boundaries of each file")
    for name, (told, _) in _ON_GOLD.items():
        of_gold = commands.add_parser(name, help=told)
        of_gold.add_argument("gold", type=Path, nargs="+", help="annotated articles, JSON Lines")
        of_gold.add_argument("--errors", type=int, default=0, help="show so many wrong answers of each file")
    of_numbers = commands.add_parser("numbers", help="counts that annotators read, and number words")
    of_numbers.add_argument("gold", type=Path, nargs="*", help="annotated articles, JSON Lines")
    of_numbers.add_argument("--round-trip", action="store_true", help="words of num2words, 3,000 samples of 0 to 10⁷")
    of_numbers.add_argument("--errors", type=int, default=0, help="show so many wrong numbers of each file")
    options = parser.parse_args(argv)
    if options.command == "numbers":
        scores = {path.stem: score_numbers(read_articles(path)) for path in options.gold}
        if options.round_trip:
            scores["num2words"] = score_round_trip(samples())
        for name, numbers in scores.items():
            print(f"{name}: {numbers}")
            _show(numbers.wrong, options.errors)
        return
    if options.command in _ON_GOLD:
        for path in options.gold:
            score = _ON_GOLD[options.command][1](read_articles(path))
            print(f"{path.stem}: {score}")
            _show(score.wrong, options.errors)
        return
    if options.command == "words":
        if options.model:
            clitics.use_model(options.model)
        divide = WAYS[options.by]
        if options.morphology:
            divide = partial(tokenize, types=Types(Morphology(options.morphology).divisions))
        if options.wikinews:
            right, whole, wrong = score_wikinews(_half(gold.read_wikinews(options.wikinews), options.half), divide)
            print(f"WikiNews whole words right: {right / whole:.4f} ({right} of {whole})")
            _show(wrong, options.errors)
        if options.pud:
            precision, recall, wrong = score_pud(_half(gold.read_pud(options.pud), options.half), divide)
            f1 = 2 * precision * recall / (precision + recall)
            print(f"PUD words: precision {precision:.4f} recall {recall:.4f} F1 {f1:.4f}")
            _show(wrong, options.errors)
        return
    if options.ntrex:
        _tell_sentences("NTREX", read_ntrex(options.ntrex, options.ids), options.errors)
    if options.pud:
        texts = [[text for text, _ in document] for document in gold.read_pud(options.pud)]
        _tell_sentences("PUD", texts, options.errors)


def _half(documents: Sequence[gold.T], half: str | None) -> Sequence[gold.T]:
    middle = len(documents) // 2
    return {None: documents, "first": documents[:middle], "second": documents[middle:]}[half]


def _show(wrong: Iterable[str], most: int) -> None:
    for line, number in Counter(wrong).most_common(most):
        print(f"  {number} × {line}")


def score_wikinews(
    documents: Sequence[Sequence[gold.GoldWord]], divide: Callable[[str], Sequence[Token]] = tokenize
) -> tuple[int, int, list[str]]:
    """Words divided right, all words, and the wrong ones, the words of a block read as running text."""
    right, whole, wrong = 0, 0, []
    for document in documents:
        tokens = divide(" ".join(word.text for word in document))
        at = start = 0
        for word in document:
            end = start + len(word.text)
            here = []
            while at < len(tokens) and tokens[at].start < end:
                here.append(tokens[at])
                at += 1
            start = end + 1
            whole += 1
            if _agrees(word, here):
                right += 1
            else:
                wrong.append(f"{'+'.join(word.pieces)}: {' '.join('+'.join(_parts(t)) for t in here)}")
    return right, whole, wrong


def _agrees(word: gold.GoldWord, tokens: Sequence[Token]) -> bool:
    if len(tokens) != 1:
        return len(word.pieces) == 1 and not any(t.proclitics or t.enclitic for t in tokens)
    (token,) = tokens
    openings = len(token.proclitics)
    return (
        len(word.pieces) == len(_parts(token))
        and word.pieces[:openings] == token.proclitics
        and (not token.enclitic or normal_form(word.pieces[-1]) == token.enclitic)
    )


def _parts(token: Token) -> tuple[str, ...]:
    return (*token.proclitics, token.stem, *([token.enclitic] if token.enclitic else []))


def score_pud(
    documents: Sequence[Sequence[tuple[str, Sequence[gold.GoldWord]]]],
    divide: Callable[[str], Sequence[Token]] = tokenize,
) -> tuple[float, float, list[str]]:
    """Precision and recall of UD's words (punctuation and numbers too, ال no word of its own), and the wrong ones."""
    both = made_all = wanted_all = 0
    wrong = []
    for document in documents:
        for text, words in document:
            wanted, at = set(), 0
            for word in words:
                for piece in word.pieces:
                    at = text.index(piece, at)
                    wanted.add((at, at + len(piece)))
                    at += len(piece)
            made = {span for token in divide(text) for span in _ud_spans(token)}
            both += len(made & wanted)
            made_all += len(made)
            wanted_all += len(wanted)
            wrong += [f"{text[first:last]} missed" for first, last in sorted(wanted - made)]
    return both / made_all, both / wanted_all, wrong


def _ud_spans(token: Token) -> list[tuple[int, int]]:
    letters = [i for i, letter in enumerate(token.text) if normal_form(letter)]
    cuts = [letters[n] for n in range(1, 1 + sum(c != "ال" for c in token.proclitics))]
    if token.enclitic:
        cuts.append(letters[-len(token.enclitic)])
    edges = [token.start, *(token.start + cut for cut in cuts), token.end]
    return list(itertools.pairwise(edges))


def read_ntrex(segments: Path, ids: Path) -> list[list[str]]:
    """The segments of each document, cleaned, in order."""
    documents: dict[str, list[str]] = {}
    names = ids.read_text("utf-8").split("\n")
    for name, line in zip(names, segments.read_text("utf-8").split("\n"), strict=False):
        if text := " ".join(clean(line).text.split()):
            documents.setdefault(name.strip(), []).append(text)
    return list(documents.values())


class SentenceScore(NamedTuple):
    """What became of the boundaries between the segments of documents that were joined with spaces."""

    shown: int  # boundaries that an end mark or a closing quotation mark shows
    found: int  # of these
    hidden: int  # boundaries that nothing shows
    hidden_found: int
    extra: list[str]  # boundaries inside a segment, as text around


def score_sentences(documents: Sequence[Sequence[str]]) -> SentenceScore:
    """Joins the segments of each document with spaces and looks at where sentences are told to end."""
    shown = found = hidden = hidden_found = 0
    extra: list[str] = []
    for segments in documents:
        text, ends = " ".join(segments), set()
        at = 0
        made = {span.end for span in split_sentences(text)} - {len(text)}
        for segment in segments[:-1]:
            at += len(segment)
            ends.add(at)
            if _SHOWN.search(segment):
                shown += 1
                found += at in made
            else:
                hidden += 1
                hidden_found += at in made
            at += 1
        extra += [f"{text[max(0, end - 40) : end]} ‖{text[end : end + 40]}" for end in sorted(made - ends)]
    return SentenceScore(shown, found, hidden, hidden_found, extra)


def _tell_sentences(name: str, documents: Sequence[Sequence[str]], errors: int) -> None:
    score = score_sentences(documents)
    made = score.found + score.hidden_found + len(score.extra)
    print(
        f"{name} boundaries: precision {1 - len(score.extra) / made:.4f} ({len(score.extra)} inside segments), "
        f"recall of those shown {score.found / score.shown:.4f} ({score.found} of {score.shown}), "
        f"of those that nothing shows {score.hidden_found} of {score.hidden}"
    )
    _show(score.extra, errors)


if __name__ == "__main__":
    main()
