"""The dialogs of an import: which files of this machine, and whether they are meant."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from smartgallery_tui.ui import file_calls
from smartgallery_tui.ui.content import line, plain
from smartgallery_tui.ui.file_messages import ImportPlanned
from smartgallery_tui.ui.screens.file_dialogs import ImportPopup
from smartgallery_tui.ui.screens.folder_picker import FolderPicker
from smartgallery_tui.ui.screens.path_picker import PlacePopup
from smartgallery_tui.ui.works import Work

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smartgallery_tui.records import Outcome
    from smartgallery_tui.ui.scope import FolderChoice, FolderList
    from smartgallery_tui.ui.screens.base import GalleryScreen
    from smartgallery_tui.ui.screens.filing_folders import FolderChanges


class ImportDialogs:
    """Asks what an import needs to know; files go to the folder of the current item.

    Args:
        screen: The screen that they open over.
        folders: Reads the folders of the library.
    """

    def __init__(self, screen: GalleryScreen, folders: FolderChanges) -> None:
        self._screen = screen
        self._folders = folders
        self._session = screen.session

    def look_at_text(self, text: str) -> None:
        """See whether a pasted text names files."""
        call = file_calls.pasted(self._session.library, text, self._screen.here())
        self._session.background.pages.submit("looking at what was pasted", call, self._screen)

    def begin(self) -> None:
        """Look up the folder that files go to."""
        call = file_calls.import_place(self._session.library, self._screen.here())
        self._screen.read_for_dialog("looking for a folder", call)

    def ask(self, folder: str) -> None:
        """Ask for a file or folder of this machine."""
        library = self._session.library
        name = plain(folder.rpartition("/")[2], 60)
        popup = PlacePopup(
            line(f"Import into {name}: a file, or a folder with all in it"),
            str(self._session.state.get("import_folder", "~/")),
            partial(library.list_inside, with_files=True), self._session.background,
            foot="Enter takes the path as it stands, Tab the name below; * stands for anything.",
            nothing="Nothing here that can be imported.",
        )  # fmt: skip
        self._screen.app.push_screen(popup, lambda path: self.look_at(path) if path else None)

    def look_at(self, path: str) -> None:
        """Find out what an import of a path would take."""
        self._session.state["import_folder"] = f"{path.rpartition('/')[0]}/"
        call = file_calls.planned(self._session.library, path, self._screen.here())
        self._screen.read_for_dialog("looking at what there is", call)

    def confirm(self, planned: ImportPlanned) -> None:
        """Ask whether the files are to be imported."""
        plan, place = planned.plan, planned.place

        def answered(answer: str | None) -> None:
            if answer == "f":
                self._choose_folder(planned)
            elif answer:
                paths = plan.paths if answer == "l" else _without(plan.paths, plan.large)
                self._screen.want(self._work(paths, place, takes_large=answer == "l"))

        popup = ImportPopup(plan, place, grace_s=self._screen.grace_s())
        self._screen.app.push_screen(popup, answered)

    def _choose_folder(self, planned: ImportPlanned) -> None:
        """Ask for another folder of the library, then again whether the files are meant."""

        def chosen(choice: FolderChoice | None) -> None:
            self.confirm(ImportPlanned(planned.plan, choice or planned.place))

        def ready(folders: FolderList, here: str) -> None:
            self._screen.app.push_screen(FolderPicker(("Import into", ""), folders, here), chosen)

        self._folders.read(ready)

    def _work(self, paths: Sequence[str], place: FolderChoice, *, takes_large: bool) -> Work:
        def again(failed: Sequence[Outcome]) -> Work:
            return self._work([one.path for one in failed], place, takes_large=takes_large)

        library = self._session.library
        change = file_calls.importing(library, paths, place, takes_large=takes_large)
        hint = f"{self._session.keymap.show('app.undo')} takes it back."
        done = f"imported into {place.name}"
        return Work("import", done, (), change, hint, again=again, total=len(paths))


def _without(paths: Sequence[str], others: Sequence[str]) -> list[str]:
    left_out = set(others)
    return [path for path in paths if path not in left_out]
