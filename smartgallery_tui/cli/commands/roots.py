"""`roots`: the folders of the library; adds one, or forgets one without touching a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.cli.context import existing_folder
from smartgallery_tui.cli.exit_codes import ExitCode
from smartgallery_tui.cli.output import stderr, stdout
from smartgallery_tui.errors import UsageError

if TYPE_CHECKING:
    from smartgallery_tui.cli.context import Context
    from smartgallery_tui.cli.parser import Parser
    from smartgallery_tui.library import Library
    from smartgallery_tui.records.roots import RootInfo

HAS_QUERY = False


def add_arguments(parser: Parser) -> None:
    """Add the command's own arguments."""
    parser.add_argument(
        "action",
        nargs="?",
        choices=("list", "add", "forget"),
        default="list",
        help="list them (default), add folders, or forget them: no file is touched, marks stay",
    )
    parser.add_argument("folders", nargs="*", metavar="DIR", help="which folders")
    parser.add_argument("--json", action="store_true", help="one object a folder")


def run(context: Context) -> int:
    """List, add or forget; 1 if there is no folder to list."""
    arguments = context.arguments
    if (arguments.action == "list") is bool(arguments.folders):
        raise UsageError(
            "`roots` lists all; folders go behind `roots add` and `roots forget`"
            if arguments.folders
            else f"name a folder to {arguments.action}"
        )
    with context.open_library(is_read_only=context.settings.safety.read_only) as library:
        if arguments.action == "list":
            return _list(library, is_json=arguments.json)
        for folder in arguments.folders:
            if arguments.action == "add":
                added = library.add_root(existing_folder(folder))
                stderr().line(f"{added.path} is part of the library; `scan` reads it")
                continue
            count = library.forget_root(folder)
            files = "1 file" if count == 1 else f"{count:,} files"
            stderr().line(f"forgot {folder} with {files}; none was touched, what you said stays")
    return ExitCode.OK


def _list(library: Library, *, is_json: bool) -> int:
    roots, counts = library.roots(), library.root_files()
    if not roots:
        stderr().line("the library has no folder yet; `smartgallery roots add DIR` adds one")
    out = stdout()
    for root in roots:
        if is_json:
            out.json(
                {
                    "path": root.path,
                    "role": root.role,
                    "files": counts.get(root.id, 0),
                    "is_online": root.is_online,
                    "is_scanned": root.is_scanned,
                }
            )
        else:
            state = _state(root)
            out.line(f"{counts.get(root.id, 0):>8,}  {root.role:<6}  {root.path}{state}")
    return ExitCode.OK if roots else ExitCode.FAILED


def _state(root: RootInfo) -> str:
    if not root.is_online:
        return "  (not there)"
    return "" if root.is_scanned else "  (not scanned yet)"
