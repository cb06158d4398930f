"""Small facts about user.db itself, in its table `user_meta`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import sqlite3

_CHANGED: Final = "changed_ns"
"""When albums or saved searches changed last; marks know it themselves."""


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


def note_change(db: sqlite3.Connection, now_ns: int) -> None:
    """Note that albums or saved searches change; in a transaction on user.db."""
    set_value(db, _CHANGED, str(now_ns))


def changed_ns(db: sqlite3.Connection) -> int:
    """Return when user data changed last, 0 if never; on a reading connection."""
    (newest,) = db.execute("SELECT coalesce(max(updated_ns), 0) FROM user.marks").fetchone()
    return max(int(newest), int(value(db, _CHANGED) or 0))
