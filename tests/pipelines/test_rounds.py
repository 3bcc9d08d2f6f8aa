"""Rounds of feeds end to end, against servers on loopback: what is published, what is not asked twice, what a kill costs."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from pipelines.cli import main
from pipelines.feedoptions import NetOptions
from pipelines.feeds import opened
from pipelines.fetching import crew
from pipelines.rounds import reasons
from schemas.arrow import from_table, to_table
from schemas.fetch import Fetch
from tests.fetches import fetch_row
from tests.pipelines.whole_runs import ROOT, files, rows
from tests.servers import RawServer, answer, item, rss
from transforms.fetch.fetcher import Stamp


class Publisher:
    """A feed whose entries a test changes, and which knows conditional requests."""

    def __init__(self, server: HTTPServer, path: str = "/rss") -> None:
        self.entries: list[str] = [item(1), item(2)]
        self.asked: list[int] = []
        self.url = server.url_for(path)
        server.expect_request(path).respond_with_handler(self._answer)

    def _answer(self, request: Request) -> Response:
        body = rss(*self.entries)
        tag = f'"{hash(body)}"'
        same = request.headers.get("If-None-Match") == tag
        self.asked.append(304 if same else 200)
        return Response(status=304) if same else Response(body, headers={"ETag": tag, "Content-Type": "text/xml"})


@pytest.fixture
def publisher(httpserver: HTTPServer) -> Publisher:
    return Publisher(httpserver)


@pytest.fixture
def listed(tmp_path: Path, publisher: Publisher) -> Path:
    return write_list(tmp_path / "feeds.toml", publisher.url)


def write_list(path: Path, *urls: str, more: str = "") -> Path:
    path.write_text("\n".join(f'[[feed]]\nurl = "{url}"\nsource = "news.test"\n{more}\n' for url in urls), "utf-8")
    return path


def command(listed: Path, lake: Path, *more: str) -> list[str]:
    return ["ingest", "--feeds", str(listed), "--lake", str(lake), "--allow_private=localhost", "--between=0", *more]


def run(listed: Path, lake: Path, capsys: pytest.CaptureFixture[str], *more: str, code: int = 0) -> dict[str, Any]:
    make_due(lake)
    assert main(command(listed, lake, *more)) == code
    return json.loads(capsys.readouterr().out)


def make_due(lake: Path) -> None:
    """As if time had passed: every feed is due now."""
    path = lake / "_state" / "feeds.parquet"
    if path.exists():
        from dataclasses import replace

        past = datetime.now(UTC) - timedelta(minutes=1)
        state = [replace(row, next_at=past) for row in from_table(Fetch, pq.read_table(path))]
        pq.write_table(to_table(Fetch, state), path)


def test_a_round_publishes_and_the_next_one_asks_for_changes_alone(
    listed: Path, publisher: Publisher, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lake = tmp_path / "lake"
    first = run(listed, lake, capsys)
    assert (first["read"], first["written"], first["rows"]["fetches"]) == (2, 2, 1)
    assert first["feeds"] == {"listed": 1, "asked": 1, "unchanged": 0, "failed": 0, "pages": 0, "pages_failed": 0}
    second = run(listed, lake, capsys)
    assert (second["read"], second["feeds"]["unchanged"]) == (0, 1)
    publisher.entries.insert(0, item(3))
    third = run(listed, lake, capsys)
    assert (third["read"], third["written"], third["duplicates"]) == (3, 1, 2)
    assert publisher.asked == [200, 304, 200]
    articles = rows(lake, "articles")
    assert {row["source"] for row in articles} == {"news.test"}
    assert len({row["article_id"] for row in articles}) == len(articles) == 3
    fetches = sorted(rows(lake, "fetches"), key=lambda row: row["fetched_at"])
    assert [(row["status"], row["entries"], row["new"]) for row in fetches] == [(200, 2, 2), (304, 0, 0), (200, 3, 1)]
    assert len({row["run_id"] for row in fetches}) == 3
    assert all(row["next_at"] > row["fetched_at"] for row in fetches)


def test_another_runner_publishes_the_same(
    publisher: Publisher, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    listed = write_list(tmp_path / "feeds.toml", publisher.url, "http://localhost:1/rss")
    lines = []
    for name, more in (("a", []), ("b", ["--runner=BundleBasedDirectRunner"])):
        lines.append(run(listed, tmp_path / name, capsys, *more))
        lines[-1].pop("run_id")
    assert lines[0] == lines[1]
    assert (lines[0]["written"], lines[0]["errors"]) == (2, {"connect": 1})
    kept = ("article_id", "version_id", "text", "published_at", "source", "url")
    told = [sorted(([row[k] for k in kept] for row in rows(tmp_path / name, "articles")), key=str) for name in "ab"]
    assert told[0] == told[1]
    assert run(listed, tmp_path / "b", capsys, "--runner=BundleBasedDirectRunner")["feeds"]["unchanged"] == 1


def test_a_feed_that_is_not_due_is_not_asked(
    listed: Path, publisher: Publisher, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(listed, tmp_path / "lake", capsys)
    assert main(command(listed, tmp_path / "lake")) == 0
    assert json.loads(capsys.readouterr().out)["feeds"]["asked"] == 0
    assert publisher.asked == [200]


def test_a_scheduler_that_runs_a_round_again_gets_the_same_run(
    listed: Path, publisher: Publisher, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lake = tmp_path / "lake"
    dated = run(listed, lake, capsys, "--logical_date=2024-06-01")
    assert dated["run_id"].startswith("20240601T000000-")
    assert run(listed, lake, capsys, "--logical-date", "2024-06-01")["read"] == 0
    assert run(listed, lake, capsys, "--run_id=mine")["run_id"] == "mine"
    assert run(listed, lake, capsys, "--run-id=mine")["rows"] == {}
    assert publisher.asked == [200, 304]


def test_failures_are_rows_and_all_of_them_are_code_4(
    publisher: Publisher, tmp_path: Path, httpserver: HTTPServer, capsys: pytest.CaptureFixture[str]
) -> None:
    lake = tmp_path / "lake"
    broken = httpserver.url_for("/broken")
    httpserver.expect_request("/broken").respond_with_data("", status=503, headers={"Retry-After": "7200"})
    some = run(write_list(tmp_path / "a.toml", publisher.url, broken), lake, capsys)
    assert (some["written"], some["feeds"]["failed"], some["errors"]) == (2, 1, {"status": 1})
    (failed,) = (row for row in rows(lake, "fetches") if row["error"])
    assert (failed["status"], failed["failures"]) == (503, 1)
    assert failed["next_at"] - failed["fetched_at"] >= timedelta(hours=2)
    every = run(write_list(tmp_path / "b.toml", broken), lake, capsys, code=4)
    assert (every["written"], every["rows"]) == (0, {"fetches": 1})


def test_private_addresses_need_to_be_named(
    listed: Path, publisher: Publisher, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ingest", "--feeds", str(listed), "--lake", str(tmp_path / "lake")]) == 4
    told = capsys.readouterr()
    assert json.loads(told.out)["errors"] == {"address": 1}
    assert "every feed that was asked failed: " in told.err
    assert "--allow-private localhost opens it" in told.err
    assert publisher.asked == []


def test_a_few_reasons_stand_for_all() -> None:
    at = datetime(2024, 6, 1, tzinfo=UTC)
    rows = [fetch_row(at, error="status", detail=f"{n}\x1b answers 404") for n in (1, 1, 2, 3, 4)]
    page, good = fetch_row(at, error="robots", detail="no", kind="page"), fetch_row(at)
    assert reasons([page, good, rows[0]]) == "1 answers 404"
    assert reasons([fetch_row(at, error="bug")]) == "bug"
    assert reasons(rows[:4]) == "1 answers 404; 2 answers 404; 3 answers 404"
    assert reasons(rows) == "1 answers 404; 2 answers 404; 3 answers 404; `khabar status` tells it of each source"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--feeds", "none.opml"], "No such file"),
        (["--feeds", "https://news.example/rss"], "feeds add feeds.opml https://news.example/rss"),
        (["--feeds", "x.toml", "--input", "y"], "different ways in"),
        (["--since", "2024-06-01"], "kept nothing"),
        (["--since", (datetime.now(UTC) + timedelta(hours=2)).isoformat()], "is not past yet"),
        (["--feeds", "x.toml", "--until", "2024-06-01"], "belongs to --since"),
        (["--feeds", "x.toml", "--format", "feed"], "belongs to --input"),
        (["--since", "2024-06-02", "--until", "2024-06-01"], "is not after"),
        (["--since", "2024-06-01", "--runner", "PrismRunner"], "works on this machine"),
        (["--feeds", "x.toml", "--keep-raw", "1", "--runner", "PrismRunner"], "works on this machine"),
        (["--feeds", "x.toml", "--runner", "NoSuchRunner"], "cannot be used"),
        (["--feeds", "x.toml", "--allow-private", "a b"], "no list of hosts"),
        (["--feeds", "x.toml", "--contact", "a\nb"], "is no address"),
        (["--feeds", "x.toml", "--snake_case=x"], "no such option: --snake_case=x"),
    ],
)
def test_wrong_options_are_refused(
    arguments: list[str], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        code = main(["ingest", "--lake", str(tmp_path / "lake"), *arguments])
    except SystemExit as ended:
        code = ended.code
    assert code == 2
    assert told in capsys.readouterr().err
    assert not (tmp_path / "lake" / "_runs").exists()


def test_what_was_kept_is_replayed_offline(
    listed: Path, publisher: Publisher, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lake, other = tmp_path / "lake", tmp_path / "other"
    old = lake / "_raw" / "fetched_date=2020-01-01"
    old.mkdir(parents=True)
    run(listed, lake, capsys, "--keep-raw", "7")
    assert not old.exists()
    publisher.entries.insert(0, item(3))
    run(listed, lake, capsys, "--keep-raw", "7")
    asked = len(publisher.asked)
    since = ["ingest", "--since", "2020-01-01", "--raw", str(lake)]
    assert main([*since, "--lake", str(other)]) == 0
    line = json.loads(capsys.readouterr().out)
    assert (line["read"], line["written"], line["duplicates"]) == (5, 3, 2)
    kept = ("article_id", "version_id", "text", "published_at", "fetched_at", "source", "url")
    told = [sorted(([row[name] for name in kept] for row in rows(path, "articles")), key=str) for path in (lake, other)]
    assert told[0] == told[1]
    assert main([*since, "--lake", str(lake)]) == 0
    assert json.loads(capsys.readouterr().out)["written"] == 0
    assert len(publisher.asked) == asked
    assert main(["ingest", "--since", "2020-01-01", "--until", "2020-02-01", "--lake", str(lake)]) == 2


PAGE = (
    "<!doctype html><html lang=ar><head><title>{0}</title></head><body><nav><a href=/>الرئيسية</a></nav><article><h1>{0}</h1>"
    "<p>{1}</p><p>{1}</p><p>اقرأ أيضا: <a href=/x>خبر آخر لا صلة له بهذا</a></p></article></body></html>"
)
BODY = (
    "أعلنت الوزارة في بيروت أن العمل سيبدأ الشهر المقبل بعد أن طلب الوزير دراسة جديدة للمشروع من اللجنة الفنية المختصة. "
    * 3
)


def test_full_text_is_fetched_once_for_each_new_entry(
    tmp_path: Path, httpserver: HTTPServer, capsys: pytest.CaptureFixture[str]
) -> None:
    publisher = Publisher(httpserver)
    listed = write_list(tmp_path / "feeds.toml", publisher.url, more="fulltext = true")
    titles = {n: f"مشروع رقم {n} في بيروت" for n in (1, 2, 3)}
    links = {n: item(n, titles[n], "ملخص قصير للخبر.", httpserver.url_for(f"/{n}.html")) for n in titles}
    for n, title in titles.items():
        httpserver.expect_request(f"/{n}.html").respond_with_data(
            PAGE.format(title, BODY), content_type="text/html; charset=utf-8"
        )
    httpserver.expect_request("/robots.txt").respond_with_data("User-agent: *\nAllow: /\n")
    lake = tmp_path / "lake"
    publisher.entries = [links[1], links[2]]
    first = run(listed, lake, capsys, "--keep-raw", "1")
    assert (first["written"], first["feeds"]["pages"]) == (2, 2)
    publisher.entries = [links[3], links[1], links[2]]
    second = run(listed, lake, capsys)
    assert (second["read"], second["written"], second["feeds"]["pages"]) == (1, 1, 1)
    articles = {row["title"]: row for row in rows(lake, "articles")}
    assert set(articles) == set(titles.values())
    for row in articles.values():
        assert BODY.strip() in row["text"]
        assert "اقرأ أيضا" not in row["text"]
        assert row["summary"] == "ملخص قصير للخبر."
        assert row["published_offset_min"] == 180
    pages = [request.path for request, _ in httpserver.log if request.path.endswith(".html")]
    assert sorted(pages) == ["/1.html", "/2.html", "/3.html"]
    assert main(["ingest", "--since", "2020-01-01", "--raw", str(lake), "--lake", str(tmp_path / "b")]) == 0
    assert {row["text"] for row in rows(tmp_path / "b", "articles")} <= {row["text"] for row in articles.values()}


def test_a_page_that_failed_becomes_a_version_when_it_comes(
    tmp_path: Path, httpserver: HTTPServer, capsys: pytest.CaptureFixture[str]
) -> None:
    publisher = Publisher(httpserver)
    listed = write_list(tmp_path / "feeds.toml", publisher.url, more="fulltext = true")
    publisher.entries = [item(1, "مشروع في بيروت", "ملخص قصير للخبر.", httpserver.url_for("/1.html"))]
    httpserver.expect_request("/robots.txt").respond_with_data("", status=404)
    answers = iter([503, 503, 200])

    def page(_: Request) -> Response:
        status = next(answers)
        return Response(
            PAGE.format("مشروع في بيروت", BODY) if status == 200 else "",
            status,
            content_type="text/html; charset=utf-8",
        )

    httpserver.expect_request("/1.html").respond_with_handler(page)
    lake = tmp_path / "lake"
    counts = [run(listed, lake, capsys) for _ in range(4)]
    assert [(line["written"], line["feeds"]["pages"]) for line in counts] == [(1, 1), (0, 1), (1, 1), (0, 0)]
    first, second = sorted(rows(lake, "articles"), key=lambda row: row["version_number"])
    assert first["article_id"] == second["article_id"]
    assert (first["text"], second["summary"]) == ("ملخص قصير للخبر.", "ملخص قصير للخبر.")
    assert BODY.strip() in second["text"]


def test_many_feeds_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    feeds, entries = 30, 10

    def serve(connection: Any, head: bytes) -> None:
        number = int(head.split()[1].rpartition(b"/")[2])
        body = rss(*(item(number * entries + n) for n in range(entries)))
        connection.sendall(answer(body, "200 OK", "Content-Type: text/xml"))

    with RawServer(serve) as server:
        urls = [server.url(f"/{n}", "localhost") for n in range(feeds)]
        listed = write_list(tmp_path / "feeds.toml", *urls)
        started = time.monotonic()
        with closing(crew(NetOptions(("localhost",), 0.0, 30.0, None), None, Stamp("r", "a"))) as fetching:
            found = list(fetching.read([(feed, None) for feed in opened(str(listed))]))
        fetched = time.monotonic() - started
        assert sum(len(one.raws) for one in found) == feeds
        started = time.monotonic()
        line = run(listed, tmp_path / "lake", capsys)
        whole = time.monotonic() - started
    assert (line["read"], line["written"]) == (feeds * entries, feeds * entries)
    print(
        f"fetching {feeds / fetched:.0f} feeds/s; whole round {feeds / whole:.1f} feeds/s, {line['read'] / whole:.0f} entries/s"
    )


@pytest.fixture
def dying(listed: Path, tmp_path: Path) -> Iterator[Any]:
    def start(patch: str) -> int:
        code = (
            "import os, signal\nimport pipelines.rounds, transforms.lake.publishing as publishing\n"
            f"def die(*a, **k): os.kill(os.getpid(), signal.SIGKILL)\n{patch} = die\n"
            "from pipelines.cli import main\nraise SystemExit(main())"
        )
        env = os.environ | {"PYTHONPATH": str(ROOT)}
        arguments = [sys.executable, "-c", code, *command(listed, tmp_path / "lake")]
        return subprocess.run(arguments, cwd=ROOT, env=env, capture_output=True, check=False).returncode

    return start


@pytest.mark.parametrize(
    ("patch", "published"),
    [("pipelines.rounds.publish", False), ("pipelines.rounds.stage_rows", False), ("publishing.finish", True)],
)
def test_a_kill_between_fetch_and_commit_loses_nothing_and_doubles_nothing(
    dying: Any,
    listed: Path,
    publisher: Publisher,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    patch: str,
    published: bool,
) -> None:
    lake = tmp_path / "lake"
    assert dying(patch) == -signal.SIGKILL
    assert not list((lake / "_runs").glob("*.json"))
    assert not (lake / "_state" / "feeds.parquet").exists()
    again = run(listed, lake, capsys)
    # An intent that was written is finished first: then the feed is not due.
    assert again["written"] == (0 if published else 2)
    assert publisher.asked == ([200] if published else [200, 200])
    publisher.entries.insert(0, item(3))
    assert run(listed, lake, capsys)["written"] == 1
    articles = rows(lake, "articles")
    assert len(articles) == len({row["article_id"] for row in articles}) == 3
    assert len(rows(lake, "fetches")) == 2
    assert not any("_staging" in path for path in files(lake))
