"""What moves in the lightbox: animated pictures and the slideshow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import getters
from textual.message import Message

from smartgallery_tui.errors import SmartGalleryError
from smartgallery_tui.ui.player import Player
from smartgallery_tui.ui.screens.roaming import RoamingScreen
from smartgallery_tui.ui.widgets.picture_view import PictureView

if TYPE_CHECKING:
    import threading

    from textual.timer import Timer

    from smartgallery_tui.library import Library
    from smartgallery_tui.records import Frame, Item
    from smartgallery_tui.ui.background import Call
    from smartgallery_tui.ui.session import Session

SLIDE_S = 5.0
"""Seconds that a slideshow shows a picture at first."""
LARGEST_PX = 640
"""Longest side of a frame that plays."""
BUDGET_BYTES = 40 << 20
"""Pixels that the frames of one animation may hold."""
MOST_FRAMES = 240
_WAIT_S = 0.05
"""How long a frame that is not drawn yet is waited for before looking again."""


@dataclass
class FramesRead(Message):
    """The frames of an animated picture are here."""

    item_id: int
    frames: list[Frame]


def read_frames(library: Library, item: Item, box_px: tuple[int, int]) -> Call:
    """Return a call that reads the frames; one that cannot be read keeps its still picture."""
    box = (min(LARGEST_PX, box_px[0]), min(LARGEST_PX, box_px[1]))
    limit = max(2, min(MOST_FRAMES, BUDGET_BYTES // max(1, box[0] * box[1] * 3)))

    def call(cancelled: threading.Event) -> FramesRead | None:
        try:
            frames = library.frames(item.id, box, limit)
        except SmartGalleryError:
            return None
        return None if cancelled.is_set() else FramesRead(item.id, frames)

    return call


class PlayingScreen(RoamingScreen):
    """A screen with one picture that may move.

    Args:
        session: What all screens share.
        is_showing: Start a slideshow.
    """

    picture = getters.query_one(PictureView)

    def __init__(self, session: Session, *, is_showing: bool = False) -> None:
        super().__init__(session)
        self._slides: Timer | None = None
        self._delay_s = SLIDE_S
        self._is_showing = is_showing
        self._player: Player | None = None
        self._frame_timer: Timer | None = None

    # Animated pictures

    def play(self, item: Item) -> None:
        """Read and play the frames of an item that has them; stop what played before."""
        self.stop_playing()
        can_play = item.kind == "animated" and item.state != "missing"
        if can_play and self.session.pictures.has_pictures:
            call = read_frames(self.session.library, item, self.picture.box_px)
            self.session.background.frames.submit("reading frames", call, self)

    def stop_playing(self) -> None:
        """Forget the frames."""
        if self._frame_timer is not None:
            self._frame_timer.stop()
            self._frame_timer = None
        if self._player is not None:
            self.session.frames.drop(self._player.rows)
            self._player = None

    def on_frames_read(self, message: FramesRead) -> None:
        """Play the frames unless another item is shown; a slow link shows them one by one."""
        item = self.current
        if item is None or item.id != message.item_id or len(message.frames) < 2:
            return
        rows = self.session.frames.put(item, [frame.picture for frame in message.frames])
        seconds = [frame.duration_ms / 1000 for frame in message.frames]
        is_slow = self.session.pictures.link.pacer.is_slow
        self._player = Player(rows, seconds, is_paused=is_slow)
        if not is_slow:
            self._next_frame()
        self.show_status()

    def on_unmount(self) -> None:
        """Forget the frames."""
        self.stop_playing()

    def _next_frame(self) -> None:
        player = self._player
        if player is None or player.is_paused:
            return
        if player.has_begun and not self.picture.is_drawn:
            self._frame_timer = self.set_timer(_WAIT_S, self._next_frame)
            return
        self._show_frame(player.step(1))
        self._frame_timer = self.set_timer(player.delay_s, self._next_frame)

    def _show_frame(self, row: Item) -> None:
        player = self._player
        ahead = player.ahead() if player is not None else []
        self.picture.show(row, ahead, keeps_drawn=True)

    def action_play(self) -> None:
        """Pause the animation, or let it go on."""
        if self._player is not None:
            self._player.is_paused = not self._player.is_paused
            self._next_frame()
            self.show_status()

    def action_frame(self, delta: int) -> None:
        """Show the next or previous frame and stay on it."""
        if self._player is not None:
            self._player.is_paused = True
            self._show_frame(self._player.step(delta))
            self.show_status()

    def on_picture_view_changed(self) -> None:
        """Say how the picture is shown now."""
        self.show_status()

    # Slideshow

    def modes(self) -> list[str]:
        """Return what goes on, in words for the status line."""
        found = super().modes()
        if words := self.picture.view_words:
            found.append(words)
        if self._slides is not None:
            found.append(f"slideshow, {self._delay_s:g} s")
        if self._player is not None and self._player.is_paused:
            found.append(f"frame {self._player.place + 1}/{len(self._player.rows)}")
        return found

    def change_delay(self, steps: int) -> None:
        """Show each picture of the slideshow longer (negative: shorter)."""
        self._delay_s = max(1.0, min(60.0, self._delay_s + steps))
        if self._slides is not None:
            self._slides.stop()
            self._slides = self.set_interval(self._delay_s, self.step_on)
        self.show_status()

    def action_slideshow(self) -> None:
        """Step on by itself; again: stop."""
        if self._slides is None:
            self._slides = self.set_interval(self._delay_s, self.step_on)
        else:
            self._slides.stop()
            self._slides = None
        self.show_status()

    def show_status(self) -> None:
        """Show the position and what goes on."""
        raise NotImplementedError
