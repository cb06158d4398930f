"""The way back and forth: undo and redo of marks and of changes of files."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from smartgallery_tui.errors import SmartGalleryError
from smartgallery_tui.files import Operations, from_row
from smartgallery_tui.index import catalog, change_lock, journal, lists
from smartgallery_tui.library.batch import Batch
from smartgallery_tui.library.row_journal import RowJournal
from smartgallery_tui.records import Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smartgallery_tui.files import Change
    from smartgallery_tui.library.context import Context
    from smartgallery_tui.library.following import Following
    from smartgallery_tui.library.operating import Operating
    from smartgallery_tui.records import Told


class Stepping:
    """Goes through the journal, one action at a time.

    Args:
        context: The open library.
        operating: Makes changes of files.
        following: Lets the rows follow the files.
    """

    def __init__(self, context: Context, operating: Operating, following: Following) -> None:
        self._context = context
        self._store = context.store
        self._writer = context.writer
        self._operating = operating
        self._following = following

    def undo(self, told: Told | None = None) -> list[Outcome]:
        """Take the last action back, a mark or a file operation; [] where there is none.

        Args:
            told: Hears how far it is where files are changed.
        """
        return self._step(told, is_undo=True)

    def redo(self, told: Told | None = None) -> list[Outcome]:
        """Do again what was undone last; [] where there is nothing."""
        return self._step(told, is_undo=False)

    def _step(self, told: Told | None, *, is_undo: bool) -> list[Outcome]:
        self._context.require_changes_allowed()
        with self._store.read() as db:
            entries = journal.last_done(db) if is_undo else journal.next_undone(db)
        if not entries:
            return []
        if entries[0].action not in journal.MARKS:
            return self._step_files(entries, told, is_undo=is_undo)
        with self._writer.precedence.taken():
            return self._step_marks(entries, is_undo=is_undo)

    def _step_marks(self, entries: list[journal.Entry], *, is_undo: bool) -> list[Outcome]:
        """Undo or redo what was said in one action."""
        self._context.marks.write(
            partial(journal.step_marks, entries=entries, is_undo=is_undo, now_ns=time.time_ns())
        )
        what = _said(entries)
        values = [
            entry.before if is_undo else entry.after
            for entry in entries
            if entry.content_id is None
        ]
        names = [name for field, value in values for name in lists.names_in(field, value)]
        with self._store.read() as db:
            contents = {entry.content_id for entry in entries if entry.content_id is not None}
            places = catalog.places_of_contents(db, list(contents))
        outcomes = [Outcome(file_id, ok=True, path=path, what=what) for file_id, path in places]
        outcomes += [Outcome(0, ok=True, path=name, what=what) for name in names]
        # What was said of files that are gone is taken back, too.
        return outcomes or [Outcome(0, ok=True, what=what)]

    def _step_files(
        self, entries: list[journal.Entry], told: Told | None, *, is_undo: bool
    ) -> list[Outcome]:
        """Undo or redo a group of file operations."""
        plans = [from_row(entry.after) for entry in entries]
        batch = Batch(len(entries), None, told, sum(plan.size_bytes for plan in plans))
        with change_lock.alone(self._context.data_dir) as is_alone:
            if not is_alone:
                raise SmartGalleryError("files are being changed right now; try again in a moment")
            guard = self._context.guard()
            changes: list[Change] = []
            for entry, plan in zip(entries, plans, strict=True):
                operations = Operations(guard, RowJournal(self._writer, entry), watch=batch.watch)
                outcome = self._operating.outcome(partial(operations.undo, plan), changes.append)
                # A folder that is made no more is named all the same.
                path = outcome.path or (plan.target if outcome.ok else "")
                batch.note(replace(outcome, what=_kind(entry.action, plan), path=path))
                if not outcome.ok:
                    state = "dropped" if is_undo else "done"
                    drop = partial(journal.set_state, ids=[entry.id], state=state)
                    self._writer.run("user", drop)
            self._following.follow(changes)
        return [self._following.known(outcome) for outcome in batch.finish()]


def _said(entries: Sequence[journal.Entry]) -> str:
    """Return what a group of changes is about: "rating", "tag castle", "tags a, b"."""
    names: dict[str, list[str]] = {}
    for entry in sorted(entries):
        field, value = entry.before
        if entry.content_id is None:
            field = lists.words(field, value, entry.after[1])
        listed = names.setdefault("favourite" if field == "is_favorite" else field, [])
        if field in {"tag", "album"} and value[0] not in listed:
            listed.append(value[0])
    return ", ".join(
        f"{field}{'s' * (len(listed) > 1)} {', '.join(listed)}".rstrip()
        for field, listed in names.items()
    )


def _kind(action: str, change: Change) -> str:
    """Return what was done, in one or two words."""
    if action == "move":
        is_rename = change.source.rpartition("/")[0] == change.target.rpartition("/")[0]
        return "rename" if is_rename else "move"
    return action.replace("_", " ")
