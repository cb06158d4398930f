"""What the app does for the user's words beside the work: offers of other copies, our own copy.

Everything runs in the lane of scans: nobody waits for it there.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from textual.message import Message

from smartgallery_tui.errors import SmartGalleryError
from smartgallery_tui.ui import format as words
from smartgallery_tui.ui.messages import RefreshWanted, Said
from smartgallery_tui.ui.screens.base import GalleryScreen
from smartgallery_tui.ui.screens.popup import GRACE_S
from smartgallery_tui.ui.screens.restore_offer import LATER, NEVER, RESTORE, RestorePopup

if TYPE_CHECKING:
    import threading

    from textual.timer import Timer

    from smartgallery_tui.records.keeping import RestoreOffer
    from smartgallery_tui.ui.library_app import LibraryApp
    from smartgallery_tui.ui.session import Session

IDLE_S: Final = 60.0
"""How often our copy on the volumes is brought up to date while nothing else runs."""
HANDS_OFF_S: Final = 1.0
"""How long no key may have come before a question nobody asked for is put."""
_LOOK_S: Final = 0.2


@dataclass
class OffersRead(Message):
    """User data of other libraries was looked for."""

    offers: list[RestoreOffer]
    is_wanted: bool
    """Whether somebody asked: then finding none is worth a sentence."""


class Keeper:
    """Looks after user data for one run of the app; used by the event loop alone.

    Args:
        app: Shows questions and runs calls.
    """

    def __init__(self, app: LibraryApp) -> None:
        self._app = app
        self._session: Session | None = None
        self._told: set[str] = set()
        self._later: list[RestoreOffer] = []
        self._waiting: Timer | None = None

    def start(self, session: Session) -> None:
        """Look for offers now, and for quiet moments from now on."""
        self._session = session
        if session.library.read_only:
            return
        self.look_for_offers()
        if not self._app.is_headless:
            self._app.set_interval(IDLE_S, self.use_quiet_moment)

    def look_for_offers(self, *, is_wanted: bool = False) -> None:
        """Ask for user data that others left on the volumes; the answer comes as a message.

        Args:
            is_wanted: Somebody asked for it: show what was declined, too.
        """
        session = self._session
        if session is None:
            return
        if refusal := session.refusal("nothing is restored"):
            self._app.post_message(refusal)
            return
        library = session.library

        def call(_cancelled: threading.Event) -> OffersRead | None:
            offers = library.restore_offers(declined=is_wanted)
            return OffersRead(offers, is_wanted) if offers or is_wanted else None

        session.background.sync.submit("looking for user data", call, self._app)

    def offers_read(self, message: OffersRead) -> None:
        """Show the offers one after another: at once if asked for, else between two works."""
        if message.offers and (message.is_wanted or self._is_free()):
            self._show(list(message.offers))
        elif message.offers:
            self._later = list(message.offers)
            if self._waiting is None:
                self._waiting = self._app.set_interval(_LOOK_S, self._show_later)
        elif message.is_wanted:
            self._app.say("No other user data lies in these folders.", "information")

    def _is_free(self) -> bool:
        """Tell whether nobody types, chooses or answers a dialog now."""
        screen = self._app.screen
        is_open = isinstance(screen, GalleryScreen) and not screen.is_typing
        return is_open and self._app.keys.quiet_s >= HANDS_OFF_S

    def _show_later(self) -> None:
        if not self._is_free():
            return
        if self._waiting is not None:
            self._waiting.stop()
            self._waiting = None
        self._show(self._later)

    def _show(self, offers: list[RestoreOffer]) -> None:
        session = self._session
        if session is None or not offers:
            return
        offer, rest = offers[0], offers[1:]

        def answered(answer: str | None) -> None:
            self._take(session, offer, answer or LATER)
            self._show(rest)

        grace_s = GRACE_S + session.caps.rtt_ms / 1000
        self._app.push_screen(RestorePopup(offer, grace_s=grace_s), answered)

    def _take(self, session: Session, offer: RestoreOffer, answer: str) -> None:
        library = session.library

        def restore(_cancelled: threading.Event) -> Said:
            count = library.import_user_data(Path(offer.path))
            self._app.post_message(RefreshWanted())
            return Said(f"Restored {words.count(count, 'value')}; u takes it back.", "information")

        def decline(_cancelled: threading.Event) -> None:
            library.decline_restore(offer)

        if answer == RESTORE:
            session.background.changes.submit("restoring user data", restore, self._app)
        elif answer == NEVER:
            session.background.changes.submit("declining user data", decline, self._app)

    def use_quiet_moment(self) -> None:
        """Bring copies, backups and checks up to date if nothing else runs."""
        session = self._session
        if session is None or not session.background.is_idle:
            return
        library = session.library

        def call(_cancelled: threading.Event) -> Said | None:
            try:
                problems = library.keep_safe()
            except SmartGalleryError as error:
                problems = [str(error)]
            new = [problem for problem in problems if problem not in self._told]
            self._told.update(new)
            return Said("; ".join(new), "error") if new else None

        session.background.sync.submit("keeping user data safe", call, self._app)
