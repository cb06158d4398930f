"""The part of the app that changes while it runs: new files appear, other settings hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

from smartgallery_tui.records import LibraryChanged, Notice
from smartgallery_tui.ui.background import Lane
from smartgallery_tui.ui.drawing import Drawing
from smartgallery_tui.ui.filing_app import FilingApp
from smartgallery_tui.ui.screens.detail import DetailScreen
from smartgallery_tui.ui.screens.grid import GridScreen
from smartgallery_tui.ui.settings_use import SettingsEdited, SettingsUse, SettingsUsed

if TYPE_CHECKING:
    import threading
    from collections.abc import Mapping

    from smartgallery_tui.library import Library
    from smartgallery_tui.records import Event
    from smartgallery_tui.terminal.caps import TerminalCaps
    from smartgallery_tui.ui.messages import FollowWanted, GraphicsWanted, SearchAnswered
    from smartgallery_tui.ui.options import AppOptions
    from smartgallery_tui.ui.pictures.attachment import TerminalChanged
    from smartgallery_tui.ui.screens.settings import SettingsSaved


@dataclass
class LiveNews(Message):
    """The folders changed, and the index with them."""

    event: Event


class LiveApp(FilingApp):
    """An app that sees new files by itself, and takes other settings while it runs.

    Args:
        library: An open library, or None to ask for a folder first.
        caps: What the probe found.
        options: How this run behaves.
    """

    def __init__(self, library: Library | None, caps: TerminalCaps, options: AppOptions) -> None:
        super().__init__(library, caps, options)
        self.watcher = Lane("watch", self.guard_call, is_newest_only=True)
        """Runs as long as the app: no lane among those that come to rest."""
        self._is_opening_newest = False
        self.drawing = Drawing(self, caps)
        self.settings_use = SettingsUse(self, self.drawing, self.watch_again)

    def watch_folders(self) -> None:
        """Follow the folders of the view from now on; a watch that runs already is replaced."""
        library = self._source.library
        if library is None or not library.can_index:
            return

        def emit(event: Event) -> None:
            self.post_message(LiveNews(event))

        def call(cancelled: threading.Event) -> None:
            library.watch(emit, cancelled)

        self.watcher.submit("watching folders", call, self)

    def on_live_news(self, message: LiveNews) -> None:
        """Look again at once where rows were written; the cursor stays on its item."""
        if isinstance(message.event, Notice):
            self.say(message.event.text, message.event.severity)
        elif isinstance(message.event, LibraryChanged):
            for screen in self.screen_stack:
                if isinstance(screen, GridScreen):
                    screen.searching.files_landed()

    def watch_again(self) -> None:
        """Follow the folders of the view where they are followed: it has others now."""
        if not self.watcher.is_idle:
            self.watch_folders()

    # Settings

    def use_settings(self, values: Mapping[str, object]) -> None:
        """Use changed settings, by section and name."""
        self.settings_use.use(values)

    def on_settings_edited(self, message: SettingsEdited) -> None:
        """Use what was edited in the file."""
        self.settings_use.edited(message)

    def on_settings_saved(self, message: SettingsSaved) -> None:
        """Use what was saved on the screen."""
        self.settings_use.use(message.changed, message.forgotten)

    def on_settings_used(self, message: SettingsUsed) -> None:
        """Let the screens follow."""
        self.settings_use.used(message)

    def on_roots_wanted(self) -> None:
        """Tell the settings which folders the library has."""
        self.settings_use.tell_roots()

    def on_graphics_wanted(self, message: GraphicsWanted) -> None:
        """Draw pictures another way for this run."""
        self.drawing.use(message.name)

    def on_terminal_changed(self, message: TerminalChanged) -> None:
        """Follow a terminal that was asked again."""
        self.drawing.changed(message)

    # The newest, full screen

    def follow(self) -> None:
        """Show the newest file large, and each newer one as it lands."""
        session = self._session
        grid = next((each for each in self.screen_stack if isinstance(each, GridScreen)), None)
        if session is None or grid is None:
            return
        session.is_following = True
        self._is_opening_newest = isinstance(self.screen, GridScreen)
        grid.searching.ask_for_newest()

    def on_follow_wanted(self, _message: FollowWanted) -> None:
        """Follow the newest file, or leave off."""
        session = self._session
        if session is None:
            return
        if not session.is_following:
            self.follow()
            return
        session.is_following = False
        self._is_opening_newest = False
        for screen in self.screen_stack:
            if isinstance(screen, (GridScreen, DetailScreen)):
                screen.show_status()

    def on_search_answered(self, message: SearchAnswered) -> None:
        """Open the newest file once there is one."""
        super().on_search_answered(message)
        session = self._session
        if session is None or session.view is None or not session.view.total:
            return
        if self._is_opening_newest and isinstance(self.screen, GridScreen):
            self._is_opening_newest = False
            self.screen.action_open()
        elif session.is_following and isinstance(self.screen, DetailScreen):
            self.screen.show_status()
