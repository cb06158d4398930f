"""The part of the app that speaks: notices, and texts for the clipboard."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from textual.app import App

from smartgallery_tui.ui import format as words
from smartgallery_tui.ui.content import plain
from smartgallery_tui.ui.lasting_output import LastingDriver

if TYPE_CHECKING:
    from smartgallery_tui.records import Severity
    from smartgallery_tui.ui.copying import TextGathered
    from smartgallery_tui.ui.messages import Said

_TIMEOUTS_S: dict[Severity, float] = {"information": 5, "warning": 5, "error": 7}


class SpeakingApp(App[object]):
    """An app that shows notices, each once while it is up."""

    def __init__(self) -> None:
        super().__init__(driver_class=LastingDriver)
        self._said: dict[str, float] = {}
        self.last_said = ""
        """The newest notice."""

    def say(self, text: str, severity: Severity) -> None:
        """Show a notice; `text` may come from anywhere. A notice that is up is not repeated."""
        now = time.monotonic()
        if now < self._said.get(text, 0.0):
            return
        self.last_said = text
        self._said[text] = now + _TIMEOUTS_S[severity]
        self.notify(plain(text), severity=severity, timeout=_TIMEOUTS_S[severity], markup=False)

    def on_said(self, message: Said) -> None:
        """Show a sentence."""
        self.say(message.text, message.severity)

    def on_notices_read(self) -> None:
        """Take all notices down; each may be said again."""
        self._said.clear()
        self.clear_notifications()

    def on_text_gathered(self, message: TextGathered) -> None:
        """Hand a text to the terminal's clipboard and say what really happened."""
        if not message.text:
            self.say(f"There is nothing to copy: {message.what} is not known.", "warning")
            return
        if message.path:
            self.say(f"Too long for a clipboard: {message.what} is in {message.path}", "warning")
            return
        if not message.is_in_tmux:
            self.copy_to_clipboard(message.text)
        where = "tmux took it" if message.is_in_tmux else "sent to the terminal's clipboard"
        size = words.count(len(message.text), "character")
        self.say(f"Copied {message.what}, {size}: {where}.", "information")
