"""A result as a screen reads it: rows that are there now, and what is still to be fetched."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from smartgallery_tui.ui.folding import FoldedResult

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from smartgallery_tui.library import Result
    from smartgallery_tui.records import Item

PAGE_ROWS = 100
"""Rows fetched at once."""
_KEPT_PAGES = 60


class ResultView:
    """Pages of a result, kept for the UI thread; nothing here touches a database.

    Args:
        result: The answer of a search.
        start: Position of the first of `items`.
        items: Rows that came with the answer.
    """

    def __init__(
        self, result: Result | FoldedResult, start: int = 0, items: Sequence[Item] = ()
    ) -> None:
        self.result = result
        self._folding = result.folding if isinstance(result, FoldedResult) else None
        self.total: int = result.total
        self._rows: dict[int, Item] = {}
        self._pages: OrderedDict[int, None] = OrderedDict()
        self._asked: set[int] = set()
        self.put(start, items)

    def get(self, index: int) -> Item | None:
        """Return the row at a position, or None while it is not here."""
        return self._rows.get(index)

    @property
    def hits(self) -> int:
        """Items of the answer, those in closed groups too."""
        return self._folding.whole if self._folding else self.total

    def closed(self, index: int) -> int:
        """Return how many items the closed group at a position has; 0: it is one item."""
        return self._folding.size(index) if self._folding else 0

    def span(self, start: int, end: int | None) -> tuple[int, int | None]:
        """Return the part of all ids that a range of positions stands for."""
        if self._folding is None or end is None:
            return (self._folding.under(start) if self._folding else start), end
        return self._folding.under(start), self._folding.under(end)

    def put(self, start: int, items: Sequence[Item]) -> None:
        """Keep rows; the pages used longest ago make room."""
        for offset, item in enumerate(items):
            self._rows[start + offset] = item
        if items:
            last = (start + len(items) - 1) // PAGE_ROWS
            for page in range(start // PAGE_ROWS, last + 1):
                self._asked.discard(page)
                self._pages[page] = None
                self._pages.move_to_end(page)
        while len(self._pages) > _KEPT_PAGES:
            old, _ = self._pages.popitem(last=False)
            for index in range(old * PAGE_ROWS, (old + 1) * PAGE_ROWS):
                self._rows.pop(index, None)

    def neighbours(self, index: int) -> list[Item]:
        """Return what will probably be shown after a row, as far as it is here."""
        return [row for row in (self.get(index + 1), self.get(index - 1)) if row is not None]

    def wanted(self, start: int, count: int) -> list[int]:
        """Return the first rows of the pages to fetch for a range, each asked for once."""
        first = max(0, start)
        last = min(self.total, start + count)
        pages = []
        for page in range(first // PAGE_ROWS, (last + PAGE_ROWS - 1) // PAGE_ROWS):
            rows = range(max(first, page * PAGE_ROWS), min(last, (page + 1) * PAGE_ROWS))
            if page not in self._asked and any(index not in self._rows for index in rows):
                self._asked.add(page)
                pages.append(page * PAGE_ROWS)
        return pages

    def replace(self, items: Iterable[Item]) -> list[int]:
        """Put newer versions of rows in their places and return the positions."""
        newer = {item.id: item for item in items}
        changed = [index for index, item in self._rows.items() if item.id in newer]
        for index in changed:
            self._rows[index] = newer[self._rows[index].id]
        return changed

    def rows(self) -> list[Item]:
        """Return the rows that are here, in order of position."""
        return [self._rows[index] for index in sorted(self._rows)]
