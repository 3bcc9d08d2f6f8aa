"""camel-tools without its side effects: importing it offline, and where its models lie.

Knows: `camel_tools.data` downloads a catalogue when it is imported and makes a folder in the home; neither may happen.
"""

import importlib
import json
import os
import tempfile
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from transforms.engines.unavailable import Unavailable

INSTALL_NER: Final = "camel_data -i ner-arabert"
INSTALL_MORPHOLOGY: Final = "camel_data -i morphology-db-msa-r13"
#: What a catalogue has to hold for its module to be imported.
STUB: Final = '{"version":"1.6.0","packages":{},"components":{}}'

_LOCK: Final = threading.Lock()


def camel_module(name: str) -> ModuleType:
    """A module of camel-tools, imported without network and without a home that can be written.

    Raises Unavailable where it cannot be.
    """
    # transformers would ask a hub for files that a folder lacks.
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TRANSFORMERS_OFFLINE", "1")
    try:
        with _LOCK, _catalogued(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return importlib.import_module(name)
    except Exception as error:  # a broken catalogue or package raises whatever it stumbles over
        told = f"{name} cannot be imported ({type(error).__name__}: {error})"
        raise Unavailable(f"{told}: `pip install 'camel-tools>=1.6,<2'` installs what it needs") from error


@contextmanager
def _catalogued() -> Iterator[None]:
    """While camel-tools is imported, it finds a catalogue: the user's, or an empty one in a folder that goes again."""
    if data_folder() is not None and Path.home().joinpath(".camel_tools").is_dir():
        yield
        return
    before = {name: os.environ.get(name) for name in ("HOME", "CAMELTOOLS_DATA")}
    with tempfile.TemporaryDirectory(prefix="khabar-camel-") as folder:
        if data_folder() is None:
            Path(folder, "catalogue.json").write_text(STUB, "utf-8")
            os.environ["CAMELTOOLS_DATA"] = folder
        os.environ["HOME"] = folder
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value


def data_folder() -> Path | None:
    """Where `camel_data` installs, if it ever has."""
    told = os.environ.get("CAMELTOOLS_DATA")
    folder = Path(told).expanduser().absolute() if told else Path.home() / ".camel_tools"
    return folder if (folder / "catalogue.json").is_file() else None


def ner_model(model: str | None = None) -> Path:
    """The folder of a model for names: a path, a name that `camel_data` installed, or the default one's.

    Raises Unavailable where there is none.
    """
    folder = Path(model).absolute() if model else None
    if folder is None or not folder.is_dir():
        folder = _installed("NamedEntityRecognition", model, INSTALL_NER)
    for file in ("config.json", "vocab.txt"):
        if not (folder / file).is_file():
            raise Unavailable(f"{folder} has no {file}: it is no model for names; `{INSTALL_NER}` installs one")
    if not [*folder.glob("*.safetensors"), *folder.glob("*.bin")]:
        raise Unavailable(f"{folder} has no weights: the model is not whole; `{INSTALL_NER}` installs one")
    return folder


def morphology_file(database: str) -> Path:
    """The file of a morphology: a path, a folder with `morphology.db`, or a name that `camel_data` installed.

    Raises Unavailable where there is none.
    """
    path = Path(database).absolute()
    if path.is_file():
        return path
    folder = path if path.is_dir() else _installed("MorphologyDB", database, INSTALL_MORPHOLOGY)
    if not (folder / "morphology.db").is_file():
        raise Unavailable(f"{folder} has no morphology.db; `{INSTALL_MORPHOLOGY}` installs one")
    return folder / "morphology.db"


def _installed(component: str, name: str | None, install: str) -> Path:
    """The folder of a data set of camel-tools, by its catalogue; read here, as importing it would fetch it."""
    root = data_folder()
    sets: dict[str, Any] = {}
    if root is not None:
        try:
            found = json.loads((root / "catalogue.json").read_text("utf-8"))["components"].get(component, {})
            sets = found.get("datasets", {})
            name = name or found.get("default")
        except (ValueError, KeyError, AttributeError) as error:
            raise Unavailable(
                f"{root}/catalogue.json cannot be read ({error!r}); `{install}` writes it anew"
            ) from error
    if root is not None and name in sets:
        folder = root / "data" / sets[name]["path"]
        if folder.is_dir():
            return folder
    what = f"no file, folder or data set of camel-tools is called {name}" if name else "no model is installed"
    raise Unavailable(f"{what}: `{install}` installs one, or give its path")
