"""Files whose date lies between others, placed behind all others.

Sets of positions count on an order that never moves, so a file that comes late with an old date
gets the next position like any other. What goes by date asks here where it belongs. That is worth
it for a few files: with many the order is read anew.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Final, NamedTuple

from smartgallery_tui.query.bitmaps import RankIndex, bits_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from smartgallery_tui.query.bitmaps import Bits

MOST: Final = 1_000
"""Files that are kept so."""
_SHIFT: Final = 16
_BEHIND: Final = (1 << _SHIFT) - 1
ORDER_BITS: Final = 48
"""Bits that hold what `Between.dated` returns."""


class Late(NamedTuple):
    """A file that stands elsewhere than its date says; they sort by date, ties by id."""

    mtime_ns: int
    file_id: int
    position: int
    place: int
    """Before which position it belongs."""


class Between:
    """An immutable set of them.

    Args:
        files: Those.
    """

    def __init__(self, files: Iterable[Late] = ()) -> None:
        self.files = tuple(sorted(files))
        self._by_position = {late.position: rank for rank, late in enumerate(self.files)}
        last = max(self._by_position, default=-1)
        self.bits: Bits = bits_of(list(self._by_position), last + 1)

    def __bool__(self) -> bool:
        return bool(self.files)

    def __len__(self) -> int:
        return len(self.files)

    def time_of(self, position: int) -> int | None:
        """Return the time of a file that is among them, else None."""
        rank = self._by_position.get(position)
        return None if rank is None else self.files[rank].mtime_ns

    def dated(self, position: int) -> int:
        """Return a number for any position that rises with date and id: at most 48 bits."""
        if not self.files:
            return position
        rank = self._by_position.get(position)
        if rank is None:
            return position << _SHIFT | _BEHIND
        return self.files[rank].place << _SHIFT | rank

    def placed(self, order: int) -> int:
        """Return the position for which `dated` returns a number."""
        if not self.files:
            return order
        rank = order & _BEHIND
        return order >> _SHIFT if rank == _BEHIND else self.files[rank].position

    def sorted(self, positions: Sequence[int]) -> Sequence[int]:
        """Return positions in the order of dates."""
        return sorted(positions, key=self.dated) if self.files else positions


class DatedIndex:
    """Random access to the members of a set in the order of dates.

    Args:
        bits: The set.
        count: Number of positions.
        between: Which of them stand elsewhere.
    """

    def __init__(self, bits: Bits, count: int, between: Between) -> None:
        self._index = RankIndex(bits & ~between.bits, count)
        self._late = [late.position for late in between.files if bits >> late.position & 1]
        places = [late.place for late in between.files if bits >> late.position & 1]
        self._before = [self._index.before(place) for place in places]
        """How many of the others stand before each."""
        self._ranks = [rank + number for number, rank in enumerate(self._before)]
        self.total = self._index.total + len(self._late)

    def select(self, start: int, count: int) -> list[int]:
        """Return the members from rank `start` on."""
        if not self._late:
            return self._index.select(start, count)
        start, end = max(start, 0), min(start + count, self.total)
        first, last = bisect_left(self._ranks, start), bisect_left(self._ranks, end)
        found = self._index.select(start - first, end - start - (last - first))
        for number in range(first, last):
            found.insert(self._ranks[number] - start, self._late[number])
        return found

    def rank(self, position: int) -> int | None:
        """Return the rank of a position, or None if it is no member."""
        if position in self._late:
            return self._ranks[self._late.index(position)]
        rank = self._index.rank(position)
        return None if rank is None else rank + bisect_right(self._before, rank)
