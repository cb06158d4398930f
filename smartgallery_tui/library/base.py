"""What every part of the library shares: databases, settings, the view, and who acts."""

from __future__ import annotations

import getpass
import os
import threading
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from smartgallery_tui.errors import ReadOnlyError, UsageError
from smartgallery_tui.index import marks
from smartgallery_tui.index import roots as root_rows
from smartgallery_tui.index.roots import View
from smartgallery_tui.index.writer import Writer

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence

    from smartgallery_tui.index.store import Store
    from smartgallery_tui.records import Settings
    from smartgallery_tui.records.roots import RootInfo, RootRole


class LibraryBase:
    """The open databases and the part of them that the caller looks at.

    Made by `Library.open`; every method may be called from any thread.
    """

    def __init__(
        self,
        store: Store,
        *,
        settings: Settings,
        cache_dir: Path,
        read_only: bool,
    ) -> None:
        self.settings = settings
        self.data_dir = store.data_dir
        self.cache_dir = cache_dir
        self._store = store
        self._writer = Writer(store)
        self._is_asked_read_only = read_only
        self._read_only = read_only or settings.safety.read_only
        self._closing = threading.Lock()
        self._is_closed = False
        self._view = View(())
        self._offered: list[str] = []
        self._has_marked = False
        self._recovered: list[str] = []

    @property
    def read_only(self) -> bool:
        """Whether changes of files and marks are refused."""
        return bool(self.why_read_only)

    @property
    def why_read_only(self) -> str:
        """Why changes of files and marks are refused, or ""."""
        if why := self._store.newer or self._store.sealed:
            return why
        if not self._read_only:
            return ""
        if self._is_asked_read_only:
            return "the program was started with --read-only"
        return "[safety] read_only is on in the settings"

    @property
    def can_index(self) -> bool:
        """Whether scans may write: read-only mode guards files and marks, not the index."""
        return self._store.is_writable

    @property
    def notices(self) -> list[str]:
        """What opening found worth telling: a database set aside, a newer schema."""
        newer, sealed = self._store.newer, self._store.sealed
        why = [newer] if newer else []
        why += [f"{sealed}: nothing can be changed"] if sealed else []
        return [*self._store.notices, *why, *self._recovered]

    def roots(self) -> list[RootInfo]:
        """Return every folder that the library covers."""
        with self._store.read() as db:
            return root_rows.list_roots(db)

    def add_root(self, folder: str | Path, role: RootRole = "extra") -> RootInfo:
        """Make a folder part of the library and of the view; the next sync reads it.

        Raises:
            UsageError: It is no folder.
        """
        self._store.require_writable()
        path = resolve_root(folder)
        self._register([(path, role)])
        root = root_rows.enclosing(self.roots(), path)
        if root is None:
            raise UsageError(f"{path} could not be added")
        view = self._view
        prefixes = (*view.prefixes, os.fsencode(path.rstrip("/") + "/")) if view.prefixes else ()
        self._view = View(tuple(dict.fromkeys((*view.root_ids, root.id))), prefixes)
        return root

    def offered_roots(self) -> list[str]:
        """Return the symlinked folders that the last sync found: not followed, but may be added."""
        return list(self._offered)

    def _require_changes_allowed(self) -> None:
        self._store.require_writable()
        if self._read_only:
            raise ReadOnlyError(f"the library is open read-only: {self.why_read_only}")

    def _catch_up(self) -> None:
        """Show marks that were written when index.db could not be: after a crash or a rebuild."""
        with self._store.read() as db:
            is_mirrored = marks.is_mirrored(db)
        if not is_mirrored and self._store.is_writable:
            self._writer.run("index", marks.mirror, changes_rows=False)

    def _choose_view(self, folders: Sequence[str | Path]) -> None:
        """Register `folders` and look at them alone; none: at every root but the input."""
        if not folders:
            self._register(self._configured())
            visible = [root.id for root in self.roots() if root.role != "input"]
            self._view = View(tuple(visible))
            return
        named: list[tuple[str, RootRole]] = [(resolve_root(folder), "output") for folder in folders]
        self._register(named)
        known = self.roots()
        ids: list[int] = []
        prefixes: list[bytes] = []
        for path, _role in named:
            root = root_rows.enclosing(known, path)
            if root is None:
                continue
            ids.append(root.id)
            prefixes.append(os.fsencode(path.rstrip("/") + "/"))
        is_whole = {os.fsencode(root.path.rstrip("/") + "/") for root in known}.issuperset(prefixes)
        self._view = View(tuple(dict.fromkeys(ids)), () if is_whole else tuple(prefixes))

    def _configured(self) -> list[tuple[str, RootRole]]:
        library = self.settings.library
        extra: list[tuple[str, RootRole]] = [(path, "extra") for path in library.extra_roots]
        folders: list[tuple[str, RootRole]] = [
            (library.output_path, "output"), (library.input_path, "input"), *extra,
        ]  # fmt: skip
        return [
            (resolve_root(path), role)
            for path, role in folders
            if path and Path(path).expanduser().is_dir()
        ]

    def _register(self, named: Sequence[tuple[str, RootRole]]) -> None:
        known = self.roots()
        for path, role in named:
            if root_rows.enclosing(known, path) is None and self._store.is_writable:
                add = partial(root_rows.add_root, path=path, role=role, now_ns=time.time_ns())
                self._writer.run("index", add)
                known = self.roots()

    def _write_marks(self, work: Callable[[sqlite3.Connection], object]) -> None:
        """Write user.db, then its mirror; returns when both are committed."""
        self._has_marked = True
        self._writer.run_marks(work, marks.mirror)
        self._marks_changed()

    def _marks_changed(self) -> None:
        """Tell whoever keeps a copy of marks in memory."""

    def _close_down(self) -> None:
        """Do what is left to do while the databases are still open."""

    def close(self) -> None:
        """Finish writing and close the databases. Idempotent."""
        with self._closing:
            if self._is_closed:
                return
            self._is_closed = True
        self._close_down()
        self._writer.close()
        self._store.close()


def resolve_root(folder: str | Path) -> str:
    """Return the real path of a folder.

    Raises:
        UsageError: It is no folder, or cannot be read.
    """
    path = os.fspath(folder)
    real = os.path.realpath(Path(path).expanduser())
    if not Path(real).is_dir():
        what = "is not a folder" if os.path.lexists(real) else "does not exist"
        raise UsageError(f"{path} {what}")
    if not os.access(real, os.R_OK | os.X_OK):
        raise UsageError(f"{path} cannot be read: permission denied")
    return real


def actor() -> str:
    """Return who changes things: the name of the user."""
    try:
        return os.environ.get("USER") or getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())
