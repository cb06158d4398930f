"""Pictures drawn over blank cells: what is on the screen, what was erased, what to draw again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widget import Widget

if TYPE_CHECKING:
    from smartgallery_tui.ui.pictures.layer import PictureLayer
    from smartgallery_tui.ui.pictures.wishes import PictureKey, PictureOwner, Placed

SETTLE_S = 0.03
"""Wait after the last frame: a screen that is pushed or closed is painted two or three times."""


class Overlay:
    """Draws sixel and iTerm2 pictures when the cells below them have come to rest."""

    def __init__(self, layer: PictureLayer) -> None:
        self._layer = layer
        self._shown: dict[PictureKey, tuple[int, int, bool]] = {}
        self._timer_number = 0

    def erased(self, key: PictureKey) -> None:
        """Note that a picture's cells were written, which erases it."""
        self._shown.pop(key, None)
        self.wake(restart=True)

    def forget(self) -> None:
        """Note that nothing is on the screen."""
        self._shown.clear()

    def wake(self, *, restart: bool = False) -> None:
        """Draw what is missing once the screen has been quiet for `SETTLE_S`."""
        layer = self._layer
        if layer.caps.protocol not in {"sixel", "iterm"} or not layer.app.is_running:
            return
        if self._timer_number and not restart:
            return
        self._timer_number += 1
        number = self._timer_number
        layer.app.set_timer(SETTLE_S, lambda: self._settled(number))

    def _settled(self, number: int) -> None:
        if number != self._timer_number:
            return
        self._timer_number = 0
        self._draw()

    def _draw(self) -> None:
        layer = self._layer
        for owner, key in layer.visible_wishes():
            placed = layer.placed(key)
            if placed is None:
                continue
            origin = self._free_origin(owner, key, placed)
            if origin is None or self._shown.get(key) == (*origin, placed.is_low):
                continue
            payload = layer.best_payload(key, is_low=placed.is_low)
            if payload is None:
                layer.unplace(key)
                continue
            if layer.link.room_bytes() <= 0:
                return
            self._shown[key] = (*origin, placed.is_low)
            layer.link.write(self._code(origin, payload.data), marked=True)

    def _code(self, origin: tuple[int, int], data: bytes) -> str:
        place = f"\x1b7\x1b[{origin[1] + 1};{origin[0] + 1}H{data.decode('ascii')}\x1b8"
        if self._layer.caps.has_sync:
            return f"\x1b[?2026h{place}\x1b[?2026l"
        return place

    def _free_origin(
        self, owner: PictureOwner, key: PictureKey, placed: Placed
    ) -> tuple[int, int] | None:
        """Return where to draw, or None while something covers the place."""
        if not isinstance(owner, Widget) or not owner.is_attached:
            return None
        screen = owner.screen
        if screen is not self._layer.app.screen:
            return None
        origin = owner.picture_origin(key)
        if origin is None:
            return None
        left, top = origin
        right, bottom = left + placed.width_cells - 1, top + placed.height_cells - 1
        if left < 0 or top < 0 or bottom >= screen.size.height - 1 or right >= screen.size.width:
            # A picture that reaches the last line would scroll the screen.
            return None
        middle = ((left + right) // 2, (top + bottom) // 2)
        corners = [(left, top), (right, top), (left, bottom), (right, bottom), middle]
        for x, y in corners:
            widget, _ = screen.get_widget_at(x, y)
            if widget is not owner:
                return None
        return origin
