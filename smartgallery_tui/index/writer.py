"""The one writer thread: a priority queue of transactions.

Marks overtake waiting scan batches, so a key press never waits behind a scan. Each piece of work
is one BEGIN IMMEDIATE transaction on one of the two databases: either all of it is there or none.
"""

from __future__ import annotations

import itertools
import queue
import sqlite3
import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar

from smartgallery_tui.errors import DatabaseError, SmartGalleryError
from smartgallery_tui.index import news
from smartgallery_tui.index.connection import connect
from smartgallery_tui.index.rows import QUIET_COLUMNS
from smartgallery_tui.index.search_text import search_form

if TYPE_CHECKING:
    from collections.abc import Callable

    from smartgallery_tui.index.store import Store

T = TypeVar("T")
Target = Literal["index", "user"]
MARK: Final = 0
"""Priority of what a user waits for."""
SCAN: Final = 5
"""Priority of a scan's batches."""
_STOP: Final = 9
_PATIENCE_S: Final = 30.0


@dataclass(order=True, slots=True)
class _Job:
    priority: int
    number: int
    target: Target = field(compare=False)
    work: Callable[[sqlite3.Connection], Any] | None = field(compare=False)
    changes_rows: bool = field(compare=False)
    future: Future[Any] = field(compare=False)


class _Delivery:
    """Hands whatever a job raises to the one who waits for its future."""

    def __init__(self, job: _Job) -> None:
        self._job = job

    def __enter__(self) -> None: ...

    def __exit__(
        self, _type: type[BaseException] | None, error: BaseException | None, _trace: object
    ) -> bool:
        if isinstance(error, sqlite3.Error):
            translated = DatabaseError(f"cannot write {self._job.target}.db: {error}")
            translated.__cause__ = error
            error = translated
        if error is not None:
            self._job.future.set_exception(error)
        return error is not None


class Writer:
    """Runs transactions one after another in its own thread.

    Args:
        store: Whose databases are written.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._jobs: queue.PriorityQueue[_Job] = queue.PriorityQueue()
        self._numbers = itertools.count()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._is_closed = False

    def submit(
        self,
        target: Target,
        work: Callable[[sqlite3.Connection], T],
        priority: int = MARK,
        *,
        changes_rows: bool = True,
    ) -> Future[T]:
        """Queue `work(connection)` as one transaction; the future holds its return value.

        The connection has index.db or user.db as `main`, by `target`. A failed transaction is
        rolled back and its future raises DatabaseError or what `work` raised. Work on index.db
        that leaves all but the mirrored marks as it is says so by `changes_rows=False`.

        Raises:
            IndexNewerError: The databases belong to a newer version.
            DatabaseError: The library is closed.
        """
        self._store.require_writable()
        future: Future[T] = Future()
        with self._lock:
            if self._is_closed:
                raise DatabaseError("the library is closed")
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
                self._thread.start()
            noted = changes_rows and target == "index"
            self._jobs.put(_Job(priority, next(self._numbers), target, work, noted, future))
        return future

    def run(
        self,
        target: Target,
        work: Callable[[sqlite3.Connection], T],
        priority: int = MARK,
        *,
        changes_rows: bool = True,
    ) -> T:
        """Run `work` as one transaction and return its value when it is committed."""
        return self.submit(target, work, priority, changes_rows=changes_rows).result()

    def is_awaited(self) -> bool:
        """Whether somebody waits for a mark: long work had better end; for the writer's thread."""
        with self._jobs.mutex:
            waiting: list[_Job] = self._jobs.queue
            return bool(waiting) and waiting[0].priority < SCAN

    def close(self) -> None:
        """Finish what is queued, then end the thread. Idempotent."""
        with self._lock:
            was_closed, self._is_closed = self._is_closed, True
            thread = self._thread
            if thread is not None and not was_closed:
                self._jobs.put(_Job(_STOP, next(self._numbers), "index", None, False, Future()))
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        connections: dict[Target, sqlite3.Connection] = {}
        try:
            while True:
                job = self._jobs.get()
                if job.work is None:
                    return
                self._do(job, connections)
                del job
        finally:
            for connection in connections.values():
                connection.close()

    def _do(self, job: _Job, connections: dict[Target, sqlite3.Connection]) -> None:
        with _Delivery(job):
            if job.target not in connections:
                connections[job.target] = self._connect(job.target)
            work = job.work or _nothing
            if job.changes_rows:
                work = partial(_counted, work=work)
            job.future.set_result(transact(connections[job.target], work))

    def _connect(self, target: Target) -> sqlite3.Connection:
        store = self._store
        connection = connect(store.index_path if target == "index" else store.user_path)
        connection.execute(f"PRAGMA synchronous={'NORMAL' if target == 'index' else 'FULL'}")
        connection.execute("PRAGMA cache_size=-64000")
        # Checkpoints wait for the disk: in a scan they come every 16 MB instead of every 4.
        connection.execute("PRAGMA wal_autocheckpoint=4000")
        connection.execute("PRAGMA journal_size_limit=67108864")
        connection.execute("PRAGMA temp_store=MEMORY")
        if target == "index":
            # Read-only, so that BEGIN IMMEDIATE does not lock user.db against other processes.
            uri = f"{store.user_path.absolute().as_uri()}?mode=ro"
            connection.execute("ATTACH DATABASE ? AS user", (uri,))
            news.collect(connection, QUIET_COLUMNS)
        connection.create_function("search_form", 1, search_form, deterministic=True)
        return connection


def transact(connection: sqlite3.Connection, work: Callable[[sqlite3.Connection], T]) -> T:
    """Run `work` between BEGIN IMMEDIATE and COMMIT; roll back on any exception.

    Waits for other processes' transactions up to 30 s.
    """
    begin_immediate(connection)
    with connection:
        return work(connection)


def begin_immediate(connection: sqlite3.Connection) -> None:
    """Start a writing transaction, waiting for others; DatabaseError after 30 s."""
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            if time.monotonic() > deadline:
                message = "another program has kept the database busy for 30 s; try again"
                raise DatabaseError(message) from error
        else:
            return


def _counted(connection: sqlite3.Connection, work: Callable[[sqlite3.Connection], Any]) -> object:
    last = news.last_id(connection)
    result = work(connection)
    news.publish(connection, last)
    return result


def _nothing(_connection: sqlite3.Connection) -> None:
    raise SmartGalleryError("no work")
