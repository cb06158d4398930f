"""How a payload becomes cells, one way a protocol."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Protocol

from smartgallery_tui.terminal import kitty
from smartgallery_tui.terminal.blocks import block_rows
from smartgallery_tui.terminal.rows import OverlayRow, PlaceholderRow
from smartgallery_tui.ui.pictures.wishes import Placed

if TYPE_CHECKING:
    from collections import OrderedDict
    from collections.abc import Callable, Iterable

    from smartgallery_tui.terminal.caps import TerminalCaps
    from smartgallery_tui.terminal.encode import Payload, Quality
    from smartgallery_tui.ui.pictures.wishes import PictureKey

MOST_PICTURES = 2_000
"""Pictures that we leave in the terminal, however small: what we know of each takes memory here."""
KITTY_BUDGET_BYTES = 160 * 1024 * 1024
"""Decoded pixels that we leave in the terminal; kitty drops the oldest silently at 320 MiB."""


class Backend(Protocol):
    """One protocol."""

    def transmission(self, key: PictureKey, payload: Payload) -> list[str]:
        """Return what must be written before the picture can be placed, in pieces."""

    def place(self, key: PictureKey, payload: Payload, quality: Quality) -> Placed:
        """Return the cells of a picture whose transmission was written."""

    def surplus(self, placed: OrderedDict[PictureKey, Placed], kept: Iterable[PictureKey]) -> str:
        """Drop the pictures used longest ago from `placed`; return what frees them."""

    def free_all(self) -> str:
        """Return what frees everything in the terminal, and forget it."""


class KittyBackend:
    """Pictures that live in the terminal under ids."""

    def __init__(self, caps: TerminalCaps) -> None:
        self._caps = caps
        self._next_id = 1 + secrets.randbelow(0xFFFF) * 256 + 255 if caps.has_wide_ids else 1
        self._sending: dict[PictureKey, int] = {}
        self._ids: dict[PictureKey, tuple[int, int]] = {}
        self._replaced: list[int] = []

    def transmission(self, key: PictureKey, payload: Payload) -> list[str]:
        """Give the picture an id and return its chunks."""
        number = self._sending[key] = self._new_id()
        cells, is_tmux = (payload.width_cells, payload.height_cells), self._caps.is_tmux
        if payload.file is not None:
            path, size_px = payload.file.path, payload.raw_px
            return [kitty.transmit_file(number, path, size_px, *cells, is_tmux=is_tmux)]
        return list(kitty.transmit(number, payload.data, *cells, is_tmux=is_tmux))

    def place(self, key: PictureKey, payload: Payload, quality: Quality) -> Placed:
        """Return rows of placeholders; an older version of the picture is freed later."""
        number = self._sending.pop(key)
        if key in self._ids:
            self._replaced.append(self._ids[key][0])
        self._ids[key] = (number, payload.decoded_bytes)
        rows = tuple(
            PlaceholderRow(number, line, payload.width_cells, has_repeat=self._caps.has_repeat)
            for line in range(payload.height_cells)
        )
        return Placed(payload.width_cells, payload.height_cells, rows, quality)

    def surplus(self, placed: OrderedDict[PictureKey, Placed], kept: Iterable[PictureKey]) -> str:
        """Free replaced pictures, and the oldest beyond the budget that nobody shows."""
        gone = self._replaced
        self._replaced = []
        held = sum(size for _, size in self._ids.values())
        room = MOST_PICTURES if self._caps.has_wide_ids else 200
        shown = set(kept)
        for key in list(placed):
            if held <= KITTY_BUDGET_BYTES and len(self._ids) <= room:
                break
            if key in shown:
                continue
            del placed[key]
            number, size = self._ids.pop(key)
            held -= size
            gone.append(number)
        return "".join(kitty.free(number, is_tmux=self._caps.is_tmux) for number in gone)

    def free_all(self) -> str:
        """Return the frees of all our pictures, a half-sent one included."""
        numbers = [number for number, _ in self._ids.values()]
        numbers += [*self._sending.values(), *self._replaced]
        self._ids.clear()
        self._sending.clear()
        self._replaced.clear()
        return "".join(kitty.free(number, is_tmux=self._caps.is_tmux) for number in numbers)

    def _new_id(self) -> int:
        used = {number for number, _ in self._ids.values()}
        limit = 0xFFFFFF if self._caps.has_wide_ids else 255
        while True:
            number = self._next_id
            self._next_id = number + 1 if number < limit else 1
            if number not in used:
                return number


class BlockBackend:
    """Half blocks, or shades without colours: the cells are the picture."""

    def __init__(self, caps: TerminalCaps) -> None:
        self._caps = caps

    def transmission(self, key: PictureKey, payload: Payload) -> list[str]:
        """Return nothing: the frame itself carries the picture."""
        return []

    def place(self, key: PictureKey, payload: Payload, quality: Quality) -> Placed:
        """Return rows of half blocks."""
        rows = block_rows(
            payload.data, payload.width_cells, payload.height_cells, self._caps.colors
        )
        return Placed(payload.width_cells, payload.height_cells, rows)

    def surplus(self, placed: OrderedDict[PictureKey, Placed], kept: Iterable[PictureKey]) -> str:
        """Keep the newest 400."""
        while len(placed) > 400:
            placed.popitem(last=False)
        return ""

    def free_all(self) -> str:
        """Return nothing: leaving the screen frees it."""
        return ""


class OverlayBackend:
    """Sixel and iTerm2: blanks that a picture is drawn over.

    Args:
        number: Gives the number that a picture's blanks carry.
    """

    def __init__(self, number: Callable[[PictureKey, tuple[int, int]], int]) -> None:
        self._number = number

    def transmission(self, key: PictureKey, payload: Payload) -> list[str]:
        """Return nothing: the overlay draws it once the blanks are on the screen."""
        return []

    def place(self, key: PictureKey, payload: Payload, quality: Quality) -> Placed:
        """Return rows of blanks that name the picture."""
        width, height = payload.width_cells, payload.height_cells
        number = self._number(key, (width, height))
        rows = tuple(OverlayRow(width, number, line) for line in range(height))
        return Placed(width, height, rows, quality)

    def surplus(self, placed: OrderedDict[PictureKey, Placed], kept: Iterable[PictureKey]) -> str:
        """Keep the newest 200."""
        while len(placed) > 200:
            placed.popitem(last=False)
        return ""

    def free_all(self) -> str:
        """Return nothing: the pixels are on the screen that is left."""
        return ""
