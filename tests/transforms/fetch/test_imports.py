"""The room imports neither Beam, pyarrow nor the language, and parsers only where they are used."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
STRANGERS = [
    "apache_beam",
    "pyarrow",
    "transforms.arabic",
    "transforms.lake",
    "trafilatura",
    "feedparser",
    "lxml",
    "protego",
]


def test_importing_the_room_imports_no_stranger() -> None:
    names = [f"transforms.fetch.{path.stem}" for path in (ROOT / "transforms" / "fetch").glob("[a-z]*.py")]
    code = f"import {', '.join(names)}, sys; print([m for m in {STRANGERS} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
