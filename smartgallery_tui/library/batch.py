"""A change of many files, one after the other: what became of each, how far it is, the way out."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from smartgallery_tui.errors import ContainerError, FileChangeError, FileGuardError
from smartgallery_tui.files import Watch
from smartgallery_tui.records import CANCELLED, FileProgress, Outcome

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Sequence

    from smartgallery_tui.records import Told

REFUSALS: Final = (FileChangeError, FileGuardError, ContainerError)
"""What one file of a batch may be refused with; the others go on."""
_TELL_S: Final = 0.1
_BYTES_A_FILE: Final = 256 << 10
"""What opening, naming and noting a file costs, in bytes that could be copied meanwhile."""


class Batch:
    """Collects outcomes and tells the progress.

    Args:
        total: How many files there are.
        cancelled: Stops it between two files, and a copy in its middle.
        told: Hears how far it is.
        size_bytes: Of all files, where bytes may be copied.
    """

    def __init__(
        self,
        total: int,
        cancelled: threading.Event | None = None,
        told: Told | None = None,
        size_bytes: int = 0,
    ) -> None:
        self.outcomes: list[Outcome] = []
        self.watch = Watch(cancelled, self._copied)
        self._total = total
        self._cancelled = cancelled
        self._told = told
        self._size_bytes = size_bytes
        self._copied_bytes = 0
        self._began_s = time.monotonic()
        self._told_s = float("-inf")
        self._tell()

    @property
    def is_cancelled(self) -> bool:
        """Whether it is to stop."""
        return self._cancelled is not None and self._cancelled.is_set()

    def do(self, things: Sequence[tuple[int, str]], act: Callable[[], Sequence[Outcome]]) -> None:
        """Change things that belong together, unless the batch is to stop.

        Args:
            things: Id (0: none) and path of each, for the outcome where it fails.
            act: Returns what became of them, or raises one of `REFUSALS`.
        """
        if self.is_cancelled:
            self.fail(things, CANCELLED)
            return
        try:
            self.outcomes += act()
        except REFUSALS as error:
            self.fail(things, str(error))
        self._tell()

    def fail(self, things: Sequence[tuple[int, str]], reason: str) -> None:
        """Note that things were not changed."""
        self.outcomes += [Outcome(one, ok=False, reason=reason, path=path) for one, path in things]

    def note(self, outcome: Outcome) -> None:
        """Note what became of a thing that was changed elsewhere."""
        self.outcomes.append(outcome)
        self._tell()

    def finish(self) -> list[Outcome]:
        """Tell the end and return what became of each."""
        self._told_s = float("-inf")
        self._tell()
        return self.outcomes

    def _copied(self, size_bytes: int) -> None:
        self._copied_bytes += size_bytes
        self._tell()

    def _tell(self) -> None:
        now_s = time.monotonic()
        if self._told is None or now_s - self._told_s < _TELL_S:
            return
        self._told_s = now_s
        done, spent_s = len(self.outcomes), max(now_s - self._began_s, 1e-3)
        part = self._part(done)
        self._told(
            FileProgress(
                done,
                self._total,
                done / spent_s,
                self._copied_bytes / spent_s,
                spent_s * (1 - part) / part if part > 0 else None,
            )
        )

    def _part(self, done: int) -> float:
        """Return which part of the work is done: by bytes where some are copied, else by files."""
        if not self._copied_bytes:
            return min(1.0, done / self._total) if self._total else 1.0
        whole = self._size_bytes + self._total * _BYTES_A_FILE
        return min(1.0, (self._copied_bytes + done * _BYTES_A_FILE) / whole)
