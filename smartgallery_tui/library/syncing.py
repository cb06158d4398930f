"""Sync: the library's part that keeps the index in step with the folders."""

from __future__ import annotations

import threading
import time
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING, Final

from smartgallery_tui.errors import IndexLockedError
from smartgallery_tui.index import found, requests
from smartgallery_tui.index.lock import ScanLock
from smartgallery_tui.index.requests import Request
from smartgallery_tui.index.writer import SCAN
from smartgallery_tui.library.events import Reporter
from smartgallery_tui.library.sync import SLICE, Sync
from smartgallery_tui.records import Notice, SyncReport

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from smartgallery_tui.library.context import Context
    from smartgallery_tui.library.explaining import Explaining
    from smartgallery_tui.library.folders import Folders
    from smartgallery_tui.library.reader_group import ReaderGroup
    from smartgallery_tui.library.showing import Showing
    from smartgallery_tui.records import Emit, SyncProgress

    Afterwards = Callable[[SyncReport, Emit | None, threading.Event | None], None]

_PATIENCE_S: Final = 5.0
"""How long a scan waits for the one that runs to hear its request."""
_LOOK_AGAIN_S: Final = 0.05
BUSY = "a scan is already running; this one was not started"


class Syncing:
    """One sync at a time.

    Args:
        context: The open library.
        folders: Hears which symlinked folders a sync has found.
        explaining: Knows the user's rules for nodes.
        showing: Makes thumbnails, and forgets those of nothing.
        daily_problems: Checks the databases once a day; returns a sentence for each damage.
        afterwards: What is due behind each sync, in this order.
    """

    def __init__(
        self,
        context: Context,
        folders: Folders,
        explaining: Explaining,
        showing: Showing,
        daily_problems: Callable[[], list[str]],
        afterwards: Sequence[Afterwards] = (),
    ) -> None:
        self._context = context
        self._store = context.store
        self._writer = context.writer
        self._folders = folders
        self._explaining = explaining
        self._showing = showing
        self._daily_problems = daily_problems
        self._afterwards = tuple(afterwards)
        self._reporter = Reporter(None)
        self._group: ReaderGroup | None = None
        self.settle_s = 2.0
        """How long a broken file that was just written gets before it is read once more."""

    def sync(
        self,
        emit: Emit | None = None,
        cancelled: threading.Event | None = None,
        *,
        thumbs: bool = False,
        reparse: bool = False,
    ) -> SyncReport:
        """Bring the index in step with the folders of the view; blocks until done.

        Call it from a worker thread; it is the scanner thread. Cancelled, it keeps what is done.
        Where another process scans this library already, that one is asked to do it.

        Args:
            emit: Hears progress, changes and notices, at most ten events a second.
            cancelled: Stops it at the next batch.
            thumbs: Make thumbnails, too.
            reparse: Read every file again.

        Raises:
            IndexLockedError: Another process scans this library and did not take the request, or
                thumbnails are wanted, which it would not make.
            IndexNewerError: The index belongs to a newer version.
        """
        report = self._sync_alone(emit, cancelled, thumbs=thumbs, reparse=reparse)
        for due in self._afterwards:
            due(report, emit, cancelled)
        return report

    def _sync_alone(
        self,
        emit: Emit | None,
        cancelled: threading.Event | None,
        *,
        thumbs: bool,
        reparse: bool,
    ) -> SyncReport:
        """Sync, unless this process does already."""
        self._store.require_writable()
        if not self._context.scan_lock.acquire(blocking=False):
            if emit is not None:
                emit(Notice(BUSY))
            return SyncReport(notices=(BUSY,))
        try:
            with ExitStack() as unfinished:
                # Asked for at the end: a scan has a reporter of its own.
                unfinished.callback(lambda: self._reporter.progress("error", 0, is_forced=True))
                report = self._sync_or_ask(emit, cancelled, reparse=reparse, may_ask=not thumbs)
                if thumbs and not report.cancelled:
                    self._showing.make_thumbnails(emit, cancelled, retries=reparse)
                self._showing.tidy_pictures()
                unfinished.pop_all()
            return report
        finally:
            self._context.scan_lock.release()

    def _sync_or_ask(
        self,
        emit: Emit | None,
        cancelled: threading.Event | None,
        *,
        reparse: bool,
        may_ask: bool,
    ) -> SyncReport:
        """Scan, or have the process that scans already do it; whichever is possible first."""
        wanted = Request(tuple([root.id for root in self._context.synced_roots()]), reparse)
        posted: Path | None = None
        holder = ""
        deadline = time.monotonic() + _PATIENCE_S
        while True:
            if posted is not None and not posted.exists():
                return _handed_over(emit, holder)
            try:
                with ScanLock(self._context.data_dir):
                    if posted is None or requests.withdraw(posted):
                        return self._scan(emit, cancelled, wanted)
            except IndexLockedError as error:
                holder = str(error)
                if not may_ask:
                    raise
                if posted is None:
                    posted = requests.post(self._context.data_dir, wanted)
                elif time.monotonic() > deadline and requests.withdraw(posted):
                    raise
            (cancelled or threading.Event()).wait(_LOOK_AGAIN_S)

    def _scan(
        self, emit: Emit | None, cancelled: threading.Event | None, wanted: Request
    ) -> SyncReport:
        """Scan what is wanted, then what other processes asked for meanwhile."""
        heard: list[Request] = []
        reporter = self._reporter = Reporter(
            emit, lambda: heard.extend(requests.take(self._context.data_dir))
        )
        report = self._run_sync(reporter, cancelled, wanted)
        while True:
            heard += requests.take(self._context.data_dir)
            more = requests.merged(heard)
            if more is None or report.cancelled:
                break
            heard.clear()
            self._run_sync(reporter, cancelled, more)
        for problem in self._daily_problems():
            reporter.notice(problem, "error")
        return report

    def _run_sync(
        self, reporter: Reporter, cancelled: threading.Event | None, wanted: Request
    ) -> SyncReport:
        roots = [root for root in self._context.roots() if root.id in set(wanted.root_ids)]
        sync = Sync(
            self._store, self._writer, roots, self._context.scan_rules(), reporter, cancelled,
            settle_s=self.settle_s,
            workers=self._context.settings.scan.workers,
            node_rules=self._explaining.node_rules().rules,
            group=self._group,
        )  # fmt: skip
        report = sync.run(reparse=wanted.is_reparse)
        self._folders.offered = sync.offered
        return report

    def use_readers(self, group: ReaderGroup | None) -> None:
        """Have the next syncs read by processes that are up already; who started them ends them."""
        self._group = group

    def read_again(self, ids: Sequence[int]) -> None:
        """Have files read again by the next sync, unchanged as they are.

        What is known of them stays until then.

        Raises:
            IndexNewerError: The index belongs to a newer version.
        """
        self._store.require_writable()
        self._writer.run("index", partial(found.read_again, ids=list(ids)))

    def read_old_again(self, age_s: float) -> int:
        """Have files that were last read so long ago read again by the next sync.

        What is known of them stays until then. One that is stopped on the way goes on with the
        files that it has not read yet. Call it from a worker thread.

        Returns:
            How many files those are.

        Raises:
            IndexNewerError: The index belongs to a newer version.
        """
        self._store.require_writable()
        before_ns = time.time_ns() - int(age_s * 1e9)
        root_ids = [root.id for root in self._context.synced_roots()]
        with self._store.read() as db:
            last = found.last_id(db)
        # In slices, so that a mark never waits for all of them.
        return sum(
            self._writer.run(
                "index",
                partial(
                    found.read_old_again, root_ids=root_ids, before_ns=before_ns,
                    first_id=start, last_id=start + SLICE - 1,
                ),
                SCAN,
            )
            for start in range(1, last + 1, SLICE)
        )  # fmt: skip

    def sync_progress(self) -> SyncProgress:
        """Return where the sync stands; `idle` before the first."""
        return self._reporter.current


def _handed_over(emit: Emit | None, holder: str) -> SyncReport:
    text = f"{holder}; it was asked to look at these folders, too"
    if emit is not None:
        emit(Notice(text))
    return SyncReport(notices=(text,), handed_over=True)
