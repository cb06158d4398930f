"""Rating, status, tags, albums, notes and copying: the same keys on both screens."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content

from smartgallery_tui.ui import changes, copying
from smartgallery_tui.ui import format as words
from smartgallery_tui.ui.actions import YANKS
from smartgallery_tui.ui.content import plain
from smartgallery_tui.ui.messages import NoteLoaded
from smartgallery_tui.ui.screens.base import GalleryScreen
from smartgallery_tui.ui.screens.names import NamesLoaded, NamesPopup, TextPopup
from smartgallery_tui.ui.screens.popup import ChoicePopup

if TYPE_CHECKING:
    from collections.abc import Callable

    from smartgallery_tui.records import Status
    from smartgallery_tui.ui.background import Call

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

    def action_status(self) -> None:
        """Choose the review status of the targets."""
        current = self.current
        if current is None:
            return
        choices = [(key, status, Content(label)) for key, status, label in STATUSES]
        self.app.push_screen(
            ChoicePopup(f"Status of {self._what()}", choices, current=current.status),
            self._status_chosen,
        )

    def _status_chosen(self, choice: str | None) -> None:
        for _key, status, _label in STATUSES:
            if choice is not None and status == choice:
                call = changes.set_status(self.session, self.targets(), status)
                self.judge("status", partial(self._submit, "status", call))

    def judge(self, what: str, call: Callable[[], None]) -> None:
        """Make a judgement."""
        raise NotImplementedError

    def action_names(self, kind: str) -> None:
        """Ask for a tag or album."""
        current = self.current
        if current is None:
            return
        library = self.session.library

        def call(_cancelled: object) -> NamesLoaded:
            data = library.user_data(current.id)
            mine = data.tags if kind == "tag" else data.albums
            return NamesLoaded(kind, library.facets("", fields=(kind,))[kind], mine)

        self.read_for_dialog(f"reading {kind}s", call)

    def on_names_loaded(self, message: NamesLoaded) -> None:
        """Show the dialog for tags or albums."""
        ids = self.targets()
        title = f"{'Tags' if message.kind == 'tag' else 'Albums'} of {self._what()}"

        def chosen(choice: tuple[str, bool] | None) -> None:
            if choice is not None:
                name, on = choice
                call = changes.set_name(self.session, ids, message.kind, name, on=on)
                self._submit(message.kind, call)

        self.app.push_screen(NamesPopup(title, message.known, message.mine), chosen)

    def action_note(self) -> None:
        """Ask for a note."""
        current = self.current
        if current is None:
            return
        library = self.session.library
        self.read_for_dialog(
            "reading the note",
            lambda _cancelled: NoteLoaded(current.id, library.user_data(current.id).note),
        )

    def on_note_loaded(self, message: NoteLoaded) -> None:
        """Show the dialog for the note."""

        def written(text: str | None) -> None:
            if text is not None and text != message.text:
                self._submit("note", changes.set_note(self.session, message.item_id, text))

        self.app.push_screen(TextPopup("Note", message.text), written)

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
