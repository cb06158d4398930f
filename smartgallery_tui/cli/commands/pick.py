"""`pick [QUERY]`: browse, mark, and print the marked paths."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from smartgallery_tui.cli.commands.browse import browse, require_terminal
from smartgallery_tui.cli.output import stdout
from smartgallery_tui.errors import TerminalError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smartgallery_tui.cli.context import Context
    from smartgallery_tui.cli.parser import Parser

HAS_QUERY = True


def add_arguments(parser: Parser) -> None:
    """Add the command's own arguments."""
    parser.add_argument("query", nargs="*", metavar="QUERY", help="the search to start with")
    parser.add_argument("-0", "--null", action="store_true", help="end paths with a NUL byte")


def run(context: Context) -> int:
    """Print what was picked; 1 if nothing was. stdout may be a pipe: the screen is stderr's."""
    with _terminal_as_stdout():
        require_terminal()
        result = browse(context, [], is_pick=True, query=" ".join(context.arguments.query))
    out = stdout()
    for path in result.picked:
        if context.arguments.null:
            out.raw(path.encode("utf-8", "surrogateescape") + b"\0")
        else:
            out.line(path)
    out.flush()
    return result.code


@contextmanager
def _terminal_as_stdout() -> Iterator[None]:
    """Lend the terminal to stdout while the app runs: what was there gets the paths after it."""
    if sys.stdout is None or sys.stderr is None or not sys.stderr.isatty():
        raise TerminalError("stderr is not a terminal, and pick draws on it")
    if sys.stdout.isatty():
        yield
        return
    sys.stdout.flush()
    kept = os.dup(1)
    try:
        os.dup2(2, 1)
        yield
    finally:
        sys.stdout.flush()
        os.dup2(kept, 1)
        os.close(kept)
