"""The folders that a library covers, and which of them the caller looks at."""

from __future__ import annotations

import os
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from smartgallery_tui.errors import UsageError
from smartgallery_tui.index import moving
from smartgallery_tui.index import roots as root_rows
from smartgallery_tui.index.roots import View
from smartgallery_tui.records.home import at_home

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smartgallery_tui.library.context import Context
    from smartgallery_tui.records.roots import RootInfo, RootRole


class Folders:
    """Adds roots and chooses the view.

    Args:
        context: The open library.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._store = context.store
        self._writer = context.writer
        self.offered: list[str] = []
        """Symlinked folders that the last sync found."""

    def add_root(self, folder: str | Path, role: RootRole = "extra") -> RootInfo:
        """Make a folder part of the library and of the view; the next sync reads it.

        Raises:
            UsageError: It is no folder.
        """
        self._store.require_writable()
        path = resolve_root(folder)
        self._register([(path, role)])
        root = root_rows.enclosing(self._context.roots(), path)
        if root is None:
            raise UsageError(f"{path} could not be added")
        view = self._context.view
        prefixes = (*view.prefixes, _prefix(path)) if view.prefixes else ()
        self._context.view = View(tuple(dict.fromkeys((*view.root_ids, root.id))), prefixes)
        return root

    def offered_roots(self) -> list[str]:
        """Return the symlinked folders that the last sync found: not followed, but may be added."""
        return list(self.offered)

    def root_files(self) -> dict[int, int]:
        """Return how many files are known of each root, by its id."""
        with self._store.read() as db:
            return root_rows.file_counts(db)

    def unnamed_roots(self) -> list[str]:
        """Return the folders of the library that no setting names: they were opened by name."""
        named = self.named_paths()
        return [root.path for root in self._context.roots() if root.path not in named]

    def named_paths(self) -> set[str]:
        """Return the real paths of the folders that the settings name and that are there."""
        return {path for path, _role in self._configured()}

    def default_folder(self) -> str:
        """Return the folder that new files go to where none is named.

        Raises:
            UsageError: The library has no folder.
        """
        roots, prefixes = self._context.viewed_roots(), self._context.view.prefixes
        if not roots:
            raise UsageError("the library has no folder yet: scan one first")
        if prefixes:
            return os.fsdecode(prefixes[0]).rstrip("/") or "/"
        return roots[0].path

    def folders(self) -> list[str]:
        """Return the folders that files can go to: the roots that are looked at, and theirs."""
        roots = self._context.synced_roots()
        with self._store.read() as db:
            found = {root.path for root in roots}
            found.update(moving.folders_in_use(db, [root.id for root in roots]))
        return sorted(found)

    def newest_folders(self) -> list[str]:
        """Return the same, those in which something changed last before the others."""

        def changed_ns(folder: str) -> int:
            try:
                return Path(folder).stat().st_mtime_ns
            except OSError:  # away
                return 0

        return sorted(self.folders(), key=changed_ns, reverse=True)

    def view_key(self) -> str:
        """Return a text that is the same whenever the same folders are looked at."""
        view = self._context.view
        return repr((view.root_ids, view.prefixes))

    def choose_view(self, folders: Sequence[str | Path] = ()) -> None:
        """Register `folders` and look at them alone; none: at every root but the input.

        Raises:
            UsageError: One is no folder, or cannot be read.
        """
        if not folders:
            self._register(self._configured())
            visible = [root.id for root in self._context.roots() if root.role != "input"]
            self._context.view = View(tuple(visible))
            return
        named: list[tuple[str, RootRole]] = [(resolve_root(folder), "output") for folder in folders]
        self._register(named)
        known = self._context.roots()
        ids: list[int] = []
        prefixes: list[bytes] = []
        for path, _role in named:
            root = root_rows.enclosing(known, path)
            if root is None:
                continue
            ids.append(root.id)
            prefixes.append(_prefix(path))
        is_whole = {_prefix(root.path) for root in known}.issuperset(prefixes)
        self._context.view = View(tuple(dict.fromkeys(ids)), () if is_whole else tuple(prefixes))

    def leave_out(self, root: RootInfo) -> None:
        """Look at a root no more."""
        view, inside = self._context.view, _prefix(root.path)
        ids = tuple(root_id for root_id in view.root_ids if root_id != root.id)
        prefixes = tuple(prefix for prefix in view.prefixes if not prefix.startswith(inside))
        self._context.view = View(ids, prefixes)

    def _configured(self) -> list[tuple[str, RootRole]]:
        library = self._context.settings.library
        extra: list[tuple[str, RootRole]] = [(path, "extra") for path in library.extra_roots]
        folders: list[tuple[str, RootRole]] = [
            (library.output_path, "output"), (library.input_path, "input"), *extra,
        ]  # fmt: skip
        # One that is not there, or closed to us, is away: the others are looked at all the same.
        return [(resolve_root(path), role) for path, role in folders if path and _is_open(path)]

    def _register(self, named: Sequence[tuple[str, RootRole]]) -> None:
        known = self._context.roots()
        for path, role in named:
            if root_rows.enclosing(known, path) is None and self._store.is_writable:
                add = partial(root_rows.add_root, path=path, role=role, now_ns=time.time_ns())
                self._writer.run("index", add)
                known = self._context.roots()


def _is_open(folder: str) -> bool:
    path = at_home(folder)
    try:
        return path.is_dir() and os.access(path, os.R_OK | os.X_OK)
    except (OSError, ValueError):
        return False


def resolve_root(folder: str | Path) -> str:
    """Return the real path of a folder.

    Raises:
        UsageError: It is no folder, or cannot be read.
    """
    path = os.fspath(folder)
    real = os.path.realpath(at_home(path))
    if not Path(real).is_dir():
        what = "is not a folder" if os.path.lexists(real) else "does not exist"
        raise UsageError(f"{path} {what}")
    if not os.access(real, os.R_OK | os.X_OK):
        raise UsageError(f"{path} cannot be read: permission denied")
    return real


def _prefix(folder: str) -> bytes:
    """Return how the path of everything in a folder begins."""
    return os.fsencode(folder.rstrip("/") + "/")
