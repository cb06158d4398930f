"""`demo [DIR]`: makes a small sample library and browses it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.cli.commands.browse import browse, end_hung_process
from smartgallery_tui.cli.drawing import require_terminal
from smartgallery_tui.cli.exit_codes import ExitCode
from smartgallery_tui.cli.output import Output, stderr, stdout
from smartgallery_tui.demo import make_demo

if TYPE_CHECKING:
    from smartgallery_tui.cli.context import Context
    from smartgallery_tui.cli.parser import Parser

HAS_QUERY = False


def add_arguments(parser: Parser) -> None:
    """Add the command's own arguments."""
    parser.add_argument(
        "folder", nargs="?", metavar="DIR", help="where to make it (default: the data folder)"
    )
    parser.add_argument(
        "--make-only", action="store_true", help="print the folder instead of browsing it"
    )


def run(context: Context) -> int:
    """Make the library if it is not there, then browse it."""
    arguments = context.arguments
    if not arguments.make_only:
        require_terminal()
    people = stderr()
    try:
        report = make_demo(
            arguments.folder or context.paths.demo_dir,
            lambda done, total: _show(people, done, total),
        )
    finally:
        people.end_status()
    if arguments.make_only:
        stdout().line(report.folder)
        return ExitCode.OK
    result = browse(context, [report.folder])
    end_hung_process(result.code)
    return result.code


def _show(people: Output, done: int, total: int) -> None:
    people.status(f"drawing the sample library  {done}/{total}")
