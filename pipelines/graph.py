"""The graph that files, rounds and streams share: from raw inputs to Documents with all their layers.

Knows: the order of the steps.  Does not know: where inputs are from, or what becomes of the Documents.
"""

import hashlib
from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import apache_beam as beam

from pipelines.parsers import PARSERS
from schemas.coders import Outcome
from transforms.analyze import Analyze
from transforms.arabic import lexicon
from transforms.bridge import Bridge
from transforms.engines.table import DEFAULT, Engines, fingerprint
from transforms.normalize import Normalize, Run
from transforms.parse import Parse
from transforms.segment import Segment
from transforms.step import Bug


def analyzer_version(engines: Engines = DEFAULT) -> str:
    """Hash of the language code, data files and models of this process, and of engines other than the default ones."""
    more = fingerprint(engines)
    return hashlib.blake2b(code_version().encode() + more, digest_size=8).hexdigest() if more else code_version()


@cache
def code_version() -> str:
    """Hash of the language code, data files and models of this process."""
    hasher = hashlib.blake2b(digest_size=8)
    root = Path(__file__).parent.parent
    for path in sorted(chain(root.glob("schemas/*.py"), root.glob("transforms/**/*.py"))):
        hasher.update(path.relative_to(root).as_posix().encode() + path.read_bytes())
    for name, content in lexicon.data_files():
        hasher.update(name.encode() + content)
    return hasher.hexdigest()


class SameCode(beam.DoFn):
    """Hands on; raises RuntimeError on a worker that has other code, data or models than the launcher."""

    def __init__(self, version: str, engines: Engines) -> None:
        self.version, self.engines = version, engines

    def setup(self) -> None:
        """Compares, once a worker."""
        if (here := analyzer_version(self.engines)) != self.version:
            raise RuntimeError(
                f"this worker has khabar {here} in {Path(__file__).parent.parent}, and the launcher {self.version}: "
                "install the same on both"
            )

    def process(self, element: Any) -> Iterator[Any]:
        """The element as it is."""
        yield element


def parsed(raws: beam.PCollection, run: Run, engines: Engines, bug: Bug | None = None) -> beam.PCollection:
    """Items and Rejects of raw inputs; where an input meets a bug, what `bug` makes of it (without it, the run ends)."""
    return (
        raws
        | beam.Reshuffle()
        | "Same code" >> beam.ParDo(SameCode(run.analyzer_version, engines))
        | Parse(PARSERS, run, bug)
    )


def understood(
    items: beam.PCollection, run: Run, engines: Engines, bug: Bug | None = None, bridge: Bridge | None = None
) -> beam.PCollection:
    """Documents with all layers, and Rejects; those that the `bridge` knows go around the analysis, bare."""
    docs = items | Normalize(run, bug)
    if bridge is None:
        return docs | Segment(engines, bug) | Analyze(engines, bug)
    bridged = docs | bridge
    # Engines encode what they flatten: with the coder of Outcomes neither tokens nor pickles travel.
    analysed = bridged.news | Segment(engines, bug) | Analyze(engines, bug)
    coded = analysed | "Coded" >> beam.Map(lambda outcome: outcome).with_output_types(Outcome)
    return (coded, bridged.bare) | beam.Flatten()
