"""Search: the library's part for queries.

For the time being a small search by SQL `LIKE` on names, prompts and models; the query room's
engine takes its place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.index import catalog
from smartgallery_tui.index.versions import VISIBLE
from smartgallery_tui.library.base import LibraryBase
from smartgallery_tui.records import Facets

if TYPE_CHECKING:
    import threading

    from smartgallery_tui.index.store import Store
    from smartgallery_tui.records import Item, SortKey


class Result:
    """The whole answer to a query: ids in order. Immutable; safe to share between threads."""

    def __init__(self, store: Store, text: str, ids: list[int], unread: int) -> None:
        self._store = store
        self._ids = ids
        self._positions: dict[int, int] | None = None
        self.text = text
        self.unread = unread

    @property
    def total(self) -> int:
        """Number of hits."""
        return len(self._ids)

    def ids(self) -> list[int]:
        """Return the ids of all hits, in order."""
        return list(self._ids)

    def page(self, start: int, count: int) -> list[Item]:
        """Return up to `count` items from position `start`."""
        with self._store.read() as db:
            return catalog.items(db, self._ids[start : start + count])

    def position(self, file_id: int) -> int | None:
        """Return where a hit stands, or None if it is none."""
        if self._positions is None:
            self._positions = {value: place for place, value in enumerate(self._ids)}
        return self._positions.get(file_id)


class Searching(LibraryBase):
    """Queries."""

    def search(
        self,
        text: str = "",
        *,
        sort: SortKey = "date",
        descending: bool = True,
        cancelled: threading.Event | None = None,
        include_missing: bool = False,
    ) -> Result:
        """Return the answer to a query.

        Raises:
            QuerySyntaxError: The query cannot be read.
        """
        where, params = self._view.where()
        parts, values = [where], list(params)
        if not include_missing:
            parts.append(VISIBLE)
        for word in text.split():
            parts.append("(f.name LIKE ? OR f.prompt_preview LIKE ? OR f.model LIKE ?)")
            values += [f"%{word}%"] * 3
        column = {"name": "f.name", "size": "f.size_bytes"}.get(sort, "f.mtime_ns")
        order = "DESC" if descending else "ASC"
        with self._store.read() as db:
            rows = db.execute(
                f"SELECT f.id FROM files f WHERE {' AND '.join(parts)} "  # noqa: S608 - our own columns
                f"ORDER BY {column} {order}, f.id {order}",
                values,
            ).fetchall()
            (unread,) = db.execute("SELECT count(*) FROM files WHERE state='unread'").fetchone()
        return Result(self._store, text, [row[0] for row in rows], unread)

    def facets(self, text: str = "") -> Facets:
        """Return the counts of each value under a query."""
        return Facets(total=self.search(text).total)
