"""`albums`: lists the albums; renames, deletes or describes one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.cli.exit_codes import ExitCode
from smartgallery_tui.cli.output import complain, stderr, stdout
from smartgallery_tui.errors import UsageError

if TYPE_CHECKING:
    from smartgallery_tui.cli.context import Context
    from smartgallery_tui.cli.parser import Parser
    from smartgallery_tui.library import Library

HAS_QUERY = False
_WORDS = {"list": (0, 0), "rename": (2, 2), "delete": (1, 1), "note": (1, 2)}
"""How many words each action takes."""


def add_arguments(parser: Parser) -> None:
    """Add the command's own arguments."""
    parser.add_argument(
        "action",
        nargs="?",
        choices=tuple(_WORDS),
        default="list",
        help="list them (default); rename OLD NEW; delete NAME; note NAME [TEXT], '' removes it",
    )
    parser.add_argument("words", nargs="*", metavar="NAME", help="an album; `a/b` lies below `a`")
    parser.add_argument("--json", action="store_true", help="one object an album")


def run(context: Context) -> int:
    """List or change albums; 1 if there is none to list, or no note to print."""
    arguments = context.arguments
    least, most = _WORDS[arguments.action]
    if not least <= len(arguments.words) <= most:
        raise UsageError(f"`albums {arguments.action}` takes {_named(least, most)}")
    with context.open_library(is_read_only=context.settings.safety.read_only) as library:
        if arguments.action == "list":
            return _list(library, is_json=arguments.json)
        if arguments.action == "rename":
            library.rename_album(*arguments.words)
        elif arguments.action == "delete":
            library.delete_album(*arguments.words)
        elif len(arguments.words) == 2:
            _require(library, arguments.words[0])
            library.set_album_note(*arguments.words)
        else:
            return _print_note(library, arguments.words[0])
    return ExitCode.OK


def _require(library: Library, name: str) -> None:
    """Refuse the note of an album that is not there: a slip would make one."""
    if all(album.name.casefold() != name.casefold() for album in library.albums()):
        raise UsageError(f"there is no album {name!r}; `smartgallery albums` lists the albums")


def _named(least: int, most: int) -> str:
    words = "one name" if least == 1 else "two names" if least == 2 else "no name"
    return f"{words} and perhaps a text" if most > least else words


def _list(library: Library, *, is_json: bool) -> int:
    found = library.albums()
    if not found:
        stderr().line("there are no albums; `smartgallery mark QUERY --album NAME` makes one")
    out = stdout()
    for album in found:
        if is_json:
            out.json(
                {"name": album.name, "files": album.total, "own": album.own, "note": album.note}
            )
        else:
            out.line(f"{album.total:>8,}  {album.name}")
    return ExitCode.OK if found else ExitCode.FAILED


def _print_note(library: Library, name: str) -> int:
    text = library.album_note(name)
    if text:
        stdout().lines(text.splitlines())
    else:
        complain(f"{name}: there is no note; `smartgallery albums` lists the albums")
    return ExitCode.OK if text else ExitCode.FAILED
