"""explain: an article with its layers, on a terminal and as a page, and why its events are so."""

import io
import json
import os
import pty
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from pipelines.cli import main
from pipelines.explained import Explained, explained
from pipelines.layers import Mark, coloured, marked, pieces, widened
from pipelines.page import page
from pipelines.reasons import Watcher
from tests.documents import document
from tests.pipelines.whole_runs import ROOT, article, rows
from transforms.analyze import analyze
from transforms.arabic.choices import LABELS, UNIT, rankers
from transforms.engines.table import DEFAULT
from transforms.events import annotate_events

TEXT = (
    "قصف الجيش السوري مدينة حلب يوم الثلاثاء، ما أسفر عن مقتل 12 شخصا. "
    "وقال وزير الخارجية الروسي سيرغي لافروف: «نطالب بوقف القصف». وزار الوفد بيروت."
)


@pytest.fixture(scope="module")
def found() -> Explained:
    return explained(document(TEXT), DEFAULT, 3)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "articles.jsonl"
    lines = [{"id": f"a{n}", "title": f"عنوان {n}", "text": TEXT, "published": "2021-05-05"} for n in (1, 2)]
    path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in [lines[0], lines[1]]), "utf-8")
    return path


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["explain", *arguments]) == 0
    return capsys.readouterr().out


def unmarked(line: str) -> str:
    """A line without colours, signs and isolates."""
    return re.sub("\x1b\\[[0-9;]*m|[*{}<>\\[\\]\u2066-\u2069]", "", line)


def test_watching_changes_nothing(found: Explained) -> None:
    assert found.doc == analyze(document(TEXT))
    assert found.doc.events


def test_each_choice_is_the_rows(found: Explained) -> None:
    for event, reasons in zip(found.doc.events, found.reasons, strict=True):
        by_name = {reason.name: reason for reason in reasons}
        for role in ("actor", "target", "said_by", "place"):
            span = by_name[role].chosen
            at = (span.start, span.end) if span else (None, None)
            assert at == (getattr(event, f"{role}_start"), getattr(event, f"{role}_end"))
        day = by_name["day"].chosen
        assert (day.first, day.rule) == (event.date_start, event.date_rule) if day else event.date_start is None
        for name in LABELS:
            if name in by_name:
                assert (by_name[name].chosen or None) == getattr(event, name)


def test_weights_lift_what_was_chosen_above_the_next_best(found: Explained) -> None:
    watcher = Watcher()
    doc = annotate_events(found.doc, watcher)
    checked = 0
    for i in range(len(doc.events)):
        for reason in watcher.reasons(doc, i, rankers(), 10**6):
            options, features = watcher.seen[i][reason.name]
            sums = [sum(rankers().weight(reason.name, f) for f in row) for row in features]
            best = sums[options.index(reason.chosen)]
            assert 0 <= reason.other_probability <= 1
            if reason.name in (*LABELS, "place", "day"):
                assert best == max(sums)
                assert reason.probability >= reason.other_probability
                other = features[options.index(reason.other)] if len(options) > 1 else ()
                margin = best - sum(rankers().weight(reason.name, f) for f in other)
                assert sum(w.weight for w in reason.weights) >= margin - 0.01
            assert [w.weight for w in reason.weights] == sorted((w.weight for w in reason.weights), reverse=True)
            assert all(w.weight > 0 and w.told(reason.name) for w in reason.weights)
            checked += len(reason.weights)
    assert checked > 20


def test_weights_are_those_that_the_choice_sums() -> None:
    ranker = rankers()
    feature = "T=ASSAULT"
    labels = ("actual", "planned")
    assert ranker.weight("status", f"actual|{feature}") != ranker.weight("status", f"planned|{feature}")
    top = ranker.label("status", labels, [feature])
    assert ranker.weight("status", f"{labels[top]}|{feature}") == max(
        ranker.weight("status", f"{label}|{feature}") for label in labels
    )
    for name in ("actor", "place", "event"):
        (found,) = ranker.sums(name, [["0", "0T=ASSAULT"]])
        assert found / UNIT == pytest.approx(ranker.weight(name, "0") + ranker.weight(name, "0T=ASSAULT"))
    assert ranker.weight("actor", "no such feature") == ranker.weight("status", "no such|feature") == 0


def test_signs_show_the_layers(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = told(capsys, str(file))
    assert "*قصف*" in out
    assert "[سيرغي لافروف]" in out
    assert re.search("\u2067.*{[*]?نطالب.*القصف[*]?}", out)
    assert "<يوم الثلاثاء>" in out
    assert "a1" in out
    assert "عنوان 1" in out
    assert re.search(r"event    \u2068قصف\u2069  ASSAULT.*found by network\+ranker \d\.\d\d", out)
    assert re.search(r"actor    \u2068الجيش السوري\u2069 \d\.\d\d  SYR  MIL", out)
    assert re.search(r"place    \u2068حلب\u2069 \d\.\d\d  SYR  \(its own sentence\)", out)
    assert re.search(r"day      2021-05-04 .*\((clause|sentence): its own sentence\)", out)
    assert re.search(r"killed 12", out)
    assert re.search(r"quote    \u2068نطالب.*by \u2068سيرغي لافروف\u2069, cue \u2068قال\u2069, direct", out)


@pytest.mark.parametrize("color", [False, True])
def test_the_text_stays_whole_and_isolates_are_closed(color: bool, found: Explained) -> None:
    from pipelines.explain import lines

    out = [part for line in lines(found, color) for part in line.split("\n")]
    for line in out:
        depth = 0
        for letter in line:
            depth += (letter in "\u2066\u2067\u2068") - (letter == "\u2069")
            assert 0 <= depth <= 2
        assert depth == 0, line
    shown = [line for line in out if "\u2067" in line]
    assert [unmarked(line).lstrip(" 0123456789") for line in shown] == [s.text for s in found.doc.sentences]
    outside = re.sub("[\u2066-\u2068][^\u2066-\u2069]*\u2069", "", "\n".join(out))
    assert not re.search("[\u0600-\u06ff]", outside), "Arabic stands in isolates only"


def test_colours_are_for_terminals_that_want_them(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def on_a_terminal(*more: str, **env: str) -> bytes:
        terminal, end = pty.openpty()
        command = [sys.executable, "-m", "pipelines", "explain", str(file), *more]
        environment = {k: v for k, v in os.environ.items() if k != "NO_COLOR"} | {"TERM": "xterm"} | env
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=end, stderr=subprocess.DEVNULL)
        os.close(end)
        shown = b""
        while True:
            try:
                shown += os.read(terminal, 1 << 16)
            except OSError:  # the other end is closed
                break
        os.close(terminal)
        assert process.wait(60) == 0
        return shown

    assert b"\x1b[" in on_a_terminal()
    assert b"\x1b" not in on_a_terminal(NO_COLOR="1")
    assert b"\x1b" not in on_a_terminal("--no-color")
    assert "\x1b" not in told(capsys, str(file))


def test_files_stdin_and_lakes(
    file: Path, clean: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert "عنوان 2" in told(capsys, str(file), "--number", "2")
    plain = tmp_path / "plain.txt"
    plain.write_text(TEXT, "utf-8")
    assert "قصف" in told(capsys, str(plain))
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(file.read_bytes()), encoding="utf-8"))
    assert "عنوان 2" in told(capsys, "-", "--number", "2")
    row = next(r for r in rows(clean, "articles") if r["guid"] == "x3")
    outs = {told(capsys, str(clean), row[name]) for name in ("guid", "article_id", "version_id")}
    assert len(outs) == 1
    assert article(3)["title"] in outs.pop()
    triggers = {r["trigger"] for r in rows(clean, "events") if r["version_id"] == row["version_id"]}
    out = told(capsys, str(clean), "x3")
    assert {t for t in triggers if f"event    \u2068{t}\u2069" in out} == triggers != set()


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["none.jsonl"], "matches no file"),
        (["seeds/articles.jsonl", "--number", "99"], "has 14 articles, not 99"),
        (["seeds/articles.jsonl", "x"], "no lake"),
        (["{}"], "is a lake: name the article"),
        (["{}", "none"], "no article or version none"),
        (["{}", "x1", "--number", "2"], "for files"),
        (["seeds/articles.jsonl", "--html", "/proc/none/x.html"], "/proc/none/x.html"),
        (["seeds/articles.jsonl", "--names", "xyz"], "no engine 'xyz'"),
        (["setup.cfg", "--format", "jsonl"], "matches no file"),
        (["setup.py", "--format", "jsonl"], "setup.py has 0 articles, not 1; "),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_what_is_not_there_is_said(
    arguments: list[str], error: str, clean: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    try:
        code = main(["explain", *(a.format(clean) for a in arguments)])
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    printed = capsys.readouterr()
    assert (code, printed.out) == (2, "")
    assert error in printed.err


def test_marks_cross_and_nest() -> None:
    text = "abcdefgh"
    marks = [Mark(0, 5, "quote", ""), Mark(2, 7, "PER", ""), Mark(3, 4, "event", "")]
    parts = list(pieces(text, 0, 8, marks))
    assert [part.text for part in parts] == ["ab", "c", "d", "e", "fg", "h"]
    assert marked(parts) == "{ab[c*d*e}fg]h"
    assert re.sub("\x1b\\[[0-9;]*m", "", coloured(parts)) == text
    assert "\x1b[3;36;1;7md\x1b[0m" in coloured(parts)


def test_a_word_is_never_parted() -> None:
    text = "في وبوتين قال"
    mark = widened(text, Mark(4, 9, "PER", "بوتين"))
    assert text[mark.start : mark.end] == "وبوتين"
    assert marked(list(pieces(text, 0, len(text), [mark]))) == "في [وبوتين] قال"


def test_what_steers_a_terminal_is_left_out() -> None:
    (part,) = pieces("a\x1b[31m\u202eb\u2069\nc\u200cd", 0, 13, [])
    assert part.text == "a [31m b  c\u200cd"
    assert len(part.text) == 13


class Page(HTMLParser):
    """Tags that are open at the end, the text of paragraphs, and tags that were seen."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.paragraphs: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        if tag == "p" and not attrs:
            self.paragraphs.append("")
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "p" in self.open and self.paragraphs and "bdi" not in self.open:
            self.paragraphs[-1] += data


def test_a_page_holds_the_article_and_nothing_of_it_as_code(found: Explained) -> None:
    made = page(found)
    parser = Page()
    parser.feed(made)
    assert parser.open == []
    assert parser.paragraphs == [s.text for s in found.doc.sentences]
    assert '<html lang="ar" dir="rtl">' in made
    assert re.search(r'<span class="LOC" title="LOC حلب">حلب</span>', made)
    assert 'class="event"' in made
    bad = document('قصف الجيش <script>alert("1")</script> & مدينة "حلب" <b>أمس</b>.')
    parser = Page()
    parser.feed(page(explained(bad, DEFAULT, 1)))
    assert not {"script", "b"} & set(parser.seen)
    assert "".join(parser.paragraphs) == bad.article.text


def test_a_page_is_written(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "page.html"
    assert told(capsys, str(file), "--html", str(out)) == ""
    assert "عنوان 1" in out.read_text("utf-8")
