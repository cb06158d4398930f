"""Rename, move, copy, trash, delete, export, import: the same keys on both screens.

What an action means is settled first: on the picture screen the shown item, on the grid the
marked ones, else the one under the cursor. How many, and how many of them are outside the view,
is said before anything happens.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content

from smartgallery_tui.ui import file_calls
from smartgallery_tui.ui.content import line, plain
from smartgallery_tui.ui.scope import FolderChoice, FolderList, Scope
from smartgallery_tui.ui.screens.file_dialogs import RenamePopup, TypedPopup
from smartgallery_tui.ui.screens.file_exports import ExportDialogs
from smartgallery_tui.ui.screens.file_imports import ImportDialogs
from smartgallery_tui.ui.screens.folder_picker import FolderPicker
from smartgallery_tui.ui.screens.popup import ConfirmPopup
from smartgallery_tui.ui.screens.trash import TrashScreen
from smartgallery_tui.ui.works import Work

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual import events

    from smartgallery_tui.records import Outcome
    from smartgallery_tui.ui.file_messages import (
        ExportReady,
        ImportPlanned,
        ImportReady,
        NameChecked,
    )
    from smartgallery_tui.ui.screens.base import GalleryScreen
    from smartgallery_tui.ui.screens.filing_folders import FolderChanges

IN_TRASH = "{undo} brings back; {trash} frees the space."


class Filing:
    """Moves, renames, throws away, exports what is meant, and imports files beside it.

    Args:
        screen: The screen that it acts for.
        folders: Reads the folders that files can go to.
    """

    def __init__(self, screen: GalleryScreen, folders: FolderChanges) -> None:
        self._screen = screen
        self._session = screen.session
        self._folders = folders
        self._exports = ExportDialogs(screen)
        self._imports = ImportDialogs(screen, folders)

    def undo(self) -> None:
        """Take the last change back, a mark or a change of files."""
        self._step("undo", is_undo=True)

    def redo(self) -> None:
        """Make the last undone change again."""
        self._step("redo", is_undo=False)

    def _step(self, what: str, *, is_undo: bool) -> None:
        if not self._screen.refuses():
            job = self._session.works.add(Work(what, "", (), _nothing))
            call = file_calls.stepping(
                self._session.library, job, self._screen.app, is_undo=is_undo
            )
            self._session.background.changes.submit(what, call, self._screen.app)

    # What an action means

    def _with_scope(self, then: Callable[[Scope], None], *, is_changing: bool = True) -> None:
        """Go on with what the action means; it may have to be looked up first."""
        if is_changing and self._screen.refuses():
            return
        ids = tuple(self._screen.targets())
        if not ids:
            return
        current = self._screen.current
        if len(ids) == 1 and current is not None and current.id == ids[0]:
            then(Scope(ids, current.name))
            return
        call = file_calls.scope_of(self._session.view, ids, then)
        self._session.background.pages.submit("counting", call, self._screen)

    def _ask(self, question: Content, then: Callable[[], None]) -> None:
        popup = ConfirmPopup(question, grace_s=self._screen.grace_s())
        self._screen.app.push_screen(popup, lambda yes: then() if yes else None)

    def _trash_hint(self) -> str:
        keymap = self._session.keymap
        return IN_TRASH.format(undo=keymap.show("app.undo"), trash=keymap.show("app.go_trash"))

    # Rename

    def ask_name(self) -> None:
        """Ask for a new name of the current item."""
        item = self._screen.current
        if item is None or self._screen.refuses():
            return
        library, background = self._session.library, self._session.background

        def check(text: str) -> None:
            call = file_calls.check_name(library, item, text)
            background.search.submit("checking the name", call, self._screen)

        marked = len(self._session.marks)
        foot = (
            "Of the marked items none is renamed."
            if marked and self._screen.scope == "grid"
            else ""
        )
        popup = RenamePopup(item.name, check, foot)

        def named(name: str | None) -> None:
            if name is not None:
                change = file_calls.renaming(library, name)
                self._screen.want(Work("rename", "renamed", (item.id,), change))

        self._screen.app.push_screen(popup, named)

    def name_checked(self, message: NameChecked) -> None:
        """Show what is wrong with the name that is being typed."""
        if isinstance(self._screen.app.screen, RenamePopup):
            self._screen.app.screen.checked(message.text, message.problem)

    # Move, copy

    def move_files(self) -> None:
        """Choose a folder to move or copy to."""
        self._with_scope(self._choose_folder)

    def _choose_folder(self, scope: Scope) -> None:
        def ready(folders: FolderList, here: str) -> None:
            titles = (f"Move {scope.words} to", f"Copy {scope.words} to")
            self._screen.app.push_screen(
                FolderPicker(titles, folders, here), partial(self._carry, scope)
            )

        self._folders.read(ready)

    def _carry(self, scope: Scope, choice: FolderChoice | None) -> None:
        if choice is None:
            return
        change = file_calls.moving(
            self._session.library, choice.folder, choice.new_name, is_copy=choice.is_copy
        )
        place = choice.new_name or choice.folder.rpartition("/")[2]
        what, done = ("copy", "copied") if choice.is_copy else ("move", "moved")
        hint = f"{self._session.keymap.show('app.undo')} takes it back."
        work = Work(
            what, f"{done} to {plain(place, 60)}", scope.ids, change, hint,
            is_removing=not choice.is_copy,
        )  # fmt: skip
        self._screen.want(work)

    # Trash, delete

    def trash(self) -> None:
        """Move what is meant to the trash; ask before more than one."""
        self._with_scope(self._trash)

    def _trash(self, scope: Scope) -> None:
        work = Work(
            "trash", "moved to the trash", scope.ids, self._session.library.trash,
            self._trash_hint(), is_removing=True,
        )  # fmt: skip
        if len(scope.ids) > 1 and self._session.library.settings.safety.confirm:
            self._ask(
                Content(f"Move {scope.words} to the trash?"), partial(self._screen.want, work)
            )
        else:
            self._screen.want(work)

    def delete(self) -> None:
        """Delete what is meant for ever; a word has to be typed."""
        self._with_scope(self._delete)

    def _delete(self, scope: Scope) -> None:
        question = Content.assemble(
            ("Delete ", "bold"), line(scope.words, "bold"), (" for ever?", "bold"),
            "\nNothing brings it back.",
        )  # fmt: skip
        change = self._session.library.delete
        work = Work("delete", "deleted for ever", scope.ids, change, is_removing=True)
        popup = TypedPopup(question, "delete", grace_s=self._screen.grace_s())
        self._screen.app.push_screen(popup, lambda yes: self._screen.want(work) if yes else None)

    def trash_screen(self) -> None:
        """Show what lies in the trash."""
        self._screen.app.push_screen(TrashScreen(self._session, grace_s=self._screen.grace_s()))

    # Export, import

    def export(self, kind: str) -> None:
        """Choose a place and write something of what is meant there."""
        self._with_scope(partial(self._exports.begin, kind), is_changing=False)

    def export_ready(self, message: ExportReady) -> None:
        """Ask where to."""
        self._exports.ask(message)

    def pasted(self, event: events.Paste) -> None:
        """Offer to import files whose paths are pasted."""
        if not self._screen.is_typing and event.text.strip() and not self._screen.refuses():
            event.stop()
            self._imports.look_at_text(event.text)

    def bring(self) -> None:
        """Ask for a file or folder to import."""
        if not self._screen.refuses():
            self._imports.begin()

    def import_ready(self, message: ImportReady) -> None:
        """Ask for a file or folder of this machine."""
        self._imports.ask(message.folder)

    def import_path(self, path: str) -> None:
        """Ask whether what lies at a path is to be imported."""
        if not self._screen.refuses():
            self._imports.look_at(path)

    def import_planned(self, message: ImportPlanned) -> None:
        """Ask whether the files are to be imported."""
        self._imports.confirm(message)


def _nothing(_ids: object, _cancelled: object, _told: object) -> list[Outcome]:
    """Stand in for the change of a step: the library knows what it takes back."""
    return []
