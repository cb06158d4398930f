"""`scan DIR`: indexes a folder and says what changed."""

from __future__ import annotations

import shlex
from contextlib import nullcontext
from typing import TYPE_CHECKING

from smartgallery_tui.cli.context import existing_folder
from smartgallery_tui.cli.exit_codes import ExitCode
from smartgallery_tui.cli.output import complain, stderr, stdout
from smartgallery_tui.cli.progress import Progress, cancel_on_signal
from smartgallery_tui.cli.shapes import report_shape
from smartgallery_tui.cli.text import offered
from smartgallery_tui.errors import UsageError
from smartgallery_tui.library.reader_group import early_group

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from smartgallery_tui.cli.context import Context
    from smartgallery_tui.cli.parser import Parser
    from smartgallery_tui.library.reader_group import ReaderGroup
    from smartgallery_tui.records import SyncReport

HAS_QUERY = False


def add_arguments(parser: Parser) -> None:
    """Add the command's own arguments."""
    parser.add_argument(
        "folders", nargs="*", metavar="DIR", help="what to index (default: the configured folders)"
    )
    parser.add_argument("--thumbs", action="store_true", help="make all thumbnails, too")
    parser.add_argument("--reparse", action="store_true", help="read unchanged files again")
    parser.add_argument("--json", action="store_true", help="end with one object")


def run(context: Context) -> int:
    """Index; what was done before an interruption stays."""
    arguments = context.arguments
    folders = arguments.folders or context.configured_roots()
    if not folders:
        raise UsageError("name a folder to scan, or set output_path in the settings")
    roots = [existing_folder(folder) for folder in folders]
    progress = Progress()
    with (
        cancel_on_signal() as cancelled,
        _early_readers(context, roots) as readers,
        context.open_library(roots) as library,
    ):
        library.use_readers(readers)
        try:
            report = library.sync(
                progress, cancelled, thumbs=arguments.thumbs, reparse=arguments.reparse
            )
        finally:
            progress.end()
        offers = [] if library.read_only else library.restore_offers()
    _print_report(report, is_json=arguments.json)
    for offer in offers:
        complain(
            f"another machine left user data here: {offered(offer)}; "
            f"`smartgallery userdata import {shlex.quote(offer.path)}` takes it in, "
            "`smartgallery restore --decline` with that file ends this line"
        )
    return ExitCode.INTERRUPTED if report.cancelled else ExitCode.OK


def _early_readers(
    context: Context, roots: list[str]
) -> AbstractContextManager[ReaderGroup | None]:
    """Start what reads the files of a new library while the library itself is made."""
    scan = context.settings.scan
    ahead = [] if scan.exclude else roots  # what nobody wants is not read ahead either
    group = early_group(context.paths.data_dir, ahead, scan.workers)
    return group if group is not None else nullcontext()


def _print_report(report: SyncReport, *, is_json: bool) -> None:
    if is_json:
        stdout().json(report_shape(report))
        return
    if report.handed_over:
        return
    stopped = "stopped after " if report.cancelled else ""
    unread = f", {report.unread} not read yet" if report.unread else ""
    stderr().line(
        f"{stopped}{report.found} files: {report.added} added, {report.changed} changed, "
        f"{report.missing} missing, {report.problems} with problems{unread} "
        f"({report.seconds:.1f} s)"
    )
