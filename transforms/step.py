"""Step: a pure function lifted onto Beam; counts what goes in, comes out and is rejected, and hands Rejects on.

A function that raises ends the run; in a stream, which would meet the same input again for ever, it becomes a Reject.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import apache_beam as beam
from apache_beam.metrics import Metrics

from schemas.reject import Reject

#: What becomes of an element at which a step raised: the step's name, the element, the error.
Bug = Callable[[str, Any, Exception], Reject]


class _Counted(beam.DoFn):
    def __init__(
        self,
        name: str,
        function: Callable[..., Iterable[Any]],
        arguments: tuple[Any, ...],
        make: Callable[[], Any] | None,
        bug: Bug | None,
    ) -> None:
        self.name, self.function, self.arguments, self.make, self.bug = name, function, arguments, make, bug
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
        for result in self._results(element):
            (rejected if isinstance(result, Reject) else given).inc()
            yield result

    def _results(self, element: Any) -> Iterable[Any]:
        if self.bug is None:
            return self.function(element, *self.arguments)
        try:
            return list(self.function(element, *self.arguments))
        except Exception as error:
            return [self.bug(self.name, element, error)]


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
        bug: Bug | None = None,
    ) -> None:
        super().__init__(f"{name} each")
        self.do = _Counted(name, function, arguments, make, bug)

    def expand(self, elements: beam.PCollection) -> beam.PCollection:
        """One ParDo."""
        return elements | beam.ParDo(self.do)
