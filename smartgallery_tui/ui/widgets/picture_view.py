"""The lightbox picture: one item as large as it fits, zoomed, moved, turned."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual.geometry import Region
from textual.message import Message
from textual.widget import Widget

from smartgallery_tui.terminal.rows import BlankRow
from smartgallery_tui.terminal.view import (
    LEAST_ZOOM,
    ViewSpec,
    fit_scale,
    in_words,
    most_zoom,
    moved,
    shown_box,
    turned_size,
)
from smartgallery_tui.ui.pictures.direct import paint
from smartgallery_tui.ui.pictures.strips import (
    RunStrip,
    TextRun,
    color_system,
    fit_text,
    style_codes,
)
from smartgallery_tui.ui.pictures.wishes import UNKNOWN_PX, PictureKey
from smartgallery_tui.ui.widgets.caption import stand_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.strip import Strip
    from textual.timer import Timer

    from smartgallery_tui.records import Item
    from smartgallery_tui.terminal.rows import Row
    from smartgallery_tui.ui.pictures.layer import PictureLayer
    from smartgallery_tui.ui.pictures.wishes import Placed

_ZOOM_STEP = 1.25
_CLOSE = 0.05
"""A zoom that is so near to the fitted size is meant to be it."""
_SLOW_PX = 20_000_000
REST_S = 0.25
"""How long a view rests before a picture is decoded for it that takes long, or one ahead."""
_PAN_PART = 0.15
"""Part of the shown width or height that one key moves the picture."""


_CSS = """
PictureView {
    background: $background;
    & > .picture-view--stand-in { color: $text-muted; }
}
"""


class PictureView(Widget):
    """Shows one picture: at first its thumbnail, then sharp.

    Zoom, place and turn are kept when another item is shown, so that two pictures can be compared
    at the same spot.

    Args:
        pictures: The app's picture layer.
    """

    DEFAULT_CSS = _CSS
    COMPONENT_CLASSES: ClassVar[set[str]] = {"picture-view--stand-in"}
    ALLOW_SELECT = False

    class Changed(Message):
        """The picture is shown another way: zoomed, moved, turned, or in other room."""

        def __init__(self, picture: PictureView) -> None:
            super().__init__()
            self.picture = picture

        @property
        def control(self) -> PictureView:
            """The widget."""
            return self.picture

    def __init__(self, pictures: PictureLayer) -> None:
        super().__init__()
        self._pictures = pictures
        self._item: Item | None = None
        self._ahead: Sequence[Item] = ()
        self._has_stepped = False
        self._view = ViewSpec()
        self._drawn: tuple[PictureKey, Placed] | None = None
        self._timer: Timer | None = None

    # What screens use

    @property
    def item(self) -> Item | None:
        """The shown item."""
        return self._item

    @property
    def view(self) -> ViewSpec:
        """How it is shown."""
        return self._view

    @property
    def is_zoomed(self) -> bool:
        """Tell whether only a part of the picture is shown."""
        part = shown_box(self._turned_px() or self.box_px, self.box_px, self._view)
        return part.width < 1.0 or part.height < 1.0

    @property
    def view_words(self) -> str:
        """Return how the picture is shown: percent of its actual pixels, and how it is turned."""
        return in_words(self._view, self._turned_px() if self.size else None, self.box_px)

    @property
    def is_drawn(self) -> bool:
        """Tell whether the shown item's own picture is on the screen."""
        return (
            self._drawn is not None
            and self._item is not None
            and self._drawn[0].id == self._item.id
        )

    @property
    def box_px(self) -> tuple[int, int]:
        """Return the room for the picture in pixels."""
        caps = self._pictures.caps
        return (
            max(1, self.size.width) * caps.cell_width_px,
            max(1, self.size.height) * caps.cell_height_px,
        )

    def show(self, item: Item, ahead: Sequence[Item] = (), *, keeps_drawn: bool = False) -> None:
        """Show an item.

        Args:
            item: What to show.
            ahead: What will probably be shown next; prepared, best first.
            keeps_drawn: What is drawn stays until the new picture is there: the next frame.
        """
        if not keeps_drawn and (self._item is None or item.id != self._item.id):
            self._drawn = None
        if self._item is not None and item.id != self._item.id:
            self._has_stepped = True
        self._item = item
        self._ahead = ahead
        self._ask()

    def expect(self, item: Item) -> None:
        """Prepare what is drawn first of an item that may be shown next; nothing is drawn."""
        if self.size and self._item is None and not self._pictures.link.pacer.is_slow:
            self._pictures.want(self, (), [self._key(item, is_sharp=False)])

    def clear(self) -> None:
        """Show nothing, and the next item as if it were the first."""
        self._pictures.release(self)
        self._item = self._drawn = None
        self._ahead = ()
        self._has_stepped = False
        self._view = ViewSpec()

    def zoom(self, steps: int) -> None:
        """Zoom in (positive) or out; 0 fits.

        From half the fitted size to eight times that or eight times actual pixels. The fitted
        size is never stepped over.
        """
        before = self._view.zoom
        zoom = before * _ZOOM_STEP**steps if steps else 1.0
        if (before - 1.0) * (zoom - 1.0) < 0 or abs(zoom - 1.0) < _CLOSE:
            zoom = 1.0
        self._change(zoom=max(LEAST_ZOOM, min(self._most_zoom(), round(zoom, 4))))

    def fit(self) -> None:
        """Show the whole picture."""
        self._change(zoom=1.0, center_x=0.5, center_y=0.5)

    def actual(self) -> None:
        """Show a pixel of the picture as a pixel of the screen."""
        size = self._turned_px()
        if size is not None:
            self._change(zoom=1.0 / fit_scale(size, self.box_px))

    def pan(self, dx: int, dy: int) -> None:
        """Move the shown part by steps."""
        self._move(dx * _PAN_PART, dy * _PAN_PART)

    def rotate(self, quarter_turns: int) -> None:
        """Turn clockwise (positive) or back; the file stays as it is."""
        self._change(quarter_turns=(self._view.quarter_turns + quarter_turns) % 4)

    def flip(self, *, vertically: bool = False) -> None:
        """Mirror the view left to right, or upside down."""
        if vertically:
            self._change(is_flipped=not self._view.is_flipped)
        else:
            self._change(is_mirrored=not self._view.is_mirrored)

    # Pictures

    def on_unmount(self) -> None:
        """Ask for nothing any more."""
        self._pictures.release(self)

    def on_resize(self, event: events.Resize) -> None:
        """Ask for the new size."""
        self._pictures.measure()
        self._drawn = None
        self._ask()
        self.post_message(self.Changed(self))

    def pictures_lost(self) -> None:
        """Draw and ask again."""
        self._drawn = None
        self._ask()

    def picture_ready(self, key: PictureKey) -> None:
        """Draw the picture, or its better version."""
        self._choose()
        self._paint()

    def _paint(self) -> None:
        """Draw without waiting for the next frame."""
        whole = Region(0, 0, *self.size)
        if whole:
            paint(self._pictures, self, [(whole, self.render_lines(whole))])

    def picture_origin(self, key: PictureKey) -> tuple[int, int] | None:
        """Return the screen cell of the picture's upper left corner."""
        if self._drawn is None or self._drawn[0] != key:
            return None
        left, top = self._inset(self._drawn[1])
        region = self.content_region
        return region.x + left, region.y + top

    # Mouse

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Zoom in."""
        event.stop()
        self.zoom(1)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Zoom out."""
        event.stop()
        self.zoom(-1)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Move the zoomed picture with the pointer."""
        if event.button and self.is_zoomed and self.size.width and self.size.height:
            self._move(-event.delta_x / self.size.width, -event.delta_y / self.size.height)

    def _move(self, dx: float, dy: float) -> None:
        """Move the shown part by fractions of its width and height."""
        size = self._turned_px() or self.box_px
        self._use(moved(size, self.box_px, self._view, dx, dy))

    def _change(self, **changes: float | int | bool) -> None:
        self._use(replace(self._view, **changes))  # type: ignore[arg-type]

    def _use(self, view: ViewSpec) -> None:
        if view != self._view:
            self._view = view
            self._ask(is_still=False)
            if self._timer is not None:
                self._timer.stop()
            self._timer = self.set_timer(REST_S, self._ask)
            self.post_message(self.Changed(self))

    def _most_zoom(self) -> float:
        return most_zoom(self._turned_px() or self.box_px, self.box_px)

    def _ask(self, *, is_still: bool = True) -> None:
        """Ask for what is shown; while the view changes, for nothing that takes long to decode."""
        if self._item is None or not self.size.width or not self.size.height:
            return
        is_slow = _is_slow(self._item)
        wanted = [self._key(self._item, is_sharp=True)]
        if self._pictures.placed(wanted[0]) is None:
            if is_slow and not is_still:
                wanted.clear()
            if is_slow or self._drawn is None:
                wanted.insert(0, self._key(self._item, is_sharp=False))
        ahead = [self._key(item, is_sharp=True) for item in self._ahead] if is_still else []
        self._redraw()
        self._pictures.want(self, wanted, ahead, sends_ahead=self._has_stepped)

    def _key(self, item: Item, *, is_sharp: bool) -> PictureKey:
        return PictureKey(
            item.id,
            item.content_id,
            item.mtime_ns,
            self.size.width,
            self.size.height,
            is_sharp,
            (item.width, item.height) if item.width and item.height else UNKNOWN_PX,
            self._view,
        )

    def _turned_px(self) -> tuple[int, int] | None:
        item = self._item
        if item is None or not item.width or not item.height:
            return None
        return turned_size((item.width, item.height), self._view)

    # Drawing

    def _redraw(self) -> None:
        """Draw the best there is; where there is nothing yet, the next frame shows that."""
        before = self._drawn
        self._choose()
        if self._drawn is None:
            self.refresh()
        elif self._drawn != before:
            self._paint()

    def _choose(self) -> None:
        """Take the best there is; an older view of the same item stays until the new one comes."""
        if self._item is not None:
            for is_sharp in (True, False):
                key = self._key(self._item, is_sharp=is_sharp)
                if (placed := self._pictures.placed(key)) is not None:
                    self._drawn = (key, placed)
                    break

    def _inset(self, placed: Placed) -> tuple[int, int]:
        return (
            max(0, (self.size.width - placed.width_cells) // 2),
            max(0, (self.size.height - placed.height_cells) // 2),
        )

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the lines of a region; the styles cache is left out, our lines are ready."""
        return [self._line(y).crop(crop.x, crop.right) for y in crop.line_range]

    def _line(self, y: int) -> Strip:
        width = self.size.width
        runs = self._runs(y)
        runs.append(BlankRow(max(0, width - sum(run.width_cells for run in runs))))
        base = self.rich_style
        return RunStrip(runs, width, base, style_codes(base, color_system(self.app.console)))

    def _runs(self, y: int) -> list[Row | TextRun]:
        if self._drawn is None:
            return self._words(y)
        placed = self._drawn[1]
        left, top = self._inset(placed)
        if not top <= y < top + placed.height_cells:
            return []
        return [BlankRow(left), placed.rows[y - top]]

    def _words(self, y: int) -> list[Row | TextRun]:
        if self._item is None or y != self.size.height // 2:
            return []
        reason = self._pictures.problem(self._key(self._item, is_sharp=True))
        words = stand_in(self._item, reason)
        width = self.size.width
        text = fit_text(fit_text(words, width).strip().center(width), width)
        style = self.get_component_rich_style("picture-view--stand-in")
        codes = style_codes(style, color_system(self.app.console))
        return [TextRun(text, width, codes, style)]


def _is_slow(item: Item) -> bool:
    """Tell whether another view takes so long to decode that the thumbnail goes before it."""
    return (item.width or 0) * (item.height or 0) > _SLOW_PX
