"""`restore FILE`: puts a backup of the user data in its place; the present one is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.cli.exit_codes import ExitCode
from smartgallery_tui.cli.output import stderr

if TYPE_CHECKING:
    from smartgallery_tui.cli.context import Context
    from smartgallery_tui.cli.parser import Parser

HAS_QUERY = False


def add_arguments(parser: Parser) -> None:
    """Add the command's own arguments."""
    parser.add_argument("file", metavar="FILE", help="a file of `backup`")


def run(context: Context) -> int:
    """Restore and say where the data that was there is kept."""
    with context.open_library(is_read_only=context.settings.safety.read_only) as library:
        kept = library.restore_backup(context.arguments.file)
    where = f"; what was there is kept in {kept}" if kept else ""
    stderr().line(f"restored {context.arguments.file}{where}")
    return ExitCode.OK
