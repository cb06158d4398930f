"""Sync: the library's part that keeps the index in step with the folders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.containers import KNOWN_EXTENSIONS
from smartgallery_tui.index.lock import ScanLock
from smartgallery_tui.library.events import Reporter
from smartgallery_tui.library.showing import Showing
from smartgallery_tui.library.sync import Sync
from smartgallery_tui.records import Notice, SyncReport
from smartgallery_tui.scan import Rules

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterable

    from smartgallery_tui.records import Emit, SyncProgress
    from smartgallery_tui.records.roots import RootInfo

BUSY = "a scan is already running; this one was not started"


class Syncing(Showing):
    """One sync at a time."""

    _sync_lock: threading.Lock
    _reporter: Reporter
    settle_s = 2.0
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

        Args:
            emit: Hears progress, changes and notices, at most ten events a second.
            cancelled: Stops it at the next batch.
            thumbs: Make thumbnails, too.
            reparse: Read every file again.

        Raises:
            IndexLockedError: Another process scans this library.
            IndexNewerError: The index belongs to a newer version.
        """
        self._store.require_writable()
        if not self._sync_lock.acquire(blocking=False):
            if emit is not None:
                emit(Notice(BUSY))
            return SyncReport(notices=(BUSY,))
        try:
            reporter = self._reporter = Reporter(emit)
            with ScanLock(self.data_dir):
                sync = Sync(
                    self._store, self._writer, self._sync_roots(), self.rules(), reporter,
                    cancelled, on_rows=self._rows_changed, settle_s=self.settle_s,
                    workers=self.settings.scan.workers,
                )  # fmt: skip
                report = sync.run(reparse=reparse)
                self._check_daily(reporter)
            self._offered = sync.offered
            if thumbs and not report.cancelled:
                self.make_thumbnails(emit, cancelled)
            return report
        except BaseException:
            self._reporter.progress("error", 0, is_forced=True)
            raise
        finally:
            self._sync_lock.release()

    def _rows_changed(self, ids: Iterable[int] | None = None) -> None:
        """Tell whoever keeps rows in memory."""

    def _check_daily(self, reporter: Reporter) -> None:
        """Check the databases when the last check is a day old."""

    def sync_progress(self) -> SyncProgress:
        """Return where the sync stands; `idle` before the first."""
        return self._reporter.current

    def rules(self) -> Rules:
        """Return what a scan looks at, by the settings."""
        scan = self.settings.scan
        return Rules(KNOWN_EXTENSIONS, scan.exclude, scan.hidden)

    def _sync_roots(self) -> list[RootInfo]:
        wanted = set(self._view.root_ids)
        return [
            root
            for root in self.roots()
            if root.id in wanted or (not self._view.prefixes and root.role == "input")
        ]
