"""Know a file again after it was moved, copied and deleted, or grouped with others.

Order: same path and content, same inode (`found.apply`), same content (here), else new. Two
candidates are never merged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.index.rows import delete_files

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

_AUDIO = "-audio"
GROUPING_KINDS = ("video",)
"""Kinds of files that others belong to."""
UNREADABLE = "error_recorded"
NO_ITEM = 0
"""`files.companion_of` of a file that is no item of its own: a JSON file without a graph."""


def relink(db: sqlite3.Connection, file_ids: Sequence[int]) -> int:
    """Give new rows the identity of the one missing row with their content; return how many."""
    count = 0
    for file_id in file_ids:
        rows = db.execute(
            "SELECT old.id FROM files new JOIN files old ON old.content_id = new.content_id "
            "WHERE new.id=? AND old.id<>new.id AND old.missing_since_ns IS NOT NULL LIMIT 2",
            (file_id,),
        ).fetchall()
        if len(rows) == 1:
            _take_over(db, rows[0][0], file_id)
            count += 1
    return count


def _take_over(db: sqlite3.Connection, old_id: int, new_id: int) -> None:
    place = db.execute(
        "SELECT root_id, folder_id, path, name, size_bytes, mtime_ns, inode, companion_of "
        "FROM files WHERE id=?",
        (new_id,),
    ).fetchone()
    db.execute("UPDATE files SET companion_of=? WHERE companion_of=?", (old_id, new_id))
    delete_files(db, [new_id])
    db.execute(
        "UPDATE files SET root_id=?, folder_id=?, path=?, name=?, size_bytes=?, mtime_ns=?, "
        "inode=?, companion_of=?, missing_since_ns=NULL WHERE id=?",
        (*place, old_id),
    )


def regroup(db: sqlite3.Connection, folder_id: int) -> None:
    """Make a video, its still (`x.png`) and its twin with sound (`x-audio.mp4`) one item.

    A still or twin that could not be read stands for nothing: it is an item with its problem.
    """
    rows = db.execute(
        "SELECT id, name, kind, state, companion_of FROM files "
        "WHERE folder_id=? AND missing_since_ns IS NULL",
        (folder_id,),
    ).fetchall()
    videos = {_stem(name): file_id for file_id, name, kind, *_ in rows if kind in GROUPING_KINDS}
    has_groups = any(owner for *_, owner in rows)
    if not videos and not has_groups:
        return
    changes = []
    for file_id, name, kind, state, owner in rows:
        if owner == NO_ITEM:
            continue
        wanted = _owner(name, kind, videos) if state != UNREADABLE else None
        if wanted != owner:
            changes.append((wanted, file_id))
    db.executemany("UPDATE files SET companion_of=? WHERE id=?", changes)


def _owner(name: str, kind: str, videos: dict[str, int]) -> int | None:
    stem = _stem(name)
    if kind in GROUPING_KINDS and stem.endswith(_AUDIO):
        return videos.get(stem.removesuffix(_AUDIO))
    if name.lower().endswith(".png"):
        return videos.get(stem, videos.get(stem + _AUDIO))
    return None


def _stem(name: str) -> str:
    return name.rsplit(".", 1)[0]
