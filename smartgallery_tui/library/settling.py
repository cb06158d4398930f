"""Settings and folders that change while a library is open."""

from __future__ import annotations

import os
import time
from functools import partial
from typing import TYPE_CHECKING, Final

from smartgallery_tui.errors import IndexLockedError, UsageError
from smartgallery_tui.index import moving
from smartgallery_tui.index import roots as root_rows
from smartgallery_tui.index.lock import ScanLock
from smartgallery_tui.index.writer import SCAN
from smartgallery_tui.library.folders import resolve_root
from smartgallery_tui.records.home import at_home

if TYPE_CHECKING:
    from pathlib import Path

    from smartgallery_tui.library.context import Context
    from smartgallery_tui.library.folders import Folders
    from smartgallery_tui.library.showing import Showing
    from smartgallery_tui.records import Settings
    from smartgallery_tui.records.roots import RootInfo

_BATCH: Final = 2_000
"""Rows that are forgotten in one transaction: a mark does not wait for more."""


class Settling:
    """Takes new settings, and forgets folders, while the library stays open.

    Args:
        context: The open library.
        folders: Chooses the view anew.
        showing: Keeps pictures of what is forgotten.
    """

    def __init__(self, context: Context, folders: Folders, showing: Showing) -> None:
        self._context = context
        self._store = context.store
        self._writer = context.writer
        self._folders = folders
        self._showing = showing

    def forget_root(self, folder: str | Path) -> int:
        """Take a folder out of the library; return how many files it had. Blocks.

        No file is touched. What the user said of the files stays, and is there again when the
        folder is added again.

        Args:
            folder: The path of a root; the folder itself may be gone.

        Raises:
            UsageError: The library has no such root, or the settings name it.
            IndexLockedError: A scan runs.
        """
        self._store.require_writable()
        root = self._root_at(folder)
        if root.path in self._folders.named_paths():
            raise UsageError(f"{root.path} is named in the settings: take it out there first")
        if not self._context.scan_lock.acquire(blocking=False):
            raise IndexLockedError("a scan is running; forget the folder when it is done")
        try:
            with ScanLock(self._context.data_dir):
                count = self._forget_rows(root)
        finally:
            self._context.scan_lock.release()
        self._folders.leave_out(root)
        self._forget_cached()
        return count

    def _root_at(self, folder: str | Path) -> RootInfo:
        named = at_home(folder)
        paths = {os.path.realpath(named), str(named.absolute()).rstrip("/")}
        for root in self._context.roots():
            if root.path in paths:
                return root
        raise UsageError(f"{folder} is no folder of the library; `smartgallery roots` lists them")

    def _forget_rows(self, root: RootInfo) -> int:
        count = 0
        forget = partial(root_rows.forget_files, root_id=root.id, limit=_BATCH)
        while done := self._writer.run("index", forget, SCAN):
            count += done
        self._writer.run("index", partial(root_rows.forget_root, root_id=root.id))
        return count

    def use_settings(self, settings: Settings) -> bool:
        """Apply other settings to the open library; return whether it shows other folders now.

        Folders that the settings name newly join the library and the view; the next sync reads
        them. Read-only holds as the settings say: a caller that was told otherwise by a flag
        hands that in. Names of external tools hold for pictures from the next start.

        Raises:
            UsageError: A folder does not exist or cannot be read; nothing has changed then.
        """
        before = self._context.settings
        named = (settings.library.output_path, settings.library.input_path)
        for path in (*named, *settings.library.extra_roots):
            if path:
                resolve_root(path)
        self._context.use_settings(settings)
        self._showing.use_settings(settings)
        if settings.scan != before.scan and self._store.is_writable:
            self._writer.run("index", moving.list_all_again)
            if not settings.scan.hidden:
                hide = partial(moving.leave_hidden_out, now_ns=time.time_ns())
                self._writer.run("index", hide)
        if settings.library == before.library:
            return False
        self._folders.choose_view()
        return True

    def _forget_cached(self) -> None:
        """Drop what the cache folder holds of files that are no longer known."""
        for kept in self._context.cache_dir.glob("search-*.cache"):
            kept.unlink(missing_ok=True)
        if (self._context.cache_dir / "thumbs.db").exists():
            self._showing.forget_orphans()
