"""The part of the app that works with the library: scans, changes, what other processes wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.records import LibraryChanged, Notice, SyncProgress
from smartgallery_tui.ui import format as words
from smartgallery_tui.ui.background import Background
from smartgallery_tui.ui.late_library import LateLibrary
from smartgallery_tui.ui.messages import (
    MarksChanged,
    RefreshWanted,
    Said,
    SearchWanted,
    SyncFinished,
    SyncNews,
    VersionRead,
)
from smartgallery_tui.ui.options import AppOptions, AppResult
from smartgallery_tui.ui.screens import asking
from smartgallery_tui.ui.screens.base import GalleryScreen
from smartgallery_tui.ui.screens.grid import GridScreen
from smartgallery_tui.ui.screens.roaming import RoamingScreen
from smartgallery_tui.ui.speaking_app import SpeakingApp

if TYPE_CHECKING:
    import threading

    from textual.message import Message

    from smartgallery_tui.library import Library
    from smartgallery_tui.records import Event
    from smartgallery_tui.terminal.caps import TerminalCaps
    from smartgallery_tui.ui.background import Call
    from smartgallery_tui.ui.key_reader import KeyReader
    from smartgallery_tui.ui.keymap import Keymap
    from smartgallery_tui.ui.pictures.layer import PictureLayer
    from smartgallery_tui.ui.session import Session

LOOK_S = 0.9
"""How often the databases are asked whether another process wrote."""


class LibraryApp(SpeakingApp):
    """An app on a library.

    Args:
        library: An open library, or None to ask for a folder first.
        caps: What the probe found.
        options: How this run behaves.
    """

    keys: KeyReader
    pictures: PictureLayer

    def __init__(self, library: Library | None, caps: TerminalCaps, options: AppOptions) -> None:
        super().__init__()
        self.options = options
        self.result = AppResult()
        self.background = Background(self.guard_call)
        self._source = LateLibrary(library, lambda text: self.post_message(Said(text, "warning")))
        self._session: Session | None = None
        self._caps = caps
        self._version: int | None = None

    @property
    def keymap(self) -> Keymap:
        """The keys in force."""
        return self.keys.keymap

    def guard_call(self, what: str, call: Call, cancelled: threading.Event) -> Message | None:
        """Run a lane's call; a failure becomes a notice. Any thread."""
        raise NotImplementedError

    @property
    def library(self) -> Library | None:
        """The open library; None until a folder was chosen."""
        return self._source.library

    def use_caps(self, caps: TerminalCaps) -> None:
        """Take note of what the terminal can do now."""
        self._caps = caps
        if self._session is not None:
            self._session.caps = caps

    def watch_library(self) -> None:
        """Look now and then whether another process wrote."""
        if not self.is_headless:
            self.set_interval(LOOK_S, self._look_for_changes)

    @property
    def is_settled(self) -> bool:
        """True when no call runs and no search waits to be asked."""
        return (
            not self.keys.has_held_keys
            and self.background.is_idle
            and all(screen.is_settled for screen in self._gallery_screens())
        )

    def on_sync_wanted(self, message: asking.SyncWanted) -> None:
        """Bring the index up to date, unless that is being done."""
        if self._session is None:
            return
        can_index = self._session.library.can_index
        if message.is_quiet and not (can_index and self.background.sync.is_idle):
            return
        if not can_index:
            self.say("The index cannot be written; it stays as it is.", "warning")
        elif not self.background.sync.is_idle:
            self.say("A scan is running already.", "information")
        else:
            self._sync(message)

    def _sync(self, wanted: asking.SyncWanted | None = None) -> None:
        library = self._source.library
        if library is None:
            return
        wanted = wanted or asking.SyncWanted()

        def emit(event: Event) -> None:
            self.post_message(SyncNews(event))

        def call(cancelled: threading.Event) -> SyncFinished:
            number = len(wanted.again)
            if wanted.again:
                library.read_again(wanted.again)
            elif wanted.again_after_s:
                number = library.read_old_again(wanted.again_after_s)
                if not number:
                    emit(Notice("Every file was read a short while ago.", "information"))
            report = library.sync(emit, cancelled, reparse=wanted.is_all_again)
            return SyncFinished(report, report.found if wanted.is_all_again else number)

        self.background.sync.submit("scan", call, self)

    def on_sync_news(self, message: SyncNews) -> None:
        """Hand an event of the sync to the screens; show notices."""
        if isinstance(message.event, Notice):
            self.say(message.event.text, message.event.severity)
        for screen in self._gallery_screens():
            screen.sync_news(message.event)

    def _look_for_changes(self) -> None:
        """Ask whether another process wrote; the answer comes as a message."""
        session = self._session
        if session is None or not self.background.facets.is_idle:
            return
        before = self._version

        def call(_cancelled: threading.Event) -> VersionRead | None:
            version = session.library.data_version()
            return None if version == before else VersionRead(version)

        self.background.facets.submit("looking for changes", call, self)

    def on_version_read(self, message: VersionRead) -> None:
        """Look again where another process wrote."""
        is_first = self._version is None
        self._version = message.version
        if not is_first and self.background.sync.is_idle:
            for screen in self._gallery_screens():
                screen.sync_news(LibraryChanged())

    def on_sync_finished(self, message: SyncFinished) -> None:
        """Say what a scan found, if anything."""
        report = message.report
        parts = [
            words.count(number, f"{what} file")
            for number, what in ((report.added, "new"), (report.changed, "changed"))
            if number
        ]
        if message.read_again and not report.cancelled:
            parts.append(f"{words.count(message.read_again, 'file')} read again")
        if report.missing:
            parts.append(f"{report.missing:,} missing")
        text = "Scan: " + ", ".join(parts) if parts else ""
        if text and isinstance(self.screen, GridScreen):
            self.notices.note(text, "information")  # its status line says it, over no card
        elif text:
            self.say(f"{text}.", "information")
        for screen in self._gallery_screens():
            screen.sync_news(LibraryChanged(report.added, report.changed, report.missing))
            screen.sync_news(SyncProgress("done", message=text))

    def on_marks_changed(self, message: MarksChanged) -> None:
        """Show changed rows everywhere; say what could not be changed."""
        failed = [outcome for outcome in message.outcomes if not outcome.ok]
        if failed:
            total = words.count(len(failed), "item")
            self.say(f"{message.what}: {total} not changed: {failed[0].reason}", "error")
        elif not message.outcomes:
            self.say(f"Nothing to {message.what}.", "information")
        elif len(message.outcomes) > 1:
            self.say(f"{message.what}: {words.count(len(message.outcomes), 'item')}", "information")
        for screen in self._gallery_screens():
            screen.items_changed(message.items)
        self._after_judgement(message)

    def _after_judgement(self, message: MarksChanged) -> None:
        """Hold what was judged until the next step."""
        screen = self.screen
        if not isinstance(screen, RoamingScreen) or not message.outcomes:
            return
        if screen.current is not None:
            judged = {outcome.id for outcome in message.outcomes}
            is_held = screen.current.id in judged
            screen.session.held_id = screen.current.id if is_held else None
            view = screen.session.view
            if view is not None and view.result.text.strip():
                # What was said of an item may take it out of the answer, after the next step.
                screen.session.is_stale = is_held
                if not is_held:
                    self.post_message(RefreshWanted())

    def on_refresh_wanted(self, message: RefreshWanted) -> None:
        """Ask the open search again."""
        for screen in self.screen_stack:
            if isinstance(screen, GridScreen):
                screen.searching.look_again(message.item_id)

    def on_search_wanted(self, message: SearchWanted) -> None:
        """Go to the grid with a search."""
        while len(self.screen_stack) > 2:
            self.pop_screen()
        if isinstance(self.screen, GridScreen):
            self.screen.take(message)

    def _gallery_screens(self) -> list[GalleryScreen]:
        return [screen for screen in self.screen_stack if isinstance(screen, GalleryScreen)]
