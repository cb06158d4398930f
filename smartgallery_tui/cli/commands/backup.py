"""`backup [PATH]`: copies the user data (marks, tags, albums, searches) to a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.cli.exit_codes import ExitCode
from smartgallery_tui.cli.output import stderr, stdout
from smartgallery_tui.errors import UsageError

if TYPE_CHECKING:
    from smartgallery_tui.cli.context import Context
    from smartgallery_tui.cli.parser import Parser

HAS_QUERY = False


def add_arguments(parser: Parser) -> None:
    """Add the command's own arguments."""
    parser.add_argument(
        "path", nargs="?", metavar="PATH", default=".", help="file or folder (default: here)"
    )
    parser.add_argument("--list", action="store_true", help="print the rolling backups instead")


def run(context: Context) -> int:
    """Write a backup and print its path, or list the rolling ones."""
    arguments = context.arguments
    out = stdout()
    if not arguments.path:
        raise UsageError("the name of the backup is empty; `.` is the folder you are in")
    with context.open_library() as library:
        if arguments.list:
            backups = library.backups()
            if not backups:
                stderr().line("there are no backups yet")
            out.lines(str(path) for path in backups)
            return ExitCode.OK if backups else ExitCode.FAILED
        out.line(str(library.backup(arguments.path)))
    return ExitCode.OK
