"""New files as they land: the folders are followed, and the newest file is shown where wanted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

from smartgallery_tui.records import LibraryChanged, Notice
from smartgallery_tui.ui.background import Lane
from smartgallery_tui.ui.screens.detail import DetailScreen
from smartgallery_tui.ui.screens.grid import GridScreen

if TYPE_CHECKING:
    import threading

    from smartgallery_tui.records import Event
    from smartgallery_tui.ui.library_app import LibraryApp


@dataclass
class LiveNews(Message):
    """The folders changed, and the index with them."""

    event: Event


class Live:
    """Sees new files by itself; used by the event loop alone.

    Args:
        app: Shows notices and has the screens.
    """

    def __init__(self, app: LibraryApp) -> None:
        self._app = app
        self.watcher = Lane("watch", app.guard_call, is_newest_only=True)
        """Runs as long as the app: no lane among those that come to rest."""
        self._is_opening_newest = False

    def watch_folders(self) -> None:
        """Follow the folders of the view from now on; a watch that runs already is replaced."""
        library = self._app.library
        if library is None or not library.can_index:
            return

        def emit(event: Event) -> None:
            self._app.post_message(LiveNews(event))

        def call(cancelled: threading.Event) -> None:
            library.watch(emit, cancelled)

        self.watcher.submit("watching folders", call, self._app)

    def news(self, message: LiveNews) -> None:
        """Look again at once where rows were written; the cursor stays on its item."""
        if isinstance(message.event, Notice):
            self._app.say(message.event.text, message.event.severity)
        elif isinstance(message.event, LibraryChanged):
            grid = self._app.grid_screen()
            if grid is not None:
                grid.searching.files_landed()

    def watch_again(self) -> None:
        """Follow the folders of the view where they are followed: it has others now."""
        if not self.watcher.is_idle:
            self.watch_folders()

    def follow(self) -> None:
        """Show the newest file large, and each newer one as it lands."""
        session = self._app.session
        grid = self._app.grid_screen()
        if session is None or grid is None:
            return
        session.is_following = True
        self._is_opening_newest = isinstance(self._app.screen, GridScreen)
        grid.searching.ask_for_newest()

    def switch(self) -> None:
        """Follow the newest file, or leave off."""
        session = self._app.session
        if session is None:
            return
        if not session.is_following:
            self.follow()
            return
        session.is_following = False
        self._is_opening_newest = False
        for screen in self._app.screen_stack:
            if isinstance(screen, (GridScreen, DetailScreen)):
                screen.show_status()

    def answered(self) -> None:
        """Open the newest file once there is one; leave the large view where nothing is left."""
        session, screen = self._app.session, self._app.screen
        if session is None or session.view is None:
            return
        if not session.view.total:
            if isinstance(screen, DetailScreen):
                screen.action_close()
        elif self._is_opening_newest and isinstance(screen, GridScreen):
            self._is_opening_newest = False
            screen.open_large()
        elif session.is_following and isinstance(screen, DetailScreen):
            screen.show_status()
