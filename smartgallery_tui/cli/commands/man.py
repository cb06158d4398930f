"""`man`: prints the manual page."""

from __future__ import annotations

import argparse
import importlib
from typing import TYPE_CHECKING

from smartgallery_tui import __version__
from smartgallery_tui.cli.examples import EXAMPLES
from smartgallery_tui.cli.exit_codes import ExitCode
from smartgallery_tui.cli.output import stdout
from smartgallery_tui.cli.parser import BROWSE, COMMANDS, Parser, new_parser
from smartgallery_tui.config.schema import all_settings
from smartgallery_tui.query.fields import FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from smartgallery_tui.cli.context import Context

HAS_QUERY = False

_FILES = (
    ("config.toml", "the settings; `smartgallery paths` prints where it is"),
    ("index.db", "what was read of the files; can be made anew by a scan"),
    ("user.db", "favourites, ratings, tags, albums, notes and the journal of changes"),
)


def add_arguments(_parser: Parser) -> None:
    """Add the command's own arguments: it has none."""


def run(_context: Context) -> int:
    """Print the page; `smartgallery man | man -l -` shows it."""
    stdout().lines(list(page()))
    return ExitCode.OK


def page() -> Iterator[str]:
    """Yield the lines of the manual page in man(7)'s macros."""
    yield f'.TH SMARTGALLERY 1 "" "smartgallery {__version__}" "User Commands"'
    yield from _section("NAME", [r"smartgallery \- a terminal gallery for ComfyUI outputs"])
    yield from _section(
        "SYNOPSIS",
        [".B smartgallery", r"[\fIDIR\fR|\fIFILE\fR] [options]", ".br", ".B smartgallery",
         r"\fICOMMAND\fR [options]"],
    )  # fmt: skip
    yield from _section(
        "DESCRIPTION",
        ["Browses a folder on the terminal: thumbnails, prompts, models and seeds, found by",
         "typing. In the program,", ".B ?", "lists the keys of the screen and",
         ".B :", "finds every action by name."],
    )  # fmt: skip
    yield from _section("OPTIONS", _options(new_parser(BROWSE)))
    yield from _section("COMMANDS", _commands())
    yield from _section("QUERIES", _pairs((field.name, field.help) for field in FIELDS.values()))
    settings = ((f"{setting.section}.{setting.key}", setting.help) for setting in all_settings())
    yield from _section("SETTINGS", _pairs(settings))
    yield from _section("EXAMPLES", _examples())
    yield from _section("FILES", _pairs(_FILES))
    codes = (
        ("0", "done"), ("1", "nothing found, or some items failed"),
        ("2", "wrong use, no such folder, no usable terminal"), ("3", "the index cannot be used"),
        ("130", "interrupted"),
    )  # fmt: skip
    yield from _section("EXIT STATUS", _pairs(codes))


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    yield f".SH {title}"
    yield from lines


def _pairs(pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    for name, text in pairs:
        yield ".TP"
        yield rf"\fB{_escaped(name)}\fR"
        yield _escaped(text)


def _commands() -> Iterator[str]:
    for command in COMMANDS:
        yield f".SS {_escaped(command.name)}"
        yield f"{_escaped(command.help[0].upper() + command.help[1:])}."
        parser = Parser(add_help=False)
        importlib.import_module(command.module_name).add_arguments(parser)
        yield from _options(parser)


def _examples() -> Iterator[str]:
    for lines in EXAMPLES.values():
        for line, words in lines:
            yield from (".TP", rf"\fB{_escaped(line)}\fR", _escaped(words) or r"\&")


def _options(parser: argparse.ArgumentParser) -> Iterator[str]:
    for action in parser._actions:  # noqa: SLF001 - argparse lists them nowhere else
        if action.help == argparse.SUPPRESS:
            continue
        names = ", ".join(action.option_strings) or _value(action)
        value = f" {_value(action)}" if action.option_strings and action.nargs != 0 else ""
        yield from _pairs([(names + value, action.help or "")])


def _value(action: argparse.Action) -> str:
    if action.metavar is not None:
        return action.metavar if isinstance(action.metavar, str) else " ".join(action.metavar)
    if action.choices is not None:
        return "|".join(map(str, action.choices))
    return action.dest.upper()


def _escaped(text: str) -> str:
    """Return text in which nothing is a request or an escape of the formatter."""
    safe = text.replace("\\", r"\e").replace("-", r"\-")
    return rf"\&{safe}" if safe.startswith((".", "'")) else safe
