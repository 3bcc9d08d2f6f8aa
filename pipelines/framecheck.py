"""Measures frames and governors on labelled articles: `python -m pipelines.framecheck --gold GOLD.jsonl ...`.

Prints JSON lines: of how many triggers a frame is known, by type; what the labelled roles are of phrases that a frame gives a
role; the same of governors, with the events' status; and the commonest words that govern events without being listed.
Names are those that the built-in model finds.
"""

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from pipelines.train import read_gold
from pipelines.train_events import document, lesson
from transforms.arabic.clauses import Around, around, is_verb
from transforms.arabic.frames import Frame, frames, governor, governor_role, role
from transforms.arabic.lexicon import model_path
from transforms.arabic.spans import Span
from transforms.engines.statistical import StatisticalNames
from transforms.events import scene_of

#: So many unlisted governors are printed.
SHOWN: Final = 60


class Seen(NamedTuple):
    """A labelled event as its sentence shows it; `places` has the labelled role of each phrase, "-" for none."""

    gold: Mapping[str, Any]
    trigger: str
    verb: bool
    near: Around
    places: dict[int, str]
    governor: tuple[str, bool] | None

    @property
    def frame(self) -> Frame | None:
        return frames(self.trigger, self.gold["type"], self.verb)


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="pipelines.framecheck", description="Measure frames on labelled articles.")
    parser.add_argument("--gold", type=Path, nargs="+", required=True, help="labelled articles, JSON lines")
    options = parser.parse_args(argv)
    engine = StatisticalNames(str(model_path("names.crfsuite")))
    articles = [article for path in sorted(options.gold) for article in read_gold(path)]
    seen = [event for article in articles for event in events(article, engine)]
    for figures in (coverage(seen), agreement(seen), governed(seen)):
        print(json.dumps(figures, ensure_ascii=False))


def events(article: Mapping[str, Any], engine: StatisticalNames) -> Iterator[Seen]:
    """The labelled events of an article whose trigger stands in its words."""
    taught = lesson(dict(article), document(article, engine))
    scene = scene_of(taught.doc, list(taught.told))
    for gold, told in zip(taught.events, taught.told, strict=True):
        line, tokens = scene.line(told.sentence), scene.tokens[told.sentence]
        near = around(line, told.first, told.last)
        phrases = [p for p in scene.phrases(told.sentence) if not p.chained and not p.joint]
        places = {p.first: _played(gold, Span(p.start, p.end)) for p in phrases}
        trigger = " ".join(t.norm for t in tokens[told.first : told.last + 1])
        rules = None if near.governor is None else (tokens[near.governor].norm, is_verb(line, near.governor))
        yield Seen(gold, trigger, is_verb(line, told.first), near, places, rules)


def _played(gold: Mapping[str, Any], phrase: Span) -> str:
    for letter, name in (("A", "actor_span"), ("T", "target_span")):
        if (span := gold.get(name)) and span[0] < phrase.end and phrase.start < span[1]:
            return letter
    return "-"


def coverage(seen: Sequence[Seen]) -> dict[str, Any]:
    """Shares of triggers with a frame, in all and by type."""
    known: dict[str, list[bool]] = defaultdict(list)
    for event in seen:
        known[event.gold["type"]].append(event.frame is not None)
    total = [found for held in known.values() for found in held]
    return {"triggers": len(total), "with frame": _share(total), **{t: _share(f) for t, f in sorted(known.items())}}


def _share(found: Sequence[bool]) -> float:
    return round(sum(found) / max(len(found), 1), 3)


def agreement(seen: Sequence[Seen]) -> dict[str, dict[str, int]]:
    """For each role that a frame gives ("?" for unknown) how many phrases have which labelled role."""
    tally: dict[str, Counter[str]] = defaultdict(Counter)
    for event in seen:
        if (frame := event.frame) is None:
            continue
        for place, labels in event.near.labels.items():
            for label in labels:
                if label[0] not in "ghrR" and place in event.places:
                    tally[role(frame, label) or "?"][event.places[place]] += 1
    return {f"frame says {given}": dict(sorted(found.items())) for given, found in sorted(tally.items())}


def governed(seen: Sequence[Seen]) -> dict[str, Any]:
    """Shares of governing words that are listed, and listed with this link; how roles and status agree; the unlisted."""
    listed, linked = [], []
    roles: dict[str, Counter[str]] = defaultdict(Counter)
    status: dict[str, Counter[str]] = defaultdict(Counter)
    unlisted: Counter[str] = Counter()
    for event in seen:
        if event.governor is None:
            continue
        word, verb = event.governor
        found = governor(word, verb)
        fitting = [g for g in found if g.takes(event.near.link)]
        listed.append(bool(found))
        linked.append(bool(fitting))
        unlisted.update([] if found else [word])
        for rule in fitting[:1]:
            status[rule.status][event.gold["status"]] += 1
            for place, labels in event.near.labels.items():
                for label in labels:
                    if label[0] == "g" and place in event.places:
                        roles[governor_role(rule, label[1:]) or "?"][event.places[place]] += 1
    return {
        "governors": len(listed),
        "listed": _share(listed),
        "with this link": _share(linked),
        "roles": {given: dict(sorted(held.items())) for given, held in sorted(roles.items())},
        "status": {given: dict(sorted(held.items())) for given, held in sorted(status.items())},
        "unlisted": dict(unlisted.most_common(SHOWN)),
    }


if __name__ == "__main__":
    main()
