"""Draws the lines of the grid: pictures, captions and what stands in for a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from rich.cells import cell_len

from smartgallery_tui.terminal import safe
from smartgallery_tui.terminal.rows import BlankRow
from smartgallery_tui.ui.grouping import heading, heading_signs, shown_heading
from smartgallery_tui.ui.pictures.strips import (
    RunStrip,
    TextRun,
    color_system,
    fit_text,
    shown_style,
    style_codes,
)
from smartgallery_tui.ui.widgets.caption import IN_RANGE, MARK, caption, details, spoken, stand_in

if TYPE_CHECKING:
    from rich.color import ColorSystem
    from rich.style import Style
    from textual.app import App
    from textual.geometry import Size
    from textual.strip import Strip

    from smartgallery_tui.records import Item
    from smartgallery_tui.terminal.rows import Row
    from smartgallery_tui.ui.grouping import Grouping
    from smartgallery_tui.ui.pictures.layer import PictureLayer
    from smartgallery_tui.ui.pictures.wishes import PictureKey
    from smartgallery_tui.ui.widgets.grid_layout import GridLayout


class Cards(Protocol):
    """The grid, as far as its lines depend on it."""

    app: App[object]
    top_row: int
    layout_now: GridLayout
    is_settled: bool

    @property
    def cursor(self) -> int:
        """Position of the cursor."""

    @property
    def marks(self) -> set[int]:
        """Ids of the marked items."""

    @property
    def range_start(self) -> int | None:
        """Where the range begins that ends at the cursor, or None."""

    @property
    def grouping(self) -> Grouping:
        """What stands under one heading."""

    @property
    def has_focus(self) -> bool:
        """Tell whether keys go to the grid."""

    @property
    def total(self) -> int:
        """Return the length of the result."""

    @property
    def size(self) -> Size:
        """Return its size in cells."""

    @property
    def rich_style(self) -> Style:
        """Return the ground."""

    def get_component_rich_style(self, *names: str) -> Style:
        """Return the style of a part."""

    def item_at(self, index: int) -> Item | None:
        """Return the item at a position, or None while it is not loaded."""

    def closed_at(self, index: int) -> int:
        """Return how many items the closed group at a position has; 0: it is one item."""

    def key_at(self, index: int) -> PictureKey | None:
        """Return the picture of a position, or None if there is none to show."""


class CardDrawer:
    """Makes the screen lines of a grid.

    Args:
        grid: The grid, read only.
        pictures: Gives the pictures that can be drawn.
    """

    def __init__(self, grid: Cards, pictures: PictureLayer) -> None:
        self._grid = grid
        self._pictures = pictures

    def line(self, y: int) -> Strip:
        """Return a whole line of the grid."""
        grid, layout = self._grid, self._grid.layout_now
        width = grid.size.width
        base = shown_style(grid.rich_style, grid.app)
        row, line = divmod(y, layout.card_height)
        line -= layout.heading_height
        runs: list[Row | TextRun] = []
        if (
            grid.is_settled
            and row < layout.rows
            and line < layout.picture_height + layout.caption_height
        ):
            first = (grid.top_row + row) * layout.columns
            runs.append(BlankRow(layout.left))
        if runs and line < 0:
            runs += self._headings(first)
        elif runs:
            for index in range(first, first + layout.columns):
                runs += self._card(index, line)
        used = sum(run.width_cells for run in runs)
        runs.append(BlankRow(max(0, width - used)))
        return RunStrip(runs, max(width, used), base, style_codes(base, self._colors)).crop(
            0, width
        )

    def _headings(self, first: int) -> list[Row | TextRun]:
        """Return a row's headings: each group's above its first card, or above the row."""
        grid, layout = self._grid, self._grid.layout_now
        by = grid.grouping
        starts: list[tuple[int, Item, bool]] = []
        before = grid.item_at(first - 1)
        for column in range(layout.columns):
            item = grid.item_at(first + column)
            if item is None:
                break
            is_new = before is None or heading(before, by) != heading(item, by)
            if is_new or column == 0:
                starts.append((column, item, is_new))
            before = item
        runs: list[Row | TextRun] = []
        ends = [*(column for column, _item, _is_new in starts[1:]), layout.columns][: len(starts)]
        for (column, item, is_new), end in zip(starts, ends, strict=True):
            width = (end - column) * layout.card_width - layout.inset
            closed = grid.closed_at(first + column)
            lead, tail = heading_signs(closed) if is_new else ("  ", "")
            room = max(1, width - cell_len(lead + tail) - 1)
            words = safe(shown_heading(item, by, room))
            words = words if cell_len(words) <= room else fit_text(words, room)
            name = "thumb-grid--heading" if is_new else "thumb-grid--caption"
            runs.append(BlankRow(layout.inset))
            runs.append(self._run(fit_text(lead + words + tail, max(1, width - 1)) + " ", name))
        return runs

    def _card(self, index: int, line: int) -> list[Row | TextRun]:
        layout = self._grid.layout_now
        item = self._grid.item_at(index)
        if item is None:
            return self._skeleton(index, line)
        if line == layout.picture_height:
            return self._caption(index, item)
        if line > layout.picture_height:
            place, lines = line - layout.picture_height - 1, layout.caption_height - 1
            indent = "  " if layout.is_text else ""
            text = indent + details(item, place, lines, layout.picture_width - len(indent))
            return self._text(text, "thumb-grid--details")
        key = self._grid.key_at(index)
        placed = self._pictures.placed(key) if key is not None else None
        if placed is None:
            return self._stand_in(item, key, line)
        left, top = layout.inset_of(placed.width_cells, placed.height_cells)
        if not top <= line < top + placed.height_cells:
            return [BlankRow(layout.card_width)]
        row = placed.rows[line - top]
        return [BlankRow(left), row, BlankRow(layout.card_width - left - row.width_cells)]

    def _stand_in(self, item: Item, key: PictureKey | None, line: int) -> list[Row | TextRun]:
        layout = self._grid.layout_now
        reason = self._pictures.problem(key) if key is not None else None
        words = stand_in(item, reason) if line == layout.picture_height // 2 else ""
        if not words:
            return [BlankRow(layout.card_width)]
        room = layout.picture_width
        text = fit_text(fit_text(words, room).strip().center(room), room)
        return self._text(text, "thumb-grid--stand-in")

    def _skeleton(self, index: int, line: int) -> list[Row | TextRun]:
        """Return a line of a card whose row is not here yet."""
        grid, layout = self._grid, self._grid.layout_now
        if index >= grid.total or line > layout.picture_height:
            return [BlankRow(layout.card_width)]
        if line == layout.picture_height:
            name = "thumb-grid--cursor" if index == grid.cursor else "thumb-grid--caption"
            return self._text(fit_text("\u2026", layout.picture_width), name)
        return self._text(" " * layout.picture_width, "thumb-grid--skeleton")

    def _caption(self, index: int, item: Item) -> list[Row | TextRun]:
        grid, layout = self._grid, self._grid.layout_now
        mark = MARK if item.id in grid.marks else IN_RANGE if self._is_in_range(index) else ""
        name = "thumb-grid--marked" if mark else "thumb-grid--caption"
        if index == grid.cursor:
            name = "thumb-grid--cursor" if grid.has_focus else "thumb-grid--cursor-blurred"
        if layout.is_text:
            lead, is_alone = "> " if index == grid.cursor else "  ", layout.caption_height == 1
            words = spoken(item, layout.card_width - 2, mark=mark, has_figures=is_alone)
            return [self._run(lead + words, name)]
        sign, text = caption(item, layout.picture_width, mark=mark)
        status = f"thumb-grid--{item.status.replace('_', '-')}"
        signs = [self._run(sign, name if index == grid.cursor else status)] if sign else []
        right = layout.card_width - layout.inset - layout.picture_width
        return [BlankRow(layout.inset), *signs, self._run(text, name), BlankRow(right)]

    def _is_in_range(self, index: int) -> bool:
        start, end = self._grid.range_start, self._grid.cursor
        return start is not None and min(start, end) <= index <= max(start, end)

    def _text(self, text: str, component: str) -> list[Row | TextRun]:
        layout = self._grid.layout_now
        right = layout.card_width - layout.inset - layout.picture_width
        return [BlankRow(layout.inset), self._run(text, component), BlankRow(right)]

    def _run(self, text: str, component: str) -> TextRun:
        style = shown_style(self._grid.get_component_rich_style(component), self._grid.app)
        return TextRun(text, cell_len(text), style_codes(style, self._colors), style)

    @property
    def _colors(self) -> ColorSystem:
        return color_system(self._grid.app.console)
