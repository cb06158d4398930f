"""Finding what changed in folders by looking through them, whatever bytes their names hold."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


class LookThrough:
    """Knows the names in folders; only folders whose time changed are listed again.

    What is written into a file that was there before is not seen.

    Args:
        roots: Absolute paths, looked through with all beneath them.
        passes_over: Whether a name is of no interest; a folder of that name is not entered.
    """

    def __init__(self, roots: Sequence[str], passes_over: Callable[[str], bool]) -> None:
        self._passes_over = passes_over
        self._known: dict[str, tuple[int, dict[str, bool]]] = {}
        """Of each folder its time, in nanoseconds, and its names: is it a folder?"""
        for root in roots:
            self._enter(root)

    def changes(self) -> set[str]:
        """Return the paths that are new or gone since the last look; blocks."""
        found: set[str] = set()
        for folder, (time_ns, names) in list(self._known.items()):
            if folder not in self._known or _time_ns(folder) == time_ns:
                continue
            fresh = self._list(folder)
            for name in names.keys() ^ fresh.keys():
                path = f"{folder.rstrip('/')}/{name}"
                found.add(path)
                if fresh.get(name):
                    self._enter(path)
        return found

    def _enter(self, root: str) -> None:
        folders = [root]
        while folders:
            folder = folders.pop()
            names = self._list(folder)
            folders += [f"{folder.rstrip('/')}/{name}" for name, is_dir in names.items() if is_dir]

    def _list(self, folder: str) -> dict[str, bool]:
        """Return the names in a folder, noted; one that cannot be read has none."""
        time_ns = _time_ns(folder)
        names = dict(_entries(folder, self._passes_over))
        if time_ns:
            self._known[folder] = time_ns, names
        else:
            self._known.pop(folder, None)
        return names


def _entries(folder: str, passes_over: Callable[[str], bool]) -> Iterator[tuple[str, bool]]:
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if not passes_over(entry.name):
                    yield entry.name, entry.is_dir(follow_symlinks=False)
    except OSError:
        return


def _time_ns(folder: str) -> int:
    """Return the modification time of a folder in nanoseconds, 0 where there is none."""
    try:
        return Path(folder).stat().st_mtime_ns
    except OSError:
        return 0
