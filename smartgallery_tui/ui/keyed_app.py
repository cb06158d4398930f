"""The part of the app that reads keys: chords, and the list of what may follow."""

from __future__ import annotations

import time
from collections import deque
from functools import partial
from typing import TYPE_CHECKING

from textual import events
from textual.screen import ModalScreen

from smartgallery_tui.ui.chords import Chords
from smartgallery_tui.ui.screens.base import GalleryScreen
from smartgallery_tui.ui.speaking_app import SpeakingApp
from smartgallery_tui.ui.widgets.which_key import WhichKey

if TYPE_CHECKING:
    from textual.timer import Timer

    from smartgallery_tui.ui.keymap import Keymap

WHICH_KEY_S = 0.3
"""How long a first key may stand alone before the second ones are listed."""
DIALOG_LIMIT_S = 3.0
"""How long keys wait for a dialog that was asked for."""
_LOOK_S = 0.01


class KeyedApp(SpeakingApp):
    """An app whose keys may be chords.

    Args:
        keymap: The keys in force.
    """

    def __init__(self, keymap: Keymap) -> None:
        super().__init__()
        self.keymap = keymap
        self._chords = Chords(keymap)
        self._hesitating: Timer | None = None
        self._held: deque[events.Key] = deque()
        self._releasing: Timer | None = None
        self._expected_above = 0
        self._expected_until_s = 0.0
        self._held_until_s = 0.0

    @property
    def has_held_keys(self) -> bool:
        """True while keys wait for a dialog to open."""
        return bool(self._held)

    def expect_dialog(self) -> None:
        """Hold keys from now on until a dialog is there: they were meant for it."""
        self._expected_above = len(self.screen_stack)
        self._expected_until_s = time.monotonic() + DIALOG_LIMIT_S

    def expect_nothing(self) -> None:
        """Let keys act again: the dialog will not come."""
        self._expected_until_s = 0.0

    async def on_event(self, event: events.Event) -> None:
        """Look at keys first: two of them may belong together.

        A key that no text field wants acts here and now. On its way through the focused widget's
        queue it would act after the keys behind it were given out: `/fox` typed in one go would
        open the picture with its `o`.
        """
        if isinstance(event, events.Key) and not event.is_forwarded:
            if self._held or self._must_wait():
                self._hold(event)
                return
            if await self._acted(event):
                return
        await super().on_event(event)

    async def _acted(self, event: events.Key) -> bool:
        screen = self.screen
        if isinstance(screen, GalleryScreen) and not screen.is_typing:
            return await self._chord(event) or await self._check_bindings(event.key)
        self._chords.drop()
        return False

    def _must_wait(self) -> bool:
        """Tell whether a dialog is on its way, or not ready for keys yet."""
        if time.monotonic() < self._expected_until_s:
            if len(self.screen_stack) == self._expected_above:
                return True
            self.expect_nothing()
        screen = self.screen
        if isinstance(screen, GalleryScreen) or not self.is_running:
            return False
        has_no_focus = bool(screen.AUTO_FOCUS) and screen.focused is None
        return isinstance(screen, ModalScreen) and (not screen.is_mounted or has_no_focus)

    def _hold(self, event: events.Key) -> None:
        if event.key == "escape":
            self.expect_nothing()
        self._held.append(event)
        if self._releasing is None:
            self._held_until_s = time.monotonic() + DIALOG_LIMIT_S
            self._releasing = self.set_interval(_LOOK_S, self._release)

    async def _release(self) -> None:
        """Give the held keys to the dialog once it is ready, one after the other."""
        while self._held:
            if self._must_wait() and time.monotonic() < self._held_until_s:
                return
            event = self._held.popleft()
            if not await self._acted(event):
                await super().on_event(event)
        if self._releasing is not None:
            self._releasing.stop()
            self._releasing = None

    async def _chord(self, event: events.Key) -> bool:
        screen = self.screen
        if not isinstance(screen, GalleryScreen):
            return False
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
            await self.run_action(action.action, screen)
        return True

    def _show_which(self, which: WhichKey) -> None:
        if self._chords.pending:
            which.show(self._chords.pending, self._chords.choices())
