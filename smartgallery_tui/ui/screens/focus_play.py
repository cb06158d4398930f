"""Plays the card under the cursor of the grid after a moment of rest, where the settings say so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.ui.screens.base import HasKeys
from smartgallery_tui.ui.screens.playing import FramesRead, Playback
from smartgallery_tui.ui.screens.storyboard import MOVING

if TYPE_CHECKING:
    from textual.timer import Timer

    from smartgallery_tui.ui.screens.grid import GridScreen

REST_S = 0.5
"""How long the cursor rests before the card plays."""
_LOOK_S = 0.1
"""How often a playing card looks whether a key has come."""


class FocusPlay:
    """Lets an animated picture, or the scenes of a video, play on its card until the next key.

    A slow line never sees it.

    Args:
        screen: The grid.
    """

    def __init__(self, screen: GridScreen) -> None:
        self._screen = screen
        self._timer: Timer | None = None
        self._playback: Playback | None = None
        self._item_id: int | None = None
        self._quiet_s = 0.0

    def rest(self) -> None:
        """Begin to wait: the cursor stands on another item, or what it stood on is a new row."""
        self.stop()
        if self._screen.session.library.settings.view.animate_focus:
            self._timer = self._screen.set_timer(REST_S, self._rested)

    def stop(self) -> None:
        """Show the thumbnail again."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        self._item_id = None
        if self._playback is not None:
            self._playback.stop()
            self._playback = None
            self._screen.grid.moving.stop()

    def take(self, message: FramesRead) -> None:
        """Play the frames, if they are still wanted."""
        if self._playback is not None and message.item_id == self._item_id:
            self._playback.take(message, self._screen.current)

    def _rested(self) -> None:
        screen, item = self._screen, self._screen.current
        quiet_s = self._key_quiet_s()
        if quiet_s < REST_S:
            self._timer = screen.set_timer(REST_S - quiet_s, self._rested)
            return
        self._timer = None
        is_shown = screen.is_current and screen.grid.is_settled and not screen.listing.is_on
        is_slow = screen.session.pictures.link.pacer.is_slow
        if item is None or item.kind not in MOVING or not is_shown or is_slow:
            return
        layout, caps = screen.grid.layout_now, screen.session.pictures.caps
        box_px = (
            layout.picture_width * caps.cell_width_px,
            layout.picture_height * caps.cell_height_px,
        )
        self._item_id, self._quiet_s = item.id, quiet_s
        self._playback = Playback(screen, screen.session, screen.grid.moving, self.stop)
        self._playback.play(item, box_px)
        self._playback.play_scenes()
        self._timer = screen.set_interval(_LOOK_S, self._look)

    def _look(self) -> None:
        """Stop at a key, and where something else is shown."""
        quiet_s = self._key_quiet_s()
        if quiet_s < self._quiet_s or not self._screen.is_current or self._screen.listing.is_on:
            self.stop()
        self._quiet_s = quiet_s

    def _key_quiet_s(self) -> float:
        app = self._screen.app
        return app.keys.quiet_s if isinstance(app, HasKeys) else REST_S
