"""What every command starts from: its arguments, the folders, the settings in force."""

from __future__ import annotations

import contextlib
import dataclasses
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from smartgallery_tui.cli.output import complain
from smartgallery_tui.config import load_settings
from smartgallery_tui.errors import SmartGalleryError, UsageError
from smartgallery_tui.paths import find_paths
from smartgallery_tui.records.home import at_home

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from pathlib import Path

    from smartgallery_tui.config import ConfigProblem
    from smartgallery_tui.library import Library
    from smartgallery_tui.paths import Paths
    from smartgallery_tui.records import Settings


@dataclass(frozen=True, slots=True)
class Context:
    """One command's surroundings."""

    arguments: argparse.Namespace
    paths: Paths
    settings: Settings
    """Defaults, file, environment and flags, in rising rank."""
    problems: tuple[ConfigProblem, ...] = ()
    said: list[str] = field(default_factory=list)
    """What was told while the library was opened."""

    def open_library(self, roots: Sequence[str] = (), *, is_read_only: bool = False) -> Library:
        """Open this profile's library and say what people should know; the caller closes it."""
        library, notices = self.open_quietly(roots, is_read_only=is_read_only)
        for text in notices:
            complain(text)
        self.said.extend(notices)
        return library

    def open_quietly(
        self, roots: Sequence[str], *, is_read_only: bool = False
    ) -> tuple[Library, list[str]]:
        """Open this profile's library and return it with what people should know."""
        from smartgallery_tui.library import Library  # commands without an index start faster

        data_dir = self.paths.data_dir
        is_asked = bool(self.arguments.read_only)
        notices = [str(problem) for problem in self.problems]
        if not data_dir.exists():
            notices += _volume_warning(data_dir)
        library = Library.open(
            data_dir=data_dir,
            cache_dir=self.paths.cache_dir,
            roots=roots,
            # What the settings say the library reads itself, and refuses with the true reason.
            read_only=is_asked if self.settings.safety.read_only else is_read_only,
            settings=self.settings,
        )
        notices += library.use_node_rules(self.paths.rules_file).problems
        if not roots:
            _leave_demo(library, str(self.paths.demo_dir.resolve()))
        return library, [*notices, *library.notices]

    def configured_roots(self) -> list[str]:
        """Return the existing folders that the settings name, the output folder first."""
        library = self.settings.library
        named = [library.output_path, *library.extra_roots]
        return [str(at_home(root)) for root in named if root and _is_folder(root)]


def _leave_demo(library: Library, demo: str) -> None:
    """Take the sample library out of a library that has folders of its user."""
    known = [root.path for root in library.roots() if root.role != "input"]
    if demo in known and len(known) > 1:
        with contextlib.suppress(SmartGalleryError):  # a scan runs: the next start does it
            library.forget_root(demo)


def _volume_warning(data_dir: Path) -> list[str]:
    """Return one line if a new data folder would go with its container."""
    from smartgallery_tui.library.machine import file_system  # on the first start only

    if file_system(data_dir) != "overlay":
        return []
    return [
        f"{data_dir} is a layer of this container and goes with it; "
        "--data-dir or SMARTGALLERY_DATA_DIR names a folder on a volume"
    ]


def make_context(arguments: argparse.Namespace, *, makes_settings: bool = False) -> Context:
    """Return the surroundings that arguments and environment ask for.

    Args:
        arguments: Of the command line.
        makes_settings: The settings file that is named is written by this command.

    Raises:
        UsageError: A settings file was named and is not there, or the profile's name is bad.
    """
    if arguments.config and not makes_settings:
        _require_settings(arguments.config)
    paths = find_paths(
        profile=arguments.profile,
        config_file=arguments.config,
        data_dir=arguments.data_dir,
        cache_dir=arguments.cache_dir,
    )
    settings, problems = load_settings(paths.config_file, os.environ)
    return Context(arguments, paths, _with_flags(settings, arguments), tuple(problems))


def _require_settings(text: str) -> None:
    if not at_home(text).is_file():
        written = f"`smartgallery config init --config {text}` writes one"
        raise UsageError(f"no such settings file: {text}; {written}")


def folder_to_fill(text: str) -> str:
    """Return the absolute path of a folder that is there, or that can be made.

    Raises:
        UsageError: It, or a part of its path, is there and is no folder, or cannot be read.
    """
    _require_name(text)
    path = at_home(text).absolute()
    there = path
    try:
        while not os.path.lexists(there):
            there = there.parent
    except ValueError as error:
        raise UsageError(f"cannot use {text!r} as a folder: {error}") from error
    existing_folder(str(there))
    return str(path)


def existing_folder(text: str) -> str:
    """Return the absolute path of a folder that can be read.

    Raises:
        UsageError: There is none, it is no folder, or it may not be read.
    """
    _require_name(text)
    path = at_home(text)
    try:
        if not path.exists():
            raise UsageError(f"no such folder: {text}")
        if not path.is_dir():
            raise UsageError(f"not a folder: {text}")
    except (OSError, ValueError) as error:
        raise UsageError(f"cannot use {text!r} as a folder: {_reason(error)}") from error
    if not os.access(path, os.R_OK | os.X_OK):
        raise UsageError(f"no permission to read the folder: {text}")
    return str(path.absolute())


def _require_name(text: str) -> None:
    """Refuse "", which a script's unset variable gives: it would be the folder one stands in."""
    if not text:
        raise UsageError("the name of a folder is empty; `.` is the folder you are in")


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else str(error)) or "unknown reason"


def _is_folder(text: str) -> bool:
    try:
        return at_home(text).is_dir()
    except (OSError, ValueError):
        return False


def _with_flags(settings: Settings, arguments: argparse.Namespace) -> Settings:
    if arguments.graphics:
        graphics = dataclasses.replace(settings.graphics, protocol=arguments.graphics)
        settings = dataclasses.replace(settings, graphics=graphics)
    if arguments.theme:
        view = dataclasses.replace(settings.view, theme=arguments.theme)
        settings = dataclasses.replace(settings, view=view)
    if arguments.read_only:
        safety = dataclasses.replace(settings.safety, read_only=True)
        settings = dataclasses.replace(settings, safety=safety)
    return settings
