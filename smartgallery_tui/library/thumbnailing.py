"""Make the thumbnails of many items: `scan --thumbs`, and files that have just come in."""

from __future__ import annotations

import os
import time
from collections import deque
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from smartgallery_tui.errors import (
    MediaCancelledError,
    MediaError,
    NoPreviewError,
    UndecodableError,
)
from smartgallery_tui.index.picture_rows import Damage
from smartgallery_tui.jobs import JobCancelledError, JobPool, Throttle
from smartgallery_tui.records import SyncProgress

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterable, Sequence

    from smartgallery_tui.jobs import Job
    from smartgallery_tui.library.picture_maker import PictureMaker
    from smartgallery_tui.records import Emit, Item

_QUEUED_A_WORKER: Final = 3
_DAMAGE_BATCH: Final = 100
_POLL_S: Final = 0.1
_NOT_BEFORE_S: Final = 0.5
"""A rate is told when it rests on so much time."""


@dataclass(frozen=True, slots=True)
class ThumbnailReport:
    """What was made."""

    made: int = 0
    kept: int = 0
    """Were there already."""
    failed: int = 0
    """Cannot be made; those known from before by their content were not tried again."""
    seconds: float = 0.0
    was_cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Listeners:
    """Whom a run tells what."""

    note: Callable[[Sequence[Damage]], object]
    """Takes files whose pixels are damaged, a batch at a time."""
    emit: Emit = lambda _event: None
    """Hears progress, at most ten times a second."""


class Thumbnailing:
    """One run over many items, as many at a time as there are cores.

    Args:
        maker: Makes them.
        listeners: Hear of damage and progress.
        cancelled: Stops it after the pictures at hand.
        retries: Try again what failed in an earlier run.
    """

    def __init__(
        self,
        maker: PictureMaker,
        listeners: Listeners,
        cancelled: threading.Event,
        *,
        retries: bool = False,
    ) -> None:
        self._maker = maker
        self._listeners = listeners
        self._cancelled = cancelled
        self._retries = retries
        self._side_px = maker.stored_px((1, 1))
        self._made = 0
        self._kept = 0
        self._failed = 0
        self._tried = 0
        self._damaged: list[Damage] = []
        self._begun: set[bytes] = set()
        self._waiting: deque[tuple[Item, Job[None]]] = deque()

    def run(self, pages: Iterable[Sequence[Item]], total: int) -> ThumbnailReport:
        """Make what is missing and return how many; blocks until done.

        Args:
            pages: The items, a few hundred at a time.
            total: How many there are.
        """
        began_s = time.monotonic()
        pool = JobPool("thumbs", self._maker.core_count)
        try:
            with Throttle(self._listeners.emit) as send:
                tell = partial(self._tell, send, began_s, total)
                for page in pages:
                    self._run_page(pool, page, tell)
                    if self._cancelled.is_set():
                        break
                while self._waiting:
                    self._finish_one()
                    tell()
        finally:
            pool.close()
            self._hand_over_damage()
        spent_s = time.monotonic() - began_s
        return ThumbnailReport(
            self._made, self._kept, self._failed, spent_s, self._cancelled.is_set()
        )

    def _run_page(self, pool: JobPool, page: Sequence[Item], tell: Callable[[], None]) -> None:
        known, hopeless = self._known(page)
        for item in page:
            if item.content_id in known or item.content_id in self._begun:
                self._kept += 1  # a copy needs no second one
            elif (reason := hopeless.get(item.content_id)) is not None:
                self._failed += 1
                self._note_damage(item, reason)
            else:
                self._begin(pool, item)
            tell()
            if self._cancelled.is_set():
                break

    def _known(self, page: Sequence[Item]) -> tuple[set[bytes], dict[bytes, str]]:
        """Return which contents have a thumbnail, and which are known to give none, and why."""
        by_decoder: dict[str, set[bytes]] = {}
        for item in page:
            if item.content_id:
                by_decoder.setdefault(self._maker.decoder_of(item), set()).add(item.content_id)
        store = self._maker.store
        there: set[bytes] = set()
        hopeless: dict[bytes, str] = {}
        for decoder, contents in by_decoder.items():
            found = store.with_thumbnail(contents, self._side_px)
            there |= found
            if not self._retries:
                hopeless |= store.failures(contents - found, decoder)
        return there, hopeless

    def _begin(self, pool: JobPool, item: Item) -> None:
        if item.content_id:
            self._begun.add(item.content_id)
        call = partial(self._maker.make_kept, item)
        self._waiting.append((item, pool.submit(call, cancelled=self._cancelled)))
        if len(self._waiting) >= _QUEUED_A_WORKER * self._maker.core_count:
            self._finish_one()

    def _finish_one(self) -> None:
        item, job = self._waiting.popleft()
        self._tried += 1
        try:
            self._result(job)
        except (JobCancelledError, MediaCancelledError):
            return
        except NoPreviewError:
            self._failed += 1
        except MediaError as error:
            self._failed += 1
            if os.path.lexists(item.path):  # a vanished file is the scan's affair
                self._note_damage(item, str(error))
            if isinstance(error, UndecodableError):
                self._maker.note_failure(item, str(error))
        else:
            self._made += 1

    def _result(self, job: Job[None]) -> None:
        while not self._cancelled.is_set():
            try:
                return job.result(_POLL_S)
            except TimeoutError:
                continue
        raise MediaCancelledError("cancelled")

    def _note_damage(self, item: Item, reason: str) -> None:
        if item.problem is None:
            self._damaged.append(Damage(item.id, item.size_bytes, item.mtime_ns, reason))
        if len(self._damaged) >= _DAMAGE_BATCH:
            self._hand_over_damage()

    def _hand_over_damage(self) -> None:
        if self._damaged:
            self._listeners.note(self._damaged)
            self._damaged = []

    def _tell(self, send: Throttle, began_s: float, total: int) -> None:
        done = self._made + self._kept + self._failed
        spent_s = time.monotonic() - began_s
        rate, eta_s = 0.0, None
        if spent_s > _NOT_BEFORE_S and self._tried:
            # What was there already took no time: the rate is that of what is made.
            rate = self._tried / spent_s
            eta_s = (total - done) / rate
        send(SyncProgress("reading", done, total, rate, eta_s, "thumbnails"))
