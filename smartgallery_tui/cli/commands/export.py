"""`export QUERY --to DIR`: copies what a query finds: as it is, clean, or into an archive."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from smartgallery_tui.cli.context import folder_to_fill
from smartgallery_tui.cli.exit_codes import ExitCode
from smartgallery_tui.cli.outcomes import explain_nothing, report_outcomes
from smartgallery_tui.cli.output import stderr
from smartgallery_tui.cli.progress import cancel_on_signal, file_progress
from smartgallery_tui.errors import UsageError
from smartgallery_tui.records.home import at_home

if TYPE_CHECKING:
    from smartgallery_tui.cli.context import Context
    from smartgallery_tui.cli.parser import Parser

HAS_QUERY = True
ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz")


def add_arguments(parser: Parser) -> None:
    """Add the command's own arguments."""
    parser.add_argument("query", nargs="*", metavar="QUERY", help="what to copy")
    parser.add_argument(
        "--to", metavar="DIR", required=True,
        help="a folder, which is made if it is missing, or an archive: x.zip, x.tar, x.tar.gz",
    )  # fmt: skip
    parser.add_argument(
        "--clean", action="store_true", help="without metadata; no pixel is touched"
    )
    parser.add_argument(
        "--workflows", action="store_true", help="into an archive: the workflow of each file, too"
    )
    parser.add_argument(
        "--table", action="store_true", help="into an archive: a table (CSV) of all, too"
    )
    parser.add_argument("--json", action="store_true", help="one object a file")


def run(context: Context) -> int:
    """Copy what was found; 1 if nothing was, or a file could not be copied."""
    arguments = context.arguments
    text = " ".join(arguments.query).strip()
    if not text:
        raise UsageError("name a query; `kind:*` is everything")
    is_archive = arguments.to.lower().endswith(ARCHIVES) and not Path(arguments.to).is_dir()
    if (arguments.workflows or arguments.table) and not is_archive:
        raise UsageError("--workflows and --table go into an archive: --to x.zip")
    to = at_home(arguments.to).absolute()
    folder = folder_to_fill(str(to.parent) if is_archive else arguments.to)
    with (
        cancel_on_signal() as cancelled,
        context.open_library() as library,
        file_progress("packing" if is_archive else "copying") as told,
    ):
        ids = library.search(text).ids()
        if not ids:
            explain_nothing(library, text)
            return ExitCode.FAILED
        if is_archive:
            outcomes = library.export_archive(
                ids, str(to), clean=arguments.clean, workflows=arguments.workflows,
                table=arguments.table, cancelled=cancelled, told=told,
            )  # fmt: skip
        else:
            outcomes = library.export(
                ids, folder, clean=arguments.clean, cancelled=cancelled, told=told
            )
        packed = next((outcome.path for outcome in outcomes if outcome.ok), "")
        fetch = library.fetch_command([packed]) if is_archive and packed else ""
    code = report_outcomes(outcomes, "packed" if is_archive else "copied", is_json=arguments.json)
    if fetch and not arguments.json:
        stderr().line(f"{packed}; from another machine: {fetch}")
    return ExitCode.INTERRUPTED if cancelled.is_set() else code
