"""`userdata export|import`: marks, tags and albums as JSON lines, keyed by content."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from smartgallery_tui.cli.exit_codes import ExitCode
from smartgallery_tui.cli.output import stderr, stdout
from smartgallery_tui.errors import UsageError

if TYPE_CHECKING:
    from smartgallery_tui.cli.context import Context
    from smartgallery_tui.cli.parser import Parser

HAS_QUERY = False


def add_arguments(parser: Parser) -> None:
    """Add the command's own arguments."""
    parser.add_argument("action", choices=("export", "import"),
                        help="write what there is, or take in a file from elsewhere")  # fmt: skip
    parser.add_argument(
        "file", nargs="?", metavar="FILE", help="a new file, or one to read (default: - the pipe)"
    )


def run(context: Context) -> int:
    """Write all user data, or merge what a file holds."""
    return _import(context) if context.arguments.action == "import" else _export(context)


def _export(context: Context) -> int:
    with context.open_library() as library:
        lines = library.export_user_data()
    target = context.arguments.file
    if target in (None, "-"):
        stdout().lines(lines)
        return ExitCode.OK
    try:
        with Path(target).open("x", encoding="utf-8") as file:
            file.writelines(line + "\n" for line in lines)
    except FileExistsError:
        raise UsageError(f"{target} is there already; name another file") from None
    return ExitCode.OK


def _import(context: Context) -> int:
    source = context.arguments.file
    if source in (None, "-"):
        if sys.stdin is None or sys.stdin.isatty():
            raise UsageError("name a file of `userdata export`, or pipe one in")
        lines: list[str] | Path = sys.stdin.read().splitlines()
    else:
        lines = Path(source)
    with context.open_library(is_read_only=context.settings.safety.read_only) as library:
        changed = library.import_user_data(lines)
    stderr().line(f"{changed} {'value' if changed == 1 else 'values'} changed")
    return ExitCode.OK
