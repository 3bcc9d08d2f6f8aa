"""What the samples should yield: hand-labelled events, quotes and mentions of seeds/articles.jsonl against a real run.

The floors are what the pipeline reaches; they are raised with it and lowered only on purpose.
"""

import csv
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds
import pytest

from pipelines.cli import main
from schemas.event import EVENT_TYPES
from transforms.arabic.characters import normal_form

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).parent / "golden"
#: Shares of the golden events: found at all, and of those with the right phrase or status.
FLOORS = {"found": 0.7, "status": 0.9, "actor": 0.7, "target": 0.5, "place": 0.6}
#: Shares of the golden quotes: found, and of those with the right speaker.
QUOTE_FLOORS = {"found": 0.95, "speaker": 0.8}
#: Shares of the golden mentions by type: found with the right span and value.
MENTION_FLOORS = {"DATE": 0.95, "LOC": 0.9, "ORG": 0.85, "PER": 0.9, "TITLE": 0.95, "WEAPON": 0.75}

Rows = dict[str, list[dict[str, Any]]]


def golden(table: str = "events") -> list[dict[str, str]]:
    lines = [line for line in (GOLDEN / f"seed_{table}.tsv").read_text("utf-8").splitlines() if line[:1] != "#"]
    return list(csv.DictReader(lines, delimiter="\t"))


@pytest.fixture(scope="module")
def yielded(tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """The rows of the run by table, each with its article's guid."""
    lake = tmp_path_factory.mktemp("seeds") / "lake"
    assert main(["ingest", "--input", str(ROOT / "seeds" / "articles.jsonl"), "--lake", str(lake)]) == 0

    def rows(table: str) -> list[dict[str, Any]]:
        return ds.dataset(lake / table, format="parquet", partitioning="hive").to_table().to_pylist()

    guids = {r["version_id"]: r["guid"] for r in rows("articles")}
    tables = ("events", "quotes", "mentions")
    return {table: [r | {"guid": guids[r["version_id"]]} for r in rows(table)] for table in tables}


@pytest.fixture
def told(yielded: Rows) -> list[dict[str, Any]]:
    return yielded["events"]


def found(row: dict[str, str], told: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The event of the run that a golden row describes: same article and type, triggers that share a word."""
    trigger = normal_form(row["trigger"])
    for event in told:
        if event["guid"] == row["guid"] and event["type"] == row["type"]:
            other = normal_form(event["trigger"])
            if trigger in other or other in trigger:
                return event
    return None


def share(name: str, right: list[bool]) -> None:
    assert sum(right) >= FLOORS[name] * len(right), f"{name}: {sum(right)} of {len(right)}"


def test_the_samples_tell_all_sixteen_types() -> None:
    assert {row["type"] for row in golden()} == set(EVENT_TYPES)


def test_most_events_are_found(told: list[dict[str, Any]]) -> None:
    rows = golden()
    missing = [f"{r['guid']} {r['type']} {r['trigger']}" for r in rows if not found(r, told)]
    assert len(rows) - len(missing) >= FLOORS["found"] * len(rows), "\n".join(missing)


@pytest.mark.parametrize("name", [n for n in FLOORS if n != "found"])
def test_found_events_are_right(told: list[dict[str, Any]], name: str) -> None:
    pairs = [(row, event) for row in golden() if (event := found(row, told)) and row[name]]
    key = "status" if name == "status" else f"{name}_text"
    share(name, [normal_form(row[name]) in normal_form(event[key] or "") for row, event in pairs])


def test_quotes_and_their_speakers(yielded: Rows) -> None:
    wrong: list[str] = []
    speakers: list[bool] = []
    rows = golden("quotes")
    for row in rows:
        content, cue = normal_form(row["content"]), normal_form(row["cue"])
        quote = next(
            (q for q in yielded["quotes"] if q["guid"] == row["guid"] and content in normal_form(q["text"])), None
        )
        if quote is None or cue not in normal_form(quote["cue"] or ""):
            wrong.append(f"{row['guid']} {row['cue']}: {row['content']}")
            continue
        speaker = normal_form(quote["speaker_text"] or "")
        speakers.append(
            normal_form(row["speaker"]) == speaker if not row["speaker"] else normal_form(row["speaker"]) in speaker
        )
    assert len(rows) - len(wrong) >= QUOTE_FLOORS["found"] * len(rows), "\n".join(wrong)
    assert sum(speakers) >= QUOTE_FLOORS["speaker"] * len(speakers), f"{sum(speakers)} of {len(speakers)}"


@pytest.mark.parametrize("type", MENTION_FLOORS)
def test_mentions_and_what_they_mean(type: str, yielded: Rows) -> None:
    rows = [row for row in golden("mentions") if row["type"] == type]
    wrong = [f"{row['guid']} {row['text']} {row['value']}" for row in rows if not mentioned(row, yielded["mentions"])]
    assert len(rows) - len(wrong) >= MENTION_FLOORS[type] * len(rows), "\n".join(wrong)


def mentioned(row: dict[str, str], mentions: list[dict[str, Any]]) -> bool:
    """Whether a golden mention is among those of the run: a date by its words or more, others by all their words."""
    for m in mentions:
        if (m["guid"], m["type"]) == (row["guid"], row["type"]):
            norm = normal_form(row["text"])
            if row["type"] == "DATE":
                days = row["value"].split("/")
                if norm in normal_form(m["text"]) and (str(m["date_start"]), str(m["date_end"])) == (days[0], days[-1]):
                    return True
            elif norm == normal_form(m["text"]) and row["value"] in ("", m["country"]):
                return True
    return False
