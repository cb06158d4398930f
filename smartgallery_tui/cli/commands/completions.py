"""`completions SHELL`: prints a completion script."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

import shtab

from smartgallery_tui.cli.exit_codes import ExitCode
from smartgallery_tui.cli.output import stdout
from smartgallery_tui.cli.parser import BROWSE, COMMANDS, Parser, add_common_options, new_parser
from smartgallery_tui.config import load_themes
from smartgallery_tui.errors import UsageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator

    from smartgallery_tui.cli.context import Context

HAS_QUERY = False
_BASH_COMPLETE = "complete -o bashdefault -o default"
_WORD_KINDS = ("themes", "profiles", "saved", "albums", "tags")
_FOLDERS = frozenset({"DIR", "FOLDER"})
_FILES = frozenset({"FILE", "DIR|FILE", "OUT", "PATH"})
_BY_OPTION = {
    "--theme": "themes", "--profile": "profiles", "--album": "albums", "--no-album": "albums",
    "--tag": "tags", "--untag": "tags",
}  # fmt: skip
_BY_COMMAND = {"saved": "saved", "albums": "albums"}
"""Commands whose words are names that the library knows."""


def add_arguments(parser: Parser) -> None:
    """Add the command's own arguments."""
    parser.add_argument("shell", nargs="?", choices=shtab.SUPPORTED_SHELLS, help="whose script")
    parser.add_argument(
        "--words", choices=_WORD_KINDS, help="what the script asks for: names, one a line"
    )


def run(context: Context) -> int:
    """Print the script; put its output where the shell looks for completions."""
    shell, kind = context.arguments.shell, context.arguments.words
    if (shell is None) is (kind is None):
        raise UsageError(f"name a shell: {', '.join(shtab.SUPPORTED_SHELLS)}")
    out = stdout()
    if kind is not None:
        out.lines(sorted({word for word in _words(context, kind) if _is_one_word(word)}))
        return ExitCode.OK
    script = shtab.complete(_whole_parser(), shell=shell)
    # The first word may be a file: where no command fits, bash completes paths.
    out.lines(script.replace("complete -o bashdefault", _BASH_COMPLETE).splitlines())
    return ExitCode.OK


def _words(context: Context, kind: str) -> Iterable[str]:
    """Return names that the settings or the library know."""
    if kind == "themes":
        return [theme.name for theme in load_themes(context.paths.themes_dir)[0]]
    if kind == "profiles":
        return _profiles(context)
    if not context.paths.data_dir.exists():
        return []
    library, _notices = context.open_quietly((), is_read_only=True)
    with library:
        if kind == "saved":
            return [search.name for search in library.saved_searches()]
        return [each.value for each in library.facets("")[kind.removesuffix("s")]]


def _profiles(context: Context) -> Iterator[str]:
    """Yield the profiles that have a folder of settings."""
    base = context.paths.config_file.parent
    profiles = base.parent if context.paths.profile else base / "profiles"
    if profiles.is_dir():
        yield from (path.name for path in profiles.iterdir() if path.is_dir())


def _is_one_word(text: str) -> bool:
    """Whether a shell takes a text for one word without quotes."""
    return text.isprintable() and not set(text) & set(" \t'\"\\$`;&|<>()*?[]{}!#~")


def _whole_parser() -> Parser:
    """Return one parser that knows every command, as the completion needs it."""
    whole = new_parser(BROWSE)
    whole.prog = "smartgallery"
    commands = whole.add_subparsers()
    _complete_values(whole, "")
    for command in COMMANDS:
        parser = commands.add_parser(command.name, help=command.help)
        add_common_options(parser)
        importlib.import_module(command.module_name).add_arguments(parser)
        _complete_values(parser, command.name)
    return whole


def _complete_values(parser: argparse.ArgumentParser, command: str) -> None:
    """Say for each argument what its values are: files, folders, or names to ask for."""
    for action in parser._actions:  # noqa: SLF001 - argparse lists them nowhere else
        kind = next((_BY_OPTION[name] for name in action.option_strings if name in _BY_OPTION), "")
        if not action.option_strings and action.nargs == "*":
            kind = _BY_COMMAND.get(command, "")
        if kind:
            found = shtab.cmd(f"smartgallery completions --words {kind} 2>/dev/null")
        elif action.metavar in _FOLDERS:
            found = shtab.DIRECTORY
        elif action.metavar in _FILES:
            found = shtab.FILE
        else:
            continue
        action.complete = found  # type: ignore[attr-defined]
