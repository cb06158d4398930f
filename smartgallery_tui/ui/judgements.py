"""What became of marks: said where it failed, shown on every screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.ui import format as words
from smartgallery_tui.ui.messages import RefreshWanted
from smartgallery_tui.ui.screens.roaming import RoamingScreen

if TYPE_CHECKING:
    from smartgallery_tui.ui.library_app import LibraryApp
    from smartgallery_tui.ui.messages import MarksChanged


class Judgements:
    """Brings changed marks to the screens; used by the event loop alone.

    Args:
        app: Shows notices and has the screens.
    """

    def __init__(self, app: LibraryApp) -> None:
        self._app = app

    def changed(self, message: MarksChanged) -> None:
        """Show changed rows everywhere; say what could not be changed."""
        failed = [outcome for outcome in message.outcomes if not outcome.ok]
        if failed:
            total = words.count(len(failed), "item")
            self._app.say(f"{message.what}: {total} not changed: {failed[0].reason}", "error")
        elif not message.outcomes:
            self._app.say(f"Nothing to {message.what}.", "information")
        elif len(message.outcomes) > 1:
            self._app.say(
                f"{message.what}: {words.count(len(message.outcomes), 'item')}", "information"
            )
        for screen in self._app.gallery_screens():
            screen.items_changed(message.items)
        self._after_judgement(message)

    def _after_judgement(self, message: MarksChanged) -> None:
        """Hold what was judged until the next step."""
        screen = self._app.screen
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
                    self._app.post_message(RefreshWanted())
