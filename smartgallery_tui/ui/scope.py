"""What an action means, and where to: items that may not be seen, a folder that may be new."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from smartgallery_tui.ui import format as words
from smartgallery_tui.ui.content import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smartgallery_tui.ui.result_view import ResultView


@dataclass(frozen=True, slots=True)
class Scope:
    """What an action means."""

    ids: tuple[int, ...]
    name: str = ""
    """Of the only item."""
    outside: int = 0
    """How many of them the open result does not have."""

    @property
    def words(self) -> str:
        """One name, or how many items and how many are elsewhere; safe to print."""
        if len(self.ids) == 1 and self.name:
            return plain(self.name, 60)
        text = words.count(len(self.ids), "item")
        if self.outside:
            text += f" ({self.outside:,} of them outside the view)"
        return text


@dataclass(frozen=True, slots=True)
class FolderList:
    """The folders of the library."""

    by_name: tuple[str, ...]
    newest_first: tuple[str, ...]
    """The same; that in which something changed last is the first."""


@dataclass(frozen=True, slots=True)
class FolderChoice:
    """A folder, or one to be made in it."""

    folder: str
    new_name: str = ""
    """Of a folder to be made in `folder`, or ""."""
    is_copy: bool = False

    @property
    def name(self) -> str:
        """Its own name, safe to print."""
        return plain(self.new_name or self.folder.rpartition("/")[2] or self.folder, 60)


def look_up(view: ResultView | None, ids: Sequence[int], name: str = "") -> Scope:
    """Return a scope, counting what the open result does not have. Not on the event loop."""
    if name:
        return Scope(tuple(ids), name)
    result = view.result if view is not None else None
    places = [result.position(item_id) if result is not None else None for item_id in ids]
    return Scope(tuple(ids), "", places.count(None))
