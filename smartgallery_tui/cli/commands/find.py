"""`find QUERY...`: the files that a query finds, for scripts and for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from smartgallery_tui.cli.exit_codes import ExitCode
from smartgallery_tui.cli.outcomes import explain_nothing
from smartgallery_tui.cli.output import stdout
from smartgallery_tui.errors import UsageError
from smartgallery_tui.library.tables import csv_head, csv_row, described, row_shape
from smartgallery_tui.records import SortKey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from smartgallery_tui.cli.context import Context
    from smartgallery_tui.cli.output import Output
    from smartgallery_tui.cli.parser import Parser
    from smartgallery_tui.library import Library
    from smartgallery_tui.records import Item

HAS_QUERY = True

_PAGE_ROWS = 500
_ASCENDING = frozenset({"name", "model"})
"""Sorts whose natural order is rising."""


def add_arguments(parser: Parser) -> None:
    """Add the command's own arguments."""
    parser.add_argument(
        "query", nargs="*", metavar="QUERY", help="words joined by blanks; none finds all"
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one object a line")
    form.add_argument("--csv", action="store_true", help="rows with a header")
    form.add_argument("-0", "--null", action="store_true", help="paths that end with a NUL byte")
    form.add_argument("--count", action="store_true", help="only how many")
    parser.add_argument(
        "--sort", choices=get_args(SortKey), default="date", metavar="KEY",
        help=f"one of {', '.join(get_args(SortKey))} (default: date)",
    )  # fmt: skip
    parser.add_argument("--reverse", action="store_true", help="the other way round")
    parser.add_argument("--limit", type=int, metavar="N", help="at most N rows")
    parser.add_argument("--all", action="store_true", help="missing files, too")


def run(context: Context) -> int:
    """Print what was found; 1 if nothing was."""
    arguments = context.arguments
    if arguments.limit is not None and arguments.limit < 0:
        raise UsageError("--limit must not be negative")
    query = " ".join(arguments.query)
    with context.open_library() as library:
        result = library.search(
            query,
            sort=arguments.sort,
            descending=(arguments.sort not in _ASCENDING) is not arguments.reverse,
            include_missing=arguments.all,
        )
        out = stdout()
        if arguments.count:
            out.line(str(result.total))
        else:
            count = result.total if arguments.limit is None else arguments.limit
            _writer(context, library)(out, _pages(result.page, min(count, result.total)))
        out.flush()
        if not result.total and query.strip() and not arguments.count:
            explain_nothing(library, query)
    return ExitCode.OK if result.total else ExitCode.FAILED


def _pages(page: Callable[[int, int], list[Item]], count: int) -> Iterator[list[Item]]:
    for start in range(0, count, _PAGE_ROWS):
        yield page(start, min(_PAGE_ROWS, count - start))


def _writer(context: Context, library: Library) -> Callable[[Output, Iterator[list[Item]]], None]:
    arguments = context.arguments
    if arguments.json:
        return lambda out, pages: _write_json(out, pages, library)
    if arguments.csv:
        return lambda out, pages: _write_csv(out, pages, library)
    if arguments.null:
        return _write_null
    return lambda out, pages: out.lines(item.path for items in pages for item in items)


def _write_json(out: Output, pages: Iterator[list[Item]], library: Library) -> None:
    for items in pages:
        for row in described(items, library.generations, library.users_data):
            out.json(row_shape(*row))


def _write_null(out: Output, pages: Iterator[list[Item]]) -> None:
    for items in pages:
        for item in items:
            out.raw(item.path.encode("utf-8", "surrogateescape") + b"\0")


def _write_csv(out: Output, pages: Iterator[list[Item]], library: Library) -> None:
    out.line(csv_head())
    for items in pages:
        for row in described(items, library.generations, library.users_data):
            out.line(csv_row(*row))
