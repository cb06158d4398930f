"""Events at a bearable rate: at most ten a second, and the last one always arrives."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from smartgallery_tui.records import Emit, Event, LibraryChanged, Notice, SyncProgress

if TYPE_CHECKING:
    from collections.abc import Callable


class Throttle:
    """A callable that passes events on to `emit`, merged to one burst an interval.

    A later `SyncProgress` replaces an earlier one that waits, `LibraryChanged` are added up, a
    `Notice` is never held back. What waits is sent when the interval is over, by a timer
    thread, or by `flush`. Calls of `emit` never overlap. Use as a context manager to flush.

    Args:
        emit: Takes the events; must be quick and must not call back into the throttle.
        interval_s: Least time between two bursts.
        clock: Monotonic seconds.
    """

    def __init__(
        self,
        emit: Emit,
        *,
        interval_s: float = 0.1,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._emit = emit
        self._interval_s = interval_s
        self._clock = clock
        self._lock = threading.RLock()
        self._progress: SyncProgress | None = None
        self._changed: LibraryChanged | None = None
        self._last_s = float("-inf")
        self._timer: threading.Timer | None = None

    def __call__(self, event: Event) -> None:
        """Take one event; sends it at once or keeps it for the next burst."""
        with self._lock:
            if isinstance(event, Notice):
                self._emit(event)
                return
            self._keep(event)
            remaining = self._last_s + self._interval_s - self._clock()
            if remaining <= 0:
                self.flush()
            elif self._timer is None:
                self._timer = threading.Timer(remaining, self.flush)
                self._timer.daemon = True
                self._timer.start()

    def flush(self) -> None:
        """Send what waits, now."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            changed, self._changed = self._changed, None
            progress, self._progress = self._progress, None
            if changed is None and progress is None:
                return
            self._last_s = self._clock()
            if changed is not None:
                self._emit(changed)
            if progress is not None:
                self._emit(progress)

    def __enter__(self) -> Throttle:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.flush()

    def _keep(self, event: SyncProgress | LibraryChanged) -> None:
        if isinstance(event, SyncProgress):
            self._progress = event
            return
        before = self._changed or LibraryChanged()
        self._changed = LibraryChanged(
            added=before.added + event.added,
            changed=before.changed + event.changed,
            removed=before.removed + event.removed,
        )
