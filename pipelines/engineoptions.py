"""The options that choose engines, for the commands that analyse."""

import argparse

from pipelines.optionvalues import Parser, path
from transforms.engines.table import DEFAULT, NAMES, Engines, located
from transforms.engines.unavailable import Unavailable


def add_engines(parser: Parser) -> None:
    """The options that choose engines."""
    parser.add_argument(
        "--names",
        type=path,
        default=DEFAULT.names,
        help=f"what finds names: {', '.join(NAMES)}, or module:factory (default {DEFAULT.names})",
    )
    parser.add_argument(
        "--camel-model", type=path, help="folder or name of the model of --names camel; default: the one installed"
    )
    parser.add_argument(
        "--morphology", type=path, help="ALMOR database of camel-tools, to divide words that news does not have"
    )


def chosen_engines(parser: Parser, args: argparse.Namespace) -> Engines:
    """The engines of the options, with absolute paths; ends the program with code 2 where something is not there."""
    try:
        return located(Engines(args.names, args.camel_model, args.morphology))
    except Unavailable as error:
        parser.error(str(error))
