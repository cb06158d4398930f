"""Keep the thumbnail store small while nothing else wants to be done."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from smartgallery_tui.library.picture_maker import PictureMaker

AGAIN_AFTER_S: Final = 3600.0
"""A library is tidied no more often than this."""


class Tidying:
    """Forgets pictures of contents that no file has, and what is beyond the limit of the cache.

    Works in slices of a few milliseconds; after each it lets everything else go first.

    Args:
        maker: Has the store.
        later: Runs a call when nothing else waits.
        clock: Monotonic seconds.
    """

    def __init__(
        self,
        maker: PictureMaker,
        later: Callable[[Callable[[], None]], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._maker = maker
        self._later = later
        self._clock = clock
        self._lock = threading.Lock()
        self._is_running = False
        self._done_s = -AGAIN_AFTER_S

    def start(self, known: Callable[[Sequence[bytes]], set[bytes]]) -> None:
        """Begin unless it runs, or ran within the hour; returns at once.

        Args:
            known: Given some contents, returns those that files have.
        """
        with self._lock:
            is_early = self._clock() - self._done_s < AGAIN_AFTER_S
            if self._is_running or is_early:
                return
            self._is_running = True
        self._later(lambda: self._slice(known, b""))

    def finish(self, known: Callable[[Sequence[bytes]], set[bytes]]) -> None:
        """Do all of it now; blocks."""
        after = self._maker.store.prune_orphans(known)
        while after:
            after = self._maker.store.prune_orphans(known, after)
        self._maker.store.prune()
        while self._maker.store.shrink():
            continue
        self._done_s = self._clock()

    def _slice(self, known: Callable[[Sequence[bytes]], set[bytes]], after: bytes) -> None:
        after = self._maker.store.prune_orphans(known, after)
        if after:
            self._later(lambda: self._slice(known, after))
            return
        self._maker.store.prune()
        self._later(self._shrink)

    def _shrink(self) -> None:
        if self._maker.store.shrink():
            self._later(self._shrink)
            return
        with self._lock:
            self._is_running = False
            self._done_s = self._clock()
