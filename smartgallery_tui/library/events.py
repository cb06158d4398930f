"""Events of a sync: at most ten a second, but the first rows at once, and the last one always."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from smartgallery_tui.records import LibraryChanged, Notice, SyncProgress

if TYPE_CHECKING:
    from collections.abc import Callable

    from smartgallery_tui.records import Emit, Severity, SyncState

_GAP_S = 0.1


class Reporter:
    """Tells a caller and a poller where a sync stands; used by the scanner thread.

    Args:
        emit: Called from the scanner thread; None: only `current` is kept.
        on_tick: Called at most ten times a second while there is progress.
    """

    def __init__(self, emit: Emit | None, on_tick: Callable[[], object] = lambda: None) -> None:
        self._emit = emit
        self._on_tick = on_tick
        self._lock = threading.Lock()
        self._current = SyncProgress("idle")
        self._sent_s = 0.0
        self._began_s = 0.0
        self._changes = [0, 0, 0]
        self.notices: list[str] = []

    @property
    def current(self) -> SyncProgress:
        """The latest progress, for pollers in any thread."""
        with self._lock:
            return self._current

    def begin(self, state: SyncState, total: int | None = None) -> None:
        """Start a phase: rates count from here."""
        self._began_s = time.monotonic()
        self.progress(state, 0, total, is_forced=True)

    def progress(
        self, state: SyncState, done: int, total: int | None = None, *, is_forced: bool = False
    ) -> None:
        """Note and send how far the phase is, unless the last event is younger than 0.1 s."""
        now = time.monotonic()
        if not is_forced and now - self._sent_s < _GAP_S:
            return
        self._on_tick()
        spent = now - self._began_s
        rate = done / spent if spent > 0 else 0.0
        eta = (total - done) / rate if total is not None and rate > 0 else None
        event = SyncProgress(state, done, total, rate, eta)
        with self._lock:
            self._current = event
        self._send(event, now)

    def show(self) -> None:
        """Send what was written so far at once, whenever the last event was."""
        with self._lock:
            event = self._current
        self._send(event, time.monotonic())

    def changed(self, *, added: int = 0, changed: int = 0, removed: int = 0) -> None:
        """Note rows that were written; sent together with the next progress."""
        for place, count in enumerate((added, changed, removed)):
            self._changes[place] += count

    def notice(self, text: str, severity: Severity = "information") -> None:
        """Tell the user a sentence, and keep it for the report."""
        self.notices.append(text)
        if self._emit is not None:
            self._emit(Notice(text, severity))

    def _send(self, event: SyncProgress, now: float) -> None:
        self._sent_s = now
        if self._emit is None:
            return
        if any(self._changes):
            added, changed, removed = self._changes
            self._changes = [0, 0, 0]
            self._emit(LibraryChanged(added, changed, removed))
        self._emit(event)
