"""`khabar feeds`: lists are shown and edited, and wrong ones refused."""

from pathlib import Path

import pytest

from pipelines.cli import main
from tests.servers import RawServer, answer, item, rss, saying

ROOT = Path(__file__).parents[2]


def test_the_list_of_the_project_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["feeds", "list", str(ROOT / "seeds" / "feeds.opml")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) >= 40
    assert all(line.count("\t") == 7 for line in lines)


def test_what_is_missing_is_named_as_help_names_it(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["feeds"])
    assert ended.value.code == 2
    assert "required: {list,check,add}" in capsys.readouterr().err


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


def test_each_feed_is_tried_and_what_is_wrong_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = "<title>خبر بلا رابط</title><pubDate>2024-06-01 08:00</pubDate>"
    with (
        RawServer(saying(answer(rss(item(1), bad, "<link>/x</link>")))) as good,
        RawServer(saying(answer(b"", "404 Gone"))) as gone,
    ):
        path = tmp_path / "feeds.toml"
        tables = [f'[[feed]]\nurl = "{server.url(host="127.0.0.1")}"\nsource = "x"\n' for server in (good, gone)]
        path.write_text("\n".join(tables), "utf-8")
        code = main(["feeds", "check", str(path), "--allow-private", "127.0.0.1", "--between", "0"])
        lines = sorted(line.split("\t") for line in capsys.readouterr().out.splitlines())
        assert code == 0
        assert [line[0] for line in lines] == ["ok", "status"]
        assert lines[0][1] == "2"
        for told in ("1 bad entries (no-text)", "without links", "without a zone", "summaries alone"):
            assert told in lines[0][5]
        assert "404" in lines[1][5]
        path.write_text(tables[1], "utf-8")
        assert main(["feeds", "check", str(path), "--allow-private", "127.0.0.1", "--between", "0"]) == 4


def test_private_addresses_are_refused_unless_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with RawServer(saying(answer(rss(item(1))))) as server:
        path = tmp_path / "feeds.toml"
        path.write_text(f'[[feed]]\nurl = "{server.url(host="127.0.0.1")}"\nsource = "x"\n', "utf-8")
        assert main(["feeds", "check", str(path)]) == 4
        assert "--allow-private 127.0.0.1" in capsys.readouterr().out
        assert server.requests == []
