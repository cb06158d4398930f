"""How every part of the program opens one of the databases."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BUSY_TIMEOUT_S: Final = 5.0
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
