"""Small facts about index.db itself, in its table `meta`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3


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
