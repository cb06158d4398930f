"""Ways out of the app: a key, a pick, a signal; a change that is being written is asked about."""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING, Final

from smartgallery_tui.ui.content import line
from smartgallery_tui.ui.screens import asking
from smartgallery_tui.ui.screens.base import GalleryScreen
from smartgallery_tui.ui.screens.popup import GRACE_S, ConfirmPopup

if TYPE_CHECKING:
    import threading

    from smartgallery_tui.ui.library_app import LibraryApp

INTERRUPTED: Final = 130


class Leaving:
    """Ends the app in order; used by the event loop alone.

    Args:
        app: Has the screens, the lanes and the result.
    """

    def __init__(self, app: LibraryApp) -> None:
        self._app = app

    def catch_signals(self) -> None:
        """Leave in order when the system or a lost connection asks for it."""
        if self._app.is_headless:
            return
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            loop.add_signal_handler(number, self.leave, INTERRUPTED)

    def leave(self, code: int) -> None:
        """End the app with an exit code; what the screens want back is kept."""
        self._app.result.code = code
        grid = self._app.grid_screen()
        if grid is not None:
            self._app.result.state = grid.state_to_keep()
        self._app.end_threads()
        self._app.exit(return_code=code)

    def wanted(self) -> None:
        """Leave; ask first while a change is being written."""
        code = 1 if self._app.options.is_pick else 0
        if self._app.background.changes.is_idle and self._app.background.files.is_idle:
            self.leave(code)
            return
        question = line("A change is still being written. Leave all the same?")
        popup = ConfirmPopup(question, grace_s=GRACE_S + self._app.caps.rtt_ms / 1000)
        self._app.push_screen(popup, lambda yes: self.leave(code) if yes else None)

    def picked(self) -> None:
        """Leave a pick with the marked items, or the one under the cursor."""
        session = self._app.session
        screen = self._app.screen
        if session is None or not isinstance(screen, GalleryScreen):
            return
        ids = session.marks.ids or screen.targets()
        library = session.library

        def call(_cancelled: threading.Event) -> asking.PathsRead:
            return asking.PathsRead([library.item(item_id).path for item_id in ids])

        self._app.background.pages.submit("reading paths", call, self._app)

    def paths_read(self, message: asking.PathsRead) -> None:
        """Leave with the picked paths."""
        self._app.result.picked = tuple(message.paths)
        self.leave(0)
