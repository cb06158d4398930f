"""Has a cache forget what is too old though nobody reads it, so that its memory is given back."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Expiry:
    """Looks now and then, as long as anything is kept. Safe to use from any thread.

    Args:
        expire: Forgets what is too old; tells whether anything is left.
        every_s: How often it is called.
    """

    def __init__(self, expire: Callable[[], bool], every_s: float) -> None:
        self._expire = expire
        self._every_s = every_s
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None
        self._is_closed = False

    def begin(self) -> None:
        """Look from now on: something was kept. Returns at once."""
        with self._lock:
            if self._timer is None and not self._is_closed:
                self._start()

    def close(self) -> None:
        """Look no more."""
        with self._lock:
            self._is_closed = True
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None

    def _start(self) -> None:
        self._timer = threading.Timer(self._every_s, self._look)
        self._timer.name, self._timer.daemon = "expiry", True
        self._timer.start()

    def _look(self) -> None:
        with self._lock:
            self._timer = None
        if self._expire():
            self.begin()
