"""The settings file while the app runs: check and write values, list folders, notice edits."""

from __future__ import annotations

import os
import threading
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

from smartgallery_tui.config import (
    all_settings,
    load_settings,
    set_value,
    value_problem,
    value_warning,
)
from smartgallery_tui.errors import UsageError
from smartgallery_tui.records.home import at_home

if TYPE_CHECKING:
    from smartgallery_tui.config import Setting
    from smartgallery_tui.records import Settings

_MOST_FOLDERS = 2_000


class SettingsFile:
    """One profile's settings file. Every method may be called from any thread.

    Args:
        path: Where it is, or would be.
        is_read_only_forced: Read-only was asked for by a flag: the file does not decide it.
    """

    def __init__(self, path: str | Path, *, is_read_only_forced: bool = False) -> None:
        self._path = Path(path)
        self._is_read_only_forced = is_read_only_forced
        self._lock = threading.Lock()
        self._stamp = self._look()
        settings, problems = load_settings(self._path, os.environ)
        self._values = _values(settings)
        self._problems = [str(problem) for problem in problems]

    def check(self, name: str, value: object) -> str:
        """Make sure that a value can be used; return what will not work with it, or "".

        Raises:
            UsageError: It cannot be used: a wrong type, out of range, no such folder.
        """
        if problem := value_problem(name, value):
            raise UsageError(problem)
        return value_warning(name, value)

    def texts(self) -> dict[str, str]:
        """Return what each setting is, and what it may be, in one line."""
        return {each.name: _text(each) for each in all_settings()}

    def fixed(self) -> dict[str, str]:
        """Return the settings that the environment decides, with its variables."""
        short = {"library.output_path": "SMARTGALLERY_OUTPUT",
                 "library.input_path": "SMARTGALLERY_INPUT"}  # fmt: skip
        found = {name: variable for name, variable in short.items() if os.environ.get(variable)}
        named = {each.name: each.env_name for each in all_settings() if each.env_name in os.environ}
        return {**found, **named}

    def save(self, name: str, value: object) -> None:
        """Write one setting; `changed` does not tell of it.

        Raises:
            ConfigError: The value or the file cannot be used.
        """
        with self._lock:
            set_value(self._path, name, value)
            self._values[name] = value
            self._stamp = self._look()

    def changed(self) -> tuple[dict[str, object], list[str]]:
        """Return settings whose value in the file changed since the last call, and new problems.

        A file of which nothing can be used, half written perhaps, changes nothing.
        """
        with self._lock:
            stamp = self._look()
            if stamp == self._stamp:
                return {}, []
            self._stamp = stamp
            settings, problems = load_settings(self._path, os.environ)
            texts = [str(problem) for problem in problems]
            new_problems = [text for text in texts if text not in self._problems]
            self._problems = texts
            if any(problem.is_whole for problem in problems):
                return {}, new_problems
            now = _values(settings)
            names = [name for name in {**self._values, **now} if not self._is_fixed(name)]
            changed = {n: now.get(n) for n in names if now.get(n) != self._values.get(n)}
            self._values = now
            return changed, new_problems

    def _is_fixed(self, name: str) -> bool:
        return self._is_read_only_forced and name == "safety.read_only"

    def _look(self) -> tuple[int, int, int]:
        try:
            found = self._path.stat()
        except OSError:
            return 0, 0, 0
        return found.st_mtime_ns, found.st_size, found.st_ino


def _text(setting: Setting) -> str:
    """Return what a setting is, with its range where it is a number and its help names none."""
    if setting.minimum is None or f"{setting.minimum} to {setting.maximum}" in setting.help:
        return setting.help
    words = setting.accepts()
    return f"{setting.help} {words[0].upper()}{words[1:]}."


def list_folders(path: str) -> list[str]:
    """Return the names of the folders in a folder, sorted; [] where it cannot be read."""
    try:
        with os.scandir(at_home(path)) as entries:
            names = [entry.name for entry in entries if entry.is_dir()]
    except (OSError, ValueError, RuntimeError):
        return []
    names.sort(key=lambda name: (name.startswith("."), name.casefold()))
    return names[:_MOST_FOLDERS]


def _values(settings: Settings) -> dict[str, object]:
    values: dict[str, object] = {f"keys.{name}": keys for name, keys in settings.keys}
    for section in fields(settings):
        if section.name != "keys":
            part = getattr(settings, section.name)
            values |= {f"{section.name}.{f.name}": getattr(part, f.name) for f in fields(part)}
    return values
