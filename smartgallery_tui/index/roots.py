"""Roots of the library, and the part of it that a caller looks at."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from smartgallery_tui.index.rows import delete_files
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


def file_counts(db: sqlite3.Connection) -> dict[int, int]:
    """Return how many files each root has that are not missing, companions included."""
    rows = db.execute(
        "SELECT root_id, count(*) FROM files WHERE missing_since_ns IS NULL GROUP BY root_id"
    )
    return dict(rows.fetchall())


def forget_files(db: sqlite3.Connection, root_id: int, limit: int) -> int:
    """Remove up to `limit` rows of a root's files, with what hangs on them; return how many.

    Names, prompts and sets of node classes that no file uses any more go, too. user.db keeps what
    the user said. Runs in a transaction of the writer, whose `search_form` it needs.
    """
    ids = [
        (file_id,)
        for (file_id,) in db.execute(
            "SELECT id FROM files WHERE root_id=? LIMIT ?", (root_id, limit)
        ).fetchall()
    ]
    texts, names, sets = (_used(db, sql, ids) for sql in (_TEXTS_OF, _NAMES_OF, _SETS_OF))
    delete_files(db, [file_id for (file_id,) in ids])
    unused = [row for row in texts if db.execute(_USES_TEXT, row).fetchone() is None]
    db.executemany(
        "INSERT INTO texts_fts (texts_fts, rowid, body) "
        "SELECT 'delete', id, search_form(body) FROM texts WHERE id=?",
        unused,
    )
    db.executemany("DELETE FROM texts WHERE id=?", unused)
    gone = [row for row in sets if db.execute(_USES_SET, row).fetchone() is None]
    names |= _used(db, "SELECT name_id FROM node_set_names WHERE set_id=?", gone)
    db.executemany("DELETE FROM node_set_names WHERE set_id=?", gone)
    db.executemany("DELETE FROM node_sets WHERE id=?", gone)
    unnamed = [row for row in names if db.execute(_USES_NAME, row * 2).fetchone() is None]
    db.executemany("DELETE FROM names WHERE id=?", unnamed)
    return len(ids)


_TEXTS_OF = "SELECT text_id FROM file_texts WHERE file_id=?"
_NAMES_OF = "SELECT name_id FROM file_names WHERE file_id=?"
_SETS_OF = "SELECT node_set_id FROM files WHERE id=? AND node_set_id IS NOT NULL"
_USES_TEXT = "SELECT 1 FROM file_texts WHERE text_id=? LIMIT 1"
_USES_SET = "SELECT 1 FROM files WHERE node_set_id=? LIMIT 1"
_USES_NAME = (
    "SELECT 1 FROM file_names WHERE name_id=? UNION ALL "
    "SELECT 1 FROM node_set_names WHERE name_id=? LIMIT 1"
)


def _used(db: sqlite3.Connection, sql: str, ids: list[tuple[int]]) -> set[tuple[int]]:
    return {row for each in ids for row in db.execute(sql, each)}


def forget_root(db: sqlite3.Connection, root_id: int) -> None:
    """Remove a root that has no rows of files any more, and its folders."""
    db.execute("DELETE FROM folders WHERE root_id=?", (root_id,))
    db.execute("DELETE FROM roots WHERE id=?", (root_id,))


def enclosing_path(outer: str, inner: str) -> bool:
    """Whether `inner` lies beneath `outer`."""
    return inner.startswith(outer.rstrip("/") + "/")
