"""The newest files of a large library before its order is in memory: plain SQL, and a promise."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from smartgallery_tui.query.bitmaps import bits_of
from smartgallery_tui.query.result import ByDate

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from smartgallery_tui.index.roots import View
    from smartgallery_tui.query.positions import Positions
    from smartgallery_tui.query.result import Order

LARGE = 50_000
"""Files from which on loading the order takes long enough to be noticed."""
_FIRST = 500
"""Ranks that are read by SQL; the index walks past those before them."""
_VISIBLE = "missing_since_ns IS NULL AND companion_of IS NULL"
_PAGE = {
    True: f"SELECT id FROM files WHERE {_VISIBLE} AND id <= ? "  # noqa: S608 - constants
    "ORDER BY mtime_ns DESC, id DESC LIMIT ? OFFSET ?",
    False: f"SELECT id FROM files WHERE {_VISIBLE} AND id <= ? "  # noqa: S608 - constants
    "ORDER BY mtime_ns, id LIMIT ? OFFSET ?",
}
_HIDDEN = (
    "SELECT (SELECT count(*) FROM files WHERE missing_since_ns IS NOT NULL) + "
    "(SELECT count(*) FROM files WHERE companion_of IS NOT NULL AND missing_since_ns IS NULL)"
)
"""In two parts, as each has a small index of its own."""


class ByDateSoon:
    """All visible files by date; the first ones come by SQL, anything else loads the order.

    Args:
        db: A connection, for the number of files.
        read: Lends a connection.
        load: Returns the order, which takes a while; it has every file that is here now.
        descending: Newest first.
    """

    def __init__(
        self,
        db: sqlite3.Connection,
        read: Callable[[], AbstractContextManager[sqlite3.Connection]],
        load: Callable[[], Positions],
        *,
        descending: bool,
    ) -> None:
        (every,) = db.execute("SELECT count(*) FROM files").fetchone()
        (hidden,) = db.execute(_HIDDEN).fetchone()
        (last,) = db.execute("SELECT max(id) FROM files").fetchone()
        self.total: int = every - hidden
        self._last: int = last
        self._read = read
        self._load = load
        self._descending = descending
        self._lock = threading.Lock()
        self._order: Order | None = None

    def ids(self, start: int, count: int) -> list[int]:
        """Return the ids from rank `start`."""
        start = max(start, 0)
        if self._order is not None or start + count > _FIRST:
            return self._loaded().ids(start, count)
        with self._read() as db:
            rows = db.execute(_PAGE[self._descending], (self._last, max(count, 0), start))
            return [row[0] for row in rows.fetchall()]

    def rank(self, file_id: int) -> int | None:
        """Return the rank of an id, or None."""
        return self._loaded().rank(file_id)

    def _loaded(self) -> Order:
        with self._lock:
            if self._order is None:
                positions = self._load()
                bits = positions.all & ~positions.missing
                if bits.bit_count() != self.total:
                    later = [p for p, file_id in enumerate(positions.ids) if file_id > self._last]
                    bits &= ~bits_of(later, positions.count)
                self._order = ByDate(bits, positions, descending=self._descending)
                self.total = self._order.total
            return self._order


def can_wait(db: sqlite3.Connection, view: View) -> bool:
    """Return whether a library is large, and the view is all of it."""
    (last,) = db.execute("SELECT coalesce(max(id), 0) FROM files").fetchone()
    if last < LARGE or view.prefixes:
        return False
    roots = {row[0] for row in db.execute("SELECT id FROM roots")}
    return roots.issubset(view.root_ids)
