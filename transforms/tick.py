"""Tick: the source of a stream, an element every few seconds until a file says stop.

At the stop a last tick is given and the watermark goes to the end, so that every open window is written and the job ends
by itself; cancelling it instead would lose them.
"""

import struct
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import apache_beam as beam
from apache_beam.io.restriction_trackers import OffsetRange, OffsetRestrictionTracker
from apache_beam.io.watermark_estimators import ManualWatermarkEstimator
from apache_beam.transforms.core import RestrictionProvider, WatermarkEstimatorProvider
from apache_beam.transforms.window import TimestampedValue
from apache_beam.utils.timestamp import MAX_TIMESTAMP, MIN_TIMESTAMP, Duration, Timestamp

#: Restrictions are ranges of milliseconds since 1970: what is claimed has been ticked.
_END: Final = 1 << 62
_PAIR: Final = struct.Struct(">qq")


class _RangeCoder(beam.coders.Coder):
    def encode(self, value: OffsetRange) -> bytes:
        return _PAIR.pack(value.start, value.stop)

    def decode(self, encoded: bytes) -> OffsetRange:
        return OffsetRange(*_PAIR.unpack(encoded))

    def is_deterministic(self) -> bool:
        return True


class _Tracker(OffsetRestrictionTracker):
    """Hands the rest on when the tick is over, and never part of it to another worker: there is one clock."""

    def try_split(self, fraction_of_remainder: float) -> Any:
        return super().try_split(0) if fraction_of_remainder == 0 else None  # type: ignore[no-untyped-call]

    def is_bounded(self) -> bool:
        return False


class _Ranges(RestrictionProvider, WatermarkEstimatorProvider):
    def initial_restriction(self, element: bytes) -> OffsetRange:
        return OffsetRange(0, _END)

    def create_tracker(self, restriction: OffsetRange) -> _Tracker:
        return _Tracker(restriction)

    def restriction_size(self, element: bytes, restriction: OffsetRange) -> int:
        return 1

    def restriction_coder(self) -> beam.coders.Coder:
        return _RangeCoder()

    def truncate(self, element: bytes, restriction: OffsetRange) -> None:
        """An engine's own drain ends the ticking at once."""

    def initial_estimator_state(self, element: bytes, restriction: OffsetRange) -> Timestamp:
        return MIN_TIMESTAMP

    def create_watermark_estimator(self, estimator_state: Timestamp) -> ManualWatermarkEstimator:
        return ManualWatermarkEstimator(estimator_state)

    def estimator_state_coder(self) -> beam.coders.Coder:
        return beam.coders.TimestampCoder()


_RANGES: Final = _Ranges()


class _Ticking(beam.DoFn):
    def __init__(self, stop_file: str, interval: float, now: Callable[[], float] = time.time) -> None:
        self.stop_file, self.interval, self.now = stop_file, interval, now

    @beam.DoFn.unbounded_per_element()
    def process(
        self,
        element: bytes,
        tracker: Any = beam.DoFn.RestrictionParam(_RANGES),
        watermark: Any = beam.DoFn.WatermarkEstimatorParam(_RANGES),
    ) -> Iterator[Any]:
        """One tick: whether it is the last.

        Its time is the clock's, but never less than an interval after the last one, also where the clock went back.
        """
        last, step = Path(self.stop_file).exists(), int(self.interval * 1000)
        before = tracker.current_restriction().start
        moment = max(int(self.now() * 1000), before - 1 + step if before else 0)
        if not tracker.try_claim(moment):
            return
        yield TimestampedValue(last, Timestamp(micros=moment * 1000))
        if last:
            tracker.try_claim(_END - 1)
            watermark.set_watermark(MAX_TIMESTAMP)
            return
        watermark.set_watermark(Timestamp(micros=moment * 1000))
        tracker.defer_remainder(Duration(self.interval))


class Tick(beam.PTransform):
    """Ticks every `interval` seconds until the file `stop_file` is there."""

    def __init__(self, stop_file: str, interval: float) -> None:
        super().__init__()
        self.stop_file, self.interval = stop_file, interval

    def expand(self, root: beam.Pipeline) -> beam.PCollection:
        """Booleans out, each at its time: whether it is the last tick."""
        return root | beam.Impulse() | beam.ParDo(_Ticking(self.stop_file, self.interval)).with_output_types(bool)
