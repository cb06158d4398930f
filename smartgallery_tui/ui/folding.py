"""Closed groups of a result: each is shown as its first item, and everything counts it as one."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from smartgallery_tui.ui.grouping import Grouping, heading_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from smartgallery_tui.library import Result
    from smartgallery_tui.records import Item

_SAME_DAY_NS = 15 * 60 * 10**9
"""Times within a quarter of an hour fall on one day in every time zone."""


@dataclass(frozen=True, slots=True)
class Folds:
    """Which groups are closed: those that are named, or all but those."""

    by: Grouping = ""
    names: frozenset[str] = frozenset()
    is_all: bool = False
    """The named ones are open and the others closed."""

    @property
    def is_any(self) -> bool:
        """True where there may be closed groups."""
        return bool(self.by) and (bool(self.names) or self.is_all)

    def has(self, name: str) -> bool:
        """Tell whether the group of a heading is closed."""
        return (name in self.names) != self.is_all

    def turned(self, name: str) -> Folds:
        """Return the same with one group closed that was open, or open that was closed."""
        return replace(self, names=self.names ^ {name})


class Folding:
    """Places of a result and places on the screen, where stretches of the result are closed.

    Args:
        stretches: First place and length of each, in order.
        total: Length of the result.
    """

    def __init__(self, stretches: Iterable[tuple[int, int]], total: int) -> None:
        self._starts: list[int] = []
        self._shown: list[int] = []
        self._hidden: list[int] = []
        hidden = 0
        for start, length in stretches:
            self._starts.append(start)
            self._shown.append(start - hidden)
            hidden += length - 1
            self._hidden.append(hidden)
        self.total = total - hidden
        self.whole = total

    def size(self, place: int) -> int:
        """Return how many items the closed group at a place of the screen has; 0: none is there."""
        at = bisect_right(self._shown, place) - 1
        if at < 0 or self._shown[at] != place:
            return 0
        return self._hidden[at] - (self._hidden[at - 1] if at else 0) + 1

    def under(self, place: int) -> int:
        """Return the place in the result of what is shown at a place."""
        at = bisect_right(self._shown, place) - 1
        if at < 0:
            return place
        return self._starts[at] if self._shown[at] == place else place + self._hidden[at]

    def shown(self, under: int) -> int:
        """Return where a place of the result is shown; in a closed group, where that stands."""
        at = bisect_right(self._starts, under) - 1
        if at < 0:
            return under
        return max(self._shown[at], under - self._hidden[at])


class FoldedResult:
    """An answer in which some groups are closed. It reads like the answer itself.

    Args:
        result: The whole answer.
        folding: What is closed.
    """

    def __init__(self, result: Result, folding: Folding) -> None:
        self.text = result.text
        self.unread = result.unread
        self.total = folding.total
        self.folding = folding
        self._result = result

    def ids(self) -> list[int]:
        """Return the ids of all hits, those in closed groups too."""
        return self._result.ids()

    def page(self, start: int, count: int) -> list[Item]:
        """Return up to `count` items from a shown position."""
        end = min(start + count, self.total)
        return self._result.at([self.folding.under(place) for place in range(start, end)])

    def position(self, file_id: int) -> int | None:
        """Return where a hit is shown, or None if it is none."""
        place = self._result.position(file_id)
        return None if place is None else self.folding.shown(place)


def folded(result: Result, folds: Folds) -> Result | FoldedResult:
    """Return a result with its groups closed; blocks, so call it from a worker thread."""
    if not folds.is_any:
        return result
    closed = _closed(result.group_values(folds.by), folds) if folds.by else []
    return FoldedResult(result, Folding(closed, result.total)) if closed else result


def _closed(values: Sequence[int | str], folds: Folds) -> list[tuple[int, int]]:
    """Return first place and length of the closed groups, in order."""
    headings: dict[int | str, str] = {}
    found: list[tuple[int, int]] = []
    before: str | None = None
    start = 0
    for place, value in enumerate(values):
        key = value // _SAME_DAY_NS if isinstance(value, int) else value
        name = headings.get(key)
        if name is None:
            name = headings[key] = heading_of(value, folds.by)
        if name != before:
            if before is not None and folds.has(before):
                found.append((start, place - start))
            before, start = name, place
    if before is not None and folds.has(before):
        found.append((start, len(values) - start))
    return found
