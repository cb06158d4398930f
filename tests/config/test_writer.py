from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest

from smartgallery_tui.config import initial_text, load_settings, set_value, write_initial
from smartgallery_tui.config.schema import all_settings
from smartgallery_tui.errors import ConfigError
from smartgallery_tui.records import Settings

if TYPE_CHECKING:
    from pathlib import Path

MINE = """# my settings
[view]  # looks
theme = "light"  # I like paper
# thumbnail_size = 128

[keys]
"grid.open" = "o"
"""


def test_the_first_file_changes_nothing_and_shows_everything(tmp_path: Path) -> None:
    file = tmp_path / "new" / "config.toml"
    write_initial(file)
    assert load_settings(file, {}) == (Settings(), [])
    for setting in all_settings():
        assert f"\n# {setting.key} = " in file.read_text()


def test_the_lines_shown_as_comments_are_valid() -> None:
    shown = initial_text().replace('# "app.favorite"', '"app.favorite"')
    lines = [
        line.removeprefix("# ") if " = " in line else line
        for line in shown.splitlines()
        if not line.startswith("# ") or " = " in line
    ]
    assert tomllib.loads("\n".join(lines))["view"]["thumbnail_size"] == 256


def test_the_first_file_can_hold_values(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    write_initial(file, {"library.output_path": "/o"})
    settings, problems = load_settings(file, {})
    assert problems == []
    assert settings.library.output_path == "/o"


def test_a_file_is_never_replaced_by_the_first_one(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(MINE)
    with pytest.raises(ConfigError, match="already"):
        write_initial(file)
    assert file.read_text() == MINE


def test_one_line_changes_and_comments_survive(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(MINE)
    file.chmod(0o640)
    set_value(file, "view.theme", "dark")
    assert file.read_text() == MINE.replace('"light"', '"dark"')
    assert file.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("view.thumbnail_size", 512),
        ("library.extra_roots", ["/a b", '/c"d']),
        ("safety.read_only", True),
        ("library.output_path", "/with # and 'quotes'"),
    ],
)
def test_a_new_key_or_section_is_added(tmp_path: Path, name: str, value: object) -> None:
    file = tmp_path / "config.toml"
    file.write_text(MINE)
    set_value(file, name, value)
    section, _, key = name.partition(".")
    assert tomllib.loads(file.read_text())[section][key] == value
    for line in MINE.splitlines():
        assert line in file.read_text()


def test_a_missing_file_is_made(tmp_path: Path) -> None:
    set_value(tmp_path / "a" / "config.toml", "view.theme", "light")
    assert tomllib.loads((tmp_path / "a" / "config.toml").read_text()) == {
        "view": {"theme": "light"}
    }


@pytest.mark.parametrize(
    "text",
    [
        "view = {theme = 'light'}\n",
        "[view]\ntheme = '''\nlight'''\n",
        "view.theme = 'light'\n",
        "[view\n",
        "x = '''\n[view]\ntheme = 1\n'''\n",
    ],
)
def test_what_cannot_be_changed_safely_is_left(tmp_path: Path, text: str) -> None:
    file = tmp_path / "config.toml"
    file.write_text(text)
    with pytest.raises(ConfigError, match="by hand"):
        set_value(file, "view.theme", "dark")
    assert file.read_text() == text
    assert [path.name for path in tmp_path.iterdir()] == ["config.toml"]


@pytest.mark.parametrize(("name", "value"), [("view.nothing", 1), ("view.thumbnail_size", 300)])
def test_a_wrong_value_is_refused(tmp_path: Path, name: str, value: object) -> None:
    with pytest.raises(ConfigError):
        set_value(tmp_path / "config.toml", name, value)
    assert not list(tmp_path.iterdir())


def test_a_symlink_stays_one(tmp_path: Path) -> None:
    real, link = tmp_path / "real.toml", tmp_path / "config.toml"
    real.write_text(MINE)
    link.symlink_to(real)
    set_value(link, "view.theme", "dark")
    assert link.is_symlink()
    assert '"dark"' in real.read_text()
