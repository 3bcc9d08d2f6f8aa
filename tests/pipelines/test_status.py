"""What `khabar status` tells of sources, out of rows that a test makes."""

import json
import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from pipelines.cli import main
from pipelines.status import ago, sources
from schemas.arrow import to_table
from schemas.fetch import Fetch
from schemas.reject import Reject
from tests.fetches import fetch_row, publish_rows
from tests.made_job import record
from transforms.fetch.schedule import UNKNOWN_RATE

NOW = datetime.now(UTC).replace(microsecond=0)


def row(source: str, **fields: Any) -> Fetch:
    at = NOW - timedelta(minutes=10)
    given = {"fetch_id": source, "feed": f"https://{source}/", "source": source, "entries": 3, "new": 2, "news_at": at}
    return fetch_row(at, **given | {"rate": 1 / 3600, "next_at": NOW + timedelta(minutes=20)} | fields)


STATE = [
    row("fresh.test"),
    row("silent.test", news_at=NOW - timedelta(days=3)),
    row("new.test", news_at=None, rate=None),
    row("slow.test", news_at=NOW - timedelta(days=3), rate=1 / 86400),
    row("dead.test", error="timeout", detail="no answer", failures=3, succeeded_at=NOW - timedelta(days=2)),
    row("half.test"),
    row("half.test", feed="https://half.test/2", fetch_id="half2", error="dns", failures=1),
]


def test_states_of_sources() -> None:
    told = {s["source"]: s["state"] for s in sources(STATE, NOW)}
    assert told == {
        "fresh.test": "ok", "silent.test": "silent", "new.test": "silent", "slow.test": "ok", "dead.test": "failing",
        "half.test": "partly",
    }  # fmt: skip


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    publish_rows(tmp_path, *STATE)
    return tmp_path


@pytest.mark.parametrize("rate", [1e-14, 1e-300, 5e-324])
def test_a_source_that_said_nothing_for_weeks_is_silent(rate: float) -> None:
    (told,) = sources([row("x.test", news_at=NOW - timedelta(days=20), rate=rate)], NOW)
    assert told["state"] == "silent"


def test_the_table(lake: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", str(lake)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["source", "state", "feeds", "read", "news", "news/day", "next", "error"]
    assert next(line for line in lines if line.startswith("dead.test")).split()[:4] == [
        "dead.test",
        "failing",
        "1",
        "2d",
    ]
    assert lines[-4:-1] == ["dead.test: no answer", "half.test: dns", ""]
    assert "7 requests, 14 new, errors: 1 timeout, 1 dns" in lines[-1] or "1 dns, 1 timeout" in lines[-1]


def test_a_feed_whose_time_has_come_is_due(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    late = NOW - timedelta(minutes=6)
    publish_rows(tmp_path, row("late.test", next_at=late), row("soon.test", next_at=NOW + timedelta(days=1)))
    assert main(["status", str(tmp_path)]) == 0
    _, _, first, second, *_ = capsys.readouterr().out.splitlines()
    assert first.split()[-1] == "due"
    assert second.split()[-2] == "in"


def test_how_often_news_comes_is_not_told_before_it_is_known() -> None:
    read_once = row("once.test", rate=UNKNOWN_RATE)
    told = sources([*STATE, read_once, row("half.test", feed="https://half.test/3", rate=UNKNOWN_RATE)], NOW)
    rates = {s["source"]: s["news_a_day"] for s in told}
    assert (rates["once.test"], rates["new.test"]) == (None, None)
    assert (rates["fresh.test"], rates["half.test"]) == (24.0, 48.0)


def test_json(lake: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", str(lake), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["last_day"] == {
        "requests": 7, "new": 14, "unchanged": 0, "errors": {"timeout": 1, "dns": 1}, "bugs": 0
    }  # fmt: skip
    assert told["stream"] is None
    assert [s["source"] for s in told["sources"]] == sorted({r.source for r in STATE})
    assert told["committed_at"].endswith("Z")


def test_a_lake_without_feeds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", str(tmp_path)]) == 2
    assert "nothing was fetched" in capsys.readouterr().err


@pytest.mark.parametrize(("seconds", "told"), [(30, "30s"), (-90, "in 1min"), (7200, "2h"), (200_000, "2d")])
def test_ago(seconds: int, told: str) -> None:
    assert ago((NOW - timedelta(seconds=seconds)).isoformat(), NOW) == told


def supervised(lake: Path, state: str, at: datetime) -> None:
    told = {"state": state, "why": "no commit for 9 s: killed", "job": "j", "at": at.isoformat(), "failures": 0}
    (lake / "_state" / "stream.json").write_text(json.dumps(told | {"patience": 600}), "utf-8")


def told_of_stream(lake: Path, capsys: pytest.CaptureFixture[str]) -> tuple[dict[str, Any], str]:
    assert main(["status", str(lake), "--json"]) == 0
    stream = json.loads(capsys.readouterr().out)["stream"]
    assert main(["status", str(lake)]) == 0
    return stream, capsys.readouterr().out.splitlines()[-1]


def test_a_stream_tells_windows_restarts_and_lag(lake: Path, capsys: pytest.CaptureFixture[str]) -> None:
    supervised(lake, "running", NOW - timedelta(hours=3))
    for number, job in enumerate(["20240601T000000", "20240601T000000", "20240602T000000"]):
        record(lake, job, number)
    os.utime(record(lake, "20240501T000000", 9), times=(0, 0))
    stream, line = told_of_stream(lake, capsys)
    kept = {k: stream[k] for k in ("state", "windows", "articles", "rejected", "restarts", "lag_s")}
    assert kept == {"state": "running", "windows": 3, "articles": 3, "rejected": 3, "restarts": 1, "lag_s": 0.5}
    assert datetime.fromisoformat(stream["window_end"]) >= NOW
    assert re.fullmatch(
        r"stream running: newest window \ds ago, lag 0 s; last day: 3 windows, 3 articles, 3 rejected, 1 restarts", line
    )


def test_a_stream_that_should_have_committed_is_late(lake: Path, capsys: pytest.CaptureFixture[str]) -> None:
    supervised(lake, "waiting", datetime.now(UTC) - timedelta(seconds=500))
    stream, line = told_of_stream(lake, capsys)
    assert (stream["state"], stream["window_end"], stream["windows"]) == ("waiting", None, 0)
    assert line.startswith("stream waiting (no commit for 9 s: killed): newest window never; ")
    supervised(lake, "waiting", datetime.now(UTC) - timedelta(seconds=700))
    assert told_of_stream(lake, capsys)[0]["state"] == "late"
    # It was killed while it drained, as by a terminal that closed.
    supervised(lake, "draining", datetime.now(UTC) - timedelta(seconds=700))
    assert told_of_stream(lake, capsys)[0]["state"] == "late"
    supervised(lake, "ended", NOW - timedelta(days=2))
    os.utime(record(lake, "20240501T000000", 1), times=(0, 0))
    stream, line = told_of_stream(lake, capsys)
    assert (stream["state"], stream["windows"], stream["lag_s"]) == ("ended", 0, 0.5)


def test_a_stream_before_its_first_window(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "_state").mkdir()
    supervised(tmp_path, "running", datetime.now(UTC))
    assert main(["status", str(tmp_path)]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first == "last commit never; last day: 0 requests, 0 new, errors: none"
    assert second.startswith("stream running: newest window never; ")


def test_a_window_that_a_drain_cut_short_ends_ahead(lake: Path, capsys: pytest.CaptureFixture[str]) -> None:
    supervised(lake, "ended", NOW)
    ahead = datetime.now(UTC) + timedelta(minutes=5)
    record(lake, "20240601T000000", 1, window_end=ahead.isoformat())
    assert ": newest window ends in 4min, " in told_of_stream(lake, capsys)[1]


def test_windows_of_a_clock_that_was_ahead_hide_no_silence(lake: Path, capsys: pytest.CaptureFixture[str]) -> None:
    supervised(lake, "running", datetime.now(UTC) - timedelta(seconds=700))
    ahead = datetime.now(UTC) + timedelta(days=30)
    os.utime(record(lake, f"{ahead:%Y%m%dT%H%M%S}", 1), times=(ahead.timestamp(), ahead.timestamp()))
    stream, _ = told_of_stream(lake, capsys)
    assert (stream["state"], stream["window_end"]) == ("late", None)


def test_bugs_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    publish_rows(tmp_path, row("fresh.test"))
    blank = {"input": "x", "stage": "analyze", "detail": "", "raw": b"", "run_id": "r", "analyzer_version": "a"}
    for number, (reason, hours) in enumerate([("bug", 1), ("bug", 30), ("not-json", 1)]):
        at = NOW - timedelta(hours=hours)
        reject = Reject(reject_id=f"r{number}", reason=reason, fetched_at=at, **blank)
        folder = tmp_path / "rejects" / f"published_date={at.date()}"
        folder.mkdir(parents=True, exist_ok=True)
        pq.write_table(to_table(Reject, [reject]), folder / f"{number}.parquet")
    assert main(["status", str(tmp_path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["last_day"]["bugs"] == 1
    assert main(["status", str(tmp_path)]) == 0
    assert capsys.readouterr().out.splitlines()[-1].endswith(", bugs: 1")
