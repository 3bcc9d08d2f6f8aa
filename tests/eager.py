"""Runs one transform over a list and gives back its results, as `list | transform` would.

That notation runs on `DirectRunner`, which first tries to fetch another runner over the network; FnApiRunner is named here.
"""

from collections.abc import Iterable
from typing import Any

import apache_beam as beam

_RESULTS: list[Any] = []


def results(elements: Iterable[Any] | None, transform: beam.PTransform) -> list[Any]:
    """What `transform` makes of the elements, in no order of its own; of nothing where it is a source (None)."""
    _RESULTS.clear()
    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        source = pipeline if elements is None else pipeline | beam.Create(list(elements))
        _ = source | "Tested" >> transform | beam.Map(_keep)
    return list(_RESULTS)


def _keep(element: Any) -> None:
    """Pickled by name, so that it appends to this process's own list."""
    _RESULTS.append(element)
