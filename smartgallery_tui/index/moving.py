"""Rows of files that the program itself has moved: the row follows, its id stays."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from smartgallery_tui.index.found import FoundFile, mark_missing, relocate
from smartgallery_tui.index.relink import regroup
from smartgallery_tui.index.rows import delete_files

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence


def move_rows(
    db: sqlite3.Connection, root: tuple[int, str], moved: Sequence[tuple[bytes, FoundFile]]
) -> list[FoundFile]:
    """Give the rows of files the paths that the files have now; return files without a row.

    What belongs together is looked for once in each folder, however many files it gave or took.

    Args:
        db: A transaction on index.db.
        root: Id and path of the root that holds the files now.
        moved: The path of each before, and the file at its new place; in the order of the moves.
    """
    root_id, root_path = root
    folders: dict[bytes, int] = {}
    touched: dict[int, None] = {}
    unknown: list[FoundFile] = []
    for source, found in moved:
        row = db.execute("SELECT id, folder_id FROM files WHERE path=?", (source,)).fetchone()
        if row is None:
            unknown.append(found)
            continue
        folder = found.path.rpartition(b"/")[0]
        if folder not in folders:
            folders[folder] = _folder_id(db, root_id, root_path, folder)
        others = db.execute(
            "SELECT id FROM files WHERE path=? AND id<>?", (found.path, row[0])
        ).fetchall()
        delete_files(db, [other_id for (other_id,) in others])
        relocate(db, row[0], root_id, folders[folder], found)
        touched |= {row[1]: None, folders[folder]: None}
    for folder_id in touched:
        regroup(db, folder_id)
    return unknown


def move_folder_rows(db: sqlite3.Connection, root: tuple[int, str], old: bytes, new: bytes) -> None:
    """Give the rows of all files below a folder the paths that they have now.

    Args:
        db: A transaction on index.db.
        root: Id and path of the root that holds the folder now.
        old: Path of the folder before, without a slash at its end.
        new: Path of the folder now.
    """
    rows = db.execute(
        "SELECT path, name, size_bytes, mtime_ns, inode FROM files "
        "WHERE path >= ? AND path < ? AND missing_since_ns IS NULL",
        _below(old),
    ).fetchall()
    moved = [
        (path, FoundFile(new + path[len(old) :], name, "", "", *stat)) for path, name, *stat in rows
    ]
    move_rows(db, root, moved)
    _list_again(db, old)


def hide_folder_rows(db: sqlite3.Connection, folder: bytes, now_ns: int) -> None:
    """Hide all files below a folder that is gone."""
    rows = db.execute(
        "SELECT id FROM files WHERE path >= ? AND path < ? AND missing_since_ns IS NULL",
        _below(folder),
    ).fetchall()
    mark_missing(db, [file_id for (file_id,) in rows], now_ns)
    _list_again(db, folder)


def forget_missing(db: sqlite3.Connection, path: bytes) -> None:
    """Remove the rows of a file or folder that was deleted for ever; user.db keeps its words."""
    rows = db.execute(
        "SELECT id FROM files WHERE missing_since_ns IS NOT NULL "
        "AND (path=? OR (path >= ? AND path < ?))",
        (path, *_below(path)),
    ).fetchall()
    delete_files(db, [file_id for (file_id,) in rows])


def folders_in_use(db: sqlite3.Connection, root_ids: Sequence[int]) -> list[str]:
    """Return the paths of folders of some roots that were there when looked at last."""
    marks = ",".join("?" * len(root_ids))
    rows = db.execute(
        f"SELECT path FROM folders d WHERE root_id IN ({marks}) AND (mtime_ns <> 0 OR EXISTS "  # noqa: S608 - question marks only
        "(SELECT 1 FROM files f WHERE f.folder_id = d.id AND f.missing_since_ns IS NULL))",
        tuple(root_ids),
    )
    return [os.fsdecode(path) for (path,) in rows]


def unread_among(
    db: sqlite3.Connection, paths: Sequence[bytes]
) -> list[tuple[int, bytes, str, str, int, int]]:
    """Return what is unread of the files at some paths and in some folders.

    Each is (id, path, kind, format, size_bytes, mtime_ns).
    """
    found: dict[int, tuple[int, bytes, str, str, int, int]] = {}
    for path in paths:
        rows = db.execute(
            "SELECT id, path, kind, format, size_bytes, mtime_ns FROM files WHERE "
            "(path=? OR (path >= ? AND path < ?)) AND state='unread' AND missing_since_ns IS NULL",
            (path, *_below(path)),
        )
        found.update((row[0], row) for row in rows)
    return list(found.values())


def list_all_again(db: sqlite3.Connection) -> None:
    """Have the next scan list every folder anew: other files count now."""
    db.execute("UPDATE folders SET mtime_ns=0")


def leave_hidden_out(db: sqlite3.Connection, now_ns: int) -> None:
    """Hide the rows of files that lie, below their root, in or under a name with a dot in front."""
    db.execute(
        "UPDATE files SET missing_since_ns=? WHERE missing_since_ns IS NULL AND id IN ("
        "SELECT f.id FROM files f JOIN folders d ON d.id = f.folder_id "
        "JOIN roots r ON r.id = d.root_id "
        "WHERE instr(substr(f.path, length(r.path) + 1), X'2F2E') > 0)",
        (now_ns,),
    )


def _list_again(db: sqlite3.Connection, folder: bytes) -> None:
    """Have a folder and all below it listed at the next scan."""
    db.execute(
        "UPDATE folders SET mtime_ns=0 WHERE path=? OR (path >= ? AND path < ?)",
        (folder, *_below(folder)),
    )


def _below(folder: bytes) -> tuple[bytes, bytes]:
    """Return the bounds between which all paths below a folder are sorted."""
    return folder + b"/", folder + b"0"


def _folder_id(db: sqlite3.Connection, root_id: int, root_path: str, folder: bytes) -> int:
    """Return the id of a folder; a new one is listed at the next scan."""
    display = folder[len(os.fsencode(root_path.rstrip("/"))) + 1 :].decode("utf-8", "replace")
    row = db.execute(
        "INSERT INTO folders (root_id, path, mtime_ns, display) VALUES (?, ?, 0, ?) "
        "ON CONFLICT (path) DO UPDATE SET mtime_ns=0 RETURNING id",
        (root_id, folder, display),
    ).fetchone()
    return int(row[0])
