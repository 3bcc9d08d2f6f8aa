"""Step: a pure function lifted onto Beam; counts what goes in, comes out and is rejected, and hands Rejects on."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import apache_beam as beam
from apache_beam.metrics import Metrics

from schemas.reject import Reject


class _Counted(beam.DoFn):
    def __init__(self, name: str, function: Callable[..., Iterable[Any]], *arguments: Any) -> None:
        self.function, self.arguments = function, arguments
        self.counters = [Metrics.counter(name, what) for what in ("in", "out", "rejected")]

    def process(self, element: Any) -> Iterator[Any]:
        """The function's results; a Reject of an earlier step as it is."""
        if isinstance(element, Reject):
            yield element
            return
        taken, given, rejected = self.counters
        taken.inc()
        for result in self.function(element, *self.arguments):
            (rejected if isinstance(result, Reject) else given).inc()
            yield result


class Step(beam.PTransform):
    """Applies `function(element, *arguments)`, which gives any number of results, under the step's name."""

    def __init__(self, name: str, function: Callable[..., Iterable[Any]], *arguments: Any) -> None:
        super().__init__(f"{name} each")
        self.do = _Counted(name, function, *arguments)

    def expand(self, elements: beam.PCollection) -> beam.PCollection:
        """One ParDo."""
        return elements | beam.ParDo(self.do)
