"""Holds the README's tables to the code. `python -m tests.test_docs` writes them anew."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import smartgallery_tui
from smartgallery_tui.cli.parser import BROWSE, COMMANDS, new_parser
from smartgallery_tui.config.schema import all_settings
from smartgallery_tui.query.fields import FIELDS
from smartgallery_tui.ui.actions import ACTIONS, GROUPS
from smartgallery_tui.ui.keymap import show_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _code(text: str) -> str:
    """Return a key or word as code that is safe in a table."""
    text = text.replace("|", "\\|")
    return f"`` {text} ``" if "`" in text else f"`{text}`"


def commands_table() -> str:
    rows = [[_code(command.name), command.help] for command in COMMANDS]
    return _table(["command", "does"], rows)


def options_table() -> str:
    actions = [action for action in new_parser(BROWSE)._actions if action.dest != "help"]
    return _table(
        ["option", "does"],
        [[_code(action.option_strings[-1]), action.help or ""] for action in actions],
    )


def settings_table() -> str:
    rows = []
    for setting in all_settings():
        default = list(setting.default) if setting.type is tuple else setting.default
        shown = {True: "true", False: "false"}[default] if setting.type is bool else default
        shown = '""' if shown == "" else shown
        rows.append([_code(setting.section), _code(setting.key), _code(str(shown)), setting.help])
    return _table(["section", "key", "default", "what it is"], rows)


def keys_table() -> str:
    rows = []
    for group in GROUPS:
        for action in ACTIONS:
            if action.group != group:
                continue
            keys = " ".join(_code(show_key(key)) for key in action.keys) or "`:`"
            where = "" if len(action.screens) == 2 else action.screens[0]
            rows.append([keys, where, action.tooltip, _code(action.id)])
    return _table(["keys", "screen", "what happens", "id"], rows)


def fields_table() -> str:
    rows = [
        [_code(field.name), " ".join(_code(alias) for alias in field.aliases), field.help]
        for field in FIELDS.values()
    ]
    return _table(["field", "also", "finds"], rows)


TABLES = {
    "commands": commands_table,
    "options": options_table,
    "settings": settings_table,
    "keys": keys_table,
    "fields": fields_table,
}


def _section(name: str) -> re.Pattern[str]:
    return re.compile(rf"(<!-- {name}: begin -->\n)(.*?)(<!-- {name}: end -->)", re.DOTALL)


@pytest.mark.parametrize("name", TABLES)
def test_the_readme_tables_match_the_code(name: str) -> None:
    match = _section(name).search(README.read_text("utf-8"))
    assert match, f"README.md has no section {name!r}"
    assert match[2] == TABLES[name]() + "\n", "run `python -m tests.test_docs`"


def test_the_readme_shows_both_commands() -> None:
    text = README.read_text("utf-8")
    assert ".venv/bin/smartgallery demo" in text
    assert re.search(r"<!-- tests: begin -->\n```sh\n.*pytest.*\n```\n<!-- tests: end -->", text)


def test_the_readme_links_to_files_that_exist() -> None:
    for target in re.findall(r"\]\((?!https?://|#)([^)]+)\)", README.read_text("utf-8")):
        assert (ROOT / target).exists(), target


def test_the_changelog_keeps_its_form() -> None:
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert "## [Unreleased]" in text
    heads = set(re.findall(r"^### (.+)$", text, re.MULTILINE))
    assert heads <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def test_the_version_is_a_release_number() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", smartgallery_tui.__version__)


def write_tables() -> None:
    """Write every table of the README anew."""
    text = README.read_text("utf-8")
    for name, make in TABLES.items():
        table = make() + "\n"
        text = _section(name).sub(lambda match, t=table: match[1] + t + match[3], text)
    README.write_text(text, "utf-8")


if __name__ == "__main__":
    write_tables()
