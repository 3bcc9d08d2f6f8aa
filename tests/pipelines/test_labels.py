"""Labels of one's own: from sheet to labels and back to articles with text, on sentences of our own."""

import json
from pathlib import Path
from typing import Any

import pytest

from pipelines import labels, train
from schemas.event import EVENT_TYPES, STATUSES
from transforms.arabic.circumstances import modes
from transforms.arabic.spans import Span
from transforms.engines.statistical import NAME_TYPES

TEXT = (
    "قصفت الطائرات مواقع المسلحين في بلدة النخيل، وقصفت المدفعية الميناء.\n"
    "ودانت الخارجية القصف، وقالت إن الجيش سينسحب من النخيل."
)
SHEET = """# one
0 | قصفت | ASSAULT | aerial | الطائرات | مواقع المسلحين | النخيل | SYR | 2018-03-01 | a |
0 | قصفت#2 | ASSAULT | heavy-weapons | المدفعية | الميناء | 1:النخيل | SYR | | a |

1 | القصف | ASSAULT |  | المدفعية | | | SYR | 2018-02/2018-03-01 | a |
1 | سينسحب | RETREAT | withdraw | الجيش | | النخيل | | | p | الخارجية
@0 LOC النخيل
@1 ORG الخارجية ; LOC النخيل
# two
"""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    path = tmp_path / "corpus.jsonl"
    rows = [
        {"id": name, "text": TEXT, "published": "Thu, 01 Mar 2018 20:50:35 +0400", "source": "ours"}
        for name in ("one", "two")
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def joined(corpus: Path, tmp_path: Path, sheet: str) -> list[dict[str, Any]]:
    (tmp_path / "sheet.txt").write_text(sheet, "utf-8")
    labels.main(["pack", str(tmp_path / "sheet.txt"), "--corpus", str(corpus), "--out", str(tmp_path / "labels.jsonl")])
    labels.main(
        ["join", str(tmp_path / "labels.jsonl"), "--corpus", str(corpus), "--out", str(tmp_path / "gold.jsonl")]
    )
    return list(train.read_gold(tmp_path / "gold.jsonl"))


def test_what_is_packed_holds_no_text_and_comes_back_whole(corpus: Path, tmp_path: Path) -> None:
    article, bare = joined(corpus, tmp_path, SHEET)
    assert not set(TEXT) & set("ابتثجحخدذرزسشصضطظعغفقكلمنهوي") & set((tmp_path / "labels.jsonl").read_text("utf-8"))
    first, second, third, fourth = article["events"]
    assert [e["trigger"] for e in article["events"]] == ["قصفت", "قصفت", "القصف", "سينسحب"]
    assert first["span"] == [0, 4]
    assert second["span"][0] > 4
    assert (first["place"], second["place"], third["place"]) == ("النخيل", "النخيل", None)
    assert first["place_span"][0] < second["place_span"][0] == fourth["place_span"][0]
    assert (fourth["status"], fourth["said_by"], fourth["s"]) == ("planned", "الخارجية", 1)
    assert (third["actor"], third["date"], third["mode"]) == ("المدفعية", "2018-02/2018-03-01", None)
    assert (article["date"], article["source"], len(article["sentences"])) == ("2018-03-01", "ours", 2)
    names = [(e["s"], e["type"], e["text"]) for e in article["entities"]]
    assert names == [(0, "LOC", "النخيل"), (1, "ORG", "الخارجية"), (1, "LOC", "النخيل")]
    assert not bare["events"]
    assert "entities" not in bare
    tokens, numbers = train.classes(article)
    assert [sum(map(bool, row)) for row in numbers] == [2, 2]
    assert len(tokens) == 2


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("@0 XXX النخيل", "no type of names: XXX"),
        ("@9 LOC النخيل", "no line of names"),
        ("@1 LOC النخيل ; ORG الخارجية", "«الخارجية» does not stand in sentence 1 after"),
        ("0 | قصفت | ASSAULT", "3 columns, 11 are wanted"),
        ("7 | قصفت | ASSAULT | | | | | | | a |", "no sentence 7"),
        ("0 | هاجمت | ASSAULT | | | | | | | a |", "«هاجمت» does not stand in sentence 0"),
        ("0 | قصفت#3 | ASSAULT | | | | | | | a |", "«قصفت#3» does not stand"),
        ("0 | قصفت | ATTACK | | | | | | | a |", "no type ATTACK"),
        ("0 | قصفت | ASSAULT | visit | | | | | | a |", "ASSAULT has no mode visit"),
        ("0 | قصفت | ASSAULT | | | | | | | x |", "status x is none of a, p, h, n"),
        ("0 | قصفت | ASSAULT | | | | | Syria | | a |", "no country: Syria"),
        ("0 | قصفت | ASSAULT | | | | | | 1.3.2018 | a |", "no date: 1.3.2018"),
        ("0 | قصفت | ASSAULT | | القرصان | | | | | a |", "«القرصان» stands nowhere"),
        ("0 | قصفت | ASSAULT | | 1:المدفعية | | | | | a |", "«1:المدفعية» stands nowhere"),
    ],
)
def test_a_line_that_is_wrong_is_told_with_its_place(corpus: Path, tmp_path: Path, line: str, fault: str) -> None:
    with pytest.raises(SystemExit, match=f"sheet.txt:2: .*{fault}"):
        joined(corpus, tmp_path, f"# one\n{line}\n")


def test_articles_that_are_not_there_and_events_told_twice_are_refused(corpus: Path, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"sheet\.txt:1: no such article: three"):
        joined(corpus, tmp_path, "# three\n")
    again = SHEET.splitlines()[1]
    with pytest.raises(SystemExit, match=r"sheet\.txt:3: told twice"):
        joined(corpus, tmp_path, f"# one\n{again}\n{again}\n")


def test_a_text_that_changed_since_is_refused(corpus: Path, tmp_path: Path) -> None:
    text = labels.texts([corpus], {"one"})["one"]
    label = labels.packed(text, labels.Labels([{"span": Span(0, 4), "type": "ASSAULT", "status": "actual"}], []))
    assert labels.joined(label, text)["events"][0]["trigger"] == "قصفت"
    with pytest.raises(ValueError, match="no article one with the text that was labelled"):
        labels.joined(label, text._replace(text=f"{TEXT} "))
    with pytest.raises(ValueError, match="no article one"):
        labels.joined(label, None)


def test_a_sheet_to_write_on_shows_numbered_sentences(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    labels.main(["sheet", str(corpus), "--ids", "two"])
    shown = capsys.readouterr().out.splitlines()
    assert shown[0] == "# two  2018-03-01  ours"
    assert shown[1].startswith("[0] قصفت")
    assert shown[2].startswith("[1] ودانت")
    with pytest.raises(SystemExit):
        labels.main(["sheet", str(corpus), "--ids", "two", "three"])
    assert "not in the corpus: three" in capsys.readouterr().err


SHARED = Path(labels.__file__).parents[2] / "shared"
SHIPPED = Path(labels.__file__).parents[1] / "transforms" / "arabic" / "labels" / "broadcasters.jsonl"


def test_the_labels_of_ours_are_whole_and_hold_no_text() -> None:
    rows = [json.loads(line) for line in SHIPPED.read_text("utf-8").splitlines()]
    assert len({row["id"] for row in rows}) == len(rows) > 1500
    for row in rows:
        assert row.keys() <= {"id", "digest", "events", "names"}, row["id"]
        for event in row["events"]:
            assert event.keys() <= {"span", "type", "status", "mode", "country", "date", *labels.PHRASES}, row["id"]
            assert event["type"] in EVENT_TYPES, row["id"]
            assert event["status"] in STATUSES, row["id"]
            assert event.get("mode", "") in modes(event["type"]), row["id"]
            assert all(start < end for start, end in (event[p] for p in ("span", *labels.PHRASES) if p in event)), row[
                "id"
            ]
        assert all(start < end and kind in NAME_TYPES for start, end, kind in row.get("names", ())), row["id"]


@pytest.mark.skipif(not (SHARED / "corpus").is_dir(), reason="the corpus in ../shared is not at hand")
def test_the_labels_of_ours_fit_the_corpus(tmp_path: Path) -> None:
    corpora = [SHARED / "corpus" / name for name in ("ant_8000.jsonl.gz", "ant_more.jsonl.gz")]
    labels.main(["join", str(SHIPPED), "--corpus", *map(str, corpora), "--out", str(tmp_path / "gold.jsonl")])
    articles = list(train.read_gold(tmp_path / "gold.jsonl"))
    assert len(articles) > 1500
    assert all(e["trigger"] and e["trigger"] == e["trigger"].strip() for a in articles for e in a["events"])
