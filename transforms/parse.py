"""Parse: raw inputs to items, by the parser of their format; bad input to Rejects."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import apache_beam as beam

from schemas.item import Item, RawInput
from schemas.reject import Reject
from transforms.feeds.errors import BadInput
from transforms.normalize import Run, reject
from transforms.step import Step

#: Gives the item of an input, or the items of one that holds several.
Parser = Callable[[RawInput], Item | Iterable[Item]]


@dataclass
class Parse(beam.PTransform):
    """Raw inputs become Items."""

    parsers: Mapping[str, Parser]
    run: Run

    def expand(self, raws: beam.PCollection) -> beam.PCollection:
        """RawInputs in, Items and Rejects out."""
        return raws | Step("Parse", parse, dict(self.parsers), self.run)


def parse(raw: RawInput, parsers: Mapping[str, Parser], run: Run) -> list[Item | Reject]:
    """The items of a raw input, or the one Reject that says why there are none."""
    where = f"{raw.input}#{raw.position}" if raw.position else raw.input
    parser = parsers.get(raw.format)
    if parser is None:
        detail = f"{raw.format} files are not read yet"
        return [reject(where, raw.payload, "parse", "unsupported-format", detail, run)]
    try:
        found = parser(raw)
        return [found] if isinstance(found, Item) else list(found)
    except BadInput as error:
        return [reject(where, raw.payload, "parse", error.reason, error.detail, run)]
