"""A sync: count, walk and compare, then read what is unread, newest first.

Runs in the caller's thread (the scanner thread): walking and parsing in several threads is slower
in Python. Everything goes through the one writer in batches; a cancelled or killed sync keeps
every batch that was committed, and the next one goes on with the files that are still unread.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from smartgallery_tui.index import found
from smartgallery_tui.index.rows import RowWriter
from smartgallery_tui.index.writer import SCAN
from smartgallery_tui.library.reading import Task, read_many
from smartgallery_tui.library.stat_pass import StatPass
from smartgallery_tui.records import SyncReport

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from smartgallery_tui.index.rows import ReadRow
    from smartgallery_tui.index.store import Store
    from smartgallery_tui.index.writer import Writer
    from smartgallery_tui.library.events import Reporter
    from smartgallery_tui.records.roots import RootInfo
    from smartgallery_tui.scan import Rules

READ_BATCH = 250
"""Files of one transaction: short enough that a mark waiting behind it is not felt."""


class Sync:
    """One run over some roots.

    Args:
        store: For reads.
        writer: For writes.
        roots: Which roots are walked.
        rules: What is looked at.
        reporter: Hears how far it is.
        cancelled: Stops it at the next folder or batch.
    """

    def __init__(
        self,
        store: Store,
        writer: Writer,
        roots: Sequence[RootInfo],
        rules: Rules,
        reporter: Reporter,
        cancelled: threading.Event | None = None,
    ) -> None:
        self._store = store
        self._writer = writer
        self._roots = roots
        self._rules = rules
        self._reporter = reporter
        self._cancelled = cancelled or threading.Event()
        self._rows = RowWriter()
        self.offered: list[str] = []
        """Symlinked folders found on the way."""

    def run(self) -> SyncReport:
        """Do it all and return what was done."""
        began = time.monotonic()
        stat = StatPass(
            self._store, self._writer, self._rows, self._rules, self._reporter, self._cancelled
        )
        for root in self._roots:
            stat.run(root)
        self.offered = stat.links
        read, problems = self._read_all()
        with self._store.read() as db:
            unread = found.unread_count(db)
        report = SyncReport(
            found=stat.found, added=stat.applied.added, changed=stat.applied.changed,
            missing=stat.applied.gone, problems=problems, unread=unread,
            seconds=time.monotonic() - began, cancelled=self._cancelled.is_set(),
            notices=tuple(self._reporter.notices),
        )  # fmt: skip
        self._reporter.progress("done", read, read, is_forced=True)
        return report

    def _read_all(self) -> tuple[int, int]:
        done = problems = 0
        with self._store.read() as db:
            total = found.unread_count(db)
        if total:
            self._reporter.begin("reading", total)
        for tasks in self._batches():
            rows = read_many(tasks)
            self._write(rows)
            done += len(rows)
            problems += sum(row.columns[6] is not None for row in rows)
            self._reporter.changed(changed=len(rows))
            self._reporter.progress("reading", done, total)
            if self._cancelled.is_set():
                break
        return done, problems

    def _batches(self) -> Iterator[list[Task]]:
        """Yield unread files, newest first, until there are none."""
        ids = [root.id for root in self._roots]
        marks = ",".join("?" * len(ids))
        last: tuple[int, int] = (1 << 62, 1 << 62)
        while True:
            with self._store.read() as db:
                rows = db.execute(
                    "SELECT id, path, reader_version, kind, format, size_bytes, mtime_ns "  # noqa: S608 - question marks only
                    "FROM files WHERE state='unread' AND missing_since_ns IS NULL "
                    f"AND root_id IN ({marks}) AND (mtime_ns, id) < (?, ?) "
                    "ORDER BY mtime_ns DESC, id DESC LIMIT ?",
                    (*ids, *last, READ_BATCH),
                ).fetchall()
            if not rows:
                return
            last = rows[-1][6], rows[-1][0]
            yield [Task(row[0], row[1], row[2] == 0, *row[3:]) for row in rows]

    def _write(self, rows: list[ReadRow]) -> None:
        try:
            self._writer.run("index", lambda db: self._rows.write_read(db, rows), SCAN)
        except BaseException:
            self._rows.forget()
            raise
