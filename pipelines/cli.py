"""`khabar COMMAND …`: names the command and hands on; each command parses its own options.

A command's module is imported only when it runs: importing Beam takes seconds, and `--help` and wrong options shall be
answered at once.
"""

import difflib
import importlib
import io
import os
import select
import sys
from typing import Final

from pipelines import logs  # noqa: F401  Beam warns when a command imports it
from pipelines.options import OPTIONS

#: Of each command its module, whose `main(argv) -> int` runs it, and a line of help.
COMMANDS: Final = {
    "ingest": ("pipelines.ingest", "read article files or feeds and publish them to a lake"),
    "show": ("pipelines.show", "print the newest events of a lake"),
    "watch": ("pipelines.watch", "read feeds for as long as it runs"),
    "stream": ("pipelines.stream", "read feeds in one unbounded Beam job, kept alive"),
    "status": ("pipelines.status", "how fresh the sources of a lake are, and what fails"),
    "compact": ("pipelines.compact", "make the many small files of a lake few"),
    "feeds": ("pipelines.feeds", "show, edit and try a list of feeds"),
    "explain": ("pipelines.explain", "print an article with all that is found in it, and for each event why"),
    "doctor": ("pipelines.doctor", "tell which engines can be used here, and the state of models and lake"),
    "bench": ("pipelines.bench", "time each language layer over articles, without Beam"),
    "evaluate": ("pipelines.evaluate", "score words, sentences, numbers or dates on annotated files"),
    "gate": ("pipelines.gate", "compare accuracy with the pinned floors"),
    "train": ("pipelines.train", "train a model from labelled articles"),
}


def usage() -> str:
    """The help text."""
    lines = [f"  {name:10s} {text}" for name, (_, text) in COMMANDS.items()]
    return (
        "usage: khabar COMMAND [options]\n\n"
        + "\n".join(lines)
        + "\n\nkhabar COMMAND --help tells a command's options."
    )


def main(argv: list[str] | None = None) -> int:
    """Exit codes: those of the command; 2 for a command that there is not; 141 where nobody reads its output any more."""
    write_utf8()
    try:
        try:
            return run(sys.argv[1:] if argv is None else argv)
        finally:
            if sys.stdout:
                sys.stdout.flush()
    except BrokenPipeError:
        if not unread():
            raise
        return 141


def write_utf8() -> None:
    """Makes stdout and stderr write UTF-8, whatever the locale says; bytes of paths that are none stay as they are."""
    for stream, errors in ((sys.stdout, "surrogateescape"), (sys.stderr, "backslashreplace")):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors=errors)


def unread() -> bool:
    """Whether the reader of stdout has gone, as `head` does; what is left to write is dropped then."""
    poll = select.poll()
    poll.register(sys.stdout.fileno(), 0)
    if not poll.poll(0):
        return False
    # At exit Python would try once more, and complain.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return True


def run(arguments: list[str]) -> int:
    """Runs the command that the arguments begin with."""
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(usage())
        return 0 if arguments else 2
    name, *rest = arguments
    if name not in COMMANDS:
        near = difflib.get_close_matches(name, COMMANDS, 1)
        meant = f"did you mean {near[0]}?" if near else f"there are: {', '.join(COMMANDS)}"
        print(f"khabar: error: no command {name!r}; {meant}", file=sys.stderr)
        return 2
    if name in OPTIONS:
        OPTIONS[name](rest)
    try:
        module = importlib.import_module(COMMANDS[name][0])
        return module.main(rest) or 0
    except KeyboardInterrupt:
        return 130
