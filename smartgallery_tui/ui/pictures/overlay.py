"""Pictures drawn over blank cells: what is on the screen, what was erased, what to draw again."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from textual.geometry import Region
from textual.widget import Widget

from smartgallery_tui.ui.pictures.direct import is_uncovered

if TYPE_CHECKING:
    from smartgallery_tui.ui.pictures.layer import PictureLayer
    from smartgallery_tui.ui.pictures.wishes import PictureKey, PictureOwner, Placed

SETTLE_S = 0.03
"""Wait after the last frame: a screen that is pushed or closed is painted two or three times."""
LONGEST_SETTLE_S = 0.12
"""Draw after this time even if frames keep coming."""


class Overlay:
    """Draws sixel and iTerm2 pictures when the cells below them have come to rest."""

    def __init__(self, layer: PictureLayer) -> None:
        self._layer = layer
        self._shown: dict[PictureKey, tuple[int, int, bool]] = {}
        self._blank: set[PictureKey] = set()
        self._timer_number = 0
        self._is_waiting = False
        self._first_wake_s = 0.0

    def erased(self, key: PictureKey) -> None:
        """Note that a picture's cells are being written as blanks, which erases it."""
        self._shown.pop(key, None)
        self._blank.add(key)
        self.wake(restart=True)

    def placed(self, key: PictureKey) -> None:
        """Note a new picture: it may be drawn once its blanks are on the screen."""
        self._shown.pop(key, None)
        self._blank.discard(key)

    def forget(self) -> None:
        """Note that nothing is on the screen."""
        self._shown.clear()
        self._blank.clear()

    def wake(self, *, restart: bool = False) -> None:
        """Draw what is missing once the screen has been quiet for `SETTLE_S`."""
        layer = self._layer
        if layer.caps.protocol not in {"sixel", "iterm"} or not layer.app.is_running:
            return
        now = time.monotonic()
        if self._is_waiting:
            if not restart or now - self._first_wake_s > LONGEST_SETTLE_S - SETTLE_S:
                return
        else:
            self._first_wake_s = now
        self._is_waiting = True
        self._timer_number += 1
        number = self._timer_number
        layer.app.set_timer(SETTLE_S, lambda: self._settled(number))

    def _settled(self, number: int) -> None:
        if number != self._timer_number:
            return
        self._is_waiting = False
        self._draw()

    def _draw(self) -> None:
        layer = self._layer
        for owner, key in layer.visible_wishes():
            placed = layer.placed(key)
            if placed is None or key not in self._blank:
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
        origin = owner.picture_origin(key)
        if origin is None:
            return None
        place = Region(*origin, placed.width_cells, placed.height_cells)
        if place.bottom >= owner.screen.size.height:
            # A picture that reaches the last line would scroll the screen.
            return None
        return origin if is_uncovered(owner, place) else None
