"""Windows of a stream as an engine counts them."""

from datetime import UTC, datetime
from pathlib import Path

import apache_beam as beam
from apache_beam.metrics import MetricsFilter
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.transforms.window import FixedWindows, TimestampedValue

from transforms.fetch.schedule import settled
from transforms.lake.windows import open_job
from transforms.writewindows import Publishing, _Publish

START = datetime(2024, 6, 1, 8, tzinfo=UTC)


def test_what_is_published_is_counted(tmp_path: Path) -> None:
    publishing = Publishing(str(tmp_path), open_job(tmp_path, "job"), settled)
    at = START.timestamp()
    quiet = [TimestampedValue(("", ['{"ticks": 1, "failed": 2}']), at + second) for second in (0, 60)]
    pipeline = beam.Pipeline(runner=FnApiRunner())
    _ = (
        pipeline
        | beam.Create(range(2))
        | beam.Map(lambda i: quiet[i])
        | beam.WindowInto(FixedWindows(60))
        | beam.ParDo(_Publish(publishing)).with_output_types(str)
    )
    result = pipeline.run()
    result.wait_until_finish()
    found = result.metrics().query(MetricsFilter().with_namespace("Publish"))
    counted = {one.key.metric.name: one.result for one in found["counters"]}
    assert counted == {"windows": 2, "articles": 0, "rejects": 0, "failed": 4}
    most = {one.key.metric.name: one.result.max for one in found["distributions"]}
    assert most["window_end"] == int(at) + 120
    assert most["lag_ms"] > 0
    assert len(list((tmp_path / "_runs").glob("job-*.json"))) == 2
