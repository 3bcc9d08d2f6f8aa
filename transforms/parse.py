"""Parse: raw inputs to items, by the parser of their format; bad input, and each bad entry of one, to a Reject."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import apache_beam as beam

from schemas.item import Item, RawInput
from schemas.reject import Reject
from transforms.feeds.errors import BadInput
from transforms.feeds.guard import MAX_BYTES
from transforms.normalize import Run, reject
from transforms.step import Bug, Step

#: Of a feed that is fetched again and again no more entries are taken.
MAX_ENTRIES: Final = 2000

#: Gives the item of an input, or the items and bad entries of one that holds several.
Parser = Callable[[RawInput], Item | Iterable[Item | BadInput]]


@dataclass
class Parse(beam.PTransform):
    """Raw inputs become Items."""

    parsers: Mapping[str, Parser]
    run: Run
    bug: Bug | None = None

    def expand(self, raws: beam.PCollection) -> beam.PCollection:
        """RawInputs in, Items and Rejects out."""
        return raws | Step("Parse", parse, dict(self.parsers), self.run, bug=self.bug)


def parse(raw: RawInput, parsers: Mapping[str, Parser], run: Run) -> list[Item | Reject]:
    """The items of a raw input and a Reject for each bad entry, or the one Reject that says why there are none."""
    if raw.fault:
        return [_reject(BadInput(raw.fault, raw.detail or ""), raw, run, "read")]
    parser = parsers.get(raw.format)
    if parser is None:
        detail = f"{raw.format} files are not read yet"
        return [_reject(BadInput("unsupported-format", detail), raw, run)]
    try:
        if len(raw.payload) > MAX_BYTES:
            raise BadInput("too-large", f"more than {MAX_BYTES} bytes")
        found = parser(raw)
        given = [found] if isinstance(found, Item) else list(found)
    except BadInput as error:
        return [_reject(error, raw, run)]
    if raw.fetched_at:
        given = [_fetched(one, raw) if isinstance(one, Item) else one for one in given]
        if len(given) > MAX_ENTRIES:
            cut = BadInput(
                "entries-cut", f"{len(given)} entries: the first {MAX_ENTRIES} are taken", MAX_ENTRIES + 1, b""
            )
            given = [*given[:MAX_ENTRIES], cut]
    return [one if isinstance(one, Item) else _reject(one, raw, run) for one in given]


def _fetched(item: Item, raw: RawInput) -> Item:
    """The item with what the feed list says of its feed: the publisher always, the rest where the item is silent."""
    return replace(
        item,
        source=raw.source or item.source,
        language=item.language or raw.language,
        timezone=raw.timezone,
        fetched_at=raw.fetched_at,
    )


def _reject(error: BadInput, raw: RawInput, run: Run, stage: str = "parse") -> Reject:
    position = error.position or raw.position
    where = f"{raw.input}#{position}" if position else raw.input
    kept = raw.payload if error.raw is None else error.raw
    return reject(where, kept, stage, error.reason, error.detail, run, raw.fetched_at)
