"""What a walk found, written to index.db: folders, new, changed, returned and vanished files.

`apply` runs inside one of the writer's transactions. A new path whose inode, size and time belong
to a file that is gone from its old path is that file, renamed: the row keeps its id.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from smartgallery_tui.index.relink import regroup
from smartgallery_tui.index.rows import NewRow

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence

    from smartgallery_tui.index.rows import RowWriter

    Between = Callable[[sqlite3.Connection], object]


_LARGE: Final = 50_000
_PART: Final = 100
"""Files that are hidden between two looks for waiting marks: each is looked for on the disk."""
SETTLE_NS: Final = 2_000_000_000
"""A file written less than this ago may not be complete yet."""


class FoundFile(NamedTuple):
    """A file as a walk saw it; a tuple because there are a million of them."""

    path: bytes
    name: str
    """Last part of the path, as text that a database can hold."""
    kind: str
    format: str
    size_bytes: int
    mtime_ns: int
    inode: int


@dataclass(slots=True)
class FoundFolder:
    """One folder's differences."""

    path: bytes
    display: str
    mtime_ns: int
    folder_id: int | None
    """None for a folder that is not in the table yet."""
    new: list[FoundFile] = field(default_factory=list)
    changed: list[tuple[int, FoundFile]] = field(default_factory=list)
    back: list[int] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    may_group: bool = True
    """False where no file of the folder can belong to another."""

    @property
    def size(self) -> int:
        """How many rows it touches."""
        return 1 + len(self.new) + len(self.changed) + len(self.back) + len(self.gone)


@dataclass(slots=True)
class Applied:
    """What was written."""

    added: int = 0
    moved: int = 0
    changed: int = 0
    gone: int = 0


def known_folders(db: sqlite3.Connection, root_id: int) -> dict[bytes, tuple[int, int]]:
    """Return the folders of a root: path to (id, mtime_ns of the last listing)."""
    rows = db.execute("SELECT path, id, mtime_ns FROM folders WHERE root_id=?", (root_id,))
    return {row[0]: (row[1], row[2]) for row in rows}


def known_folder(db: sqlite3.Connection, path: bytes) -> tuple[int, int] | None:
    """Return id and mtime_ns of the last listing of a folder; None for an unknown one."""
    row = db.execute("SELECT id, mtime_ns FROM folders WHERE path=?", (path,)).fetchone()
    return None if row is None else (row[0], row[1])


def known_files(
    db: sqlite3.Connection, folder_id: int
) -> list[tuple[int, bytes, int, int, int, bool]]:
    """Return the files of a folder, in the shape of `scan.Known`."""
    return cast(
        "list[tuple[int, bytes, int, int, int, bool]]",
        db.execute(
            "SELECT id, path, size_bytes, mtime_ns, inode, missing_since_ns IS NOT NULL "
            "FROM files WHERE folder_id=?",
            (folder_id,),
        ).fetchall(),
    )


def apply(
    db: sqlite3.Connection,
    writer: RowWriter,
    root_id: int,
    folders: Sequence[FoundFolder],
    now_ns: int,
    *,
    is_first: bool = False,
    between: Between = lambda _db: None,
) -> Applied:
    """Write the differences of some folders.

    Args:
        db: A transaction on index.db.
        writer: Adds the new rows.
        root_id: Whose folders.
        folders: Their differences.
        now_ns: Since when a file is missing that is not there.
        is_first: Whether the index had no file before this scan: then none was renamed.
        between: Called where the rows of a folder are whole; it may end the transaction and begin
            another.
    """
    done = Applied()
    rows: list[NewRow] = []
    for folder in folders:
        folder.folder_id = folder_id = _folder_id(db, root_id, folder)
        for file in folder.new:
            if not is_first and _moved_here(db, root_id, folder_id, file):
                done.moved += 1
            else:
                rows.append(tuple.__new__(NewRow, (folder_id, root_id, *file)))
    # Ids rise in the order in which the files will be read, so that their rows are appended.
    rows.sort(key=_newest_first)
    writer.insert_new(db, rows)
    done.added = len(rows)
    for folder in folders:
        done.changed += len(folder.changed)
        _apply_changed(db, folder.changed)
        db.executemany(
            "UPDATE files SET missing_since_ns=NULL WHERE id=?", [(i,) for i in folder.back]
        )
        done.gone += mark_missing(db, folder.gone, now_ns, between)
        if folder.may_group:
            regroup(db, folder.folder_id or 0)
        # Last: what is not whole is looked at again by the next scan.
        db.execute("UPDATE folders SET mtime_ns=? WHERE id=?", (folder.mtime_ns, folder.folder_id))
        between(db)
    return done


def _newest_first(row: NewRow) -> int:
    return -row.mtime_ns


def _folder_id(db: sqlite3.Connection, root_id: int, folder: FoundFolder) -> int:
    if folder.folder_id is not None:
        return folder.folder_id
    row = db.execute(
        "INSERT INTO folders (root_id, path, mtime_ns, display) VALUES (?, ?, 0, ?) "
        "ON CONFLICT (path) DO UPDATE SET root_id=excluded.root_id RETURNING id",
        (root_id, folder.path, folder.display),
    ).fetchone()
    return int(row[0])


def _moved_here(db: sqlite3.Connection, root_id: int, folder_id: int, file: FoundFile) -> bool:
    """Give a renamed file's row its new path; two candidates are never merged."""
    rows = db.execute(
        "SELECT id, path FROM files WHERE inode=? AND size_bytes=? AND mtime_ns=?",
        (file.inode, file.size_bytes, file.mtime_ns),
    ).fetchall()
    candidates = [row[0] for row in rows if not os.path.lexists(row[1])]
    if len(candidates) != 1:
        return False
    relocate(db, candidates[0], root_id, folder_id, file)
    return True


def relocate(
    db: sqlite3.Connection, file_id: int, root_id: int, folder_id: int, file: FoundFile
) -> None:
    """Move a row to another path; what was read of the file stays."""
    db.execute(
        "UPDATE files SET root_id=?, folder_id=?, path=?, name=?, size_bytes=?, mtime_ns=?, "
        "inode=?, missing_since_ns=NULL, companion_of=NULL WHERE id=?",
        (root_id, folder_id, file.path, file.name, file.size_bytes, file.mtime_ns, file.inode,
         file_id),
    )  # fmt: skip


def _apply_changed(db: sqlite3.Connection, changed: list[tuple[int, FoundFile]]) -> None:
    db.executemany(
        "UPDATE files SET size_bytes=?, mtime_ns=?, inode=?, state='unread', "
        "missing_since_ns=NULL WHERE id=?",
        [(file.size_bytes, file.mtime_ns, file.inode, file_id) for file_id, file in changed],
    )


def mark_missing(
    db: sqlite3.Connection,
    ids: Sequence[int],
    now_ns: int,
    between: Between = lambda _db: None,
) -> int:
    """Hide files that are gone from their path; files that a rename took along stay."""
    count = 0
    for number, file_id in enumerate(ids, 1):
        if number % _PART == 0:
            between(db)
        row = db.execute("SELECT path FROM files WHERE id=?", (file_id,)).fetchone()
        if row is None or os.path.lexists(row[0]):
            continue
        db.execute(
            "UPDATE files SET missing_since_ns=? WHERE id=? AND missing_since_ns IS NULL",
            (now_ns, file_id),
        )
        count += 1
    return count


def drop_folders(
    db: sqlite3.Connection, folder_ids: Sequence[int], now_ns: int, between: Between
) -> int:
    """Forget folders that are gone; their files become missing. Return how many files."""
    count = 0
    for folder_id in folder_ids:
        rows = db.execute(
            "SELECT id FROM files WHERE folder_id=? AND missing_since_ns IS NULL", (folder_id,)
        )
        count += mark_missing(db, [row[0] for row in rows.fetchall()], now_ns, between)
        db.execute("UPDATE folders SET mtime_ns=0 WHERE id=?", (folder_id,))
        between(db)
    return count


UnreadRow = tuple[int, bytes, int, str, str, int, int, tuple[bytes, ...]]
"""A file to read: id, path, reader_version, kind, format, size_bytes, mtime_ns, paths of stills."""
_UNREAD: Final = "id, path, reader_version, kind, format, size_bytes, mtime_ns"


def unread(
    db: sqlite3.Connection, root_ids: Sequence[int], last: tuple[int, int], limit: int
) -> list[UnreadRow]:
    """Return files to read, newest first, that come after `last` (mtime_ns, id)."""
    marks = ",".join("?" * len(root_ids))
    rows = db.execute(
        f"SELECT {_UNREAD} FROM files "  # noqa: S608 - our own columns and question marks only
        f"WHERE state='unread' AND missing_since_ns IS NULL AND root_id IN ({marks}) "
        "AND (mtime_ns, id) < (?, ?) ORDER BY mtime_ns DESC, id DESC LIMIT ?",
        (*root_ids, *last, limit),
    ).fetchall()
    return [(*row, stills(db, row[0]) if row[3] == "video" else ()) for row in rows]


def unread_after(db: sqlite3.Connection, last_id: int, limit: int) -> list[UnreadRow]:
    """Return pictures to read whose ids come after `last_id`, by id; each as of `unread`."""
    # The + keeps SQLite from the index of all that is unread, which it would have to sort.
    rows = db.execute(
        f"SELECT {_UNREAD} FROM files WHERE id > ? AND +state = 'unread' AND kind = 'image' "  # noqa: S608 - our own columns
        "AND missing_since_ns IS NULL ORDER BY id LIMIT ?",
        (last_id, limit),
    )
    return [(*row, ()) for row in rows]


def stills(db: sqlite3.Connection, file_id: int) -> tuple[bytes, ...]:
    """Return the paths of files whose metadata may stand in for a video's."""
    rows = db.execute(
        "SELECT path FROM files WHERE companion_of=? AND missing_since_ns IS NULL ORDER BY path",
        (file_id,),
    )
    return tuple(row[0] for row in rows)


def has_missing(db: sqlite3.Connection) -> bool:
    """Whether any file is missing."""
    row = db.execute("SELECT 1 FROM files WHERE missing_since_ns IS NOT NULL LIMIT 1").fetchone()
    return row is not None


def read_again(db: sqlite3.Connection, ids: Sequence[int]) -> None:
    """Have files read again, whose content may have settled."""
    listed = [(file_id,) for file_id in ids]
    db.executemany("UPDATE files SET state='unread' WHERE id=?", listed)
    folders = {row for each in listed for row in db.execute(_FOLDER_OF, each)}
    for (folder_id,) in folders:
        regroup(db, folder_id)


_FOLDER_OF: Final = "SELECT folder_id FROM files WHERE id=?"


def read_all_again(
    db: sqlite3.Connection, root_ids: Sequence[int], first_id: int, last_id: int
) -> None:
    """Have the files of some roots read again; what is known stays until then.

    Args:
        db: A transaction on index.db.
        root_ids: Whose files.
        first_id: Only from this id on.
        last_id: Only up to this id, itself included.
    """
    db.executemany(
        "UPDATE files SET state='unread' WHERE id BETWEEN ? AND ? AND root_id=?",
        [(first_id, last_id, root_id) for root_id in root_ids],
    )


def read_old_again(
    db: sqlite3.Connection, root_ids: Sequence[int], before_ns: int, first_id: int, last_id: int
) -> int:
    """Have files read again that were last read before a moment; return how many.

    Missing files are left alone. What is known stays until then.

    Args:
        db: A transaction on index.db.
        root_ids: Whose files.
        before_ns: The moment; a file of which it is not known was read before it.
        first_id: Only from this id on.
        last_id: Only up to this id, itself included.
    """
    marks = ",".join("?" * len(root_ids))
    return db.execute(
        "UPDATE files SET state='unread' WHERE id BETWEEN ? AND ? AND state <> 'unread' "  # noqa: S608 - question marks only
        f"AND missing_since_ns IS NULL AND coalesce(read_ns, 0) < ? AND root_id IN ({marks})",
        (first_id, last_id, before_ns, *root_ids),
    ).rowcount


def last_id(db: sqlite3.Connection) -> int:
    """Return the highest id of any file."""
    (last,) = db.execute("SELECT coalesce(max(id), 0) FROM files").fetchone()
    return int(last)


def is_large(db: sqlite3.Connection) -> bool:
    """Whether there are so many files that a look at folder times before the walk pays."""
    return last_id(db) > _LARGE


def has_files(db: sqlite3.Connection, root_id: int) -> bool:
    """Whether a root has any file that is not missing."""
    row = db.execute(
        "SELECT 1 FROM folders d CROSS JOIN files f ON f.folder_id = d.id "
        "WHERE d.root_id=? AND f.missing_since_ns IS NULL LIMIT 1",
        (root_id,),
    ).fetchone()
    return row is not None


def set_scanned(db: sqlite3.Connection, root_id: int, now_ns: int, *, is_online: bool) -> None:
    """Note that a walk of a root was completed, and whether the root was there."""
    db.execute(
        "UPDATE roots SET scanned_ns=coalesce(scanned_ns, ?), is_online=? WHERE id=?",
        (now_ns, int(is_online), root_id),
    )


def unread_count(db: sqlite3.Connection) -> int:
    """Return how many files wait to be read."""
    (count,) = db.execute("SELECT count(*) FROM files WHERE state='unread'").fetchone()
    return int(count)
