"""How every part of the program opens one of the databases."""

from __future__ import annotations

import os
import sqlite3
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BUSY_TIMEOUT_S: Final = 5.0
_NO_ROOM_BYTES: Final = 65_536
"""Less than this and SQLite cannot make the files that it works with."""
_AS_THEY_ARE: Final[tuple[tuple[type, Callable[[Any], Any]], ...]] = (
    (type(None), {}.get),
    (bytes, bytes.__bytes__),
)
"""Types of values, and what gives such a value back at once."""


def connect(path: Path, options: str = "") -> sqlite3.Connection:
    """Return a connection in autocommit mode that any one thread at a time may use.

    Args:
        path: The database.
        options: URI parameters, from the question mark on.
    """
    # Of each NULL and each blob that is bound, sqlite3 asks for an adapter. Where there is none, it
    # raises and drops an AttributeError: most of what binding such a value costs.
    for kind, give_back in _AS_THEY_ARE:
        sqlite3.register_adapter(kind, give_back)
    return sqlite3.connect(
        path.absolute().as_uri() + options,
        timeout=BUSY_TIMEOUT_S,
        isolation_level=None,
        check_same_thread=False,
        uri=True,
    )


def reason(error: sqlite3.Error, path: Path) -> str:
    """Return what is wrong with a database in words that say what to do.

    A disk without room is told by SQLite as an I/O error where it makes its own files.
    """
    code = primary_code(error)
    is_full = code == sqlite3.SQLITE_FULL or (code == sqlite3.SQLITE_IOERR and _has_no_room(path))
    return f"there is no room left on the disk of {path.parent}" if is_full else str(error)


def primary_code(error: sqlite3.Error) -> int:
    """Return SQLite's primary result code; 0 where the error comes from Python's own module."""
    code: int = getattr(error, "sqlite_errorcode", 0)
    return code & 0xFF


def _has_no_room(path: Path) -> bool:
    try:
        found = os.statvfs(path.parent)
    except OSError:
        return False
    return found.f_bavail * found.f_frsize < _NO_ROOM_BYTES
