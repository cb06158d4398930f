"""Who changes files: many may at once, but only one may tidy up after a crash.

A kernel lock on a file, shared by those who change files and taken alone by who finishes what a
killed process left: a change that is under way in another process is not taken for a torn one.
Who makes or migrates the databases holds the data folder itself.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from smartgallery_tui.errors import DatabaseError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILE_NAME: Final = "changes.lock"


@contextmanager
def changing(data_dir: Path) -> Iterator[None]:
    """Hold the lock together with others, for the time of a with block; waits for a tidier.

    Raises:
        DatabaseError: The lock file cannot be made.
    """
    fd = _open(data_dir)
    try:
        _lock(fd, fcntl.LOCK_SH)
        yield
    finally:
        os.close(fd)


@contextmanager
def alone(data_dir: Path) -> Iterator[bool]:
    """Try to hold the lock alone for the time of a with block; yield whether that is so.

    Raises:
        DatabaseError: The lock file cannot be made.
    """
    fd = _open(data_dir)
    try:
        yield _lock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    finally:
        os.close(fd)


@contextmanager
def preparing(data_dir: Path) -> Iterator[None]:
    """Hold the data folder itself alone, for the time of a with block; waits for its turn.

    Databases are made and migrated by one process at a time: SQLite does not wait where the
    kind of journal is chosen.

    Raises:
        DatabaseError: The folder cannot be read.
    """
    try:
        fd = os.open(data_dir, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise DatabaseError(f"cannot read {data_dir}: {error.strerror}") from error
    try:
        _lock(fd, fcntl.LOCK_EX)
        yield
    finally:
        os.close(fd)


def _open(data_dir: Path) -> int:
    path = data_dir / FILE_NAME
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise DatabaseError(f"cannot make {path}: {error.strerror}") from error


def _lock(fd: int, how: int) -> bool:
    try:
        fcntl.flock(fd, how)
    except BlockingIOError:
        return False
    except OSError:
        # A file system without locks: one process at a time is assumed there.
        return True
    return True
