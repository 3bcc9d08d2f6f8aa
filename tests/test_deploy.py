"""What docs and deployment files tell people to type is understood: commands, options and values, by the real parsers."""

import argparse
import importlib
import re
import shlex
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines import streamoptions
from pipelines.cli import COMMANDS
from pipelines.compact import compact_options
from pipelines.ingest import unknown_options
from pipelines.options import OPTIONS
from pipelines.optionvalues import Parser

ROOT = Path(__file__).parents[1]
PAGES = ["README.md", "docs/operations.md", "docs/deploy.md"]
MANIFESTS = sorted((ROOT / "deploy" / "kubernetes").glob("*.yaml"))
#: Of commands that are parsed before anything slow is imported, their options.
READERS: dict[str, Callable[[Sequence[str]], Any]] = {
    "stream": streamoptions.stream_options,
    "compact": compact_options,
    **OPTIONS,
}
_CODE = re.compile(r"^ {4}[^\n]*$|^```\w*\n[\s\S]*?^```$|`[^`\n]+`", re.MULTILINE)
_CALL = re.compile(r"(?:khabar|python -m pipelines(?:\.(\w+))?)((?: +[^\n`#|]*)?)")


def spans(page: str) -> Iterator[tuple[str, bool]]:
    """Code of a page, broken lines joined, and whether it is a block of its own."""
    for found in _CODE.finditer(page.replace("\\\n", " ")):
        yield found[0].strip("`"), found[0][0] != "`"


def calls(page: str) -> Iterator[tuple[str, list[str], bool]]:
    """Command, arguments, and whether it can be typed as it stands."""
    for code, block in spans(page):
        # In `docker run … khabar:0.1.0 stream …` the image's name stands before the command.
        for found in _CALL.finditer(re.sub(r"--entrypoint khabar +\S+", "khabar", code)):
            module, rest = found.groups()
            command, *arguments = [module, *shlex.split(rest)] if module else [*shlex.split(rest), ""]
            if module or command in COMMANDS or command in READERS:
                yield command, [a for a in arguments if a], block and "…" not in rest


def parser_of(command: str, monkeypatch: pytest.MonkeyPatch) -> argparse.ArgumentParser:
    """The parser of a command, caught as it is used."""
    caught: list[argparse.ArgumentParser] = []

    def catch(self: argparse.ArgumentParser, *_: Any, **__: Any) -> None:
        caught.append(self)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Parser, "parse_known_args", catch)
        patch.setattr(argparse.ArgumentParser, "parse_known_args", catch)
        with suppress(KeyboardInterrupt):
            if command in READERS:
                READERS[command]([])
            else:
                name = COMMANDS[command][0] if command in COMMANDS else f"pipelines.{command}"
                importlib.import_module(name).main([])
    return caught[0]


def flags_of(parser: argparse.ArgumentParser) -> set[str]:
    """Its options, and those of the commands within it."""
    found = set()
    for action in parser._actions:
        found.update(action.option_strings)
        if isinstance(action, argparse._SubParsersAction):
            for inner in action.choices.values():
                found |= flags_of(inner)
    return found


def unknown(command: str, arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Options among the arguments that neither the command nor, where it hands them on, Beam has."""
    known = flags_of(parser_of(command, monkeypatch))
    given = [argument for argument in arguments if re.match("--[a-z]", argument)]
    others = [argument for argument in given if argument.split("=")[0].replace("_", "-") not in known]
    return unknown_options(others) if command in ("ingest", "stream", "streamjob") else others


@pytest.mark.parametrize("page", PAGES)
def test_options_that_pages_name_are_there(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = list(calls((ROOT / page).read_text("utf-8")))
    assert len(found) > 3
    for command, arguments, _ in found:
        assert unknown(command, arguments, monkeypatch) == [], command


def test_what_is_not_there_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    page = "Text `khabar show LAKE --limt 3` and\n\n    khabar ingest --input x --lake l \\\n        --sharts=2 --streaming\n"
    found = [unknown(command, arguments, monkeypatch) for command, arguments, _ in calls(page)]
    assert found == [["--limt"], ["--sharts=2"]]
    assert [whole for *_, whole in calls(page)] == [False, True]


@pytest.mark.parametrize("page", PAGES)
def test_commands_that_stand_alone_are_understood(page: str) -> None:
    typed = [(c, a) for c, a, whole in calls((ROOT / page).read_text("utf-8")) if whole and c in READERS]
    assert typed
    for command, arguments in typed:
        options = READERS[command](arguments)
        flags = getattr(options, "beam_flags", None) or getattr(getattr(options, "stream", None), "beam_flags", ())
        assert unknown_options(flags) == [], (command, flags)


def documents() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in MANIFESTS:
        for document in yaml.safe_load_all(path.read_text("utf-8")):
            yield path.name, document


def pods(node: Any) -> Iterator[dict[str, Any]]:
    """The specs of pods anywhere in a document."""
    if isinstance(node, dict):
        if "containers" in node:
            yield node
        for value in node.values():
            yield from pods(value)


def test_manifests_run_commands_that_there_are() -> None:
    found = {name: list(pods(document)) for name, document in documents()}
    assert {name: len(specs) for name, specs in found.items()} == {
        "compact.yaml": 1, "ingest.yaml": 1, "lake.yaml": 0, "stream.yaml": 1,
    }  # fmt: skip
    for (spec,) in filter(None, found.values()):
        (container,) = spec["containers"]
        assert container["command"] == ["khabar"]
        command, *arguments = container["args"]
        options = READERS[command](arguments)
        flags = getattr(options, "beam_flags", None) or getattr(getattr(options, "stream", None), "beam_flags", ())
        assert unknown_options(flags) == []
        mounted = {mount["mountPath"] for mount in container["volumeMounts"]}
        assert all(
            f"/{value.split('/')[1]}" in mounted
            for a in arguments
            if (value := a.partition("=")[2])[:2] in ("/l", "/f")
        )
        assert {mount["name"] for mount in container["volumeMounts"]} == {volume["name"] for volume in spec["volumes"]}


def test_pods_have_no_rights_and_the_image_s_user() -> None:
    for _, document in documents():
        for spec in pods(document):
            assert spec["securityContext"]["runAsNonRoot"]
            assert f"USER {spec['securityContext']['runAsUser']}" in dockerfile()
            (container,) = spec["containers"]
            assert container["securityContext"]["readOnlyRootFilesystem"]
            assert not container["securityContext"]["allowPrivilegeEscalation"]
            assert container["image"].rpartition(":")[2] not in ("", "latest")


def test_the_stream_has_time_to_drain() -> None:
    (stream,) = [document for name, document in documents() if name == "stream.yaml"]
    assert stream["spec"]["replicas"] == 1
    assert stream["spec"]["strategy"]["type"] == "Recreate"
    # `khabar stream --help` tells what --drain is by default.
    assert stream["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] > 120


def dockerfile() -> str:
    return (ROOT / "deploy" / "Dockerfile").read_text("utf-8")


def test_the_image_is_made_of_what_there_is_and_of_all_packages() -> None:
    text = dockerfile()
    lines = text.replace("\\\n", " ").splitlines()
    copied = [name for line in lines if re.match("COPY (?!--from)", line) for name in line.split()[1:-1]]
    assert all((ROOT / name).exists() for name in copied)
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")}
    assert set(copied) == allowed
    packages = re.findall(r'^ +"(\w+)(?:\.\w+)*",$', (ROOT / "setup.py").read_text("utf-8"), re.MULTILINE)
    assert {name for name in packages if (ROOT / name).is_dir()} <= set(copied)
    # The version of Beam is that of the environment: engines refuse another.
    (beam,) = re.findall(r"^ARG BEAM=(.+)$", text, re.MULTILINE)
    assert f"apache-beam=={beam}" in (ROOT / "constraints.txt").read_text("utf-8").splitlines()


def test_the_image_ends_without_rights_and_pins_what_it_begins_with() -> None:
    lines = dockerfile().splitlines()
    users = [line.split()[1] for line in lines if line.startswith("USER ")]
    assert users[-1:] == ["10001:10001"]
    bases = [line.split()[1] for line in lines if line.startswith("FROM ")]
    assert all(":" in base and not base.endswith(":latest") for base in bases)
    assert lines.index("USER 10001:10001") > max(i for i, line in enumerate(lines) if line.startswith("RUN "))
