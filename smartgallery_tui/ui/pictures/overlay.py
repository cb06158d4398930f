"""Pictures drawn over blank cells: what is on the screen, what was erased, what to draw again."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

from textual.geometry import Region
from textual.widget import Widget

from smartgallery_tui.terminal.sixel import SixelBands
from smartgallery_tui.ui.pictures.direct import Canvas, is_uncovered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.app import App

    from smartgallery_tui.terminal.encode import Payload, Quality
    from smartgallery_tui.ui.pictures.wishes import PictureKey, PictureOwner, Placed

Place: TypeAlias = "tuple[int, int, Quality]"
"""Column and line of the upper left corner, and which version is there."""
SETTLE_S = 0.03
"""Wait after a frame: a screen that is pushed or closed is painted two or three times."""
LONGEST_SETTLE_S = 0.12
"""Draw after this time even if frames keep coming."""
MOST_NUMBERS = 1000
"""Pictures whose blanks are known; more than any screen shows."""
STRIP_BYTES = 12 * 1024
"""Shorter strips are joined: each defines its colours anew."""
MOST_UNDRAWN = 3
"""Pictures placed ahead of the drawing."""


class Pictures(Canvas, Protocol):
    """The picture layer, as far as drawing needs it."""

    app: App[object]

    def visible_wishes(self) -> Iterator[tuple[PictureOwner, PictureKey]]:
        """Yield what is on screens."""

    def placed(self, key: PictureKey) -> Placed | None:
        """Return a picture that can be drawn now."""

    def payload(self, key: PictureKey, quality: Quality) -> Payload | None:
        """Return its encoded form."""

    def unplace(self, key: PictureKey) -> None:
        """Have it made again."""

    def pump(self) -> None:
        """Send what is wanted."""


@dataclass(slots=True)
class _Cut:
    """A sixel that is drawn in strips."""

    key: PictureKey
    place: Place
    bands: SixelBands
    step: int = 0


class Overlay:
    """Draws sixel and iTerm2 pictures when the cells below them have come to rest."""

    def __init__(self, layer: Pictures) -> None:
        self._layer = layer
        self._shown: dict[PictureKey, Place] = {}
        self._blank: set[PictureKey] = set()
        self._numbers: dict[PictureKey, tuple[int, tuple[int, int]]] = {}
        self._keys: dict[int, PictureKey] = {}
        self._last_number = 0
        self._cut: _Cut | None = None
        self._undrawn: set[PictureKey] = set()
        self._timer_number = 0
        self._is_waiting = False
        self._is_called = False
        self._first_frame_s = 0.0

    def number(self, key: PictureKey, size_cells: tuple[int, int]) -> int:
        """Return the number for the blanks of a picture; the same as long as they cover the same.

        A better version of a picture is drawn over the first: its blanks are not written again.
        """
        number, size = self._numbers.get(key, (0, size_cells))
        if not number or size != size_cells:
            self._keys.pop(number, None)
            self._blank.discard(key)
            self._last_number = number = self._last_number + 1
            self._numbers[key] = number, size_cells
            self._keys[number] = key
            while len(self._numbers) > MOST_NUMBERS:
                self._drop_number(next(iter(self._numbers)))
        return number

    def _drop_number(self, key: PictureKey) -> None:
        number, _ = self._numbers.pop(key)
        del self._keys[number]
        self._blank.discard(key)
        self._shown.pop(key, None)

    def erased(self, numbers: set[int], *, is_frame: bool) -> None:
        """Note that pictures' cells are being written as blanks, which erases them.

        Args:
            numbers: Whose cells.
            is_frame: By a frame of the whole screen, after which another one may follow soon; and
                not by a widget that writes cells of its own at once.
        """
        for number in numbers:
            key = self._keys.get(number)
            if key is not None:
                self._damage(key)
                self._blank.add(key)
        if numbers and is_frame:
            self._wait()
        elif numbers:
            self.wake()

    def placed(self, key: PictureKey) -> None:
        """Note a new picture, or a better version of one."""
        if self._layer.caps.protocol in {"sixel", "iterm"}:
            self._damage(key)
            self._undrawn.add(key)

    def _damage(self, key: PictureKey) -> None:
        self._shown.pop(key, None)
        if self._cut is not None and self._cut.key == key:
            self._cut = None

    @property
    def is_behind(self) -> bool:
        """Tell whether enough pictures of the shown screen wait to be drawn.

        Their quality was chosen when they were placed: what the link turns out to be should still
        count for the rest.
        """
        return self.undrawn >= MOST_UNDRAWN

    @property
    def undrawn(self) -> int:
        """Return how many pictures of the shown screen were never drawn."""
        if not self._undrawn:
            return 0
        top = self._layer.app.screen
        return sum(
            key in self._undrawn and isinstance(owner, Widget) and owner.screen is top
            for owner, key in self._layer.visible_wishes()
        )

    def forget(self) -> None:
        """Note that nothing is on the screen."""
        self._shown.clear()
        self._blank.clear()
        self._undrawn.clear()
        self._numbers.clear()
        self._keys.clear()
        self._cut = None

    def wake(self) -> None:
        """Draw what is missing: at once, or when the screen has come to rest after a frame."""
        if self._draws and not (self._is_waiting or self._is_called):
            self._is_called = True
            self._layer.app.call_later(self._called)

    @property
    def _draws(self) -> bool:
        layer = self._layer
        return layer.caps.protocol in {"sixel", "iterm"} and layer.app.is_running

    def _wait(self) -> None:
        """Draw once the screen has been quiet for `SETTLE_S`."""
        now = time.monotonic()
        if not self._draws:
            return
        if self._is_waiting and now - self._first_frame_s > LONGEST_SETTLE_S - SETTLE_S:
            return
        if not self._is_waiting:
            self._first_frame_s = now
        self._is_waiting = True
        self._timer_number += 1
        number = self._timer_number
        self._layer.app.set_timer(SETTLE_S, lambda: self._settled(number))

    def _settled(self, number: int) -> None:
        if number == self._timer_number:
            self._is_waiting = False
            self._draw_and_go_on()

    def _called(self) -> None:
        self._is_called = False
        if not self._is_waiting:
            self._draw_and_go_on()

    def _draw_and_go_on(self) -> None:
        if self._draw():
            self._layer.pump()

    def _draw(self) -> bool:
        """Draw as much as the link takes; True if it was anything."""
        layer = self._layer
        has_drawn = False
        for owner, key in layer.visible_wishes():
            placed = layer.placed(key)
            if placed is None or key not in self._blank:
                continue
            origin = self._free_origin(owner, key, placed)
            if origin is None or self._shown.get(key) == (*origin, placed.quality):
                continue
            payload = layer.payload(key, placed.quality)
            if payload is None:
                layer.unplace(key)
                continue
            if not self._send(key, (*origin, placed.quality), payload.data):
                return has_drawn
            self._shown[key] = (*origin, placed.quality)
            self._undrawn.discard(key)
            has_drawn = True
        return has_drawn

    def _send(self, key: PictureKey, place: Place, data: bytes) -> bool:
        """Draw a picture, or as many strips of it as the link takes; True when it is complete."""
        link, caps = self._layer.link, self._layer.caps
        cut = self._cut
        if cut is None or (cut.key, cut.place) != (key, place):
            is_whole = caps.protocol != "sixel" and link.has_room_for(len(data))
            if is_whole or link.room_bytes() >= len(data):
                link.write(self._code(place[0], place[1], data.decode("ascii")), marked=True)
                return True
            if caps.protocol != "sixel" or link.room_bytes() <= 0:
                return False
            cut = _Cut(key, place, SixelBands(data, caps.cell_height_px))
        self._cut = cut
        while cut.step < cut.bands.steps:
            if not self._send_strip(cut):
                return False
        self._cut = None
        return True

    def _send_strip(self, cut: _Cut) -> bool:
        """Draw the next strips that fit together; False if they have to wait."""
        link = self._layer.link
        last = cut.step + 1
        text = cut.bands.strip(cut.step, last)
        most = max(link.room_bytes(), STRIP_BYTES)
        while last < cut.bands.steps:
            longer = cut.bands.strip(cut.step, last + 1)
            if len(longer) > most:
                break
            text, last = longer, last + 1
        if not link.has_room_for(len(text)):
            return False
        code = self._code(cut.place[0], cut.place[1] + cut.bands.line(cut.step), text)
        cut.step = last
        link.write(code, marked=True)
        return True

    def _code(self, x: int, y: int, data: str) -> str:
        place = f"\x1b7\x1b[{y + 1};{x + 1}H{data}\x1b8"
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
