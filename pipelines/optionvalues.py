"""Option values and the parser that refuses what it does not know, for the commands whose modules are slow to import."""

import argparse
import difflib
import re
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NoReturn

#: Runs in this process, or in `--workers` of them.
LOCAL_RUNNER: Final = "FnApiRunner"


class Once(argparse.Action):
    """Stores a value; refuses a second one, which would take the place of the first unseen."""

    def __call__(self, parser: argparse.ArgumentParser, namespace: Any, values: Any, option: str | None = None) -> None:
        """Ends the program with code 2 where the option was given before."""
        given = vars(namespace).setdefault("given", {})
        if self.dest in given:
            first = given[self.dest]
            parser.error(f"{option} is given twice, {str(first)!r} and {str(values)!r}: leave one out")
        given[self.dest] = values
        setattr(namespace, self.dest, values)


class Parser(argparse.ArgumentParser):
    """Takes options by their whole name and once, and says of an unknown one which was meant."""

    def __init__(self, prog: str, description: str, epilog: str | None = None) -> None:
        super().__init__(prog=prog, description=description, epilog=epilog, allow_abbrev=False)
        self.register("action", None, Once)

    def parse_args(self, args: Sequence[str] | None = None, namespace: Any = None) -> Any:  # type: ignore[override]
        """The options; ends the program with code 2 where one is wrong."""
        known, unknown = self.parse_known_args(args, namespace)
        if unknown:
            self.refuse_unknown(unknown)
        return known

    def parse_known_args(self, args: Sequence[str] | None = None, namespace: Any = None) -> Any:  # type: ignore[override]
        """The options and what is unknown; ends the program with code 2 where one is wrong or missing."""
        self._given = [self._dashed(flag) for flag in (sys.argv[1:] if args is None else args)]
        return super().parse_known_args(self._given, namespace)

    def _dashed(self, flag: str) -> str:
        """An option of this parser with `-` where it was written with `_`, as Airflow does; others are Beam's."""
        name, equals, value = flag.partition("=")
        dashed = name.replace("_", "-")
        known = name.startswith("--") and dashed in self._option_string_actions
        return f"{dashed}{equals}{value}" if known else flag

    def error(self, message: str) -> NoReturn:
        """Ends the program with code 2; of an option that is missing, says which one may be it misspelt."""
        if "are required" in message:
            flags = [flag for flag in self._given if flag.startswith("--")]
            unknown = [flag for flag in flags if flag.split("=")[0] not in self._option_string_actions]
            if near := self.near(unknown):
                message = f"{message}; no such option: {' '.join(unknown)}; did you mean {', '.join(near)}?"
        super().error(message)

    def refuse_unknown(self, unknown: Sequence[str]) -> NoReturn:
        """Ends the program with code 2."""
        self.error(f"no such option: {' '.join(unknown)}; {self.meant(unknown)}")

    def meant(self, unknown: Sequence[str]) -> str:
        """Which options the unknown ones may be, or where to find them."""
        near = self.near(unknown)
        return f"did you mean {', '.join(near)}?" if near else f"`{self.prog} --help` tells those that there are"

    def near(self, unknown: Sequence[str]) -> list[str]:
        """Options that are spelt much like the unknown ones."""
        names = [name for action in self._actions for name in action.option_strings if action.help != argparse.SUPPRESS]
        return [m for flag in unknown for m in difflib.get_close_matches(flag.split("=")[0], names, 1)]


def whole(most: int) -> Callable[[str], int]:
    """Reads a whole number from 1 to `most`."""

    def read(value: str) -> int:
        if not re.fullmatch("[0-9]{1,9}", value) or not 1 <= int(value) <= most:
            raise argparse.ArgumentTypeError(f"{value!r} is no whole number from 1 to {most}")
        return int(value)

    return read


def seconds(value: str) -> float:
    """A number of seconds."""
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", value):
        raise argparse.ArgumentTypeError(f"{value!r} is no number of seconds, such as 60")
    return float(value)


def name(value: str) -> str:
    """The name of a run."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", value):
        raise argparse.ArgumentTypeError(
            f"{value!r} names no run: at most 100 Latin letters, digits, '.', '_' and '-', the first a letter or digit"
        )
    return value


def path(value: str) -> str:
    """A path that names something."""
    if not value.strip():
        raise argparse.ArgumentTypeError(f"{value!r} names nothing: is a variable of the shell not set?")
    return value


def folder(value: str) -> str:
    """A folder of this machine."""
    if scheme := re.match("[A-Za-z][A-Za-z0-9+.-]*:/", path(value)):
        raise argparse.ArgumentTypeError(
            f"{value!r} is an address, and lakes are folders of this machine: leave {scheme[0]}/ out for a folder"
        )
    return value


def runner(value: str) -> str:
    """A runner of Beam, the local one by its own name."""
    if value.lower() in ("directrunner", "direct", LOCAL_RUNNER.lower()):
        # It would try to download Prism first, and hangs behind a proxy that never answers.
        return LOCAL_RUNNER
    return value


def logical_date(value: str) -> datetime:
    """A moment that has come, UTC where no zone is given."""
    try:
        read = datetime.fromisoformat(value)
        date = (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError(
            f"{value!r} is no date: write 2024-06-01 or 2024-06-01T12:00:00+03:00 (UTC where no zone is given)"
        ) from None
    now = datetime.now(UTC)
    if date > now + timedelta(days=1):
        raise argparse.ArgumentTypeError(
            f"{value!r} lies ahead of this machine's clock ({now:%Y-%m-%dT%H:%M}Z): give a day that has come"
        )
    return date


def between(least: float, most: float) -> Callable[[str], float]:
    """Reads a number of seconds from `least` to `most`."""

    def read(value: str) -> float:
        if not least <= (found := seconds(value)) <= most:
            raise argparse.ArgumentTypeError(f"{value!r} is not from {least:g} to {most:g} seconds")
        return found

    return read
