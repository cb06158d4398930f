"""Changes of files through the library: each in the journal, each row following its file."""

from __future__ import annotations

import os
import time
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from smartgallery_tui.containers import extension_of
from smartgallery_tui.errors import FileGuardError, SmartGalleryError
from smartgallery_tui.files import Done, Guard, Operations, Watch, from_row, recover
from smartgallery_tui.files.guard import keep_extension
from smartgallery_tui.index import catalog, change_lock, journal, marks, moving
from smartgallery_tui.index import roots as root_rows
from smartgallery_tui.index.found import FoundFile, mark_missing
from smartgallery_tui.library.batch import REFUSALS, Batch
from smartgallery_tui.library.indexing import Indexing
from smartgallery_tui.library.marking import Marking
from smartgallery_tui.library.row_journal import RowJournal
from smartgallery_tui.records import Item, Outcome

if TYPE_CHECKING:
    import sqlite3
    import threading
    from collections.abc import Callable, Iterator, Sequence

    from smartgallery_tui.files import Change
    from smartgallery_tui.records import Told


class Changing(Marking, Indexing):
    """Rename, move, copy, trash, folders; undo and redo of all of them and of marks.

    A call with several files gives an outcome for each: one that fails changes nothing else. One
    call is one action for undo.
    """

    def rename(self, file_id: int, new_name: str) -> list[Outcome]:
        """Give a file another name; its extension stays, its companions follow."""

        def act(operations: Operations, item: Item) -> list[Done]:
            return operations.rename_together(together(item), new_name)

        return self._each([file_id], act)

    def name_problem(self, file_id: int, new_name: str) -> str:
        """Return why a file cannot have a name, in one line; "" if it can."""
        item = self.item(file_id)
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

        return self._each(ids, act, cancelled, told)

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

        return self._each(ids, act, cancelled, told)

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

        return self._each(ids, act, cancelled, told)

    def make_folder(self, parent: str, name: str) -> Outcome:
        """Make a folder."""
        with self._changing() as operations:
            return self._outcome(partial(operations.make_folder, parent, name))

    def rename_folder(self, path: str, new_name: str) -> Outcome:
        """Give a folder another name; the rows of its files follow."""
        with self._changing() as operations:
            return self._outcome(partial(operations.rename_folder, path, new_name))

    def trash_folder(self, path: str) -> Outcome:
        """Move a folder with all that is in it into the trash of its root."""
        with self._changing() as operations:
            return self._outcome(partial(operations.trash_tree, path))

    def folders(self) -> list[str]:
        """Return the folders that files can go to: the roots that are looked at, and theirs."""
        roots = self._sync_roots()
        with self._store.read() as db:
            found = {root.path for root in roots}
            found.update(moving.folders_in_use(db, [root.id for root in roots]))
        return sorted(found)

    def recover_changes(self) -> list[str]:
        """Finish or take back what a crash interrupted; return a sentence for each.

        Nothing is done while another process changes files: what it does is not torn.
        """
        with self._store.read() as db:
            if not journal.unfinished(db):
                return []
        with change_lock.alone(self.data_dir) as is_alone:
            if not is_alone:
                return []
            with self._store.read() as db:
                entries = [e for e in journal.unfinished(db) if e.action not in journal.MARKS]
            return [self._recover(entry) for entry in entries]

    def _recover(self, entry: journal.Entry) -> str:
        guard, rows, change = self._guard(), RowJournal(self._writer), from_row(entry.after)
        try:
            done = recover(guard, Operations(guard, rows), change)
        except REFUSALS as error:
            return f"an interrupted {entry.action} waits: {error}"
        if done is None:
            rows.fail(entry.id, "")
            return f"an interrupted {entry.action} was taken back: {change.source}"
        rows.finish(entry.id, done)
        self._follow([done])
        return f"an interrupted {entry.action} was finished: {done.target or done.source}"

    def _step_files(
        self, entries: list[journal.Entry], told: Told | None, *, is_undo: bool
    ) -> list[Outcome]:
        """Undo or redo a group of file operations."""
        plans = [from_row(entry.after) for entry in entries]
        batch = Batch(len(entries), None, told, sum(plan.size_bytes for plan in plans))
        with change_lock.alone(self.data_dir) as is_alone:
            if not is_alone:
                raise SmartGalleryError("files are being changed right now; try again in a moment")
            guard = self._guard()
            changes: list[Change] = []
            for entry, plan in zip(entries, plans, strict=True):
                operations = Operations(guard, RowJournal(self._writer, entry), watch=batch.watch)
                outcome = self._outcome(partial(operations.undo, plan), changes.append)
                # A folder that is made no more is named all the same.
                path = outcome.path or (plan.target if outcome.ok else "")
                batch.note(replace(outcome, what=_kind(entry.action, plan), path=path))
                if not outcome.ok:
                    state = "dropped" if is_undo else "done"
                    drop = partial(journal.set_state, ids=[entry.id], state=state)
                    self._writer.run("user", drop)
            self._follow(changes)
        return [self._known(outcome) for outcome in batch.finish()]

    def _guard(self) -> Guard:
        return Guard([root.path for root in self.roots()])

    @contextmanager
    def _changing(
        self, rows: RowJournal | None = None, watch: Watch | None = None
    ) -> Iterator[Operations]:
        """Lend operations; while they are used nobody takes them for interrupted ones."""
        self._require_changes_allowed()
        with change_lock.changing(self.data_dir):
            yield Operations(self._guard(), rows or RowJournal(self._writer), watch=watch)

    def _each(
        self,
        ids: Sequence[int],
        act: Callable[[Operations, Item], list[Done]],
        cancelled: threading.Event | None = None,
        told: Told | None = None,
    ) -> list[Outcome]:
        """Act on files one by one; return what became of each."""
        rows = RowJournal(self._writer)
        appeared: list[str] = []
        carried: dict[str, str] = {}
        with self._store.read() as db:
            items = {item.id: item for item in catalog.items(db, list(ids))}

        def change(operations: Operations, item: Item) -> list[Outcome]:
            rows.content_id = item.content_id or None
            done = act(operations, item)
            appeared.extend(self._follow_rows([step.change for step in done]))
            carried.update({step.change.source: step.path for step in done})
            return [Outcome(item.id, ok=True, reason=done[0].note, path=done[0].path)]

        size_bytes = sum(item.size_bytes for item in items.values())
        batch = Batch(len(ids), cancelled, told, size_bytes)
        with self._changing(rows, batch.watch) as operations:
            for file_id in ids:
                item = items.get(file_id)
                if item is None:
                    batch.fail([(file_id, "")], "is gone")
                elif item.path in carried:  # it came along with the video that it belongs to
                    batch.note(Outcome(file_id, ok=True, path=carried[item.path]))
                else:
                    batch.do([(file_id, item.path)], partial(change, operations, item))
        self.index_paths(appeared)
        return batch.finish()

    def _outcome(
        self, act: Callable[[], Done], follow: Callable[[Change], object] | None = None
    ) -> Outcome:
        """Return what became of one change.

        Args:
            act: Makes it.
            follow: Keeps the finished change, for a caller who lets the rows follow at the end;
                None: they follow at once.
        """
        try:
            done = act()
        except REFUSALS as error:
            return Outcome(0, ok=False, reason=str(error))
        if follow is None:
            self._follow([done.change])
        else:
            follow(done.change)
        return Outcome(0, ok=True, reason=done.note, path=done.path)

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
        """Let the rows follow: of what was moved, hide what was trashed, find what is new."""
        if changes:
            self.index_paths(self._follow_rows(changes))

    def _follow_rows(self, changes: Sequence[Change]) -> list[str]:
        """Change the rows of some changes; return the paths that are still to be read."""
        return [change.target for change in changes if not self._follow_row(change)]

    def _follow_row(self, change: Change) -> bool:
        """Change the rows of one change; return False where its target is still to be read."""
        source = os.fsencode(change.source)
        now_ns = time.time_ns()
        if change.action == "delete":
            return True
        if change.action in {"trash", "remove_folder"}:
            self._writer.run("index", partial(_hide, source=source, now_ns=now_ns))
            return True
        if change.action != "move":
            return False
        root = root_rows.enclosing(self.roots(), change.target)
        if root is None:
            return True
        place = (root.id, root.path)
        if change.is_folder:
            work = partial(
                moving.move_folder_rows, root=place, old=source, new=os.fsencode(change.target)
            )
            self._writer.run("index", work)
            return False  # the folders themselves are listed anew
        with self._store.read() as db:
            file_id = catalog.find_path(db, change.source)
        if file_id is None:
            return False
        follow = partial(moving.move_row, file_id=file_id, root=place, found=_found(change))
        self._writer.run("index", follow)
        return True

    def _known(self, outcome: Outcome) -> Outcome:
        """Return an outcome with the id that the file's row has."""
        if not outcome.path or outcome.id:
            return outcome
        with self._store.read() as db:
            file_id = catalog.find_path(db, outcome.path)
        return replace(outcome, id=file_id or 0)


def together(item: Item) -> list[str]:
    """Return the paths of a file and of what belongs to it and is still there."""
    return [item.path, *(path for path in item.companions if os.path.lexists(path))]


def _kind(action: str, change: Change) -> str:
    """Return what was done, in one or two words."""
    if action == "move":
        is_rename = change.source.rpartition("/")[0] == change.target.rpartition("/")[0]
        return "rename" if is_rename else "move"
    return action.replace("_", " ")


def _hide(db: sqlite3.Connection, source: bytes, now_ns: int) -> None:
    row = db.execute("SELECT id FROM files WHERE path=?", (source,)).fetchone()
    if row is not None:
        mark_missing(db, [row[0]], now_ns)
    moving.hide_folder_rows(db, source, now_ns)


def _found(change: Change) -> FoundFile:
    name = change.target.rpartition("/")[2]
    text = name if name.isascii() else os.fsencode(name).decode("utf-8", "replace")
    extension = extension_of(name)[1:]
    return FoundFile(
        os.fsencode(change.target), text, "", extension,
        change.size_bytes, change.mtime_ns, change.inode,
    )  # fmt: skip
