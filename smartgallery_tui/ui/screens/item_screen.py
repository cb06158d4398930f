"""What the keys of the grid and of the large view share: each action is done by a part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.ui.messages import Said
from smartgallery_tui.ui.screens.base import GalleryScreen
from smartgallery_tui.ui.screens.culling import Culling
from smartgallery_tui.ui.screens.filing import Filing
from smartgallery_tui.ui.screens.filing_folders import FolderChanges
from smartgallery_tui.ui.screens.judging import Judging
from smartgallery_tui.ui.screens.programs import Programs
from smartgallery_tui.ui.screens.storyboard import MOVING, StoryboardScreen

if TYPE_CHECKING:
    from textual import events

    from smartgallery_tui.ui.file_messages import (
        ExportReady,
        FoldersLoaded,
        ImportPlanned,
        ImportReady,
        NameChecked,
        ScopeKnown,
    )
    from smartgallery_tui.ui.screens.names import NamesLoaded
    from smartgallery_tui.ui.screens.note import NotesLoaded
    from smartgallery_tui.ui.screens.programs import LineReady, OpenersFound, ValuesRead
    from smartgallery_tui.ui.session import Session


class ItemScreen(GalleryScreen):
    """A screen whose items can be judged, opened, moved and thrown away.

    Args:
        session: What all screens share.
    """

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.culling = Culling(self)
        self.judging = Judging(self, self.culling)
        self.programs = Programs(self)
        self.folder_changes = FolderChanges(self)
        self.filing = Filing(self, self.folder_changes)

    def modes(self) -> list[str]:
        """Return what goes on, in words for the status line."""
        running = self.session.works.text
        return [*self.culling.modes(), *([running] if running else [])]

    def let_go(self) -> None:
        """Look again after a step away from an item that was held in its place."""
        self.culling.let_go()

    # Judgements

    def action_favorite(self) -> None:
        """Make the targets favourites; take it back where all are already."""
        self.judging.favorite()

    def action_rate(self, stars: int) -> None:
        """Rate the targets."""
        self.judging.rate(stars)

    def action_status(self) -> None:
        """Choose the review status of the targets."""
        self.judging.status()

    def action_names(self, kind: str) -> None:
        """Ask for tags or albums of the targets."""
        self.judging.names(kind)

    def on_names_loaded(self, message: NamesLoaded) -> None:
        """Show the dialog for tags or albums."""
        self.judging.names_loaded(message)

    def action_note(self) -> None:
        """Ask for a note of the targets."""
        self.judging.note()

    def on_notes_loaded(self, message: NotesLoaded) -> None:
        """Show the dialog for the note."""
        self.judging.notes_loaded(message)

    def action_cull(self) -> None:
        """Step on by itself after each judgement; again: stop."""
        self.culling.switch()

    # Texts and other programs

    def action_copy(self, what: str) -> None:
        """Copy a text of the targets."""
        self.judging.copy(what)

    def action_copy_any(self) -> None:
        """Choose any value of the item and copy it."""
        self.programs.copy_any()

    def on_values_read(self, message: ValuesRead) -> None:
        """Offer the values."""
        self.programs.values_read(message)

    def action_openers(self) -> None:
        """Choose a program to open the item with."""
        self.programs.openers()

    def on_openers_found(self, message: OpenersFound) -> None:
        """Offer the programs."""
        self.programs.openers_found(message)

    def action_shell(self) -> None:
        """Ask for a command line for the targets."""
        self.programs.shell()

    def on_line_ready(self, message: LineReady) -> None:
        """Ask before the line is run."""
        self.programs.line_ready(message)

    def action_storyboard(self) -> None:
        """Show eleven frames of a video or animated picture."""
        item = self.current
        if item is not None and item.kind in MOVING:
            self.app.push_screen(StoryboardScreen(self.session, item))
        elif item is not None:
            said = Said("A storyboard needs a video or an animation.", "information")
            self.app.post_message(said)

    # Changes of files

    def action_undo(self) -> None:
        """Take the last change back, a mark or a change of files."""
        self.filing.undo()

    def action_redo(self) -> None:
        """Make the last undone change again."""
        self.filing.redo()

    def action_rename(self) -> None:
        """Ask for a new name of the current item."""
        self.filing.ask_name()

    def on_name_checked(self, message: NameChecked) -> None:
        """Show what is wrong with the name that is being typed."""
        self.filing.name_checked(message)

    def on_scope_known(self, message: ScopeKnown) -> None:
        """Go on with what an action means."""
        message.then(message.scope)

    def action_move_files(self) -> None:
        """Choose a folder to move or copy to."""
        self.filing.move_files()

    def action_trash(self) -> None:
        """Move what is meant to the trash; ask before more than one."""
        self.filing.trash()

    def action_delete(self) -> None:
        """Delete what is meant for ever; a word has to be typed."""
        self.filing.delete()

    def action_trash_screen(self) -> None:
        """Show what lies in the trash."""
        self.filing.trash_screen()

    def action_export(self, kind: str) -> None:
        """Choose a place and write something of what is meant there."""
        self.filing.export(kind)

    def on_export_ready(self, message: ExportReady) -> None:
        """Ask where to."""
        self.filing.export_ready(message)

    def action_import(self) -> None:
        """Ask for a file or folder to import."""
        self.filing.bring()

    def action_import_path(self, path: str) -> None:
        """Ask whether what lies at a path is to be imported."""
        self.filing.import_path(path)

    def on_paste(self, event: events.Paste) -> None:
        """Offer to import files whose paths are pasted."""
        self.filing.pasted(event)

    def on_import_ready(self, message: ImportReady) -> None:
        """Ask for a file or folder of this machine."""
        self.filing.import_ready(message)

    def on_import_planned(self, message: ImportPlanned) -> None:
        """Ask whether the files are to be imported."""
        self.filing.import_planned(message)

    # Folders

    def action_folder(self, what: str) -> None:
        """Choose a folder to make one in, to rename, or to move to the trash."""
        self.folder_changes.choose(what)

    def change_folder(self, what: str, value: str) -> None:
        """Change the folder that a query names so."""
        self.folder_changes.change(what, value)

    def on_folders_loaded(self, message: FoldersLoaded) -> None:
        """Go on with the folders."""
        message.then(message.folders, message.here)
