"""`pick [QUERY]`: browse, mark, and print the marked paths."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.cli.commands.browse import browse, end_hung_process
from smartgallery_tui.cli.drawing import require_terminal
from smartgallery_tui.cli.output import stdout

if TYPE_CHECKING:
    from smartgallery_tui.cli.context import Context
    from smartgallery_tui.cli.parser import Parser

HAS_QUERY = True


def add_arguments(parser: Parser) -> None:
    """Add the command's own arguments."""
    parser.add_argument("query", nargs="*", metavar="QUERY", help="the search to start with")
    parser.add_argument("-0", "--null", action="store_true", help="end paths with a NUL byte")


def run(context: Context) -> int:
    """Print what was picked; 1 if nothing was. stdout may be a pipe, and stderr a file."""
    require_terminal(draws_on_stdout=False)
    result = browse(context, [], is_pick=True, query=" ".join(context.arguments.query))
    out = stdout()
    for path in result.picked:
        if context.arguments.null:
            out.raw(path.encode("utf-8", "surrogateescape") + b"\0")
        else:
            out.line(path)
    out.flush()
    end_hung_process(result.code)
    return result.code
