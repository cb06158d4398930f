"""The list view of the grid: the same result, the same cursor, one line an item; and groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from smartgallery_tui.ui.grouping import SORT_OF, Grouping, read_grouping
from smartgallery_tui.ui.screens.popup import ChoicePopup

if TYPE_CHECKING:
    from smartgallery_tui.ui.screens.grid import GridScreen

_GROUPINGS: tuple[tuple[str, Grouping, str], ...] = (
    ("n", "", "no groups"),
    ("d", "day", "by day"),
    ("f", "folder", "by folder"),
    ("p", "prompt", "by prompt"),
    ("m", "model", "by model"),
)


class Listing:
    """Shows the result of a grid as lines, and puts headings above its groups.

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
        item = screen.current
        if item is not None and screen.preview.size and item is not screen.preview.item:
            screen.preview.show(item)

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

    def page(self, pages: int) -> None:
        """Go a page up or down."""
        if self.is_on:
            self._screen.grid.cursor += pages * self._screen.rows.rows
        else:
            self._screen.grid.page(pages)

    # Groups

    def choose_grouping(self) -> None:
        """Choose what stands under one heading."""
        choices = [(key, name or "none", Content(words)) for key, name, words in _GROUPINGS]
        foot = "The order changes with it; , takes another one."
        now = self._screen.grid.grouping or "none"
        popup = ChoicePopup("Group", choices, current=now, foot=foot)
        self._screen.app.push_screen(popup, lambda name: self.group_by(name) if name else None)

    def group_by(self, name: str) -> None:
        """Put headings above what has this in common."""
        by = read_grouping(name)
        self._screen.grid.grouping = by
        asked = self._screen.searching.asked
        sort = SORT_OF.get(by, asked.sort)
        if sort != asked.sort:
            self._screen.searching.sort_by(sort, is_descending=sort == "date")
        self.show()
