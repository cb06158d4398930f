"""New files and the grid: they appear where they belong, and the cursor stays, or follows."""

from __future__ import annotations

from dataclasses import replace

from smartgallery_tui.ui.screens.adjusting import AdjustingGrid
from smartgallery_tui.ui.screens.culling import CullingScreen

LANDED_S = 0.01
"""Wait for more files before the question is asked again, if answers are fast."""
_SLOWEST_S = 0.5


class LiveGrid(AdjustingGrid):
    """The part of the grid that hears of files as they land."""

    @property
    def keeps_item(self) -> bool:
        """False while following: the newest item is the place to be, unless one left it."""
        top = self.app.screen
        place = top.position if isinstance(top, CullingScreen) else self.grid.cursor
        return not self.session.is_following or place > 0

    def files_landed(self) -> None:
        """Ask again at once; slow answers are asked for less often."""
        self.refresh_soon(min(_SLOWEST_S, max(LANDED_S, 4 * self._desk.last_seconds)))

    def ask_again(self) -> None:
        """Ask the same question; while following, the newest item is the place to be."""
        if not self.keeps_item:
            self.grid.cursor = 0
        super().ask_again()

    def ask_for_newest(self) -> None:
        """Show the newest item of the search first."""
        self.grid.cursor = 0
        asked = self._desk.asked
        self.ask(replace(asked, sort="date", is_descending=True, item_id=None))
