"""Reading begins while the walk goes on: the first worker process reads what was found so far.

A walk keeps one processor busy. What the others read meanwhile waits in memory, as it came from
the process, until the walk is done: every file is listed before the first of these rows is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.index import found
from smartgallery_tui.library.readers import CHUNK
from smartgallery_tui.library.tasks import task_of

if TYPE_CHECKING:
    from smartgallery_tui.index.store import Store
    from smartgallery_tui.library.readers import ReaderPool


class ReadAhead:
    """Gives the first process of a pool files that the walk has found; for the scanner's thread.

    Args:
        store: For reads.
        pool: Whose first process reads.
    """

    def __init__(self, store: Store, pool: ReaderPool) -> None:
        self._store = store
        self._pool = pool
        self._ids: set[int] = set()
        with store.read() as db:
            self._last_id = found.last_id(db)

    def go_on(self) -> None:
        """Give it more if it would have nothing to do soon; call it each time files were added."""
        while self._pool.wants_more():
            with self._store.read() as db:
                rows = found.unread_after(db, self._last_id, CHUNK)
            if not rows:
                return
            self._last_id = rows[-1][0]
            self._ids.update([row[0] for row in rows])
            self._pool.read_ahead([task_of(row) for row in rows])

    def take_ids(self) -> set[int]:
        """Return which files it was given since this was last asked: their rows are on the way."""
        ids, self._ids = self._ids, set()
        return ids
