"""Divisions of words by a morphology of camel-tools (an ALMOR database), for words that counted news does not have.

Knows: features of the analyser and which clitics they stand for.  Does not know: which division is right; the ranker of
`transforms.arabic.clitics` weighs what is allowed here.  Loaded by path, once a process; not to be pickled.
"""

import threading
from collections.abc import Iterator, Mapping
from typing import Any, Final

from transforms.engines.cameldata import INSTALL_MORPHOLOGY, camel_module
from transforms.engines.unavailable import Unavailable

#: A feature's value up to its first `_`, and the clitic; prc0 beside ال and what is not here is divided no further.
_PROCLITICS: Final = {"wa": "و", "fa": "ف", "bi": "ب", "li": "ل", "la": "ل", "ka": "ك", "sa": "س"}
_PRONOUNS: Final = {
    "1s": ("ي", "ني"), "1p": ("نا",), "2ms": ("ك",), "2fs": ("ك",), "2d": ("كما",), "2p": ("كم",), "2mp": ("كم",),
    "2fp": ("كن",), "3ms": ("ه",), "3fs": ("ها",), "3d": ("هما",), "3p": ("هم",), "3mp": ("هم",), "3fp": ("هن",),
}  # fmt: skip
_NOTHING: Final = ("0", "na", None)

_LOCK: Final = threading.Lock()  # the analyser's own tables


class Morphology:
    """The morphology at a path.  Raises Unavailable where it cannot be read."""

    def __init__(self, path: str) -> None:
        database = camel_module("camel_tools.morphology.database")
        analyzer = camel_module("camel_tools.morphology.analyzer")
        try:
            tables = database.MorphologyDB(path, "a")
            if not tables.stem_hash:
                raise ValueError("it has no stems")
            self._analyzer: Any = analyzer.Analyzer(tables)
        except Exception as error:  # a broken line raises whatever its parser stumbles over
            raise Unavailable(
                f"{path} is no morphology that camel-tools reads ({error or type(error).__name__}); "
                f"`{INSTALL_MORPHOLOGY}` installs one, --morphology takes its path"
            ) from error

    def divisions(self, word: str) -> frozenset[tuple[tuple[str, ...], str]]:
        """Proclitics and pronoun of each analysis of a word; of a word that it does not know, nothing."""
        with _LOCK:
            analyses = self._analyzer.analyze(word)
        return frozenset(found for analysis in analyses for found in _divisions(analysis))


def _divisions(analysis: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], str]]:
    """The divisions that an analysis stands for; none where it has clitics that tokens do not tell apart."""
    proclitics: list[str] = []
    for feature in ("prc3", "prc2", "prc1", "prc0"):
        value = analysis.get(feature)
        if value in _NOTHING:
            continue
        clitic = "ال" if value == "Al_det" else _PROCLITICS.get(value.split("_")[0]) if feature != "prc0" else None
        if clitic is None:
            return
        proclitics.append(clitic)
    if analysis.get("enc1") not in _NOTHING:
        return
    pronoun = analysis.get("enc0")
    for ending in ("",) if pronoun in _NOTHING else _PRONOUNS.get(pronoun.split("_")[0], ()):
        yield tuple(proclitics), ending
