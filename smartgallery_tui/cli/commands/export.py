"""`export QUERY --to DIR`: copies what a query finds, as it is or without its metadata."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.cli.context import folder_to_fill
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
    parser.add_argument("query", nargs="*", metavar="QUERY", help="what to copy")
    parser.add_argument(
        "--to", metavar="DIR", required=True, help="a folder, which is made if it is missing"
    )
    parser.add_argument(
        "--clean", action="store_true", help="without metadata; no pixel is touched"
    )
    parser.add_argument("--json", action="store_true", help="one object a file")


def run(context: Context) -> int:
    """Copy what was found; 1 if nothing was, or a file could not be copied."""
    arguments = context.arguments
    text = " ".join(arguments.query).strip()
    if not text:
        raise UsageError("name a query; `kind:*` is everything")
    folder = folder_to_fill(arguments.to)
    with cancel_on_signal() as cancelled, context.open_library() as library:
        ids = library.search(text).ids()
        outcomes = library.export(ids, folder, clean=arguments.clean, cancelled=cancelled)
    if not ids:
        return ExitCode.FAILED
    code = report_outcomes(outcomes, "copied", is_json=arguments.json)
    return ExitCode.INTERRUPTED if cancelled.is_set() else code
