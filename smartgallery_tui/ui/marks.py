"""Marked items: a set that remembers the order of marking and where a range began."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Marks:
    """The marked items of one run; they survive searches."""

    def __init__(self) -> None:
        self._ids: dict[int, None] = {}
        self.range_start: int | None = None
        """Position where a range was begun, or None."""
        self._aside: set[int] = set()
        self.version = 0
        """Another number after each change."""

    def __len__(self) -> int:
        return len(self._ids)

    def __contains__(self, item_id: object) -> bool:
        return item_id in self._ids

    @property
    def ids(self) -> list[int]:
        """Marked ids in the order of marking."""
        return list(self._ids)

    def toggle(self, item_id: int) -> bool:
        """Mark or unmark an item; return whether it is marked now."""
        self.version += 1
        if item_id in self._ids:
            del self._ids[item_id]
            return False
        self._ids[item_id] = None
        return True

    def add(self, ids: Iterable[int]) -> None:
        """Mark items."""
        self.version += 1
        self._ids.update(dict.fromkeys(ids))

    def discard(self, ids: Iterable[int]) -> None:
        """Unmark items."""
        self.version += 1
        for item_id in ids:
            self._ids.pop(item_id, None)

    def set_aside(self, ids: Iterable[int]) -> None:
        """Unmark items that went away; those that come back are marked again."""
        gone = {item_id for item_id in ids if item_id in self._ids}
        self._aside |= gone
        self.discard(gone)

    def take_back(self, ids: Iterable[int]) -> None:
        """Mark those items again that came back."""
        back = [item_id for item_id in ids if item_id in self._aside]
        self._aside.difference_update(back)
        if back:
            self.add(back)

    def invert(self, ids: Iterable[int]) -> None:
        """Mark of these what is not marked, and unmark the others of these."""
        for item_id in ids:
            self.toggle(item_id)

    def clear(self) -> bool:
        """Unmark everything; return whether there was anything."""
        had = bool(self._ids) or self.range_start is not None
        self._ids.clear()
        self.version += 1
        self.range_start = None
        return had
