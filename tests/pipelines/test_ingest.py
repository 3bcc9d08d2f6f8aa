"""The main job on real files: every input is a row or a reject, every row says its own characters."""

import json
from pathlib import Path

import pyarrow.dataset as ds
import pytest

from pipelines.ingest import main

ARTICLES = [
    {
        "id": "a1",
        "source": "wire",
        "title": "قصف على ريف إدلب",
        "published": "2019-05-06T09:00:00Z",
        "text": "قال مصدر عسكري سوري أمس إن طائرات حربية شنت غارات على مدينة خان شيخون بريف إدلب الجنوبي.\n"
        "وأضاف المصدر أن القصف أسفر عن مقتل ثلاثة أشخاص وإصابة 12 آخرين.",
    },
    {
        "id": "a2",
        "source": "wire",
        "title": "مباحثات في تونس",
        "published": "2019-05-07T10:00:00+01:00",
        "text": "التقى وزير الخارجية التونسي خميس الجهيناوي نظيره الجزائري يوم 6 ماي في تونس. "
        "وأكد الجهيناوي: «نرفض أي تدخل عسكري في ليبيا».",
    },
]


def rows(lake: Path, table: str) -> list[dict]:
    return ds.dataset(lake / table, format="parquet", partitioning="hive").to_table().to_pylist()


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    path = tmp_path / "articles.jsonl"
    lines = [json.dumps(a, ensure_ascii=False) for a in ARTICLES] + [
        '{"id": "broken"',
        '{"id": "a3", "source": "wire"}',
    ]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def ingest(inputs: Path, lake: Path, *more: str) -> int:
    return main(["--input", str(inputs), "--lake", str(lake), "--logical-date", "2019-05-08T00:00:00Z", *more])


def test_every_input_is_a_row_or_a_reject(inputs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ingest(inputs, tmp_path / "lake") == 0
    counts = json.loads(capsys.readouterr().out)
    assert (counts["read"], counts["written"], counts["rejected"], counts["duplicates"]) == (4, 2, 2, 0)
    assert {r["guid"] for r in rows(tmp_path / "lake", "articles")} == {"a1", "a2"}
    assert len(rows(tmp_path / "lake", "rejects")) == 2


#: Of each table its phrases: prefix of the offsets' columns, and the column that says the words.
PHRASES = {
    "sentences": [("", "text")],
    "mentions": [("", "text")],
    "quotes": [("", "text"), ("cue_", "cue"), ("speaker_", "speaker_text")],
    "events": [("trigger_", "trigger"), *((f"{p}_", f"{p}_text") for p in ("actor", "target", "place", "said_by"))],
}
SEED = Path(__file__).parents[3] / "shared" / "seed" / "article.txt"


def told_by_rows(lake: Path) -> dict[str, int]:
    """How many phrases of each table the rows say, all of them cut from the article's own text."""
    texts = {r["version_id"]: r["text"] for r in rows(lake, "articles")}
    told = dict.fromkeys(PHRASES, 0)
    for table, phrases in PHRASES.items():
        for row in rows(lake, table):
            for prefix, words in phrases:
                start, end = row[f"{prefix}start"], row[f"{prefix}end"]
                assert row[words] == (None if start is None else texts[row["version_id"]][start:end]), (table, words)
                told[table] += start is not None
    return told


def test_every_row_says_its_own_characters(inputs: Path, tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    ingest(inputs, lake)
    assert min(told_by_rows(lake).values()) > 0


def test_the_samples_say_their_own_characters(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    ingest(Path(__file__).parents[2] / "seeds", lake)
    assert min(told_by_rows(lake).values()) > 50


@pytest.mark.skipif(not SEED.exists(), reason="the seed article in ../shared is not at hand")
def test_the_seed_article_fills_every_table(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    ingest(SEED, lake)
    assert len(rows(lake, "articles")) == 1
    assert min(told_by_rows(lake).values()) >= 15


def test_running_again_publishes_nothing(inputs: Path, tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    ingest(inputs, lake)
    before = sorted(p.name for p in lake.rglob("*.parquet"))
    assert ingest(inputs, lake) == 0
    assert sorted(p.name for p in lake.rglob("*.parquet")) == before


def test_one_article_told_with_three_dates_is_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dates = ["2019-05-06T10:00:00Z", "2019-05-06T12:00:00Z", "2019-05-07T12:00:00Z"]
    lines = [json.dumps(ARTICLES[0] | {"published": date}, ensure_ascii=False) for date in dates]
    path = tmp_path / "thrice.jsonl"
    path.write_text("\n".join(lines), "utf-8")
    lake = tmp_path / "lake"
    ingest(path, lake)
    assert json.loads(capsys.readouterr().out)["duplicates"] == 2
    assert len(rows(lake, "articles")) == 1
    mentions = [r["mention_id"] for r in rows(lake, "mentions")]
    assert len(mentions) == len(set(mentions)) > 0


def test_same_input_and_date_give_the_same_bytes(inputs: Path, tmp_path: Path) -> None:
    lakes = [tmp_path / "one", tmp_path / "two"]
    for lake in lakes:
        ingest(inputs, lake, "--run-id", "r1")
    one, two = ({p.relative_to(lake): p.read_bytes() for p in lake.rglob("*.parquet")} for lake in lakes)
    assert one == two


def test_a_folder_of_old_newspaper_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    text = "التقى وزير الخارجية نظيره في العاصمة أمس وبحثا وقف إطلاق النار."
    (folder / "2012-07-09.txt").write_bytes(text.encode("windows-1256"))
    (folder / "lost.txt").write_bytes(b"??? ???? ?????? ???")
    assert main(["--input", str(folder), "--lake", str(tmp_path / "lake")]) == 0
    counts = json.loads(capsys.readouterr().out)
    assert (counts["read"], counts["written"], counts["rejected"]) == (2, 1, 1)
    (article,) = rows(tmp_path / "lake", "articles")
    assert (article["text"], article["encoding"]) == (text, "windows-1256")
    assert article["published_at"].date().isoformat() == "2012-07-09"


def test_no_such_input_is_a_usage_error(tmp_path: Path) -> None:
    assert ingest(tmp_path / "missing", tmp_path / "lake") == 2


@pytest.mark.parametrize("name", ["_real.jsonl", ".real.jsonl"])
def test_a_file_named_outright_is_read_whatever_its_name(
    inputs: Path, tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    inputs.rename(hidden / name)
    assert ingest(hidden, tmp_path / "lake") == 2
    assert "matches no file" in capsys.readouterr().err
    assert ingest(hidden / name, tmp_path / "lake") == 0
    assert json.loads(capsys.readouterr().out)["read"] == 4
