"""The app: puts screens, lanes, pictures and the library together; leaves the terminal clean."""

from __future__ import annotations

import contextlib
import logging
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from smartgallery_tui.errors import SmartGalleryError
from smartgallery_tui.ui.control_filter import ControlFilter
from smartgallery_tui.ui.drawing import Drawing
from smartgallery_tui.ui.file_works import FileWorks
from smartgallery_tui.ui.judgements import Judgements
from smartgallery_tui.ui.keeper import Keeper
from smartgallery_tui.ui.key_reader import KeyReader
from smartgallery_tui.ui.keymap import Keymap
from smartgallery_tui.ui.leaving import Leaving
from smartgallery_tui.ui.library_app import LibraryApp
from smartgallery_tui.ui.live import Live
from smartgallery_tui.ui.messages import CallFailed
from smartgallery_tui.ui.options import AppOptions, AppResult
from smartgallery_tui.ui.palette import ActionProvider
from smartgallery_tui.ui.pictures.layer import PictureLayer
from smartgallery_tui.ui.scans import Scans
from smartgallery_tui.ui.screens.first_run import FirstRunScreen, LibraryOpened
from smartgallery_tui.ui.screens.grid import GridScreen
from smartgallery_tui.ui.screens.jobs import JobsPopup
from smartgallery_tui.ui.session import Session
from smartgallery_tui.ui.settings_use import SettingsUse
from smartgallery_tui.ui.theming import FALLBACK, dress

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from textual import events
    from textual.filter import LineFilter
    from textual.message import Message

    from smartgallery_tui.library import Library
    from smartgallery_tui.terminal.caps import TerminalCaps
    from smartgallery_tui.ui.background import Call
    from smartgallery_tui.ui.file_messages import (
        FailuresWanted,
        FolderAnswered,
        Stepped,
        WorkDone,
        WorkGoesOn,
        WorkWanted,
    )
    from smartgallery_tui.ui.keeper import OffersRead
    from smartgallery_tui.ui.live import LiveNews
    from smartgallery_tui.ui.messages import (
        GraphicsWanted,
        MarksChanged,
        RefreshWanted,
        SearchWanted,
        SyncFinished,
        SyncNews,
        VersionRead,
    )
    from smartgallery_tui.ui.pictures.attachment import TerminalChanged
    from smartgallery_tui.ui.screens import asking
    from smartgallery_tui.ui.screens.settings import SettingsSaved
    from smartgallery_tui.ui.settings_use import SettingsEdited, SettingsUsed

_LOG = logging.getLogger("smartgallery_tui.ui")
LOW_ROWS = 30
"""Below this height a notice takes the lowest row, over no card and no entry."""
KEEP_LIMIT_S = 1.0
"""How long leaving waits for the state of the screens to be written."""

_CSS = """
GalleryScreen { background: $background; }
* { scrollbar-background: $surface; scrollbar-background-hover: $surface;
    scrollbar-background-active: $surface; scrollbar-color: $foreground 30%; }
CommandPalette { background: transparent; }
ModalScreen Toast { display: none; }
ToastRack { dock: top; align: right top; }
GridScreen ToastRack { margin-top: 1; }
GalleryScreen.-cursor-high ToastRack { dock: bottom; align: right bottom; margin-bottom: 2; }
Screen.-low ToastRack { dock: bottom; align: right bottom; margin-bottom: 0; }
Screen.-low Toast { width: auto; max-width: 100%; padding: 0 1; margin-top: 0; }
"""
"""What lies over all screens: scroll bars, the palette, where notices stand."""


class SmartGalleryApp(LibraryApp):
    """The gallery on a terminal.

    Args:
        library: An open library, or None to ask for a folder first.
        caps: What the probe found.
        options: How this run behaves.
    """

    TITLE = "SmartGallery"
    COMMANDS: ClassVar = {ActionProvider}
    COMMAND_PALETTE_BINDING = "ctrl+p"
    ESCAPE_TO_MINIMIZE = False
    CSS = _CSS

    def __init__(
        self, library: Library | None, caps: TerminalCaps, options: AppOptions | None = None
    ) -> None:
        super().__init__(library, caps, options or AppOptions())
        self.VERTICAL_BREAKPOINTS = [(0, "-low"), (LOW_ROWS, "-tall")]
        keymap = Keymap(library.settings.keys if library is not None else ())
        self.keys = KeyReader(self, keymap, self._check_bindings, super().on_event)
        self.pictures = PictureLayer(self, self._source, caps, self._guard_work)
        self.scans = Scans(self)
        self.judgements = Judgements(self)
        self.works = FileWorks(self)
        self.live = Live(self)
        self.drawing = Drawing(self, caps)
        self.settings_use = SettingsUse(self, self.drawing, self.live.watch_again)
        self.keeper = Keeper(self)
        self.leaving = Leaving(self)

    # Start and end

    def on_mount(self) -> None:
        """Set themes and keys, show the first screen."""
        wanted = self.options.theme or (self.library.settings.view.theme if self.library else "")
        problem = dress(self, self.options.themes, wanted or FALLBACK)
        self.set_keymap(self.keymap.textual())
        self.leaving.catch_signals()
        if self.library is None:
            self.push_screen(FirstRunScreen(self.options, self.background))
        else:
            self._browse(self.library)
        for text in (*problem, *self.options.notices, *self.keymap.problems):
            self.say(text, "warning")

    def on_unmount(self) -> None:
        """End the threads."""
        self.end_threads()

    def end_threads(self) -> None:
        """End the threads; nothing waits for one that hangs. Idempotent."""
        self.background.close()
        self.live.watcher.close()
        self.pictures.shutdown()

    def _browse(self, library: Library) -> None:
        self._source.library = library
        self.session = Session(
            library, self.caps, self.options, self.keymap, self.background, self.pictures,
            self._source.frames,
        )  # fmt: skip
        self.session.take_state(self.options.state)
        self.push_screen(GridScreen(self.session))
        self.scans.watch()
        self.settings_use.start(self.session)
        if not self.is_headless:
            self.live.watch_folders()
        self.keeper.start(self.session)
        if self.options.is_syncing and library.can_index:
            self.scans.start()

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return Textual's filters and ours below them: no control character gets through."""
        return [*super().get_line_filters(), ControlFilter()]

    # Keys

    async def on_event(self, event: events.Event) -> None:
        """Look at keys before the widgets do."""
        if not await self.keys.take(event):
            await super().on_event(event)

    def action_redraw(self) -> None:
        """Draw everything again and send the pictures again."""
        self.pictures.resend()
        self.refresh(layout=True)

    def action_offers(self) -> None:
        """Show what user data could be restored, what was declined too."""
        self.keeper.look_for_offers(is_wanted=True)

    def action_jobs(self) -> None:
        """Show what runs, and stop what is chosen."""
        if self.session is not None:
            self.push_screen(JobsPopup(self.session))

    def action_help_quit(self) -> None:
        """Say how to leave: Ctrl-C copies text here."""
        self.say(f"{self.keymap.show('grid.quit')} leaves the program.", "information")

    async def action_quit(self) -> None:
        """Leave, asked for by Textual's own key."""
        self.action_quit_now()

    def action_quit_now(self) -> None:
        """Leave; ask first while a change is being written."""
        self.leaving.wanted()

    @property
    def is_settled(self) -> bool:
        """True when no call runs and no search waits to be asked."""
        return (
            not self.keys.has_held_keys
            and self.background.is_idle
            and all(screen.is_settled for screen in self.gallery_screens())
        )

    # Where to

    def on_first_run_screen_wanted(self, message: FirstRunScreen.Wanted) -> None:
        """Open a library in a lane."""
        self.background.changes.submit(message.what, message.call, self)

    def on_library_opened(self, message: LibraryOpened) -> None:
        """Leave the first screen for the grid."""
        self.pop_screen()
        self.options = replace(self.options, state=message.state)
        self._browse(message.library)

    def on_search_wanted(self, message: SearchWanted) -> None:
        """Go to the grid with a search."""
        while len(self.screen_stack) > 2:
            self.pop_screen()
        if isinstance(self.screen, GridScreen):
            self.screen.take(message)

    def on_refresh_wanted(self, message: RefreshWanted) -> None:
        """Ask the open search again."""
        grid = self.grid_screen()
        if grid is not None:
            grid.searching.look_again(message.item_id)

    def use_settings(self, values: Mapping[str, object]) -> None:
        """Use changed settings, by section and name."""
        self.settings_use.use(values)

    # Which part answers which message

    def on_sync_wanted(self, message: asking.SyncWanted) -> None:
        """Bring the index up to date."""
        self.scans.wanted(message)

    def on_sync_news(self, message: SyncNews) -> None:
        """Follow a scan."""
        self.scans.news(message)

    def on_sync_finished(self, message: SyncFinished) -> None:
        """Say what a scan found."""
        self.scans.finished(message)

    def on_version_read(self, message: VersionRead) -> None:
        """Look again where another process wrote."""
        self.scans.version_read(message)

    def on_live_news(self, message: LiveNews) -> None:
        """Look again where files landed."""
        self.live.news(message)

    def on_follow_wanted(self) -> None:
        """Follow the newest file, or leave off."""
        self.live.switch()

    def on_search_answered(self) -> None:
        """Open the newest file, or leave a large view that shows nothing any more."""
        self.live.answered()

    def on_marks_changed(self, message: MarksChanged) -> None:
        """Show changed marks."""
        self.judgements.changed(message)

    def on_work_wanted(self, message: WorkWanted) -> None:
        """Make a change of files."""
        self.works.wanted(message)

    def on_work_goes_on(self, message: WorkGoesOn) -> None:
        """Show how far a change is."""
        self.works.goes_on(message)

    def on_work_done(self, message: WorkDone) -> None:
        """Say what became of a change."""
        self.works.done(message)

    def on_failures_wanted(self, message: FailuresWanted) -> None:
        """Show what of a change was not done."""
        self.works.show_failures(message.job)

    def on_stepped(self, message: Stepped) -> None:
        """Say what was taken back or done again."""
        self.works.stepped(message)

    def on_folder_answered(self, message: FolderAnswered) -> None:
        """Say what became of a folder."""
        self.works.folder_answered(message)

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

    def on_offers_read(self, message: OffersRead) -> None:
        """Ask whether user data of others is to be restored."""
        self.keeper.offers_read(message)

    def on_quit_wanted(self) -> None:
        """Leave; ask first while a change is being written."""
        self.leaving.wanted()

    def on_picked(self) -> None:
        """Leave a pick."""
        self.leaving.picked()

    def on_paths_read(self, message: asking.PathsRead) -> None:
        """Leave with the picked paths."""
        self.leaving.paths_read(message)

    # Failures

    def on_call_failed(self, message: CallFailed) -> None:
        """Say that a call failed; a dialog that it was to open will not come."""
        self.keys.expect_nothing()
        screen = self.screen
        if isinstance(screen, FirstRunScreen):
            screen.refused(message.reason)
        else:
            self.say(f"{message.what}: {message.reason}", message.severity)

    def guard_call(self, what: str, call: Call, cancelled: threading.Event) -> Message | None:
        """Run a lane's call; a failure becomes a notice. Any thread."""
        try:
            return call(cancelled)
        except SmartGalleryError as error:
            if not cancelled.is_set():
                self.post_message(CallFailed(what, str(error)))
        except Exception as error:  # noqa: BLE001 - the one handler of lane failures
            self._report(what, error)
        return None

    def _guard_work(self, work: Callable[[], None]) -> None:
        """Run a job of the picture threads; a failure becomes a notice. Any thread."""
        self.guard_call("picture", lambda _cancelled: work(), threading.Event())

    def _report(self, what: str, error: Exception) -> None:
        _LOG.error("%s failed", what, exc_info=error)
        reason = f"unexpected {type(error).__name__}; the log has the place"
        self.post_message(CallFailed(what, reason))

    def _handle_exception(self, error: Exception) -> None:
        """Leave with one line and a report instead of a page of local variables."""
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        self._return_code = 1
        _LOG.critical("the app failed", exc_info=error)
        place = ""
        write = self.options.write_crash_report
        if write is not None:
            place = write(error)
        self.result.code = 1
        self.result.message = f"smartgallery failed unexpectedly ({type(error).__name__})."
        if place:
            self.result.message += f" A report without prompts is in {place}"
        self._close_messages_no_wait()


def run_app(
    library: Library | None, caps: TerminalCaps, options: AppOptions | None = None
) -> AppResult:
    """Run the app until the user leaves and return what it left behind.

    The terminal is as it was before. The caller closes the library; threads that hang in a call
    are daemons and do not keep the process.

    Args:
        library: An open library, or None to ask for a folder first.
        caps: What the probe found.
        options: How this run behaves.
    """
    given = options or AppOptions()
    if library is not None:
        given = replace(given, state=library.ui_state())
    app = SmartGalleryApp(library, caps, given)
    is_using_mouse = library.settings.view.mouse if library is not None else True
    app.run(mouse=is_using_mouse)
    app.end_threads()
    opened = app.library
    if opened is not None and app.result.state:
        _keep(opened, app.result.state)
    return app.result


def _keep(library: Library, state: dict[str, Any]) -> None:
    """Write what the screens want back; a database that does not answer is not waited for."""

    def write() -> None:
        with contextlib.suppress(SmartGalleryError):
            library.remember(state)

    writer = threading.Thread(target=write, daemon=True)
    writer.start()
    writer.join(KEEP_LIMIT_S)
