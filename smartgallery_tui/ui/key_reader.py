"""Reads keys before anything else: chords, what may follow, and keys typed ahead."""

from __future__ import annotations

import math
import time
from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, runtime_checkable

from textual import events
from textual.screen import ModalScreen

from smartgallery_tui.ui.chords import Chords
from smartgallery_tui.ui.key_on_its_way import KeyOnItsWay
from smartgallery_tui.ui.keymap import textual_key
from smartgallery_tui.ui.screens.base import GalleryScreen
from smartgallery_tui.ui.widgets.which_key import WhichKey

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual.app import App
    from textual.timer import Timer

    from smartgallery_tui.ui.keymap import Keymap

WHICH_KEY_S = 0.3
"""How long a first key may stand alone before the second ones are listed."""
DIALOG_LIMIT_S = 3.0
"""How long keys wait for a dialog that was asked for."""
_LOOK_S = 0.01


@runtime_checkable
class ShowsJobs(Protocol):
    """A screen beside the gallery that has work going on."""

    SHOWS_JOBS: ClassVar[bool]


@runtime_checkable
class Reading(Protocol):
    """A screen that has nothing to act on until what it shows has been read."""

    @property
    def is_reading(self) -> bool:
        """True until then."""


class KeyReader:
    """Takes the keys of an app.

    A key that no text field wants acts here and now. On its way through the focused widget's
    queue it would act after the keys behind it were given out: `/fox` typed in one go would open
    the picture with its `o`.

    Args:
        app: Whose keys these are.
        keymap: The keys in force.
        run_binding: Runs what a single key is bound to; tells whether there was anything.
        pass_on: Lets the app's widgets have a key.
    """

    def __init__(
        self,
        app: App[Any],
        keymap: Keymap,
        run_binding: Callable[[str], Awaitable[bool]],
        pass_on: Callable[[events.Event], Awaitable[None]],
    ) -> None:
        self.keymap = keymap
        self._app = app
        self._run_binding = run_binding
        self._pass_on = pass_on
        self._chords = Chords(keymap)
        self._hesitating: Timer | None = None
        self._held: deque[events.Key] = deque()
        self._releasing: Timer | None = None
        self._expected_above = 0
        self._expected_until_s = 0.0
        self._held_until_s = 0.0
        self._last_s = -math.inf
        self._before = KeyOnItsWay()
        self._first_of_jobs = ""

    @property
    def quiet_s(self) -> float:
        """How long no key has come; 0.0 while one half of two keys is typed."""
        return 0.0 if self._chords.pending else time.monotonic() - self._last_s

    def use(self, keymap: Keymap) -> None:
        """Read other keys from now on."""
        self.keymap = keymap
        self._chords = Chords(keymap)

    async def take(self, event: events.Event) -> bool:
        """Act on a key, or hold it; False for all that the widgets are to have."""
        if not isinstance(event, events.Key):
            return False
        if event.is_forwarded:
            self._before.end(event)
            return False
        self._last_s = time.monotonic()
        if event.key == "escape" and self._is_reading:
            self._held.clear()  # what was typed ahead is not wanted any more
        elif self._held or self._must_wait():
            self._hold(event)
            return True
        return await self._acted(event)

    async def _acted(self, event: events.Key) -> bool:
        screen = self._app.screen
        if isinstance(screen, GalleryScreen) and not screen.is_typing:
            return await self._chord(screen, event) or await self._run_binding(event.key)
        self._chords.drop()
        if isinstance(screen, ShowsJobs) and await self._asked_for_jobs(event.key):
            return True
        self._before.begin(event, self._app.focused)
        return False

    async def _asked_for_jobs(self, key: str) -> bool:
        """Take the two keys of the jobs; a second one that is not theirs acts as usual."""
        if self._first_of_jobs:
            is_second = f"{self._first_of_jobs} {key}" in self._keys_of_jobs
            self._first_of_jobs = ""
            if is_second:
                await self._app.run_action("app.jobs")
            return is_second
        if any(keys.startswith(f"{key} ") for keys in self._keys_of_jobs):
            self._first_of_jobs = key
        return bool(self._first_of_jobs)

    @property
    def _keys_of_jobs(self) -> list[str]:
        """The keys of the jobs by Textual's names, a blank between the two."""
        known = self.keymap.keys("app.jobs")
        return [" ".join(textual_key(part) for part in keys.split()) for keys in known]

    # Keys typed ahead of a dialog, or of the key before

    @property
    def has_held_keys(self) -> bool:
        """True while keys wait for a dialog to open, or for the key before."""
        return bool(self._held)

    def expect_dialog(self) -> None:
        """Hold keys from now on until a dialog is there: they were meant for it."""
        self._expected_above = len(self._app.screen_stack)
        self._expected_until_s = time.monotonic() + DIALOG_LIMIT_S

    def expect_nothing(self) -> None:
        """Let keys act again: the dialog will not come."""
        self._expected_until_s = 0.0

    def _must_wait(self) -> bool:
        """Tell whether the key before has not acted yet, or a dialog is not ready for keys yet."""
        if self._before.is_open:
            return True
        if time.monotonic() < self._expected_until_s:
            if len(self._app.screen_stack) == self._expected_above:
                return True
            self.expect_nothing()
        screen = self._app.screen
        if isinstance(screen, GalleryScreen) or not self._app.is_running:
            return False
        if self._is_reading:
            return True
        has_no_focus = bool(screen.AUTO_FOCUS) and screen.focused is None
        return isinstance(screen, ModalScreen) and (not screen.is_mounted or has_no_focus)

    @property
    def _is_reading(self) -> bool:
        screen = self._app.screen
        return isinstance(screen, Reading) and screen.is_reading

    def _hold(self, event: events.Key) -> None:
        if event.key == "escape":
            self.expect_nothing()
        self._held.append(event)
        if self._releasing is None:
            self._held_until_s = time.monotonic() + DIALOG_LIMIT_S
            self._releasing = self._app.set_interval(_LOOK_S, self._release)

    async def _release(self) -> None:
        """Let the held keys act as soon as they may, one after the other."""
        while self._held:
            is_in_time = self._is_reading or time.monotonic() < self._held_until_s
            if is_in_time and self._must_wait():
                return
            event = self._held.popleft()
            if not await self._acted(event):
                await self._pass_on(event)
        if self._releasing is not None:
            self._releasing.stop()
            self._releasing = None

    # Chords

    async def _chord(self, screen: GalleryScreen, event: events.Key) -> bool:
        which = screen.query_one(WhichKey)
        if not self._chords.pending:
            has_begun = self._chords.begin(screen.scope, event.key)
            if has_begun:
                self._hesitating = screen.set_timer(WHICH_KEY_S, partial(self._show_which, which))
            return has_begun
        if self._hesitating is not None:
            self._hesitating.stop()
        which.hide()
        action = self._chords.finish(event.key)
        if action is not None:
            await self._app.run_action(action.action, screen)
        return True

    def _show_which(self, which: WhichKey) -> None:
        if self._chords.pending:
            which.show(self._chords.pending, self._chords.choices())
