"""FetchTicks: at each tick the feeds that are due are asked, and what came since the tick before is handed on.

Nothing waits here for a server: a bundle that waited would hold back the ticks, and with them every window.
"""

import json
import sys
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, Protocol

import apache_beam as beam
from apache_beam.pvalue import TaggedOutput

from schemas.fetch import Fetch
from schemas.item import RawInput
from transforms.kept import kept

_ROWS: Final = "rows"
_BEATS: Final = "beats"


class Turn(NamedTuple):
    """What a tick brought: inputs, rows of fetches, and counts for the record of its window."""

    raws: list[RawInput]
    rows: list[Fetch]
    counts: dict[str, int]


class Reader(Protocol):
    """What asks feeds."""

    def turn(self, last: bool) -> Turn:
        """What has come, and begins to ask the feeds that are due unless it is the last turn."""


class Fetched(NamedTuple):
    """RawInputs, rows of fetches, and a heartbeat a tick: counts as JSON."""

    raws: beam.PCollection
    rows: beam.PCollection
    beats: beam.PCollection


class _Turn(beam.DoFn):
    def __init__(self, name: str, make: Callable[[], Reader]) -> None:
        self.name, self.make = name, make

    def setup(self) -> None:
        """The reader of this process: politeness needs it to be one."""
        self.reader = kept(f"reader of {self.name}", self.make)

    def process(self, last: bool) -> Iterator[Any]:
        """Everything at the time of the tick."""
        try:
            turn = self.reader.turn(last)
        except Exception:
            # The ticks go on: it counts as a bug, and too many of these end the job.
            traceback.print_exc(file=sys.stderr)
            turn = Turn([], [], {"bugs": 1})
        yield from turn.raws
        for row in turn.rows:
            yield TaggedOutput(_ROWS, row)
        yield TaggedOutput(_BEATS, json.dumps({"ticks": 1, **turn.counts}))


@dataclass
class FetchTicks(beam.PTransform):
    """Lets the process's reader have a turn at each tick; `make` gives the reader, and travels to workers."""

    #: Of the job, for there may be several in a process.
    name: str
    make: Callable[[], Reader]

    # Unhinted: Beam warns of results that are several.
    def expand(self, ticks: beam.PCollection) -> Any:
        """Ticks in, which say whether they are the last; `Fetched` out."""
        found = ticks | beam.ParDo(_Turn(self.name, self.make)).with_outputs(_ROWS, _BEATS, main="raws")

        def typed(tag: str, kind: type) -> beam.PCollection:
            return found[tag] | tag >> beam.Map(lambda one: one).with_output_types(kind)

        return Fetched(typed("raws", RawInput), typed(_ROWS, Fetch), typed(_BEATS, str))
