"""`completions SHELL`: prints a completion script."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

import shtab

from smartgallery_tui.cli.exit_codes import ExitCode
from smartgallery_tui.cli.output import stdout
from smartgallery_tui.cli.parser import BROWSE, COMMANDS, Parser, add_common_options, new_parser

if TYPE_CHECKING:
    from smartgallery_tui.cli.context import Context

HAS_QUERY = False


def add_arguments(parser: Parser) -> None:
    """Add the command's own arguments."""
    parser.add_argument("shell", choices=shtab.SUPPORTED_SHELLS, help="whose script")


def run(context: Context) -> int:
    """Print the script; put its output where the shell looks for completions."""
    stdout().lines(shtab.complete(_whole_parser(), shell=context.arguments.shell).splitlines())
    return ExitCode.OK


def _whole_parser() -> Parser:
    """Return one parser that knows every command, as the completion needs it."""
    whole = new_parser(BROWSE)
    whole.prog = "smartgallery"
    commands = whole.add_subparsers()
    for command in COMMANDS:
        parser = commands.add_parser(command.name, help=command.help)
        add_common_options(parser)
        importlib.import_module(command.module_name).add_arguments(parser)
    return whole
