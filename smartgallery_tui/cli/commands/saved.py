"""`saved`: the saved searches and the recent ones: listed, kept, renamed, deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from smartgallery_tui.cli.exit_codes import ExitCode
from smartgallery_tui.cli.output import complain, stderr, stdout
from smartgallery_tui.errors import UsageError
from smartgallery_tui.records import SortKey
from smartgallery_tui.records.searches import SavedSearch

if TYPE_CHECKING:
    from smartgallery_tui.cli.context import Context
    from smartgallery_tui.cli.parser import Parser
    from smartgallery_tui.library import Library

HAS_QUERY = True
_ACTIONS = ("list", "show", "add", "rename", "delete", "recent", "forget-recent")


def add_arguments(parser: Parser) -> None:
    """Add the command's own arguments."""
    parser.add_argument(
        "action",
        nargs="?",
        choices=_ACTIONS,
        default="list",
        help="list (default), show NAME, add NAME QUERY..., rename OLD NEW, delete NAME, recent, "
        "forget-recent",
    )
    parser.add_argument("query", nargs="*", metavar="NAME", help="a saved search, then its query")
    parser.add_argument(
        "--sort", choices=get_args(SortKey), default="date", metavar="KEY",
        help=f"of `add`: one of {', '.join(get_args(SortKey))} (default: date)",
    )  # fmt: skip
    parser.add_argument("--reverse", action="store_true", help="of `add`: lowest first")
    parser.add_argument("--json", action="store_true", help="one object a search")


def run(context: Context) -> int:
    """List or change saved searches; 1 if there is none to list or to show."""
    arguments = context.arguments
    action, words = arguments.action, arguments.query
    _check(action, words)
    with context.open_library(is_read_only=context.settings.safety.read_only) as library:
        if action == "add":
            name, *query = words
            text = " ".join(query)
            library.search(text)  # a query that cannot be read is not kept
            library.save_search(
                SavedSearch(name, text, arguments.sort, is_descending=not arguments.reverse)
            )
        elif action == "rename":
            library.rename_saved(*words)
        elif action == "delete":
            library.delete_saved(*words)
        elif action == "forget-recent":
            library.forget_recent_searches()
        else:
            return _print(library, action, words, is_json=arguments.json)
    return ExitCode.OK


def _check(action: str, words: list[str]) -> None:
    wanted = {"show": 1, "rename": 2, "delete": 1}.get(action, 0)
    if action == "add":
        if len(words) < 2:
            raise UsageError("`saved add` takes a name and a query")
    elif len(words) != wanted:
        names = ("nothing", "one name", "two names")[wanted]
        raise UsageError(f"`saved {action}` takes {names}")


def _print(library: Library, action: str, words: list[str], *, is_json: bool) -> int:
    out = stdout()
    if action == "recent":
        recent = library.recent_searches()
        if not recent:
            stderr().line("there are no recent searches; the search box keeps them")
        for text in recent:
            out.json({"query": text}) if is_json else out.line(text)
        return ExitCode.OK if recent else ExitCode.FAILED
    found = [s for s in library.saved_searches() if action == "list" or s.name == words[0]]
    if action == "show" and not found:
        complain(f"there is no saved search {words[0]!r}; `smartgallery saved` lists them")
    elif not found:
        stderr().line("there are no saved searches; `smartgallery saved add NAME QUERY` keeps one")
    for search in found:
        if is_json:
            out.json(
                {
                    "name": search.name,
                    "query": search.text,
                    "sort": search.sort,
                    "is_descending": search.is_descending,
                }
            )
        else:
            out.line(search.text if action == "show" else f"{search.name}\t{search.text}")
    return ExitCode.OK if found else ExitCode.FAILED
