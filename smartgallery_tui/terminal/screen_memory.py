"""Remembers what the terminal shows, so that only what has changed is written.

Textual repaints whole widgets, and whole screens where a notice comes up. Over SSH that is
hundreds of bytes for a key and, where pictures are drawn over cells, every picture again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from smartgallery_tui.terminal.screen_cells import (
    changes,
    overlays_in,
    read_cells,
    width_cells,
    without_overlay_codes,
)

if TYPE_CHECKING:
    from smartgallery_tui.terminal.screen_cells import Cell

SYNC_START, SYNC_END = "\x1b[?2026h", "\x1b[?2026l"
"""Enclose a frame that the terminal should show at once."""
CELLS_START, CELLS_END = "\x1b7", "\x1b8"
"""Enclose cells that a widget writes by itself; the cursor stays where it was."""
_MOVE = re.compile(r"\x1b\[(\d+);(\d+)H")
_MOST_CODES = 64
"""A piece of a line with more escape codes (half blocks) is compared as a whole."""


@dataclass(slots=True)
class _Line:
    cells: list[Cell | None] = field(default_factory=list)
    piece: tuple[int, str] | None = None
    """First column and text of the last piece, while nothing else was written to the line."""

    def known(self, start: int, end: int) -> list[Cell | None]:
        """Return the cells of these columns."""
        if len(self.cells) < end:
            self.cells += [None] * (end - len(self.cells))
        return self.cells[start:end]


class ScreenMemory:
    """What is on the screen. Used by one thread."""

    def __init__(self) -> None:
        self._lines: dict[int, _Line] = {}
        self._place = ""

    def forget(self) -> None:
        """Note that the screen may show anything."""
        self._lines.clear()
        self._place = ""

    @staticmethod
    def is_frame(text: str) -> bool:
        """Tell whether output begins like a frame: by moving the cursor."""
        return _MOVE.match(text, 2 if text.startswith(CELLS_START) else 0) is not None

    def reduced(self, frame: str) -> tuple[str, set[int]]:
        """Return what has to be written of a frame, and whose blanks that writes.

        Args:
            frame: Moves to a cell, each followed by the text of a piece of that line; every piece
                begins and ends in the terminal's own colours. `ESC 7` and `ESC 8` may enclose it.

        Returns:
            The codes, "" if all is there already; and the numbers of the drawn pictures whose
            cells are written anew, which erases them.
        """
        parts = _MOVE.split(frame)
        is_enclosed = parts[0] == CELLS_START
        out: list[str] = []
        erased: set[int] = set()
        place = ""
        for at in range(1, len(parts), 3):
            y, x, text = int(parts[at]) - 1, int(parts[at + 1]) - 1, parts[at + 2]
            text = text.rstrip("\r\n").removesuffix(CELLS_END)
            if text:
                out.append(self._piece(y, x, text, erased))
            elif not is_enclosed:
                place = f"\x1b[{y + 1};{x + 1}H"
        body = "".join(out)
        if is_enclosed:
            return (f"{CELLS_START}{body}{CELLS_END}" if body else ""), erased
        if body or place != self._place:
            body += place
        self._place = place
        return body, erased

    def _piece(self, y: int, x: int, text: str, erased: set[int]) -> str:
        line = self._lines.setdefault(y, _Line())
        if line.piece == (x, text):
            return ""
        cells = read_cells(text) if text.count("\x1b") <= _MOST_CODES else None
        if cells is None:
            self._lines[y] = _Line(piece=(x, text))
            erased |= overlays_in(text)
            end = x + width_cells(text)
            behind = line.cells[end : end + 1]
            rest = changes(y, end, [None], [behind[0]]) if behind and behind[0] else ""
            return f"\x1b[{y + 1};{x + 1}H{without_overlay_codes(text)}{rest}"
        end = x + len(cells)
        known = line.known(x, end)
        line.piece = (x, text)
        if known == cells:
            return ""
        line.cells[x:end] = cells
        erased |= {
            cell.overlay[0]
            for cell, before in zip(cells, known, strict=True)
            if cell.overlay and cell != before
        }
        behind = line.cells[end : end + 1]
        if behind and behind[0] is not None:
            # It may be a placeholder that goes by its left neighbour.
            return changes(y, x, [*known, behind[0]], [*cells, behind[0]])
        return changes(y, x, known, cells)
