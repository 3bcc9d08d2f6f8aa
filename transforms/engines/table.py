"""The engines that find names: which there are, what each needs, and how one is loaded.

A new engine is a module with a factory, and a line of NAMES; one outside the project is named `module:factory`.
Knows: paths and modules.  Imports an engine when it is loaded, never before: `--help` and refusals are quick.
"""

import difflib
import hashlib
import importlib
import importlib.util
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

from schemas.token import Token
from transforms.arabic.spans import Name
from transforms.engines.unavailable import Unavailable

#: Types of names that an engine may give; titles, dates and quantities are found by rules.
TYPES: Final = ("PER", "ORG", "LOC", "NORP", "WEAPON")
_BUILT_IN: Final = "statistical"


class NameFinder(Protocol):
    """What a factory gives."""

    def find(self, sentences: Sequence[Sequence[Token]]) -> tuple[Name, ...]:
        """The names of one article in text order, offsets those of the tokens; `engine` goes to the lake."""


class Engine(NamedTuple):
    """A line of the table."""

    #: `module:callable`; it gets the path of the model where the engine has one to choose.
    factory: str
    #: Import names of packages without which it cannot be loaded.
    needs: tuple[str, ...]
    #: `module:callable` that gives the model's folder for a name, a path or None; empty where there is no choice.
    model: str
    #: Installs the packages; then the model.
    install: tuple[str, ...]
    about: str


NAMES: Final[dict[str, Engine]] = {
    _BUILT_IN: Engine(
        "transforms.engines.statistical:built_in",
        ("pycrfsuite", "numpy"),
        "",
        ("pip install python-crfsuite numpy",),
        "built in: a CRF over words, model in the package",
    ),
    "camel": Engine(
        "transforms.engines.camel:CamelNames",
        ("camel_tools", "torch", "transformers"),
        "transforms.engines.cameldata:ner_model",
        ("pip install 'camel-tools>=1.6,<2'", "camel_data -i ner-arabert"),
        "camel-tools' BERT for PER, ORG and LOC; the built-in one for NORP and WEAPON",
    ),
}


class Engines(NamedTuple):
    """Which engines a run uses; paths and names only, so that it travels to workers."""

    names: str = _BUILT_IN
    #: Folder or name of the model of an engine that has a choice of them.
    model: str | None = None
    #: ALMOR database of camel-tools for the divisions of words that news does not have.
    morphology: str | None = None


DEFAULT: Final = Engines()


def check_name(name: str) -> None:
    """Raises Unavailable where no engine is called so, without importing any."""
    module, colon, factory = name.partition(":")
    if name in NAMES or (colon and module and factory):
        return
    near = difflib.get_close_matches(name, NAMES, 1)
    meant = f"did you mean {near[0]}?" if near else f"there are {', '.join(NAMES)}, or module:factory"
    raise Unavailable(f"no engine {name!r} finds names: {meant}")


def located(engines: Engines) -> Engines:
    """The engines with their models as absolute paths.  Raises Unavailable where something is not there."""
    from transforms.engines.cameldata import morphology_file

    check_name(engines.names)
    entry = NAMES.get(engines.names)
    model = engines.model
    if entry is not None:
        missing(engines.names, entry)
        if entry.model:
            model = str(called(entry.model)(model))
    if model and not (entry and entry.model):
        raise Unavailable(f"the engine {engines.names} has no choice of models: leave {model} out")
    morphology = str(morphology_file(engines.morphology)) if engines.morphology else None
    return Engines(engines.names, model, morphology)


def missing(name: str, entry: Engine) -> None:
    """Raises Unavailable where a package is missing; imports none."""
    if lacking := [package for package in entry.needs if importlib.util.find_spec(package) is None]:
        raise Unavailable(f"the engine {name} needs {', '.join(lacking)}: `{entry.install[0]}` installs it")


def called(target: str) -> Callable[..., Any]:
    """What `module:callable` names.  Raises Unavailable where it cannot be imported."""
    module, _, name = target.partition(":")
    try:
        found = getattr(importlib.import_module(module), name)
    except Exception as error:  # whatever a module of somebody else raises
        raise Unavailable(f"the engine {target} cannot be imported ({type(error).__name__}: {error})") from error
    if not callable(found):
        raise Unavailable(f"the engine {target} is no callable: name a factory")
    return found


def load_names(engines: Engines) -> NameFinder:
    """The engine that finds names, of engines that are `located`.  Raises Unavailable where it cannot be loaded."""
    entry = NAMES.get(engines.names)
    if entry is not None:
        return called(entry.factory)(*([engines.model] if entry.model else []))
    factory = called(engines.names)
    try:
        engine = factory()
    except Unavailable:
        raise
    except Exception as error:
        raise Unavailable(f"the engine {engines.names} cannot be made ({type(error).__name__}: {error})") from error
    if not callable(getattr(engine, "find", None)):
        raise Unavailable(f"the engine {engines.names} makes {type(engine).__name__}, which has no method find")
    return _Checked(engines.names, engine)


class _Checked:
    """An engine from outside, whose names are looked at before they become rows."""

    def __init__(self, name: str, engine: NameFinder) -> None:
        self.name, self.engine = name, engine

    def find(self, sentences: Sequence[Sequence[Token]]) -> tuple[Name, ...]:
        """The engine's names, sorted.  Raises ValueError for one that is none."""
        names = tuple(sorted(self.engine.find(sentences)))
        spans = [(tokens[0].start, tokens[-1].end) for tokens in sentences if tokens]
        for name in names:
            inside = any(start <= name.start < name.end <= end for start, end in spans)
            if name.type not in TYPES or not inside or not (name.score is None or 0 <= name.score <= 1):
                raise ValueError(
                    f"the engine {self.name} gives {name}: not a name of {', '.join(TYPES)} in one sentence"
                )
        return names


def fingerprint(engines: Engines) -> bytes:
    """What of the engines, beside the package's own files, decides what is found; nothing for the default ones."""
    if engines == DEFAULT:
        return b""
    paths: list[Path] = []
    if engines.names not in NAMES:
        spec = importlib.util.find_spec(engines.names.partition(":")[0])
        paths += [Path(spec.origin)] if spec and spec.origin and Path(spec.origin).is_file() else []
    if engines.model:
        paths += sorted(p for p in Path(engines.model).iterdir() if p.is_file())
    if engines.morphology:
        paths.append(Path(engines.morphology))
    parts = [engines.names.encode(), *(p.name.encode() + _digest(p, *_state(p)) for p in paths)]
    return b"\0".join(parts)


def _state(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_size, found.st_mtime_ns


@cache
def _digest(path: Path, size: int, changed: int) -> bytes:
    """Of a file in one state: a model has half a gigabyte, and each chunk asks."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "blake2b").digest()
