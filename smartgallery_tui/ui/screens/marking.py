"""Rating, status, tags, albums, notes and copying: the same keys on both screens."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content

from smartgallery_tui.ui import changes, copying
from smartgallery_tui.ui import format as words
from smartgallery_tui.ui.actions import YANKS
from smartgallery_tui.ui.content import plain
from smartgallery_tui.ui.scope import look_up
from smartgallery_tui.ui.screens.base import GalleryScreen
from smartgallery_tui.ui.screens.names import NamesLoaded, NamesPopup
from smartgallery_tui.ui.screens.note import NotePopup, NotesLoaded
from smartgallery_tui.ui.screens.popup import GRACE_S, ChoicePopup

if TYPE_CHECKING:
    from collections.abc import Callable

    from smartgallery_tui.records import Status
    from smartgallery_tui.ui.background import Call
    from smartgallery_tui.ui.scope import Scope
    from smartgallery_tui.ui.screens.names import Names

STATUSES: tuple[tuple[str, Status, str], ...] = (
    ("a", "approved", "approved"),
    ("r", "rejected", "rejected"),
    ("v", "review", "to review"),
    ("s", "select", "selected"),
    ("e", "to_edit", "to edit"),
    ("0", "", "no status"),
)


class MarkingScreen(GalleryScreen):
    """A screen whose items can be rated, tagged and copied from."""

    def _submit(self, what: str, call: Call) -> None:
        self.session.background.changes.submit(what, call, self.app)

    def action_favorite(self) -> None:
        """Make the targets favourites; take it back where all are already."""
        ids = self.targets()
        if not ids:
            return
        known = {item.id: item.is_favorite for item in self._rows()}
        on = not all(known.get(item_id, False) for item_id in ids)
        call = changes.set_favorite(self.session, ids, on=on)
        self.judge("favourite", partial(self._submit, "favourite", call))

    def action_rate(self, stars: int) -> None:
        """Rate the targets."""
        if ids := self.targets():
            call = changes.set_rating(self.session, ids, stars)
            self.judge("rating", partial(self._submit, "rating", call))

    def refuses(self) -> bool:
        """Tell whether nothing may be changed, and say so."""
        refusal = self.session.refusal("nothing is changed")
        if refusal is not None:
            self.app.post_message(refusal)
        return refusal is not None

    def grace_s(self) -> float:
        """Return how long a question ignores keys: until it can have been seen."""
        return GRACE_S + self.session.caps.rtt_ms / 1000

    def action_status(self) -> None:
        """Choose the review status of the targets."""
        current, ids = self.current, self.targets()
        if current is None or not ids or self.refuses():
            return
        choices = [(key, status, Content(label)) for key, status, label in STATUSES]
        foot = "The same one again takes it away." if len(ids) == 1 and current.status else ""
        popup = ChoicePopup(f"Status of {self._what()}", choices, current=current.status, foot=foot)

        def chosen(choice: str | None) -> None:
            status = next((one for _key, one, _label in STATUSES if one == choice), None)
            if status is not None:
                is_again = len(ids) == 1 and status == current.status
                call = changes.set_status(self.session, ids, "" if is_again else status)
                self.judge("status", partial(self._submit, "status", call))

        self.app.push_screen(popup, chosen)

    def judge(self, what: str, call: Callable[[], None]) -> None:
        """Make a judgement."""
        raise NotImplementedError

    def action_names(self, kind: str) -> None:
        """Ask for tags or albums of the targets."""
        ids = self.targets()
        if not ids or self.refuses():
            return
        library, look = self.session.library, self._look_up(ids)

        def call(_cancelled: object) -> NamesLoaded:
            known = library.facets("", fields=(kind,))[kind]
            return NamesLoaded(kind, look(), known, library.shared_data(ids))

        self.read_for_dialog(f"reading {kind}s", call)

    def _look_up(self, ids: list[int]) -> Callable[[], Scope]:
        """Return a call that counts which of some ids are outside the view."""
        current, view = self.current, self.session.view
        is_current = current is not None and ids == [current.id]
        return partial(look_up, view, ids, current.name if current and is_current else "")

    def on_names_loaded(self, message: NamesLoaded) -> None:
        """Show the dialog for tags or albums."""
        kind, scope = message.kind, message.scope
        title = Content(f"{'Tags' if kind == 'tag' else 'Albums'} of {scope.words}")

        def chosen(names: Names | None) -> None:
            if names:
                self._submit(kind, changes.set_names(self.session, scope.ids, kind, names))

        self.app.push_screen(NamesPopup(title, kind, message.known, message.said), chosen)

    def action_note(self) -> None:
        """Ask for a note of the targets."""
        ids = self.targets()
        if not ids or self.refuses():
            return
        library, look = self.session.library, self._look_up(ids)

        def call(_cancelled: object) -> NotesLoaded:
            return NotesLoaded(look(), library.shared_data(ids))

        self.read_for_dialog("reading the note", call)

    def on_notes_loaded(self, message: NotesLoaded) -> None:
        """Show the dialog for the note."""
        scope = message.scope

        def written(text: str | None) -> None:
            if text is not None:
                self._submit("note", changes.set_note(self.session, scope.ids, text))

        popup = NotePopup(scope, message.said, grace_s=self.grace_s())
        self.app.push_screen(popup, written)

    def action_copy(self, what: str) -> None:
        """Copy a text of the targets."""
        ids = self.targets()
        label = next(words for _key, name, words in YANKS if name == what)
        if ids:
            is_tmux = self.session.caps.is_tmux
            call = copying.gather(self.session.library, ids, what, label, is_tmux=is_tmux)
            self.session.background.detail.submit("copying", call, self.app)

    def _what(self) -> str:
        """Return what an action means: one name, or how many items."""
        ids = self.targets()
        if len(ids) == 1 and self.current is not None and self.current.id == ids[0]:
            return plain(self.current.name, 60)
        return words.count(len(ids), "item")
