"""Loaded: the engines of a run, built once a process and shared by its steps and threads.

What travels to workers is `Engines`, names and paths; what they stand for is built in a worker's `setup`.
"""

from typing import Final

from apache_beam.utils.shared import Shared

from transforms.arabic.tokens import TYPES, Types
from transforms.engines.table import DEFAULT, Engines, NameFinder, load_names


class Loaded:
    """What the language layers ask: the finder of names, and what words are."""

    def __init__(self, engines: Engines) -> None:
        self.names: NameFinder = load_names(engines)
        self.types: Types = TYPES
        if engines.morphology:
            from transforms.engines.morphology import Morphology

            self.types = Types(Morphology(engines.morphology).divisions)


# One handle for all pipelines of a process: the chunks of a run come one after another.
_SHARED: Final = Shared()


def loaded(engines: Engines = DEFAULT) -> Loaded:
    """The engines, which `located` has found, loaded.  Raises Unavailable where they cannot be."""
    return _SHARED.acquire(lambda: Loaded(engines), engines)
