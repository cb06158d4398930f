"""Who goes first: long work of this process pauses while somebody waits for an answer."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_PAUSE_S: Final = 0.25
"""The longest pause: who acts for longer goes on beside the long work."""


class Precedence:
    """Lets short work overtake long work that shares the interpreter with it.

    Threads take turns in Python, and one that ends a statement of SQL a thousand times asks for a
    thousand turns: beside a thread that reads files a transaction of 10 ms takes 60. A higher
    priority of either thread would not help, for the turns are given without looking at it. So
    the long work asks `give_way` every few milliseconds.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._acting = 0

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Have long work give way until the end of the block; may be taken several times."""
        with self._changed:
            self._acting += 1
        try:
            yield
        finally:
            with self._changed:
                self._acting -= 1
                if not self._acting:
                    self._changed.notify_all()

    def give_way(self) -> None:
        """Wait while somebody acts, a quarter of a second at most.

        Never call it where the one who acts could be waiting for the caller.
        """
        if not self._acting:
            return
        with self._changed:
            self._changed.wait_for(lambda: not self._acting, _PAUSE_S)
