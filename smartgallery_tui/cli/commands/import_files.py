"""`import FILE...`: copies files and folders into the library."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.cli.context import existing_folder
from smartgallery_tui.cli.exit_codes import ExitCode
from smartgallery_tui.cli.outcomes import report_outcomes
from smartgallery_tui.cli.output import stderr
from smartgallery_tui.cli.progress import cancel_on_signal

if TYPE_CHECKING:
    from smartgallery_tui.cli.context import Context
    from smartgallery_tui.cli.parser import Parser

HAS_QUERY = False


def add_arguments(parser: Parser) -> None:
    """Add the command's own arguments."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="files, or folders with files")
    parser.add_argument(
        "--to", metavar="FOLDER", help="a folder of the library (default: its first one)"
    )
    parser.add_argument("--json", action="store_true", help="one object a file")


def run(context: Context) -> int:
    """Copy the files in; 1 if one could not be, or there were none."""
    arguments = context.arguments
    people = stderr()

    def tell(done: int, total: int) -> None:
        people.status(f"importing  {done}/{total}")

    is_read_only = context.settings.safety.read_only
    with (
        cancel_on_signal() as cancelled,
        context.open_library(is_read_only=is_read_only) as library,
    ):
        folder = existing_folder(arguments.to) if arguments.to else ""
        try:
            outcomes = library.import_files(arguments.files, folder, cancelled, tell)
        finally:
            people.end_status()
    code = report_outcomes(outcomes, "imported", is_json=arguments.json)
    if cancelled.is_set():
        return ExitCode.INTERRUPTED
    return code if outcomes else ExitCode.FAILED
