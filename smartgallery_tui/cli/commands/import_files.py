"""`import FILE...`: copies files and folders into the library."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.cli.context import existing_folder
from smartgallery_tui.cli.exit_codes import ExitCode
from smartgallery_tui.cli.outcomes import report_outcomes
from smartgallery_tui.cli.output import complain
from smartgallery_tui.cli.progress import cancel_on_signal, file_progress
from smartgallery_tui.errors import UsageError
from smartgallery_tui.records.home import at_home

if TYPE_CHECKING:
    from smartgallery_tui.cli.context import Context
    from smartgallery_tui.cli.parser import Parser
    from smartgallery_tui.library import Library

HAS_QUERY = False


def add_arguments(parser: Parser) -> None:
    """Add the command's own arguments."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="files, or folders with files")
    parser.add_argument(
        "--to", metavar="FOLDER",
        help="a folder of the library, made where it is not there (default: its first one)",
    )  # fmt: skip
    parser.add_argument(
        "--max-mb", type=int, metavar="N",
        help="largest file that is taken; 0: any (default: [safety] import_max_mb)",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="one object a file")


def run(context: Context) -> int:
    """Copy the files in; 1 if one could not be, or there were none."""
    arguments = context.arguments
    if arguments.max_mb is not None and arguments.max_mb < 0:
        raise UsageError("--max-mb must not be negative")
    is_read_only = context.settings.safety.read_only
    with (
        cancel_on_signal() as cancelled,
        context.open_library(is_read_only=is_read_only) as library,
        file_progress("importing") as told,
    ):
        folder = "" if arguments.to is None else _made(library, arguments.to)
        outcomes = library.import_files(
            arguments.files, folder, cancelled, told, max_mb=arguments.max_mb
        )
    code = report_outcomes(outcomes, "imported", is_json=arguments.json)
    if cancelled.is_set():
        return ExitCode.INTERRUPTED
    if not outcomes:
        complain("there is nothing in it that can be imported")
    return code if outcomes else ExitCode.FAILED


def _made(library: Library, text: str) -> str:
    """Return the path of a folder of the library; the last of its names may be a new one.

    Raises:
        UsageError: There is no such folder, and it cannot be made.
    """
    path = at_home(text).absolute()
    if path.exists() or not path.name or not path.parent.is_dir():
        return existing_folder(text)
    outcome = library.make_folder(str(path.parent), path.name)
    if not outcome.ok:
        raise UsageError(f"cannot make {text}: {outcome.reason}")
    return str(path)
