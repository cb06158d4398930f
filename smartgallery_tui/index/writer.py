"""The one writer thread: a priority queue of transactions.

Marks overtake waiting scan batches, and a batch lets them pass between its parts, so a key press
never waits behind a scan. Each piece of work is one BEGIN IMMEDIATE transaction on one of the two
databases: either all of it is there or none. Work of a scan that lets marks pass is several.
"""

from __future__ import annotations

import itertools
import queue
import sqlite3
import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar

from smartgallery_tui.errors import DatabaseError, SmartGalleryError
from smartgallery_tui.index import news
from smartgallery_tui.index.checkpoints import Checkpoints
from smartgallery_tui.index.connection import connect
from smartgallery_tui.index.rows import QUIET_COLUMNS
from smartgallery_tui.index.search_text import search_form
from smartgallery_tui.jobs import Precedence

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
    then: _Job | None = field(compare=False, default=None)
    """What follows at once, with nothing in between."""


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
        self._checkpoints = Checkpoints(store.index_path)
        self._connections: dict[Target, sqlite3.Connection] = {}
        self._since: int | None = None
        """The last file of index.db when the transaction began, where it notes what it changes."""
        self.precedence = Precedence()
        """Taken while somebody waits for a mark: a scan then reads no further."""

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
        future: Future[T] = Future()
        noted = changes_rows and target == "index"
        self._queue(_Job(priority, next(self._numbers), target, work, noted, future))
        return future

    def _queue(self, job: _Job) -> None:
        self._store.require_writable()
        if job.priority >= SCAN:
            self._checkpoints.wait_if_long()
        with self._lock:
            if self._is_closed:
                raise DatabaseError("the library is closed")
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
                self._thread.start()
            self._jobs.put(job)

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

    def run_marks(
        self,
        work: Callable[[sqlite3.Connection], object],
        mirror: Callable[[sqlite3.Connection], object],
    ) -> None:
        """Run `work` on user.db and `mirror` on index.db; return when both are committed.

        Nothing comes between the two: the writer would take up the next batch of a scan. Raises
        what `run` raises.
        """
        shown = _Job(MARK, next(self._numbers), "index", mirror, False, Future())
        said = _Job(MARK, next(self._numbers), "user", work, False, Future(), shown)
        self._queue(said)
        said.future.result()
        shown.future.result()

    def is_awaited(self) -> bool:
        """Whether a mark waits in the queue."""
        with self._jobs.mutex:
            waiting: list[_Job] = self._jobs.queue
            return bool(waiting) and waiting[0].priority < SCAN

    def let_marks_pass(self, connection: sqlite3.Connection) -> None:
        """Commit, write the marks that wait, and go on in another transaction.

        For the work of a scan, on its connection and the writer's thread, where its rows are whole
        and no cursor is open. Nothing happens where no mark waits.
        """
        if not self.is_awaited():
            return
        since, self._since = self._since, None
        _publish(connection, since)
        connection.commit()
        while self.is_awaited():
            self._do(self._jobs.get())
        self._begin(connection, is_noted=since is not None)

    def close(self) -> None:
        """Finish what is queued, then end the thread. Idempotent."""
        with self._lock:
            was_closed, self._is_closed = self._is_closed, True
            thread = self._thread
            if thread is not None and not was_closed:
                self._jobs.put(_Job(_STOP, next(self._numbers), "index", None, False, Future()))
        if thread is not None:
            thread.join()
        self._checkpoints.wait()

    def _run(self) -> None:
        try:
            while True:
                job = self._jobs.get()
                if job.work is None:
                    return
                self._do(job)
                del job
        finally:
            for connection in self._connections.values():
                connection.close()

    def _do(self, job: _Job) -> None:
        with _Delivery(job):
            if job.target not in self._connections:
                self._connections[job.target] = self._connect(job.target)
            connection = self._connections[job.target]
            self._begin(connection, is_noted=job.changes_rows)
            with connection:
                result = (job.work or _nothing)(connection)
                _publish(connection, self._since)
            if job.target == "index":
                self._checkpoints.start_if_due()
            job.future.set_result(result)
        if job.then is not None:
            self._do(job.then)

    def _begin(self, connection: sqlite3.Connection, *, is_noted: bool) -> None:
        begin_immediate(connection)
        self._since = news.last_id(connection) if is_noted else None

    def _connect(self, target: Target) -> sqlite3.Connection:
        store = self._store
        connection = connect(store.index_path if target == "index" else store.user_path)
        connection.execute(f"PRAGMA synchronous={'NORMAL' if target == 'index' else 'FULL'}")
        connection.execute("PRAGMA cache_size=-64000")
        connection.execute("PRAGMA temp_store=MEMORY")
        # What the log of index.db holds is brought into it by `Checkpoints`.
        connection.execute(f"PRAGMA wal_autocheckpoint={0 if target == 'index' else 4000}")
        connection.execute("PRAGMA journal_size_limit=67108864")
        if target == "index":
            # Read-only, so that BEGIN IMMEDIATE does not lock user.db against other processes.
            uri = f"{store.user_path.absolute().as_uri()}?mode=ro"
            connection.execute("ATTACH DATABASE ? AS user", (uri,))
            news.collect(connection, QUIET_COLUMNS)
        connection.create_function("search_form", 1, search_form, deterministic=True)
        return connection


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


def _publish(connection: sqlite3.Connection, since: int | None) -> None:
    if since is not None:
        news.publish(connection, since)


def _nothing(_connection: sqlite3.Connection) -> None:
    raise SmartGalleryError("no work")
