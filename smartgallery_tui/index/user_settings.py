"""Small facts about user.db itself, in its table `user_meta`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3


def value(db: sqlite3.Connection, key: str) -> str | None:
    """Return the value of a key, or None; on a reading connection."""
    row = db.execute("SELECT value FROM user.user_meta WHERE key=?", (key,)).fetchone()
    return None if row is None else str(row[0])


def set_value(db: sqlite3.Connection, key: str, text: str) -> None:
    """Set the value of a key; in a transaction on user.db."""
    db.execute(
        "INSERT INTO user_meta (key, value) VALUES (?, ?) "
        "ON CONFLICT (key) DO UPDATE SET value=excluded.value",
        (key, text),
    )
