"""The app: puts screens, lanes, pictures and the library together; leaves the terminal clean."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from smartgallery_tui.errors import SmartGalleryError
from smartgallery_tui.ui.content import line
from smartgallery_tui.ui.control_filter import ControlFilter
from smartgallery_tui.ui.keeper import Keeper
from smartgallery_tui.ui.key_reader import KeyReader
from smartgallery_tui.ui.keymap import Keymap
from smartgallery_tui.ui.live_app import LiveApp
from smartgallery_tui.ui.messages import (
    CallFailed,
)
from smartgallery_tui.ui.options import AppOptions, AppResult
from smartgallery_tui.ui.palette import ActionProvider
from smartgallery_tui.ui.pictures.layer import PictureLayer
from smartgallery_tui.ui.screens import asking
from smartgallery_tui.ui.screens.base import GalleryScreen
from smartgallery_tui.ui.screens.first_run import FirstRunScreen, LibraryOpened
from smartgallery_tui.ui.screens.grid import GridScreen
from smartgallery_tui.ui.screens.jobs import JobsPopup
from smartgallery_tui.ui.screens.popup import GRACE_S, ConfirmPopup
from smartgallery_tui.ui.session import Session
from smartgallery_tui.ui.theming import FALLBACK, choose, make_theme

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual import events
    from textual.filter import LineFilter
    from textual.message import Message

    from smartgallery_tui.library import Library
    from smartgallery_tui.terminal.caps import TerminalCaps
    from smartgallery_tui.ui.background import Call
    from smartgallery_tui.ui.keeper import OffersRead

_LOG = logging.getLogger("smartgallery_tui.ui")
INTERRUPTED = 130
LOW_ROWS = 30
"""Below this height a notice takes the lowest row, over no card and no entry."""
KEEP_LIMIT_S = 1.0
"""How long leaving waits for the state of the screens to be written."""


class SmartGalleryApp(LiveApp):
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
    CSS = """
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

    def __init__(
        self, library: Library | None, caps: TerminalCaps, options: AppOptions | None = None
    ) -> None:
        super().__init__(library, caps, options or AppOptions())
        self.VERTICAL_BREAKPOINTS = [(0, "-low"), (LOW_ROWS, "-tall")]
        keymap = Keymap(library.settings.keys if library is not None else ())
        self.keys = KeyReader(self, keymap, self._check_bindings, super().on_event)
        self.keeper = Keeper(self)
        self.pictures = PictureLayer(self, self._source, caps, self._guard_work)

    # Start and end

    def on_mount(self) -> None:
        """Set themes and keys, show the first screen."""
        self._use_themes()
        self.set_keymap(self.keymap.textual())
        self._catch_signals()
        if self._source.library is None:
            self.push_screen(FirstRunScreen(self.options, self.background))
        else:
            self._browse(self._source.library)
        for text in (*self.options.notices, *self.keymap.problems):
            self.say(text, "warning")

    def on_unmount(self) -> None:
        """End the threads; nothing waits for one that hangs."""
        self.background.close()
        self.watcher.close()
        self.pictures.shutdown()

    def _use_themes(self) -> None:
        themes = [make_theme(spec) for spec in self.options.themes]
        for theme in themes:
            self.register_theme(theme)
        library = self._source.library
        wanted = self.options.theme or (library.settings.view.theme if library else FALLBACK)
        self.theme, problem = choose(wanted, themes)
        if problem and themes:
            self.say(problem, "warning")

    def _catch_signals(self) -> None:
        """Leave in order when the system or a lost connection asks for it."""
        if self.is_headless:
            return
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            loop.add_signal_handler(number, self._leave, INTERRUPTED)

    def _leave(self, code: int) -> None:
        self.result.code = code
        for screen in self.screen_stack:
            if isinstance(screen, GridScreen):
                self.result.state = screen.state_to_keep()
        self.background.close()
        self.watcher.close()
        self.pictures.shutdown()
        self.exit(return_code=code)

    def _browse(self, library: Library) -> None:
        self._source.library = library
        self._session = Session(
            library, self._caps, self.options, self.keymap, self.background, self.pictures,
            self._source.frames,
        )  # fmt: skip
        self._session.take_state(self.options.state)
        self.push_screen(GridScreen(self._session))
        self.watch_library()
        self.settings_use.start(self._session)
        if not self.is_headless:
            self.watch_folders()
        self.keeper.start(self._session)
        if self.options.is_syncing and library.can_index:
            self._sync()

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
        if self._session is not None:
            self.push_screen(JobsPopup(self._session))

    def action_help_quit(self) -> None:
        """Say how to leave: Ctrl-C copies text here."""
        self.say(f"{self.keymap.show('grid.quit')} leaves the program.", "information")

    async def action_quit(self) -> None:
        """Leave, asked for by Textual's own key."""
        self.action_quit_now()

    def action_quit_now(self) -> None:
        """Leave; ask first while a change is being written."""
        self.on_quit_wanted()

    def on_quit_wanted(self) -> None:
        """Leave; ask first while a change is being written."""
        code = 1 if self.options.is_pick else 0
        if self.background.changes.is_idle and self.background.files.is_idle:
            self._leave(code)
            return
        question = line("A change is still being written. Leave all the same?")
        popup = ConfirmPopup(question, grace_s=GRACE_S + self._caps.rtt_ms / 1000)
        self.push_screen(popup, lambda yes: self._leave(code) if yes else None)

    def on_picked(self) -> None:
        """Leave a pick with the marked items, or the one under the cursor."""
        session = self._session
        screen = self.screen
        if session is None or not isinstance(screen, GalleryScreen):
            return
        ids = session.marks.ids or screen.targets()
        library = session.library

        def call(_cancelled: threading.Event) -> asking.PathsRead:
            return asking.PathsRead([library.item(item_id).path for item_id in ids])

        self.background.pages.submit("reading paths", call, self)

    def on_paths_read(self, message: asking.PathsRead) -> None:
        """Leave with the picked paths."""
        self.result.picked = tuple(message.paths)
        self._leave(0)

    # Library

    def on_first_run_screen_wanted(self, message: FirstRunScreen.Wanted) -> None:
        """Open a library in a lane."""
        self.background.changes.submit(message.what, message.call, self)

    def on_library_opened(self, message: LibraryOpened) -> None:
        """Leave the first screen for the grid."""
        self.pop_screen()
        self.options = replace(self.options, state=message.state)
        self._browse(message.library)

    def on_offers_read(self, message: OffersRead) -> None:
        """Ask whether user data of others is to be restored."""
        self.keeper.offers_read(message)

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
    app.background.close()
    app.watcher.close()
    app.pictures.shutdown()
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
