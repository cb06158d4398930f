"""`mark QUERY`: favourite, rating, status, tags and notes of everything that a query finds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from smartgallery_tui.cli.exit_codes import ExitCode
from smartgallery_tui.cli.outcomes import explain_nothing, report_outcomes
from smartgallery_tui.errors import UsageError
from smartgallery_tui.records import Status

if TYPE_CHECKING:
    import argparse

    from smartgallery_tui.cli.context import Context
    from smartgallery_tui.cli.parser import Parser

HAS_QUERY = True


def add_arguments(parser: Parser) -> None:
    """Add the command's own arguments."""
    parser.add_argument("query", nargs="*", metavar="QUERY", help="what to mark")
    favorite = parser.add_mutually_exclusive_group()
    favorite.add_argument("--favorite", action="store_true", default=None, help="make favourites")
    favorite.add_argument("--no-favorite", action="store_false", dest="favorite",
                          help="make ordinary again")  # fmt: skip
    parser.add_argument("--rating", type=int, choices=range(6), help="stars; 0 for none")
    statuses = [*get_args(Status)[1:], "none"]
    parser.add_argument("--status", choices=statuses, metavar="STATUS",
                        help=f"review status: {', '.join(statuses)}")  # fmt: skip
    parser.add_argument("--tag", action="append", default=[], metavar="T", help="give a tag")
    parser.add_argument("--untag", action="append", default=[], metavar="T", help="take a tag")
    parser.add_argument("--album", action="append", default=[], metavar="A",
                        help="put into an album; `a/b` lies below `a`")  # fmt: skip
    parser.add_argument("--no-album", action="append", default=[], metavar="A",
                        help="take out of an album")  # fmt: skip
    parser.add_argument("--note", metavar="TEXT", help="write a note; '' removes it")
    parser.add_argument("--json", action="store_true", help="one object a file")


def run(context: Context) -> int:
    """Mark what was found; 1 if nothing was, or a file could not be marked."""
    arguments = context.arguments
    text = " ".join(arguments.query).strip()
    if not text:
        raise UsageError("name a query: mark never takes the whole library by accident")
    changes = _changes(arguments)
    if not changes:
        raise UsageError("say what to change, for example --favorite or --rating 4")
    with context.open_library(is_read_only=context.settings.safety.read_only) as library:
        ids = library.search(text).ids()
        if not ids:
            explain_nothing(library, text)
            return ExitCode.FAILED
        outcomes = library.mark(ids, **changes)
    return report_outcomes(outcomes, "marked", is_json=arguments.json)


def _changes(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return what is to be said, by the arguments of `Library.mark`."""
    status = {"none": ""}.get(arguments.status, arguments.status)
    wanted = {
        "favorite": arguments.favorite,
        "rating": arguments.rating,
        "status": status,
        "note": arguments.note,
        "tags": arguments.tag or None,
        "without_tags": arguments.untag or None,
        "albums": arguments.album or None,
        "without_albums": arguments.no_album or None,
    }
    return {name: value for name, value in wanted.items() if value is not None}
