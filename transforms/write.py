"""Write: Documents and Rejects to finished files in staging, and the records of these files to whoever publishes."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import apache_beam as beam
from apache_beam.typehints import Tuple

from schemas.coders import Outcome
from schemas.document import Document
from schemas.fetch import Fetch
from schemas.reject import Reject
from transforms.lake.staging import FileRecord, stage

#: Outcomes that this process has keyed, Documents and Rejects: to show how far a run is.  What is checked is counted by
#: Beam, which counts a repeated bundle once.
OUTCOMES: Counter[type] = Counter()


def live_counts() -> list[int]:
    """Documents and Rejects of this process so far."""
    return [OUTCOMES[Document], OUTCOMES[Reject]]


@dataclass
class Write(beam.PTransform):
    """Groups by (day, shard), stages each group, and writes the commit's file records beside the files.

    In a stream the same groups are staged and published a window at a time: `transforms.writewindows`.
    """

    lake: str
    #: Where to stage, under the lake: `Attempt.folder`.
    folder: str
    shards: int = 1
    #: Tells the pipelines of one commit apart.
    number: int = 0

    def expand(self, outcomes: beam.PCollection) -> beam.PCollection:
        """Documents and Rejects in, the path of the file of records out."""
        records = (
            keyed(outcomes, self.shards)
            | "Group" >> beam.GroupByKey()
            | "Stage" >> beam.FlatMap(stage_group, self.lake, self.folder)
        )
        commits = (
            records
            | "Commit" >> beam.Map(lambda record: (self.folder, json.dumps(record, default=str)))
            | "Records" >> beam.GroupByKey()
        )
        path = str(records_path(Path(self.lake), self.folder, self.number))
        return commits | "Collect" >> beam.Map(lambda commit: write_records(path, commit[1]))


def keyed(outcomes: beam.PCollection, shards: int) -> beam.PCollection:
    """The outcomes under their groups."""
    # Whatever their collection is said to hold.
    key = beam.Map(keyed_outcome, shards).with_input_types(Any, int)
    return outcomes | "Key" >> key.with_output_types(Tuple[Tuple[str, int], Outcome])


def keyed_outcome(outcome: Document | Reject | Fetch, shards: int) -> tuple[tuple[str, int], Document | Reject | Fetch]:
    """The outcome under its partition day and shard."""
    OUTCOMES[type(outcome)] += 1
    if isinstance(outcome, Document):
        day, key = outcome.article.partition_day, outcome.article.article_id
    else:
        day, key = outcome.fetched_at.date(), outcome.reject_id if isinstance(outcome, Reject) else outcome.fetch_id
    return (day.isoformat(), int(key[:8], 16) % shards), outcome


def stage_group(group: Any, lake: str, folder: str) -> list[FileRecord]:
    """The files of one (day, shard) and its outcomes."""
    (day, shard), outcomes = group
    return stage(outcomes, Path(lake), folder, date.fromisoformat(day), shard)


def records_path(lake: Path, folder: str, number: int) -> Path:
    """Where the file records of one pipeline stand."""
    return lake / folder / f"records-{number:06d}.json"


def write_records(path: str, records: Iterable[str]) -> str:
    """Writes the records, sorted; gives the path."""
    Path(path).write_text("\n".join(sorted(records)), "utf-8")
    return path


def read_records(path: Path) -> list[FileRecord]:
    """The records that `write_records` wrote; none where the pipeline had no input."""
    if not path.exists():
        return []
    return [record_of(json.loads(line)) for line in path.read_text("utf-8").splitlines()]


def record_of(fields: list[Any]) -> FileRecord:
    """The record out of its fields as JSON has them."""
    record = FileRecord(*fields)
    return record._replace(day=date.fromisoformat(str(record.day)))
