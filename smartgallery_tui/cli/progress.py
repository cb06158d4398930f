"""Shows a sync on a terminal's stderr, and stops it on a signal without losing what is done."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from types import MappingProxyType
from typing import TYPE_CHECKING

from smartgallery_tui.cli.output import stderr
from smartgallery_tui.cli.text import duration
from smartgallery_tui.records import Notice, SyncProgress

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from smartgallery_tui.records import Event, FileProgress, Told

_WORDS = MappingProxyType(
    {"counting": "counting", "scanning": "looking", "reading": "reading metadata"}
)


class Progress:
    """Takes a sync's events; call it from any thread."""

    def __init__(self) -> None:
        self._out = stderr()
        self._lock = threading.Lock()

    def __call__(self, event: Event) -> None:
        """Show one event: progress on the status line, a notice on a line of its own."""
        with self._lock:
            if isinstance(event, SyncProgress):
                self._out.status(_progress_text(event))
            elif isinstance(event, Notice):
                self._out.end_status()
                self._out.line(event.text)

    def end(self) -> None:
        """Clear the status line."""
        with self._lock:
            self._out.end_status()


@contextmanager
def cancel_on_signal() -> Iterator[threading.Event]:
    """Yield an event that SIGINT, SIGTERM and SIGHUP set; a second SIGINT interrupts at once."""
    cancelled = threading.Event()

    def stop(number: int, _frame: FrameType | None) -> None:
        if cancelled.is_set() and number == signal.SIGINT:
            raise KeyboardInterrupt
        cancelled.set()

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield cancelled
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def file_progress(what: str) -> Iterator[Told]:
    """Yield a callable that shows how far a change of files is, on a terminal's stderr.

    Args:
        what: The word before the figures: `importing`.
    """
    people = stderr()

    def tell(progress: FileProgress) -> None:
        doing = f"{what}  {progress.stage}" if progress.stage else what
        people.status(_figures(doing, progress, progress.bytes_per_s))

    try:
        yield tell
    finally:
        people.end_status()


def _progress_text(event: SyncProgress) -> str:
    return _figures(event.message or _WORDS.get(event.state, event.state), event)


def _figures(what: str, event: SyncProgress | FileProgress, bytes_per_s: float = 0.0) -> str:
    """Return how far something is: count, rate and remaining time, as far as they are known."""
    parts = [what]
    if event.total:
        parts.append(f"{event.done}/{event.total}")
    elif event.done:
        parts.append(str(event.done))
    if bytes_per_s >= 1:
        parts.append(f"{bytes_per_s / 1e6:.1f} MB/s")
    elif event.rate_per_s >= 0.5:
        parts.append(f"{event.rate_per_s:.0f}/s")
    if event.eta_s is not None and event.eta_s >= 1:
        parts.append(f"{duration(event.eta_s)} left")
    return "  ".join(parts)
