"""Logs go to stderr; stdout is for results.  Imported before Beam, which warns at its own import."""

import logging
import sys

_NOT_OURS = "apitools not found"


def _wanted(record: logging.LogRecord) -> bool:
    return not record.getMessage().startswith(_NOT_OURS)


# Beam says this of BigQuery, on the root logger and while it is imported; nothing here reads BigQuery.
logging.getLogger().addFilter(_wanted)


def to_stderr() -> None:
    """Warnings and worse of all libraries, on stderr."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
