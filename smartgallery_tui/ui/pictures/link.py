"""The way to the terminal: writes picture bytes as fast as they are acknowledged."""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING, Protocol

from smartgallery_tui.terminal.contention import Contention
from smartgallery_tui.terminal.pacing import QUERY, Pacer
from smartgallery_tui.terminal.screen_memory import CELLS_END, CELLS_START, SYNC_END, SYNC_START

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import App

_MARK_FRAME_BYTES = 4096
"""A frame of at least this size is followed by a query, so that the link's state is known."""
_BURST_BYTES = 16 * 1024
_ASK_AGAIN_S = 5.5
_UNLIMITED = 1 << 30


class Writer(Protocol):
    """The driver, as far as pictures write through it."""

    def write(self, data: str) -> None:
        """Write a frame, or the part of it that is not on the screen yet."""

    def write_pictures(self, data: str) -> None:
        """Write picture bytes as they are."""

    def forget_screen(self) -> None:
        """Write the next frame in full."""


class Link:
    """A paced line to the terminal.

    Args:
        app: For running the answers on the event loop.
        rtt_s: Round trip that the probe measured, or 0.
        has_room: Called on the event loop when more may be written.
    """

    def __init__(self, app: App[object], rtt_s: float, has_room: Callable[[], None]) -> None:
        self.pacer = Pacer(base_rtt_s=rtt_s)
        self._app = app
        self._driver: Writer | None = None
        self._has_room = has_room
        self._contention = Contention()
        self._answers: deque[float] = deque()
        self._outbox: deque[str] = deque()
        self._expected_bytes = 0
        self._is_asking_again = False

    @property
    def is_open(self) -> bool:
        """Tell whether there is a terminal to write to."""
        return self._driver is not None

    @property
    def is_sending(self) -> bool:
        """Tell whether a queued text is still to be written."""
        return bool(self._outbox)

    def open(self, driver: Writer) -> None:
        """Start with a driver that has just entered the alternate screen."""
        self._driver = driver
        self.forget()

    def close(self) -> None:
        """Write nothing any more."""
        self._driver = None
        self.forget()

    def forget(self) -> None:
        """Drop what is queued and what was on the way."""
        self.pacer.forget()
        self._outbox.clear()
        self._expected_bytes = 0
        if self._driver is not None:
            self._driver.forget_screen()

    def room_bytes(self) -> int:
        """Return how many picture bytes may be written now; asks again later if none."""
        if self._driver is None:
            return _UNLIMITED
        room = self.pacer.room_bytes(time.monotonic()) - self._expected_bytes
        if room <= 0:
            if self.pacer.is_idle and not self._expected_bytes:
                # Small frames have filled the window without a query: ask now.
                self.write("", marked=True)
            self._ask_again()
        return room

    def has_room_for(self, size_bytes: int) -> bool:
        """Tell whether an indivisible code may be written: it fits, or nothing is on the way."""
        room = self.room_bytes()
        return room >= size_bytes or (room > 0 and self.pacer.is_idle)

    def expect(self, size_bytes: int) -> None:
        """Note picture bytes that the next frame will carry."""
        if self._driver is not None:
            self._expected_bytes += size_bytes

    def note_frame(self, size_bytes: int) -> bool:
        """Note a written frame; True asks the driver to write a `QUERY` behind it."""
        self.pacer.sent_unmarked(size_bytes)
        if size_bytes < _MARK_FRAME_BYTES or not self.is_open:
            return False
        self._expected_bytes = 0
        self.pacer.sent(0, time.monotonic())
        return True

    def write(self, text: str, *, marked: bool) -> None:
        """Write picture bytes at once, with a query behind them if `marked`."""
        if self._driver is None:
            return
        self._driver.write_pictures(text + QUERY if marked else text)
        if marked:
            self.pacer.sent(len(text), time.monotonic())
        else:
            self.pacer.sent_unmarked(len(text))

    def write_cells(self, text: str, *, has_sync: bool) -> None:
        """Write cells as a small frame of their own; the cursor stays where it was."""
        if self._driver is None:
            return
        if has_sync:
            self._driver.write(SYNC_START)
        self._driver.write(f"{CELLS_START}{text}{CELLS_END}")
        if has_sync:
            self._driver.write(SYNC_END)

    def queue(self, pieces: list[str]) -> None:
        """Queue pieces that `flush` writes as the window allows."""
        self._outbox.extend(pieces)

    def flush(self) -> bool:
        """Write queued pieces; True when all of them are written."""
        while self._outbox:
            room = min(self.room_bytes(), _BURST_BYTES)
            if room <= 0:
                return False
            burst = [self._outbox.popleft()]
            size = len(burst[0])
            while self._outbox and size + len(self._outbox[0]) <= room:
                burst.append(self._outbox.popleft())
                size += len(burst[-1])
            self.write("".join(burst), marked=True)
        return True

    def answer_from_thread(self) -> None:
        """Note the terminal's answer; called in the input thread."""
        self._answers.append(time.monotonic())
        self._app.call_later(self._take_answers)

    def _take_answers(self) -> None:
        if not self._answers:
            return
        while self._answers:
            now_s = self._answers.popleft()
            self.pacer.acknowledged(now_s, is_machine_busy=self._contention.is_high(now_s))
        self._has_room()

    def _ask_again(self) -> None:
        if self._is_asking_again or not self._app.is_running:
            return
        self._is_asking_again = True
        self._app.set_timer(_ASK_AGAIN_S, self._asked_again)

    def _asked_again(self) -> None:
        self._is_asking_again = False
        self._expected_bytes = 0
        self._has_room()
