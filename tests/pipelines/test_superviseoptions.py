"""What of the options of `khabar stream` is its supervisor's, and what its job's."""

import pytest

from pipelines.superviseoptions import supervise_options

NEEDED = ["--feeds", "f.opml", "--lake", "lake"]


def test_the_job_is_given_what_is_not_the_supervisors() -> None:
    of_job = [*NEEDED, "--window=60", "--environment_type=LOOPBACK", "--allow_private=localhost"]
    options = supervise_options([*of_job, "--patience=4", "--start_up", "30", "--drain=9", "--tries", "2"])
    assert options.of_job == tuple(of_job)
    assert options.stream.beam_flags == ("--environment_type=LOOPBACK",)
    assert options.limits == options.limits.__class__(4 * 65.0, 4 * 65.0, 9.0, 5.0, 2, 100)


def test_a_start_may_take_longer_than_a_silence() -> None:
    limits = supervise_options([*NEEDED, "--window=5", "--interval=1"]).limits
    assert (limits.silence, limits.start) == (18.0, 120.0)


def test_an_option_of_both_is_refused_once(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        supervise_options([*NEEDED, "--tries=2", "--tries=3"])
    assert end.value.code == 2
    assert "--tries is given twice" in capsys.readouterr().err
