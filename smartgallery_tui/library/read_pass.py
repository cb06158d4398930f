"""The second half of a sync: read what is unread, newest first, and write it in batches."""

from __future__ import annotations

import contextlib
import os
import time
from collections import deque
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING, Final

from smartgallery_tui.containers import open_source
from smartgallery_tui.errors import ContainerError
from smartgallery_tui.index import found
from smartgallery_tui.index.relink import relink
from smartgallery_tui.index.writer import SCAN
from smartgallery_tui.library.answers import Answer, Batch
from smartgallery_tui.library.reading import FileReader
from smartgallery_tui.library.tasks import Task, task_of
from smartgallery_tui.metadata import NO_RULES, Rules

if TYPE_CHECKING:
    import sqlite3
    import threading
    from collections.abc import Iterable, Iterator, Sequence
    from concurrent.futures import Future

    from smartgallery_tui.index.rows import ReadRow, RowWriter
    from smartgallery_tui.index.store import Store
    from smartgallery_tui.index.writer import Writer
    from smartgallery_tui.library.events import Reporter
    from smartgallery_tui.library.read_ahead import ReadAhead
    from smartgallery_tui.library.reader_group import ReaderGroup
    from smartgallery_tui.library.readers import ReaderPool
    from smartgallery_tui.metadata import Orders, Vote

BATCH: Final = 2700
"""Files of one transaction at most; marks that wait pass between its parts."""
_BATCH_S: Final = 0.5
"""What has been read for so long is written, however little it is: it shows."""
MANY: Final = 5000
"""From this many unread files on, worker processes are started to read."""
_FEW: Final = 300
"""From this many on, those that are up already read."""
_FIRST: Final = 50
"""Files of the first transaction."""
_LEAST: Final = 1500
"""Files that are worth a transaction of their own when there is nothing else to write."""
_STEP: Final = 15
"""Files that are read between two looks at the clock and for somebody who waits."""
_PART: Final = 140
"""Files that are written between two looks for waiting marks, some 6 ms: two chunks or fewer."""
_PROBE: Final = 100
_SLOW_OPEN_S: Final = 0.001
_AHEAD: Final = 64
_THREADS: Final = 12
_PROBLEM: Final = 4
_TAIL_BYTES: Final = 16 * 1024


class ReadPass:
    """Reads unread files of some roots.

    Args:
        store: For reads.
        writer: For writes.
        rows: Shared with the walking half.
        reporter: Hears how far it is.
        cancelled: Stops it at the next batch.
        workers: Processes for a large scan; 0 chooses by the number of cores.
        rules: What a user taught about node classes.
        orders: Orders of widgets that other files showed, by class.
        group: Processes that may read, up already.
    """

    def __init__(
        self,
        store: Store,
        writer: Writer,
        rows: RowWriter,
        reporter: Reporter,
        cancelled: threading.Event,
        workers: int = 0,
        rules: Rules = NO_RULES,
        orders: Orders | None = None,
        group: ReaderGroup | None = None,
    ) -> None:
        self._store = store
        self._writer = writer
        self._rows = rows
        self._reporter = reporter
        self._cancelled = cancelled
        self._workers = workers
        self._rules = rules
        self._orders = orders
        self._group = group
        self._reader = FileReader(rules, orders)
        self._pool: ReaderPool | None = None
        self._done_pools: list[ReaderPool] = []
        """Those whose processes have nothing more to read."""
        self._ahead: ReadAhead | None = None
        self._written: Future[None] | None = None
        """What was queued last."""
        self.problem_ids: set[int] = set()
        self.young: list[int] = []
        """Ids of files with a problem that had been written just before: worth another look."""

    def expect(self, count: int) -> None:
        """Hear from the walk how many files are new; large numbers are read ahead."""
        self._start(count)
        if self._ahead is not None:
            self._ahead.go_on()

    def _start(self, count: int) -> None:
        """Start worker processes if so many files are worth it: they take a while to start."""
        is_up = self._group is not None and self._group.count > 0
        if count < (_FEW if is_up else MANY) or self._workers == 1 or self._pool is not None:
            return
        # Imported here: only large scans start processes.
        from smartgallery_tui.library.read_ahead import ReadAhead
        from smartgallery_tui.library.readers import ReaderPool

        try:
            self._pool = ReaderPool(self._workers, self._rules, self._orders, self._group)
        except OSError:  # no memory left for more: then this process reads alone
            self._workers = 1
            return
        self._ahead = ReadAhead(self._store, self._pool)

    def take_votes(self) -> list[Vote]:
        """Return what the files showed of the order of widgets, once, when all is read."""
        self._let_go()
        return [*self._reader.take_votes(), *chain(*[pool.votes for pool in self._done_pools])]

    def close(self) -> None:
        """End the worker processes."""
        self._let_go()
        for pool in self._done_pools:
            pool.close()

    def _let_go(self) -> None:
        """Let the worker processes end: nothing is left to be read."""
        if self._pool is not None:
            self._pool.hang_up()
            self._done_pools.append(self._pool)
            self._pool = self._ahead = None

    def run(self, root_ids: Sequence[int]) -> int:
        """Read everything that is unread beneath some roots; return how many files."""
        with self._store.read() as db:
            total = found.unread_count(db)
            has_missing = found.has_missing(db)
        if not total:
            return 0
        self._start(total)
        self._reporter.begin("reading", total)
        tasks = self._tasks(root_ids)
        first = list(islice(tasks, _PROBE))
        ahead: Iterator[Task] = chain(first, tasks)
        if self._is_slow(first):
            ahead = _prefetched(ahead)
        batch = Batch()
        done = 0
        for answer in self._read(ahead):
            batch.add(answer)
            done += len(answer)
            if self._is_due(batch, done, total):
                self._write(batch, is_relinking=has_missing)
                batch = Batch()
            self._reporter.progress("reading", done, total)
            self._writer.precedence.give_way()
            if self._cancelled.is_set():
                break
        self._let_go()  # while their last rows are written
        self._write(batch, is_relinking=has_missing)
        self._wait()
        return done

    def _is_due(self, batch: Batch, done: int, total: int) -> bool:
        """Whether what has been read shall be written.

        Small batches first: the newest files show at once. Small ones last: nothing is left to be
        read while they are written. Between them as they come: whatever there is when the writer
        has nothing to do.
        """
        if self._written is None or self._written.done():
            enough = min(_LEAST, _FIRST + done - batch.count, _FIRST + total - done)
        else:
            enough = BATCH
        return batch.count >= enough or batch.age_s > _BATCH_S

    def _read(self, tasks: Iterator[Task]) -> Iterator[Answer]:
        """Yield the rows of tasks in order; worker processes take over when they are ready."""
        while self._pool is None or not self._pool.is_ready():
            chunk = list(islice(tasks, _STEP))
            if not chunk:
                break
            rows = self._reader.many(chunk)
            yield Answer(len(rows), partial(list, rows))
        if self._pool is not None:
            yield from self._pool.read(tasks)

    def _tasks(self, root_ids: Sequence[int]) -> Iterator[Task]:
        """Yield unread files, newest first, until there are none."""
        last: tuple[int, int] = ((1 << 63) - 1, (1 << 63) - 1)
        taken = self._ahead.take_ids() if self._ahead is not None else frozenset()
        while True:
            with self._store.read() as db:
                rows = found.unread(db, root_ids, last, 1000)
            if not rows:
                return
            last = rows[-1][6], rows[-1][0]
            for row in rows:
                if row[0] not in taken:
                    yield task_of(row)

    def _is_slow(self, tasks: Sequence[Task]) -> bool:
        """Whether opening files takes over a millisecond: a network volume."""
        began = time.perf_counter()
        for task in tasks:
            warm(task.path)
        return bool(tasks) and (time.perf_counter() - began) / len(tasks) > _SLOW_OPEN_S

    def _write(self, batch: Batch, *, is_relinking: bool) -> None:
        """Queue a batch; the one before it must be committed first."""
        self._wait()
        if not batch.count:
            return
        put = partial(self._put, batch=batch, is_relinking=is_relinking)
        self._written = self._writer.submit("index", put, SCAN)
        self._reporter.changed(changed=batch.count)

    def _put(self, db: sqlite3.Connection, batch: Batch, *, is_relinking: bool) -> None:
        """Write rows; marks that wait pass in between. In the writer's thread."""
        for place, (part, is_last) in enumerate(batch.parts(_PART)):
            if place and is_last:
                # Before the last part: a scan that is killed in between leaves unread files.
                self._rows.make_searchable(db, self._writer.let_marks_pass)
            self._note_problems(part)
            self._rows.write_read(db, part)
            if is_relinking:
                self._rows.put_waiting(db)
                relink(db, [row[0] for row in part if row[1]])
            if self._writer.is_awaited() and not is_last:
                # Their texts can be searched when the batch ends: that would take ten times as long
                # as a part. A scan that is killed before leaves unread files, and the next one sees
                # to it.
                self._rows.put_waiting(db)
                self._writer.let_marks_pass(db)
        self._rows.finish(db)

    def _note_problems(self, rows: Sequence[ReadRow]) -> None:
        """Remember which files have a problem, and those that had just been written."""
        now_ns = time.time_ns()
        for row in rows:
            self.problem_ids.discard(row[0])
            if row[2][_PROBLEM] is not None and row[2][2] != "json":
                self.problem_ids.add(row[0])
                if now_ns - row[3][1] < found.SETTLE_NS:
                    self.young.append(row[0])

    def _wait(self) -> None:
        """Wait until what is queued is committed, all of it."""
        written, self._written = self._written, None
        if written is not None:
            with contextlib.ExitStack() as failed:
                failed.callback(self._rows.forget)
                written.result()
                failed.pop_all()


def warm(path: bytes) -> None:
    """Read the parts of a file that its reader will want, so that they are in memory."""
    with contextlib.suppress(ContainerError), open_source(os.fsdecode(path)) as source:
        source.read_at(max(0, source.size_bytes - _TAIL_BYTES), _TAIL_BYTES)


def _prefetched(tasks: Iterable[Task]) -> Iterator[Task]:
    """Yield tasks whose files some threads have opened ahead: on network volumes waiting costs."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(_THREADS, thread_name_prefix="prefetch") as pool:
        source = iter(tasks)
        waiting: deque[tuple[Task, Future[None]]] = deque(
            (task, pool.submit(warm, task.path)) for task in islice(source, _AHEAD)
        )
        try:
            while waiting:
                task, opened = waiting.popleft()
                opened.result()
                waiting.extend((t, pool.submit(warm, t.path)) for t in islice(source, 1))
                yield task
        finally:
            pool.shutdown(cancel_futures=True)
