"""Reads theme files: those that come with the program and those of the user."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import smartgallery_tui
from smartgallery_tui.config.reader import ConfigProblem
from smartgallery_tui.records.themes import ThemeSpec

if TYPE_CHECKING:
    from collections.abc import Iterator

COLOR_NAMES = (
    "primary", "secondary", "accent", "foreground", "background", "surface", "panel", "boost",
    "success", "warning", "error",
)  # fmt: skip
"""The colours that a theme file's `[colors]` may name; `primary` is needed."""

_COLOR = re.compile(r"#[0-9a-fA-F]{6}(?:[0-9a-fA-F]{2})?")
_ANSI_COLOR = re.compile(
    r"ansi_(?:default|(?:bright_)?(?:black|red|green|yellow|blue|magenta|cyan|white))"
)
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
_VARIABLE = re.compile(r"[a-z][a-z0-9-]{0,63}")
_VALUE = re.compile(r"[#\w %.,()$-]{0,100}")
_MAX_BYTES = 64 << 10


def load_themes(user_dir: str | Path | None = None) -> tuple[list[ThemeSpec], list[ConfigProblem]]:
    """Return every theme and what could not be read; a user's theme replaces one of its name.

    A theme's name is its file's name without `.toml`. A file that cannot be used is left out.
    """
    found: dict[str, ThemeSpec] = {}
    problems: list[ConfigProblem] = []
    for path in _theme_files(user_dir):
        spec, wrong = _read_theme(path)
        problems += [ConfigProblem(text, str(path)) for text in wrong]
        if spec is not None:
            found[spec.name] = spec
    return list(found.values()), problems


def built_in_dir() -> Path:
    """Return the folder of the themes that come with the program."""
    package = Path(smartgallery_tui.__file__).parent
    packed = package / "themes"
    return packed if packed.is_dir() else package.parent / "themes"


def _theme_files(user_dir: str | Path | None) -> Iterator[Path]:
    for folder in (built_in_dir(), Path(user_dir) if user_dir else None):
        if folder is not None and folder.is_dir():
            yield from sorted(folder.glob("*.toml"))


def _read_theme(path: Path) -> tuple[ThemeSpec | None, list[str]]:
    """Return the theme of a file and what was left out of it; None if nothing can be used."""
    if not _NAME.fullmatch(path.stem):
        return None, ["a theme's file name is lower-case letters, digits, '-' and '_'"]
    try:
        with path.open("rb") as file:
            table = tomllib.loads(file.read(_MAX_BYTES).decode("utf-8-sig"))
    except OSError as error:
        return None, [f"cannot be read: {error.strerror}"]
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        return None, [f"not TOML: {error}"]
    problems: list[str] = []
    is_ansi = table.get("ansi") is True
    colors = [
        pair
        for pair in _pairs(table, "colors", problems)
        if _is_color(*pair, problems, is_ansi=is_ansi)
    ]
    if "primary" not in dict(colors):
        return None, [*problems, "[colors] needs a 'primary'"]
    variables = [
        pair for pair in _pairs(table, "variables", problems) if _is_variable(*pair, problems)
    ]
    is_dark = table.get("dark", True) is not False
    return ThemeSpec(path.stem, is_dark, tuple(colors), tuple(variables), is_ansi), problems


def _pairs(table: dict[str, object], section: str, problems: list[str]) -> list[tuple[str, str]]:
    values = table.get(section, {})
    if not isinstance(values, dict):
        problems.append(f"[{section}] must be a section")
        return []
    return [(str(key), str(value)) for key, value in values.items()]


def _is_color(name: str, value: str, problems: list[str], *, is_ansi: bool) -> bool:
    if name not in COLOR_NAMES:
        problems.append(f"unknown colour {name!r}; known: {', '.join(COLOR_NAMES)}")
        return False
    if not (_ANSI_COLOR if is_ansi else _COLOR).fullmatch(value):
        example = "ansi_bright_blue" if is_ansi else "#1a2b3c"
        problems.append(f"{name} must be a colour like {example}, not {value!r}")
        return False
    return True


def _is_variable(name: str, value: str, problems: list[str]) -> bool:
    if _VARIABLE.fullmatch(name) and _VALUE.fullmatch(value):
        return True
    problems.append(f"variable {name!r} cannot be used")
    return False
