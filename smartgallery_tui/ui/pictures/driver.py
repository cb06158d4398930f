"""The terminal driver: Textual's own, with pictures, their answers and torn keys."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from textual import constants, events
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

from smartgallery_tui.terminal.asking import probe_again
from smartgallery_tui.terminal.keyboard import Keyboard
from smartgallery_tui.terminal.kitty import compress
from smartgallery_tui.terminal.pacing import QUERY
from smartgallery_tui.terminal.screen_memory import (
    CELLS_START,
    SYNC_END,
    SYNC_START,
    ScreenMemory,
)

if TYPE_CHECKING:
    from textual.app import App
    from textual.message import Message

    from smartgallery_tui.terminal.inquiry import Inquiry
    from smartgallery_tui.ui.pictures.layer import PictureLayer

_SMALL_FRAME_CHARS = 512
"""A frame of so few characters comes in one piece."""
_READ_WAIT_S = 0.1
_HARMLESS = re.compile(r"\x07|\x1b\](?:52|22);[^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[\?25[lh]|")
"""Codes that change nothing on the screen: bell, clipboard, pointer shape, cursor."""


@runtime_checkable
class HasPictures(Protocol):
    """An app that owns a picture layer."""

    pictures: PictureLayer


class GalleryDriver(LinuxDriver):
    """Writes for the picture layer and hands it the terminal's answers."""

    def __init__(
        self,
        app: App[Any],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._memory = ScreenMemory()
        self._size_then = app.size
        self._is_sync_wanted = False
        self._is_sync_open = False
        self._layer = app.pictures if isinstance(app, HasPictures) else None
        self._has_started = False
        self._inquiry: Inquiry | None = None

    def start_application_mode(self) -> None:
        """Enter the alternate screen; pictures are sent afresh, whatever happened meanwhile.

        After a suspension the terminal is asked again: it may be another one.
        """
        if self._has_started and self._key_thread is not None and self._key_thread.is_alive():
            # Continued after a stop that nobody announced: the screen was never left.
            self.suspend_application_mode()
        self._memory.forget()
        caps = None
        if self._layer is not None and self._has_started:
            caps = probe_again(self._layer.caps)
        self._has_started = True
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if self._layer is not None:
            self._layer.attach(self, caps)

    def stop_application_mode(self) -> None:
        """Free our pictures while the alternate screen is still there, then leave it."""
        if self._layer is not None:
            self.write(self._layer.detach())
        super().stop_application_mode()

    def write(self, data: str) -> None:
        """Write text; of a frame only what differs from what the terminal shows.

        Runs of kitty placeholders are shortened on the way, and a frame that a terminal shows at
        once anyway is not announced as one.
        """
        layer = self._layer
        if layer is None:
            super().write(data)
        elif data == SYNC_START:
            self._is_sync_wanted = True
        elif data == SYNC_END:
            if self._is_sync_open:
                super().write(data)
            self._is_sync_wanted = self._is_sync_open = False
        elif self._memory.is_frame(data):
            self._write_frame(layer, data)
        else:
            if not _HARMLESS.fullmatch(data):
                self._memory.forget()
            super().write(data)

    def _write_frame(self, layer: PictureLayer, frame: str) -> None:
        if self._app.size != self._size_then:
            self._size_then = self._app.size
            self._memory.forget()
        text, numbers = self._memory.reduced(frame)
        layer.blanks_written(numbers, is_frame=not frame.startswith(CELLS_START))
        if not text:
            return
        text = compress(text, has_repeat=layer.caps.has_repeat)
        if self._is_sync_wanted and len(text) > _SMALL_FRAME_CHARS:
            self._is_sync_wanted, self._is_sync_open = False, True
            text = SYNC_START + text
        if layer.link.note_frame(len(text.encode("utf-8", "replace"))):
            text += QUERY
        super().write(text)

    def forget_screen(self) -> None:
        """Write the next frame in full."""
        self._memory.forget()

    def write_pictures(self, data: str) -> None:
        """Write picture bytes, or a question to the terminal, as they are. Any thread."""
        super().write(data)

    def ask(self, inquiry: Inquiry) -> None:
        """Put a question to the terminal; its answers are heard until `stop_asking`."""
        self._inquiry = inquiry
        self.write_pictures(inquiry.text)

    def stop_asking(self) -> None:
        """Hear no more answers."""
        self._inquiry = None

    def _hear(self, data: bytes) -> None:
        """Hand what comes to an open question; called in the input thread."""
        inquiry, layer = self._inquiry, self._layer
        if inquiry is not None and layer is not None and inquiry.hear(data):
            self._inquiry = None
            self._app.call_later(layer.attachment.answered, inquiry)

    def run_input_thread(self) -> None:
        """Read keys until the app ends; a torn escape sequence never becomes keys."""
        caps = self._layer.caps if self._layer is not None else None
        may_be_torn = caps is not None and caps.is_remote and not caps.is_tmux
        ask = self.write_pictures if may_be_torn else None
        keyboard = Keyboard(self.fileno, constants.ESCAPE_DELAY, ask, self._hear)
        parser = XTermParser(self._debug)
        while not self.exit_event.is_set():
            text = keyboard.read(_READ_WAIT_S)
            if keyboard.is_ended:
                # The connection is gone; the hang-up signal ends the app.
                self.exit_event.wait(_READ_WAIT_S)
            if text:
                for event in parser.feed(text):
                    self.process_message(event)
            for event in parser.tick():
                self.process_message(event)

    def process_message(self, message: Message) -> None:
        """Take the acknowledgements out of the input; called in the input thread."""
        if self._layer is not None and isinstance(message, events.CursorPosition):
            self._layer.link.answer_from_thread()
            return
        super().process_message(message)
