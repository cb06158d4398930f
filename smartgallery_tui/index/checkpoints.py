"""Brings what the log of index.db holds into the file itself, beside the writer.

SQLite would do it within a commit, which then waits for the disk: once in a few batches of a scan,
and now and then in a mark. In a thread of its own marks and scans pass it. The log starts anew once
all of it is brought in while nobody writes: where it has grown too long, a scan waits for that.
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
"""Pages in the log, since the last time, from which on they are brought in, 16 MB: less often than
SQLite's 4, for each time the disk is waited for."""
MOST_FRAMES: Final = 4 * DUE_FRAMES
"""Pages in the log from which on a scan waits, 64 MB."""
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
        self._done_frames = 0
        """Pages of the log that are in the file already, unless it has started anew."""

    def start_if_due(self) -> None:
        """Start one where the log has grown; for the writer's thread, between transactions."""
        if not self._idle.is_set():
            return
        if not self._reaches(DUE_FRAMES):
            self._done_frames = 0
            return
        if not self._reaches(min(self._done_frames + DUE_FRAMES, MOST_FRAMES)):
            return
        self._idle.clear()
        try:
            threading.Thread(target=self._run, name="checkpoint", daemon=True).start()
        except RuntimeError:  # the machine starts no more threads
            self._run()

    def _reaches(self, frames: int) -> bool:
        """Whether so many pages wait in the log; its size is that of the longest so far.

        Source: sqlite.org/fileformat2.html, "The Write-Ahead Log".
        """
        try:
            with self._log.open("rb") as log:
                page_bytes, salt = _HEADER.unpack(log.read(_HEADER.size))
                log.seek(_HEADER.size + (frames - 1) * (_FRAME.size + page_bytes))
                return bool(_FRAME.unpack(log.read(_FRAME.size))[0] == salt)
        except (OSError, struct.error):
            return False  # no log, or a short one

    def wait(self) -> None:
        """Wait until none runs."""
        self._idle.wait()

    def wait_if_long(self) -> None:
        """Wait for one that runs where the log is too long; for who writes much, and not now."""
        if not self._idle.is_set() and self._reaches(MOST_FRAMES):
            self._idle.wait()

    def _run(self) -> None:
        with ExitStack() as ended:
            ended.callback(self._idle.set)
            # One that fails is started again after the next transaction, and loses nothing.
            with suppress(sqlite3.Error), closing(connect(self._path)) as db:
                db.execute("PRAGMA synchronous=NORMAL")
                _, _, done_frames = db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
                self._done_frames = max(done_frames, 0)
