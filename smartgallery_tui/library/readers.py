"""Read files in worker processes: for scans of thousands of files, where Python's threads lose.

Chunks go round the workers in order and come back in order. A worker that dies (a native crash,
the kernel's memory killer) costs the one file that killed it.
"""

from __future__ import annotations

import fcntl
import os
import select
from collections import deque
from contextlib import suppress
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Final, Self

from smartgallery_tui.library.answers import Answer
from smartgallery_tui.library.read_rows import failed
from smartgallery_tui.library.reader_group import ReaderGroup, reader_count
from smartgallery_tui.library.reader_process import (
    READY,
    SPREAD,
    receive,
    receive_data,
    send,
    value_of,
)
from smartgallery_tui.library.row_recipes import RowMakers
from smartgallery_tui.metadata import NO_RULES, Rules, version_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from smartgallery_tui.index.rows import ReadRow
    from smartgallery_tui.library.row_recipes import Briefed
    from smartgallery_tui.library.tasks import Task
    from smartgallery_tui.metadata import Orders, Vote

CHUNK: Final = 75
_IN_HAND: Final = 10
"""Chunks that a worker has in hand at most, at work or answered and not fetched: enough for the
time that a batch takes to be written."""
_ANSWER_BYTES: Final = 100 * 1024
"""What a chunk's rows take, on their way: more of them are asked for only where they have room."""
_MOST_WAITING: Final = 100
"""Chunks whose rows wait to be taken: as they came from the processes, some 8 MB."""
_DIED: Final = "could not be read: the reader process died of it"


class ReaderPool:
    """Worker processes that read files. Use from one thread, and close it.

    The first one starts at once and may read ahead; the others join it when `read` begins.

    Args:
        count: How many; 0 takes one for each core, four at most.
        rules: What a user taught about node classes.
        orders: Orders of widgets that other files showed, by class.
        group: Processes that are up already; taken where they are as many.

    Raises:
        OSError: The machine can start no more processes.
    """

    def __init__(
        self,
        count: int = 0,
        rules: Rules = NO_RULES,
        orders: Orders | None = None,
        group: ReaderGroup | None = None,
    ) -> None:
        self._rules = rules
        self._orders = orders or {}
        self.votes: list[Vote] = []
        """What the files whose rows were made showed of the order of widgets."""
        self._count = reader_count(count)
        self._groups: list[ReaderGroup] = []
        self._waiting: deque[tuple[int, list[Task]]] = deque()
        """Chunks whose rows are not fetched, and which worker has each."""
        self._is_spread = False
        is_fit = group is not None and group.count == self._count
        self._workers = self._taken(group if is_fit and group else ReaderGroup(self._count))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def close(self) -> None:
        """End the processes. Idempotent."""
        self.hang_up()
        for group in self._groups:
            group.close()

    def hang_up(self) -> None:
        """Let the processes end: nothing more will be asked. Idempotent."""
        for worker in self._workers:
            worker.close()

    def _taken(self, group: ReaderGroup) -> list[_Worker]:
        """Return the processes of a group, told what they need to know."""
        self._groups.append(group)
        taught = {name: dict(fields) for name, fields in self._rules.inputs.items()}
        known = {name: tuple(order) for name, order in self._orders.items()}
        made = [_Worker(ask, hear) for ask, hear in group.take_ends()]
        for worker in made:
            worker.send((taught, self._rules.ignored, known))
        return made

    def is_ready(self) -> bool:
        """Whether the first process is up: that takes it a tenth of a second."""
        return self._workers[0].is_ready()

    def wants_more(self) -> bool:
        """Whether the first process would have nothing to do soon, and rows may wait."""
        return self._is_wanting(self._workers[0])

    def read_ahead(self, tasks: Sequence[Task]) -> None:
        """Have the first process read files; their rows are the first that `read` yields."""
        self._ask(0, list(tasks))

    def read(self, tasks: Iterable[Task]) -> Iterator[Answer]:
        """Yield the rows of `tasks`, in order, in chunks; takes tasks a few chunks ahead."""
        if not self._is_spread:
            self._workers[0].send(SPREAD)
            self._is_spread = True
        source = iter(tasks)
        self._feed(source)
        while self._waiting:
            place, chunk = self._waiting.popleft()
            try:
                answer = self._answer(place, len(chunk))
            except (EOFError, OSError):
                rows = self._rescue(place, chunk)
                answer = Answer(len(rows), partial(list, rows))
            self._feed(source)
            yield answer

    def _feed(self, source: Iterator[Task]) -> None:
        """Give each worker what it can do soon, one chunk after the other in turn."""
        wanting = [place for place in range(self._count) if self._is_wanting(self._workers[place])]
        while wanting:
            for place in wanting:
                chunk = list(islice(source, CHUNK))
                if not chunk:
                    return
                self._ask(place, chunk)
            wanting = [place for place in wanting if self._is_wanting(self._workers[place])]

    def _is_wanting(self, worker: _Worker) -> bool:
        worker.fetch()
        return worker.in_hand < worker.room and len(self._waiting) < _MOST_WAITING

    def _ask(self, place: int, chunk: list[Task]) -> None:
        self._workers[place].ask(chunk)
        self._waiting.append((place, chunk))

    def _answer(self, place: int, count: int) -> Answer:
        """Wait for the oldest answer of a worker."""
        worker = self._workers[place]
        return Answer(count, partial(self._rows, worker.answer(), worker.makers))

    def _rows(self, data: bytes, makers: RowMakers) -> list[ReadRow]:
        """Return the rows that an answer says in brief."""
        briefed: Briefed
        briefed, votes = value_of(data)
        self.votes += votes
        return makers.rows(briefed)

    def _rescue(self, place: int, chunk: list[Task]) -> list[ReadRow]:
        """Replace a dead worker, read its chunk file by file, and ask again for what it had."""
        rows: list[ReadRow] = []
        self._replace(place)
        for task in chunk:
            rows += self._read_alone(place, task)
        for other, pending in self._waiting:
            if other == place:
                self._workers[place].ask(pending)
        return rows

    def _read_alone(self, place: int, task: Task) -> list[ReadRow]:
        """Read one file; it is blamed only where two processes died of it."""
        for _attempt in range(2):
            try:
                self._workers[place].ask([task])
                return self._answer(place, 1).rows()
            except (EOFError, OSError):
                self._replace(place)
        return [failed(task, _DIED, version_of(self._rules))]

    def _replace(self, place: int) -> None:
        self._workers[place].close()
        [self._workers[place]] = self._taken(ReaderGroup(1))


class _Worker:
    """One process: what leads to it and comes from it."""

    def __init__(self, ask: int, hear: int) -> None:
        self._questions = os.fdopen(ask, "wb")
        # Without a buffer: what lies in one is no news to `select`.
        self._answers = os.fdopen(hear, "rb", buffering=0)
        self.makers: Final = RowMakers()
        self._has_said_ready = False
        self._fetched: deque[bytes] = deque()
        room_bytes = fcntl.fcntl(hear, fcntl.F_GETPIPE_SZ)
        self.room = min(max(2, room_bytes // _ANSWER_BYTES), _IN_HAND)
        """How many chunks it may have in hand."""
        self.in_hand = 0
        """How many questions it has been asked whose answers are not here."""

    def is_ready(self) -> bool:
        """Whether the process waits for tasks, or is dead."""
        return self._has_said_ready or self._has_answered()

    def _has_answered(self) -> bool:
        return bool(select.select([self._answers], [], [], 0)[0])

    def ask(self, tasks: Sequence[Task]) -> None:
        """Send tasks; a dead worker shows when its result is asked for."""
        self.in_hand += 1
        self.send([tuple(task) for task in tasks])

    def send(self, value: object) -> None:
        """Send a frame; nothing happens where the worker is dead."""
        with suppress(OSError):
            send(self._questions, value)

    def answer(self) -> bytes:
        """Wait for what it says of the oldest tasks."""
        return self._fetched.popleft() if self._fetched else self._next()

    def fetch(self) -> None:
        """Take what the process has answered; a dead one shows when its result is asked for."""
        with suppress(EOFError, OSError):
            while self._has_answered():
                if self._has_said_ready:
                    self._fetched.append(self._next())
                else:
                    self._hear_ready()

    def _next(self) -> bytes:
        if not self._has_said_ready:
            self._hear_ready()
        data = receive_data(self._answers)
        self.in_hand -= 1
        return data

    def _hear_ready(self) -> None:
        self._has_said_ready = receive(self._answers) == READY

    def close(self) -> None:
        """Close both pipes: the process ends when it notices. Idempotent."""
        for stream in (self._questions, self._answers):
            with suppress(OSError):
                stream.close()
