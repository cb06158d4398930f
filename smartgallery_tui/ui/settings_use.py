"""Changed settings, used at once: from their screen or from the edited file."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from textual.message import Message

from smartgallery_tui.errors import IndexLockedError, SmartGalleryError
from smartgallery_tui.ui.keymap import Keymap
from smartgallery_tui.ui.screens.asking import SyncWanted
from smartgallery_tui.ui.screens.grid import GridScreen
from smartgallery_tui.ui.screens.settings import RootsRead
from smartgallery_tui.ui.settings_values import value_of, with_values
from smartgallery_tui.ui.widgets.status_line import HintBar

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Collection, Mapping, Sequence

    from smartgallery_tui.library import Library
    from smartgallery_tui.records import Settings
    from smartgallery_tui.ui.drawing import Drawing
    from smartgallery_tui.ui.library_app import LibraryApp
    from smartgallery_tui.ui.session import Session

_SCAN_STOPS_S: Final = 3.0
_LOOK_AGAIN_S: Final = 0.02
LOOK_AT_FILE_S: Final = 2.0
"""How often the settings file is looked at."""
NEXT_START: Final = ("tools.ffmpeg", "tools.ffprobe", "scan.workers")
"""Settings that hold from the next start."""


@dataclass
class SettingsEdited(Message):
    """Lines of the settings file changed."""

    values: dict[str, object]
    problems: list[str]


@dataclass
class SettingsUsed(Message):
    """The library has taken new settings."""

    changed: frozenset[str]
    settings: Settings
    is_view_changed: bool
    problem: str = ""
    """Why a folder could not be forgotten, or ""."""


class SettingsUse:
    """Brings changed settings to the library and the screens; used by the event loop alone.

    Args:
        app: Shows notices, runs calls, and has the screens.
        drawing: Takes another way of drawing.
        watch_again: Follows the folders of the view, which are others now.
    """

    def __init__(self, app: LibraryApp, drawing: Drawing, watch_again: Callable[[], None]) -> None:
        self._app = app
        self._drawing = drawing
        self._watch_again = watch_again
        self._session: Session | None = None

    def start(self, session: Session) -> None:
        """Look now and then, from now on, whether the settings file was edited."""
        self._session = session
        if self._app.options.changed_settings is not None and not self._app.is_headless:
            self._app.set_interval(LOOK_AT_FILE_S, self.look)

    def look(self) -> None:
        """Ask whether the file was edited; the answer comes as a message."""
        read = self._app.options.changed_settings
        if read is None or self._session is None or not self._app.background.pages.is_idle:
            return

        def call(_cancelled: threading.Event) -> SettingsEdited | None:
            values, problems = read()
            return SettingsEdited(values, problems) if values or problems else None

        self._app.background.pages.submit("reading settings", call, self._app)

    def edited(self, message: SettingsEdited) -> None:
        """Use what was edited; say what cannot be used."""
        for problem in message.problems:
            self._app.say(problem, "warning")
        if message.values:
            self.use(message.values)

    def tell_roots(self) -> None:
        """Tell the screen of the settings which folders the library has."""
        session, screen = self._session, self._app.screen
        if session is None:
            return
        library = session.library

        def call(_cancelled: threading.Event) -> RootsRead:
            return RootsRead(tuple(library.unnamed_roots()), tuple(library.offered_roots()))

        self._app.background.pages.submit("reading folders", call, screen)

    def use(self, values: Mapping[str, object], forgotten: Sequence[str] = ()) -> None:
        """Use changed settings: the library takes them in a lane, then the screens.

        Args:
            values: What changed, by section and name.
            forgotten: Folders that leave the library.
        """
        session, app = self._session, self._app
        if session is None:
            return
        library = session.library
        before = library.settings
        after = self._allowed(with_values(before, values))
        names = [name for name in values if name.partition(".")[0] != "keys"]
        changed = {name for name in names if _value(before, name) != _value(after, name)}
        if before.keys != after.keys:
            changed.add("keys")
        if not changed and not forgotten:
            return
        if forgotten:
            app.background.sync.cancel()

        def call(_cancelled: threading.Event) -> SettingsUsed:
            is_view_changed = library.use_settings(after)
            problem = _forget(library, forgotten)
            return SettingsUsed(
                frozenset(changed), after, is_view_changed or bool(forgotten), problem
            )

        app.background.changes.submit("using settings", call, app)

    def _allowed(self, settings: Settings) -> Settings:
        """Return settings that keep what was asked for when the program was started."""
        if not self._app.options.is_read_only_forced or settings.safety.read_only:
            return settings
        self._app.say("Read-only stays: the program was started with it.", "warning")
        return replace(settings, safety=replace(settings.safety, read_only=True))

    def used(self, message: SettingsUsed) -> None:
        """Let the screens follow."""
        app, changed, settings = self._app, message.changed, message.settings
        if message.problem:
            app.say(message.problem, "warning")
        self._use_everywhere(changed, settings)
        for screen in app.screen_stack:
            if isinstance(screen, GridScreen):
                screen.use_view(settings.view, changed)
                if message.is_view_changed:
                    screen.searching.refresh_soon()
        if message.is_view_changed:
            self._watch_again()
        if message.is_view_changed or any(name.startswith("scan.") for name in changed):
            app.post_message(SyncWanted(is_quiet=True))
        late = sorted(changed.intersection(NEXT_START))
        if late:
            app.say(f"{', '.join(late)}: from the next start.", "information")

    def _use_everywhere(self, changed: Collection[str], settings: Settings) -> None:
        """Use what belongs to no screen: colours, pictures, keys, the mouse."""
        if "view.theme" in changed:
            self._use_theme(settings.view.theme)
        if "graphics.protocol" in changed:
            self._drawing.use(settings.graphics.protocol)
        if "keys" in changed:
            self._use_keys(settings)
        if "view.mouse" in changed:
            self._app.use_mouse(is_used=settings.view.mouse)

    def _use_theme(self, name: str) -> None:
        if name in self._app.available_themes:
            self._app.theme = name
        else:
            self._app.say(f"There is no theme {name!r}; :theme lists them.", "warning")

    def _use_keys(self, settings: Settings) -> None:
        """Take other keys; the defaults come back where the file names none."""
        app = self._app
        app.keys.use(Keymap(settings.keys))
        app.set_keymap(app.keymap.textual())
        if self._session is not None:
            self._session.keymap = app.keymap
        for screen in app.screen_stack:
            for hints in screen.query(HintBar):
                hints.use(app.keymap)
        for problem in app.keymap.problems:
            app.say(problem, "warning")


def _forget(library: Library, folders: Sequence[str]) -> str:
    """Take folders out of the library; return why one could not be, or "". Blocks.

    A scan that was asked to stop may need a moment.
    """
    end = time.monotonic() + _SCAN_STOPS_S
    for folder in folders:
        while True:
            try:
                library.forget_root(folder)
            except IndexLockedError as error:
                if time.monotonic() > end:
                    return str(error)
                time.sleep(_LOOK_AGAIN_S)
            except SmartGalleryError as error:
                return str(error)
            else:
                break
    return ""


def _value(settings: Settings, name: str) -> object:
    try:
        return value_of(settings, name)
    except AttributeError:
        return None
