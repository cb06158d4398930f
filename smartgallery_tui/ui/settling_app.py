"""The part of the app that uses changed settings at once, from the screen or from the file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast, get_args

from textual.message import Message

from smartgallery_tui.records import GraphicsName
from smartgallery_tui.ui.chords import Chords
from smartgallery_tui.ui.filing_app import FilingApp
from smartgallery_tui.ui.keymap import Keymap
from smartgallery_tui.ui.screens.asking import SyncWanted
from smartgallery_tui.ui.screens.grid import GridScreen
from smartgallery_tui.ui.settings_values import value_of, with_values
from smartgallery_tui.ui.widgets.status_line import HintBar

if TYPE_CHECKING:
    import threading
    from collections.abc import Mapping

    from smartgallery_tui.records import Settings
    from smartgallery_tui.terminal.caps import Protocol
    from smartgallery_tui.ui.messages import GraphicsWanted
    from smartgallery_tui.ui.pictures.layer import PictureLayer

LOOK_AT_FILE_S = 2.0
"""How often the settings file is looked at."""
NEXT_START = ("tools.ffmpeg", "tools.ffprobe", "view.mouse", "scan.workers")
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

    def use_settings(self, values: Mapping[str, object]) -> None:
        """Use changed settings: the library takes them in a lane, then the screens."""
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
        if not changed:
            return

        def call(_cancelled: threading.Event) -> SettingsUsed:
            is_view_changed = library.use_settings(after)
            return SettingsUsed(frozenset(changed), after, is_view_changed)

        self.background.changes.submit("using settings", call, self)

    def on_settings_used(self, message: SettingsUsed) -> None:
        """Let the screens follow."""
        changed, settings = message.changed, message.settings
        if "view.theme" in changed:
            self._use_theme(settings.view.theme)
        if "graphics.protocol" in changed:
            self.use_graphics(settings.graphics.protocol)
        if "keys" in changed:
            self._use_keys(settings)
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
        protocol = self._caps.protocol if name == "auto" else cast("Protocol", name)
        if protocol == self.pictures.caps.protocol:
            self.say(f"Pictures are drawn by {protocol} already.", "information")
            return
        reason = self._caps.reason if name == "auto" else "chosen by you"
        self.pictures.use(replace(self.pictures.caps, protocol=protocol, reason=reason))
        self.refresh(layout=True)
        self.say(f"Pictures are drawn by {protocol}.", "information")

    def on_graphics_wanted(self, message: GraphicsWanted) -> None:
        """Draw pictures another way for this run."""
        self.use_graphics(message.name)

    def _use_keys(self, settings: Settings) -> None:
        """Take other keys; the defaults come back where the file names none."""
        session = self._session
        self.keymap = Keymap(settings.keys)
        self._chords = Chords(self.keymap)
        self.set_keymap(self.keymap.textual())
        if session is not None:
            session.keymap = self.keymap
        for screen in self.screen_stack:
            for hints in screen.query(HintBar):
                hints.use(self.keymap)
        for problem in self.keymap.problems:
            self.say(problem, "warning")


def _value(settings: Settings, name: str) -> object:
    try:
        return value_of(settings, name)
    except AttributeError:
        return None
