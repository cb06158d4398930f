"""Settings that are being changed: what they were, what they are to be, what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.ui.settings_fields import FIELDS, Value
from smartgallery_tui.ui.settings_values import value_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smartgallery_tui.records import Settings

FOLDERS = "library.extra_roots"


class SettingsDraft:
    """The values on the screen, before they are saved.

    Args:
        settings: In force now.
    """

    def __init__(self, settings: Settings) -> None:
        self.before: dict[str, Value] = {field.key: value_of(settings, field.key)
                                         for field in FIELDS}  # fmt: skip
        self.now = dict(self.before)
        self.problems: dict[str, str] = {}
        """Why a value cannot be used, by its key."""
        self._opened: tuple[str, ...] = ()
        self._kept: tuple[str, ...] = ()

    def take_roots(self, paths: Sequence[str]) -> None:
        """Take note of folders of the library that no setting names: they were opened by name."""
        self._opened = self._kept = tuple(paths)

    @property
    def changed(self) -> dict[str, Value]:
        """The values that are to be written."""
        return {key: value for key, value in self.now.items() if value != self.before[key]}

    @property
    def forgotten(self) -> tuple[str, ...]:
        """The folders that were taken out of the library."""
        still = (*self._texts(self.now), *self._kept)
        return tuple(
            path for path in (*self._texts(self.before), *self._opened) if path not in still
        )

    @property
    def count(self) -> int:
        """How many settings differ."""
        return sum(self.is_changed(key) for key in self.now)

    def is_changed(self, key: str) -> bool:
        """Tell whether a setting differs."""
        return self.now[key] != self.before[key] or (key == FOLDERS and bool(self.forgotten))

    def shown(self, key: str) -> Value:
        """Return what a row shows: the folders with those that were opened by name."""
        return (*self._texts(self.now), *self._kept) if key == FOLDERS else self.now[key]

    def put(self, key: str, value: Value, problem: str = "") -> None:
        """Take a value and what is wrong with it."""
        self.now[key] = value
        self.problems.pop(key, None)
        if problem:
            self.problems[key] = problem

    def sorted_out(self, key: str, entries: tuple[str, ...]) -> tuple[str, ...]:
        """Return what of a changed list belongs into the setting."""
        if key != FOLDERS:
            return entries
        self._kept = tuple(path for path in self._opened if path in entries)
        return tuple(path for path in entries if path not in self._opened)

    @staticmethod
    def _texts(values: dict[str, Value]) -> tuple[str, ...]:
        value = values[FOLDERS]
        return value if isinstance(value, tuple) else ()
