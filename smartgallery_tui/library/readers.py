"""Read files in worker processes: for scans of thousands of files, where Python's threads lose.

Chunks go round the workers in order and come back in order. A worker that dies (a native crash,
the kernel's memory killer) costs the one file that killed it.
"""

from __future__ import annotations

import fcntl
import os
import select
import signal
import subprocess
import sys
from collections import deque
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, Final, Self

from smartgallery_tui.library.read_rows import failed
from smartgallery_tui.library.reader_process import READY, receive, send
from smartgallery_tui.library.row_recipes import RowMakers
from smartgallery_tui.metadata import NO_RULES, Rules, version_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from smartgallery_tui.index.rows import ReadRow
    from smartgallery_tui.library.tasks import Task
    from smartgallery_tui.metadata import Orders, Vote

CHUNK: Final = 75
_AHEAD: Final = 2
"""Chunks that a worker has in hand: one at work, one waiting (both fit into a pipe)."""
_NICE: Final = 10
_PIPE_BYTES: Final = 256 * 1024
"""Room for the rows of a chunk: a worker that has written them goes on with the next."""
_PATIENCE_S: Final = 1.0
"""How long processes get to end by themselves."""
_DIED: Final = "could not be read: the reader process died of it"


class ReaderPool:
    """Worker processes that read files; they start at once. Use from one thread, and close it.

    Args:
        count: How many; 0 takes one for each core, four at most.
        rules: What a user taught about node classes.
        orders: Orders of widgets that other files showed, by class.
    """

    def __init__(
        self, count: int = 0, rules: Rules = NO_RULES, orders: Orders | None = None
    ) -> None:
        self._rules = rules
        self._orders = orders or {}
        self.votes: list[Vote] = []
        """What the files showed of the order of widgets."""
        self._count = count or min(4, os.cpu_count() or 1)
        self._processes: list[subprocess.Popen[bytes]] = []
        """The first of each group."""
        self._workers = self._started(self._count)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def close(self) -> None:
        """End the processes. Idempotent."""
        for worker in self._workers:
            worker.close()
        for process in self._processes:
            try:
                process.wait(_PATIENCE_S)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def _started(self, count: int) -> list[_Worker]:
        """Start a group of processes."""
        pipes = [(*_pipe(), *_pipe()) for _ in range(count)]
        theirs = [(questions, answers) for questions, _, _, answers in pipes]
        ends = [end for pair in theirs for end in pair]
        command = [sys.executable, "-P", "-m", "smartgallery_tui.library.reader_process"]
        command += [f"{questions},{answers}" for questions, answers in theirs]
        environment = dict(os.environ)
        # The package must be found also where it is not installed (a checkout).
        environment["PYTHONPATH"] = os.pathsep.join([entry for entry in sys.path if entry])
        process = subprocess.Popen(  # noqa: S603 - our own module
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, env=environment, start_new_session=True, pass_fds=ends,
        )  # fmt: skip
        # From the first moment on: what the user looks at comes before.
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, process.pid, _NICE)
        for end in ends:
            os.close(end)
        self._processes.append(process)
        taught = {name: dict(fields) for name, fields in self._rules.inputs.items()}
        known = {name: tuple(order) for name, order in self._orders.items()}
        made = [_Worker(ask, hear) for _, ask, hear, _ in pipes]
        for worker in made:
            worker.send((taught, self._rules.ignored, known))
        return made

    def is_ready(self) -> bool:
        """Whether all processes are up: that takes them a tenth of a second."""
        return all(worker.is_ready() for worker in self._workers)

    def read(self, tasks: Iterable[Task]) -> Iterator[list[ReadRow]]:
        """Yield the rows of `tasks`, in order, in chunks; takes tasks a few chunks ahead."""
        source = iter(tasks)
        waiting: deque[tuple[int, list[Task]]] = deque()
        for place in list(range(self._count)) * _AHEAD:
            self._feed(place, source, waiting)
        while waiting:
            place, chunk = waiting.popleft()
            try:
                rows = self._result(place)
            except (EOFError, OSError):
                rows = self._rescue(place, chunk, waiting)
            self._feed(place, source, waiting)
            yield rows

    def _feed(
        self, place: int, source: Iterator[Task], waiting: deque[tuple[int, list[Task]]]
    ) -> None:
        chunk = list(islice(source, CHUNK))
        if chunk:
            self._workers[place].ask(chunk)
            waiting.append((place, chunk))

    def _result(self, place: int) -> list[ReadRow]:
        rows, votes = self._workers[place].result()
        self.votes += votes
        return rows

    def _rescue(
        self, place: int, chunk: list[Task], waiting: deque[tuple[int, list[Task]]]
    ) -> list[ReadRow]:
        """Replace a dead worker, read its chunk file by file, and ask again for what it had."""
        rows: list[ReadRow] = []
        self._replace(place)
        for task in chunk:
            rows += self._read_alone(place, task)
        for other, pending in waiting:
            if other == place:
                self._workers[place].ask(pending)
        return rows

    def _read_alone(self, place: int, task: Task) -> list[ReadRow]:
        """Read one file; it is blamed only where two processes died of it."""
        for _attempt in range(2):
            try:
                self._workers[place].ask([task])
                return self._result(place)
            except (EOFError, OSError):
                self._replace(place)
        return [failed(task, _DIED, version_of(self._rules))]

    def _replace(self, place: int) -> None:
        self._workers[place].close()
        [self._workers[place]] = self._started(1)


class _Worker:
    """One process: what leads to it and comes from it."""

    def __init__(self, ask: int, hear: int) -> None:
        self._questions = os.fdopen(ask, "wb")
        self._answers = os.fdopen(hear, "rb")
        self._makers = RowMakers()
        self._has_said_ready = False

    def is_ready(self) -> bool:
        """Whether the process waits for tasks, or is dead."""
        return self._has_said_ready or bool(select.select([self._answers], [], [], 0)[0])

    def ask(self, tasks: Sequence[Task]) -> None:
        """Send tasks; a dead worker shows when its result is asked for."""
        self.send([tuple(task) for task in tasks])

    def send(self, value: object) -> None:
        """Send a frame; nothing happens where the worker is dead."""
        with suppress(OSError):
            send(self._questions, value)

    def result(self) -> tuple[list[ReadRow], list[Vote]]:
        """Wait for the rows of the oldest tasks, and what their files showed of widgets."""
        if not self._has_said_ready:
            self._has_said_ready = receive(self._answers) == READY
        briefed, votes = receive(self._answers)
        return self._makers.rows(briefed), votes

    def close(self) -> None:
        """Close both pipes: the process ends when it notices. Idempotent."""
        for stream in (self._questions, self._answers):
            with suppress(OSError):
                stream.close()


def _pipe() -> tuple[int, int]:
    """Return the reading and the writing end of a pipe with room for a chunk."""
    ends = os.pipe()
    with suppress(OSError):  # where the user's pipes may not be so large
        fcntl.fcntl(ends[0], fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
    return ends
