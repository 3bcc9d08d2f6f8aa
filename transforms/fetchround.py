"""FetchRound: one round of feeds on any runner: due feeds in one element, one crew a process, raw inputs out.

As little as possible here: fetching is `transforms.fetch`.  Rows of fetches are staged beside what the inputs become.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import TaggedOutput
from apache_beam.utils.shared import Shared

from schemas.fetch import Fetch
from schemas.item import RawInput
from transforms.fetch.crew import Crew, Due
from transforms.lake.staging import stage
from transforms.write import records_path, write_records

_ROWS = "rows"


class _Read(beam.DoFn):
    """All feeds of a round stay in one element: spread over bundles, they would wait for one another."""

    def __init__(self, make: Callable[[], Crew]) -> None:
        self.make, self.shared = make, Shared()

    def setup(self) -> None:
        """The crew of this process, which politeness needs to be one."""
        self.crew = self.shared.acquire(self.make)

    def process(self, due: tuple[Due, ...]) -> Iterator[Any]:
        """Raw inputs, and rows under their tag."""
        for found in self.crew.read(due):
            yield from found.raws
            for row in found.rows:
                yield TaggedOutput(_ROWS, row)


@dataclass
class FetchRound(beam.PTransform):
    """Reads the feeds that are due; `make` gives the crew, and travels to workers."""

    due: tuple[Due, ...]
    make: Callable[[], Crew]
    lake: str
    #: Where to stage, under the lake: `Attempt.folder`.
    folder: str
    #: Tells the file of these records from those of the articles.
    number: int

    def expand(self, root: beam.Pipeline) -> beam.PCollection:
        """RawInputs out; the records of the staged rows are in the file of their number."""
        found = root | beam.Create([self.due]) | beam.ParDo(_Read(self.make)).with_outputs(_ROWS, main="raws")
        rows = found[_ROWS] | "Together" >> beam.Map(lambda row: ("", row)) | beam.GroupByKey()
        _ = rows | "Stage rows" >> beam.Map(stage_rows, self.lake, self.folder, self.number)
        return found["raws"] | "Raws" >> beam.Map(lambda raw: raw).with_output_types(RawInput)


def stage_rows(rows: tuple[str, Iterable[Fetch]], lake: str, folder: str, number: int) -> str:
    """Stages the rows of a round and writes the records of their files; gives that file's path."""
    days: dict[date, list[Fetch]] = defaultdict(list)
    for row in rows[1]:
        days[row.fetched_at.date()].append(row)
    records = [r for day, found in days.items() for r in stage(found, Path(lake), folder, day, 0)]
    path = str(records_path(Path(lake), folder, number))
    return write_records(path, (json.dumps(record, default=str) for record in records))
