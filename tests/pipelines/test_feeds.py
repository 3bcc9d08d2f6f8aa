"""`khabar feeds`: lists are shown and edited, and wrong ones refused."""

from pathlib import Path

import pytest

from pipelines.cli import main

ROOT = Path(__file__).parents[2]


def test_the_list_of_the_project_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["feeds", "list", str(ROOT / "seeds" / "feeds.opml")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) >= 40
    assert all(line.count("\t") == 7 for line in lines)


@pytest.mark.parametrize("name", ["feeds.toml", "feeds.opml"])
def test_feeds_are_added(tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(tmp_path / name)
    assert main(["feeds", "add", path, "https://a.example/rss", "--source", "a.example", "--interval", "15m"]) == 0
    assert main(["feeds", "add", path, "https://b.example/rss", "--source", "b.example", "--fulltext"]) == 0
    capsys.readouterr()
    assert main(["feeds", "list", path]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first.split("\t")[4:7] == ["15m", "feed", "https://a.example/rss"]
    assert second.split("\t")[4:7] == ["adaptive", "full text", "https://b.example/rss"]
    before = Path(path).read_bytes()
    assert main(["feeds", "add", path, "https://a.example/rss", "--source", "c"]) == 2
    assert "already" in capsys.readouterr().err
    assert Path(path).read_bytes() == before


def test_a_list_that_is_not_there_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["feeds", "list", str(tmp_path / "none.opml")]) == 2
    assert "No such file" in capsys.readouterr().err
