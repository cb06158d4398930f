"""The part of the app that reads keys: chords, and the list of what may follow."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual import events

from smartgallery_tui.ui.chords import Chords
from smartgallery_tui.ui.screens.base import GalleryScreen
from smartgallery_tui.ui.speaking_app import SpeakingApp
from smartgallery_tui.ui.widgets.which_key import WhichKey

if TYPE_CHECKING:
    from textual.timer import Timer

    from smartgallery_tui.ui.keymap import Keymap

WHICH_KEY_S = 0.3
"""How long a first key may stand alone before the second ones are listed."""


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

    async def on_event(self, event: events.Event) -> None:
        """Look at keys first: two of them may belong together.

        A key that no text field wants acts here and now. On its way through the focused widget's
        queue it would act after the keys behind it were given out: `/fox` typed in one go would
        open the picture with its `o`.
        """
        if isinstance(event, events.Key) and not event.is_forwarded:
            screen = self.screen
            if isinstance(screen, GalleryScreen) and not screen.is_typing:
                if await self._chord(event) or await self._check_bindings(event.key):
                    return
            else:
                self._chords.drop()
        await super().on_event(event)

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
