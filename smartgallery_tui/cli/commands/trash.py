"""`trash QUERY`: moves what a query finds into the trash of its folder; nothing is deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.cli.exit_codes import ExitCode
from smartgallery_tui.cli.outcomes import report_outcomes
from smartgallery_tui.cli.progress import cancel_on_signal
from smartgallery_tui.errors import UsageError

if TYPE_CHECKING:
    from smartgallery_tui.cli.context import Context
    from smartgallery_tui.cli.parser import Parser

HAS_QUERY = True


def add_arguments(parser: Parser) -> None:
    """Add the command's own arguments."""
    parser.add_argument("query", nargs="*", metavar="QUERY", help="what to move to the trash")
    parser.add_argument("--json", action="store_true", help="one object a file")


def run(context: Context) -> int:
    """Trash what was found; 1 if nothing was, or a file could not be moved."""
    arguments = context.arguments
    text = " ".join(arguments.query).strip()
    if not text:
        raise UsageError("name a query: trash never takes the whole library by accident")
    is_read_only = context.settings.safety.read_only
    with (
        cancel_on_signal() as cancelled,
        context.open_library(is_read_only=is_read_only) as library,
    ):
        ids = library.search(text).ids()
        outcomes = library.trash(ids, cancelled)
    if not ids:
        return ExitCode.FAILED
    code = report_outcomes(
        outcomes, "moved to the trash (`undo` brings back)", is_json=arguments.json
    )
    return ExitCode.INTERRUPTED if cancelled.is_set() else code
