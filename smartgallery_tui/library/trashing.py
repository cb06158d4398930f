"""The trash: what lies in it, the way back, and the two ways out of it for ever."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from smartgallery_tui.errors import FileChangeError
from smartgallery_tui.files import Trash
from smartgallery_tui.library.batch import REFUSALS, Batch
from smartgallery_tui.library.changes import together
from smartgallery_tui.records import Notice, Outcome, Trashed

if TYPE_CHECKING:
    import threading
    from collections.abc import Sequence

    from smartgallery_tui.files import Change, Done, Operations
    from smartgallery_tui.library.context import Context
    from smartgallery_tui.library.following import Following
    from smartgallery_tui.library.operating import Operating
    from smartgallery_tui.records import Emit, Item, SyncReport, Told

_DAY_NS = 24 * 3600 * 1_000_000_000


class Trashing:
    """Each root has a trash of its own on its own file system; it frees space only when emptied.

    Args:
        context: The open library.
        operating: Makes changes of files.
        following: Lets the rows follow the files.
    """

    def __init__(self, context: Context, operating: Operating, following: Following) -> None:
        self._context = context
        self._operating = operating
        self._following = following

    def trashed(self) -> list[Trashed]:
        """Return what lies in the trash of the roots, the newest first."""
        trash = Trash(self._context.guard())
        found = [entry for root in self._context.roots() for entry in trash.entries(root.path)]
        return sorted(found, key=lambda entry: entry.trashed_ns, reverse=True)

    def restore(
        self,
        entries: Sequence[Trashed],
        cancelled: threading.Event | None = None,
        told: Told | None = None,
    ) -> list[Outcome]:
        """Move entries of the trash back; where a name is taken it gets a number."""
        changes: list[Change] = []

        def bring_back(operations: Operations, entry: Trashed) -> list[Outcome]:
            done = operations.restore(entry)
            changes.append(done.change)
            return [Outcome(0, ok=True, reason=done.note, path=done.path)]

        batch = Batch(len(entries), cancelled, told)
        with self._operating.lend(watch=batch.watch) as operations:
            for entry in entries:
                batch.do([(0, entry.original)], partial(bring_back, operations, entry))
        self._following.follow(changes)
        return [self._following.known(outcome) for outcome in batch.finish()]

    def delete_trashed(
        self,
        entries: Sequence[Trashed],
        cancelled: threading.Event | None = None,
        told: Told | None = None,
    ) -> list[Outcome]:
        """Remove entries of the trash for ever. Nothing brings them back."""

        def remove(operations: Operations, entry: Trashed) -> list[Outcome]:
            operations.delete(entry)
            self._following.forget(entry.original)
            return [Outcome(0, ok=True, path=entry.original)]

        batch = Batch(len(entries), cancelled, told)
        with self._operating.lend(watch=batch.watch) as operations:
            for entry in entries:
                batch.do([(0, entry.original)], partial(remove, operations, entry))
        return batch.finish()

    def delete(
        self,
        ids: Sequence[int],
        cancelled: threading.Event | None = None,
        told: Told | None = None,
    ) -> list[Outcome]:
        """Remove files and their companions for ever. Nothing brings them back.

        They go through the trash: one that is interrupted half way can still be restored.
        """

        def act(operations: Operations, item: Item) -> list[Done]:
            done = operations.all_or_none([partial(operations.trash, p) for p in together(item)])
            self._following.follow_rows([step.change for step in done])
            for step in done:
                self._delete(operations, step)
            return [replace(step, path=item.path) for step in done]

        return self._operating.each(ids, act, cancelled, told)

    def _delete(self, operations: Operations, step: Done) -> None:
        change = step.change
        try:
            operations.delete(Trashed(change.trash_id, change.target, change.source, 0))
        except REFUSALS as error:
            message = f"{error}; it is in the trash"
            raise FileChangeError(message) from error
        self._following.forget(change.source)

    def empty_trash(
        self,
        older_than_days: int = 0,
        cancelled: threading.Event | None = None,
        told: Told | None = None,
    ) -> list[Outcome]:
        """Remove for ever what has lain in the trash for some days; 0: everything."""
        limit_ns = time.time_ns() - older_than_days * _DAY_NS
        old = [entry for entry in self.trashed() if entry.trashed_ns <= limit_ns]
        return self.delete_trashed(old, cancelled, told)

    def empty_by_age(
        self,
        report: SyncReport,
        emit: Emit | None = None,
        cancelled: threading.Event | None = None,
    ) -> None:
        """Empty the trash of what is older than the settings say; due behind each sync."""
        days = self._context.settings.safety.trash_days
        if days <= 0 or self._context.read_only or report.cancelled:
            return
        gone = [outcome for outcome in self.empty_trash(days, cancelled) if outcome.ok]
        if gone and emit is not None:
            files = "1 file" if len(gone) == 1 else f"{len(gone):,} files"
            emit(Notice(f"{files} left the trash for ever after {days} days"))
