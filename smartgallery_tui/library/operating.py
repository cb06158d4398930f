"""Changes of files through the library: each in the journal, each row following its file."""

from __future__ import annotations

import time
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Final

from smartgallery_tui.files import Operations
from smartgallery_tui.index import catalog, change_lock
from smartgallery_tui.library.batch import REFUSALS, Batch
from smartgallery_tui.library.row_journal import RowJournal
from smartgallery_tui.records import Outcome

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterator, Sequence

    from smartgallery_tui.files import Change, Done, Watch
    from smartgallery_tui.library.context import Context
    from smartgallery_tui.library.following import Following
    from smartgallery_tui.records import Item, Told

_FOLLOW_S: Final = 0.3
"""How long rows may wait for others before they follow their files: together they do it in a
fraction of the time."""


class Operating:
    """Lends the operations of the files room, and turns what they do into outcomes.

    Args:
        context: The open library.
        following: Lets the rows follow the files.
    """

    def __init__(self, context: Context, following: Following) -> None:
        self._context = context
        self._store = context.store
        self._writer = context.writer
        self._following = following

    @contextmanager
    def lend(
        self, rows: RowJournal | None = None, watch: Watch | None = None
    ) -> Iterator[Operations]:
        """Lend operations; while they are used nobody takes them for interrupted ones."""
        self._context.require_changes_allowed()
        with change_lock.changing(self._context.data_dir):
            yield Operations(self._context.guard(), rows or RowJournal(self._writer), watch=watch)

    def each(
        self,
        ids: Sequence[int],
        act: Callable[[Operations, Item], list[Done]],
        cancelled: threading.Event | None = None,
        told: Told | None = None,
    ) -> list[Outcome]:
        """Act on files one by one; return what became of each."""
        rows = RowJournal(self._writer)
        appeared: list[str] = []
        waiting: list[Change] = []
        followed_s = time.monotonic()
        carried: dict[str, str] = {}
        with self._store.read() as db:
            items = {item.id: item for item in catalog.items(db, list(ids))}

        def change(operations: Operations, item: Item) -> list[Outcome]:
            rows.content_id = item.content_id or None
            nonlocal followed_s
            done = act(operations, item)
            waiting.extend(step.change for step in done)
            if time.monotonic() - followed_s > _FOLLOW_S:
                follow()
                followed_s = time.monotonic()
            carried.update({step.change.source: step.path for step in done})
            return [Outcome(item.id, ok=True, reason=done[0].note, path=done[0].path)]

        def follow() -> None:
            # Cut off first: what cannot be followed now is found by the next scan.
            some, waiting[:] = waiting[:], []
            appeared.extend(self._following.follow_rows(some))

        size_bytes = sum(item.size_bytes for item in items.values())
        batch = Batch(len(ids), cancelled, told, size_bytes)
        with self.lend(rows, batch.watch) as operations:
            for file_id in ids:
                item = items.get(file_id)
                if item is None:
                    batch.fail([(file_id, "")], "is gone")
                elif item.path in carried:  # it came along with the video that it belongs to
                    batch.note(Outcome(file_id, ok=True, path=carried[item.path]))
                else:
                    batch.do([(file_id, item.path)], partial(change, operations, item))
            follow()
        self._following.index(appeared)
        return batch.finish()

    def outcome(
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
            self._following.follow([done.change])
        else:
            follow(done.change)
        return Outcome(0, ok=True, reason=done.note, path=done.path)
