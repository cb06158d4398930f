"""Reads the command line: which command, its options, and the options common to all."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn, get_args

from smartgallery_tui.cli.complaints import near, no_choice, no_option, plainly, too_many
from smartgallery_tui.cli.examples import epilog
from smartgallery_tui.errors import UsageError
from smartgallery_tui.records.settings import GraphicsName

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_VALUE_OPTIONS = frozenset(
    {"--data-dir", "--cache-dir", "--config", "--profile", "--graphics", "--theme"}
)
_COMMON = frozenset({"config", "data_dir", "cache_dir", "profile", "graphics", "theme",
                     "read_only", "follow", "version"})  # fmt: skip
_ESCAPE = "\0"
"""Put before a query word that starts with a dash, so that argparse takes it for a word."""


@dataclass(frozen=True, slots=True)
class Command:
    """A sub-command: its name, its module below `cli.commands`, and what it does."""

    name: str
    help: str
    module: str = ""

    @property
    def module_name(self) -> str:
        """Return the full name of the module that implements it."""
        return f"smartgallery_tui.cli.commands.{self.module or self.name}"


BROWSE = Command("browse", "browse a folder", "browse")
_USAGE = (
    "smartgallery [DIR|FILE]        browse\n"
    "       smartgallery COMMAND ...       do one of the things below\n"
    "       smartgallery COMMAND --help    the options of a command"
)

COMMANDS = (
    Command("demo", "make a small sample library and browse it"),
    Command("scan", "index a folder"),
    Command("find", "print the files that a query finds"),
    Command("inspect", "print the metadata of files, without an index"),
    Command("explain", "say which node gave which value, and what was not understood"),
    Command("workflow", "print the embedded workflow or prompt, byte for byte"),
    Command("stats", "print totals of the library"),
    Command("paths", "print the folders that the program uses"),
    Command("doctor", "print what the terminal and this machine can do"),
    Command("mark", "set favourite, rating, status, tags, albums, note by a query"),
    Command("import", "copy files or folders into the library", "import_files"),
    Command("trash", "move what a query finds into the trash; list, restore, empty it"),
    Command("export", "copy what a query finds to a folder, with or without metadata"),
    Command("undo", "take back the last change of marks or files"),
    Command("pick", "browse, mark, and print the marked paths"),
    Command("dups", "print groups of files with the same content"),
    Command("albums", "list albums; rename, delete or describe one"),
    Command("saved", "list saved searches; keep, rename or delete one"),
    Command("roots", "list the folders of the library; add or forget one"),
    Command("backup", "copy the user data to a file"),
    Command("restore", "put a backup of the user data in its place"),
    Command("userdata", "export or import marks, tags and albums as JSON lines"),
    Command("completions", "print a completion script for a shell"),
    Command("man", "print the manual page"),
    Command("config", "check the settings, or write a commented first file"),
)


class _HelpPage(argparse.RawDescriptionHelpFormatter):
    """A help page whose first lines name what is the command's own."""

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None = None,
    ) -> None:
        """Leave out what every command takes: it has a list of its own below."""
        own = [action for action in actions if action.dest not in _COMMON]
        super().add_usage(usage, own, groups, prefix)


class Parser(argparse.ArgumentParser):
    """An argument parser that complains in one line and leaves the exit to the caller."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, allow_abbrev=False, formatter_class=_HelpPage)

    def error(self, message: str) -> NoReturn:
        """Raise the complaint as `UsageError`."""
        raise UsageError(f"{plainly(message)} (see {self.prog} --help)")

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """Name the choice that may be meant."""
        if action.choices is not None and value not in action.choices:
            raise argparse.ArgumentError(action, no_choice(value, action.choices))

    def option_names(self) -> dict[str, bool]:
        """Return every option string and whether a value follows it."""
        return {
            name: action.nargs != 0 for action in self._actions for name in action.option_strings
        }


def split_command(argv: Sequence[str]) -> tuple[Command, list[str]]:
    """Return the command that a command line names and the line without that word.

    Options that are common to all commands may stand before it. A first word that names no
    command is a folder or file to browse.
    """
    skip = False
    for number, word in enumerate(argv):
        if skip:
            skip = False
        elif word == "--":
            break
        elif word.startswith("-") and word != "-":
            skip = word in _VALUE_OPTIONS
        else:
            command = find_command(word)
            if command is None:
                break
            return command, [*argv[:number], *argv[number + 1 :]]
    return BROWSE, list(argv)


def find_command(name: str) -> Command | None:
    """Return the command of a name, None if there is none."""
    return next((command for command in COMMANDS if command.name == name), None)


def similar_command(word: str) -> str:
    """Return the name of a command that `word` may have been meant as, or ""."""
    return near(word, [command.name for command in COMMANDS])


def new_parser(command: Command) -> Parser:
    """Return a parser with the options common to all commands."""
    is_browse = command is BROWSE
    parser = Parser(
        prog="smartgallery" if is_browse else f"smartgallery {command.name}",
        usage=_USAGE if is_browse else None,
        description=_overview() if is_browse else f"{command.help[0].upper()}{command.help[1:]}.",
        epilog=epilog(command.name),
    )
    add_common_options(parser)
    return parser


def add_common_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that every command takes."""
    group = parser.add_argument_group("common options", "accepted before and after a command")
    group.add_argument("--data-dir", metavar="DIR", help="folder of index.db and user.db")
    group.add_argument("--cache-dir", metavar="DIR", help="folder of the thumbnail cache")
    group.add_argument("--config", metavar="FILE", help="settings file to use")
    group.add_argument("--profile", metavar="NAME", default="", help="settings and data of its own")
    group.add_argument(
        "--graphics", choices=get_args(GraphicsName), help="how pictures are drawn (default: auto)"
    )
    group.add_argument("--theme", metavar="NAME", help="name of a theme")
    group.add_argument("--read-only", action="store_true", help="refuse changes of files and marks")
    group.add_argument("--follow", action="store_true", help="stay on the newest picture")
    group.add_argument("--version", action="store_true", help="print the version")


def parse(parser: Parser, argv: Sequence[str], *, has_query: bool = False) -> argparse.Namespace:
    """Return the parsed arguments.

    Args:
        parser: A parser of `new_parser` with the command's own arguments.
        argv: The command line without the command's word.
        has_query: Words that start with a dash and are no option belong to the query.
    """
    _check_options(parser, argv)
    words = _escape_query_words(parser, argv) if has_query else list(argv)
    found, unknown = parser.parse_known_intermixed_args(words)
    if unknown:
        options = [word for word in unknown if word.startswith("-")]
        first = str(getattr(found, "path", None) or "")
        commands = [command.name for command in COMMANDS]
        parser.error(
            no_option(options[0], parser.option_names())
            if options
            else too_many(unknown, first, commands)
        )
    if has_query:
        found.query = [word.removeprefix(_ESCAPE) for word in found.query]
    return found


def _check_options(parser: Parser, argv: Sequence[str]) -> None:
    """Refuse a word like `--nothing`: it is a mistake, and never a word to search for."""
    options = parser.option_names()
    is_value = False
    for word in argv:
        if word == "--" and not is_value:
            return
        name, equals, _ = word.partition("=")
        if not is_value and name.startswith("--") and name not in options:
            parser.error(no_option(name, options))
        is_value = not is_value and not equals and options.get(name, False)


def _escape_query_words(parser: Parser, argv: Sequence[str]) -> list[str]:
    options = parser.option_names()
    words: list[str] = []
    is_value = False
    for number, word in enumerate(argv):
        if word == "--" and not is_value:
            return [*words, *(_ESCAPE + rest for rest in argv[number + 1 :])]
        name, has_value, _ = word.partition("=")
        is_option = not is_value and (word in options or (has_value == "=" and name in options))
        words.append(word if is_option or is_value or not word.startswith("-") else _ESCAPE + word)
        is_value = is_option and not has_value and options.get(name, False)
    return words


def _overview() -> str:
    width = max(len(command.name) for command in COMMANDS)
    listed = "\n".join(f"  {command.name:<{width}}  {command.help}" for command in COMMANDS)
    return (
        "A terminal gallery for ComfyUI outputs.\n\n"
        f"commands:\n{listed}\n\n"
        "A folder that has the name of a command is written ./NAME."
    )
