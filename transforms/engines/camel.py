"""Names by camel-tools' named entity recognizer, a BERT that labels words.

Its own batches are padded to 256 pieces; here sentences of like length share one, which is 2.7 times as fast and gives the
same labels.  PERS, LOC and ORG are PER, LOC and ORG; MISC holds too much to be one of ours.  Names of peoples and weapons,
which it does not tell, are the built-in engine's wherever they overlap no name of its own.
"""

import json
import threading
from collections.abc import Iterator, Sequence
from os import PathLike, fspath
from pathlib import Path
from typing import Any, Final

from schemas.token import Token
from transforms.arabic.spans import Name
from transforms.engines.cameldata import INSTALL_NER, camel_module
from transforms.engines.statistical import built_in, label_chunks, name_start
from transforms.engines.unavailable import Unavailable

ENGINE: Final = "camel"
#: Its types and ours.
TYPES: Final = {"PERS": "PER", "PER": "PER", "LOC": "LOC", "ORG": "ORG", "MISC": None}
#: Types that it has no label for.
_LACKING: Final = ("NORP", "WEAPON")

#: Pieces of words that the model sees at once, as camel-tools has it: 256 with the two around them.
_PIECES: Final = 254
#: So many of a long address are looked at: its label is its first one's.
_OF_WORD: Final = 64
_BATCH: Final = 32
_KEPT: Final = 1 << 16  # words whose pieces are kept before starting anew

_LOCK: Final = threading.Lock()

#: A label and its probability.
Label = tuple[str, float]
#: Words by sentence and place, each with its pieces: what the model sees at once.
Segment = list[tuple[int, int, tuple[int, ...]]]


class CamelNames:
    """Finds names with the model in a folder; not to be pickled.  Raises Unavailable where it cannot be loaded."""

    def __init__(self, model: str | PathLike[str]) -> None:
        self.path = fspath(model)
        self._recognizer, self._torch = _load(self.path)
        self._pieces: dict[str, tuple[int, ...]] = {}

    def find(self, sentences: Sequence[Sequence[Token]]) -> tuple[Name, ...]:
        """The names of one article's sentences in text order; `score` is the least certain word's probability."""
        with _LOCK:
            rows = self.labels([[token.text for token in tokens] for tokens in sentences])
        names: list[Name] = []
        for tokens, row in zip(sentences, rows, strict=True):
            if len(row) != len(tokens):
                raise ValueError(f"the model {self.path} gives {len(row)} labels for {len(tokens)} words")
            for first, last, kind in label_chunks([_own(label) for label, _ in row]):
                score = min(chance for _, chance in row[first : last + 1])
                names.append(Name(name_start(tokens[first]), tokens[last].end, kind, round(score, 4), ENGINE))
        others = [n for n in built_in().find(sentences) if n.type in _LACKING]
        free = [n for n in others if not any(n.start < m.end and m.start < n.end for m in names)]
        return tuple(sorted([*names, *free]))

    def labels(self, sentences: Sequence[Sequence[str]]) -> list[list[Label]]:
        """The label of each word, `O` for words of which the model sees nothing: a lone direction mark, say."""
        found: list[list[Label]] = [[("O", 1.0)] * len(words) for words in sentences]
        segments = sorted(self._segments(sentences), key=lambda s: sum(len(pieces) for _, _, pieces in s))
        for at in range(0, len(segments), _BATCH):
            batch = segments[at : at + _BATCH]
            for segment, row in zip(batch, self._weigh(batch), strict=True):
                for (sentence, word, _), label in zip(segment, row, strict=True):
                    found[sentence][word] = label
        return found

    def _segments(self, sentences: Sequence[Sequence[str]]) -> Iterator[Segment]:
        """Sentences, and parts of those that are too long, without the words that have no piece."""
        for i, words in enumerate(sentences):
            segment: Segment = []
            size = 0
            for j, word in enumerate(words):
                pieces = self._pieces_of(word)
                if size + len(pieces) > _PIECES:
                    yield segment
                    segment, size = [], 0
                if pieces:
                    segment.append((i, j, pieces))
                    size += len(pieces)
            if segment:
                yield segment

    def _pieces_of(self, word: str) -> tuple[int, ...]:
        if (found := self._pieces.get(word)) is None:
            if len(self._pieces) >= _KEPT:
                self._pieces.clear()
            tokenizer = self._recognizer.tokenizer
            pieces = tokenizer.convert_tokens_to_ids(tokenizer.tokenize(word)[:_OF_WORD])
            found = self._pieces[word] = tuple(pieces)
        return found

    def _weigh(self, batch: Sequence[Segment]) -> list[list[Label]]:
        """The labels of each segment's words: those of their first pieces."""
        torch, tokenizer = self._torch, self._recognizer.tokenizer
        rows = [[p for _, _, pieces in segment for p in pieces] for segment in batch]
        width = max(map(len, rows)) + 2
        ids = torch.full((len(rows), width), tokenizer.pad_token_id)
        seen = torch.zeros((len(rows), width), dtype=torch.long)
        for i, row in enumerate(rows):
            ids[i, : len(row) + 2] = torch.tensor([tokenizer.cls_token_id, *row, tokenizer.sep_token_id])
            seen[i, : len(row) + 2] = 1
        with torch.inference_mode():
            scores = self._recognizer.model(input_ids=ids, attention_mask=seen, token_type_ids=torch.zeros_like(ids))[0]
            best = scores.softmax(dim=-1).max(dim=-1)
        names = self._recognizer.labels_map
        chances, labels = best.values.tolist(), best.indices.tolist()
        return [[(names[labels[i][at]], chances[i][at]) for at in _firsts(segment)] for i, segment in enumerate(batch)]


def _firsts(segment: Segment) -> Iterator[int]:
    """Where the first piece of each word stands, after the one that begins a segment."""
    at = 1
    for _, _, pieces in segment:
        yield at
        at += len(pieces)


def _own(label: str) -> str:
    """Our label for one of the model's."""
    position, _, kind = label.partition("-")
    return f"{position}-{own}" if (own := TYPES.get(kind)) else "O"


def _tells_case(folder: Path) -> bool:
    """Whether the model says if its letters are to be lowered."""
    config = folder / "tokenizer_config.json"
    return config.is_file() and "do_lower_case" in json.loads(config.read_text("utf-8"))


def _load(path: str) -> tuple[Any, Any]:
    """The recognizer and torch, on one thread of the processor."""
    ner = camel_module("camel_tools.ner")
    torch = camel_module("torch")
    transformers = camel_module("transformers")
    torch.set_num_threads(1)
    transformers.utils.logging.disable_progress_bar()
    try:
        recognizer = ner.NERecognizer(path, use_gpu=False)
        if not _tells_case(Path(path)):
            # Not told, transformers takes it for true since version 5, and strips the hamza off every alef.
            recognizer.tokenizer = transformers.BertTokenizer.from_pretrained(path, do_lower_case=False)
        recognizer.model.eval()
    except Exception as error:  # whatever its parsers raise over a broken file
        raise Unavailable(
            f"{path} is no model that camel-tools loads ({type(error).__name__}: {error}); `{INSTALL_NER}` installs one"
        ) from error
    strange = sorted(
        label for label in recognizer.labels_map.values() if label != "O" and label.partition("-")[2] not in TYPES
    )
    if strange:
        raise Unavailable(f"{path} labels {', '.join(strange)}: it does not find names; `{INSTALL_NER}` installs one")
    return recognizer, torch
