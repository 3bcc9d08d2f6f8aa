"""The options of a stream and of its job."""

import pytest

from pipelines.streamoptions import job_options, stream_options

GIVEN = ["--feeds", "feeds.toml", "--lake", "lake"]
JOB = ["--job", "20261128T151000", "--stop-file", "stop"]


def test_a_job_takes_the_options_of_the_stream_and_its_own() -> None:
    more = ["--window", "60", "--between", "0", "--max_bugs=3", "--environment_type=LOOPBACK", "--streaming"]
    options = job_options([*GIVEN, *more, *JOB])
    assert options.stream == stream_options([*GIVEN, *more])
    assert (options.job, options.stop_file) == ("20261128T151000", "stop")
    assert (options.stream.window, options.stream.net.between, options.stream.max_bugs) == (60, 0.0, 3)
    assert options.stream.beam_flags == ("--environment_type=LOOPBACK", "--streaming")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--runner", "DirectRunner"], "does not stream"),
        (["--interval", "10", "--window", "5"], "windows would stay empty"),
        (["--window", "1801"], "1800"),
        (["--interval", "0"], "is not from 0.1 to 60 seconds"),
        (["--deadline", "0"], "is not from 0.1 to 3600 seconds"),
        (["--lock-wait", "9" * 400], "is no number of seconds"),
        (["feeds2.toml"], "'feeds2.toml' belongs to no option"),
        (["--names", "nobody"], "nobody"),
    ],
)
def test_what_cannot_be_meant_is_refused(more: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        stream_options([*GIVEN, *more])
    assert end.value.code == 2
    assert said in capsys.readouterr().err
