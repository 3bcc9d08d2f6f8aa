"""Names by the statistical engine: offsets, proclitics, types, and training from a few labelled sentences."""

import json
import pickle
from pathlib import Path

import pytest

from pipelines import train
from schemas.token import Token
from transforms.arabic.lexicon import model_path
from transforms.arabic.spans import Name
from transforms.arabic.tokens import tokenize
from transforms.engines import statistical
from transforms.engines.statistical import NAME_TYPES, StatisticalNames, name_start


@pytest.fixture(scope="module")
def engine() -> StatisticalNames:
    return StatisticalNames(model_path("names.crfsuite"))


def _find(engine: StatisticalNames, text: str) -> dict[str, str]:
    return {text[n.start : n.end]: n.type for n in engine.find([tokenize(text)])}


def test_a_person_and_a_place_are_told_apart(engine: StatisticalNames) -> None:
    found = _find(engine, "وصل الرئيس الروسي فلاديمير بوتين إلى دمشق يوم الاثنين.")
    assert found["دمشق"] == "LOC"
    assert found["فلاديمير بوتين"] == "PER"
    assert found["الروسي"] == "NORP"


def test_a_tag_is_a_name_without_its_mark(engine: StatisticalNames) -> None:
    found = _find(engine, "وصلت التعزيزات إلى #الحديدة، وقالت #كوريا_الشمالية إنها ترفض.")
    assert found["الحديدة"] == "LOC"
    assert found["كوريا_الشمالية"] == "LOC"


def test_an_organisation_takes_its_longest_form(engine: StatisticalNames) -> None:
    assert _find(engine, "قالت وزارة الدفاع الروسية في بيان إن الطيران قصف المدينة.")["وزارة الدفاع الروسية"] == "ORG"


def test_a_listed_person_is_one_whatever_the_model_says() -> None:
    words = [("word", w) for w in ("قال", "حركه", "حماس", "خليل", "الحيه", "امس")]
    labels = ["O", "B-ORG", "I-ORG", "I-ORG", "I-ORG", "I-ORG"]
    assert statistical._with_persons(words, labels) == ["O", "B-ORG", "I-ORG", "B-PER", "I-PER", "B-ORG"]
    assert statistical._with_persons(words[:3], labels[:3]) == labels[:3]


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("أطلقت المليشيا صواريخ باليستية على المدينة.", "صواريخ باليستية", "WEAPON"),
        ("انفجرت عبوة ناسفة قرب السوق.", "عبوة ناسفة", "WEAPON"),
        ("اعتقلت السلطات أربعة قبارصة في الميناء.", "قبارصة", "NORP"),
        ("ينتمي المقاتلون إلى التوارق في شمال البلاد.", "التوارق", "NORP"),
        ("فاز يوفنتوس على ضيفه بهدفين.", "يوفنتوس", "ORG"),
    ],
)
def test_weapons_peoples_and_clubs_of_the_lists(engine: StatisticalNames, text: str, name: str, kind: str) -> None:
    assert _find(engine, text).get(name) == kind


@pytest.mark.parametrize(
    "text",
    [
        "التقى الوزير نظيره الأميركي في باريس، وبحثا الوضع في ليبيا وسوريا.",
        "أطلق الجيش الإسرائيلي صواريخ على قطاع غزة، وفق وكالة رويترز.",
        "زيارة للعراق وللسعودية!",
        "BBC نقلت عن متحدث باسم الأمم المتحدة: 25 قتيلا https://example.org/a #سوريا @user",
        "؟",
    ],
)
def test_names_are_whole_words_inside_the_text_in_order(engine: StatisticalNames, text: str) -> None:
    tokens = tokenize(text)
    names = engine.find([tokens])
    assert [n[:2] for n in names] == sorted({n[:2] for n in names})
    last = 0
    for name in names:
        assert last <= name.start < name.end <= len(text)
        assert name.start in {name_start(t) for t in tokens}
        assert name.end in {t.end for t in tokens}
        assert name.type in NAME_TYPES
        assert name.score is not None
        assert 0 <= name.score <= 1
        assert name.engine == "crf"
        last = name.end


def test_a_name_begins_after_its_proclitic_but_at_the_whole_word_for_lam_lam() -> None:
    plain = Token(3, 11, "word", "بالقاهرة", "بالقاهره", ("ب", "ال"), "قاهره", "", 4)
    lam = Token(3, 10, "word", "للجزائر", "للجزاير", ("ل", "ال"), "جزاير", "", 4)
    assert name_start(plain) == 4
    assert name_start(lam) == 3


def test_nothing_in_nothing_out(engine: StatisticalNames) -> None:
    assert engine.find([]) == ()
    assert engine.find([()]) == ()


def test_offsets_of_later_sentences_are_the_texts(engine: StatisticalNames) -> None:
    text = "عاد الهدوء إلى بغداد.\nوصل الوفد إلى باريس."
    cut = text.index("\n")
    names = engine.find([tokenize(text, 0, cut), tokenize(text, cut + 1)])
    assert [text[n.start : n.end] for n in names] == ["بغداد", "باريس"]


class _Tagger:
    """Labels the first sentence's last two words as a person, and nothing else."""

    def decode(self, sentences: list[list[tuple[str, str]]]) -> list[tuple[list[str], list[float]]]:
        labels = [["O", "B-PER", "I-PER"] if len(words) == 3 else ["O"] * len(words) for words in sentences]
        return [(line, [0.9] * len(line)) for line in labels]


def test_a_surname_is_found_again_where_the_model_alone_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statistical, "model", lambda path: _Tagger())
    text = "التقى فلاديمير بوتين\nوبوتين صامت"
    cut = text.index("\n")
    names = StatisticalNames("any").find([tokenize(text, 0, cut), tokenize(text, cut + 1)])
    assert [(text[n.start : n.end].removeprefix("و"), n.type, n.score) for n in names] == [
        ("فلاديمير بوتين", "PER", 0.9),
        ("بوتين", "PER", 0.9),
    ]


def test_a_pickled_engine_finds_the_same(engine: StatisticalNames) -> None:
    tokens = [tokenize("سافر الوفد إلى موسكو.")]
    assert pickle.loads(pickle.dumps(engine)).find(tokens) == engine.find(tokens)


def test_a_missing_model_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"none\.crfsuite"):
        StatisticalNames(tmp_path / "none.crfsuite").find([tokenize("نص")])


def _gold(path: Path) -> Path:
    text = "زار سامر مدينة نابلس. غادر سامر مدينة نابلس."
    middle = text.index(". ") + 1
    spans = [(i, i + len(w), kind) for w, kind in (("سامر", "PER"), ("نابلس", "LOC")) for i in _places(text, w)]
    article = {
        "text": text,
        "sentences": [[0, middle], [middle + 1, len(text)]],
        "entities": [{"type": kind, "span": [a, b]} for a, b, kind in spans] + [{"type": "DATE", "span": [0, 3]}],
    }
    path.write_text((json.dumps(article, ensure_ascii=False) + "\n") * 4, encoding="utf-8")
    return path


def _places(text: str, word: str) -> list[int]:
    return [i for i in range(len(text)) if text.startswith(word, i)]


def test_training_learns_is_repeatable_and_leaves_dates_alone(tmp_path: Path) -> None:
    gold = _gold(tmp_path / "train.jsonl")
    outs = [tmp_path / "a.crfsuite", tmp_path / "b.crfsuite"]
    for out in outs:
        train.main(["names", "--gold", str(gold), "--out", str(out), "--max-iterations", "30"])
    assert outs[0].read_bytes() == outs[1].read_bytes()
    names = StatisticalNames(outs[0]).find([tokenize("زار سامر مدينة نابلس.")])
    assert [(n.start, n.end, n.type) for n in names] == [(4, 8, "PER"), (15, 20, "LOC")]
    assert all(isinstance(n, Name) for n in names)


def test_the_held_out_file_is_refused(tmp_path: Path) -> None:
    gold = _gold(tmp_path / "dev.jsonl")
    with pytest.raises(SystemExit):
        train.main(["names", "--gold", str(gold), "--out", str(tmp_path / "x.crfsuite")])
    assert not (tmp_path / "x.crfsuite").exists()
