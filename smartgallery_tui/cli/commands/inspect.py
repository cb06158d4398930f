"""`inspect FILE...`: metadata straight from files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.cli.exit_codes import ExitCode
from smartgallery_tui.cli.output import complain, stdout
from smartgallery_tui.cli.shapes import inspection_shape, unreadable_shape
from smartgallery_tui.cli.text import inspection_lines
from smartgallery_tui.errors import SmartGalleryError
from smartgallery_tui.library.inspect import Inspector
from smartgallery_tui.library.node_rules import load_node_rules

if TYPE_CHECKING:
    from smartgallery_tui.cli.context import Context
    from smartgallery_tui.cli.parser import Parser

HAS_QUERY = False


def add_arguments(parser: Parser) -> None:
    """Add the command's own arguments."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="what to read")
    parser.add_argument("--json", action="store_true", help="one object a line")


def run(context: Context) -> int:
    """Print each file's metadata; 1 if one could not be read."""
    arguments = context.arguments
    out = stdout()
    code = ExitCode.OK
    rules = load_node_rules(context.paths.rules_file)
    with Inspector(rules) as inspector:
        for number, path in enumerate(arguments.files):
            try:
                inspection = inspector.inspect(path)
            except SmartGalleryError as error:
                code = ExitCode.FAILED
                complain(f"{path}: {error}")
                if arguments.json:
                    out.json(unreadable_shape(path, str(error)))
                continue
            if arguments.json:
                out.json(inspection_shape(inspection))
                continue
            if number:
                out.line()
            out.lines(inspection_lines(inspection))
    return code
