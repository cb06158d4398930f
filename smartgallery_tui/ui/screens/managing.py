"""Saved searches and albums as wholes: renamed, deleted, an album's note written; `u` undoes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content
from textual.message import Message

from smartgallery_tui.records import FacetValue, SharedData
from smartgallery_tui.ui.content import plain
from smartgallery_tui.ui.messages import RefreshWanted, Said
from smartgallery_tui.ui.scope import Scope
from smartgallery_tui.ui.screens.names import TextPopup
from smartgallery_tui.ui.screens.note import NotePopup
from smartgallery_tui.ui.screens.popup import ChoicePopup

if TYPE_CHECKING:
    from collections.abc import Callable

    from smartgallery_tui.ui.screens.base import GalleryScreen
    from smartgallery_tui.ui.screens.picker import ListKind


@dataclass
class ListChanged(Message):
    """A saved search or an album was changed."""

    said: str
    is_picking: bool


@dataclass
class AlbumNoteRead(Message):
    """The note of an album."""

    name: str
    note: str
    is_picking: bool


class ListManager:
    """Asks what is to become of a saved search or an album, and does it in a lane.

    Args:
        screen: Shows the dialogs and gets the answers.
        pick_again: Opens the picker, from which a change was asked for.
    """

    def __init__(self, screen: GalleryScreen, pick_again: Callable[[], None]) -> None:
        self._screen = screen
        self._pick_again = pick_again
        self._session = screen.session

    def offer(self, kind: ListKind, name: str) -> None:
        """Ask what to do with one that was chosen in the picker, and go back there."""
        choices = [("r", "rename", Content("rename")), ("d", "delete", Content("delete"))]
        if kind == "album":
            choices.append(("n", "note", Content("note: read or write it")))
        title = f"{'Album' if kind == 'album' else 'Saved search'}: {plain(name, 40)}"

        def chosen(what: str | None) -> None:
            if what is None:
                self._pick_again()
            else:
                self.change(kind, what, name, is_picking=True)

        foot = f"{self._session.keymap.show('app.undo')} takes a change back."
        self._screen.app.push_screen(ChoicePopup(title, choices, foot=foot), chosen)

    def change(self, kind: ListKind, what: str, name: str, *, is_picking: bool = False) -> None:
        """Rename or delete one, or show the note of an album and let it be written.

        Args:
            kind: What it is.
            what: rename, delete or note.
            name: Which one.
            is_picking: It was chosen in the picker, which is shown again afterwards.
        """
        library = self._session.library
        if what == "note":
            self._screen.read_for_dialog(
                "reading the note",
                lambda _cancelled: AlbumNoteRead(name, library.album_note(name), is_picking),
            )
        elif refusal := self._refusal():
            self._screen.app.post_message(refusal)
        elif what == "rename":
            self._rename(kind, name, is_picking=is_picking)
        else:
            delete = library.delete_album if kind == "album" else library.delete_saved
            undo = self._session.keymap.show("app.undo")
            said = f"{plain(name, 60)} is deleted; {undo} brings it back."
            self._submit(partial(delete, name), said, is_picking=is_picking)

    def _rename(self, kind: ListKind, name: str, *, is_picking: bool) -> None:
        library = self._session.library
        rename = library.rename_album if kind == "album" else library.rename_saved

        def named(new: str | None) -> None:
            if new and new != name:
                said = f"{plain(name, 60)} is {plain(new, 60)} now."
                self._submit(partial(rename, name, new), said, is_picking=is_picking)

        foot = "A / puts it below another album." if kind == "album" else "Enter keeps it."
        title = f"New name of {plain(name, 40)}"
        self._screen.app.push_screen(TextPopup(title, plain(name), foot), named)

    def _refusal(self) -> Said | None:
        return self._session.refusal("saved searches and albums stay as they are")

    def note_read(self, message: AlbumNoteRead) -> None:
        """Show the note of an album; one without a note is asked for one."""
        refusal = self._refusal()
        if not message.note:
            if refusal:
                self._screen.app.post_message(refusal)
            else:
                self._write(message)
            return

        # What lays out Markdown takes a tenth of a second to load: too long for every start.
        from smartgallery_tui.ui.screens.album_note import WRITE, AlbumNotePopup

        def answered(answer: str | None) -> None:
            if answer == WRITE:
                self._write(message)
            elif message.is_picking:
                self._pick_again()

        popup = AlbumNotePopup(message.name, message.note, can_write=refusal is None)
        self._screen.app.push_screen(popup, answered)

    def _write(self, message: AlbumNoteRead) -> None:
        notes = (FacetValue(message.note, 1),) if message.note else ()
        scope = Scope((0,), f"the album {message.name}")
        popup = NotePopup(scope, SharedData(1, notes=notes), grace_s=self._screen.grace_s())
        library = self._session.library

        def written(text: str | None) -> None:
            if text is not None:
                said = f"The note of {plain(message.name, 60)} is kept."
                write = partial(library.set_album_note, message.name, text)
                self._submit(write, said, is_picking=message.is_picking)

        self._screen.app.push_screen(popup, written)

    def _submit(self, change: Callable[[], None], said: str, *, is_picking: bool) -> None:
        def call(_cancelled: object) -> ListChanged:
            change()
            return ListChanged(said, is_picking)

        self._session.background.changes.submit("saved searches and albums", call, self._screen)

    def changed(self, message: ListChanged) -> None:
        """Say what was done; show the picker again where it began there."""
        self._screen.app.post_message(Said(message.said, "information"))
        self._screen.app.post_message(RefreshWanted())
        if message.is_picking:
            self._pick_again()
