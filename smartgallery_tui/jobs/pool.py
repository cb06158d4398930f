"""A thread pool that serves the most wanted job first and never holds up an exit."""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from enum import IntEnum
from typing import TYPE_CHECKING, Generic, TypeVar

from smartgallery_tui.errors import SmartGalleryError

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

T = TypeVar("T")


class Priority(IntEnum):
    """How much a job is wanted; the lower number runs first."""

    VISIBLE = 0
    """Somebody looks at the place where the result goes."""
    BACKGROUND = 1
    """Worth doing when nothing else waits."""


class JobCancelledError(SmartGalleryError):
    """The job was cancelled before it ran, or its pool was closed."""

    def __init__(self, reason: str = "cancelled") -> None:
        super().__init__(reason)


class Job(Generic[T]):
    """One submitted call and, later, its result. Safe to share between threads."""

    def __init__(self, call: Callable[[], T], cancelled: threading.Event) -> None:
        self._call = call
        self.cancelled = cancelled
        """The cancel token that was handed in, or one of the job's own."""
        self._finished = threading.Event()
        self._value: list[T] = []
        self._error: BaseException | None = None

    @property
    def is_done(self) -> bool:
        """Tell whether `result` would return at once."""
        return self._finished.is_set()

    def cancel(self) -> None:
        """Ask the job to stop: a waiting one never runs, a running one may notice."""
        self.cancelled.set()

    def result(self, timeout_s: float | None = None) -> T:
        """Return what the call returned; blocks until it has.

        Raises:
            JobCancelledError: The job never ran.
            TimeoutError: `timeout_s` passed first.
            BaseException: Whatever the call raised.
        """
        if not self._finished.wait(timeout_s):
            raise TimeoutError
        if self._error is not None:
            raise self._error
        return self._value[0]

    def run(self) -> None:
        """Run the call in this thread and keep what became of it. For the pool."""
        if self.cancelled.is_set():
            self.fail(JobCancelledError())
            return
        with self:
            self._value.append(self._call())

    def __enter__(self) -> None:
        """Begin the call."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        """End the call; an error is kept for whoever asks for the result."""
        self._error = error
        self._finished.set()
        return True

    def fail(self, error: BaseException) -> None:
        """End a job that will not run with an error. For the pool."""
        self._error = error
        self._finished.set()


class JobPool:
    """Threads that take the job of the highest priority, the newest first.

    Threads are daemons, start with the first job and leave when idle. `close` never waits for
    a job that hangs.

    Args:
        name: Prefix of the thread names.
        size: Most threads at once.
        idle_s: A thread without work for this long leaves.
    """

    def __init__(self, name: str, size: int, *, idle_s: float = 30.0) -> None:
        self._name = name
        self._size = max(1, size)
        self._idle_s = idle_s
        self._lock = threading.Condition()
        self._heap: list[tuple[int, int, Job[object]]] = []
        self._serial = itertools.count()
        self._thread_count = 0
        self._idle_count = 0
        self._is_closed = False

    def submit(
        self,
        call: Callable[[], T],
        *,
        priority: Priority = Priority.VISIBLE,
        cancelled: threading.Event | None = None,
    ) -> Job[T]:
        """Queue `call` and return its job; returns at once.

        Args:
            call: Runs in a thread of the pool.
            priority: Jobs of a lower number go first, newer ones before older ones.
            cancelled: Token that ends the job while it waits; the job makes one if None.

        Raises:
            JobCancelledError: The pool is closed.
        """
        job = Job(call, cancelled or threading.Event())
        with self._lock:
            if self._is_closed:
                raise JobCancelledError("the program is closing")
            self._push(job, priority)
            self._ensure_thread()
        return job

    def close(self, timeout_s: float = 0.0) -> bool:
        """Drop waiting jobs, cancel running ones and return whether all threads left in time.

        Waiting callers get `JobCancelledError`. Further calls do nothing.
        """
        deadline = time.monotonic() + timeout_s
        with self._lock:
            self._is_closed = True
            dropped = [job for _, _, job in self._heap]
            self._heap.clear()
            self._lock.notify_all()
        for job in dropped:
            job.cancel()
            job.fail(JobCancelledError("the program is closing"))
        with self._lock:
            while self._thread_count:
                remaining = deadline - time.monotonic()
                if remaining <= 0:
                    return False
                self._lock.wait(remaining)
        return True

    def _push(self, job: Job[T], priority: Priority) -> None:
        # The heap holds jobs of any type; nothing reads their results here.
        entry = (int(priority), -next(self._serial), job)
        heapq.heappush(self._heap, entry)  # type: ignore[misc]
        self._lock.notify()

    def _ensure_thread(self) -> None:
        if self._idle_count >= len(self._heap) or self._thread_count >= self._size:
            return
        self._thread_count += 1
        name = f"{self._name}-{self._thread_count}"
        threading.Thread(target=self._work, name=name, daemon=True).start()

    def _work(self) -> None:
        try:
            while (job := self._next()) is not None:
                job.run()
                del job  # a finished job's result must not live as long as an idle thread
        finally:
            with self._lock:
                self._thread_count -= 1
                self._lock.notify_all()

    def _next(self) -> Job[object] | None:
        with self._lock:
            deadline = time.monotonic() + self._idle_s
            while not self._heap:
                remaining = deadline - time.monotonic()
                if self._is_closed or remaining <= 0:
                    return None
                self._idle_count += 1
                self._lock.wait(remaining)
                self._idle_count -= 1
            return heapq.heappop(self._heap)[2]
