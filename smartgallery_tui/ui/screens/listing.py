"""The list view of the grid: the same result, the same cursor, one line an item."""

from __future__ import annotations

from dataclasses import replace

from textual import getters
from textual.content import Content

from smartgallery_tui.ui.grouping import SORT_OF, Grouping, read_grouping
from smartgallery_tui.ui.screens import asking
from smartgallery_tui.ui.screens.grid_marks import MarkingGrid
from smartgallery_tui.ui.screens.popup import ChoicePopup
from smartgallery_tui.ui.widgets.row_list import RowList

_GROUPINGS: tuple[tuple[str, Grouping, str], ...] = (
    ("n", "", "no groups"),
    ("d", "day", "by day"),
    ("f", "folder", "by folder"),
    ("p", "prompt", "by prompt"),
    ("m", "model", "by model"),
)


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
        self.rows.show(view, self.grid.cursor, self.session.marks, sort, self.grid.grouping)
        for start in view.wanted(self.rows.first, self.rows.rows):
            call = asking.page(view, start)
            self.session.background.pages.submit("reading rows", call, self)

    def action_group(self) -> None:
        """Choose what stands under one heading."""
        choices = [(key, name or "none", Content(words)) for key, name, words in _GROUPINGS]
        foot = "The order changes with it; , takes another one."
        popup = ChoicePopup("Group", choices, current=self.grid.grouping or "none", foot=foot)
        self.app.push_screen(popup, self._group_by)

    def _group_by(self, name: str | None) -> None:
        if name is not None:
            self.action_group_by(name)

    def action_group_by(self, name: str) -> None:
        """Put headings above what has this in common."""
        by = read_grouping(name)
        self.grid.grouping = by
        asked = self._desk.asked
        sort = SORT_OF.get(by, asked.sort)
        if sort != asked.sort:
            item_id = self.current.id if self.current else None
            down = sort == "date"
            self.ask(replace(asked, sort=sort, is_descending=down, item_id=item_id))
        self.show_list()

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
