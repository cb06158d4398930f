"""The open result as a list: one line an item, all its figures in columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from smartgallery_tui.ui import format as words
from smartgallery_tui.ui.content import fit, line
from smartgallery_tui.ui.grouping import heading, shown_heading
from smartgallery_tui.ui.widgets.pointed import Pointed

if TYPE_CHECKING:
    from smartgallery_tui.records import Item
    from smartgallery_tui.ui.grouping import Grouping
    from smartgallery_tui.ui.marks import Marks
    from smartgallery_tui.ui.result_view import ResultView

_COLUMNS: tuple[tuple[str, str, int], ...] = (
    ("rating", "Rating", 6),
    ("pixels", "Pixels", 11),
    ("size", "Size", 8),
    ("duration", "Length", 7),
    ("steps", "Steps", 5),
    ("model", "Model", 26),
    ("date", "Date", 16),
)
"""Order of the sort menu, heading and width; what does not fit is left out from the right."""
_SHORTEST_NAME = 18


class RowList(Pointed):
    """Draws the lines around the cursor; the grid's cursor is its cursor."""

    DEFAULT_CSS = """
    RowList { width: 1fr; height: 1fr; display: none; background: $background; }
    """
    ALLOW_SELECT = False

    def __init__(self) -> None:
        super().__init__(id="rows")
        self._view: ResultView | None = None
        self._marks: Marks | None = None
        self._cursor = 0
        self._top = 0
        self._sort = ("date", True)
        self._grouping: Grouping = ""

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
        if item is None or not self._grouping:
            return False
        before = self._view.get(index - 1) if self._view and index > top else None
        return before is None or heading(before, self._grouping) != heading(item, self._grouping)

    def render(self) -> Content:
        """Return the heading and the lines."""
        columns = self._columns()
        lines = [self._heading(columns)]
        view = self._view
        total = view.total if view else 0
        for index in range(self._top, min(total, self._top + self.rows)):
            item = view.get(index) if view else None
            if item is not None and self._begins_group(index, self._top):
                words = shown_heading(item, self._grouping, self.size.width)
                lines.append(line(fit(words, self.size.width), "bold $accent"))
            lines.append(self._row(index, item, columns))
        return Content("\n").join(lines[: self.size.height])

    def _columns(self) -> list[tuple[str, str, int]]:
        room = self.size.width - _SHORTEST_NAME - 4
        kept: list[tuple[str, str, int]] = []
        for column in _COLUMNS:
            if column[2] + 1 > room:
                break
            room -= column[2] + 1
            kept.append(column)
        return kept

    def _name_cells(self, columns: list[tuple[str, str, int]]) -> int:
        return self.size.width - 4 - sum(width + 1 for _sort, _title, width in columns)

    def _heading(self, columns: list[tuple[str, str, int]]) -> Content:
        sort, is_descending = self._sort
        arrow = "↓" if is_descending else "↑"
        name = "Name" + (arrow if sort == "name" else "")
        text = "    " + name.ljust(self._name_cells(columns))
        for key, title, width in columns:
            text += " " + (title + (arrow if key == sort else "")).ljust(width)
        return Content.styled(text[: self.size.width], "bold $accent")

    def _row(self, index: int, item: Item | None, columns: list[tuple[str, str, int]]) -> Content:
        if item is None:
            return Content.styled("    …", "dim")
        is_marked = self._marks is not None and item.id in self._marks
        lead = ("●" if is_marked else " ") + ("♥" if item.is_favorite else " ")
        text = f" {lead} " + _cell(item.name, self._name_cells(columns))
        for key, _title, width in columns:
            text += " " + _cell(_value(item, key), width)
        if index == self._cursor:
            style = "bold $block-cursor-foreground on $block-cursor-background"
        else:
            style = "$accent" if is_marked else ""
        return line(text, style, limit=1_000)


def _cell(text: str, width_cells: int) -> str:
    cut = fit(text, width_cells)
    return cut + " " * max(0, width_cells - Content(cut).cell_length)


def _value(item: Item, key: str) -> str:
    values = {
        "rating": "★" * item.rating,
        "pixels": words.dimensions(item),
        "size": words.size(item.size_bytes),
        "duration": words.duration(item.duration_ms) if item.duration_ms else "",
        "steps": "" if item.steps is None else str(item.steps),
        "model": item.model or "",
        "date": words.date(item.mtime_ns),
    }
    return values[key]
