"""Changes of files through the library: each in the journal, each row following its file."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smartgallery_tui.containers import (
    KNOWN_EXTENSIONS,
    extension_of,
    holds_graph,
    open_source,
    read_container,
)
from smartgallery_tui.errors import (
    ContainerError,
    FileChangeError,
    FileGuardError,
    IndexLockedError,
)
from smartgallery_tui.files import (
    Change,
    Done,
    Exporter,
    Guard,
    Operations,
    Trashed,
    from_row,
    recover,
    to_row,
)
from smartgallery_tui.index import catalog, file_journal, journal, marks
from smartgallery_tui.index import roots as root_rows
from smartgallery_tui.index.found import FoundFile, mark_missing
from smartgallery_tui.index.moving import move_row
from smartgallery_tui.library.base import actor
from smartgallery_tui.library.marking import Marking
from smartgallery_tui.records import Item, Outcome

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Sequence

    from smartgallery_tui.index.writer import Writer

_REFUSALS = (FileChangeError, FileGuardError, ContainerError)


class RowJournal:
    """The journal of user.db as the files room needs it: one group of rows for one action.

    Args:
        writer: Writes user.db; a call returns when its row is on the disk.
        undoes: The row that is undone or done again.
    """

    def __init__(self, writer: Writer, undoes: journal.Entry | None = None) -> None:
        self._writer = writer
        self._undoes = undoes
        self._group_id = 0
        self.content_id: bytes | None = undoes.content_id if undoes else None
        """Of the file whose change is noted next."""

    def intend(self, change: Change) -> int:
        """Note a change that is about to happen; return its row."""
        note = partial(
            file_journal.intend,
            change=to_row(change),
            content_id=self.content_id,
            who=actor(),
            now_ns=time.time_ns(),
            group_id=self._group_id,
            undoes=self._undoes,
        )
        entry = self._writer.run("user", note)
        self._group_id = self._group_id or entry
        return entry

    def amend(self, entry: int, change: Change) -> None:
        """Note that an intended change goes elsewhere."""
        self._writer.run("user", partial(file_journal.amend, row_id=entry, change=to_row(change)))

    def finish(self, entry: int, change: Change) -> None:
        """Note a change as done."""
        self._writer.run("user", partial(file_journal.finish, row_id=entry, change=to_row(change)))

    def fail(self, entry: int, reason: str) -> None:
        """Note that a change did not happen; the reason goes to the caller."""
        del reason
        self._writer.run("user", partial(file_journal.fail, row_id=entry))


class Changing(Marking):
    """Rename, move, copy, trash, restore, folders, export; undo and redo of all of them.

    A call with several files gives an outcome for each: one that fails changes nothing else.
    """

    def rename(self, file_id: int, new_name: str) -> list[Outcome]:
        """Give a file another name; its extension stays, its companions follow."""

        def act(operations: Operations, item: Item) -> list[Done]:
            return operations.rename_together([item.path, *item.companions], new_name)

        return self._each([file_id], act)

    def move(
        self, ids: Sequence[int], folder: str, cancelled: threading.Event | None = None
    ) -> list[Outcome]:
        """Move files and their companions into a folder; a taken name gets a number."""

        def act(operations: Operations, item: Item) -> list[Done]:
            return operations.together([item.path, *item.companions], folder)

        return self._each(ids, act, cancelled)

    def copy(
        self, ids: Sequence[int], folder: str, cancelled: threading.Event | None = None
    ) -> list[Outcome]:
        """Copy files and their companions into a folder; a taken name gets a number."""

        def act(operations: Operations, item: Item) -> list[Done]:
            paths = (item.path, *item.companions)
            return operations.all_or_none([partial(operations.copy, p, folder) for p in paths])

        return self._after_sync(self._each(ids, act, cancelled))

    def import_files(
        self, paths: Sequence[str], folder: str, cancelled: threading.Event | None = None
    ) -> list[Outcome]:
        """Copy files, and all that folders hold, into a folder of the library.

        Only whole files of kinds that the library shows are taken.
        """
        operations = self._operations(cancelled=cancelled)
        outcomes = []
        for path in _expanded(paths):
            problem = "cancelled" if cancelled and cancelled.is_set() else _import_problem(path)
            if problem:
                outcomes.append(Outcome(0, ok=False, reason=f"{path}: {problem}", path=path))
            else:
                outcomes.append(_outcome(partial(operations.bring, path, folder)))
        return self._after_sync(outcomes)

    def trash(self, ids: Sequence[int], cancelled: threading.Event | None = None) -> list[Outcome]:
        """Move files and their companions into the trash of their root; no space is freed."""

        def act(operations: Operations, item: Item) -> list[Done]:
            kept = self._marks_of(item)
            paths = (item.path, *item.companions)
            return operations.all_or_none([partial(operations.trash, p, kept) for p in paths])

        return self._each(ids, act, cancelled)

    def trashed(self) -> list[Trashed]:
        """Return what lies in the trash of the roots, the newest first."""
        operations = self._operations()
        found = [e for root in self.roots() for e in operations.trash_folder.entries(root.path)]
        return sorted(found, key=lambda entry: entry.trashed_ns, reverse=True)

    def restore(self, entries: Sequence[Trashed]) -> list[Outcome]:
        """Move entries of the trash back; where a name is taken it gets a number."""
        operations = self._operations()
        return self._after_sync([_outcome(partial(operations.restore, e)) for e in entries])

    def delete_trashed(self, entries: Sequence[Trashed]) -> list[Outcome]:
        """Remove entries of the trash for ever. Nothing brings them back."""
        operations = self._operations()
        return [_outcome(partial(operations.delete, entry)) for entry in entries]

    def make_folder(self, parent: str, name: str) -> Outcome:
        """Make a folder."""
        return _outcome(partial(self._operations().make_folder, parent, name))

    def rename_folder(self, path: str, new_name: str) -> Outcome:
        """Give a folder another name; the rows of its files follow."""
        outcome = _outcome(partial(self._operations().rename_folder, path, new_name))
        return self._after_sync([outcome])[0]

    def trash_folder(self, path: str) -> Outcome:
        """Move a folder with all that is in it into the trash of its root."""
        outcome = _outcome(partial(self._operations().trash, path))
        return self._after_sync([outcome])[0]

    def export(
        self,
        ids: Sequence[int],
        folder: str,
        *,
        clean: bool = False,
        cancelled: threading.Event | None = None,
    ) -> list[Outcome]:
        """Copy files to any folder, as they are or without their metadata."""
        exporter = Exporter(self._guard(), folder, cancelled=cancelled)
        write = exporter.clean if clean else exporter.original
        with self._store.read() as db:
            items = {item.id: item for item in catalog.items(db, list(ids))}
        outcomes = []
        for file_id in ids:
            item = items.get(file_id)
            try:
                path = write(item.path) if item else ""
            except _REFUSALS as error:
                outcomes.append(Outcome(file_id, ok=False, reason=str(error)))
                continue
            reason = "" if item else "is gone"
            outcomes.append(Outcome(file_id, ok=item is not None, reason=reason, path=path))
        return outcomes

    def recover_changes(self) -> list[str]:
        """Finish or take back what a crash interrupted; return a sentence for each.

        Call once after opening, when no other process changes files.
        """
        with self._store.read() as db:
            entries = [e for e in journal.unfinished(db) if e.action not in journal.MARKS]
        guard, told = self._guard(), []
        for entry in entries:
            rows = RowJournal(self._writer)
            change = from_row(entry.after)
            try:
                done = recover(guard, Operations(guard, rows), change)
            except FileGuardError as error:
                told.append(f"an interrupted {entry.action} waits: {error}")
                continue
            if done is None:
                rows.fail(entry.id, "")
                told.append(f"an interrupted {entry.action} was taken back: {change.source}")
            else:
                rows.finish(entry.id, done)
                self._follow([done])
                told.append(f"an interrupted {entry.action} was finished: {done.target}")
        return told

    def _step_files(self, entries: list[journal.Entry], *, is_undo: bool) -> list[Outcome]:
        """Undo or redo a group of file operations."""
        outcomes = []
        for entry in entries:
            operations = self._operations(RowJournal(self._writer, entry))
            outcome = _outcome(partial(operations.undo, from_row(entry.after)), self._follow)
            outcomes.append(self._known(outcome))
            if not outcome.ok:
                state = "dropped" if is_undo else "done"
                drop = partial(journal.set_state, ids=[entry.id], state=state)
                self._writer.run("user", drop)
        return self._after_sync(outcomes)

    def _guard(self) -> Guard:
        return Guard([root.path for root in self.roots()])

    def _operations(
        self, rows: RowJournal | None = None, cancelled: threading.Event | None = None
    ) -> Operations:
        self._require_changes_allowed()
        return Operations(self._guard(), rows or RowJournal(self._writer), cancelled=cancelled)

    def _each(
        self,
        ids: Sequence[int],
        act: Callable[[Operations, Item], list[Done]],
        cancelled: threading.Event | None = None,
    ) -> list[Outcome]:
        rows = RowJournal(self._writer)
        operations = self._operations(rows, cancelled)
        with self._store.read() as db:
            items = {item.id: item for item in catalog.items(db, list(ids))}
        outcomes = []
        for file_id in ids:
            item = items.get(file_id)
            if item is None or (cancelled is not None and cancelled.is_set()):
                reason = "is gone" if item is None else "cancelled"
                outcomes.append(Outcome(file_id, ok=False, reason=reason))
                continue
            rows.content_id = item.content_id or None
            try:
                done = act(operations, item)
            except _REFUSALS as error:
                outcomes.append(Outcome(file_id, ok=False, reason=str(error), path=item.path))
                continue
            self._follow([step.change for step in done])
            outcomes.append(Outcome(file_id, ok=True, reason=done[0].note, path=done[0].path))
        return outcomes

    def _marks_of(self, item: Item) -> dict[str, Any]:
        """Return what a trashed file's note keeps of the user's words."""
        if not item.content_id:
            return {}
        with self._store.read() as db:
            said = marks.user_data(db, item.content_id)
        return {
            "content_id": item.content_id.hex(),
            "is_favorite": said.is_favorite,
            "rating": said.rating,
            "status": said.status,
            "note": said.note,
            "tags": list(said.tags),
            "albums": list(said.albums),
        }

    def _follow(self, changes: Sequence[Change]) -> None:
        """Let the rows of moved files follow them, and hide those of trashed ones."""
        known = self.roots()
        for change in changes:
            with self._store.read() as db:
                file_id = catalog.find_path(db, change.source)
            if change.is_folder or file_id is None:
                continue
            if change.action == "trash":
                hide = partial(mark_missing, ids=[file_id], now_ns=time.time_ns())
                self._writer.run("index", hide)
                continue
            root = root_rows.enclosing(known, change.target)
            if change.action == "move" and root is not None:
                found = _found(change)
                place = (root.id, root.path)
                self._writer.run(
                    "index", partial(move_row, file_id=file_id, root=place, found=found)
                )

    def _known(self, outcome: Outcome) -> Outcome:
        """Return an outcome with the id that the file's row has."""
        if not outcome.path:
            return outcome
        with self._store.read() as db:
            file_id = catalog.find_path(db, outcome.path)
        return Outcome(file_id or 0, outcome.ok, outcome.reason, outcome.path)

    def _after_sync(self, outcomes: list[Outcome]) -> list[Outcome]:
        """Let a scan find new and restored files, unless one runs already."""
        sync = getattr(self, "sync", None)
        if sync is not None and any(outcome.ok for outcome in outcomes):
            with suppress(IndexLockedError):
                sync()
            return [outcome if outcome.id else self._known(outcome) for outcome in outcomes]
        return outcomes


def _expanded(paths: Sequence[str]) -> list[str]:
    """Return files, with folders replaced by what they hold; links and hidden names left out."""
    found: list[str] = []
    for path in paths:
        absolute = str(Path(path).expanduser().absolute())
        if not Path(absolute).is_dir():
            found.append(absolute)
            continue
        for folder, folders, names in os.walk(absolute):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            found += [f"{folder}/{n}" for n in sorted(names) if extension_of(n) in KNOWN_EXTENSIONS]
    return found


def _import_problem(path: str) -> str:
    """Return why a file is not taken; "" if it is."""
    if extension_of(path) not in KNOWN_EXTENSIONS:
        return "is of no kind that is shown"
    try:
        with open_source(path) as source:
            if extension_of(path) == ".json" and not holds_graph(source):
                return "holds no graph"
            return read_container(source, path).problem or ""
    except ContainerError as error:
        return str(error)


def _outcome(
    act: Callable[[], Done], follow: Callable[[Sequence[Change]], None] | None = None
) -> Outcome:
    """Return what became of one change; its id is not known here."""
    try:
        done = act()
    except _REFUSALS as error:
        return Outcome(0, ok=False, reason=str(error))
    if follow is not None:
        follow([done.change])
    return Outcome(0, ok=True, reason=done.note, path=done.path)


def _found(change: Change) -> FoundFile:
    name = change.target.rpartition("/")[2]
    text = name if name.isascii() else os.fsencode(name).decode("utf-8", "replace")
    extension = extension_of(name)[1:]
    return FoundFile(
        os.fsencode(change.target), text, "", extension,
        change.size_bytes, change.mtime_ns, change.inode,
    )  # fmt: skip
