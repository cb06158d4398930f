"""What searches keep in memory, in step with the databases and with a cache file."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from smartgallery_tui.index.facts import ROWS_SERIAL, fact
from smartgallery_tui.query import first_page, stored
from smartgallery_tui.query.evaluate import Evaluator
from smartgallery_tui.query.loaded import Columns
from smartgallery_tui.query.positions import Positions

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from smartgallery_tui.index.roots import View

REREAD_SHARE = 4
"""When more than one file in so many has changed, all columns are read anew."""


class Memory:
    """The evaluator, renewed when files or marks have changed.

    The methods that take a connection are called under the engine's lock, the others from any
    thread; see `SearchEngine` for the arguments.
    """

    def __init__(
        self,
        view: Callable[[], View],
        change_tokens: Callable[[], tuple[int, int]],
        is_writing: Callable[[], bool],
        cache: Path | None,
        own_writes: Callable[[], int],
    ) -> None:
        self._view = view
        self._change_tokens = change_tokens
        self._is_writing = is_writing
        self._cache = cache
        self._own_writes = own_writes
        self.generation = 0
        """Grows whenever an answer may have become another."""
        self._evaluator: Evaluator | None = None
        self._known: tuple[int, int] | None = None
        self._known_view: View | None = None
        self._has_promised = False
        self._own_at_load = 0
        self._others = 0
        """Serial of the rows less our own writes, when all rows were last read."""
        self._pending_lock = threading.Lock()
        self._pending_ids: set[int] = set()
        self._are_marks_pending = False
        self._is_stale = True

    def rows_changed(self, ids: Iterable[int] | None) -> None:
        """Take note of new or newly read files; None: anything may have changed."""
        with self._pending_lock:
            if ids is None:
                self._is_stale = True
            else:
                self._pending_ids.update(ids)

    def marks_changed(self) -> None:
        """Take note that user data were written."""
        with self._pending_lock:
            self._are_marks_pending = True

    def refreshed(self, db: sqlite3.Connection) -> Evaluator:
        """Return an evaluator that knows all that is committed."""
        tokens, view, known = self._change_tokens(), self._view(), self._known
        with self._pending_lock:
            ids, self._pending_ids = self._pending_ids, set()
            are_marks, self._are_marks_pending = self._are_marks_pending, False
            is_stale, self._is_stale = self._is_stale, False
        evaluator = self._evaluator
        is_told = bool(ids) or are_marks
        if known is not None and tokens[0] != known[0] and not is_told:
            if self._is_writing():
                tokens = (known[0], tokens[1])
            else:
                is_stale = True
        if evaluator is None or is_stale or view != self._known_view:
            evaluator = self._load(db, view)
        elif ids:
            evaluator = self._reread(evaluator, db, view, ids)
        if known is not None and (are_marks or tokens[1] != known[1]):
            evaluator.columns.forget_marks()
            evaluator.forget()
            self.generation += 1
        if evaluator is not self._evaluator or ids:
            self.generation += 1
        self._evaluator, self._known, self._known_view = evaluator, tokens, view
        return evaluator

    def may_promise(self, db: sqlite3.Connection) -> bool:
        """Return whether a first page is worth giving out before the order is read.

        True once for each reading of the order: whoever asks again waits for it.
        """
        if self._has_promised or not first_page.can_wait(db, self._view()):
            return False
        self._has_promised = self._must_load(db)
        return self._has_promised

    def _must_load(self, db: sqlite3.Connection) -> bool:
        with self._pending_lock:
            is_told = bool(self._pending_ids) or self._are_marks_pending
            is_stale = self._is_stale
        known = self._known
        if known is not None and not is_stale and self._known_view == self._view():
            is_changed = known[0] != self._change_tokens()[0] and not is_told
            return is_changed and not self._is_writing()
        return self._kept(db, self._view()) is None

    def save(self, db: sqlite3.Connection, *, is_closing: bool = False) -> None:
        """Write the columns to the cache file if it does not have them and they are sure.

        Args:
            db: A connection.
            is_closing: Nothing is being written any more: what this process wrote is known here.
        """
        own, serial = self._own_writes(), _serial(db)
        evaluator = self.refreshed(db)
        is_sure = (
            serial - own == self._others
            and (is_closing or own == self._own_at_load)
            and self._known is not None
            and self._known[0] == self._change_tokens()[0]
            and not self._is_writing()
        )
        if self._cache is None or not is_sure or not evaluator.columns.has_news:
            return
        with suppress(OSError):
            self._cache.parent.mkdir(parents=True, exist_ok=True)
            stored.write(self._cache, self._state(db, serial), evaluator.columns.packed(db))
            evaluator.columns.has_news = False

    def _load(self, db: sqlite3.Connection, view: View) -> Evaluator:
        """Return an evaluator of the order as it is now, from the cache file if that is right."""
        self._has_promised = False
        self._own_at_load = self._own_writes()
        self._others = _serial(db) - self._own_at_load
        kept = self._kept(db, view)
        order = None if kept is None else kept.get("positions")
        if order is not None:
            return Evaluator(Columns(Positions.unpack(order), kept))
        return Evaluator(Columns(Positions.load(db, view)))

    def _kept(self, db: sqlite3.Connection, view: View) -> stored.StoredColumns | None:
        if self._cache is None:
            return None
        try:
            return stored.StoredColumns(self._cache, self._state(db, _serial(db), view))
        except ValueError:
            return None

    def _state(self, db: sqlite3.Connection, serial: int, view: View | None = None) -> list[object]:
        """Return what tells one state of the index, and a view of it, from all others."""
        view = view or self._view()
        (version,) = db.execute("PRAGMA main.user_version").fetchone()
        (last,) = db.execute("SELECT max(id) FROM files").fetchone()
        _, _, path = db.execute("PRAGMA database_list").fetchone()
        prefixes = [prefix.hex() for prefix in view.prefixes]
        return [path, version, serial, last, list(view.root_ids), prefixes]

    def _reread(
        self, evaluator: Evaluator, db: sqlite3.Connection, view: View, ids: set[int]
    ) -> Evaluator:
        """Return an evaluator that knows the new values of some files."""
        positions = evaluator.positions
        start = positions.count
        if not positions.are_placed(db, ids) and not (
            positions.append_new(db, view, ids) and positions.are_placed(db, ids)
        ):
            return self._load(db, view)
        if len(ids) * REREAD_SHARE > positions.count:
            return Evaluator(Columns(positions))
        if positions.count > start:
            evaluator.columns.grow(db, start)
        evaluator.columns.reread(db, list(ids))
        evaluator.forget()
        return evaluator


def _serial(db: sqlite3.Connection) -> int:
    return int(fact(db, ROWS_SERIAL) or 0)
