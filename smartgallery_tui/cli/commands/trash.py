"""`trash`: moves what a query finds into the trash, lists it, brings back, empties."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.cli.exit_codes import ExitCode
from smartgallery_tui.cli.outcomes import explain_nothing, report_outcomes
from smartgallery_tui.cli.output import complain, stderr, stdout
from smartgallery_tui.cli.progress import cancel_on_signal, file_progress
from smartgallery_tui.cli.text import timestamp
from smartgallery_tui.errors import UsageError

if TYPE_CHECKING:
    import argparse
    import threading

    from smartgallery_tui.cli.context import Context
    from smartgallery_tui.cli.parser import Parser
    from smartgallery_tui.library import Library

HAS_QUERY = True


def add_arguments(parser: Parser) -> None:
    """Add the command's own arguments."""
    parser.add_argument("query", nargs="*", metavar="QUERY", help="what to move to the trash")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--list", action="store_true", help="print what lies in the trash")
    what.add_argument(
        "--restore", action="append", default=[], metavar="ID", help="bring back; repeatable"
    )
    what.add_argument("--empty", action="store_true", help="delete for ever; only this frees space")
    parser.add_argument(
        "--older-than", type=int, default=0, metavar="DAYS", help="with --empty: only what is older"
    )
    parser.add_argument("--json", action="store_true", help="one object a file")


def run(context: Context) -> int:
    """Trash, list, restore or empty; 1 if nothing was found or a file could not be changed."""
    arguments = context.arguments
    _check(arguments)
    is_read_only = context.settings.safety.read_only
    with (
        cancel_on_signal() as cancelled,
        context.open_library(is_read_only=is_read_only) as library,
    ):
        if arguments.list:
            return _list(library, is_json=arguments.json)
        if arguments.restore:
            code = _restore(library, arguments, cancelled)
        elif arguments.empty:
            with file_progress("deleting") as told:
                outcomes = library.empty_trash(arguments.older_than, cancelled, told)
            code = report_outcomes(outcomes, "deleted for ever", is_json=arguments.json)
        else:
            code = _trash(library, arguments, cancelled)
    return ExitCode.INTERRUPTED if cancelled.is_set() else code


def _check(arguments: argparse.Namespace) -> None:
    text = " ".join(arguments.query).strip()
    is_other = arguments.list or arguments.restore or arguments.empty
    if is_other and text:
        raise UsageError("a query goes with none of --list, --restore and --empty")
    if not is_other and not text:
        raise UsageError("name a query: trash never takes the whole library by accident")
    if arguments.older_than and not arguments.empty:
        raise UsageError("--older-than goes with --empty")
    if arguments.older_than < 0:
        raise UsageError("--older-than must not be negative")


def _trash(library: Library, arguments: argparse.Namespace, cancelled: threading.Event) -> int:
    text = " ".join(arguments.query).strip()
    ids = library.search(text).ids()
    if not ids:
        explain_nothing(library, text)
        return ExitCode.FAILED
    with file_progress("to the trash") as told:
        outcomes = library.trash(ids, cancelled, told)
    what = "moved to the trash, no space is freed until it is emptied (`undo` brings back)"
    return report_outcomes(outcomes, what, is_json=arguments.json)


def _list(library: Library, *, is_json: bool) -> int:
    out = stdout()
    entries = library.trashed()
    if not entries:
        stderr().line("the trash is empty")
    for entry in entries:
        if is_json:
            out.json(
                {
                    "id": entry.trash_id,
                    "path": entry.original,
                    "trashed": entry.trashed_ns / 1e9,
                    "size_bytes": entry.size_bytes,
                    "is_folder": entry.is_folder,
                }
            )
        else:
            out.line(f"{entry.trash_id}  {timestamp(entry.trashed_ns)}  {entry.original}")
    return ExitCode.OK if entries else ExitCode.FAILED


def _restore(library: Library, arguments: argparse.Namespace, cancelled: threading.Event) -> int:
    known = {entry.trash_id: entry for entry in library.trashed()}
    absent = [name for name in arguments.restore if name not in known]
    for name in absent:
        complain(f"{name}: there is nothing of this id in the trash")
    wanted = [known[name] for name in dict.fromkeys(arguments.restore) if name in known]
    with file_progress("restoring") as told:
        outcomes = library.restore(wanted, cancelled, told)
    code = report_outcomes(outcomes, "restored", is_json=arguments.json)
    return ExitCode.FAILED if absent else code
