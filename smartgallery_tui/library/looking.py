"""Items, generations, raw texts and totals: the library's part for looking without a query."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from smartgallery_tui.containers import open_source, read_container
from smartgallery_tui.errors import SmartGalleryError
from smartgallery_tui.index import catalog, totals
from smartgallery_tui.index.generations import generations
from smartgallery_tui.metadata import payloads

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from smartgallery_tui.library.context import Context
    from smartgallery_tui.records import Generation, Item, LibraryStats
    from smartgallery_tui.records.keeping import DuplicateGroup


class Looking:
    """Reads that are no search.

    Args:
        context: The open library.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._store = context.store

    def item(self, file_id: int) -> Item:
        """Return the item of an id.

        Raises:
            SmartGalleryError: There is no such item.
        """
        found = self.items([file_id])
        if not found:
            raise SmartGalleryError(f"there is no item {file_id}")
        return found[0]

    def items(self, ids: Sequence[int]) -> list[Item]:
        """Return the items of `ids` in that order; ids that are gone are left out."""
        with self._store.read() as db:
            return catalog.items(db, ids)

    def generation(self, file_id: int) -> Generation:
        """Return what was understood of a file when it was read.

        Raises:
            SmartGalleryError: There is no such item.
        """
        found = self.generations([file_id])
        if not found:
            raise SmartGalleryError(f"there is no item {file_id}")
        return found[file_id]

    def generations(self, ids: Sequence[int]) -> dict[int, Generation]:
        """Return the same of many files at once, by id; ids that are gone are left out."""
        with self._store.read() as db:
            return generations(db, ids)

    def last_read_ns(self, file_id: int) -> int | None:
        """Return when a file's metadata was read last; None where nobody noted it."""
        with self._store.read() as db:
            return catalog.read_ns(db, file_id)

    def raw(self, file_id: int) -> dict[str, str | None]:
        """Return the texts `prompt`, `workflow` and `parameters` as the file holds them now.

        Raises:
            SmartGalleryError: There is no such item, or its file cannot be read.
        """
        path = self.item(file_id).path
        with open_source(path) as source:
            container = read_container(source, path.rsplit("/", 1)[-1])
        found = payloads(container)
        return {
            "prompt": found.prompt,
            "workflow": found.workflow,
            "parameters": found.parameters,
        }

    def find_path(self, path: str | os.PathLike[str]) -> int | None:
        """Return the id of the file at `path`, or None where it is not in the library."""
        named = Path(path)
        with self._store.read() as db:
            return catalog.find_path(db, os.fspath(named.parent.resolve() / named.name))

    def input_items(self, file_id: int) -> list[Item]:
        """Return the pictures of the input folder that an item was made of, as far as known."""
        wanted = [use.name for use in self.generation(file_id).names if use.role == "input"]
        roots = [root.path for root in self._context.roots() if root.role == "input"]
        paths = (f"{root}/{name}" for name in dict.fromkeys(wanted) for root in roots)
        return self.items(list(_known(self.find_path(path) for path in paths)))

    def stats(self) -> LibraryStats:
        """Return the totals of the current view."""
        with self._store.read() as db:
            found = totals.stats(db, self._context.view, time.time_ns())
        roots = [root.path for root in self._context.viewed_roots()]
        return replace(
            found,
            index_bytes=_bytes(self._store.index_path) + _bytes(self._store.user_path),
            cache_bytes=_bytes(self._context.cache_dir / "thumbs.db"),
            trash_bytes=sum(_tree_bytes(f"{root}/.smartgallery/trash") for root in roots),
        )

    def duplicates(self) -> list[DuplicateGroup]:
        """Return groups of files with the same content, largest first."""
        with self._store.read() as db:
            return totals.duplicates(db, self._context.view)

    def data_version(self) -> int:
        """Return a number that changes when any process has written the databases.

        Cheap enough to poll a few times a second.
        """
        return self._store.change_token()


def _known(ids: Iterable[int | None]) -> Iterable[int]:
    return (file_id for file_id in ids if file_id is not None)


def _bytes(path: Path) -> int:
    """Return the size of a database with its write-ahead log."""
    total = 0
    for suffix in ("", "-wal"):
        try:
            total += path.with_name(path.name + suffix).stat().st_size
        except OSError:
            continue
    return total


def _tree_bytes(folder: str) -> int:
    """Return the size of everything in a folder; 0 where there is none."""
    total = 0
    for here, _folders, names in os.walk(folder):
        for name in names:
            try:
                total += Path(here, name).lstat().st_size
            except OSError:
                continue
    return total
