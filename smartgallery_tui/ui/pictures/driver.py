"""The terminal driver: Textual's own, with pictures, their answers and torn keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from textual import constants, events
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

from smartgallery_tui.terminal.keyboard import Keyboard
from smartgallery_tui.terminal.kitty import compress
from smartgallery_tui.terminal.pacing import QUERY

if TYPE_CHECKING:
    from textual.app import App
    from textual.message import Message

    from smartgallery_tui.ui.pictures.layer import PictureLayer

_WHOLE_FRAME_CHARS = 4096
_READ_WAIT_S = 0.1
_HOME = "\x1b[1;1H"
_SYNC_CODES = ("\x1b[?2026h", "\x1b[?2026l")


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
        self._last_frame = ""
        self._layer = app.pictures if isinstance(app, HasPictures) else None

    def start_application_mode(self) -> None:
        """Enter the alternate screen; pictures are sent afresh, whatever happened meanwhile."""
        self._last_frame = ""
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if self._layer is not None:
            self._layer.attach(self)

    def stop_application_mode(self) -> None:
        """Free our pictures while the alternate screen is still there, then leave it."""
        if self._layer is not None:
            self.write(self._layer.detach())
        super().stop_application_mode()

    def write(self, data: str) -> None:
        """Write text; runs of kitty placeholders are shortened on the way.

        Textual paints a screen two or three times when it is pushed or closed; a whole frame that
        repeats the one before is left out.
        """
        layer = self._layer
        if layer is not None:
            if len(data) >= _WHOLE_FRAME_CHARS and data.startswith(_HOME):
                if data == self._last_frame:
                    return
                self._last_frame = data
            elif data not in _SYNC_CODES:
                self._last_frame = ""
            data = compress(data, has_repeat=layer.caps.has_repeat)
            if layer.link.note_frame(len(data)):
                data += QUERY
        super().write(data)

    def write_pictures(self, data: str) -> None:
        """Write picture bytes as they are."""
        if self._layer is not None and self._layer.caps.protocol != "kitty":
            # They draw over cells: the same frame would not be the same screen.
            self._last_frame = ""
        super().write(data)

    def run_input_thread(self) -> None:
        """Read keys until the app ends; a torn escape sequence never becomes keys."""
        keyboard = Keyboard(self.fileno, constants.ESCAPE_DELAY)
        parser = XTermParser(self._debug)
        while not self.exit_event.is_set():
            text = keyboard.read(_READ_WAIT_S)
            if keyboard.is_ended:
                # The connection is gone; the hang-up signal ends the app.
                self.exit_event.wait(_READ_WAIT_S)
            if text:
                for event in parser.feed(text):
                    self.process_message(event)
            if keyboard.has_escape():
                self.process_message(events.Key("escape", "\x1b"))
            for event in parser.tick():
                self.process_message(event)

    def process_message(self, message: Message) -> None:
        """Take the acknowledgements out of the input; called in the input thread."""
        if self._layer is not None and isinstance(message, events.CursorPosition):
            self._layer.link.answer_from_thread()
            return
        super().process_message(message)
