"""Names by camel-tools' own recognizer, on a model that these tests made."""

import json
import shutil
from pathlib import Path

import pytest

from tests.made_engines import LABELS, tiny_model
from transforms.arabic.tokens import tokenize
from transforms.engines.camel import CamelNames
from transforms.engines.unavailable import Unavailable

TEXT = "زار سمير الزنقور وزنقارة أمس. وفد هيئة الزناقير في المؤتمر العربي."


@pytest.fixture(scope="module")
def engine(model: Path) -> CamelNames:
    return CamelNames(model)


def test_names_stand_where_they_are_told(engine: CamelNames) -> None:
    found = [(TEXT[n.start : n.end], n.type, n.engine) for n in engine.find([tokenize(TEXT)])]
    # Without the و before a place; MISC is none of ours, and peoples are the built-in engine's.
    assert found == [
        ("سمير الزنقور", "PER", "camel"),
        ("زنقارة", "LOC", "camel"),
        ("هيئة الزناقير", "ORG", "camel"),
        ("العربي", "NORP", "crf"),
    ]
    assert all(0.9 < (n.score or 0) <= 1 for n in engine.find([tokenize(TEXT)]))


def test_batches_by_length_give_the_labels_of_its_own_batches(engine: CamelNames) -> None:
    words = [t.text for t in tokenize(TEXT)]
    sentences = [words[i:j] for i in range(len(words)) for j in range(i + 1, len(words) + 1)]
    ours = [[label for label, _ in row] for row in engine.labels(sentences)]
    assert ours == engine._recognizer.predict(sentences)


def test_the_unseen_keep_their_place(engine: CamelNames) -> None:
    lone = ["\u200f", "\u200c", "\ufeff", "\u00a0", "\ufffd"]
    words = [lone[0], "سمير", *lone[1:], "وزنقارة", lone[4]]
    assert len(engine._recognizer.predict_sentence(words)) < len(words), "camel-tools leaves labels out"
    (row,) = engine.labels([words])
    assert [label for label, _ in row] == ["O", "B-PERS", "O", "O", "O", "O", "B-LOC", "O"]
    assert engine.labels([lone, []]) == [[("O", 1.0)] * 5, []]


def test_long_sentences_and_long_words_are_cut(engine: CamelNames) -> None:
    sentence = ["سمير", "/x" * 200, *["زار"] * 600, "وزنقارة", "/x/" * 300]
    (row,) = engine.labels([sentence])
    assert [label for label, _ in row][:1] == ["B-PERS"]
    assert len(row) == len(sentence)


def test_nothing_is_found_in_nothing(engine: CamelNames) -> None:
    assert engine.find([]) == engine.find([()]) == ()


def test_a_label_too_few_is_an_error(engine: CamelNames, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "labels", lambda sentences: [[("O", 1.0)] * (len(words) - 1) for words in sentences])
    with pytest.raises(ValueError, match="1 labels for 2 words"):
        engine.find([tokenize("زار سمير")])


def test_the_model_says_if_hamzas_go(model: Path, tmp_path: Path) -> None:
    lowering = tmp_path / "lowering"
    shutil.copytree(model, lowering)
    (lowering / "tokenizer_config.json").write_text(json.dumps({"do_lower_case": True}), "utf-8")
    assert CamelNames(model)._pieces_of("أمس") != CamelNames(lowering)._pieces_of("أمس")


def test_a_model_of_something_else_is_refused(tmp_path: Path) -> None:
    other = tiny_model(tmp_path / "other", tuple(label.replace("PERS", "VERB") for label in LABELS))
    with pytest.raises(Unavailable, match=r"labels B-VERB, I-VERB.*camel_data -i ner-arabert"):
        CamelNames(other)


def test_a_broken_model_is_refused(model: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(model, broken)
    (broken / "model.safetensors").write_bytes(b"\0" * 100)
    with pytest.raises(Unavailable, match=r"broken is no model .*camel_data -i ner-arabert"):
        CamelNames(broken)
