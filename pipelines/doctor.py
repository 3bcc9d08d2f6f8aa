"""doctor: what of khabar can be used here, and why the rest cannot; exit 0 where the default engines can.

Looks at versions, engines, models and, where one is named, a lake.  Nothing is written, torch is imported by `--deep` alone.
"""

import hashlib
import json
import platform
import sys
import time
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from pipelines.options import DoctorOptions, doctor_options
from transforms.arabic import lexicon
from transforms.engines.table import DEFAULT, NAMES, Engines, load_names, located
from transforms.engines.unavailable import Unavailable

#: Distributions whose versions decide what is found or written; the last two are asked for by `--names camel` alone.
_PACKAGES: Final = (
    "khabar",
    "apache-beam",
    "pyarrow",
    "duckdb",
    "numpy",
    "python-crfsuite",
    "camel-tools",
    "torch",
    "transformers",
)
#: An engine that works gives something, or nothing, for it.
_SENTENCE: Final = "وصل الرئيس الروسي فلاديمير بوتين إلى القاهرة."


def main(argv: Sequence[str] | None = None) -> int:
    """Prints the report; exit codes: 0 where the default engines can be used, else 1; 2 for a wrong option."""
    options = doctor_options(argv)
    found = report(options)
    print(json.dumps(found, ensure_ascii=False, indent=2) if options.json else "\n".join(told(found)))
    return 0 if found["usable"] else 1


def report(options: DoctorOptions) -> dict[str, Any]:
    """All that was found, as it goes to JSON."""
    engines = [_names(name, options) for name in dict.fromkeys((*NAMES, options.engines.names))]
    engines.append(_triggers())
    if options.engines.morphology:
        engines.append(_morphology(options))
    needed = [e["usable"] for e in engines if e["name"] in (DEFAULT.names, "triggers")]
    found: dict[str, Any] = {
        "usable": all(needed),
        "python": platform.python_version(),
        "packages": {name: _version(name) for name in _PACKAGES},
        "engines": engines,
        "models": _models(),
    }
    if options.lake:
        from transforms.lake.health import health

        found["lake"] = health(Path(options.lake))
    return found


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _names(name: str, options: DoctorOptions) -> dict[str, Any]:
    """Of an engine for names whether it can be used.  The default one is tried; others are, where they are to be."""
    entry = NAMES.get(name)
    model = options.engines.model if entry is None or entry.model else None

    def attempt() -> None:
        engines = located(Engines(name, model))
        if name == DEFAULT.names or options.deep or entry is None:
            from transforms.arabic.tokens import tokenize

            load_names(engines).find([tokenize(_SENTENCE)])

    return _tried(name, entry.about if entry else "from outside", attempt)


def _triggers() -> dict[str, Any]:
    def attempt() -> None:
        from transforms.arabic.tokens import tokenize
        from transforms.engines.triggers import StatisticalTriggers

        StatisticalTriggers(lexicon.model_path("triggers.npz")).find([tokenize(_SENTENCE)])

    return _tried("triggers", "built in: event triggers by a network, model in the package", attempt)


def _morphology(options: DoctorOptions) -> dict[str, Any]:
    def attempt() -> None:
        path = located(Engines(morphology=options.engines.morphology)).morphology
        if options.deep and path:
            from transforms.engines.morphology import Morphology

            Morphology(path)

    return _tried("morphology", "camel-tools' analyser for words that counted news does not have", attempt)


def _tried(name: str, about: str, attempt: Any) -> dict[str, Any]:
    """Name, use, and whether an attempt succeeds: an engine that fails in whatever way is one that cannot be used."""
    start = time.monotonic()
    try:
        attempt()
    except Unavailable as error:
        return {"name": name, "about": about, "usable": False, "why": str(error)}
    except Exception as error:
        return {"name": name, "about": about, "usable": False, "why": f"{type(error).__name__}: {error}"}
    return {"name": name, "about": about, "usable": True, "seconds": round(time.monotonic() - start, 3)}


def _models() -> list[dict[str, Any]]:
    """Name, bytes and SHA-256 of each model in the package."""
    paths = sorted(p for p in Path(str(lexicon.MODELS)).iterdir() if p.is_file() and p.suffix != ".md")
    return [
        {"name": p.name, "bytes": p.stat().st_size, "sha256": hashlib.sha256(p.read_bytes()).hexdigest()} for p in paths
    ]


def told(found: dict[str, Any]) -> list[str]:
    """The report as lines for a person."""
    versions = {"python": found["python"], **found["packages"]}
    lines = ["versions", *(f"  {name:16s} {number or 'not installed'}" for name, number in versions.items())]
    lines.append("engines")
    for engine in found["engines"]:
        lines.append(f"  {engine['name']:16s} {'usable' if engine['usable'] else 'not usable':11s} {engine['about']}")
        if not engine["usable"]:
            lines.append(f"  {'':16s} {engine['why']}")
    lines.append("models")
    lines += [f"  {m['name']:20s} {m['bytes']:>10,d} bytes  sha256 {m['sha256'][:16]}…" for m in found["models"]]
    if lake := found.get("lake"):
        lines += ["lake", f"  {lake['path']}", f"  {_lake(lake)}"]
    lines.append("khabar can be used here" if found["usable"] else "khabar cannot be used here: see the engines above")
    return lines


def _lake(lake: dict[str, Any]) -> str:
    """What a person asks of a lake, on a line."""
    writable = "writable" if lake["writable"] else "not writable"
    if not lake["exists"]:
        return f"not there; {'khabar ingest makes it' if lake['writable'] else 'it cannot be made here'}"
    if not lake["readable"]:
        return f"not readable, {writable}"
    locked = {True: "locked by a publisher", False: "not locked", None: "whether it is locked cannot be told"}
    parts = ["readable", writable, locked[lake["locked"]], f"runs published: {lake['runs']}"]
    if lake["interrupted"]:
        parts.append(f"being published or interrupted in it: {lake['interrupted']}, which the next run finishes")
    if lake["staged"]:
        parts.append(f"staged by runs that go on or ended: {lake['staged']}")
    return ", ".join(parts)


if __name__ == "__main__":
    sys.exit(main())
