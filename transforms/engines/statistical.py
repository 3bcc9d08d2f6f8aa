"""Names by a conditional random field (CRF) over words, labels BIO over five types.

The model is a file of `transforms/arabic/models`; `pipelines.train` makes it with the features of
`transforms.engines.name_features`, so a change there or in the tokens asks for a new model.  `pycrfsuite` is imported when
the first model is opened.
"""

import functools
import threading
from collections.abc import Iterator, Sequence
from os import PathLike, fspath
from typing import Final

from schemas.token import Token
from transforms.arabic.bodies import with_bodies
from transforms.arabic.lexicon import model_path
from transforms.arabic.peoples import with_peoples
from transforms.arabic.spans import Name
from transforms.engines.additive import model
from transforms.engines.name_features import Word, base_of, persons, word_of

#: The types of names that the model tells apart.
NAME_TYPES: Final = ("PER", "ORG", "LOC", "NORP", "WEAPON")

ENGINE: Final = "crf"

_LOCK: Final = threading.Lock()  # a model fills its sums by word


class StatisticalNames:
    """Finds names with the CRF model at `path`; cheap to pickle, the model is opened once a process."""

    def __init__(self, path: str | PathLike[str]) -> None:
        self.path = fspath(path)

    def find(self, sentences: Sequence[Sequence[Token]]) -> tuple[Name, ...]:
        """The names of one article's sentences in text order; `score` is the least certain word's probability.

        A surname or one-word place that the model was sure of once is a name wherever else the article has it.
        """
        names: list[Name] = []
        free: list[Token] = []  # words in no name
        known: dict[str, Name] = {}
        with _LOCK:
            lines = [[word_of(t) for t in tokens] for tokens in sentences]
            for tokens, words, (found, chances) in zip(sentences, lines, model(self.path).decode(lines), strict=True):
                labels = with_bodies(tokens, with_peoples(tokens, _with_persons(words, found)))
                for first, last, kind in label_chunks(labels):
                    score = min(chances[first : last + 1])
                    start = name_start(tokens[first])
                    names.append(Name(start, tokens[last].end, kind, round(min(score, 1.0), 4), ENGINE))
                    if _repeatable(tokens[last], kind, first == last, score):
                        known.setdefault(tokens[last].norm, names[-1])
                free.extend(t for t, label in zip(tokens, labels, strict=True) if label == "O" and t.kind == "word")
        for token in free:
            bare = token.norm[1:] if token.norm[:1] in "وفبلك" else token.norm
            if twin := known.get(token.norm) or known.get(bare):
                names.append(twin._replace(start=name_start(token), end=token.end))
        return tuple(sorted(names))


@functools.cache
def built_in() -> StatisticalNames:
    """The engine with the shipped model, loaded once a process."""
    return StatisticalNames(model_path("names.crfsuite"))


def _with_persons(words: Sequence[Word], labels: Sequence[str]) -> list[str]:
    """The labels, listed persons by full name among them whatever the model says (persons +.002 by cross-validation)."""
    made = list(labels)
    for i, word in enumerate(words):
        for name in persons().get(base_of(word), ()):
            end = i + len(name)
            if made[i] != "I-PER" and tuple(map(base_of, words[i:end])) == name:
                made[i:end] = ["B-PER", *["I-PER"] * (len(name) - 1)]
                if end < len(made) and made[end][0] == "I" and made[end] != "I-PER":
                    made[end] = f"B{made[end][1:]}"
    return made


def _repeatable(token: Token, kind: str, alone: bool, score: float) -> bool:
    """Whether a name's last word stands for the same name by itself."""
    return (
        token.kind == "word" and len(token.norm) >= 4 and score > 0.6 and (kind == "PER" or (kind == "LOC" and alone))
    )


def name_start(token: Token) -> int:
    """Where a name that begins in `token` begins: after its proclitics, but at the first ل of لل; after a tag's mark."""
    if token.kind == "hashtag":
        return token.start + len(token.text) - len(token.text.lstrip("#"))
    if token.proclitics[-2:] == ("ل", "ال"):
        return token.start + max(token.text.rfind("ل", 0, token.host_start - token.start), 0)
    return token.host_start


def label_chunks(labels: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """First and last index and type of each name in a sequence of BIO labels."""
    first, kind = 0, ""
    for i, label in enumerate((*labels, "O")):
        if kind and label != f"I-{kind}":
            yield first, i - 1, kind
            kind = ""
        if label != "O" and not kind:
            first, kind = i, label[2:]
