"""A dialog to choose a folder of the library by typing, or to make one on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.fuzzy import Matcher
from textual.widgets import Static

from smartgallery_tui.ui.content import line, plain
from smartgallery_tui.ui.scope import FolderChoice, FolderList
from smartgallery_tui.ui.screens.field_list import SHOWN, FieldListPopup

if TYPE_CHECKING:
    from collections.abc import Sequence


class FolderPicker(FieldListPopup[FolderChoice]):
    """Fuzzy search in the folders of the library.

    Args:
        title: Heading for each way, the second one for copies; "" where there is one way only.
        folders: Absolute paths, in both orders.
        here: Where the current item is: new folders are offered there.
        can_make: Offer to make a folder.
    """

    def __init__(
        self, title: tuple[str, str], folders: FolderList, here: str, *, can_make: bool = True
    ) -> None:
        super().__init__(
            Content(title[0]),
            placeholder="type to narrow, or a new name" if can_make else "type to narrow",
            foot=self._said(title, is_copy=False, is_by_date=False),
        )
        self._titles = title
        self._here = here
        self._can_make = can_make
        self._is_copy = False
        self._prefix = _common(folders.by_name)
        self._all = folders
        self._is_by_date = False
        self._folders = self._ordered()
        self._shown: list[FolderChoice] = []

    def tabbed(self) -> bool:
        """Change between moving and copying."""
        if self._titles[1]:
            self._is_copy = not self._is_copy
            self.query_one("#title", Static).update(Content(self._titles[self._is_copy]))
            self._say()
        return True

    def turned(self) -> bool:
        """Change between the order of names and that of dates."""
        self._is_by_date = not self._is_by_date
        self._folders = self._ordered()
        self._say()
        self.typed(self.field.value)
        return True

    def _ordered(self) -> list[str]:
        """Return the folders, the one of the current item before all others."""
        folders = self._all.newest_first if self._is_by_date else self._all.by_name
        others = [folder for folder in folders if folder != self._here]
        return [self._here, *others] if self._here in folders else others

    def _say(self) -> None:
        words = self._said(self._titles, is_copy=self._is_copy, is_by_date=self._is_by_date)
        self.say_below(words)

    @staticmethod
    def _said(titles: tuple[str, str], *, is_copy: bool, is_by_date: bool) -> str:
        other = f"; Tab {'moves' if is_copy else 'copies'} instead" if titles[1] else ""
        order = "by name" if is_by_date else "newest first"
        return f"Enter chooses{other}; Shift+Tab: {order}."

    def typed(self, text: str) -> None:
        """Show the folders that fit, then places for a new one."""
        self._shown = [FolderChoice(folder) for folder in self._best(text)[:SHOWN]]
        self._shown += self._new(text.strip())
        self.show_rows([self._row(choice) for choice in self._shown])

    def entered(self, text: str) -> None:
        """Take the highlighted folder."""
        del text
        self.chosen(self.place or 0)

    def chosen(self, place: int) -> None:
        """Close with a folder."""
        if place < len(self._shown):
            chosen = self._shown[place]
            self.dismiss(FolderChoice(chosen.folder, chosen.new_name, self._is_copy))

    def _best(self, wanted: str) -> list[str]:
        if not wanted.strip():
            return self._folders
        matcher = Matcher(wanted.strip())
        scored = [(matcher.match(plain(self._label(path), 300)), path) for path in self._folders]
        fitting = sorted((pair for pair in scored if pair[0] > 0), key=lambda pair: -pair[0])
        return [path for _score, path in fitting]

    def _new(self, wanted: str) -> list[FolderChoice]:
        """Return places for a new folder of the typed name: a folder typed before it, or here."""
        if not wanted or not self._can_make:
            return []
        head, slash, name = wanted.rpartition("/")
        parents = [path for path in self._folders if slash and self._label(path) == head]
        if slash:
            return [FolderChoice(path, name) for path in parents if name]
        parents = [self._here] if self._here else []
        if self._prefix in self._folders and self._prefix != self._here:
            parents.append(self._prefix)
        return [FolderChoice(path, wanted) for path in parents]

    def _label(self, path: str) -> str:
        """Return a path without what all folders begin with."""
        return path[len(self._prefix) :].lstrip("/") or path.rpartition("/")[2] or path

    def _row(self, choice: FolderChoice) -> Content:
        label = line(self._label(choice.folder), limit=200)
        if choice.new_name:
            return Content.assemble(
                ("+ new folder ", "$accent"), line(choice.new_name, "bold"), " in ", label
            )
        where = Content.styled("  here", "dim") if choice.folder == self._here else Content()
        return label + where


def _common(folders: Sequence[str]) -> str:
    """Return the folder that all of them begin with; the roots' own names stay readable."""
    if not folders:
        return ""
    parts = [folder.rstrip("/").split("/") for folder in folders]
    shortest = min(parts, key=len)
    shared = 0
    while shared < len(shortest) and all(part[shared] == shortest[shared] for part in parts):
        shared += 1
    return "/".join(shortest[:shared])
