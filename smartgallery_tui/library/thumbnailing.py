"""Make the thumbnails of many items: what `scan --thumbs` does after the scan."""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from smartgallery_tui.errors import MediaCancelledError, MediaError, NoPreviewError
from smartgallery_tui.index.picture_rows import Damage
from smartgallery_tui.jobs import Job, JobCancelledError, JobPool, Throttle
from smartgallery_tui.records import SyncProgress

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from smartgallery_tui.library.picture_maker import PictureMaker
    from smartgallery_tui.records import Emit, Item

_QUEUED_A_WORKER: Final = 3
_DAMAGE_BATCH: Final = 100
_POLL_S: Final = 0.1


@dataclass(frozen=True, slots=True)
class ThumbnailReport:
    """What was made."""

    made: int = 0
    kept: int = 0
    """Were there already."""
    failed: int = 0
    seconds: float = 0.0
    was_cancelled: bool = False


class Thumbnailing:
    """One run over many items, as many at a time as there are decode processes.

    Args:
        maker: Makes them.
        note: Takes files whose pixels are damaged, a batch at a time.
        emit: Hears progress, at most ten times a second.
        cancelled: Stops it after the pictures at hand.
    """

    def __init__(
        self,
        maker: PictureMaker,
        note: Callable[[Sequence[Damage]], object],
        emit: Emit | None,
        cancelled: threading.Event | None,
    ) -> None:
        self._maker = maker
        self._note = note
        self._emit = emit or (lambda _event: None)
        self._cancelled = cancelled or threading.Event()
        self._side_px = maker.stored_px((1, 1))
        self._made = 0
        self._kept = 0
        self._failed = 0
        self._damaged: list[Damage] = []
        self._waiting: deque[tuple[Item, Job[None]]] = deque()

    def run(self, pages: Iterable[Sequence[Item]], total: int) -> ThumbnailReport:
        """Make what is missing and return how many; blocks until done.

        Args:
            pages: The items, a few hundred at a time.
            total: How many there are.
        """
        began_s = time.monotonic()
        pool = JobPool("thumbs", self._maker.worker_count)
        try:
            with Throttle(self._emit) as tell:
                for page in pages:
                    self._run_page(pool, page, partial(self._tell, tell, began_s, total))
                    if self._cancelled.is_set():
                        break
        finally:
            pool.close()
            self._note_damage(0)
        spent_s = time.monotonic() - began_s
        return ThumbnailReport(
            self._made, self._kept, self._failed, spent_s, self._cancelled.is_set()
        )

    def _run_page(self, pool: JobPool, page: Sequence[Item], tell: Callable[[], None]) -> None:
        contents = {item.content_id for item in page if item.content_id}
        there = self._maker.store.with_thumbnail(contents, self._side_px)
        begun = set(there)
        for item in page:
            if item.content_id in begun:
                self._kept += 1
                continue
            begun.add(item.content_id)  # a copy of it needs no second one
            call = partial(self._maker.make_kept, item)
            self._waiting.append((item, pool.submit(call, cancelled=self._cancelled)))
            if len(self._waiting) >= _QUEUED_A_WORKER * self._maker.worker_count:
                self._finish_one()
            tell()
            if self._cancelled.is_set():
                break
        while self._waiting:
            self._finish_one()
            tell()

    def _finish_one(self) -> None:
        item, job = self._waiting.popleft()
        try:
            self._result(job)
        except (JobCancelledError, MediaCancelledError):
            return
        except NoPreviewError:
            self._failed += 1
        except MediaError as error:
            self._failed += 1
            if os.path.lexists(item.path):  # a vanished file is the scan's affair
                self._damaged.append(Damage(item.id, item.size_bytes, item.mtime_ns, str(error)))
                self._note_damage(_DAMAGE_BATCH)
        else:
            self._made += 1

    def _result(self, job: Job[None]) -> None:
        while not self._cancelled.is_set():
            try:
                return job.result(_POLL_S)
            except TimeoutError:
                continue
        raise MediaCancelledError("cancelled")

    def _note_damage(self, least: int) -> None:
        if self._damaged and len(self._damaged) >= least:
            self._note(self._damaged)
            self._damaged = []

    def _tell(self, tell: Throttle, began_s: float, total: int) -> None:
        done = self._made + self._kept + self._failed
        spent_s = time.monotonic() - began_s
        rate = done / spent_s if spent_s > 0 else 0.0
        eta_s = (total - done) / rate if rate > 0 else None
        tell(SyncProgress("reading", done, total, rate, eta_s, "thumbnails"))
