"""The examples name commands and options that there are."""

import re
import shlex
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.options import OPTIONS
from pipelines.superviseoptions import SuperviseOptions

EXAMPLES = Path(__file__).parents[1] / "examples"
COMMAND = re.compile(r"(?:khabar|\{KHABAR\}) (ingest|watch|stream) (.*?)(?: >>|\"$|$)", re.MULTILINE)


@pytest.mark.parametrize(
    "name", ["khabar.service", "khabar-watch.service", "khabar-stream.service", "crontab", "airflow_dag.py"]
)
def test_commands_are_understood(name: str) -> None:
    found = COMMAND.findall((EXAMPLES / name).read_text("utf-8"))
    assert found
    for command, rest in found:
        options = OPTIONS[command](shlex.split(rest.replace("{MORE}", "")))
        if isinstance(options, SuperviseOptions):
            assert options.stream.beam_flags == ("--environment_type=LOOPBACK",)
            options = replace(options.stream, beam_flags=())
        assert getattr(options, "keep_raw") == 30  # noqa: B009  of two classes
        assert not getattr(options, "beam_flags", ())
