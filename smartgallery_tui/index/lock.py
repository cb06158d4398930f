"""The scanner's lock: one process at a time walks and reads; anyone may write user data.

A kernel lock on a file: a killed process leaves none behind. The file names its holder for the
message that others get.
"""

from __future__ import annotations

import fcntl
import os
import socket
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Self

from smartgallery_tui.errors import DatabaseError, IndexLockedError

if TYPE_CHECKING:
    from pathlib import Path

FILE_NAME: Final = "scan.lock"


class ScanLock:
    """Held while a sync runs; use as a context manager.

    Args:
        data_dir: Folder of the databases.
    """

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / FILE_NAME
        self._fd = -1

    def __enter__(self) -> Self:
        """Take the lock.

        Raises:
            IndexLockedError: Another process has it; the message names it.
            DatabaseError: The lock file cannot be made.
        """
        try:
            self._fd = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise DatabaseError(f"cannot make {self._path}: {error.strerror}") from error
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(self._fd, 200, 0).decode("utf-8", "replace").strip()
            os.close(self._fd)
            raise IndexLockedError(
                f"another process is scanning this library ({holder or 'it gave no name'}): "
                "what it finds appears here, too; scan again when it is done"
            ) from error
        except OSError:
            # A file system without locks: SQLite's own locking still keeps the tables whole.
            return self
        started = time.strftime("%H:%M:%S")
        text = f"process {os.getpid()} on {socket.gethostname()}, since {started}\n"
        with suppress(OSError):  # a full disk: the lock holds without a name, too
            os.ftruncate(self._fd, 0)
            os.pwrite(self._fd, text.encode(), 0)
        return self

    def __exit__(self, *_exception: object) -> None:
        with suppress(OSError):
            os.ftruncate(self._fd, 0)
        os.close(self._fd)
