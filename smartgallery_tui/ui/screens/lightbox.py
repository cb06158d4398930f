"""The large picture's screen, made once and kept: opening it again mounts nothing.

Making a screen takes longer than everything else between the key and the picture. So it is made and
laid out while nobody acts, and stays when it is closed. The picture that it would show first is
encoded while the cursor rests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events

from smartgallery_tui.ui.screens.base import HasKeys
from smartgallery_tui.ui.screens.detail import DetailScreen

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.timer import Timer

    from smartgallery_tui.ui.screens.grid_keys import GridKeys

REST_S = 1.0
"""No key has come for so long, and no picture is on its way, when something is made ahead."""
_NAME = "detail"


class Lightbox:
    """Opens the screen of the large picture.

    Args:
        screen: The grid that it is opened from.
    """

    def __init__(self, screen: GridKeys) -> None:
        self._grid = screen
        self._detail: DetailScreen | None = None
        self._timer: Timer | None = None

    @property
    def is_ready(self) -> bool:
        """Tell whether nothing is left to be made ahead."""
        is_made = self._detail is not None and self._detail.visit.room == self._grid.app.size
        return is_made and self._timer is None

    def prepare_soon(self) -> None:
        """Make the screen ahead, and what it shows first, when nothing else is done."""
        if self._timer is None:
            self._timer = self._grid.set_timer(REST_S, self._prepare)

    def open(self, index: int, came_back: Callable[[int], None], *, is_showing: bool) -> None:
        """Show the item at a position of the open result.

        Args:
            index: The position.
            came_back: Called with the position shown last when the screen is closed.
            is_showing: Start a slideshow.
        """
        app, detail = self._grid.app, self._made()
        if detail not in app.screen_stack:
            app.push_screen(detail, lambda _: came_back(detail.index))
            detail.visit.begin(index, is_showing=is_showing)

    def _made(self) -> DetailScreen:
        if self._detail is None:
            self._detail = DetailScreen(self._grid.session)
            self._grid.app.install_screen(self._detail, _NAME)
        return self._detail

    def _prepare(self) -> None:
        self._timer = None
        if not self._grid.is_current:
            return  # the grid shows its status when it is back
        if not self._is_quiet or self._step():
            self.prepare_soon()

    @property
    def _is_quiet(self) -> bool:
        app, pictures = self._grid.app, self._grid.session.pictures
        is_typing = isinstance(app, HasKeys) and app.keys.quiet_s < REST_S
        return not is_typing and pictures.is_idle

    def _step(self) -> bool:
        """Do a part; return whether there is more to be done."""
        app, detail, item = self._grid.app, self._made(), self._grid.current
        if not detail.is_running:
            app._get_screen(detail)  # noqa: SLF001 - nothing public mounts what is not shown
        elif detail.visit.room != app.size:
            detail.stack_updates += 1  # a screen that was never shown is not laid out
            detail.post_message(events.Resize(app.size, app.size))
        else:
            if item is not None:
                detail.picture.expect(item)
            return False
        return True
