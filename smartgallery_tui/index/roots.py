"""Roots of the library, and the part of it that a caller looks at."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from smartgallery_tui.records.roots import RootInfo

if TYPE_CHECKING:
    import sqlite3

    from smartgallery_tui.records.roots import RootRole


@dataclass(frozen=True, slots=True)
class View:
    """Which files a caller sees: those of some roots, or those beneath one or more folders."""

    root_ids: tuple[int, ...]
    prefixes: tuple[bytes, ...] = ()
    """Folders that end in a slash; none: the whole of the roots."""

    def where(self, alias: str = "f") -> tuple[str, tuple[object, ...]]:
        """Return an SQL condition for an alias of `files`, and its parameters."""
        marks = ",".join("?" * len(self.root_ids))
        sql, params = f"{alias}.root_id IN ({marks})", tuple(self.root_ids)
        if not self.prefixes:
            return sql, params
        parts = " OR ".join([f"({alias}.path >= ? AND {alias}.path < ?)"] * len(self.prefixes))
        bounds = [bound for prefix in self.prefixes for bound in (prefix, prefix[:-1] + b"0")]
        return f"{sql} AND ({parts})", (*params, *bounds)


def list_roots(db: sqlite3.Connection) -> list[RootInfo]:
    """Return the roots in the order in which they were added."""
    rows = db.execute("SELECT id, path, role, is_online, scanned_ns FROM roots ORDER BY id")
    return [
        RootInfo(row[0], os.fsdecode(row[1]), cast("RootRole", row[2]), bool(row[3]), bool(row[4]))
        for row in rows
    ]


def enclosing(roots: list[RootInfo], path: str) -> RootInfo | None:
    """Return the root that is `path` or holds it."""
    for root in roots:
        if path == root.path or path.startswith(root.path.rstrip("/") + "/"):
            return root
    return None


def add_root(db: sqlite3.Connection, path: str, role: RootRole, now_ns: int) -> int:
    """Add a root and return its id; roots that lie inside it become part of it.

    Runs in a writing transaction. A root of another role inside stays a root of its own.
    """
    known = db.execute("SELECT id FROM roots WHERE path=?", (os.fsencode(path),)).fetchone()
    if known is not None:
        return int(known[0])
    inside = [
        root for root in list_roots(db) if root.role == role and enclosing_path(path, root.path)
    ]
    cursor = db.execute(
        "INSERT INTO roots (path, role, device, is_online, added_ns) VALUES (?, ?, NULL, 1, ?)",
        (os.fsencode(path), role, now_ns),
    )
    root_id = cast("int", cursor.lastrowid)
    for root in inside:
        for table in ("files", "folders"):
            db.execute(f"UPDATE {table} SET root_id=? WHERE root_id=?", (root_id, root.id))  # noqa: S608 - our own table names
        db.execute("DELETE FROM roots WHERE id=?", (root.id,))
    return root_id


def enclosing_path(outer: str, inner: str) -> bool:
    """Whether `inner` lies beneath `outer`."""
    return inner.startswith(outer.rstrip("/") + "/")
