"""status: what a lake that is fed from feeds looks like now.  `khabar status LAKE [--json]`.

Freshness and silence of each source, failures by kind of the last day, when which feed is asked next, and how its stream goes.
"""

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipelines.feedoptions import status_options
from pipelines.heartbeats import stream_state
from pipelines.show import cell, table
from schemas.fetch import Fetch
from schemas.tables import PARTITION
from transforms.fetch.schedule import UNKNOWN_RATE
from transforms.lake.fetches import newest
from transforms.lake.runs import last_commit, undisturbed

#: A source is silent where nothing new came for so long, or for so many times its usual gap.
_SILENT: Final = timedelta(days=1)
_GAPS: Final = 8
#: Seconds after which no usual gap excuses it.
_MOST_SILENT: Final = 7 * 86400.0
_DAY: Final = timedelta(days=1)


def sources(state: Iterable[Fetch], now: datetime) -> list[dict[str, Any]]:
    """A row of facts for each source, in the order of names; times as ISO 8601 in UTC."""
    feeds: dict[str, list[Fetch]] = defaultdict(list)
    for row in state:
        feeds[row.source].append(row)
    return [_source(name, rows, now) for name, rows in sorted(feeds.items())]


def _source(name: str, rows: Sequence[Fetch], now: datetime) -> dict[str, Any]:
    read = max((row.succeeded_at for row in rows if row.succeeded_at), default=None)
    news = max((row.news_at for row in rows if row.news_at), default=None)
    failing = [row for row in rows if row.error]
    # Of a feed that was read once, or never, it is not known how often it brings news.
    rates = [row.rate for row in rows if row.rate is not None and row.rate != UNKNOWN_RATE]
    return {
        "source": name,
        "state": _state(rows, news, now),
        "feeds": len(rows),
        "failing": len(failing),
        "read_at": _iso(read),
        "news_at": _iso(news),
        "news_a_day": round(sum(rates) * 86400, 1) if rates else None,
        "next_at": _iso(min((row.next_at for row in rows if row.next_at), default=None)),
        "error": failing[0].error if failing else None,
        "detail": failing[0].detail if failing else next((row.detail for row in rows if row.detail), None),
    }


def _state(rows: Sequence[Fetch], news: datetime | None, now: datetime) -> str:
    """`failing` where no feed of the source answers, `silent` where they bring nothing, `partly` where some fail."""
    failing = sum(row.error is not None for row in rows)
    if failing == len(rows):
        return "failing"
    rate = sum(row.rate or 0 for row in rows)
    # Bounded first: the rate of a feed that says nothing falls by half or more a day, and no timedelta holds 8 / 1e-14 s.
    usual = timedelta(seconds=min(_GAPS / rate, _MOST_SILENT)) if rate > 0 else _SILENT
    if news is None or now - news > max(_SILENT, usual):
        return "silent"
    return "partly" if failing else "ok"


def _iso(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def last_day(lake: Path, now: datetime) -> dict[str, Any]:
    """Requests of the last 24 hours: how many, how many failed by kind, articles that they brought."""
    asked = new = unchanged = 0
    errors: Counter[str] = Counter()
    for file in sorted(file for day in (now - _DAY, now) for file in _files(lake, day.date())):
        rows: Any = pq.read_table(file, partitioning=None, columns=["fetched_at", "error", "new", "unchanged"])
        rows = rows.filter(pc.greater(rows["fetched_at"], now - _DAY))
        asked += rows.num_rows
        new += pc.sum(rows["new"]).as_py() or 0
        unchanged += pc.sum(rows["unchanged"]).as_py() or 0
        errors.update(error for error in rows["error"].to_pylist() if error)
    return {"requests": asked, "new": new, "unchanged": unchanged, "errors": dict(errors.most_common())}


def _files(lake: Path, day: date) -> Iterable[Path]:
    return (lake / "fetches" / f"{PARTITION}={day.isoformat()}").glob("*.parquet")


def bugs(lake: Path, now: datetime) -> int:
    """Rejects of the last 24 hours that are khabar's own fault."""
    found = 0
    for day in (now - _DAY, now):
        for file in (lake / "rejects" / f"{PARTITION}={day.date().isoformat()}").glob("*.parquet"):
            rows: Any = pq.read_table(file, partitioning=None, columns=["fetched_at", "reason"])
            ours = pc.and_(pc.equal(rows["reason"], "bug"), pc.greater(rows["fetched_at"], now - _DAY))
            found += pc.sum(ours).as_py() or 0
    return found


def stream_line(stream: dict[str, Any], now: datetime) -> str:
    """How the stream goes, in words."""
    state = stream.get("state")
    why = f" ({cell(stream['why'])})" if state not in (None, "running") else ""
    window = f"newest window {since(stream['window_end'], now)}"
    lag = f", lag {stream['lag_s']:.0f} s" if stream["window_end"] else ""
    return (
        f"stream {state or 'without a supervisor'}{why}: {window}{lag}; last day: {stream['windows']} windows, "
        f"{stream['articles']} articles, {stream['rejected']} rejected, {stream['restarts']} restarts"
    )


def ago(moment: str | None, now: datetime) -> str:
    """How long ago (or ahead) a moment is, in one unit.

    >>> ago("2024-06-01T10:00:00Z", datetime(2024, 6, 1, 12, 30, tzinfo=UTC))
    '2h'
    """
    if moment is None:
        return "never"
    seconds = (now - datetime.fromisoformat(moment)).total_seconds()
    sign, seconds = ("in ", -seconds) if seconds < 0 else ("", seconds)
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= size:
            return f"{sign}{int(seconds // size)}{unit}"
    return f"{sign}{int(seconds)}s"


def since(moment: str | None, now: datetime) -> str:
    """How long ago a moment was, as words; a window that a drain cut short ends ahead.

    >>> since("2024-06-01T10:00:00Z", datetime(2024, 6, 1, 12, 30, tzinfo=UTC)), since(None, datetime.now(UTC))
    ('2h ago', 'never')
    """
    told = ago(moment, now)
    return told if moment is None else f"ends {told}" if told.startswith("in ") else f"{told} ago"


def coming(moment: str | None, now: datetime) -> str:
    """How long a moment is ahead; `due` where it has come.

    >>> coming("2024-06-01T10:00:00Z", datetime(2024, 6, 1, 12, 30, tzinfo=UTC))
    'due'
    """
    told = ago(moment, now)
    return told if told.startswith("in ") else "due"


def main(argv: Sequence[str] | None = None) -> int:
    """Exit codes: 0, or 2 where nothing was ever fetched into the lake."""
    options = status_options(argv)
    lake, now = Path(options.lake), datetime.now(UTC)
    state = newest(lake)
    stream = stream_state(lake, now)
    if not state and not stream:
        print(f"khabar status: error: nothing was fetched into {options.lake} yet", file=sys.stderr)
        return 2
    found, day, commit = sources(state.values(), now), undisturbed(lambda: last_day(lake, now)), _iso(last_commit(lake))
    day["bugs"] = undisturbed(lambda: bugs(lake, now))
    if options.json:
        told = {"committed_at": commit, "last_day": day, "sources": found, "stream": stream}
        print(json.dumps(told, ensure_ascii=False))
        return 0
    names = ["source", "state", "feeds", "read", "news", "news/day", "next", "error"]
    rows = [
        [s["source"], s["state"], s["feeds"], ago(s["read_at"], now), ago(s["news_at"], now), s["news_a_day"],
         coming(s["next_at"], now), s["error"] or ""]
        for s in found
    ]  # fmt: skip
    if rows:
        print("\n".join(table(names, rows, options.width)))
    if failing := [s for s in found if s["error"]]:
        # Servers write into some of them.
        print("", *(f"{cell(s['source'])}: {cell(s['detail'] or s['error'])}" for s in failing), sep="\n")
    if rows:
        print()
    kinds = ", ".join(f"{count} {kind}" for kind, count in day["errors"].items()) or "none"
    print(
        f"last commit {since(commit, now)}; last day: {day['requests']} requests, {day['new']} new, errors: {kinds}"
        + (f", bugs: {day['bugs']}" if day["bugs"] else "")
    )
    if stream:
        print(stream_line(stream, now))
    return 0
