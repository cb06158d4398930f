"""How pictures are drawn: chosen by the user, or by what the terminal was found to draw."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast, get_args

from smartgallery_tui.records import GraphicsName
from smartgallery_tui.ui.pictures.attachment import TerminalChanged
from smartgallery_tui.ui.widgets.picture_view import PictureView
from smartgallery_tui.ui.widgets.thumb_grid import ThumbGrid

if TYPE_CHECKING:
    from smartgallery_tui.terminal.caps import TerminalCaps
    from smartgallery_tui.ui.library_app import LibraryApp


class Drawing:
    """Changes the way of drawing while the app runs; used by the event loop alone.

    Args:
        app: Shows notices and has the pictures.
        caps: What the probe found.
    """

    def __init__(self, app: LibraryApp, caps: TerminalCaps) -> None:
        self._app = app
        self.caps = caps
        """What the terminal can do, as far as it was asked."""

    def use(self, name: str) -> None:
        """Draw pictures another way; `auto` is what the terminal was found to draw."""
        app = self._app
        if name not in get_args(GraphicsName):
            known = ", ".join(get_args(GraphicsName))
            app.say(f"Pictures are drawn by one of {known}.", "warning")
            return
        wanted = cast("GraphicsName", name)
        now = app.pictures.caps
        if wanted in {now.asked, now.protocol} and not now.needs_passthrough:
            app.say(f"Pictures are drawn by {now.protocol} already.", "information")
        elif not app.pictures.attachment.ask(wanted):
            protocol = self.caps.protocol if wanted == "auto" else wanted
            caps = replace(now, protocol=protocol, asked=wanted, is_text=protocol == "none")
            app.pictures.use(caps)
            self.changed(TerminalChanged(caps, is_wanted=True))

    def changed(self, message: TerminalChanged) -> None:
        """Follow a terminal that was asked again."""
        app, caps, before = self._app, message.caps, self.caps
        self.caps = caps
        app.use_caps(caps)
        for screen in app.screen_stack:
            screen.set_class(caps.is_text, "-text")
            for widget in (*screen.query(ThumbGrid), *screen.query(PictureView)):
                widget.pictures_lost()
        app.refresh(layout=True)
        if caps.needs_passthrough:
            app.say("tmux keeps pictures back; `:graphics auto` lets them through.", "information")
        elif message.is_wanted:
            app.say(f"Pictures are drawn by {caps.protocol}.", "information")
        elif caps.protocol != before.protocol:
            app.say(f"Another terminal: {caps.reason}.", "information")
