"""Which engines there are, and what is said where one cannot be used."""

import json
import pickle
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from schemas.token import Token
from transforms.arabic.spans import Name
from transforms.arabic.tokens import tokenize
from transforms.engines import table
from transforms.engines.statistical import built_in
from transforms.engines.table import DEFAULT, NAMES, Engines, check_name, fingerprint, load_names, located
from transforms.engines.unavailable import Unavailable
from transforms.loaded import Loaded, loaded


class OneName:
    """An engine as somebody else may write it: each sentence's first word names somebody."""

    kind, score, shift = "PER", 0.5, 0

    def find(self, sentences: Sequence[Sequence[Token]]) -> tuple[Name, ...]:
        return tuple(Name(t[0].start + self.shift, t[0].end, self.kind, self.score, "one") for t in sentences if t)


class NoFind:
    """None."""


def fails() -> OneName:
    raise KeyError("setting")


def test_engines_travel() -> None:
    engines = Engines("camel", "/models/x", "/x.db")
    assert pickle.loads(pickle.dumps(engines)) == engines


@pytest.mark.parametrize("name", NAMES)
def test_every_line_of_the_table_can_be_called(name: str) -> None:
    assert callable(table.called(NAMES[name].factory))
    assert NAMES[name].about
    check_name(name)


@pytest.mark.parametrize(
    ("name", "told"),
    [("camle", "did you mean camel"), ("xyz", "statistical, camel, or module:factory"), (":x", "module:factory")],
)
def test_an_unknown_engine_is_refused(name: str, told: str) -> None:
    with pytest.raises(Unavailable, match=told):
        located(Engines(name))


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("no.such.module:x", "no.such.module:x cannot be imported"),
        (f"{__name__}:none", "cannot be imported"),
        (f"{__name__}:DEFAULT", "no callable"),
        (f"{__name__}:fails", "cannot be made .KeyError"),
        (f"{__name__}:NoFind", "no method find"),
    ],
)
def test_an_engine_that_cannot_be_made_is_refused(name: str, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, __name__, sys.modules[OneName.__module__])
    with pytest.raises(Unavailable, match=told):
        load_names(located(Engines(name)))


def test_an_engine_from_outside_is_asked_and_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, __name__, sys.modules[OneName.__module__])
    tokens = [tokenize("سمير في حلب"), ()]
    engine = load_names(Engines(f"{__name__}:OneName"))
    assert engine.find(tokens) == (Name(0, 4, "PER", 0.5, "one"),)
    for wrong, value in (("kind", "PERS"), ("score", 1.5), ("shift", -3), ("shift", 4)):
        with monkeypatch.context() as changed:
            changed.setattr(OneName, wrong, value)
            with pytest.raises(ValueError, match="not a name"):
                engine.find(tokens)


def test_missing_packages_are_named_with_what_installs_them(monkeypatch: pytest.MonkeyPatch) -> None:
    lacking = NAMES["camel"]._replace(needs=("camel_tools", "no_torch"))
    monkeypatch.setitem(NAMES, "camel", lacking)
    with pytest.raises(Unavailable, match=r"needs no_torch: `pip install 'camel-tools"):
        located(Engines("camel"))


def test_a_model_is_found_by_path_and_by_name(model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert located(Engines("camel", str(model))).model == str(model)
    monkeypatch.setenv("CAMELTOOLS_DATA", str(tmp_path))
    with pytest.raises(Unavailable, match=r"no model is installed: `camel_data -i ner-arabert`"):
        located(Engines("camel"))
    sets = {"default": "tiny", "datasets": {"tiny": {"path": "ner/tiny"}, "gone": {"path": "ner/gone"}}}
    catalogue = tmp_path / "catalogue.json"
    catalogue.write_text(json.dumps({"components": {"NamedEntityRecognition": sets}}), "utf-8")
    folder = tmp_path / "data" / "ner" / "tiny"
    folder.parent.mkdir(parents=True)
    folder.symlink_to(model)
    assert located(Engines("camel")).model == located(Engines("camel", "tiny")).model == str(folder)
    with pytest.raises(Unavailable, match="called gone: `camel_data"):
        located(Engines("camel", "gone"))
    catalogue.write_text("{", "utf-8")
    with pytest.raises(Unavailable, match=r"catalogue\.json cannot be read"):
        located(Engines("camel", "tiny"))


@pytest.mark.parametrize("file", ["config.json", "vocab.txt", "model.safetensors"])
def test_a_model_that_is_not_whole_is_refused(file: str, model: Path, tmp_path: Path) -> None:
    for path in model.iterdir():
        if path.name != file:
            (tmp_path / path.name).write_bytes(path.read_bytes())
    with pytest.raises(Unavailable, match="`camel_data -i ner-arabert` installs one"):
        located(Engines("camel", str(tmp_path)))


def test_a_morphology_is_a_file_or_its_folder(database: Path, tmp_path: Path) -> None:
    assert located(Engines(morphology=str(database))).morphology == str(database)
    with pytest.raises(Unavailable, match=r"no morphology\.db; `camel_data -i morphology-db-msa-r13`"):
        located(Engines(morphology=str(tmp_path)))
    (tmp_path / "morphology.db").write_bytes(database.read_bytes())
    assert located(Engines(morphology=str(tmp_path))).morphology == str(tmp_path / "morphology.db")
    with pytest.raises(Unavailable, match="called none-such"):
        located(Engines(morphology="none-such"))


def test_a_model_for_an_engine_without_a_choice_is_refused() -> None:
    with pytest.raises(Unavailable, match="statistical has no choice of models"):
        located(Engines(model="x"))


def test_fingerprints_tell_engines_and_models_apart(model: Path, database: Path, tmp_path: Path) -> None:
    assert fingerprint(DEFAULT) == b""
    other = tmp_path / "model"
    other.mkdir()
    for path in model.iterdir():
        (other / path.name).write_bytes(path.read_bytes())
    same = Engines("camel", str(model)), Engines("camel", str(other))
    assert fingerprint(same[0]) == fingerprint(same[1]) != b""
    (other / "vocab.txt").write_bytes(b"[PAD]\n")
    outside = f"{OneName.__module__}:OneName"
    told = [*map(fingerprint, same), fingerprint(Engines(morphology=str(database))), fingerprint(Engines(outside))]
    assert len(set(told)) == 4


def test_engines_are_loaded_once_a_process(database: Path) -> None:
    engines = Engines(morphology=str(database))
    assert loaded(engines) is loaded(engines)
    assert loaded(DEFAULT) is not loaded(engines)
    assert isinstance(loaded(DEFAULT), Loaded)
    assert loaded(DEFAULT).names is built_in()
