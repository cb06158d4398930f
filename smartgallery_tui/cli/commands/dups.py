"""`dups`: groups of files with the same content."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.cli.exit_codes import ExitCode
from smartgallery_tui.cli.output import stderr, stdout

if TYPE_CHECKING:
    from smartgallery_tui.cli.context import Context
    from smartgallery_tui.cli.parser import Parser

HAS_QUERY = False


def add_arguments(parser: Parser) -> None:
    """Add the command's own arguments."""
    parser.add_argument("--json", action="store_true", help="one object a group")


def run(context: Context) -> int:
    """Print the groups, the largest first, a blank line between them; 1 if there are none."""
    with context.open_library() as library:
        groups = library.duplicates()
    if not groups:
        stderr().line("no two files have the same content")
    out = stdout()
    for number, group in enumerate(groups):
        if context.arguments.json:
            out.json({"size_bytes": group.size_bytes, "paths": list(group.paths)})
            continue
        if number:
            out.line()
        out.lines(group.paths)
    return ExitCode.OK if groups else ExitCode.FAILED
