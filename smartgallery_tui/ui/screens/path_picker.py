"""A dialog to choose a path of this machine: type it, or walk through the folders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content
from textual.message import Message

from smartgallery_tui.ui.content import line, plain
from smartgallery_tui.ui.screens.field_list import SHOWN, FieldListPopup

if TYPE_CHECKING:
    from collections.abc import Callable

    from smartgallery_tui.ui.background import Background


@dataclass
class FolderListed(Message):
    """What is inside a folder is here."""

    parent: str
    names: list[str]


class PlacePopup(FieldListPopup[str]):
    """Asks for a path; the result is the path as typed.

    Args:
        title: Heading; safe already.
        path: What is there now.
        list_inside: Returns the names in a folder, those of folders with a slash. Any thread.
        background: The lanes.
        foot: A line below; ours.
        nothing: Shown where nothing is inside; ours.
    """

    def __init__(
        self,
        title: Content,
        path: str,
        list_inside: Callable[[str], list[str]],
        background: Background,
        *,
        foot: str,
        nothing: str = "No folders here.",
    ) -> None:
        super().__init__(title, text=plain(path, 4096), foot=foot, nothing=nothing)
        self._list_inside = list_inside
        self._background = background
        self._inside = ""
        self._names: list[str] = []
        self._shown: list[str] = []

    def typed(self, text: str) -> None:
        """Show what the folder holds that is typed now."""
        parent = text.rpartition("/")[0] + "/" if "/" in text else text
        if parent == self._inside:
            self._fill()
            return
        self._inside = parent
        self._names = []

        def call(_cancelled: object) -> FolderListed:
            return FolderListed(parent, self._list_inside(parent))

        self._background.pages.submit("listing a folder", call, self)

    def on_folder_listed(self, message: FolderListed) -> None:
        """Show what is in the folder that is typed now."""
        if message.parent == self._inside:
            self._names = message.names
            self._fill()

    def entered(self, text: str) -> None:
        """Close with the path."""
        path = text.strip()
        self.dismiss(path.rstrip("/") or path)

    def chosen(self, place: int) -> None:
        """Put a name of the list into the field."""
        if place < len(self._shown):
            self.field.value = f"{self._inside}{self._shown[place]}"
            self.field.cursor_position = len(self.field.value)
            self.set_focus(self.field)

    def tabbed(self) -> bool:
        """Put the highlighted name into the field."""
        self.chosen(self.place or 0)
        return True

    def _fill(self) -> None:
        typed = self.field.value.rpartition("/")[2].casefold()
        fitting = [name for name in self._names if name.casefold().startswith(typed)]
        self._shown = fitting[:SHOWN]
        self.show_rows([line(name) for name in self._shown])


class PathPopup(PlacePopup):
    """Asks for a folder; the result is its path as typed, "" for none.

    Args:
        title: Heading; ours.
        path: What is there now.
        list_folders: Returns the names of the folders in a folder. Any thread.
        background: The lanes.
    """

    def __init__(
        self,
        title: str,
        path: str,
        list_folders: Callable[[str], list[str]],
        background: Background,
    ) -> None:
        super().__init__(
            Content(title),
            path.rstrip("/") + "/" if path else "~/",
            lambda folder: [f"{name}/" for name in list_folders(folder)],
            background,
            foot="Tab goes into the folder, Enter takes the path as it stands; empty: none.",
        )
