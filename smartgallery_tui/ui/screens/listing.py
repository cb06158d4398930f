"""The list view of the grid: the same result, the same cursor, one line an item."""

from __future__ import annotations

from textual import getters

from smartgallery_tui.ui.screens import asking
from smartgallery_tui.ui.screens.grid_marks import MarkingGrid
from smartgallery_tui.ui.widgets.row_list import RowList


class ListingGrid(MarkingGrid):
    """The part of the grid that can be a list."""

    DEFAULT_CSS = """
    ListingGrid.-list RowList { display: block; }
    ListingGrid.-list ThumbGrid { display: none; }
    ListingGrid.-empty RowList { display: none; }
    """

    rows = getters.query_one(RowList)

    @property
    def is_list(self) -> bool:
        """True while items are lines."""
        return self.has_class("-list")

    def action_list(self) -> None:
        """Change between pictures and lines."""
        self.toggle_class("-list")
        if not self.is_list:
            self.set_focus(self.grid)
        self.call_after_refresh(self.show_list)

    def show_list(self) -> None:
        """Draw the lines around the cursor and fetch those that are not here."""
        view = self.session.view
        if not self.is_list or view is None:
            return
        asked = self._desk.asked
        sort = (asked.sort, asked.is_descending)
        self.rows.show(view, self.grid.cursor, self.session.marks, sort)
        for start in view.wanted(self.rows.first, self.rows.rows):
            call = asking.page(view, start)
            self.session.background.pages.submit("reading rows", call, self)

    def action_move(self, dx: int, dy: int) -> None:
        """Move the cursor; in the list, sideways is up and down too."""
        if self.is_list:
            self.grid.cursor += dx + dy
        else:
            self.grid.move(dx, dy)

    def action_page(self, pages: int) -> None:
        """Go a page up or down."""
        if self.is_list:
            self.grid.cursor += pages * self.rows.rows
        else:
            self.grid.page(pages)
