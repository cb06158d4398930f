"""Indexing of named places: what was just copied, restored or imported, without a whole sync."""

from __future__ import annotations

import os
import threading
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from smartgallery_tui.errors import IndexLockedError
from smartgallery_tui.index import found
from smartgallery_tui.index import roots as root_rows
from smartgallery_tui.index.lock import ScanLock
from smartgallery_tui.index.moving import hide_folder_rows, unread_among
from smartgallery_tui.index.rows import RowWriter
from smartgallery_tui.library.events import Reporter
from smartgallery_tui.library.read_pass import ReadPass
from smartgallery_tui.library.stat_pass import StatPass
from smartgallery_tui.library.tasks import Task
from smartgallery_tui.library.watching import FolderWatch
from smartgallery_tui.scan import list_folder, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from smartgallery_tui.library.context import Context
    from smartgallery_tui.library.explaining import Explaining
    from smartgallery_tui.records import Emit, SyncReport
    from smartgallery_tui.records.events import Event
    from smartgallery_tui.records.roots import RootInfo


class Indexing:
    """Brings the index in step with a few places.

    Args:
        context: The open library.
        explaining: Knows how graphs are read.
    """

    def __init__(self, context: Context, explaining: Explaining) -> None:
        self._context = context
        self._store = context.store
        self._writer = context.writer
        self._explaining = explaining
        self._waiting_paths: tuple[str, ...] = ()

    def watch(
        self,
        emit: Emit | None = None,
        cancelled: threading.Event | None = None,
        *,
        is_polling: bool | None = None,
    ) -> None:
        """Keep the index in step with the folders of the view until cancelled; blocks.

        Call it from a worker thread, beside `sync`, which finds what changed before.

        Args:
            emit: Hears of changes and notices, from this thread.
            cancelled: Ends it.
            is_polling: See `FolderWatch.run`.
        """
        self._store.require_writable()
        folders = [root.path for root in self._context.synced_roots()]
        watch = FolderWatch(folders, self._context.scan_rules, self._files_changed)
        watch.run(emit or _nobody, cancelled or threading.Event(), is_polling=is_polling)

    def _files_changed(self, changed: list[str], gone: list[str]) -> None:
        if self._context.is_closed:
            return
        for path in gone:
            hide = partial(hide_folder_rows, folder=os.fsencode(path), now_ns=time.time_ns())
            self._writer.run("index", hide)
        self.index_paths([*changed, *gone])

    def index_paths(self, paths: Sequence[str], emit: Emit | None = None) -> None:
        """Bring the rows of some files and folders in step with the disk; blocks until done.

        A file is looked at together with its neighbours, a folder with all below it; a path that
        is gone hides its rows. While a scan runs only the rows are made: what is in the files is
        read when the scan is done.

        Args:
            paths: Absolute real paths; those in no root are passed over.
            emit: Hears of changes and notices.
        """
        if not paths:
            return
        reporter, rows = Reporter(emit), RowWriter()
        rules = self._context.scan_rules()
        look = _Look(self._store, self._writer, rows, rules, reporter, threading.Event())
        known = self._context.roots()
        # A folder is listed once, however many of its files are named.
        for folder, is_whole in dict.fromkeys(map(_place, paths)):
            root = root_rows.enclosing(known, folder)
            if root is not None:
                look.at(root, folder, is_whole=is_whole)
        if not self._context.scan_lock.acquire(blocking=False):
            self._waiting_paths += tuple(paths)
            return
        try:
            with ScanLock(self._context.data_dir):
                read = _ReadThese(
                    self._store, self._writer, rows, reporter, threading.Event(),
                    workers=1, rules=self._explaining.node_rules().rules,
                    orders=self._explaining.orders(),
                )  # fmt: skip
                read.these(paths)
        except IndexLockedError:
            return  # the scan of the other process, or the next one, reads them
        finally:
            self._context.scan_lock.release()

    def index_waiting(
        self,
        _report: SyncReport,
        emit: Emit | None = None,
        _cancelled: threading.Event | None = None,
    ) -> None:
        """Read what could not be read while a scan ran; due behind each sync."""
        waiting, self._waiting_paths = self._waiting_paths, ()
        self.index_paths(waiting, emit)


def _place(path: str) -> tuple[str, bool]:
    """Return which folder is to be looked at for a path, and whether all below it is."""
    if Path(path).is_dir():
        return path, True
    return path.rpartition("/")[0] or "/", False


class _Look(StatPass):
    """The walking half of a sync, for named places."""

    def at(self, root: RootInfo, folder: str, *, is_whole: bool) -> None:
        """Compare a folder, and all below it where the whole of it is wanted."""
        with self._store.read() as db:
            if is_whole:
                listings = list(walk(folder, self._rules))
            else:
                listings = [list_folder(folder, self._rules)]
            for listing in listings:
                if listing.problem is None:
                    raw = os.fsencode(listing.path)
                    self._compare(db, root, listing, raw, found.known_folder(db, raw))
        self._flush(root)


class _ReadThese(ReadPass):
    """The reading half of a sync, for named places."""

    _paths: Sequence[bytes] = ()

    def these(self, paths: Sequence[str]) -> None:
        """Read what is unread at some paths, and in folders below."""
        self._paths = [os.fsencode(path) for path in paths]
        self.run(())

    def _tasks(self, root_ids: Sequence[int]) -> Iterator[Task]:
        del root_ids
        with self._store.read() as db:
            # Never taken for fresh: another reader may have been here.
            tasks = [
                Task(row[0], row[1], False, *row[2:], found.stills(db, row[0]))
                for row in unread_among(db, self._paths)
            ]
        yield from tasks


def _nobody(_event: Event) -> None:
    """Hear nothing."""
