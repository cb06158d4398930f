"""`undo`: takes back the last change of marks or files, whoever made it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.cli.exit_codes import ExitCode
from smartgallery_tui.cli.outcomes import report_outcomes
from smartgallery_tui.cli.output import complain

if TYPE_CHECKING:
    from smartgallery_tui.cli.context import Context
    from smartgallery_tui.cli.parser import Parser

HAS_QUERY = False


def add_arguments(parser: Parser) -> None:
    """Add the command's own arguments."""
    parser.add_argument("--redo", action="store_true", help="do again what was undone last")
    parser.add_argument("--json", action="store_true", help="one object a file")


def run(context: Context) -> int:
    """Undo or redo one change; 1 if there is none or a part of it failed."""
    arguments = context.arguments
    with context.open_library(is_read_only=context.settings.safety.read_only) as library:
        outcomes = library.redo() if arguments.redo else library.undo()
    if not outcomes:
        complain("there is nothing to do again" if arguments.redo else "there is nothing to undo")
        return ExitCode.FAILED
    step = "done again" if arguments.redo else "undone"
    return report_outcomes(outcomes, f"{step} ({outcomes[0].what})", is_json=arguments.json)
