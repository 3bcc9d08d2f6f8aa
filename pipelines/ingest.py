"""ingest: article files in, a lake out.  `python -m pipelines.ingest --input PATH --lake FOLDER`.

Local runs are fed in chunks, so that memory stays flat: FnApiRunner keeps a stage's whole output.
"""

import argparse
import hashlib
import json
import logging
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from itertools import chain
from pathlib import Path

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner import FnApiRunner

from schemas.arrow import to_table
from schemas.document import Document
from schemas.identity import digest
from schemas.item import RawInput
from schemas.reject import MAX_RAW, Reject
from schemas.tables import SORT_KEYS, TABLES, rows_of
from transforms.analyze import analyze
from transforms.arabic import lexicon
from transforms.feeds.errors import BadInput
from transforms.feeds.jsonl import parse_line
from transforms.feeds.text import parse_text
from transforms.lake.publishing import AlreadyPublished, LockHeld, publish
from transforms.lake.staging import FileRecord, stage
from transforms.normalize import Run, normalize_item
from transforms.read import match_inputs, read_inputs

PARSERS = {"jsonl": parse_line, "text": parse_text}
#: A chunk ends at this many inputs or bytes: 33-77 KB a document over two shuffles was measured.
CHUNK_INPUTS, CHUNK_BYTES = 2000, 32 << 20


def analyzer_version() -> str:
    """Hash of the language code, data files and models."""
    hasher = hashlib.blake2b(digest_size=8)
    root = Path(__file__).parent.parent
    for path in sorted(chain(root.glob("schemas/*.py"), root.glob("transforms/**/*.py"))):
        hasher.update(path.relative_to(root).as_posix().encode() + path.read_bytes())
    for name, content in lexicon.data_files():
        hasher.update(name.encode() + content)
    return hasher.hexdigest()


def reject(raw: RawInput, stage: str, reason: str, detail: str, run: Run) -> Reject:
    where = f"{raw.input}#{raw.position}" if raw.position else raw.input
    return Reject(
        reject_id=digest("reject", where, stage, reason, raw.payload),
        stage=stage,
        reason=reason,
        detail=detail,
        input=where,
        raw=raw.payload[:MAX_RAW],
        fetched_at=run.fetched_at,
        run_id=run.run_id,
        analyzer_version=run.analyzer_version,
    )


def process(raw: RawInput, run: Run) -> Document | Reject:
    """The analysed Document of one raw input, or the Reject that says why there is none."""
    parse = PARSERS.get(raw.format)
    if parse is None:
        return reject(raw, "parse", "unsupported-format", f"{raw.format} files are not read yet", run)
    try:
        doc = normalize_item(parse(raw), run)
    except BadInput as error:
        return reject(raw, "parse", error.reason, error.detail, run)
    if not doc.article.text and not doc.article.title:
        return reject(raw, "normalize", "empty", "nothing is left of text and title after cleaning", run)
    return analyze(doc)


def destination(element: Document | Reject, shards: int) -> tuple[str, int]:
    """Partition day and shard of a Document or Reject."""
    if isinstance(element, Document):
        return element.article.partition_day.isoformat(), int(element.article.article_id[:8], 16) % shards
    return element.fetched_at.date().isoformat(), int(element.reject_id[:8], 16) % shards


def stage_group(group: tuple[tuple[str, int], Iterable[Document | Reject]], lake: str, commit: str) -> list[FileRecord]:
    """All tables of one (day, shard) group as finished files under _staging."""
    (day, shard), elements = group
    rows: dict[str, list] = {name: [] for name in TABLES}
    for element in elements:
        if isinstance(element, Reject):
            rows["rejects"].append(element)
        else:
            for name, found in rows_of(element).items():
                rows[name].extend(found)
    return [
        stage(
            to_table(TABLES[name], found),
            Path(lake),
            commit,
            name,
            date.fromisoformat(day),
            shard,
            list(SORT_KEYS[name]),
        )
        for name, found in rows.items()
        if found
    ]


def chunks(raws: Iterable[RawInput]) -> Iterator[list[RawInput]]:
    """Raw inputs in lists of bounded count and bytes."""
    chunk: list[RawInput] = []
    size = 0
    for raw in raws:
        chunk.append(raw)
        size += len(raw.payload)
        if len(chunk) >= CHUNK_INPUTS or size >= CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def write_records(path: str, records: Iterable[FileRecord]) -> None:
    """The chunk's file records as JSON: how they come back to the launcher."""
    Path(path).write_text(json.dumps([r._asdict() for r in records], default=str), "utf-8")


def read_records(path: Path) -> list[FileRecord]:
    """The file records that `write_records` wrote."""
    return [FileRecord(**r | {"day": date.fromisoformat(r["day"])}) for r in json.loads(path.read_text("utf-8"))]


def run_chunk(raws: list[RawInput], run: Run, lake: Path, shards: int, number: int) -> list[FileRecord]:
    """One bounded pipeline over a chunk; its files lie in staging afterwards."""
    out = lake / "_staging" / run.run_id / f"records-{number:06d}.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    with beam.Pipeline(runner=FnApiRunner(), options=PipelineOptions([])) as pipeline:
        (
            pipeline
            | "Inputs" >> beam.Create(raws)
            | "Reshuffle" >> beam.Reshuffle()
            | "Analyze" >> beam.Map(process, run)
            | "Key" >> beam.Map(lambda element: (destination(element, shards), element))
            | "Group" >> beam.GroupByKey()
            | "Stage" >> beam.FlatMap(stage_group, str(lake), run.run_id)
            | "Commit" >> beam.Map(lambda record: (run.run_id, record))
            | "Records" >> beam.GroupByKey()
            | "Collect" >> beam.Map(lambda kv: write_records(str(out), kv[1]))
        )
    return read_records(out)


def main(argv: list[str] | None = None) -> int:
    """Exit codes: 0 published or nothing new, 2 usage, 75 another publisher holds the lake."""
    parser = argparse.ArgumentParser(prog="khabar ingest", description=__doc__.splitlines()[0])
    parser.add_argument("--input", required=True, help="file, folder or glob; .gz too")
    parser.add_argument("--lake", required=True, help="folder of the lake")
    parser.add_argument(
        "--logical-date", type=datetime.fromisoformat, help="what files count as fetched at; default now"
    )
    parser.add_argument("--run-id", help="default: a hash of the inputs' bytes and the logical date")
    parser.add_argument("--shards", type=int, default=1)
    args = parser.parse_args(argv)
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    fetched = args.logical_date or datetime.now(UTC)
    fetched = fetched if fetched.tzinfo else fetched.replace(tzinfo=UTC)
    try:
        paths = match_inputs(args.input)
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 2
    run_id = args.run_id or fetched.strftime("%Y%m%dT%H%M%S") + "-" + digest(*paths)[:8]
    run, lake = Run(run_id, analyzer_version(), fetched.astimezone(UTC)), Path(args.lake)
    records: list[FileRecord] = []
    read = 0
    for number, chunk in enumerate(chunks(chain.from_iterable(read_inputs(p) for p in paths))):
        read += len(chunk)
        records += run_chunk(chunk, run, lake, args.shards, number)
    try:
        published = publish(lake, run_id, records, SORT_KEYS, {"read": read})
    except LockHeld as error:
        print(error, file=sys.stderr)
        return 75
    rows = {} if isinstance(published, AlreadyPublished) else dict(published.rows)
    counts = Counter(rows)
    rejected = counts["rejects"]
    line = {"run_id": run_id, "read": read, "written": counts["articles"], "rejected": rejected}
    line |= {"duplicates": read - counts["articles"] - rejected, "rows": rows}
    print(json.dumps(line, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    # Run as pipelines.ingest, never as __main__: nothing is pickled from here.
    from pipelines import ingest

    sys.exit(ingest.main())
