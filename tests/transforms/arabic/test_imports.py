"""Importing the language code is cheap: what is heavy, and all word lists, wait for the first use."""

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parents[3] / "transforms" / "arabic"
#: What takes more than a tenth of a second to import (numpy, which the choices of events use, takes about half of that).
HEAVY = (
    "apache_beam",
    "camel_tools.data",
    "camel_tools.utils.charsets",
    "hijridate",
    "pyarrow",
    "torch",
    "pandas",
)


def test_no_module_imports_what_is_heavy_or_opens_a_list() -> None:
    modules = [f"transforms.arabic.{path.stem}" for path in sorted(FOLDER.glob("*.py")) if path.stem != "__init__"]
    code = f"""
import importlib, sys
for name in {modules!r}: importlib.import_module(name)
from transforms.arabic import lexicon
print(*[name for name in {HEAVY!r} if name in sys.modules])
print(lexicon.table.cache_info().currsize + lexicon.numbers.cache_info().currsize)
"""
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told == "\n0\n"
