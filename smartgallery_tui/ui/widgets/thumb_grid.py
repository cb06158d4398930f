"""The grid: one widget that draws all cards itself, whatever the result's length."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Protocol

from textual.geometry import Region
from textual.message import Message
from textual.reactive import reactive

from smartgallery_tui.ui.pictures.direct import paint
from smartgallery_tui.ui.widgets.card_drawer import CardDrawer
from smartgallery_tui.ui.widgets.card_pictures import CardPictures
from smartgallery_tui.ui.widgets.grid_layout import (
    AHEAD,
    LARGEST_PX,
    SMALLEST_PX,
    STEP_PX,
    grid_layout,
)
from smartgallery_tui.ui.widgets.moving_card import MovingCard
from smartgallery_tui.ui.widgets.pointed import Pointed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual import events
    from textual.strip import Strip

    from smartgallery_tui.records import Density, Item
    from smartgallery_tui.ui.grouping import Grouping
    from smartgallery_tui.ui.pictures.layer import PictureLayer
    from smartgallery_tui.ui.pictures.wishes import PictureKey

_SETTLE_S = 0.04

_CSS = """
ThumbGrid {
    background: $background;
    & > .thumb-grid--caption { color: $text-muted; }
    & > .thumb-grid--heading { color: $accent; text-style: bold; }
    & > .thumb-grid--marked { color: $accent; text-style: bold; }
    & > .thumb-grid--cursor {
        color: $block-cursor-foreground; background: $block-cursor-background;
        text-style: bold;
    }
    & > .thumb-grid--cursor-blurred {
        color: $foreground; background: $panel-lighten-1; text-style: bold;
    }
    & > .thumb-grid--stand-in { color: $text-disabled; }
    & > .thumb-grid--details { color: $foreground-muted; }
    & > .thumb-grid--skeleton { background: $surface; }
    & > .thumb-grid--approved { color: $success; text-style: bold; }
    & > .thumb-grid--rejected { color: $error; text-style: bold; }
    & > .thumb-grid--review { color: $warning; text-style: bold; }
    & > .thumb-grid--select { color: $secondary; text-style: bold; }
    & > .thumb-grid--to-edit { color: $primary; text-style: bold; }
}
"""

_COMPONENTS = {
    "thumb-grid--caption",
    "thumb-grid--cursor",
    "thumb-grid--cursor-blurred",
    "thumb-grid--heading",
    "thumb-grid--marked",
    "thumb-grid--stand-in",
    "thumb-grid--details",
    "thumb-grid--skeleton",
    "thumb-grid--approved",
    "thumb-grid--rejected",
    "thumb-grid--review",
    "thumb-grid--select",
    "thumb-grid--to-edit",
}
"""Parts of the grid that a theme colours."""


class RowSource(Protocol):
    """A result as the grid reads it; rows that are not here yet are None."""

    total: int

    def get(self, index: int) -> Item | None:
        """Return the item at a position, or None while it is not loaded."""

    def closed(self, index: int) -> int:
        """Return how many items the closed group at a position has; 0: it is one item."""


class ThumbGrid(Pointed, can_focus=True):
    """Cards in rows, a cursor of its own, rows of cards never cut.

    The picture area of a card is written only when its picture changes: the cursor lives in the
    caption, so moving it costs a few hundred bytes on every protocol.

    Args:
        pictures: The app's picture layer.
        picture_px: Longest side of a thumbnail in pixels.
        density: compact, normal or comfortable.
    """

    DEFAULT_CSS = _CSS
    COMPONENT_CLASSES: ClassVar[set[str]] = _COMPONENTS
    ALLOW_SELECT = False

    cursor: reactive[int] = reactive(0, init=False, repaint=False)
    """Position of the cursor in the result."""
    marks: reactive[set[int]] = reactive(set, init=False, repaint=False)
    """Ids of the marked items; assign a new set to change it."""
    range_start: reactive[int | None] = reactive(None, init=False, repaint=False)
    """Where the range begins that ends at the cursor, or None."""
    picture_px: reactive[int] = reactive(256, init=False, repaint=False)
    """Longest side of a thumbnail in pixels."""
    density: reactive[Density] = reactive("normal", init=False, repaint=False)
    """How close cards stand."""
    grouping: reactive[Grouping] = reactive("", init=False, repaint=False)
    """What stands under one heading; "" shows no headings."""

    @dataclass
    class CursorMoved(Message):
        """The cursor stands on another item."""

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
        self._drawer = CardDrawer(self, pictures)
        self.moving = MovingCard(self, pictures)
        self._cards = CardPictures(self, self.moving)
        self._source: RowSource | None = None
        self.top_row = 0
        self._drawn_top_row = 0
        self._lines: dict[int, Strip] = {}
        self.layout_now = grid_layout((80, 22), (10, 20), picture_px, density)
        self.is_settled = False

    # The result

    @property
    def total(self) -> int:
        """Return the length of the result."""
        return self._source.total if self._source else 0

    @property
    def cursor_item(self) -> Item | None:
        """Return the item under the cursor, or None while it is not loaded."""
        return self.item_at(self.cursor)

    @property
    def cursor_line(self) -> int:
        """Return the row of cards with the cursor, counted from the top of the screen."""
        return self.cursor // self.layout_now.columns - self.top_row

    def set_result(self, source: RowSource, cursor: int = 0, line: int | None = None) -> None:
        """Show another result with the cursor on position `cursor`.

        The cursor keeps its line on the screen if it can, so that rows which were added above
        do not move what the user looks at.

        Args:
            source: The rows.
            cursor: Position of the cursor.
            line: Another line for it, counted from the top of the screen.
        """
        columns = self.layout_now.columns
        line = self.cursor_line if line is None else line
        self._source = source
        cursor = max(0, min(cursor, source.total - 1))
        self.set_reactive(ThumbGrid.cursor, cursor)
        self.top_row = cursor // columns - line
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
        if self._drawn_top_row != self.top_row:
            self._redraw()
        else:
            passed = range(min(before, after), max(before, after) + 1)
            shown = () if self.range_start is None else self._visible_indices()
            self._redraw_captions({before, after, *(each for each in shown if each in passed)})
            if not self._pictures.is_idle:
                self.ask_for_pictures()
        self.post_message(self.CursorMoved(after, self.cursor_item))

    def move(self, dx: int, dy: int) -> None:
        """Move the cursor by columns and rows; a column step goes on in the next row."""
        self.cursor = self.layout_now.moved(self.cursor, dx, dy, self.total)

    def page(self, pages: float) -> None:
        """Move by pages (1, -1) or half pages (0.5, -0.5); the cursor keeps its line."""
        layout = self.layout_now
        rows = round(abs(pages) * layout.rows) or 1
        rows = rows if pages > 0 else -rows
        last_row = max(0, self.total - 1) // layout.columns
        row, column = divmod(self.cursor, layout.columns)
        target_row = max(0, min(row + rows, last_row))
        self.top_row += target_row - row
        self.cursor = min(target_row * layout.columns + column, self.total - 1)

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

    def watch_grouping(self) -> None:
        """Lay out again: headings take a line."""
        self._relayout()

    def watch_marks(self, before: set[int], after: set[int]) -> None:
        """Draw the captions whose mark changed."""
        changed = before ^ after
        shown = self._visible_indices()
        self._redraw_captions(
            index for index in shown if (item := self.item_at(index)) and item.id in changed
        )

    def watch_range_start(self) -> None:
        """Draw the captions that are in the range now, or no longer."""
        self._redraw_captions(self._visible_indices())

    def watch_has_focus(self, _has_focus: bool) -> None:
        """Show whether keys go to the grid."""
        self._redraw_captions((self.cursor,))

    def on_resize(self, event: events.Resize) -> None:
        """Lay out for the new size; nothing is drawn before the first layout has settled."""
        self._pictures.measure()
        if not self.is_settled:
            self.set_timer(_SETTLE_S, self._settled)
        self._relayout()

    def _settled(self) -> None:
        if not self.is_settled:
            self.is_settled = True
            self._redraw()

    def _relayout(self) -> None:
        caps = self._pictures.caps
        cell_px = (caps.cell_width_px, caps.cell_height_px)
        size = (self.size.width, self.size.height)
        line = self.cursor_line
        self.layout_now = grid_layout(
            size, cell_px, self.picture_px, self.density, heading_height=1 if self.grouping else 0,
            is_text=caps.is_text,
        )  # fmt: skip
        self.top_row = self.cursor // self.layout_now.columns - line
        self._keep_cursor_visible()
        self._redraw()

    def _keep_cursor_visible(self) -> None:
        self.top_row = self.layout_now.top_row(self.top_row, self.cursor, self.total)

    # Pictures

    def on_unmount(self) -> None:
        """Ask for nothing any more."""
        self._pictures.release(self)

    def pictures_lost(self) -> None:
        """Draw and ask again."""
        self._relayout()

    def picture_ready(self, key: PictureKey) -> None:
        """Draw a picture that has arrived."""
        self.moving.ready(key)
        card = self._cards.card_of(key)
        if card is not None:
            self._paint([Region(*card, self.layout_now.card_width, self.layout_now.picture_height)])

    def picture_origin(self, key: PictureKey) -> tuple[int, int] | None:
        """Return the screen cell of a picture's upper left corner."""
        card, placed = self._cards.card_of(key), self._pictures.placed(key)
        if card is None or placed is None or not self.is_settled:
            return None
        left, top = self.layout_now.inset_of(placed.width_cells, placed.height_cells)
        region = self.content_region
        return region.x + card[0] + left, region.y + card[1] + top

    def ask_for_pictures(self) -> None:
        """Ask for what is shown now and will be soon."""
        if self.is_settled and self.is_mounted:
            self._pictures.want(self, *self._cards.wishes())

    def key_at(self, index: int) -> PictureKey | None:
        """Return the picture of a position, or None if there is none to show."""
        return self._cards.key_at(index)

    # Drawing

    def item_at(self, index: int) -> Item | None:
        """Return the item at a position, or None while it is not loaded."""
        if self._source is None or not 0 <= index < self._source.total:
            return None
        return self._source.get(index)

    def closed_at(self, index: int) -> int:
        """Return how many items the closed group at a position has; 0: it is one item."""
        return self._source.closed(index) if self._source else 0

    def _visible_indices(self) -> range:
        first = self.top_row * self.layout_now.columns
        return range(first, min(first + self.layout_now.page, self.total))

    def _redraw(self) -> None:
        self._lines.clear()
        self._drawn_top_row = self.top_row
        if not self.is_settled:
            return
        self._want_rows()
        self.ask_for_pictures()
        self.refresh()

    def _want_rows(self) -> None:
        shown = self._visible_indices()
        start = max(0, shown.start - AHEAD)
        stop = min(self.total, shown.stop + AHEAD)
        if any(self.item_at(index) is None for index in (*shown, start, stop - 1) if stop > start):
            self.post_message(self.PageWanted(start, stop - start))

    def _redraw_captions(self, indices: Iterable[int]) -> None:
        regions = []
        for index in indices:
            card = self.layout_now.card(index, self.top_row)
            if card is not None:
                x, y = card
                y += self.layout_now.picture_height
                regions.append(Region(x, y, self.layout_now.card_width, 1))
        self._paint(regions)

    def _paint(self, regions: Sequence[Region]) -> None:
        """Draw regions anew, at once where nothing covers them."""
        for region in regions:
            for y in region.line_range:
                self._lines.pop(y, None)
        if self.is_settled:
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
                strip = self._lines[y] = self._drawer.line(y)
            strips.append(strip.crop(crop.x, crop.right))
        return strips

    def pointed_index(self, x: int, y: int) -> int | None:
        """Return the position of the item at a cell, or None."""
        index = self.layout_now.index_at(x, y, self.top_row)
        return index if index is not None and index < self.total else None

    def pointed_heading(self, x: int, y: int) -> int | None:
        """Return the position of the card below the heading at a cell, or None."""
        is_heading = y % self.layout_now.card_height < self.layout_now.heading_height
        return self.pointed_index(x, y) if is_heading else None
