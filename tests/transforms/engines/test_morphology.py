"""Divisions of words by camel-tools' own analyser, on a database that these tests made."""

from pathlib import Path

import pytest

from tests.made_engines import tiny_morphology
from transforms.arabic.tokens import Types, tokenize
from transforms.engines.morphology import Morphology
from transforms.engines.unavailable import Unavailable


@pytest.fixture(scope="module")
def morphology(database: Path) -> Morphology:
    return Morphology(str(database))


@pytest.mark.parametrize(
    ("word", "divisions"),
    [
        ("زنقار", {((), "")}),
        ("وبزنقار", {(("و", "ب"), "")}),
        ("زنقاره", {((), "ه")}),
        ("كالزنقار", {(("ك", "ال"), "")}),
        ("مازنقار", set()),  # with a clitic that tokens do not tell apart
        ("كتاب", set()),
    ],
)
def test_divisions(word: str, divisions: set[object], morphology: Morphology) -> None:
    assert morphology.divisions(word) == divisions


def test_it_decides_of_a_word_that_news_does_not_have(morphology: Morphology) -> None:
    types = Types(morphology.divisions)
    word = "وبزنقار"
    assert [tokenize(word)[0].proclitics, tokenize(word, types=types)[0].proclitics] == [("و",), ("و", "ب")]
    text = "وبالقاهرة والجيش بلبنان"
    assert tokenize(text, types=types) == tokenize(text)


def test_counted_words_are_not_asked_about() -> None:
    asked: list[str] = []

    def dictionary(word: str) -> frozenset[tuple[tuple[str, ...], str]]:
        asked.append(word)
        return frozenset()

    tokenize("بلبنان بزنقار", types=Types(dictionary))
    assert asked == ["بزنقار"]


@pytest.mark.parametrize("broken", ["", "###DEFINES###\n", "نص\n" * 3, "\x00\x01"])
def test_what_is_no_database_is_refused(broken: str, tmp_path: Path) -> None:
    path = tmp_path / "broken.db"
    path.write_text(broken, "utf-8")
    with pytest.raises(Unavailable, match=r"broken\.db is no morphology .*camel_data -i morphology-db"):
        Morphology(str(path))


def test_a_section_that_camel_tools_does_not_read_is_refused(tmp_path: Path) -> None:
    path = tiny_morphology(tmp_path / "newer.db", end="###POSTREGEX###\nx\ty\n")
    with pytest.raises(Unavailable, match=r"newer\.db .*POSTREGEX"):
        Morphology(str(path))


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "bytes.db"
    path.write_bytes(b"###DEFINES###\n\xff\xfe\n")
    with pytest.raises(Unavailable, match="no morphology"):
        Morphology(str(path))
