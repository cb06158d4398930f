"""Scans, and what other processes wrote: asked for, followed, and told to the screens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from smartgallery_tui.records import LibraryChanged, Notice, SyncProgress
from smartgallery_tui.ui import format as words
from smartgallery_tui.ui.messages import Said, SyncFinished, SyncNews, VersionRead
from smartgallery_tui.ui.screens import asking
from smartgallery_tui.ui.screens.grid import GridScreen

if TYPE_CHECKING:
    import threading

    from smartgallery_tui.records import Event
    from smartgallery_tui.ui.library_app import LibraryApp

LOOK_S: Final = 0.9
"""How often the databases are asked whether another process wrote."""


class Scans:
    """Keeps the screens in step with the index; used by the event loop alone.

    Args:
        app: Runs calls, shows notices, has the screens.
    """

    def __init__(self, app: LibraryApp) -> None:
        self._app = app
        self._version: int | None = None

    def watch(self) -> None:
        """Look now and then whether another process wrote."""
        if not self._app.is_headless:
            self._app.set_interval(LOOK_S, self._look_for_changes)

    def wanted(self, message: asking.SyncWanted) -> None:
        """Bring the index up to date, unless that is being done."""
        if self._app.session is None:
            return
        can_index = self._app.session.library.can_index
        if message.is_quiet and not (can_index and self._app.background.sync.is_idle):
            return
        if not can_index:
            self._app.say("The index cannot be written; it stays as it is.", "warning")
        elif not self._app.background.sync.is_idle:
            self._app.say("A scan is running already.", "information")
        else:
            self.start(message)

    def start(self, wanted: asking.SyncWanted | None = None) -> None:
        """Scan the folders of the view."""
        library = self._app.library
        if library is None:
            return
        wanted = wanted or asking.SyncWanted()

        def emit(event: Event) -> None:
            self._app.post_message(SyncNews(event))

        def call(cancelled: threading.Event) -> SyncFinished:
            number = len(wanted.again)
            if wanted.again:
                library.read_again(wanted.again)
            elif wanted.again_after_s:
                number = library.read_old_again(wanted.again_after_s)
                if not number:
                    said = Said("Every file was read a short while ago.", "information")
                    self._app.post_message(said)
            report = library.sync(emit, cancelled, reparse=wanted.is_all_again)
            return SyncFinished(report, report.found if wanted.is_all_again else number)

        self._app.background.sync.submit("scan", call, self._app)

    def news(self, message: SyncNews) -> None:
        """Hand an event of the sync to the screens; show notices."""
        if isinstance(message.event, Notice):
            self._tell(message.event)
        for screen in self._app.gallery_screens():
            screen.sync_news(message.event)

    def _tell(self, notice: Notice) -> None:
        """Show a notice; what is told at every scan is shown once, and then only to be read again.

        A linked folder stays what it is: nobody wants to read of it at every start.
        """
        session = self._app.session
        if notice.severity != "information" or session is None or session.is_new(notice.text):
            self._app.say(notice.text, notice.severity)
        else:
            self._app.notices.note(notice.text, notice.severity)

    def _look_for_changes(self) -> None:
        """Ask whether another process wrote; the answer comes as a message."""
        session = self._app.session
        if session is None or not self._app.background.facets.is_idle:
            return
        before = self._version

        def call(_cancelled: threading.Event) -> VersionRead | None:
            version = session.library.data_version()
            return None if version == before else VersionRead(version)

        self._app.background.facets.submit("looking for changes", call, self._app)

    def version_read(self, message: VersionRead) -> None:
        """Look again where another process wrote."""
        is_first = self._version is None
        self._version = message.version
        if not is_first and self._app.background.sync.is_idle:
            for screen in self._app.gallery_screens():
                screen.sync_news(LibraryChanged())

    def finished(self, message: SyncFinished) -> None:
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
        if text and isinstance(self._app.screen, GridScreen):
            self._app.notices.note(text, "information")  # its status line says it, over no card
        elif text:
            self._app.say(f"{text}.", "information")
        for screen in self._app.gallery_screens():
            screen.sync_news(LibraryChanged(report.added, report.changed, report.missing))
            screen.sync_news(SyncProgress("done", message=text))
