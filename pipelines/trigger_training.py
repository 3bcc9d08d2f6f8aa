"""Trains the network of event triggers: `python -m pipelines.train triggers --gold … --corpus … --out triggers.npz`.

253 labelled articles hold few of the words that tell events.  So networks and a maximum-entropy model that learnt from them
read unlabelled articles, and the network that ships learns from the labels and from how sure those were of what.
The same files, versions of libraries and processor give the same model: one thread, fixed seeds.  Needs torch.
"""

import gzip
import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from pipelines import trigger_features
from pipelines.vectors import Vectors
from schemas.event import EVENT_TYPES
from schemas.token import Token
from transforms.arabic.normalize import clean
from transforms.arabic.sentences import split_sentences
from transforms.arabic.tokens import tokenize_sentences
from transforms.engines import trigger_network
from transforms.engines.trigger_network import FACTS, MARKS, PARTS, REACH

#: An article's sentences as tokens.
Tokens = Sequence[Sequence[Token]]
CLASSES: Final = len(EVENT_TYPES) + 1
#: How many networks read the unlabelled articles, what the maximum-entropy model counts beside them, how many articles.
_TEACHERS: Final = 2
_SECOND: Final = 0.45
UNLABELLED: Final = 2000
_BATCH: Final = 512
#: Words that are surely no trigger: this share of them is seen in each round, each a third of what stood for as many.
_EASY: Final = 0.15
#: Of words so surely no trigger, the unlabelled articles lend few.
_SURE: Final = 0.03


class Settings(NamedTuple):
    """How a network is built and trained; chosen by cross-validation."""

    inner: int = 96
    wide: int = 192
    deep: int = 64
    part: int = 32
    drop: float = 0.4  # of the layers
    drop_in: float = 0.25  # of what a word is
    forget: float = 0.35  # how often a word's learnt parts are hidden
    rate: float = 0.0015
    decay: float = 0.02
    rounds: int = 6


TEACHER: Final = Settings()
STUDENT: Final = Settings(drop=0.3, drop_in=0.15)


class Layout:
    """Articles laid out flat, REACH empty places around every sentence; form 0 is the empty place."""

    def __init__(self, vectors: Vectors) -> None:
        self.words = {word: row for row, word in enumerate(vectors.words)}
        self.rows = vectors.rows
        self.numbers: dict[trigger_network.Form, int] = {}
        size = self.rows.shape[1]
        self.known = [np.zeros(size, np.float32)]
        self.facts = [np.zeros(FACTS, np.float32)]
        self.parts = [[0] * len(PARTS)]
        self.forms: list[int] = [0] * REACH
        self.places: list[int] = []
        self.sentence: list[int] = []
        self.article: list[int] = []
        self.ends: list[int] = []

    def add(self, sentences: Tokens) -> None:
        """One more article."""
        for tokens in sentences:
            if tokens:
                owner = self.sentence[-1] + 1 if self.sentence else 0
                self.places += range(len(self.forms), len(self.forms) + len(tokens))
                self.forms += [self._number(token) for token in tokens] + [0] * REACH
                self.sentence += [owner] * len(tokens)
                self.article += [len(self.ends)] * len(tokens)
        self.ends.append(len(self.places))

    def _number(self, token: Token) -> int:
        form = trigger_network.form_of(token)
        if (found := self.numbers.get(form)) is None:
            found = self.numbers[form] = len(self.known)
            row = trigger_network.vector_row(token.kind, form, self.words)
            vector = self.known[0] if row is None else self.rows[row] * np.float32(trigger_network.STEP)
            self.known.append(vector)
            self.facts.append(trigger_network.facts(token.kind, form, row is not None))
            self.parts.append(trigger_network.parts(token.kind, form))
        return found

    def close(self) -> "Examples":
        known, facts = torch.tensor(np.stack(self.known)), torch.tensor(np.stack(self.facts))
        forms, places = torch.tensor(self.forms), torch.tensor(self.places)
        sentence, article = torch.tensor(self.sentence), torch.tensor(self.article)
        own = forms[places]
        seen = torch.cat([known[own], facts[own][:, : len(MARKS)]], 1)
        around, size = _means(seen, sentence), known.shape[1]
        parts = torch.tensor(self.parts)
        return Examples(
            known, facts, parts, forms, places, own, sentence, article, around, _means(seen[:, :size], article)
        )


def _means(values: Any, owner: Any) -> Any:
    count = int(owner[-1]) + 1
    total = torch.zeros(count, values.shape[1]).index_add_(0, owner, values)
    return total / torch.bincount(owner, minlength=count)[:, None].clamp(min=1)


class Examples(NamedTuple):
    """Words to learn from or to read, as tensors; the first three by form, `sentences` and `articles` hold means."""

    known: Any
    facts: Any
    parts: Any
    forms: Any
    places: Any
    own: Any
    sentence: Any
    article: Any
    sentences: Any
    articles: Any

    def batch(self, words: Any) -> tuple[Any, Any, Any]:
        window = self.forms[self.places[words][:, None] + torch.arange(-REACH, REACH + 1)]
        return window, self.sentences[self.sentence[words]], self.articles[self.article[words]]


class Net(nn.Module):
    """The network of `transforms.engines.trigger_network`, to be trained."""

    def __init__(self, data: Examples, settings: Settings) -> None:
        super().__init__()
        self.data, self.settings = data, settings
        size, s = data.known.shape[1], settings
        self.parts = nn.Embedding(1 + sum(PARTS.values()), s.part, padding_idx=0)
        nn.init.normal_(self.parts.weight[1:], std=0.15)  # row 0 stays empty
        nn.init.zeros_(self.parts.weight[:1])
        self.inner = nn.Linear(size + FACTS + s.part, s.inner)
        self.wide = nn.Linear(s.inner * (2 * REACH + 1), s.wide)
        self.sentence = nn.Linear(size + len(MARKS), s.wide, bias=False)
        self.article = nn.Linear(size, s.wide, bias=False)
        self.deep = nn.Linear(s.wide, s.deep)
        self.out = nn.Linear(s.wide + s.deep, CLASSES)
        self.own = nn.Linear(s.inner, CLASSES, bias=False)
        self.may = nn.Linear(s.inner, 1)

    def forward(self, window: Any, sentence: Any, article: Any) -> tuple[Any, Any]:
        """Logarithms of the classes' probabilities, and how likely the form by itself is to tell an event."""
        s = self.settings
        vector, facts, parts = self.data.known[window], self.data.facts[window], self.data.parts[window]
        if self.training:
            parts = parts * (torch.rand(*window.shape, 1) > s.forget)
            vector = vector * (torch.rand(*window.shape, 1) > s.forget / 2)
            facts = facts * (torch.rand(*window.shape, 1) > 0.1)
        inner = self.inner(torch.cat([vector, facts, self.parts(parts).sum(2)], 2))
        may = self.may(inner[:, REACH].detach())[:, 0]
        inner = functional.dropout(inner, s.drop_in, self.training)
        wide = self.wide(inner.flatten(1)) + self.sentence(sentence) + self.article(article)
        wide = functional.dropout(functional.relu(wide), s.drop, self.training)
        deep = functional.dropout(functional.relu(self.deep(wide)), s.drop, self.training)
        return (self.out(torch.cat([wide, deep], 1)) + self.own(inner[:, REACH])).log_softmax(1), may


def fit(data: Examples, wanted: Any, weight: Any, settings: Settings, seed: int) -> Net:
    """A network that learnt the probabilities `wanted` (words by classes) of the words whose weight is not 0."""
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    net = Net(data, settings)
    optimizer = torch.optim.AdamW(net.parameters(), lr=settings.rate, weight_decay=settings.decay)
    hard, easy = _hard_and_easy(data, wanted, weight)
    lent = int(len(easy) * _EASY)
    steps = settings.rounds * -(-(len(hard) + lent) // _BATCH)
    step = 0
    for _ in range(settings.rounds):
        words = np.concatenate([hard, random.choice(easy, lent, replace=False)])
        worth = np.concatenate([np.ones(len(hard)), np.full(lent, 1 / _EASY / 3)]) * weight[words]
        order = random.permutation(len(words))
        for at in range(0, len(words), _BATCH):
            now = order[at : at + _BATCH]
            for group in optimizer.param_groups:
                group["lr"] = settings.rate * min(1, (step + 1) / 60) * (1 - step / steps) + 1e-5
            goal = torch.tensor(wanted[words[now]])
            result, may = net(*data.batch(torch.tensor(words[now])))
            gain = torch.tensor(worth[now], dtype=torch.float32)
            loss = -((goal * result).sum(1) * gain).mean()
            loss = loss + functional.binary_cross_entropy_with_logits(may, 1 - goal[:, 0], gain)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            step += 1
    return net.eval()


def _hard_and_easy(data: Examples, wanted: Any, weight: Any) -> tuple[Any, Any]:
    """The words worth a look in every round: may be triggers, have a stem that can be one, or stand in the lexicon."""
    own, parts, facts = data.own.numpy(), data.parts.numpy(), data.facts.numpy()
    stems = np.unique(parts[own[wanted[:, 0] < 0.7], 0])
    hard = np.isin(parts[own, 0], stems) | facts[own, : len(MARKS)].any(1) | (wanted[:, 0] < 1 - _SURE)
    use = (weight > 0) & (facts[own, FACTS - 2] == 0)  # no marks of punctuation
    return np.flatnonzero(hard & use), np.flatnonzero(~hard & use)


@torch.no_grad()
def read(nets: Sequence[Net], data: Examples) -> Any:
    """The probabilities of each word's classes, the networks' logarithms averaged."""
    found = []
    for at in range(0, len(data.places), 4096):
        words = torch.arange(at, min(at + 4096, len(data.places)))
        found.append(torch.stack([net(*data.batch(words))[0] for net in nets]).mean(0).softmax(1).numpy())
    return np.concatenate(found)


def train(
    articles: Sequence[tuple[Tokens, Sequence[Any]]], unlabelled: Sequence[Tokens], vectors: Vectors, out: Path
) -> None:
    """Writes the network that learnt from articles (tokens and each word's class, by sentence) and unlabelled ones."""
    torch.set_num_threads(1)
    layout = Layout(vectors)
    labels: list[int] = []
    for sentences, classes in articles:
        layout.add(sentences)
        labels += [number for line in classes for number in line]
    learnt = len(labels)
    for sentences in unlabelled:
        layout.add(sentences)
    data = layout.close()
    wanted = np.zeros((len(data.places), CLASSES), np.float32)
    wanted[np.arange(learnt), labels] = 1
    weight = np.zeros(len(data.places), np.float32)
    weight[:learnt] = 1
    if len(data.places) > learnt:
        teachers = [fit(data, wanted, weight, TEACHER, seed) for seed in range(1, _TEACHERS + 1)]
        first, second = read(teachers, data)[learnt:], trigger_features.opinion(articles, unlabelled)
        both = np.log(first + 1e-8) * (1 - _SECOND) + np.log(second) * _SECOND
        wanted[learnt:] = np.exp(both - np.logaddexp.reduce(both, axis=1, keepdims=True))
        sure = wanted[:, 0] > 1 - _SURE
        weight[learnt:] = 0.5 * (~sure | (np.random.default_rng(0).random(len(sure)) < 0.06))[learnt:]
    save(fit(data, wanted, weight, STUDENT, 11), data, vectors, out)


def save(net: Net, data: Examples, vectors: Vectors, out: Path) -> None:
    """Writes what `trigger_network.Network` reads."""
    arrays: dict[str, Any] = {
        "words": np.frombuffer("\n".join(vectors.words).encode(), np.uint8),
        "vectors": vectors.rows,
    }
    for name, value in net.state_dict().items():
        layer, _, kind = name.partition(".")
        array = value.numpy() if layer == "parts" else value.numpy().T
        arrays[layer + ("0" if kind == "bias" else "")] = array.astype(np.float16)
    arrays["may"] = arrays["may"][:, 0]
    arrays["limit"] = np.array([_limit(net, data)], np.float32)
    with out.open("wb") as file:
        np.savez_compressed(file, **arrays)


@torch.no_grad()
def _limit(net: Net, data: Examples) -> float:
    """Of all words that the network takes for triggers, 998 of 1,000 are of a form that is as likely as this."""
    found = []
    for at in range(0, len(data.places), 4096):
        result, may = net(*data.batch(torch.arange(at, min(at + 4096, len(data.places)))))
        found.append(may[result[:, 0].exp() < 0.8].numpy())
    likely = np.concatenate(found)
    return float(np.quantile(likely, 0.002)) if len(likely) else 0.0


def unlabelled(corpus: Sequence[Path], known: Iterable[str], most: int = UNLABELLED) -> list[Tokens]:
    """Up to `most` articles of the corpus as tokens, chosen by hash, without those that share a sentence with `known`."""
    barred = {_beginning(sentence) for sentence in known}
    found: dict[str, str] = {}
    for path in corpus:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
            for line in lines:
                if text := json.loads(line).get("text"):
                    found[hashlib.sha256(text.encode()).hexdigest()] = text
    chosen: list[Tokens] = []
    for _, text in sorted(found.items()):
        if len(chosen) == most:
            break
        text = clean(text).text
        spans = split_sentences(text)
        if spans and not any(_beginning(text[start:end]) in barred for start, end in spans):
            chosen.append(tokenize_sentences(text, spans))
    return chosen


def _beginning(sentence: str) -> str:
    """The letters of a sentence's beginning: what tells it again in another edition."""
    return "".join(filter(str.isalpha, sentence))[:60]
