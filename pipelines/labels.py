"""Labels of one's own to learn events from: `python -m pipelines.labels sheet|pack|join`.

`sheet CORPUS --ids ID…` prints articles with numbered sentences, for an annotator; `pack SHEET… --corpus CORPUS --out
LABELS` turns what annotators wrote into labels, offsets and codes without a word of the text; `join LABELS --corpus CORPUS
--out GOLD` puts the texts back, for the trainers.  What a sheet holds says `transforms/arabic/labels/README.md`.

Knows: events and names.  Does not know: dates, quotations, counts.  An article without names on its sheet has no
`entities` when joined; `pipelines.train names` passes it over.  Corpora are JSON lines with `id`, `text`, `published` and `source`, gzip or not.
"""

import argparse
import gzip
import hashlib
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from schemas.event import EVENT_TYPES, STATUSES
from transforms.arabic.circumstances import modes
from transforms.arabic.normalize import clean
from transforms.arabic.sentences import split_sentences
from transforms.arabic.spans import Span
from transforms.engines.statistical import NAME_TYPES

COLUMNS: Final = (
    "sentence", "trigger", "type", "mode", "actor", "target", "place", "country", "date", "status", "said_by"
)  # fmt: skip
PHRASES: Final = ("actor", "target", "place", "said_by")
_STATUS: Final = {name[0]: name for name in STATUSES}
_DATE: Final = re.compile(r"\d{4}(?:-\d\d){0,2}(?:/\d{4}(?:-\d\d){0,2})?")
#: A line of names: `@3 PER … ; LOC …`, in the order of the text.
_NAMES: Final = re.compile(r"@(\d+)\s+(.+)")
#: `word#2` is its second occurrence in the sentence, `3:phrase` stands in sentence 3.
_OCCURRENCE: Final = re.compile(r"(.+?)(?:#(\d+))?")
_ELSEWHERE: Final = re.compile(r"(?:(\d+):)?\s*(.+)")


class Labels(NamedTuple):
    """What annotators told of an article: its events, and the names of those sentences that have any (start, end, type)."""

    events: list[dict[str, Any]]
    names: list[tuple[int, int, str]]


class Text(NamedTuple):
    """An article to label: its text as the pipeline cleans it, its sentences, its day (`YYYY-MM-DD`) and its source."""

    id: str
    text: str
    sentences: tuple[Span, ...]
    date: str
    source: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="pipelines.labels", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    sheet, pack, join = (commands.add_parser(name) for name in ("sheet", "pack", "join"))
    sheet.add_argument("corpus", type=Path, nargs="+")
    sheet.add_argument("--ids", nargs="+", required=True)
    pack.add_argument("sheets", type=Path, nargs="+")
    join.add_argument("labels", type=Path, nargs="+")
    for command in (pack, join):
        command.add_argument("--corpus", type=Path, nargs="+", required=True)
        command.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(argv)
    if options.command == "sheet":
        found = texts(options.corpus, set(options.ids))
        if missing := [i for i in options.ids if i not in found]:
            parser.error(f"not in the corpus: {', '.join(missing)}")
        print("\n\n".join(page(found[i]) for i in options.ids))
    elif options.command == "pack":
        lines = [(f"{path}:{n}", line) for path in options.sheets for n, line in _numbered(path)]
        found = texts(options.corpus, {line[1:].split()[0] for _, line in lines if line.startswith("# ")})
        labels, faults = read_sheet(lines, found)
        if faults:
            sys.exit("\n".join(faults))
        _write(options.out, (packed(found[i], told) for i, told in sorted(labels.items())))
    else:
        labels_ = [json.loads(line) for path in options.labels for _, line in _numbered(path)]
        found = texts(options.corpus, {label["id"] for label in labels_})
        _write(options.out, (joined(label, found.get(label["id"])) for label in labels_))


def page(text: Text) -> str:
    """The article as an annotator sees it."""
    lines = (f"[{i}] {text.text[start:end]}" for i, (start, end) in enumerate(text.sentences))
    return "\n".join([f"# {text.id}  {text.date}  {text.source}", *lines])


def read_sheet(lines: Iterable[tuple[str, str]], texts: Mapping[str, Text]) -> tuple[dict[str, Labels], list[str]]:
    """What the lines (where it stands, line) label in each article, and what is wrong with which line."""
    labels: dict[str, Labels] = {}
    faults: list[str] = []
    text: Text | None = None
    for where, line in lines:
        if line.startswith("# "):
            text = texts.get(line[1:].split()[0])
            if text is None:
                faults.append(f"{where}: no such article: {line[2:]}")
            else:
                labels.setdefault(text.id, Labels([], []))
        elif text is not None:
            try:
                _read_line(line, text, labels[text.id])
            except ValueError as error:
                faults.append(f"{where}: {error}")
    return labels, faults


def _read_line(line: str, text: Text, labels: Labels) -> None:
    if line.startswith("@"):
        labels.names.extend(read_names(line, text))
        return
    event = read_event(line, text)
    if any((e["span"], e["type"]) == (event["span"], event["type"]) for e in labels.events):
        raise ValueError("told twice")
    labels.events.append(event)


def read_names(line: str, text: Text) -> list[tuple[int, int, str]]:
    """The names of one line, with offsets.  Raises ValueError, saying what is wrong."""
    match = _NAMES.fullmatch(line)
    if match is None or int(match[1]) >= len(text.sentences):
        raise ValueError(f"no line of names: {line}")
    sentence, names = int(match[1]), []
    at = text.sentences[sentence].start
    for cell in filter(None, map(str.strip, match[2].split(";"))):
        kind, _, words = cell.partition(" ")
        if kind not in NAME_TYPES:
            raise ValueError(f"no type of names: {cell}")
        span = next((s for s in _occurrences(text, words.strip(), sentence) if s.start >= at), None)
        if span is None:
            raise ValueError(f"«{words}» does not stand in sentence {sentence} after the name before it")
        names.append((*span, kind))
        at = span.end
    return names


def read_event(line: str, text: Text) -> dict[str, Any]:
    """The event of one line, with offsets.  Raises ValueError, saying what is wrong."""
    cells = [cell.strip() for cell in line.split("|")]
    if len(cells) != len(COLUMNS):
        raise ValueError(f"{len(cells)} columns, {len(COLUMNS)} are wanted: {line}")
    row = dict(zip(COLUMNS, cells, strict=True))
    if not row["sentence"].isdigit() or int(row["sentence"]) >= len(text.sentences):
        raise ValueError(f"no sentence {row['sentence']}")
    if row["type"] not in EVENT_TYPES:
        raise ValueError(f"no type {row['type']}")
    if row["mode"] and row["mode"] not in modes(row["type"]):
        raise ValueError(f"{row['type']} has no mode {row['mode']}")
    if row["status"] not in _STATUS:
        raise ValueError(f"status {row['status']} is none of {', '.join(_STATUS)}")
    if row["date"] and not _DATE.fullmatch(row["date"]):
        raise ValueError(f"no date: {row['date']}")
    if row["country"] and not re.fullmatch("[A-Z]{3}", row["country"]):
        raise ValueError(f"no country: {row['country']}")
    sentence = int(row["sentence"])
    span = _trigger(row["trigger"], sentence, text)
    event: dict[str, Any] = {"span": span, "type": row["type"], "status": _STATUS[row["status"]]}
    event |= {name: row[name] for name in ("mode", "country", "date") if row[name]}
    return event | {name: _phrase(row[name], sentence, span, text) for name in PHRASES if row[name]}


def _trigger(cell: str, sentence: int, text: Text) -> Span:
    match = _OCCURRENCE.fullmatch(cell)
    found = _occurrences(text, match[1], sentence) if match else []
    number = int(match[2] or 1) if match else 0
    if len(found) < number or not found:
        raise ValueError(f"«{cell}» does not stand in sentence {sentence}")
    return found[number - 1]


def _phrase(cell: str, sentence: int, trigger: Span, text: Text) -> Span:
    """The occurrence nearest to the trigger: in its sentence, else before, else after."""
    match = _ELSEWHERE.fullmatch(cell)
    if match:
        before, after = range(sentence - 1, -1, -1), range(sentence + 1, len(text.sentences))
        for at in [int(match[1])] if match[1] else [sentence, *before, *after]:
            if found := _occurrences(text, match[2], at):
                return min(found, key=lambda s: abs(s.start - trigger.start))
    raise ValueError(f"«{cell}» stands nowhere in the article")


def _occurrences(text: Text, phrase: str, sentence: int) -> list[Span]:
    if sentence >= len(text.sentences):
        return []
    start, end = text.sentences[sentence]
    found = [Span(m.start(), m.end()) for m in re.compile(re.escape(phrase)).finditer(text.text, start, end)]
    return [s for s in found if not text.text[s.end : s.end + 1].isalnum()] or found


def packed(text: Text, labels: Labels) -> dict[str, Any]:
    """What is kept of a labelled article: nothing that it says."""
    events = sorted(labels.events, key=lambda e: (e["span"], e["type"]))
    names = {"names": sorted(labels.names)} if labels.names else {}
    return {"id": text.id, "digest": text.digest, "events": events, **names}


def joined(label: Mapping[str, Any], text: Text | None) -> dict[str, Any]:
    """A labelled article with its text, as the trainers read it.  Raises ValueError if the text is another."""
    if text is None or text.digest != label["digest"]:
        raise ValueError(f"the corpus has no article {label['id']} with the text that was labelled")
    events = []
    for event in label["events"]:
        start, end = event["span"]
        whole: dict[str, Any] = {
            "s": _sentence(text, start),
            "trigger": text.text[start:end],
            "mode": None,
            "country": None,
            "date": None,
        }
        whole |= {name: value for name, value in event.items() if name not in PHRASES}
        for name in PHRASES:
            span = event.get(name)
            whole |= {f"{name}_span": span, name: text.text[slice(*span)] if span else None}
        events.append(whole)
    article = {"id": text.id, "source": text.source, "date": text.date, "text": text.text,
               "sentences": [list(s) for s in text.sentences], "events": events}  # fmt: skip
    if "names" not in label:
        return article
    names = ((_sentence(text, start), start, end, kind) for start, end, kind in label["names"])
    return article | {"entities": [{"s": s, "type": t, "text": text.text[a:b], "span": [a, b]} for s, a, b, t in names]}


def _sentence(text: Text, place: int) -> int:
    return next(i for i, s in enumerate(text.sentences) if s.start <= place < s.end)


def texts(corpora: Iterable[Path], ids: set[str]) -> dict[str, Text]:
    """The articles of the corpora with these ids, by id; the first of a name counts."""
    found: dict[str, Text] = {}
    for path in corpora:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                if row["id"] in ids and row["id"] not in found:
                    text = clean(row["text"]).text
                    day = parsedate_to_datetime(row["published"]).date().isoformat()
                    found[row["id"]] = Text(row["id"], text, split_sentences(text), day, row["source"])
    return found


def _numbered(path: Path) -> Iterator[tuple[int, str]]:
    with path.open(encoding="utf-8") as lines:
        yield from ((n, line.strip()) for n, line in enumerate(lines, 1) if line.strip())


def _write(out: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    lines = (json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)
    out.write_text("".join(f"{line}\n" for line in lines), "utf-8")


if __name__ == "__main__":
    main()
