"""Notices that the terminal is gone and ends the process if nothing else manages to."""

from __future__ import annotations

import os
import select
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from smartgallery_tui.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_POLL_MS = 250
_GRACE_S = 0.8
"""How long the app may take to leave by itself after its terminal went away."""


@contextmanager
def end_with_terminal(descriptor: int, save: Callable[[], None]) -> Iterator[None]:
    """End the process soon after the terminal behind `descriptor` is closed.

    A thread that writes to a closed terminal may never come back, and with it the app. Then
    `save` is called in the watching thread and the process ends with code 130.

    Args:
        descriptor: A terminal, open for reading.
        save: Finishes what must not be lost; has to return within a second.
    """
    left = threading.Event()

    def watch() -> None:
        poller = select.poll()
        poller.register(descriptor, 0)  # a hang-up is always reported
        while not left.is_set():
            if not any(
                what & (select.POLLHUP | select.POLLERR) for _, what in poller.poll(_POLL_MS)
            ):
                continue
            if not left.wait(_GRACE_S):
                save()
                os._exit(ExitCode.INTERRUPTED)

    thread = threading.Thread(target=watch, name="hang-up watch", daemon=True)
    thread.start()
    try:
        yield
    finally:
        left.set()
        thread.join(1.0)
