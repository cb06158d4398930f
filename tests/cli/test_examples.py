"""The examples of the help are command lines that can be typed."""

from __future__ import annotations

import importlib
import re
import shlex
from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.cli.examples import EXAMPLES
from smartgallery_tui.cli.parser import BROWSE, COMMANDS, new_parser, parse, split_command

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Done

LINES = [line for lines in EXAMPLES.values() for line, _words in lines]


def test_every_command_has_examples() -> None:
    assert set(EXAMPLES) == {"browse", *(command.name for command in COMMANDS)}


@pytest.mark.parametrize("line", LINES)
def test_an_example_is_understood(line: str) -> None:
    if found := re.search(r"\$\((smartgallery [^)]*)\)", line):
        line = line.replace(found[0], "x") if line.startswith("smartgallery") else found[1]
    words = shlex.split(re.split(r" [|>] ", line)[0])
    assert words[0] == "smartgallery"
    command, rest = split_command(words[1:])
    assert EXAMPLES[command.name]
    module = importlib.import_module(command.module_name)
    parser = new_parser(command)
    module.add_arguments(parser)
    parse(parser, rest, has_query=module.HAS_QUERY)


@pytest.mark.parametrize("name", ["", *(command.name for command in COMMANDS)])
def test_help_shows_them(sg: Callable[..., Done], name: str) -> None:
    done = sg(*([name] if name else []), "--help")
    assert done.code == 0
    for line, _words in EXAMPLES[name or BROWSE.name]:
        assert line in done.out.decode()


@pytest.mark.parametrize("name", ["", *(command.name for command in COMMANDS)])
def test_help_fits_eighty_columns(
    sg: Callable[..., Done], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    done = sg(*([name] if name else []), "--help")
    too_long = [line for line in done.out.decode().splitlines() if len(line) > 80]
    assert not too_long


def test_the_first_lines_of_help_name_only_what_is_the_commands_own(
    sg: Callable[..., Done],
) -> None:
    usage, rest = sg("scan", "--help").out.decode().split("\n\n", 1)
    assert usage == "usage: smartgallery scan [-h] [--thumbs] [--reparse] [--json] [DIR ...]"
    assert "--data-dir DIR" in rest
