"""What moves in the lightbox: animated pictures and the slideshow. The screen holds one of each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol

from textual.message import Message

from smartgallery_tui.errors import SmartGalleryError
from smartgallery_tui.records import Frame
from smartgallery_tui.ui.messages import Said
from smartgallery_tui.ui.player import Player

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Sequence

    from textual.screen import Screen
    from textual.timer import Timer

    from smartgallery_tui.library import Library
    from smartgallery_tui.records import Item
    from smartgallery_tui.ui.background import Call
    from smartgallery_tui.ui.session import Session

SLIDE_S = 5.0
"""Seconds that a slideshow shows a picture at first."""
LARGEST_PX = 640
"""Longest side of a frame that plays."""
BUDGET_BYTES = 32 << 20
"""Pixels that the frames of one animation may hold."""
MOST_FRAMES = 240
LEAST_PX = 200
"""Longest side down to which frames are made smaller, so that all of them can be held."""
SCENE_MS = 700
"""How long a scene of a video is shown that plays by itself."""
_WAIT_S = 0.05
"""How long a frame that is not drawn yet is waited for before looking again."""


@dataclass
class FramesRead(Message):
    """The frames of an animated picture are here."""

    item_id: int
    frames: list[Frame]


def read_frames(library: Library, item: Item, box_px: tuple[int, int]) -> Call:
    """Return a call that reads the frames; one that cannot be read keeps its still picture."""
    box, limit = frame_box(item, box_px)

    def call(cancelled: threading.Event) -> FramesRead | None:
        try:
            frames = library.frames(item.id, box, limit)
        except SmartGalleryError:
            return None
        return None if cancelled.is_set() else FramesRead(item.id, frames)

    return call


def read_scenes(library: Library, item: Item, box_px: tuple[int, int], *, stay_ms: int = 0) -> Call:
    """Return a call that reads frames from all of a video, or says why there are none.

    Args:
        library: Reads them.
        item: The video.
        box_px: The room for a frame.
        stay_ms: How long each is shown where nobody asked for them, and nobody is told why there
            are none; 0: all of them together as long as the video.
    """

    def call(cancelled: threading.Event) -> FramesRead | Said | None:
        try:
            pictures = library.storyboard(item.id, frame_box(item, box_px)[0])
        except SmartGalleryError as error:
            is_told = not (cancelled.is_set() or stay_ms)
            return Said(str(error), "warning") if is_told else None
        each_ms = stay_ms or (item.duration_ms or 0) // max(1, len(pictures))
        frames = [Frame(picture, each_ms) for picture in pictures]
        return None if cancelled.is_set() else FramesRead(item.id, frames)

    return call


def frame_box(item: Item, box_px: tuple[int, int]) -> tuple[tuple[int, int], int]:
    """Return how large the frames of an item are decoded, and how many of them.

    All of them if they are few or small enough: better smaller than not to the end.
    """
    width, height = (item.width, item.height) if item.width and item.height else box_px
    scale = min(1.0, LARGEST_PX / max(width, height), box_px[0] / width, box_px[1] / height)
    count = min(item.frames or MOST_FRAMES, MOST_FRAMES)
    needed_bytes = count * width * height * scale * scale * 3
    if needed_bytes > BUDGET_BYTES:
        least = min(scale, LEAST_PX / max(width, height))
        scale = max(least, scale * (BUDGET_BYTES / needed_bytes) ** 0.5)
    box = max(1, int(width * scale)), max(1, int(height * scale))
    return box, max(2, min(count, BUDGET_BYTES // (box[0] * box[1] * 3)))


class Stage(Protocol):
    """Where frames are shown."""

    @property
    def is_drawn(self) -> bool:
        """Tell whether the frame that was asked for is on the screen."""

    def show(self, item: Item, ahead: Sequence[Item] = (), *, keeps_drawn: bool = False) -> None:
        """Show a frame; those that follow are prepared."""


class Playback:
    """Plays the shown item if it is animated; a video's scenes are read when a key asks for them.

    Args:
        screen: Gets the frames, and gives the timers.
        session: What all screens share.
        picture: Where frames are shown.
        changed: Called when it pauses by itself.
    """

    def __init__(
        self,
        screen: Screen[None],
        session: Session,
        picture: Stage,
        changed: Callable[[], None],
    ) -> None:
        self._screen = screen
        self._changed = changed
        self._is_wanted = False
        self._session = session
        self._picture = picture
        self._player: Player | None = None
        self._timer: Timer | None = None
        self._item: Item | None = None
        self._box_px = (0, 0)
        self._asked: int | None = None
        """Frames to go on once the scenes of a video are here; 0: play them."""

    def play(self, item: Item, box_px: tuple[int, int] | None = None) -> None:
        """Read and play the frames of an item that has them; stop what played before.

        Args:
            item: Which.
            box_px: The room for a frame; None: the whole screen.
        """
        self.stop()
        if item.state == "missing" or not self._session.pictures.has_pictures:
            return
        # The whole screen: the widget has no size yet when the first item is shown.
        size, caps = self._screen.app.size, self._session.pictures.caps
        screen_px = (size.width * caps.cell_width_px, size.height * caps.cell_height_px)
        self._item, self._box_px = item, box_px or screen_px
        if item.kind == "animated":
            self._read(read_frames)

    def play_scenes(self) -> None:
        """Play the scenes of a video, though no key asked for them."""
        if self._item is not None and self._item.kind == "video":
            self._read(partial(read_scenes, stay_ms=SCENE_MS))

    def _read(self, reader: Callable[[Library, Item, tuple[int, int]], Call]) -> None:
        if self._item is not None:
            call = reader(self._session.library, self._item, self._box_px)
            self._session.background.frames.submit("reading frames", call, self._screen)

    def _ask_for_scenes(self, asked: int) -> None:
        """Read frames of a video; the key acts when they are here."""
        if self._item is not None and self._item.kind == "video":
            if self._asked is None:
                self._read(read_scenes)
            self._asked = asked

    def stop(self) -> None:
        """Forget the frames."""
        self._item = self._asked = None
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if self._player is not None:
            self._session.frames.drop(self._player.rows)
            self._player = None

    def take(self, message: FramesRead, item: Item | None) -> None:
        """Play the frames unless another item is shown; a slow link shows them one by one."""
        if item is None or item.id != message.item_id or len(message.frames) < 2:
            return
        rows = self._session.frames.put(item, [frame.picture for frame in message.frames])
        seconds = [frame.duration_ms / 1000 for frame in message.frames]
        asked, self._asked = self._asked, None
        self._player = Player(rows, seconds, is_paused=self._is_slow or bool(asked))
        self._is_wanted = asked == 0
        if asked:
            self.step(asked)
        elif asked == 0 and self._is_slow:
            self.pause()
        else:
            self._next()

    @property
    def _is_slow(self) -> bool:
        return self._session.pictures.link.pacer.is_slow

    @property
    def mode(self) -> str:
        """What is to be said of it, or ""."""
        player = self._player
        if player is None or not player.is_paused:
            return ""
        return f"frame {player.place + 1}/{len(player.rows)}"

    def pause(self) -> None:
        """Pause the animation, or let it go on."""
        if self._player is not None:
            self._player.is_paused = not self._player.is_paused
            self._is_wanted = True
            self._next()
        else:
            self._ask_for_scenes(0)

    def step(self, delta: int) -> None:
        """Show the next or previous frame and stay on it."""
        if self._player is not None:
            self._player.is_paused = True
            self._show(self._player.step(delta))
        else:
            self._ask_for_scenes(delta)

    def _next(self) -> None:
        player = self._player
        if player is None or player.is_paused:
            return
        if self._is_slow and not self._is_wanted:
            player.is_paused = True
            self._changed()
            return
        if player.has_begun and not self._picture.is_drawn:
            self._timer = self._screen.set_timer(_WAIT_S, self._next)
            return
        self._show(player.step(1))
        self._timer = self._screen.set_timer(player.delay_s, self._next)

    def _show(self, row: Item) -> None:
        ahead = self._player.ahead() if self._player is not None else []
        self._picture.show(row, ahead, keeps_drawn=True)


class Slideshow:
    """Steps on by itself.

    Args:
        screen: Gives the timers.
        step_on: Shows the next item.
    """

    def __init__(self, screen: Screen[None], step_on: Callable[[], None]) -> None:
        self._screen = screen
        self._step_on = step_on
        self._delay_s = SLIDE_S
        self._timer: Timer | None = None

    @property
    def is_on(self) -> bool:
        """True while it runs."""
        return self._timer is not None

    @property
    def mode(self) -> str:
        """What is to be said of it, or ""."""
        return f"slideshow, {self._delay_s:g} s" if self.is_on else ""

    def switch(self) -> None:
        """Start, or stop."""
        if self._timer is None:
            self._timer = self._screen.set_interval(self._delay_s, self._step_on)
        else:
            self._timer.stop()
            self._timer = None

    def reset(self) -> None:
        """Stop; the next one begins with the usual delay."""
        if self.is_on:
            self.switch()
        self._delay_s = SLIDE_S

    def change_delay(self, steps: int) -> None:
        """Show each picture longer (negative: shorter)."""
        self._delay_s = max(1.0, min(60.0, self._delay_s + steps))
        if self._timer is not None:
            self._timer.stop()
            self._timer = self._screen.set_interval(self._delay_s, self._step_on)
