"""Saved and recent searches, and what the screens remember: rows of user.db."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from smartgallery_tui.records.searches import SavedSearch

if TYPE_CHECKING:
    import sqlite3

RECENT_KEPT = 100


def saved_searches(db: sqlite3.Connection) -> list[SavedSearch]:
    """Return the saved searches by name."""
    rows = db.execute(
        "SELECT name, text, sort, is_descending FROM saved_searches ORDER BY name COLLATE NOCASE"
    )
    return [SavedSearch(name, text, sort, bool(way)) for name, text, sort, way in rows]


def data_of(search: SavedSearch, now_ns: int) -> dict[str, Any]:
    """Return all of a saved search but its name, as JSON can hold it."""
    return {
        "text": search.text,
        "sort": search.sort,
        "is_descending": int(search.is_descending),
        "created_ns": now_ns,
    }


def whole(db: sqlite3.Connection, name: str) -> dict[str, Any] | None:
    """Return the same of a search that is kept; None where there is none."""
    row = db.execute(
        "SELECT text, sort, is_descending, created_ns FROM saved_searches WHERE name=?", (name,)
    ).fetchone()
    keys = ("text", "sort", "is_descending", "created_ns")
    return None if row is None else dict(zip(keys, row, strict=True))


def replace(db: sqlite3.Connection, name: str, data: dict[str, Any] | None) -> None:
    """Write a saved search; None removes it."""
    db.execute("DELETE FROM saved_searches WHERE name = ?", (name,))
    if data is not None:
        db.execute(
            "INSERT INTO saved_searches (name, text, sort, is_descending, created_ns) "
            "VALUES (:name, :text, :sort, :is_descending, :created_ns)",
            {"name": name, **data},
        )


def recent_searches(db: sqlite3.Connection) -> list[str]:
    """Return the queries used last, newest first."""
    rows = db.execute("SELECT text FROM recent_searches ORDER BY used_ns DESC LIMIT ?",
                      (RECENT_KEPT,))  # fmt: skip
    return [text for (text,) in rows]


def note_search(db: sqlite3.Connection, text: str, now_ns: int) -> None:
    """Note a query that was used; the oldest go."""
    db.execute(
        "INSERT INTO recent_searches (text, used_ns) VALUES (?, ?) "
        "ON CONFLICT (text) DO UPDATE SET used_ns = excluded.used_ns",
        (text, now_ns),
    )
    db.execute(
        "DELETE FROM recent_searches WHERE text NOT IN "
        "(SELECT text FROM recent_searches ORDER BY used_ns DESC LIMIT ?)",
        (RECENT_KEPT,),
    )


def forget_recent(db: sqlite3.Connection) -> None:
    """Forget the queries used last."""
    db.execute("DELETE FROM recent_searches")


def ui_state(db: sqlite3.Connection) -> dict[str, Any]:
    """Return what the screens remember; a value that is no JSON is left out."""
    found: dict[str, Any] = {}
    for key, value in db.execute("SELECT key, value FROM ui_state"):
        try:
            found[key] = json.loads(value)
        except ValueError:
            continue
    return found


def remember(db: sqlite3.Connection, values: dict[str, Any]) -> None:
    """Write what the screens remember; other keys stay."""
    db.executemany(
        "INSERT INTO ui_state (key, value) VALUES (?, ?) "
        "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        [(key, json.dumps(value)) for key, value in values.items()],
    )
