"""The grid: one widget that draws all cards itself, whatever the result's length."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Protocol

from textual import events, on
from textual.geometry import Region
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from smartgallery_tui.terminal.rows import BlankRow
from smartgallery_tui.ui.pictures.direct import paint
from smartgallery_tui.ui.pictures.strips import (
    RunStrip,
    TextRun,
    color_system,
    fit_text,
    style_codes,
)
from smartgallery_tui.ui.pictures.wishes import PictureKey, thumbnail_key
from smartgallery_tui.ui.widgets.caption import caption, stand_in
from smartgallery_tui.ui.widgets.grid_layout import (
    LARGEST_PX,
    SMALLEST_PX,
    STEP_PX,
    grid_layout,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.strip import Strip

    from smartgallery_tui.records import Density, Item
    from smartgallery_tui.terminal.rows import Row
    from smartgallery_tui.ui.pictures.layer import PictureLayer

AHEAD = 20
"""Thumbnails prepared beyond either end of the page."""
_SETTLE_S = 0.04


class RowSource(Protocol):
    """A result as the grid reads it; rows that are not here yet are None."""

    total: int

    def get(self, index: int) -> Item | None:
        """Return the item at a position, or None while it is not loaded."""


class ThumbGrid(Widget, can_focus=True):
    """Cards in rows, a cursor of its own, rows of cards never cut.

    The picture area of a card is written only when its picture changes: the cursor lives in the
    caption, so moving it costs a few hundred bytes on every protocol.

    Args:
        pictures: The app's picture layer.
        picture_px: Longest side of a thumbnail in pixels.
        density: compact, normal or comfortable.
    """

    DEFAULT_CSS = """
    ThumbGrid {
        background: $background;
        & > .thumb-grid--caption { color: $text-muted; }
        & > .thumb-grid--marked { color: $accent; text-style: bold; }
        & > .thumb-grid--cursor {
            color: $block-cursor-foreground; background: $block-cursor-background;
            text-style: bold;
        }
        & > .thumb-grid--cursor-blurred {
            color: $foreground; background: $panel-lighten-1; text-style: bold;
        }
        & > .thumb-grid--stand-in { color: $text-disabled; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "thumb-grid--caption",
        "thumb-grid--cursor",
        "thumb-grid--cursor-blurred",
        "thumb-grid--marked",
        "thumb-grid--stand-in",
    }
    ALLOW_SELECT = False

    cursor: reactive[int] = reactive(0, init=False, repaint=False)
    """Position of the cursor in the result."""
    marks: reactive[set[int]] = reactive(set, init=False, repaint=False)
    """Ids of the marked items; assign a new set to change it."""
    picture_px: reactive[int] = reactive(256, init=False, repaint=False)
    """Longest side of a thumbnail in pixels."""
    density: reactive[Density] = reactive("normal", init=False, repaint=False)
    """How close cards stand."""

    @dataclass
    class CursorMoved(Message):
        """The cursor stands on another item."""

        index: int
        item: Item | None

    @dataclass
    class Opened(Message):
        """An item was double-clicked."""

        index: int
        item: Item | None

    @dataclass
    class PageWanted(Message):
        """Rows of this range are shown, or will be soon, and are not all here."""

        start: int
        count: int

    def __init__(
        self, pictures: PictureLayer, *, picture_px: int = 256, density: Density = "normal"
    ) -> None:
        super().__init__()
        self.set_reactive(ThumbGrid.picture_px, picture_px)
        self.set_reactive(ThumbGrid.density, density)
        self._pictures = pictures
        self._source: RowSource | None = None
        self._top_row = 0
        self._drawn_top_row = 0
        self._lines: dict[int, Strip] = {}
        self._indices: dict[PictureKey, int] = {}
        self._layout_now = grid_layout((80, 22), (10, 20), picture_px, density)
        self._is_settled = False

    # The result

    @property
    def total(self) -> int:
        """Return the length of the result."""
        return self._source.total if self._source else 0

    @property
    def cursor_item(self) -> Item | None:
        """Return the item under the cursor, or None while it is not loaded."""
        return self._item(self.cursor)

    def set_result(self, source: RowSource, cursor: int = 0) -> None:
        """Show another result with the cursor on position `cursor`.

        The cursor keeps its line on the screen if it can, so that rows which were added above
        do not move what the user looks at.
        """
        columns = self._layout_now.columns
        line = self.cursor // columns - self._top_row
        self._source = source
        cursor = max(0, min(cursor, source.total - 1))
        self.set_reactive(ThumbGrid.cursor, cursor)
        self._top_row = cursor // columns - line
        self._keep_cursor_visible()
        self.rows_changed()
        self.post_message(self.CursorMoved(self.cursor, self.cursor_item))

    def rows_changed(self) -> None:
        """Draw again: rows arrived or changed."""
        self._redraw()

    # Moving

    def validate_cursor(self, index: int) -> int:
        """Keep the cursor inside the result."""
        return max(0, min(index, self.total - 1))

    def watch_cursor(self, before: int, after: int) -> None:
        """Show the cursor at its new place."""
        self._keep_cursor_visible()
        if self._drawn_top_row != self._top_row:
            self._redraw()
        else:
            self._redraw_captions((before, after))
            if not self._pictures.is_idle:
                self._ask_for_pictures()
        self.post_message(self.CursorMoved(after, self.cursor_item))

    def move(self, dx: int, dy: int) -> None:
        """Move the cursor by columns and rows; a column step goes on in the next row."""
        columns = self._layout_now.columns
        target = self.cursor + dx + dy * columns
        if dy > 0 and target >= self.total:
            # The last row may be short: go to its end rather than not at all.
            last_row = (self.total - 1) // columns
            target = self.total - 1 if self.cursor // columns < last_row else self.cursor
        elif dy < 0 and target < 0:
            target = self.cursor
        self.cursor = target

    def page(self, pages: float) -> None:
        """Move by pages (1, -1) or half pages (0.5, -0.5); the cursor keeps its line."""
        layout = self._layout_now
        rows = round(abs(pages) * layout.rows) or 1
        rows = rows if pages > 0 else -rows
        last_row = max(0, self.total - 1) // layout.columns
        row, column = divmod(self.cursor, layout.columns)
        target_row = max(0, min(row + rows, last_row))
        self._top_row += target_row - row
        self.cursor = min(target_row * layout.columns + column, self.total - 1)

    def first(self) -> None:
        """Go to the first item."""
        self.cursor = 0

    def last(self) -> None:
        """Go to the last item."""
        self.cursor = self.total - 1

    # What bindings may call directly

    def action_cursor(self, dx: int, dy: int) -> None:
        """Move the cursor."""
        self.move(dx, dy)

    def action_page(self, pages: float) -> None:
        """Move by pages."""
        self.page(pages)

    def action_first(self) -> None:
        """Go to the first item."""
        self.first()

    def action_last(self) -> None:
        """Go to the last item."""
        self.last()

    # Size

    def resize_cards(self, steps: int) -> None:
        """Make pictures bigger (positive) or smaller; 0 goes back to the default size."""
        wanted = self.picture_px + steps * STEP_PX if steps else 256
        self.picture_px = max(SMALLEST_PX, min(LARGEST_PX, wanted))

    def watch_picture_px(self) -> None:
        """Lay out again."""
        self._relayout()

    def watch_density(self) -> None:
        """Lay out again."""
        self._relayout()

    def watch_marks(self, before: set[int], after: set[int]) -> None:
        """Draw the captions whose mark changed."""
        changed = before ^ after
        shown = self._visible_indices()
        self._redraw_captions(
            index for index in shown if (item := self._item(index)) and item.id in changed
        )

    def watch_has_focus(self, _has_focus: bool) -> None:
        """Show whether keys go to the grid."""
        self._redraw_captions((self.cursor,))

    def on_resize(self, event: events.Resize) -> None:
        """Lay out for the new size; nothing is drawn before the first layout has settled."""
        self._pictures.measure()
        if not self._is_settled:
            self.set_timer(_SETTLE_S, self._settled)
        self._relayout()

    def _settled(self) -> None:
        if not self._is_settled:
            self._is_settled = True
            self._redraw()

    def _relayout(self) -> None:
        caps = self._pictures.caps
        cell_px = (caps.cell_width_px, caps.cell_height_px)
        size = (self.size.width, self.size.height)
        line = self.cursor // self._layout_now.columns - self._top_row
        self._layout_now = grid_layout(size, cell_px, self.picture_px, self.density)
        self._top_row = self.cursor // self._layout_now.columns - line
        self._keep_cursor_visible()
        self._redraw()

    def _keep_cursor_visible(self) -> None:
        layout = self._layout_now
        row = self.cursor // layout.columns
        last_top = max(0, (max(0, self.total - 1)) // layout.columns - layout.rows + 1)
        top = min(max(self._top_row, row - layout.rows + 1), row)
        self._top_row = max(0, min(top, last_top))

    # Pictures

    def on_unmount(self) -> None:
        """Ask for nothing any more."""
        self._pictures.release(self)

    def pictures_lost(self) -> None:
        """Draw and ask again."""
        self._relayout()

    def picture_ready(self, key: PictureKey) -> None:
        """Draw a picture that has arrived."""
        index = self._indices.get(key)
        if index is None:
            return
        card = self._card(index)
        if card is not None:
            self._paint([Region(card.x, card.y, card.width, self._layout_now.picture_height)])

    def picture_origin(self, key: PictureKey) -> tuple[int, int] | None:
        """Return the screen cell of a picture's upper left corner."""
        index = self._indices.get(key)
        card = self._card(index) if index is not None else None
        placed = self._pictures.placed(key)
        if card is None or placed is None or not self._is_settled:
            return None
        left, top = self._inset(placed.width_cells, placed.height_cells)
        region = self.content_region
        return region.x + card.x + left, region.y + card.y + top

    def _ask_for_pictures(self) -> None:
        if not self._is_settled or not self.is_mounted:
            return
        layout = self._layout_now
        shown = list(self._visible_indices())
        column, row = self.cursor % layout.columns, self.cursor // layout.columns
        shown.sort(
            key=lambda index: max(
                abs(index // layout.columns - row), abs(index % layout.columns - column)
            )
        )
        self._indices = {}
        for index in shown:
            if (key := self._key(index)) is not None:
                self._indices[key] = index
        first = self._top_row * layout.columns
        last = first + layout.page
        ahead = [*range(last, last + AHEAD), *range(first - 1, first - 1 - AHEAD, -1)]
        self._pictures.want(
            self,
            list(self._indices),
            [key for index in ahead if (key := self._key(index)) is not None],
        )

    def _key(self, index: int) -> PictureKey | None:
        item = self._item(index)
        if item is None or item.state == "missing" or item.kind in {"audio", "other"}:
            return None
        return thumbnail_key(item, self._layout_now.picture_width, self._layout_now.picture_height)

    # Drawing

    def _item(self, index: int) -> Item | None:
        if self._source is None or not 0 <= index < self._source.total:
            return None
        return self._source.get(index)

    def _visible_indices(self) -> range:
        first = self._top_row * self._layout_now.columns
        return range(first, min(first + self._layout_now.page, self.total))

    def _card(self, index: int) -> Region | None:
        """Return the place of a visible card within the widget."""
        layout = self._layout_now
        row = index // layout.columns - self._top_row
        if not 0 <= row < layout.rows:
            return None
        x = layout.left + index % layout.columns * layout.card_width
        return Region(x, row * layout.card_height, layout.card_width, layout.card_height)

    def _inset(self, width_cells: int, height_cells: int) -> tuple[int, int]:
        """Return the offset of a picture within its card: centred, standing on its caption."""
        layout = self._layout_now
        left = layout.inset + (layout.picture_width - width_cells) // 2
        return left, (layout.picture_height - height_cells + 1) // 2

    def _redraw(self) -> None:
        self._lines.clear()
        self._drawn_top_row = self._top_row
        if not self._is_settled:
            return
        self._want_rows()
        self._ask_for_pictures()
        self.refresh()

    def _want_rows(self) -> None:
        shown = self._visible_indices()
        start = max(0, shown.start - AHEAD)
        stop = min(self.total, shown.stop + AHEAD)
        if any(self._item(index) is None for index in (*shown, start, stop - 1) if stop > start):
            self.post_message(self.PageWanted(start, stop - start))

    def _redraw_captions(self, indices: Iterable[int]) -> None:
        regions = []
        for index in indices:
            card = self._card(index)
            if card is not None:
                y = card.y + self._layout_now.picture_height
                regions.append(Region(card.x, y, card.width, 1))
        self._paint(regions)

    def _paint(self, regions: Sequence[Region]) -> None:
        """Draw regions anew, at once where nothing covers them."""
        for region in regions:
            for y in region.line_range:
                self._lines.pop(y, None)
        if self._is_settled:
            paint(self._pictures, self, [(region, self.render_lines(region)) for region in regions])

    def notify_style_update(self) -> None:
        """Forget drawn lines when the theme changes."""
        super().notify_style_update()
        self._lines.clear()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the lines of a region; the styles cache is left out, our lines are ready."""
        strips = []
        for y in crop.line_range:
            strip = self._lines.get(y)
            if strip is None:
                strip = self._lines[y] = self._line(y)
            strips.append(strip.crop(crop.x, crop.right))
        return strips

    def _line(self, y: int) -> Strip:
        layout = self._layout_now
        width = self.size.width
        base = self.rich_style
        row, line = divmod(y, layout.card_height)
        runs: list[Row | TextRun] = []
        if self._is_settled and row < layout.rows and line <= layout.picture_height:
            first = (self._top_row + row) * layout.columns
            runs.append(BlankRow(layout.left))
            for index in range(first, first + layout.columns):
                runs += self._card_runs(index, line)
        used = sum(run.width_cells for run in runs)
        runs.append(BlankRow(width - used))
        return RunStrip(runs, width, base, style_codes(base, color_system(self.app.console)))

    def _card_runs(self, index: int, line: int) -> list[Row | TextRun]:
        layout = self._layout_now
        item = self._item(index)
        if item is None:
            return [BlankRow(layout.card_width)]
        if line == layout.picture_height:
            return self._caption_runs(index, item)
        key = self._key(index)
        placed = self._pictures.placed(key) if key is not None else None
        if placed is None:
            return self._stand_in_runs(item, key, line)
        left, top = self._inset(placed.width_cells, placed.height_cells)
        if not top <= line < top + placed.height_cells:
            return [BlankRow(layout.card_width)]
        row = placed.rows[line - top]
        return [BlankRow(left), row, BlankRow(layout.card_width - left - row.width_cells)]

    def _stand_in_runs(self, item: Item, key: PictureKey | None, line: int) -> list[Row | TextRun]:
        layout = self._layout_now
        reason = self._pictures.problem(key) if key is not None else None
        words = stand_in(item, reason) if line == layout.picture_height // 2 else ""
        if not words:
            return [BlankRow(layout.card_width)]
        room = layout.picture_width
        text = fit_text(fit_text(words, room).strip().center(room), room)
        run = self._text_run(text, room, "thumb-grid--stand-in")
        return [BlankRow(layout.inset), run, BlankRow(layout.card_width - layout.inset - room)]

    def _caption_runs(self, index: int, item: Item) -> list[Row | TextRun]:
        layout = self._layout_now
        is_marked = item.id in self.marks
        name = "thumb-grid--marked" if is_marked else "thumb-grid--caption"
        if index == self.cursor:
            name = "thumb-grid--cursor" if self.has_focus else "thumb-grid--cursor-blurred"
        text = caption(item, layout.picture_width, is_marked=is_marked)
        run = self._text_run(text, layout.picture_width, name)
        return [
            BlankRow(layout.inset),
            run,
            BlankRow(layout.card_width - layout.inset - layout.picture_width),
        ]

    def _text_run(self, text: str, width_cells: int, component: str) -> TextRun:
        style = self.get_component_rich_style(component)
        return TextRun(text, width_cells, style_codes(style, color_system(self.app.console)), style)

    # Mouse

    def _index_at(self, x: int, y: int) -> int | None:
        layout = self._layout_now
        row, column = y // layout.card_height, (x - layout.left) // layout.card_width
        if not (0 <= row < layout.rows and 0 <= column < layout.columns):
            return None
        index = (self._top_row + row) * layout.columns + column
        return index if index < self.total else None

    @on(events.Click)
    def _clicked(self, event: events.Click) -> None:
        index = self._index_at(event.x, event.y)
        if index is None:
            return
        self.cursor = index
        if event.chain == 2:
            self.post_message(self.Opened(index, self._item(index)))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Go one row down."""
        event.stop()
        self.move(0, 1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Go one row up."""
        event.stop()
        self.move(0, -1)
