"""The part of the app that uses changed settings at once, from the screen or from the file."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast, get_args

from textual.message import Message

from smartgallery_tui.errors import IndexLockedError, SmartGalleryError
from smartgallery_tui.records import GraphicsName
from smartgallery_tui.ui.filing_app import FilingApp
from smartgallery_tui.ui.keymap import Keymap
from smartgallery_tui.ui.lasting_output import LastingDriver
from smartgallery_tui.ui.pictures.attachment import TerminalChanged
from smartgallery_tui.ui.screens.asking import SyncWanted
from smartgallery_tui.ui.screens.grid import GridScreen
from smartgallery_tui.ui.screens.settings import RootsRead, SettingsSaved
from smartgallery_tui.ui.settings_values import value_of, with_values
from smartgallery_tui.ui.widgets.status_line import HintBar

if TYPE_CHECKING:
    import threading
    from collections.abc import Collection, Mapping, Sequence

    from smartgallery_tui.library import Library
    from smartgallery_tui.records import Settings
    from smartgallery_tui.ui.messages import GraphicsWanted
    from smartgallery_tui.ui.pictures.layer import PictureLayer

_SCAN_STOPS_S = 3.0
_LOOK_AGAIN_S = 0.02
LOOK_AT_FILE_S = 2.0
"""How often the settings file is looked at."""
NEXT_START = ("tools.ffmpeg", "tools.ffprobe", "scan.workers")
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


class SettlingApp(FilingApp):
    """An app whose settings may change while it runs."""

    pictures: PictureLayer

    def watch_settings(self) -> None:
        """Look now and then whether the settings file was edited."""
        if self.options.changed_settings is not None and not self.is_headless:
            self.set_interval(LOOK_AT_FILE_S, self.look_at_settings)

    def look_at_settings(self) -> None:
        """Ask whether the file was edited; the answer comes as a message."""
        read = self.options.changed_settings
        if read is None or self._session is None or not self.background.pages.is_idle:
            return

        def call(_cancelled: threading.Event) -> SettingsEdited | None:
            values, problems = read()
            return SettingsEdited(values, problems) if values or problems else None

        self.background.pages.submit("reading settings", call, self)

    def on_settings_edited(self, message: SettingsEdited) -> None:
        """Use what was edited; say what cannot be used."""
        for problem in message.problems:
            self.say(problem, "warning")
        if message.values:
            self.use_settings(message.values)

    def on_roots_wanted(self) -> None:
        """Tell the settings which folders the library has."""
        session, screen = self._session, self.screen
        if session is None:
            return
        library = session.library

        def call(_cancelled: threading.Event) -> RootsRead:
            return RootsRead(tuple(library.unnamed_roots()), tuple(library.offered_roots()))

        self.background.pages.submit("reading folders", call, screen)

    def on_settings_saved(self, message: SettingsSaved) -> None:
        """Use what was saved."""
        self.use_settings(message.changed, message.forgotten)

    def use_settings(self, values: Mapping[str, object], forgotten: Sequence[str] = ()) -> None:
        """Use changed settings: the library takes them in a lane, then the screens.

        Args:
            values: What changed, by section and name.
            forgotten: Folders that leave the library.
        """
        session = self._session
        if session is None:
            return
        library = session.library
        before = library.settings
        after = with_values(before, values)
        if self.options.is_read_only_forced and not after.safety.read_only:
            after = replace(after, safety=replace(after.safety, read_only=True))
            self.say("Read-only stays: the program was started with it.", "warning")
        names = [name for name in values if name.partition(".")[0] != "keys"]
        changed = {name for name in names if _value(before, name) != _value(after, name)}
        if before.keys != after.keys:
            changed.add("keys")
        if not changed and not forgotten:
            return
        if forgotten:
            self.background.sync.cancel()

        def call(_cancelled: threading.Event) -> SettingsUsed:
            is_view_changed = library.use_settings(after)
            problem = _forget(library, forgotten)
            return SettingsUsed(
                frozenset(changed), after, is_view_changed or bool(forgotten), problem
            )

        self.background.changes.submit("using settings", call, self)

    def on_settings_used(self, message: SettingsUsed) -> None:
        """Let the screens follow."""
        changed, settings = message.changed, message.settings
        if message.problem:
            self.say(message.problem, "warning")
        self._use_everywhere(changed, settings)
        for screen in self.screen_stack:
            if isinstance(screen, GridScreen):
                screen.use_view(settings.view, changed)
                if message.is_view_changed:
                    screen.searching.refresh_soon()
        if message.is_view_changed or any(name.startswith("scan.") for name in changed):
            self.post_message(SyncWanted(is_quiet=True))
        late = sorted(changed.intersection(NEXT_START))
        if late:
            self.say(f"{', '.join(late)}: from the next start.", "information")

    def _use_everywhere(self, changed: Collection[str], settings: Settings) -> None:
        """Use what belongs to no screen: colours, pictures, keys, the mouse."""
        if "view.theme" in changed:
            self._use_theme(settings.view.theme)
        if "graphics.protocol" in changed:
            self.use_graphics(settings.graphics.protocol)
        if "keys" in changed:
            self._use_keys(settings)
        if "view.mouse" in changed and isinstance(self._driver, LastingDriver):
            self._driver.use_mouse(is_used=settings.view.mouse)

    def _use_theme(self, name: str) -> None:
        if name in self.available_themes:
            self.theme = name
        else:
            self.say(f"There is no theme {name!r}.", "warning")

    def use_graphics(self, name: str) -> None:
        """Draw pictures another way; `auto` is what the terminal was found to draw."""
        if name not in get_args(GraphicsName):
            known = ", ".join(get_args(GraphicsName))
            self.say(f"Pictures are drawn by one of {known}.", "warning")
            return
        wanted = cast("GraphicsName", name)
        now = self.pictures.caps
        if wanted in {now.asked, now.protocol} and not now.needs_passthrough:
            self.say(f"Pictures are drawn by {now.protocol} already.", "information")
        elif not self.pictures.attachment.ask(wanted):
            protocol = self._caps.protocol if wanted == "auto" else wanted
            caps = replace(now, protocol=protocol, asked=wanted)
            self.pictures.use(caps)
            self.on_terminal_changed(TerminalChanged(caps, is_wanted=True))

    def on_terminal_changed(self, message: TerminalChanged) -> None:
        """Follow a terminal that was asked again."""
        caps, before = message.caps, self._caps
        self._caps = caps
        if self._session is not None:
            self._session.caps = caps
        self.refresh(layout=True)
        if caps.needs_passthrough:
            self.say("tmux keeps pictures back; `:graphics auto` lets them through.", "information")
        elif message.is_wanted:
            self.say(f"Pictures are drawn by {caps.protocol}.", "information")
        elif caps.protocol != before.protocol:
            self.say(f"Another terminal: {caps.reason}.", "information")

    def on_graphics_wanted(self, message: GraphicsWanted) -> None:
        """Draw pictures another way for this run."""
        self.use_graphics(message.name)

    def _use_keys(self, settings: Settings) -> None:
        """Take other keys; the defaults come back where the file names none."""
        session = self._session
        self.keys.use(Keymap(settings.keys))
        self.set_keymap(self.keymap.textual())
        if session is not None:
            session.keymap = self.keymap
        for screen in self.screen_stack:
            for hints in screen.query(HintBar):
                hints.use(self.keymap)
        for problem in self.keymap.problems:
            self.say(problem, "warning")


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
