"""Step: a pure function lifted onto Beam; counts what goes in, comes out and is rejected, and hands Rejects on."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import apache_beam as beam
from apache_beam.metrics import Metrics

from schemas.reject import Reject


class _Counted(beam.DoFn):
    def __init__(
        self,
        name: str,
        function: Callable[..., Iterable[Any]],
        arguments: tuple[Any, ...],
        make: Callable[[], Any] | None,
    ) -> None:
        self.function, self.arguments, self.make = function, arguments, make
        self.counters = [Metrics.counter(name, what) for what in ("in", "out", "rejected")]

    def setup(self) -> None:
        """Makes what does not travel, once a worker."""
        if self.make is not None:
            self.arguments, self.make = (*self.arguments, self.make()), None

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
    """Applies `function(element, *arguments)`, which gives any number of results, under the step's name.

    What `make` gives is made in each worker's setup and is the last argument: models are too large to travel.
    """

    def __init__(
        self,
        name: str,
        function: Callable[..., Iterable[Any]],
        *arguments: Any,
        make: Callable[[], Any] | None = None,
    ) -> None:
        super().__init__(f"{name} each")
        self.do = _Counted(name, function, arguments, make)

    def expand(self, elements: beam.PCollection) -> beam.PCollection:
        """One ParDo."""
        return elements | beam.ParDo(self.do)
