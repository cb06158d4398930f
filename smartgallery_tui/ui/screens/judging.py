"""Rating, status, tags, albums, notes and copying: the same keys on both screens."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content

from smartgallery_tui.ui import changes, copying
from smartgallery_tui.ui.actions import YANKS
from smartgallery_tui.ui.scope import look_up
from smartgallery_tui.ui.screens.names import NamesLoaded, NamesPopup
from smartgallery_tui.ui.screens.note import NotePopup, NotesLoaded
from smartgallery_tui.ui.screens.popup import ChoicePopup

if TYPE_CHECKING:
    from collections.abc import Callable

    from smartgallery_tui.records import Status
    from smartgallery_tui.ui.background import Call
    from smartgallery_tui.ui.scope import Scope
    from smartgallery_tui.ui.screens.base import GalleryScreen
    from smartgallery_tui.ui.screens.culling import Culling
    from smartgallery_tui.ui.screens.names import Names

STATUSES: tuple[tuple[str, Status, str], ...] = (
    ("a", "approved", "approved"),
    ("r", "rejected", "rejected"),
    ("v", "review", "to review"),
    ("s", "select", "selected"),
    ("e", "to_edit", "to edit"),
    ("0", "", "no status"),
)


class Judging:
    """Rates, tags and describes what is meant, and copies from it.

    Args:
        screen: The screen that it acts for.
        culling: Makes a judgement, and steps on after it in cull mode.
    """

    def __init__(self, screen: GalleryScreen, culling: Culling) -> None:
        self._screen = screen
        self._session = screen.session
        self._culling = culling

    def _submit(self, what: str, call: Call) -> None:
        self._session.background.changes.submit(what, call, self._screen.app)

    def favorite(self) -> None:
        """Make the targets favourites; take it back where all are already."""
        ids = self._screen.targets()
        if not ids:
            return
        view = self._session.view
        known = {item.id: item.is_favorite for item in view.rows()} if view else {}
        on = not all(known.get(item_id, False) for item_id in ids)
        call = changes.set_favorite(self._session, ids, on=on)
        self._culling.judge("favourite", partial(self._submit, "favourite", call))

    def rate(self, stars: int) -> None:
        """Rate the targets."""
        if ids := self._screen.targets():
            call = changes.set_rating(self._session, ids, stars)
            self._culling.judge("rating", partial(self._submit, "rating", call))

    def status(self) -> None:
        """Choose the review status of the targets."""
        current, ids = self._screen.current, self._screen.targets()
        if current is None or not ids or self._screen.refuses():
            return
        choices = [(key, status, Content(label)) for key, status, label in STATUSES]
        foot = "The same one again takes it away." if len(ids) == 1 and current.status else ""
        popup = ChoicePopup(
            f"Status of {self._screen.what_is_meant()}", choices, current=current.status, foot=foot
        )

        def chosen(choice: str | None) -> None:
            status = next((one for _key, one, _label in STATUSES if one == choice), None)
            if status is not None:
                is_again = len(ids) == 1 and status == current.status
                call = changes.set_status(self._session, ids, "" if is_again else status)
                self._culling.judge("status", partial(self._submit, "status", call))

        self._screen.app.push_screen(popup, chosen)

    def names(self, kind: str) -> None:
        """Ask for tags or albums of the targets."""
        ids = self._screen.targets()
        if not ids or self._screen.refuses():
            return
        library, look = self._session.library, self._look_up(ids)

        def call(_cancelled: object) -> NamesLoaded:
            known = library.facets("", fields=(kind,))[kind]
            return NamesLoaded(kind, look(), known, library.shared_data(ids))

        self._screen.read_for_dialog(f"reading {kind}s", call)

    def _look_up(self, ids: list[int]) -> Callable[[], Scope]:
        """Return a call that counts which of some ids are outside the view."""
        current, view = self._screen.current, self._session.view
        is_current = current is not None and ids == [current.id]
        return partial(look_up, view, ids, current.name if current and is_current else "")

    def names_loaded(self, message: NamesLoaded) -> None:
        """Show the dialog for tags or albums."""
        kind, scope = message.kind, message.scope
        title = Content(f"{'Tags' if kind == 'tag' else 'Albums'} of {scope.words}")

        def chosen(names: Names | None) -> None:
            if names:
                self._submit(kind, changes.set_names(self._session, scope.ids, kind, names))

        self._screen.app.push_screen(NamesPopup(title, kind, message.known, message.said), chosen)

    def note(self) -> None:
        """Ask for a note of the targets."""
        ids = self._screen.targets()
        if not ids or self._screen.refuses():
            return
        library, look = self._session.library, self._look_up(ids)

        def call(_cancelled: object) -> NotesLoaded:
            return NotesLoaded(look(), library.shared_data(ids))

        self._screen.read_for_dialog("reading the note", call)

    def notes_loaded(self, message: NotesLoaded) -> None:
        """Show the dialog for the note."""
        scope = message.scope

        def written(text: str | None) -> None:
            if text is not None:
                self._submit("note", changes.set_note(self._session, scope.ids, text))

        popup = NotePopup(scope, message.said, grace_s=self._screen.grace_s())
        self._screen.app.push_screen(popup, written)

    def copy(self, what: str) -> None:
        """Copy a text of the targets."""
        ids = self._screen.targets()
        label = next(words for _key, name, words in YANKS if name == what)
        if ids:
            is_tmux = self._session.caps.is_tmux
            call = copying.gather(self._session.library, ids, what, label, is_tmux=is_tmux)
            self._session.background.detail.submit("copying", call, self._screen.app)
