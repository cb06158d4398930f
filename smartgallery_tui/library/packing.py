"""Archives of items: the files, and beside them what was read of them."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from smartgallery_tui.containers import open_source, read_container
from smartgallery_tui.errors import FileChangeError
from smartgallery_tui.files import Exporter, Packer, fill_clean, writing
from smartgallery_tui.files.archive import beside, inside_names
from smartgallery_tui.library.batch import REFUSALS, Batch
from smartgallery_tui.library.changes import together
from smartgallery_tui.metadata import payloads
from smartgallery_tui.records import CANCELLED, Outcome

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Sequence

    from smartgallery_tui.files import Guard
    from smartgallery_tui.records import Item, Told

_TABLE = "smartgallery.csv"


@dataclass(frozen=True, slots=True)
class Contents:
    """What goes into an archive."""

    is_clean: bool = False
    """Clean copies instead of the files themselves."""
    has_workflows: bool = False
    """The workflow beside each file, or its API prompt where there is no workflow."""
    table: Callable[[Sequence[Item]], bytes] | None = None
    """Makes a table of all items."""


class Packing:
    """Writes one archive.

    Args:
        guard: The roots that files are taken from.
        roots: Their paths.
        contents: What goes in.
    """

    def __init__(self, guard: Guard, roots: Sequence[str], contents: Contents) -> None:
        self._guard = guard
        self._roots = list(roots)
        self._contents = contents

    def run(
        self,
        ids: Sequence[int],
        items: dict[int, Item],
        target: tuple[str, str],
        cancelled: threading.Event | None,
        told: Told | None,
    ) -> list[Outcome]:
        """Pack items; return what became of each, with the path of the archive.

        Args:
            ids: Which ones, in this order.
            items: Those of them that are there.
            target: Folder and name of the archive; a taken name gets a number.
            cancelled: Stops it; nothing is written then.
            told: Hears how far it is.
        """
        folder, name = target
        batch = Batch(0)

        def fill(fd: int) -> None:
            nonlocal batch
            batch = Batch(
                len(ids), cancelled, told, sum(item.size_bytes for item in items.values())
            )
            with writing(name, fd) as archive:
                self._fill(batch, Packer(archive, batch.watch), ids, items, folder)

        try:
            path = Exporter(self._guard, folder).archive(name, fill)
        except REFUSALS as error:
            return _none(batch, ids, items, str(error))
        return [
            Outcome(one.id, one.ok, one.reason, path if one.ok else one.path)
            for one in batch.finish()
        ]

    def _fill(
        self,
        batch: Batch,
        packer: Packer,
        ids: Sequence[int],
        items: dict[int, Item],
        folder: str,
    ) -> None:
        there = [items[one] for one in dict.fromkeys(ids) if one in items]
        inside = inside_names([item.path for item in there], self._roots)
        names = {item.id: name for item, name in zip(there, inside, strict=True)}
        for one in ids:
            item = items.get(one)
            if item is None:
                batch.fail([(one, "")], "is gone")
                continue
            act = partial(self._add, packer, item, names[one], folder)
            batch.do([(one, item.path)], act)
            if packer.is_torn or batch.is_cancelled:
                raise FileChangeError(batch.outcomes[-1].reason or CANCELLED)
        if not packer.count:
            reasons = [one.reason for one in batch.outcomes]
            raise FileChangeError(reasons[0] if reasons else "there is nothing to pack")
        if self._contents.table is not None:
            packer.text(_TABLE, self._contents.table(there))

    def _add(self, packer: Packer, item: Item, inside: str, folder: str) -> list[Outcome]:
        if self._contents.is_clean:
            self._add_clean(packer, item, inside, folder)
        else:
            for path in together(item):
                with self._guard.entry(path) as (fd, name):
                    packer.file(fd, name, inside[: -len(item.name)] + name)
        if self._contents.has_workflows and (text := _graph(item)) is not None:
            packer.text(beside(inside, ".json"), text)
        return [Outcome(item.id, ok=True, path=item.path)]

    def _add_clean(self, packer: Packer, item: Item, inside: str, folder: str) -> None:
        with (
            self._guard.entry(item.path) as (folder_fd, name),
            open_source(name, dir_fd=folder_fd) as source,
            tempfile.TemporaryFile(dir=folder) as copy,
        ):
            fill_clean(source, name, copy.fileno())
            size_bytes = copy.seek(0, 2)
            copy.seek(0)
            packer.content(inside, copy, size_bytes, source.mtime_ns)


def _graph(item: Item) -> bytes | None:
    with open_source(item.path) as source:
        found = payloads(read_container(source, item.name))
    text = found.workflow or found.prompt
    return None if text is None else as_bytes(text)


def as_bytes(text: str) -> bytes:
    """Return an embedded text as the bytes that it was."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def _none(batch: Batch, ids: Sequence[int], items: dict[int, Item], reason: str) -> list[Outcome]:
    """Return what became of each where there is no archive in the end."""
    known = {one.id: one for one in batch.outcomes if not one.ok}
    paths = {item.id: item.path for item in items.values()}
    return [known.get(one) or Outcome(one, False, reason, paths.get(one, "")) for one in ids]
