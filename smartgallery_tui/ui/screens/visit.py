"""One visit to the large picture: what begins with the key that opens it, and ends with closing.

The screen stays when it is closed. So a visit begins by forgetting the one before: no word, view,
frame or timer of another picture is seen again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.geometry import Size

if TYPE_CHECKING:
    from smartgallery_tui.ui.screens.detail import DetailScreen


class Visit:
    """Begins and ends what the screen of the large picture shows.

    Args:
        screen: The screen.
    """

    def __init__(self, screen: DetailScreen) -> None:
        self._screen = screen
        self.room = Size(0, 0)
        """What the screen is laid out for."""
        self.is_made = False
        """The parts of the screen are there."""
        self.is_open = False
        """Somebody looks at it."""
        self._is_showing = False

    def begin(self, index: int, *, is_showing: bool = False) -> None:
        """Show the item at a position; the screen is on the stack.

        Args:
            index: Position in the result.
            is_showing: Start a slideshow.
        """
        screen = self._screen
        self.end()
        self.is_open, self._is_showing = True, is_showing
        screen.set_reactive(type(screen).index, screen.validate_index(index))
        if not self.is_made:
            return
        looks = {"-zen": screen.session.is_zen, "-text": screen.session.caps.is_text}
        is_laid_out = self.room == screen.app.size and all(
            screen.has_class(name) == is_set for name, is_set in looks.items()
        )
        for name, is_set in looks.items():
            screen.set_class(is_set, name)
        screen.hints.use(screen.session.keymap)
        if is_laid_out:
            self._start()
        else:
            screen.call_after_refresh(self._start)

    def made(self) -> None:
        """Note that the parts of the screen are there; show the item, if one was asked for."""
        self.is_made = True
        self._start()

    def left(self) -> None:
        """Forget what was shown, if the screen was closed and not covered."""
        if self._screen not in self._screen.app.screen_stack:
            self.end()

    def end(self) -> None:
        """Forget what was shown."""
        screen = self._screen
        self.is_open = False
        screen.playback.stop()
        screen.slides.reset()
        if self.is_made:
            screen.picture.clear()
            screen.inspector.clear()
            screen.status.left = screen.status.right = Content()

    def _start(self) -> None:
        if self.is_open:
            self._screen.show_item()
        if self.is_open and self._is_showing:
            self._screen.action_slideshow()
