"""Changes of files that a crash interrupted: finished or taken back at the next start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.files import Operations, from_row, recover
from smartgallery_tui.index import change_lock, journal
from smartgallery_tui.library.batch import REFUSALS
from smartgallery_tui.library.row_journal import RowJournal

if TYPE_CHECKING:
    from smartgallery_tui.library.context import Context
    from smartgallery_tui.library.following import Following


class Recovering:
    """Looks for changes that were begun and not ended.

    Args:
        context: The open library.
        following: Lets the rows follow the files.
    """

    def __init__(self, context: Context, following: Following) -> None:
        self._context = context
        self._store = context.store
        self._writer = context.writer
        self._following = following

    def recover_changes(self) -> list[str]:
        """Finish or take back what a crash interrupted; return a sentence for each.

        Nothing is done while another process changes files: what it does is not torn.
        """
        with self._store.read() as db:
            if not journal.unfinished(db):
                return []
        with change_lock.alone(self._context.data_dir) as is_alone:
            if not is_alone:
                return []
            with self._store.read() as db:
                entries = [e for e in journal.unfinished(db) if e.action not in journal.MARKS]
            return [self._recover(entry) for entry in entries]

    def _recover(self, entry: journal.Entry) -> str:
        guard, rows, change = self._context.guard(), RowJournal(self._writer), from_row(entry.after)
        try:
            done = recover(guard, Operations(guard, rows), change)
        except REFUSALS as error:
            return f"an interrupted {entry.action} waits: {error}"
        if done is None:
            rows.fail(entry.id, "")
            return f"an interrupted {entry.action} was taken back: {change.source}"
        rows.finish(entry.id, done)
        self._following.follow([done])
        return f"an interrupted {entry.action} was finished: {done.target or done.source}"
