"""Lanes: daemon threads that ask the library, so that the event loop never waits for a disk.

Textual's thread workers run on an executor that the program must wait for at exit; one call
stuck on a dead network share would keep the terminal. A lane is a daemon thread: leaving never
waits for it. A lane either runs everything in order or only the newest request.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.message import Message
    from textual.message_pump import MessagePump

Call = Callable[[threading.Event], "Message | None"]
"""Work for a lane: takes the flag that asks it to stop, returns what to tell the asker."""


class Lane:
    """One thread and its queue.

    Args:
        name: For thread names and failure notices.
        guard: Runs a call and turns a failure into a message; the app gives it.
        is_newest_only: A new request drops waiting ones and asks the running one to stop.
    """

    def __init__(
        self,
        name: str,
        guard: Callable[[str, Call, threading.Event], Message | None],
        *,
        is_newest_only: bool = False,
    ) -> None:
        self.name = name
        self._guard = guard
        self._is_newest_only = is_newest_only
        self._queue: deque[tuple[str, Call, MessagePump]] = deque()
        self._wake = threading.Condition()
        self._cancelled = threading.Event()
        self._is_busy = False
        self._is_closed = False
        self._running = ""
        self._thread: threading.Thread | None = None

    def submit(self, what: str, call: Call, target: MessagePump) -> None:
        """Queue `call`; its message goes to `target`. Returns at once.

        Args:
            what: Words for a failure notice: "search", "rating".
            call: Runs in the lane's thread.
            target: The screen or app that gets the message.
        """
        with self._wake:
            if self._is_closed:
                return
            if self._is_newest_only:
                self._queue.clear()
                self._cancelled.set()
            self._queue.append((what, call, target))
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._run, name=f"ui-{self.name}", daemon=True
                )
                self._thread.start()
            self._wake.notify()

    def cancel(self) -> None:
        """Drop what waits and ask the running call to stop."""
        with self._wake:
            self._queue.clear()
            self._cancelled.set()

    def close(self) -> None:
        """End the thread after its call, without waiting for it."""
        with self._wake:
            self._is_closed = True
            self._queue.clear()
            self._cancelled.set()
            self._wake.notify()

    @property
    def is_idle(self) -> bool:
        """True when nothing waits or runs."""
        with self._wake:
            return not self._queue and not self._is_busy

    @property
    def running(self) -> str:
        """What the running call does, in words, or ""."""
        with self._wake:
            return self._running if self._is_busy else ""

    @property
    def waiting(self) -> int:
        """Calls that wait."""
        with self._wake:
            return len(self._queue)

    def _run(self) -> None:
        while True:
            with self._wake:
                self._is_busy = False
                while not self._queue and not self._is_closed:
                    self._wake.wait()
                if self._is_closed:
                    return
                what, call, target = self._queue.popleft()
                self._is_busy = True
                self._running = what
                self._cancelled = cancelled = threading.Event()
            message = self._guard(what, call, cancelled)
            if message is not None and not self._is_closed:
                target.post_message(message)


class Background:
    """The lanes of an app.

    Args:
        guard: See `Lane`.
    """

    def __init__(self, guard: Callable[[str, Call, threading.Event], Message | None]) -> None:
        self.search = Lane("search", guard, is_newest_only=True)
        self.facets = Lane("facets", guard, is_newest_only=True)
        self.pages = Lane("pages", guard)
        self.detail = Lane("detail", guard, is_newest_only=True)
        self.frames = Lane("frames", guard, is_newest_only=True)
        self.changes = Lane("changes", guard)
        self.files = Lane("files", guard)
        self.sync = Lane("sync", guard)

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """All lanes."""
        return (
            self.search, self.facets, self.pages, self.detail, self.frames, self.changes,
            self.files, self.sync,
        )  # fmt: skip

    @property
    def is_idle(self) -> bool:
        """True when no lane has anything to do."""
        return all(lane.is_idle for lane in self.lanes)

    def close(self) -> None:
        """End all lanes without waiting for any."""
        for lane in self.lanes:
            lane.close()
