"""A sync: count, walk and compare, then read what is unread, newest first.

Runs in the caller's thread (the scanner thread): walking and parsing in several threads is slower
in Python. Everything goes through the one writer in batches; a cancelled or killed sync keeps
every batch that was committed, and the next one goes on with the files that are still unread.
"""

from __future__ import annotations

import gc
import threading
import time
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from smartgallery_tui.index import found
from smartgallery_tui.index.facts import fact, set_fact
from smartgallery_tui.index.rows import RowWriter
from smartgallery_tui.index.writer import SCAN
from smartgallery_tui.library.read_pass import ReadPass
from smartgallery_tui.library.stat_pass import StatPass
from smartgallery_tui.metadata import NO_RULES, Votes, version_of
from smartgallery_tui.metadata import Rules as NodeRules
from smartgallery_tui.records import SyncReport

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from smartgallery_tui.index.store import Store
    from smartgallery_tui.index.writer import Writer
    from smartgallery_tui.library.events import Reporter
    from smartgallery_tui.library.reader_group import ReaderGroup
    from smartgallery_tui.records.roots import RootInfo
    from smartgallery_tui.scan import Rules

_VERSION_KEY = "reader_version"
_VOTES_KEY = "widget_orders"
SLICE = 1000
"""Rows that one transaction changes where all may change."""
_COLLECT_AFTER = 100_000


def known_votes(store: Store) -> Votes:
    """Return what files of this library have shown of the order of widgets."""
    with store.read() as db:
        return Votes(fact(db, _VOTES_KEY))


class Sync:
    """One run over some roots.

    Args:
        store: For reads.
        writer: For writes.
        roots: Which roots are walked.
        rules: What is looked at.
        reporter: Hears how far it is.
        cancelled: Stops it at the next folder or batch.
        workers: Processes for a large scan; 0 chooses by the number of cores.
        node_rules: What a user taught about node classes.
        group: Processes that may read, up already.
        settle_s: How long a file that was being written gets before it is read once more.
    """

    def __init__(
        self,
        store: Store,
        writer: Writer,
        roots: Sequence[RootInfo],
        rules: Rules,
        reporter: Reporter,
        cancelled: threading.Event | None = None,
        *,
        workers: int = 0,
        node_rules: NodeRules = NO_RULES,
        group: ReaderGroup | None = None,
        settle_s: float = 2.0,
    ) -> None:
        self._store = store
        self._writer = writer
        self._roots = roots
        self._root_ids = [root.id for root in roots]
        self._reporter = reporter
        self._cancelled = cancelled or threading.Event()
        self._settle_s = settle_s
        self._version = str(version_of(node_rules))
        rows = RowWriter()
        self._votes = known_votes(store)
        self._read = ReadPass(
            store, writer, rows, reporter, self._cancelled, workers, node_rules,
            self._votes.orders(), group,
        )  # fmt: skip
        self._stat = StatPass(
            store, writer, rows, rules, reporter, self._cancelled, self._read.expect
        )

    @property
    def offered(self) -> list[str]:
        """Symlinked folders found on the way."""
        return self._stat.links

    def run(self, *, reparse: bool = False) -> SyncReport:
        """Do it all and return what was done.

        Args:
            reparse: Read every file again.
        """
        began = time.monotonic()
        try:
            with _calm_collector():
                done = self._run(is_forced=reparse)
            self._keep_votes()
        finally:
            self._read.close()
        self._reporter.progress("done", done, done, is_forced=True)
        return self._report(time.monotonic() - began)

    def _run(self, *, is_forced: bool) -> int:
        """Walk, then read; return how many files were read."""
        self._renew(is_forced=is_forced)
        for root in self._roots:
            self._stat.run(root)
        done = self._read.run(self._root_ids)
        if self._read.young and not self._cancelled.is_set():
            done += self._look_again(self._read.young)
        return done

    def _keep_votes(self) -> None:
        """Remember what the files showed of the order of widgets."""
        votes = self._read.take_votes()
        if votes:
            self._votes.add(votes)
            text = self._votes.as_text()
            self._writer.run("index", partial(set_fact, key=_VOTES_KEY, value=text), SCAN)

    def _renew(self, *, is_forced: bool) -> None:
        """Have a root read again after the reader or the rules have learned something new."""
        for root_id in self._root_ids:
            key = f"{_VERSION_KEY}:{root_id}"
            with self._store.read() as db:
                known = fact(db, key) or fact(db, _VERSION_KEY)
                last = found.last_id(db)
            if known == self._version and not is_forced:
                continue
            # In slices, so that a mark never waits for all of them.
            for start in range(1, last + 1 if known is not None or is_forced else 1, SLICE):
                work = partial(
                    found.read_all_again, root_ids=[root_id], first_id=start,
                    last_id=start + SLICE - 1,
                )  # fmt: skip
                self._writer.run("index", work, SCAN)
            self._writer.run("index", partial(set_fact, key=key, value=self._version), SCAN)

    def _look_again(self, ids: list[int]) -> int:
        """Wait until files that were being written have settled, and read them once more."""
        self._cancelled.wait(self._settle_s)
        self._read.young = []
        self._writer.run("index", partial(found.read_again, ids=ids), SCAN)
        return self._read.run(self._root_ids)

    def _report(self, seconds: float) -> SyncReport:
        with self._store.read() as db:
            unread = found.unread_count(db)
        applied = self._stat.applied
        return SyncReport(
            found=self._stat.found, added=applied.added, changed=applied.changed,
            missing=applied.gone, problems=len(self._read.problem_ids), unread=unread,
            seconds=seconds, cancelled=self._cancelled.is_set(),
            notices=tuple(self._reporter.notices),
        )  # fmt: skip


@contextmanager
def _calm_collector() -> Iterator[None]:
    """Look for cycles less often: a scan makes tuples by the million, and none in a cycle."""
    before = gc.get_threshold()
    gc.set_threshold(max(before[0], _COLLECT_AFTER), *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
