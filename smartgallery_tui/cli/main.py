"""Runs a command and turns whatever ends it into one line and an exit code."""

from __future__ import annotations

import importlib
import os
import sys
from typing import TYPE_CHECKING, Protocol

from smartgallery_tui import __version__
from smartgallery_tui.cli.exit_codes import ExitCode
from smartgallery_tui.cli.output import complain, silence, stdout
from smartgallery_tui.cli.parser import BROWSE, Parser, new_parser, parse, split_command
from smartgallery_tui.errors import (
    DatabaseError,
    QuerySyntaxError,
    SmartGalleryError,
    TerminalError,
    UsageError,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smartgallery_tui.cli.context import Context


class CommandModule(Protocol):
    """What a module below `cli.commands` offers."""

    HAS_QUERY: bool
    """Words that start with a dash and are no option belong to the query."""

    def add_arguments(self, parser: Parser) -> None:
        """Add the command's own arguments."""

    def run(self, context: Context) -> int:
        """Do the command's work and return its exit code."""


def run_command(argv: Sequence[str]) -> int:
    """Run a command line and return its exit code; never raises, never prints a traceback."""
    try:
        code = _dispatch(argv)
        stdout().flush()
    except SystemExit as stop:  # argparse's --help
        return int(stop.code or 0)
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        silence(sys.stdout)
        return ExitCode.OK
    except SmartGalleryError as error:
        complain(_sentence(error))
        return _exit_code(error)
    except OSError as error:
        complain(_os_sentence(error))
        silence(sys.stdout)  # what is still buffered may be what cannot be written
        return ExitCode.FAILED
    except Exception as error:  # noqa: BLE001 - one of the three places: the end of the process
        complain(_crash_sentence(error))
        return ExitCode.FAILED
    return code


def _dispatch(argv: Sequence[str]) -> int:
    command, rest = split_command(argv)
    if command is BROWSE and any(word in ("-h", "--help") for word in rest):
        _print_overview()
        return ExitCode.OK
    module: CommandModule = importlib.import_module(command.module_name)
    parser = new_parser(command)
    module.add_arguments(parser)
    arguments = parse(parser, rest, has_query=module.HAS_QUERY)
    if arguments.version:
        stdout().line(f"smartgallery {__version__}")
        return ExitCode.OK
    from smartgallery_tui.cli.context import make_context  # after --help and --version

    makes_settings = command.name == "config" and arguments.action == "init"
    context = make_context(arguments, makes_settings=makes_settings)
    try:
        return module.run(context)
    except SmartGalleryError as error:
        if any(text.startswith(str(error)) for text in context.said):
            return _exit_code(error)  # opening the library has said so already
        raise


def _print_overview() -> None:
    parser = new_parser(BROWSE)
    parser.add_argument("path", nargs="?", metavar="DIR|FILE", help="what to browse")
    parser.print_help()


def _sentence(error: SmartGalleryError) -> str:
    if isinstance(error, QuerySyntaxError):
        said = str(error)
        is_named = not error.suggestion or f"`{error.suggestion}" in said
        hint = "" if is_named else f"; try {error.suggestion}"
        return f"query, column {error.column + 1}: {said}{hint}"
    return str(error)


def _exit_code(error: SmartGalleryError) -> ExitCode:
    if isinstance(error, DatabaseError):
        return ExitCode.INDEX
    if isinstance(error, (UsageError, QuerySyntaxError, TerminalError)):
        return ExitCode.USAGE
    return ExitCode.FAILED


def _os_sentence(error: OSError) -> str:
    name = error.filename if isinstance(error.filename, (str, bytes)) else ""
    where = f"{os.fsdecode(name)}: " if name else ""
    return f"{where}{error.strerror or type(error).__name__}"


def _crash_sentence(error: Exception) -> str:
    """Return one line about a defect of ours, and where its report lies."""
    from smartgallery_tui.log import write_crash_report  # needed once in a blue moon
    from smartgallery_tui.paths import find_paths

    what = f"an unexpected error ({type(error).__name__})"
    try:
        report = write_crash_report(find_paths().state_dir, error)
    except (OSError, SmartGalleryError):
        return f"{what}; no report could be written"
    return f"{what}; a report without prompts is in {report}"
