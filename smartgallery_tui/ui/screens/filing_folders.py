"""Folders: made, renamed, moved to the trash."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from smartgallery_tui.ui import file_calls
from smartgallery_tui.ui.content import line, plain
from smartgallery_tui.ui.scope import FolderChoice, FolderList
from smartgallery_tui.ui.screens.folder_picker import FolderPicker
from smartgallery_tui.ui.screens.names import TextPopup
from smartgallery_tui.ui.screens.popup import ConfirmPopup

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from smartgallery_tui.records import Outcome
    from smartgallery_tui.ui.screens.base import GalleryScreen


class FolderChanges:
    """Makes folders, renames them, moves them to the trash.

    Args:
        screen: The screen that it acts for.
    """

    def __init__(self, screen: GalleryScreen) -> None:
        self._screen = screen
        self._session = screen.session

    def change(self, what: str, value: str) -> None:
        """Change the folder that a query names so; choose it where several are named so."""
        if self._screen.refuses():
            return

        def ready(folders: FolderList, _here: str) -> None:
            named = paths_of(value, folders.by_name)
            if len(named) == 1:
                self._folder_chosen(what, FolderChoice(named[0]))
            else:
                self.choose(what)

        self.read(ready)

    def choose(self, what: str) -> None:
        """Choose a folder to make one in, to rename, or to move to the trash."""
        if self._screen.refuses():
            return
        titles = {
            "make": "Make a folder in",
            "rename": "Rename which folder?",
            "trash": "Move which folder to the trash?",
        }

        def ready(folders: FolderList, here: str) -> None:
            picker = FolderPicker((titles[what], ""), folders, here, can_make=what == "make")
            self._screen.app.push_screen(picker, partial(self._folder_chosen, what))

        self.read(ready)

    def _folder_chosen(self, what: str, choice: FolderChoice | None) -> None:
        if choice is None:
            return
        name = plain(choice.folder.rpartition("/")[2], 60)
        if what == "trash":
            question = line(f"Move the folder {name} with all that is in it to the trash?")
            popup = ConfirmPopup(question, grace_s=self._screen.grace_s())
            trash = partial(self._session.library.trash_folder, choice.folder)
            self._screen.app.push_screen(
                popup, lambda yes: self._change(what, trash) if yes else None
            )
        elif choice.new_name:
            make = partial(self._session.library.make_folder, choice.folder, choice.new_name)
            self._change(what, make)
        else:
            title = f"New folder in {name}" if what == "make" else f"New name of {name}"
            text = "" if what == "make" else name
            self._screen.app.push_screen(
                TextPopup(title, text), partial(self._named, what, choice.folder)
            )

    def _named(self, what: str, folder: str, name: str | None) -> None:
        if name:
            library = self._session.library
            act = library.make_folder if what == "make" else library.rename_folder
            self._change(what, partial(act, folder, name))

    def _change(self, what: str, change: Callable[[], Outcome]) -> None:
        call = file_calls.folder_change(what, change)
        self._session.background.changes.submit(f"folder: {what}", call, self._screen.app)

    def read(self, then: Callable[[FolderList, str], None]) -> None:
        """Read the folders of the library and go on with them."""
        call = file_calls.folders(self._session.library, self._screen.here(), then)
        self._session.background.pages.submit("reading folders", call, self._screen)


def paths_of(value: str, folders: Sequence[str]) -> list[str]:
    """Return the paths that a folder of a query may have: whole, below a root, or from its name.

    Args:
        value: The folder as a query names it.
        folders: The folders of the library that hold files, and its roots.
    """
    if value.startswith("/"):
        return [value]
    starts = [f"{folder.rstrip('/')}/" for folder in folders]
    roots = [one for one in starts if not any(one != o and one.startswith(o) for o in starts)]
    named = [f"{root}{value}/" for root in roots]
    first, _, rest = value.partition("/")
    named += [f"{root}{rest}".rstrip("/") + "/" for root in roots if root.endswith(f"/{first}/")]
    return [one[:-1] for one in named if any(start.startswith(one) for start in starts)]
