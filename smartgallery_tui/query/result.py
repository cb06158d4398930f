"""The whole answer to a query, from which any page is one look-up."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Protocol

from smartgallery_tui.index import catalog
from smartgallery_tui.query.between import DatedIndex

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    from smartgallery_tui.query.bitmaps import Bits
    from smartgallery_tui.query.positions import Positions
    from smartgallery_tui.records import GroupField, Item


class Order(Protocol):
    """Turns ranks in a result into ids and back."""

    total: int

    def ids(self, start: int, count: int) -> list[int]:
        """Return the ids from rank `start`."""

    def rank(self, file_id: int) -> int | None:
        """Return the rank of an id, or None."""


class ByDate:
    """Hits in order of date, straight from a set.

    Args:
        bits: The hits.
        positions: The order that the set refers to.
        descending: Newest first.
    """

    def __init__(self, bits: Bits, positions: Positions, *, descending: bool) -> None:
        self._index = DatedIndex(bits, positions.count, positions.between)
        self._positions = positions
        self._descending = descending
        self.total = self._index.total

    def ids(self, start: int, count: int) -> list[int]:
        """Return the ids from rank `start`."""
        start = max(start, 0)
        count = max(0, min(count, self.total - start))
        first = self.total - start - count if self._descending else start
        ids = self._positions.ids
        found = [ids[position] for position in self._index.select(first, count)]
        return found[::-1] if self._descending else found

    def rank(self, file_id: int) -> int | None:
        """Return the rank of an id, or None."""
        position = self._positions.at(file_id)
        rank = None if position is None else self._index.rank(position)
        if rank is None:
            return None
        return self.total - 1 - rank if self._descending else rank


class ByList:
    """Hits in any other order, as a list of positions."""

    def __init__(self, listed: Sequence[int], positions: Positions) -> None:
        self._listed = array("i", listed)
        self._positions = positions
        self._ranks: dict[int, int] | None = None
        self.total = len(self._listed)

    def ids(self, start: int, count: int) -> list[int]:
        """Return the ids from rank `start`."""
        start = max(start, 0)
        ids = self._positions.ids
        return [ids[position] for position in self._listed[start : start + max(count, 0)]]

    def rank(self, file_id: int) -> int | None:
        """Return the rank of an id, or None."""
        if self._ranks is None:
            self._ranks = {position: rank for rank, position in enumerate(self._listed)}
        position = self._positions.at(file_id)
        return None if position is None else self._ranks.get(position)


class Result:
    """The answer to one query: an immutable list of ids, safe to share between threads.

    Args:
        text: The query.
        order: Its hits.
        unread: Files of the view whose metadata has not been read yet.
        read: Lends a connection for reading items.
    """

    def __init__(
        self,
        text: str,
        order: Order,
        unread: int,
        read: Callable[[], AbstractContextManager[sqlite3.Connection]],
    ) -> None:
        self.text = text
        self.unread = unread
        self._order = order
        self._read = read

    @property
    def total(self) -> int:
        """Number of hits."""
        return self._order.total

    def ids(self) -> list[int]:
        """Return the ids of all hits, in order."""
        return self._order.ids(0, self._order.total)

    def page(self, start: int, count: int) -> list[Item]:
        """Return up to `count` items from position `start`; files deleted since are left out."""
        with self._read() as db:
            return catalog.items(db, self._order.ids(start, count))

    def at(self, places: Sequence[int]) -> list[Item]:
        """Return the items of these positions, in that order."""
        ids = [self._order.ids(place, 1) for place in places]
        with self._read() as db:
            return catalog.items(db, [one for found in ids for one in found])

    def group_values(self, by: GroupField) -> list[int | str]:
        """Return for each hit what it may have in common with its neighbours; see the catalog."""
        with self._read() as db:
            return catalog.group_values(db, self.ids(), by)

    def position(self, file_id: int) -> int | None:
        """Return where a hit stands, or None if it is none."""
        return self._order.rank(file_id)
