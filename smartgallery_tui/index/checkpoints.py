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
from contextlib import closing, suppress
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
        self._thread: threading.Thread | None = None

    def start_if_due(self) -> None:
        """Start one where the log is long; for the writer's thread, between transactions."""
        if self._thread is not None and self._thread.is_alive():
            return
        if self._is_long():
            self._thread = threading.Thread(target=self._run, name="checkpoint", daemon=True)
            self._thread.start()

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
        thread = self._thread
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        # One that fails is started again after the next transaction, and loses nothing.
        with suppress(sqlite3.Error), closing(connect(self._path)) as db:
            db.execute("PRAGMA synchronous=NORMAL")
            db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
