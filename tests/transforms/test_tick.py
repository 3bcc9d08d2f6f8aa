"""Ticks as an engine would ask for them, one call each, on a clock of the test's own."""

from pathlib import Path
from typing import Any

import pytest
from apache_beam.io.restriction_trackers import OffsetRange
from apache_beam.runners.sdf_utils import RestrictionTrackerView, ThreadsafeRestrictionTracker
from apache_beam.utils.timestamp import MAX_TIMESTAMP, MIN_TIMESTAMP, Timestamp

from transforms import tick as ticking


class Engine:
    """Calls the source again and again, with what it handed on."""

    def __init__(self, stop: Path) -> None:
        self.time = 1000.0
        self.source = ticking._Ticking(str(stop), 5.0, lambda: self.time)
        self.rest: OffsetRange | None = ticking._RANGES.initial_restriction(b"")
        self.watermark = ticking._RANGES.initial_estimator_state(b"", self.rest)
        self.pause: float | None = None

    def call(self, at: float) -> list[tuple[float, bool]]:
        self.time = at
        # As it travels.
        coder = ticking._RANGES.restriction_coder()
        tracker = ThreadsafeRestrictionTracker(ticking._RANGES.create_tracker(coder.decode(coder.encode(self.rest))))
        estimator = ticking._RANGES.create_watermark_estimator(self.watermark)
        found = list(self.source.process(b"", RestrictionTrackerView(tracker), estimator))
        tracker.check_done()
        deferred: Any = tracker.deferred_status()
        self.rest, self.pause = (deferred[0], float(deferred[1])) if deferred else (None, None)
        self.watermark = estimator.current_watermark()
        return [(float(one.timestamp), one.value) for one in found]


@pytest.fixture
def stop(tmp_path: Path) -> Path:
    return tmp_path / "stop"


def test_ticks_have_the_time_of_the_clock_and_the_watermark_follows(stop: Path) -> None:
    engine = Engine(stop)
    assert engine.watermark == MIN_TIMESTAMP
    assert engine.call(1000.0) == [(1000.0, False)]
    assert engine.pause == pytest.approx(5.0, abs=0.5)
    assert engine.call(1005.25) == [(1005.25, False)]
    assert engine.watermark == Timestamp(1005.25)
    # A machine that slept makes up for nothing.
    assert engine.call(5000.0) == [(5000.0, False)]


def test_a_clock_that_goes_back_cannot_turn_time_back(stop: Path) -> None:
    engine = Engine(stop)
    engine.call(1000.0)
    assert [engine.call(at)[0][0] for at in (400.0, 405.0, 1011.5, 1016.0)] == [1005.0, 1010.0, 1015.0, 1020.0]
    assert engine.watermark == Timestamp(1020.0)


def test_the_stop_file_gives_a_last_tick_and_ends_time(stop: Path) -> None:
    engine = Engine(stop)
    engine.call(1000.0)
    stop.touch()
    assert engine.call(1005.0) == [(1005.0, True)]
    assert (engine.rest, engine.watermark) == (None, MAX_TIMESTAMP)


def test_half_of_time_goes_to_nobody_else() -> None:
    tracker = ticking._RANGES.create_tracker(OffsetRange(0, 1 << 62))
    assert tracker.try_claim(7)
    assert tracker.try_split(0.5) is None
    assert tracker.try_split(0) == (OffsetRange(0, 8), OffsetRange(8, 1 << 62))
    assert not tracker.is_bounded()
