"""Small facts about index.db itself, in its table `meta`."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

ROWS_SERIAL = "rows_serial"
"""Grows with every transaction that may have changed rows: says whether a cache is still right."""


def fact(db: sqlite3.Connection, key: str) -> str | None:
    """Return the value of a key, or None."""
    row = db.execute("SELECT value FROM meta WHERE key=?", (key,)).fetchone()
    return None if row is None else str(row[0])


def set_fact(db: sqlite3.Connection, key: str, value: str) -> None:
    """Set the value of a key."""
    db.execute(
        "INSERT INTO meta (key, value) VALUES (?, ?) "
        "ON CONFLICT (key) DO UPDATE SET value=excluded.value",
        (key, value),
    )


def count_change(db: sqlite3.Connection) -> int:
    """Note that rows change in this transaction; return its serial.

    The count of a new index begins at the time, so that no two of them share a number.
    """
    row = db.execute(
        "UPDATE meta SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT) WHERE key=? "
        "RETURNING value",
        (ROWS_SERIAL,),
    ).fetchone()
    serial = int(row[0]) if row is not None else time.time_ns()
    if row is None:
        set_fact(db, ROWS_SERIAL, str(serial))
    return serial
