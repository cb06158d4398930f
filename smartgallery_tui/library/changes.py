"""Changes of files that the user asks for: names, places, copies, the trash, folders."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING, Any

from smartgallery_tui.errors import FileGuardError
from smartgallery_tui.files.guard import keep_extension

if TYPE_CHECKING:
    import threading
    from collections.abc import Sequence

    from smartgallery_tui.files import Done, Operations
    from smartgallery_tui.library.looking import Looking
    from smartgallery_tui.library.marking import Marking
    from smartgallery_tui.library.operating import Operating
    from smartgallery_tui.records import Item, Outcome, Told


class Changing:
    """Rename, move, copy, trash, folders.

    A call with several files gives an outcome for each: one that fails changes nothing else. One
    call is one action for undo.

    Args:
        operating: Makes changes of files.
        looking: Knows the files.
        marking: Knows what the user said of them.
    """

    def __init__(self, operating: Operating, looking: Looking, marking: Marking) -> None:
        self._operating = operating
        self._looking = looking
        self._marking = marking

    def rename(self, file_id: int, new_name: str) -> list[Outcome]:
        """Give a file another name; its extension stays, its companions follow."""

        def act(operations: Operations, item: Item) -> list[Done]:
            return operations.rename_together(together(item), new_name)

        return self._operating.each([file_id], act)

    def name_problem(self, file_id: int, new_name: str) -> str:
        """Return why a file cannot have a name, in one line; "" if it can."""
        item = self._looking.item(file_id)
        try:
            wanted = keep_extension(item.name, new_name)
        except FileGuardError as error:
            return str(error)
        if wanted == item.name:
            return ""
        folder = item.path[: -len(item.name)]
        is_taken = os.path.lexists(folder + wanted) and wanted.lower() != item.name.lower()
        return f"{wanted!r} is taken: nothing is replaced" if is_taken else ""

    def move(
        self,
        ids: Sequence[int],
        folder: str,
        cancelled: threading.Event | None = None,
        told: Told | None = None,
    ) -> list[Outcome]:
        """Move files and their companions into a folder; a taken name gets a number.

        Args:
            ids: Which files.
            folder: A folder of the library.
            cancelled: Stops between two files, and a copy across file systems in its middle.
            told: Hears how far it is.
        """

        def act(operations: Operations, item: Item) -> list[Done]:
            return operations.together(together(item), folder)

        return self._operating.each(ids, act, cancelled, told)

    def copy(
        self,
        ids: Sequence[int],
        folder: str,
        cancelled: threading.Event | None = None,
        told: Told | None = None,
    ) -> list[Outcome]:
        """Copy files and their companions into a folder; a taken name gets a number."""

        def act(operations: Operations, item: Item) -> list[Done]:
            return operations.copy_together(together(item), folder)

        return self._operating.each(ids, act, cancelled, told)

    def trash(
        self,
        ids: Sequence[int],
        cancelled: threading.Event | None = None,
        told: Told | None = None,
    ) -> list[Outcome]:
        """Move files and their companions into the trash of their root; no space is freed."""

        def act(operations: Operations, item: Item) -> list[Done]:
            kept = self._marks_of(item)
            acts = [partial(operations.trash, path, kept) for path in together(item)]
            return operations.all_or_none(acts)

        return self._operating.each(ids, act, cancelled, told)

    def make_folder(self, parent: str, name: str) -> Outcome:
        """Make a folder."""
        with self._operating.lend() as operations:
            return self._operating.outcome(partial(operations.make_folder, parent, name))

    def rename_folder(self, path: str, new_name: str) -> Outcome:
        """Give a folder another name; the rows of its files follow."""
        with self._operating.lend() as operations:
            return self._operating.outcome(partial(operations.rename_folder, path, new_name))

    def trash_folder(self, path: str) -> Outcome:
        """Move a folder with all that is in it into the trash of its root."""
        with self._operating.lend() as operations:
            return self._operating.outcome(partial(operations.trash_tree, path))

    def _marks_of(self, item: Item) -> dict[str, Any]:
        """Return what a trashed file's note keeps of the user's words."""
        if not item.content_id:
            return {}
        said = self._marking.user_data(item.id)
        return {
            "content_id": item.content_id.hex(),
            "is_favorite": said.is_favorite,
            "rating": said.rating,
            "status": said.status,
            "note": said.note,
            "tags": list(said.tags),
            "albums": list(said.albums),
        }


def together(item: Item) -> list[str]:
    """Return the paths of a file and of what belongs to it and is still there."""
    return [item.path, *(path for path in item.companions if os.path.lexists(path))]
