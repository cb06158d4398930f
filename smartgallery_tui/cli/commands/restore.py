"""`restore FILE`: puts a backup in the place of the user data; lists what other machines left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.cli.exit_codes import ExitCode
from smartgallery_tui.cli.output import stderr, stdout
from smartgallery_tui.cli.text import offered
from smartgallery_tui.errors import UsageError

if TYPE_CHECKING:
    from smartgallery_tui.cli.context import Context
    from smartgallery_tui.cli.parser import Parser
    from smartgallery_tui.library import Library

HAS_QUERY = False


def add_arguments(parser: Parser) -> None:
    """Add the command's own arguments."""
    parser.add_argument("file", nargs="?", metavar="FILE", help="a file of `backup`")
    parser.add_argument(
        "--offers",
        action="store_true",
        help="list the user data that other machines left in the folders of the library; "
        "`userdata import FILE` takes it in",
    )
    parser.add_argument(
        "--decline", action="append", default=[], metavar="FILE", help="never offer it again"
    )
    parser.add_argument("--json", action="store_true", help="with --offers: one object each")


def run(context: Context) -> int:
    """Restore and say where the data that was there is kept; or list or decline offers."""
    arguments = context.arguments
    if bool(arguments.file) + arguments.offers + bool(arguments.decline) != 1:
        raise UsageError("name a backup, or ask for --offers or --decline")
    with context.open_library(is_read_only=context.settings.safety.read_only) as library:
        if arguments.offers:
            return _list(library, is_json=arguments.json)
        if arguments.decline:
            return _decline(library, arguments.decline)
        kept = library.restore_backup(arguments.file)
    where = f"; what was there is kept in {kept}" if kept else ""
    stderr().line(f"restored {arguments.file}{where}")
    return ExitCode.OK


def _list(library: Library, *, is_json: bool) -> int:
    offers = library.restore_offers(declined=True)
    if not offers:
        stderr().line("nothing is offered")
    out = stdout()
    for offer in offers:
        if is_json:
            out.json(
                {
                    "path": offer.path,
                    "root": offer.root,
                    "changed": offer.updated_ns / 1e9,
                    "files": offer.contents,
                    "searches": offer.searches,
                    "albums": offer.albums,
                }
            )
        else:
            out.line(f"{offer.path}  {offered(offer)}")
    return ExitCode.OK if offers else ExitCode.FAILED


def _decline(library: Library, paths: list[str]) -> int:
    known = {offer.path: offer for offer in library.restore_offers(declined=True)}
    absent = [path for path in paths if path not in known]
    if absent:
        raise UsageError(f"{absent[0]} is not offered; --offers lists what is")
    for path in paths:
        library.decline_restore(known[path])
    return ExitCode.OK
