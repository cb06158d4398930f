"""Checks that values make sense on this machine: folders, tools, addresses."""

from __future__ import annotations

import os
import shlex
import shutil
from typing import TYPE_CHECKING

from smartgallery_tui.config.reader import ConfigProblem, usable_value
from smartgallery_tui.config.schema import find_setting
from smartgallery_tui.config.server import local_address
from smartgallery_tui.records.home import at_home

if TYPE_CHECKING:
    from collections.abc import Collection

    from smartgallery_tui.records import Settings

FOLDERS = ("library.output_path", "library.input_path")
TOOLS = ("tools.ffmpeg", "tools.ffprobe")


def value_problem(name: str, value: object) -> str:
    """Return what is wrong with a value of `section.key`, or "".

    Types, ranges and choices; folders have to exist, addresses to be this machine's.
    """
    setting = find_setting(name)
    if setting is None:
        return f"there is no setting {name!r}"
    _, problem = usable_value(setting, list(value) if isinstance(value, tuple) else value)
    if problem:
        return problem
    folders = (value,) if name in FOLDERS else value if name == "library.extra_roots" else ()
    if isinstance(folders, (tuple, list)):
        for folder in folders:
            if folder and (why := _folder_problem(str(folder))):
                return f"{name}: {why}"
    if name == "tools.openers" and isinstance(value, (tuple, list)):
        for opener in value:
            if not _is_command(str(opener)):
                return f"{name}: a quotation in {opener!r} has no end"
    if name == "comfyui.url" and value and local_address(str(value)) is None:
        return f"{name}: {value!r} is no address of this machine, as in http://127.0.0.1:8188"
    return ""


def value_warning(name: str, value: object) -> str:
    """Return what will not work with a value that may be kept all the same, or ""."""
    if name in TOOLS and value and shutil.which(os.path.expanduser(str(value))) is None:  # noqa: PTH111 - a name or a path
        return f"{name}: {value!r} is not found; videos go without pictures"
    return ""


def check_values(settings: Settings, themes: Collection[str] = ()) -> list[ConfigProblem]:
    """Return what is wrong with the values of settings on this machine.

    Args:
        settings: What is in force.
        themes: Names of the themes that are there; none: themes are not looked at.
    """
    library = settings.library
    named = [
        ("library.output_path", library.output_path),
        ("library.input_path", library.input_path),
        *(("library.extra_roots", (root,)) for root in library.extra_roots),
        ("tools.openers", settings.tools.openers),
        ("comfyui.url", settings.comfyui.url),
    ]
    problems = [value_problem(name, value) for name, value in named]
    if themes and settings.view.theme not in themes:
        known = ", ".join(sorted(themes))
        problems.append(f"view.theme: there is no theme {settings.view.theme!r}; known: {known}")
    return [ConfigProblem(problem) for problem in problems if problem]


def _is_command(text: str) -> bool:
    try:
        return bool(shlex.split(text))
    except ValueError:
        return False


def _folder_problem(folder: str) -> str:
    path = at_home(folder)
    try:
        if not path.is_dir():
            what = "is not a folder" if path.exists() else "does not exist"
            return f"{folder} {what}"
    except (OSError, ValueError) as error:
        return f"{folder!r} cannot be used: {error}"
    return "" if os.access(path, os.R_OK | os.X_OK) else f"{folder} cannot be read"
