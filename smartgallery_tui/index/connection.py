"""How every part of the program opens one of the databases."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

BUSY_TIMEOUT_S: Final = 5.0


def connect(path: Path, options: str = "") -> sqlite3.Connection:
    """Return a connection in autocommit mode that any one thread at a time may use.

    Args:
        path: The database.
        options: URI parameters, from the question mark on.
    """
    return sqlite3.connect(
        path.absolute().as_uri() + options,
        timeout=BUSY_TIMEOUT_S,
        isolation_level=None,
        check_same_thread=False,
        uri=True,
    )
