"""What searches keep in memory, in step with the databases and with a cache file."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from smartgallery_tui.index import news
from smartgallery_tui.query import first_page, stored
from smartgallery_tui.query.evaluate import Evaluator
from smartgallery_tui.query.loaded import Columns
from smartgallery_tui.query.positions import Positions

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable
    from pathlib import Path

    from smartgallery_tui.index.news import Changed
    from smartgallery_tui.index.roots import View

REREAD_SHARE = 4
"""When more than one file in so many has changed, all columns are read anew."""
OUTDATED = 2_000
"""Changed files from which on the cache file is written again."""


class Memory:
    """The evaluator, renewed when files or marks have changed.

    What changed is told by the index itself, whichever process wrote it. The methods that take a
    connection are called under the engine's lock, the others from any thread; see `SearchEngine`
    for the arguments.
    """

    def __init__(
        self,
        view: Callable[[], View],
        marks_token: Callable[[], int],
        is_writing: Callable[[], bool],
        cache: Path | None,
    ) -> None:
        self._view = view
        self._marks_token = marks_token
        self._is_writing = is_writing
        self._cache = cache
        self.generation = 0
        """Grows whenever an answer may have become another."""
        self._evaluator: Evaluator | None = None
        self._serial = 0
        """The last transaction on the index that is known here."""
        self._stored_serial = 0
        """The last one that the cache file knows."""
        self._known_marks = 0
        self._known_view: View | None = None
        self._has_promised = False
        self._pending_lock = threading.Lock()
        self._are_marks_pending = False

    def marks_changed(self) -> None:
        """Take note that user data were written."""
        with self._pending_lock:
            self._are_marks_pending = True

    def refreshed(self, db: sqlite3.Connection) -> Evaluator:
        """Return an evaluator that knows all that is committed."""
        token, view, before = self._marks_token(), self._view(), self._evaluator
        with self._pending_lock:
            are_marks, self._are_marks_pending = self._are_marks_pending, False
        serial = news.serial_of(db)
        evaluator = before
        if evaluator is None or view != self._known_view:
            evaluator = self._load(db, view, serial)
        elif serial != self._serial:
            evaluator = self._catch_up(evaluator, db, view, serial)
        if before is not None and (are_marks or token != self._known_marks):
            evaluator.columns.forget_marks()
            evaluator.forget()
            self.generation += 1
        if evaluator is not before:
            self.generation += 1
        self._evaluator, self._serial = evaluator, serial
        self._known_marks, self._known_view = token, view
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
        if self._evaluator is not None and self._known_view == self._view():
            return news.between(db, self._serial, news.serial_of(db)) is None
        return self._kept(db, self._view(), news.serial_of(db)) is None

    def save(self, db: sqlite3.Connection, *, is_closing: bool = False) -> None:
        """Write the columns to the cache file if it lacks some, or much has changed since.

        Args:
            db: A connection.
            is_closing: Nothing is being written any more.
        """
        columns = self.refreshed(db).columns
        is_outdated = (
            len(columns.since) > OUTDATED or self._serial - self._stored_serial > news.KEPT // 2
        )
        is_due = columns.has_news or is_outdated
        if self._cache is None or not is_due or (self._is_writing() and not is_closing):
            return
        with suppress(OSError):
            self._cache.parent.mkdir(parents=True, exist_ok=True)
            state = self._state(db, self._view())
            stored.write(self._cache, state, self._serial, columns.packed(db))
            columns.saved()
            self._stored_serial = self._serial

    def _load(
        self, db: sqlite3.Connection, view: View, serial: int, *, is_new: bool = False
    ) -> Evaluator:
        """Return an evaluator of the order as it is now, from the cache file if that is right.

        Args:
            db: A connection.
            view: Which files.
            serial: The last transaction on the index.
            is_new: Do not look at the cache file.
        """
        self._has_promised = False
        kept = None if is_new else self._kept(db, view, serial)
        order = None if kept is None else kept[0].get("positions")
        if kept is not None and order is not None:
            self._stored_serial = kept[0].serial
            evaluator = Evaluator(Columns(Positions.unpack(order), kept[0]))
            return self._follow(evaluator, db, view, serial, kept[1])
        return Evaluator(Columns(Positions.load(db, view)))

    def _kept(
        self, db: sqlite3.Connection, view: View, serial: int
    ) -> tuple[stored.StoredColumns, Changed] | None:
        """Return the cache file and what changed since it was written, if that is known."""
        if self._cache is None:
            return None
        try:
            kept = stored.StoredColumns(self._cache, self._state(db, view))
        except ValueError:
            return None
        changed = news.between(db, kept.serial, serial)
        return None if changed is None else (kept, changed)

    @staticmethod
    def _state(db: sqlite3.Connection, view: View) -> list[object]:
        """Return what tells one index, and a view of it, from all others."""
        (version,) = db.execute("PRAGMA main.user_version").fetchone()
        # As bytes: the name of a folder may be no text.
        where = "SELECT CAST(file AS BLOB) FROM pragma_database_list WHERE name = 'main'"
        (path,) = db.execute(where).fetchone()
        prefixes = [prefix.hex() for prefix in view.prefixes]
        return [os.fsdecode(path), version, list(view.root_ids), prefixes]

    def _catch_up(
        self, evaluator: Evaluator, db: sqlite3.Connection, view: View, serial: int
    ) -> Evaluator:
        changed = news.between(db, self._serial, serial)
        if changed is None:
            return self._load(db, view, serial)
        return self._follow(evaluator, db, view, serial, changed)

    def _follow(
        self,
        evaluator: Evaluator,
        db: sqlite3.Connection,
        view: View,
        serial: int,
        changed: Changed,
    ) -> Evaluator:
        """Return an evaluator that knows what changed."""
        if not changed:
            return evaluator
        positions, columns = evaluator.positions, evaluator.columns
        start = positions.count
        if not positions.follow(db, view, changed.deep | changed.shallow):
            return self._load(db, view, serial, is_new=True)
        if len(changed.deep) * REREAD_SHARE > positions.count:
            return Evaluator(Columns(positions))
        if positions.count > start:
            columns.grow(db, start)
        if changed.deep:
            columns.reread(db, changed.deep)
        columns.forget_duplicates()
        evaluator.forget()
        self.generation += 1
        return evaluator
