from __future__ import annotations

import pytest

from smartgallery_tui.cli.commands import find
from smartgallery_tui.cli.parser import (
    BROWSE,
    COMMANDS,
    find_command,
    new_parser,
    parse,
    similar_command,
    split_command,
)
from smartgallery_tui.errors import UsageError


@pytest.mark.parametrize(
    ("line", "name", "rest"),
    [
        ("scan /x", "scan", "/x"),
        ("--data-dir /d scan /x", "scan", "--data-dir /d /x"),
        ("--data-dir scan /x", "browse", "--data-dir scan /x"),
        ("--data-dir=scan find", "find", "--data-dir=scan"),
        ("--read-only find a", "find", "--read-only a"),
        ("./scan", "browse", "./scan"),
        ("-- scan", "browse", "-- scan"),
        ("/pictures scan", "browse", "/pictures scan"),
        ("", "browse", ""),
        ("--profile demo --theme light stats", "stats", "--profile demo --theme light"),
    ],
)
def test_the_first_word_that_names_a_command_is_it(line: str, name: str, rest: str) -> None:
    command, words = split_command(line.split())
    assert (command.name, words) == (name, rest.split())


def read_query(line: str) -> tuple[list[str], bool, int | None]:
    parser = new_parser(find_command("find") or BROWSE)
    find.add_arguments(parser)
    found = parse(parser, line.split(), has_query=True)
    return found.query, found.json, found.limit


@pytest.mark.parametrize(
    ("line", "query", "is_json", "limit"),
    [
        ("castle -neon --json", ["castle", "-neon"], True, None),
        ("--limit 5 -model:flux a", ["-model:flux", "a"], False, 5),
        ("a --limit=5 -(b OR c)", ["a", "-(b", "OR", "c)"], False, 5),
        ("a -- --json -0", ["a", "--json", "-0"], False, None),
        ("-fav:yes -rating:>3", ["-fav:yes", "-rating:>3"], False, None),
        ("seed:-1 -1", ["seed:-1", "-1"], False, None),
        ("--data-dir -x a", ["a"], False, None),
        ("", [], False, None),
    ],
)
def test_a_word_with_a_dash_belongs_to_the_query(
    line: str, query: list[str], is_json: bool, limit: int | None
) -> None:
    if line.startswith("--data-dir -x"):
        with pytest.raises(UsageError):
            read_query(line)
        return
    assert read_query(line) == (query, is_json, limit)


def test_a_wrong_option_is_one_line_that_names_the_help() -> None:
    parser = new_parser(find_command("scan") or BROWSE)
    with pytest.raises(UsageError, match="smartgallery scan --help"):
        parse(parser, ["--nothing"])


def test_similar_commands_are_offered() -> None:
    assert similar_command("scna") == "scan"
    assert similar_command("/pictures") == ""


def test_commands_are_listed_once() -> None:
    names = [command.name for command in COMMANDS]
    assert len(names) == len(set(names))
