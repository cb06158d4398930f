"""What stands beside the cards or lines of a grid: the picture, and what is known of the item."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.ui.screens.inspecting import Inspector
from smartgallery_tui.ui.widgets.info_panel import InfoPanel
from smartgallery_tui.ui.widgets.picture_view import PictureView

if TYPE_CHECKING:
    from textual.widget import Widget

    from smartgallery_tui.ui.screens.grid import GridScreen

_LEAST_CELLS, _FEW_CELLS = 60, 100
"""Room for lines and the picture beside them: where it is wished, and where nothing was said."""
_PANEL_CELLS = 52
"""Room of the information where the screen is wide."""


class Aside:
    """Shows the item under the cursor of a grid beside it.

    Args:
        screen: The grid.
    """

    def __init__(self, screen: GridScreen) -> None:
        self._screen = screen
        session = screen.session
        self.picture = PictureView(session.pictures)
        self.picture.id = "beside"
        self._panel = InfoPanel(session.pictures)
        self.inspector = Inspector(screen, session, self._panel, is_beside_grid=True)
        self.is_picture_wanted: bool | None = None
        """None: where there is much room."""

    @property
    def parts(self) -> tuple[Widget, ...]:
        """What the screen begins with; the information is made when it is opened first."""
        return (self.picture, self._panel) if self.inspector.is_open else (self.picture,)

    async def make_panel(self) -> None:
        """Have the information in its place, open or not."""
        if not self._panel.is_attached:
            await self._screen.query_one("#middle").mount(self._panel)

    def show(self) -> None:
        """Show the item under the cursor in what is open."""
        item = self._screen.current
        self._fit()
        if item is None:
            return
        if self.inspector.item is not item:
            self.inspector.show(item)
        if self.picture.size and item is not self.picture.item:
            self.picture.show(item)

    def switch_picture(self) -> None:
        """Show the picture beside the lines, or leave the room to them."""
        self.is_picture_wanted = not self._screen.has_class("-pictured")
        self._fit()

    async def step_tab(self, delta: int) -> None:
        """Show another tab of the information; from the filters, go to the cards."""
        if self._screen.focused is self._screen.filters:
            self._screen.focus_items()
        else:
            await self.make_panel()
            self.inspector.step_tab(delta)

    def scroll(self, pages: float) -> None:
        """Scroll the information, if it is open."""
        if self.inspector.is_open:
            self._panel.scroll_pages(pages)

    def _fit(self) -> None:
        """Show the picture where lines have room beside it."""
        screen = self._screen
        taken = screen.filters.cells if screen.filtering.is_open else 0
        taken += _PANEL_CELLS if self.inspector.is_open else 0
        least = _LEAST_CELLS if self.is_picture_wanted else _FEW_CELLS
        has_room = screen.app.size.width - taken >= least
        is_shown = self.is_picture_wanted is not False and has_room
        if is_shown != screen.has_class("-pictured"):
            screen.set_class(is_shown, "-pictured")
            screen.call_after_refresh(screen.show_status)
