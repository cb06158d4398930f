"""Rows of files that the program itself has moved: the row follows, its id stays."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from smartgallery_tui.index.found import FoundFile, relocate
from smartgallery_tui.index.relink import regroup
from smartgallery_tui.index.rows import delete_files

if TYPE_CHECKING:
    import sqlite3


def move_row(db: sqlite3.Connection, file_id: int, root: tuple[int, str], found: FoundFile) -> None:
    """Give a file's row the path that the file has now.

    Args:
        db: A transaction on index.db.
        file_id: The row; one that is gone is no error.
        root: Id and path of the root that holds the file now.
        found: The file at its new place.
    """
    row = db.execute("SELECT folder_id FROM files WHERE id=?", (file_id,)).fetchone()
    if row is None:
        return
    root_id, root_path = root
    folder_id = _folder_id(db, root_id, root_path, found.path.rpartition(b"/")[0])
    other = db.execute(
        "SELECT id FROM files WHERE path=? AND id<>?", (found.path, file_id)
    ).fetchall()
    delete_files(db, [other_id for (other_id,) in other])
    relocate(db, file_id, root_id, folder_id, found)
    regroup(db, row[0])
    regroup(db, folder_id)


def _folder_id(db: sqlite3.Connection, root_id: int, root_path: str, folder: bytes) -> int:
    """Return the id of a folder; a new one is listed at the next scan."""
    display = folder[len(os.fsencode(root_path.rstrip("/"))) + 1 :].decode("utf-8", "replace")
    row = db.execute(
        "INSERT INTO folders (root_id, path, mtime_ns, display) VALUES (?, ?, 0, ?) "
        "ON CONFLICT (path) DO UPDATE SET mtime_ns=0 RETURNING id",
        (root_id, folder, display),
    ).fetchone()
    return int(row[0])
