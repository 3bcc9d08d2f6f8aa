"""Files to raw inputs, whatever they are encoded in and however large they are."""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from schemas.item import Item
from schemas.reject import Reject
from transforms import parse as parsing
from transforms import read
from transforms.feeds.jsonl import parse_line
from transforms.feeds.text import parse_text
from transforms.normalize import Run
from transforms.parse import parse
from transforms.read import match_inputs, read_inputs

TEXT = "قال وزير الخارجية إن المحادثات ستستأنف في العاصمة يوم الأحد المقبل."
RUN = Run("r", "a", datetime(2020, 1, 1, tzinfo=UTC))


def write(folder: Path, content: bytes, name: str = "a.jsonl") -> str:
    path = folder / name
    path.write_bytes(content)
    return str(path)


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_json_lines(tmp_path: Path, encoding: str, ends: str, mark: str) -> None:
    # U+0A0A and U+060A have the byte of a line's end within.
    texts = [TEXT, f"{TEXT} \u0a0a \u060a \U0001f600", "short"]
    lines = ends.join(["", *(json.dumps({"text": t}, ensure_ascii=False) for t in texts), "  ", ""])
    raws = list(read_inputs(write(tmp_path, (mark + lines).encode(encoding))))
    items = [parse_line(raw) for raw in raws]
    assert [(i.text, i.position, i.encoding) for i in items] == [(t, n, encoding) for n, t in enumerate(texts, 2)]
    assert all(item.repairs == () for item in items)


def test_lines_over_many_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "_BLOCK", 64)
    lines = [json.dumps({"text": TEXT * n}, ensure_ascii=False) for n in range(1, 9)]
    for encoding in ("utf-8", "utf-16"):
        path = write(tmp_path, "\n".join(lines).encode(encoding))
        assert [parse_line(raw).text for raw in read_inputs(path)] == [TEXT * n for n in range(1, 9)]


@pytest.mark.parametrize("pattern", ["s", "s/", "./s", ".//s/./", "./s/*"])
def test_the_same_files_have_the_same_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pattern: str) -> None:
    (tmp_path / "s").mkdir()
    write(tmp_path / "s", b"x")
    monkeypatch.chdir(tmp_path)
    assert match_inputs(pattern) == [str(tmp_path.resolve() / "s" / "a.jsonl")]


@pytest.mark.parametrize("name", ["feeds.opml", "feeds.toml", ".hidden.jsonl", "_part.jsonl"])
def test_a_folder_without_what_is_no_article(tmp_path: Path, name: str) -> None:
    article, other = write(tmp_path, b"x"), write(tmp_path, b"x", name)
    assert match_inputs(str(tmp_path)) == [article]
    assert match_inputs(str(tmp_path / "*")) == [article]
    assert match_inputs(other) == [other]


def test_a_file_of_a_forced_kind(tmp_path: Path) -> None:
    path = write(tmp_path, json.dumps({"text": TEXT}, ensure_ascii=False).encode())
    assert [raw.format for raw in read_inputs(path, "text")] == ["text"]


@pytest.mark.parametrize("packed", [False, True])
def test_what_is_too_large_is_a_reject(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, packed: bool) -> None:
    for module in (read, parsing):
        monkeypatch.setattr(module, "MAX_BYTES", 1000)
    monkeypatch.setattr(read, "_BLOCK", 64)
    large, small = json.dumps({"text": "x" * 5000}), json.dumps({"text": "x" * 900})
    files = {"a.txt": "x" * 5000, "b.txt": "x" * 1000, "c.jsonl": f"{large}\n{small}\n{large}"}
    pack = gzip.compress if packed else bytes
    ends = ".gz" if packed else ""
    paths = [write(tmp_path, pack(content.encode()), name + ends) for name, content in files.items()]
    raws = [raw for path in paths for raw in read_inputs(path)]
    found = [one for raw in raws for one in parse(raw, {"jsonl": parse_line, "text": parse_text}, RUN)]
    assert max(len(raw.payload) for raw in raws) == 1001
    reasons = [one.reason if isinstance(one, Reject) else "item" for one in found]
    assert reasons == ["too-large", "item", "too-large", "item", "too-large"]
    assert [one.position for one in found if isinstance(one, Item)] == [0, 2]
    assert isinstance(found[-1], Reject)
    assert found[-1].input.endswith("#3")


def test_lost_letters_are_looked_for_in_the_fields(tmp_path: Path) -> None:
    lines = [{"text": TEXT, "url": "https://example.org/?????"}, {"text": "??? ????? ????"}]
    path = write(tmp_path, "\n".join(json.dumps(line) for line in lines).encode())
    item, lost = (one for raw in read_inputs(path) for one in parse(raw, {"jsonl": parse_line}, RUN))
    assert isinstance(item, Item)
    assert item.repairs == ()
    assert isinstance(lost, Reject)
    assert lost.reason == "letters-lost"
