"""The part of the app that speaks: notices, and texts for the clipboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import App
from textual.screen import ModalScreen

from smartgallery_tui.ui import format as words
from smartgallery_tui.ui.content import plain
from smartgallery_tui.ui.copying import MANY
from smartgallery_tui.ui.lasting_output import LastingDriver
from smartgallery_tui.ui.notices import Notices

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.screen import Screen
    from textual.timer import Timer

    from smartgallery_tui.records import Severity
    from smartgallery_tui.ui.copying import TextGathered
    from smartgallery_tui.ui.messages import Said
    from smartgallery_tui.ui.notices import Notice

_LOOK_S = 0.2
"""How often it is looked whether a dialog is closed that notices wait for."""


class SpeakingApp(App[object]):
    """An app that shows notices, each once while it is up, none over a dialog."""

    def __init__(self) -> None:
        super().__init__(driver_class=LastingDriver)
        self.notices = Notices()
        self.last_said = ""
        """The newest notice."""
        self._new: list[Notice] = []
        self._waiting: Timer | None = None

    def use_mouse(self, *, is_used: bool) -> None:
        """Take the mouse from the terminal, or leave it to it."""
        if isinstance(self._driver, LastingDriver):
            self._driver.use_mouse(is_used=is_used)

    def say(self, text: str, severity: Severity) -> None:
        """Show a notice; `text` may come from anywhere. A notice that is up is not repeated.

        What is said while a dialog is open is shown once it is closed.
        """
        notice = self.notices.add(text, severity)
        if notice is None:
            return
        self.last_said = text
        if isinstance(self._top, ModalScreen):
            self.notices.waiting.append(notice)
            if self._waiting is None:
                self._waiting = self.set_interval(_LOOK_S, self._say_waiting)
        else:
            self._show_soon([notice])

    @property
    def _top(self) -> Screen[object] | None:
        return self.screen_stack[-1] if self.screen_stack else None

    def clear_notifications(self) -> None:
        """Take all notices down; each may be said again."""
        self.notices.clear()
        self._new.clear()
        super().clear_notifications()

    def _show_soon(self, new: Sequence[Notice]) -> None:
        """Show notices together with those that are said in the same moment."""
        if not self._new:
            self.call_later(self._show)
        self._new += new

    def _show(self) -> None:
        super().clear_notifications()
        for notice, seconds in self.notices.show(self._new):
            self.notify(plain(notice.text), severity=notice.severity, timeout=seconds, markup=False)
        self._new.clear()

    def _say_waiting(self) -> None:
        if isinstance(self._top, ModalScreen):
            return
        self.notices.waiting, waited = [], self.notices.waiting
        self._show_soon(waited)
        if self._waiting is not None:
            self._waiting.stop()
            self._waiting = None

    def on_said(self, message: Said) -> None:
        """Show a sentence."""
        self.say(message.text, message.severity)

    def on_notices_read(self) -> None:
        """Take all notices down; each may be said again."""
        self.clear_notifications()

    def on_text_gathered(self, message: TextGathered) -> None:
        """Hand a text to the terminal's clipboard and say what really happened."""
        if not message.text:
            self.say(f"There is nothing to copy: {message.what} is not known.", "warning")
            return
        size = words.count(len(message.text), "character")
        what = (
            f"{message.what} of the first {MANY:,} items" if message.count > MANY else message.what
        )
        if message.path:
            took = "tmux took it, and it" if message.is_in_tmux else "it"
            self.say(f"Too long for a clipboard: {what}, {size}; {took} is in {message.path}",
                     "warning")  # fmt: skip
            return
        if not message.is_in_tmux:
            self.copy_to_clipboard(message.text)
        where = "tmux took it" if message.is_in_tmux else "sent to the terminal's clipboard"
        self.say(f"Copied {what}, {size}: {where}.", "information")
