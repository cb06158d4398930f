"""What the terminal can do, as one value that the probe makes and everything else only reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from smartgallery_tui.records import GraphicsName

Protocol = Literal["kitty", "sixel", "iterm", "halfblock", "none"]
Colors = Literal["truecolor", "256", "16", "none"]

DEFAULT_CELL_PX = (10, 20)
"""Cell size assumed where the terminal does not tell: width and height in pixels."""


@dataclass(frozen=True, slots=True)
class TerminalCaps:
    """The terminal, as far as pictures and keys are concerned."""

    protocol: Protocol = "halfblock"
    cell_width_px: int = DEFAULT_CELL_PX[0]
    cell_height_px: int = DEFAULT_CELL_PX[1]
    brand: str = ""
    """Name and version as the terminal reports them; "" where it does not answer."""
    reason: str = "nothing was probed"
    """One line that says why this protocol was chosen."""
    colors: Colors = "truecolor"
    is_tmux: bool = False
    has_sync: bool = False
    """The terminal can hold a frame back until it is complete (private mode 2026)."""
    has_repeat: bool = True
    """The terminal repeats a character on request (`CSI n b`)."""
    has_wide_ids: bool = True
    """Picture ids of 24 bits survive as colours; without it only 255 pictures can be held."""
    rtt_ms: float = 0.0
    """Time from the query to its last answer."""
    is_remote: bool = False
    """The session runs over SSH."""
    sees_our_files: bool = False
    """The terminal reads pictures from files of ours: no pixel has to be sent."""
    is_cell_size_known: bool = False
    needs_passthrough: bool = False
    """Pictures would get through tmux if `allow_passthrough` were called; ask the user first."""
    is_text: bool = False
    """No pictures and no room for them: items are lines of words, for screen readers and logs."""
    asked: GraphicsName = "auto"
    """What the user asked for."""
    notes: tuple[str, ...] = ()
    """What else `doctor` should say, one line each."""
