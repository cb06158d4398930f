"""What the picture part reads from index.db, and the one thing it writes there."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from smartgallery_tui.index import news
from smartgallery_tui.index.catalog import items

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

    from smartgallery_tui.index.roots import View
    from smartgallery_tui.records import Item

_PAGE = 200
_KINDS = frozenset({"image", "animated", "video"})


class Damage(NamedTuple):
    """A file whose pixels turned out to be damaged."""

    file_id: int
    size_bytes: int
    mtime_ns: int
    reason: str


def count_with_pixels(db: sqlite3.Connection, view: View) -> int:
    """Return how many files of a view can have a thumbnail."""
    where, params = view.where("f")
    (count,) = db.execute(
        "SELECT count(*) FROM files f WHERE f.missing_since_ns IS NULL AND "  # noqa: S608 - our own condition
        f"f.kind IN ('image', 'animated', 'video') AND {where}",
        params,
    ).fetchone()
    return int(count)


def with_pixels(db: sqlite3.Connection, view: View) -> Iterator[list[Item]]:
    """Yield the files of a view that can have a thumbnail, newest first, a page at a time."""
    where, params = view.where("f")
    last: tuple[int, int] = (1 << 62, 1 << 62)
    while True:
        rows = db.execute(
            "SELECT f.id, f.mtime_ns FROM files f WHERE f.missing_since_ns IS NULL AND "  # noqa: S608 - our own condition
            f"f.kind IN ('image', 'animated', 'video') AND {where} "
            "AND (f.mtime_ns, f.id) < (?, ?) ORDER BY f.mtime_ns DESC, f.id DESC LIMIT ?",
            (*params, *last, _PAGE),
        ).fetchall()
        if not rows:
            return
        last = rows[-1][1], rows[-1][0]
        yield items(db, [row[0] for row in rows])


def those_with_pixels(db: sqlite3.Connection, ids: Sequence[int]) -> list[Item]:
    """Return the items of those ids that can have a thumbnail, in that order."""
    found = (items(db, ids[start : start + _PAGE]) for start in range(0, len(ids), _PAGE))
    return [
        item for page in found for item in page if item.kind in _KINDS and item.state != "missing"
    ]


def known_contents(db: sqlite3.Connection, contents: Sequence[bytes]) -> set[bytes]:
    """Return which of these contents a file has, missing files included."""
    marks = ",".join("?" * len(contents))
    rows = db.execute(
        f"SELECT DISTINCT content_id FROM files WHERE content_id IN ({marks})",  # noqa: S608 - question marks only
        tuple(contents),
    )
    return {bytes(row[0]) for row in rows}


def note_damage(db: sqlite3.Connection, found: Sequence[Damage]) -> int:
    """Note damaged pixels in rows that have no problem yet; return how many rows.

    Rows of files that changed meanwhile stay as they are. Runs in a writing transaction.
    """
    news.note(db, [one.file_id for one in found])
    cursor = db.executemany(
        "UPDATE files SET state='error_recorded', problem=? "
        "WHERE id=? AND size_bytes=? AND mtime_ns=? AND problem IS NULL AND state<>'unread'",
        [(one.reason, one.file_id, one.size_bytes, one.mtime_ns) for one in found],
    )
    return cursor.rowcount
