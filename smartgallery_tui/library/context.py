"""What every part of an open library works with: databases, settings, the view, who may change."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from smartgallery_tui.containers import KNOWN_EXTENSIONS
from smartgallery_tui.errors import ReadOnlyError
from smartgallery_tui.files import Guard
from smartgallery_tui.index import roots as root_rows
from smartgallery_tui.index.roots import View
from smartgallery_tui.index.writer import Writer
from smartgallery_tui.library.mark_writer import MarkWriter
from smartgallery_tui.scan import Rules

if TYPE_CHECKING:
    from pathlib import Path

    from smartgallery_tui.index.store import Store
    from smartgallery_tui.records import Settings
    from smartgallery_tui.records.roots import RootInfo


class Context:
    """One open library as its parts share it; may be used from any thread.

    Args:
        store: The two databases.
        settings: As they are now; `use_settings` takes others.
        cache_dir: Folder of what can be made again.
        read_only: Whether the caller asked for no changes of files and marks.
    """

    def __init__(
        self, store: Store, *, settings: Settings, cache_dir: Path, read_only: bool
    ) -> None:
        self.store = store
        self.writer = Writer(store)
        self.marks = MarkWriter(store, self.writer)
        self.settings = settings
        self.data_dir = store.data_dir
        self.cache_dir = cache_dir
        self.view = View(())
        """The roots and folders that the caller looks at."""
        self.scan_lock = threading.Lock()
        """Held while this process scans: one scan at a time."""
        self.recovered: list[str] = []
        """A sentence for each change of files that a crash had interrupted."""
        self.is_closed = False
        self._is_asked_read_only = read_only
        self._is_read_only = read_only or settings.safety.read_only

    def use_settings(self, settings: Settings) -> None:
        """Take other settings; whether changes are refused is theirs to say from here on."""
        self.settings = settings
        self._is_read_only = settings.safety.read_only

    @property
    def why_read_only(self) -> str:
        """Why changes of files and marks are refused, or ""."""
        if why := self.store.newer or self.store.sealed:
            return why
        if not self._is_read_only:
            return ""
        if self._is_asked_read_only:
            return "the program was started with --read-only"
        return "[safety] read_only is on in the settings"

    @property
    def read_only(self) -> bool:
        """Whether changes of files and marks are refused."""
        return bool(self.why_read_only)

    @property
    def can_index(self) -> bool:
        """Whether scans may write: read-only mode guards files and marks, not the index."""
        return self.store.is_writable

    @property
    def notices(self) -> list[str]:
        """What opening found worth telling: a database set aside, a newer schema, a crash."""
        newer, sealed = self.store.newer, self.store.sealed
        why = [newer] if newer else []
        why += [f"{sealed}: nothing can be changed"] if sealed else []
        return [*self.store.notices, *why, *self.recovered]

    def require_changes_allowed(self) -> None:
        """Refuse a change of files or marks where none may be made.

        Raises:
            ReadOnlyError: The library is open read-only.
            IndexNewerError: The databases belong to a newer version.
        """
        self.store.require_writable()
        if self._is_read_only:
            raise ReadOnlyError(f"the library is open read-only: {self.why_read_only}")

    def roots(self) -> list[RootInfo]:
        """Return every folder that the library covers."""
        with self.store.read() as db:
            return root_rows.list_roots(db)

    def viewed_roots(self) -> list[RootInfo]:
        """Return the roots that are looked at."""
        wanted = set(self.view.root_ids)
        return [root for root in self.roots() if root.id in wanted]

    def synced_roots(self) -> list[RootInfo]:
        """Return the roots that a sync walks: those looked at, and the hidden input folder."""
        wanted = set(self.view.root_ids)
        return [
            root
            for root in self.roots()
            if root.id in wanted or (not self.view.prefixes and root.role == "input")
        ]

    def guard(self) -> Guard:
        """Return what decides which paths may be touched: those in the roots as they are now."""
        return Guard([root.path for root in self.roots()])

    def scan_rules(self) -> Rules:
        """Return what a scan looks at, by the settings."""
        scan = self.settings.scan
        return Rules(KNOWN_EXTENSIONS, scan.exclude, scan.hidden)

    def close(self) -> None:
        """Finish writing and close the databases."""
        self.writer.close()
        self.store.close()
