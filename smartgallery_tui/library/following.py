"""Rows that follow their files: after a move, a trip to the trash and back, a copy, an import."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from smartgallery_tui.containers import extension_of
from smartgallery_tui.index import catalog, moving
from smartgallery_tui.index import roots as root_rows
from smartgallery_tui.index.found import FoundFile, mark_missing

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence

    from smartgallery_tui.files import Change
    from smartgallery_tui.library.context import Context
    from smartgallery_tui.records import Outcome
    from smartgallery_tui.records.roots import RootInfo


class Following:
    """Brings the rows of changed files in step with the disk.

    Args:
        context: The open library.
        index: Reads what is new at some paths.
    """

    def __init__(self, context: Context, index: Callable[[Sequence[str]], None]) -> None:
        self._context = context
        self._store = context.store
        self._writer = context.writer
        self.index = index

    def follow(self, changes: Sequence[Change]) -> None:
        """Let the rows follow: of what was moved, hide what was trashed, find what is new."""
        if changes:
            self.index(self.follow_rows(changes))

    def follow_rows(self, changes: Sequence[Change]) -> list[str]:
        """Change the rows of some changes; return the paths that are still to be read."""
        roots = self._context.roots()
        unread: list[str] = []
        for root, run in groupby(changes, lambda change: _file_root(roots, change)):
            if root is None:
                unread += [change.target for change in run if not self._follow_row(change)]
                continue
            moved = [(os.fsencode(change.source), _found(change)) for change in run]
            follow = partial(moving.move_rows, root=(root.id, root.path), moved=moved)
            unread += [os.fsdecode(file.path) for file in self._writer.run("index", follow)]
        return unread

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
        root = root_rows.enclosing(self._context.roots(), change.target)
        if root is None:
            return True
        if change.is_folder:
            work = partial(
                moving.move_folder_rows,
                root=(root.id, root.path), old=source, new=os.fsencode(change.target),
            )  # fmt: skip
            self._writer.run("index", work)
        return False  # the folders themselves are listed anew

    def known(self, outcome: Outcome) -> Outcome:
        """Return an outcome with the id that the file's row has."""
        if not outcome.path or outcome.id:
            return outcome
        with self._store.read() as db:
            file_id = catalog.find_path(db, outcome.path)
        return replace(outcome, id=file_id or 0)

    def forget(self, path: str) -> None:
        """Drop the row of a file that was deleted for ever."""
        self._writer.run("index", partial(moving.forget_missing, path=os.fsencode(path)))


def _hide(db: sqlite3.Connection, source: bytes, now_ns: int) -> None:
    row = db.execute("SELECT id FROM files WHERE path=?", (source,)).fetchone()
    if row is not None:
        mark_missing(db, [row[0]], now_ns)
    moving.hide_folder_rows(db, source, now_ns)


def _file_root(roots: list[RootInfo], change: Change) -> RootInfo | None:
    """Return where a file was moved to; None for any other change."""
    if change.action != "move" or change.is_folder:
        return None
    return root_rows.enclosing(roots, change.target)


def _found(change: Change) -> FoundFile:
    name = change.target.rpartition("/")[2]
    text = name if name.isascii() else os.fsencode(name).decode("utf-8", "replace")
    extension = extension_of(name)[1:]
    return FoundFile(
        os.fsencode(change.target), text, "", extension,
        change.size_bytes, change.mtime_ns, change.inode,
    )  # fmt: skip
