"""The project's own files agree with one another."""

import re
import subprocess
import sys
import unicodedata
import zipfile
from pathlib import Path

import pytest

from transforms.arabic.characters import normal_form

ROOT = Path(__file__).parents[1]
DATA = sorted((ROOT / "transforms" / "arabic" / "data").glob("*.tsv"))


def names(text: str) -> set[str]:
    return {m.lower().replace("_", "-") for m in re.findall(r"^\s*\"?([A-Za-z][\w-]+)", text, re.MULTILINE)}


def test_the_slim_list_holds_every_requirement() -> None:
    required = re.search(r"install_requires=\[(.*?)\]", (ROOT / "setup.py").read_text("utf-8"), re.DOTALL)
    assert required
    assert names(required[1]) - {"camel-tools"} <= names((ROOT / "requirements-slim.txt").read_text("utf-8"))


@pytest.mark.parametrize("path", DATA, ids=lambda p: p.stem)
def test_word_lists_are_sound(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text.startswith("# "), "the head names source and licence"
    assert unicodedata.is_normalized("NFC", text)
    assert not re.search("[\ufb50-\ufdff\ufe70-\ufeff\u200e\u200f\u202a-\u202e\u2066-\u2069\u06cc\u06a9]", text)
    head, *rows = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert {line.count("\t") for line in rows} == {head.count("\t")}
    assert rows == sorted(rows)
    # A table in plain form tells أ from ا: there two rows that normalise alike are two words.
    form = str if "plain form" in text.partition(head)[0] else normal_form
    assert len(rows) == len({"\t".join(map(form, row.split("\t"))) for row in rows}), "doubled after normalisation"


def test_the_wheel_holds_packages_data_and_models(tmp_path: Path) -> None:
    build = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        str(tmp_path),
        ".",
    ]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    held = set(zipfile.ZipFile(wheel).namelist())
    wanted = subprocess.run(
        ["git", "ls-files", "schemas", "transforms", "pipelines"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    # Labels to learn from are no part of what runs.
    kept = {name for name in wanted.stdout.split() if not name.startswith("transforms/arabic/labels/")}
    assert kept <= held
    assert not [name for name in held if "/labels/" in name]


def test_architecture_names_every_module() -> None:
    told = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    modules = [
        p for folder in ("schemas", "transforms", "pipelines") for p in sorted((ROOT / folder).rglob("[a-z]*.py"))
    ]
    assert [str(p.relative_to(ROOT)) for p in modules if p.stem not in told] == []
