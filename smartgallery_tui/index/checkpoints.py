"""Brings what the log of index.db holds into the file itself, beside the writer.

SQLite would do it within a commit, which then waits for the disk: once in a few batches of a scan,
and now and then in a mark. In a thread of its own a mark passes it. Scans wait for its end before
they write on, so that the log is empty then and starts anew: otherwise it would grow for as long
as a scan lasts.
"""

from __future__ import annotations

import sqlite3
import struct
import threading
from contextlib import ExitStack, closing, suppress
from typing import TYPE_CHECKING, Final

from smartgallery_tui.index.connection import connect

if TYPE_CHECKING:
    from pathlib import Path

DUE_FRAMES: Final = 4000
"""Pages in the log from which on it is emptied, 16 MB: less often than SQLite's 4, for each time
the disk is waited for."""
_HEADER: Final = struct.Struct(">8xI4x8s8x")
"""Of the log: size of a page, salt."""
_FRAME: Final = struct.Struct(">8x8s8x")
"""Before each page: salt. A page that is left from before the log was last started has another."""


class Checkpoints:
    """One at a time, each in a thread.

    Args:
        path: The database.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._log = path.with_name(f"{path.name}-wal")
        self._idle = threading.Event()
        self._idle.set()

    def start_if_due(self) -> None:
        """Start one where the log is long; for the writer's thread, between transactions."""
        if not self._idle.is_set() or not self._is_long():
            return
        self._idle.clear()
        try:
            threading.Thread(target=self._run, name="checkpoint", daemon=True).start()
        except RuntimeError:  # the machine starts no more threads
            self._run()

    def _is_long(self) -> bool:
        """Whether so many pages wait in the log; its size is that of the longest so far.

        Source: sqlite.org/fileformat2.html, "The Write-Ahead Log".
        """
        try:
            with self._log.open("rb") as log:
                page_bytes, salt = _HEADER.unpack(log.read(_HEADER.size))
                log.seek(_HEADER.size + (DUE_FRAMES - 1) * (_FRAME.size + page_bytes))
                return bool(_FRAME.unpack(log.read(_FRAME.size))[0] == salt)
        except (OSError, struct.error):
            return False  # no log, or a short one

    def wait(self) -> None:
        """Wait until none runs."""
        self._idle.wait()

    def _run(self) -> None:
        with ExitStack() as done:
            done.callback(self._idle.set)
            # One that fails is started again after the next transaction, and loses nothing.
            with suppress(sqlite3.Error), closing(connect(self._path)) as db:
                db.execute("PRAGMA synchronous=NORMAL")
                db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
