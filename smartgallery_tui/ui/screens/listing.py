"""The list view of the grid: the same result, the same cursor, one line an item."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smartgallery_tui.ui.screens.grid import GridScreen


class Listing:
    """Shows the result of a grid as lines.

    Args:
        screen: The grid whose result and cursor are shown.
    """

    def __init__(self, screen: GridScreen) -> None:
        self._screen = screen
        self._session = screen.session

    @property
    def is_on(self) -> bool:
        """True while items are lines."""
        return self._screen.has_class("-list")

    def switch(self) -> None:
        """Change between pictures and lines."""
        self._screen.toggle_class("-list")
        self._screen.focus_items()
        self._screen.call_after_refresh(self.show)

    def show(self) -> None:
        """Draw the lines around the cursor and fetch those that are not here."""
        view = self._session.view
        if not self.is_on or view is None:
            return
        screen = self._screen
        asked = screen.searching.asked
        sort = (asked.sort, asked.is_descending)
        screen.rows.show(view, screen.grid.cursor, self._session.marks, sort, screen.grid.grouping)
        screen.searching.want_rows(screen.rows.first, screen.rows.rows)

    def move(self, dx: int, dy: int) -> None:
        """Move the cursor; in the list, sideways chooses a column."""
        if not self.is_on:
            self._screen.grid.move(dx, dy)
        elif dx:
            self._screen.rows.step_column(dx)
        else:
            self._screen.grid.cursor += dy

    def resize(self, steps: int) -> None:
        """Make the pictures bigger or smaller; in the list, sort by the chosen column."""
        if not self.is_on:
            self._screen.grid.resize_cards(steps)
            return
        sort = self._screen.rows.chosen or self._screen.searching.asked.sort
        self._screen.action_sort_by(sort)

    def page(self, pages: float) -> None:
        """Go pages down, or up where negative."""
        if self.is_on:
            rows = max(1, round(abs(pages) * self._screen.rows.rows))
            self._screen.grid.cursor += rows if pages > 0 else -rows
        else:
            self._screen.grid.page(pages)
