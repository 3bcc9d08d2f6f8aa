"""What `khabar ingest` finds wrong before it begins, though the options by themselves are well formed.

Knows: which inputs, lakes, runners and job services can be used here.  Slow to import: Beam is asked.
"""

import difflib
import re
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from apache_beam.io.filesystem import BeamIOError
from apache_beam.io.filesystems import FileSystems
from apache_beam.options.pipeline_options import (
    PipelineOptions,
    PortableOptions,
    PrismRunnerOptions,
    SetupOptions,
    StandardOptions,
)
from apache_beam.runners.runner import create_runner

from pipelines.optionvalues import LOCAL_RUNNER
from transforms.read import match_inputs, printable

#: Extra of apache-beam that reads addresses of a scheme.
_EXTRAS: Final = {"gs": "gcp", "s3": "aws", "azfs": "azure", "hdfs": "hadoop"}
#: Beam's options that only other runners follow; the local one would take them and do nothing.
_NOT_LOCAL: Final = (
    "artifact_endpoint",
    "environment_config",
    "environment_type",
    "extra_package",
    "extra_packages",
    "flink_master",
    "job_endpoint",
    "requirements_cache",
    "requirements_file",
    "sdk_container_image",
    "sdk_location",
    "sdk_worker_parallelism",
    "setup_file",
    "spark_master_url",
    "streaming",
)
#: Seconds in which a job service has to answer: Beam itself would try for many minutes.
_ANSWER: Final = 5.0


class Refused(Exception):
    """The command cannot be run so; the message says what is wrong, and what would be right."""


def found_inputs(pattern: str, flags: Sequence[str]) -> list[str]:
    """What `match_inputs` finds, with Beam's `flags` for its file systems.  Raises Refused where that is nothing."""
    FileSystems.set_options(PipelineOptions(list(flags)))
    scheme = FileSystems.get_scheme(pattern)
    extra = _EXTRAS.get(scheme or "")
    install = f"; `pip install 'apache-beam[{extra}]'` reads {scheme}://" if extra else ""
    try:
        return match_inputs(pattern)
    except FileNotFoundError as error:
        raise Refused(str(error)) from error
    except (BeamIOError, ImportError) as error:
        raise Refused(f"--input {pattern} cannot be listed: {error}{install}") from error
    except ValueError as error:
        only = f"files and folders of this machine are read, and {', '.join(s + '://' for s in _EXTRAS)} with an extra"
        raise Refused(f"--input {pattern}: nothing here reads {scheme}://{install or f': {only}'}") from error


def keep_apart(lake: str, paths: Sequence[str], given: str) -> None:
    """Raises Refused where one of the inputs that were `given` lies in the lake, by whatever links and dots."""
    inside = Path(lake).resolve()
    for path in paths:
        if Path(path).resolve().is_relative_to(inside):
            raise Refused(f"--input {given} has {printable(path)}, which lies in --lake {lake}: keep them apart")


def check_runner(runner: str, flags: Sequence[str]) -> None:
    """Raises Refused where the runner is not there, cannot follow the flags, or its job service does not answer."""
    given = {flag.split("=")[0].lstrip("-") for flag in flags if flag.startswith("--")}
    options = PipelineOptions(list(flags))
    if runner == LOCAL_RUNNER:
        if unused := sorted(given.intersection(_NOT_LOCAL)):
            raise Refused(
                f"{', '.join(f'--{name}' for name in unused)} does nothing with --runner {LOCAL_RUNNER}: leave it out, "
                "or name the --runner that it is for"
            )
        return
    try:
        create_runner(runner)
    except (ValueError, ImportError, AttributeError, TypeError) as error:
        names = StandardOptions.KNOWN_RUNNER_NAMES
        near = difflib.get_close_matches(runner, names, 1)
        meant = f"did you mean {near[0]}?" if near else f"Beam has {', '.join(names)}"
        raise Refused(f"--runner {runner} cannot be used ({error}): {meant}") from error
    setup = options.view_as(SetupOptions)
    for name in ("requirements_file", "setup_file"):
        if (file := getattr(setup, name)) and FileSystems.get_scheme(file) is None and not Path(file).is_file():
            raise Refused(f"--{name} {file} is no file: give one that is there")
    prism = options.view_as(PrismRunnerOptions).prism_location
    if prism and FileSystems.get_scheme(prism) is None and not Path(prism).is_file():
        raise Refused(f"--prism_location {prism} is no file: give Prism's program or its .zip")
    endpoint = options.view_as(PortableOptions).job_endpoint
    if runner.lower() == "portablerunner" and not endpoint:
        raise Refused(f"--runner {runner} needs the job service that runs it: --job_endpoint=HOST:PORT")
    if endpoint and endpoint != "embed":
        check_endpoint(endpoint)


def check_endpoint(endpoint: str) -> None:
    """Raises Refused where nothing takes a connection at HOST:PORT within seconds."""
    found = re.fullmatch(r"(?:\w+:/{2,3})?\[?([^/\[\]]+)\]?:([0-9]{1,5})", endpoint)
    if not found or not 0 < int(found[2]) < 1 << 16:
        raise Refused(f"--job_endpoint {endpoint} is no HOST:PORT, such as localhost:8099")
    try:
        socket.create_connection((found[1], int(found[2])), _ANSWER).close()
    except OSError as error:
        raise Refused(
            f"--job_endpoint {endpoint} does not answer ({error}): start the job service, or give the address of one"
        ) from error
