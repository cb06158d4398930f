"""The open result as a list: one line an item, all its figures in columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content
from textual.message import Message

from smartgallery_tui.ui.content import fit, line
from smartgallery_tui.ui.grouping import heading, heading_signs, shown_heading
from smartgallery_tui.ui.list_columns import Column, columns, value
from smartgallery_tui.ui.widgets.caption import FAVORITE, IN_RANGE, MARK
from smartgallery_tui.ui.widgets.pointed import Pointed

if TYPE_CHECKING:
    from textual import events

    from smartgallery_tui.records import Item, SortKey
    from smartgallery_tui.ui.grouping import Grouping
    from smartgallery_tui.ui.marks import Marks
    from smartgallery_tui.ui.result_view import ResultView

_LEAD_CELLS = 3
"""Signs of marks and favourites before the first column."""


class RowList(Pointed):
    """Draws the lines around the cursor; the grid's cursor is its cursor."""

    DEFAULT_CSS = """
    RowList { width: 1fr; height: 1fr; display: none; background: $background; }
    """
    ALLOW_SELECT = False

    @dataclass
    class SortWanted(Message):
        """The rows are to stand in the order of a column, the same again turned round."""

        sort: SortKey

    def __init__(self) -> None:
        super().__init__(id="rows")
        self._view: ResultView | None = None
        self._marks: Marks | None = None
        self._cursor = 0
        self._top = 0
        self._sort = ("date", True)
        self._grouping: Grouping = ""
        self._places: list[int] = []
        self._headings: set[int] = set()
        self.chosen: SortKey | None = None
        """Order of the column that the keys have gone to."""

    @property
    def rows(self) -> int:
        """Lines for items: all but the heading."""
        return max(1, self.size.height - 1)

    @property
    def first(self) -> int:
        """Position of the first line."""
        return self._top

    def show(
        self,
        view: ResultView,
        cursor: int,
        marks: Marks,
        sort: tuple[str, bool],
        grouping: Grouping = "",
    ) -> None:
        """Show a result around the cursor."""
        self._view, self._cursor, self._marks, self._sort = view, cursor, marks, sort
        self._grouping = grouping
        top = min(max(self._top, cursor - self.rows + 1), cursor)
        top = max(0, min(top, max(0, view.total - self.rows)))
        while top < cursor and self._lines_up_to(top, cursor) > self.rows:
            top += 1
        self._top = top
        self.refresh()

    def _lines_up_to(self, top: int, cursor: int) -> int:
        """Return how many lines items and headings take from the top to the cursor."""
        if not self._grouping:
            return cursor - top + 1
        headings = sum(1 for index in range(top, cursor + 1) if self._begins_group(index, top))
        return cursor - top + 1 + headings

    def _begins_group(self, index: int, top: int) -> bool:
        item = self._view.get(index) if self._view else None
        if item is None or not self._grouping or self._closed_at(index):
            return False
        before = self._view.get(index - 1) if self._view and index > top else None
        return before is None or heading(before, self._grouping) != heading(item, self._grouping)

    def _closed_at(self, index: int) -> int:
        return self._view.closed(index) if self._view else 0

    def render(self) -> Content:
        """Return the heading and the lines."""
        shown = self._shown()
        lines = [self._heading(shown)]
        places: list[int] = []
        headings: set[int] = set()
        view = self._view
        total = view.total if view else 0
        for index in range(self._top, min(total, self._top + self.rows)):
            item = view.get(index) if view else None
            if item is not None and self._begins_group(index, self._top):
                headings.add(len(places))
                lines.append(self._group(item, 0, "bold $accent"))
                places.append(index)
            lines.append(self._row(index, item, shown))
            places.append(index)
        self._places, self._headings = places, headings
        return Content("\n").join(lines[: self.size.height])

    def _shown(self) -> list[Column]:
        return columns(self.size.width, self._view.total if self._view else 0)

    def _name_cells(self, shown: list[Column]) -> int:
        others = sum(column.width + 1 for column in shown if column.id != "name")
        return max(4, self.size.width - _LEAD_CELLS - 1 - others)

    def _heading(self, shown: list[Column]) -> Content:
        sort, is_descending = self._sort
        arrow = "↓" if is_descending else "↑"
        parts = [Content(" " * _LEAD_CELLS)]
        for column in shown:
            width = self._name_cells(shown) if column.id == "name" else column.width
            text = _cell(column.title + (arrow if column.sort == sort else ""), width, column)
            style = "reverse" if column.sort and column.sort == self.chosen else ""
            parts += [Content.styled(text, style), Content(" ")]
        return Content("").join(parts).stylize("bold $accent")

    def _group(self, item: Item, closed: int, style: str) -> Content:
        """Return the heading of an item's group, of a closed one with how many it has."""
        lead, tail = heading_signs(closed)
        room = self.size.width - len(lead + tail)
        words = fit(shown_heading(item, self._grouping, room), room)
        return line((lead + words + tail).ljust(self.size.width), style, limit=1_000)

    def _is_in_range(self, index: int) -> bool:
        start = self._marks.range_start if self._marks is not None else None
        return start is not None and min(start, self._cursor) <= index <= max(start, self._cursor)

    def _row(self, index: int, item: Item | None, shown: list[Column]) -> Content:
        if item is None:
            place = f"{' ' * _LEAD_CELLS}{index + 1:,}  …"
            return Content.styled(place.ljust(self.size.width), "dim")
        is_marked = self._marks is not None and item.id in self._marks
        style = "$accent" if is_marked else ""
        if index == self._cursor:
            style = "bold $block-cursor-foreground on $block-cursor-background"
        if closed := self._closed_at(index):
            return self._group(item, closed, style or "bold $accent")
        mark = MARK if is_marked else IN_RANGE if self._is_in_range(index) else " "
        text = mark + (FAVORITE if item.is_favorite else " ") + " "
        for column in shown:
            width = self._name_cells(shown) if column.id == "name" else column.width
            text += _cell(value(item, column, index), width, column) + " "
        return line(text, style, limit=1_000)

    # The heading

    def step_column(self, delta: int) -> None:
        """Choose the next column that has an order."""
        sorts = [column.sort for column in self._shown() if column.sort]
        now = self.chosen if self.chosen in sorts else self._sort[0]
        place = sorts.index(now) + delta if now in sorts else 0
        self.chosen = sorts[max(0, min(place, len(sorts) - 1))]
        self.refresh()

    def _column_at(self, x: int) -> Column | None:
        shown = self._shown()
        end = _LEAD_CELLS
        for column in shown:
            end += (self._name_cells(shown) if column.id == "name" else column.width) + 1
            if x < end:
                return column
        return None

    def on_click(self, event: events.Click) -> None:
        """Sort, where the name of a column was clicked; Textual asks the class above, too."""
        column = self._column_at(event.x) if event.y == 0 else None
        if column is not None and column.sort:
            self.chosen = column.sort
            self.post_message(self.SortWanted(column.sort))

    def pointed_index(self, x: int, y: int) -> int | None:
        """Return the position of the item on a line, or None."""
        del x
        return self._places[y - 1] if 0 < y <= len(self._places) else None

    def pointed_heading(self, x: int, y: int) -> int | None:
        """Return the position of the first item below the heading on a line, or None."""
        place = self.pointed_index(x, y)
        is_closed = place is not None and self._closed_at(place) > 0
        return place if is_closed or y - 1 in self._headings else None


def _cell(text: str, width_cells: int, column: Column) -> str:
    if text.isascii() and text.isprintable() and len(text) <= width_cells:
        return text.rjust(width_cells) if column.is_right else text.ljust(width_cells)
    cut = fit(text, width_cells)
    pad = " " * max(0, width_cells - Content(cut).cell_length)
    return pad + cut if column.is_right else cut + pad
