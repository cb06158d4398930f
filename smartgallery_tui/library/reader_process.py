"""A worker process: reads files for a large scan. Started by `readers`, talks over its pipes.

Frames in both directions are a 4-byte length and a `marshal` value (both ends are the same
Python). The first frame says what is known of node classes; then lists of tasks come in, and their
files go out in brief (see `row_recipes`) with what they showed of the order of widgets. It ends
when its input does, so it never outlives the scan.

A process that is started with folders reads in them until it is asked something.

One process is started. When it hears `SPREAD` it forks the others: what it has imported and what
it has learned of graphs while the walk went on, they need not.
"""

from __future__ import annotations

import gc
import marshal
import os
import select
import struct
import sys
from contextlib import suppress
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from smartgallery_tui.library.early_reading import EarlyReading
from smartgallery_tui.library.reading import FileReader
from smartgallery_tui.library.tasks import Task
from smartgallery_tui.metadata import Rules

if TYPE_CHECKING:
    from typing import BinaryIO

LENGTH: Final = struct.Struct("<I")
READY: Final = "ready"
"""What a worker says first."""
SPREAD: Final = "spread"
"""Said to the first process: from now on there is work for all."""

Ends = tuple[int, int]
"""Where a process hears questions and where it answers."""


def send(stream: BinaryIO, value: Any) -> None:
    """Write one frame."""
    data = marshal.dumps(value)
    stream.write(LENGTH.pack(len(data)) + data)
    stream.flush()


def receive(stream: BinaryIO) -> Any:
    """Return the value of the next frame; raises what `receive_data` raises."""
    return value_of(receive_data(stream))


def receive_data(stream: BinaryIO) -> bytes:
    """Return the next frame as it comes.

    Raises:
        EOFError: The other end is gone.
    """
    (count,) = LENGTH.unpack(_exactly(stream, LENGTH.size))
    return _exactly(stream, count)


def _exactly(stream: BinaryIO, count: int) -> bytes:
    """Return so many bytes, also from a stream without a buffer."""
    data = stream.read(count)
    while len(data) < count:
        more = stream.read(count - len(data))
        if not more:
            raise EOFError
        data += more
    return data


def value_of(data: bytes) -> Any:
    """Return the value of a frame."""
    return marshal.loads(data)  # noqa: S302 - our own process wrote it


def main() -> None:
    """Serve until the input ends.

    The first argument is how many processes there may be. So many follow that name the two ends of
    the pipes of one, and then folders in which to read ahead.
    """
    count = int(sys.argv[1])
    own, *others = [
        (int(source), int(target))
        for source, _, target in [pair.partition(",") for pair in sys.argv[2 : count + 2]]
    ]
    # What is here now stays; what a file leaves behind holds no cycles worth a search.
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    with suppress(EOFError, BrokenPipeError, KeyboardInterrupt):
        _serve(own, others, sys.argv[count + 2 :])
    with suppress(ChildProcessError, KeyboardInterrupt):
        while True:
            os.wait()
    os._exit(0)


def _serve(own: Ends, others: list[Ends], folders: list[str]) -> None:
    with os.fdopen(own[0], "rb") as questions, os.fdopen(own[1], "wb") as answers:
        early = EarlyReading(FileReader())
        early.go_on_until(lambda: _is_asked(own[0]), folders)
        taught, ignored, orders = receive(questions)
        if taught or ignored or orders:
            early = EarlyReading(FileReader(Rules(taught, ignored), orders))
        gc.freeze()
        send(answers, READY)
        _answer(early, questions, answers)
        forked = _spread(others)
        if forked is None:
            _answer(early, questions, answers)
    if forked is not None:
        _serve_too(early.reader, forked)


def _is_asked(questions: int) -> bool:
    return bool(select.select([questions], [], [], 0)[0])


def _serve_too(reader: FileReader, own: Ends) -> None:
    """Serve with what was learned before the fork."""
    reader.tell_again()
    reader.take_votes()  # the first process has them, too, and tells them
    early = EarlyReading(reader)
    with os.fdopen(own[0], "rb") as questions, os.fdopen(own[1], "wb") as answers:
        receive(questions)  # the reader knows it
        send(answers, READY)
        _answer(early, questions, answers)


def _answer(early: EarlyReading, questions: BinaryIO, answers: BinaryIO) -> None:
    """Read files until there is work for other processes, too."""
    while (tasks := receive(questions)) != SPREAD:
        briefed = early.briefly([Task(*task) for task in tasks])
        send(answers, (briefed, early.reader.take_votes()))


def _spread(others: list[Ends]) -> Ends | None:
    """Fork a process for each pair of ends; return its ends in each, None in the first."""
    for place, ends in enumerate(others):
        is_new = os.fork() == 0
        for end in chain.from_iterable(others[place + 1 :] if is_new else [ends]):
            os.close(end)
        if is_new:
            return ends
    return None


if __name__ == "__main__":
    main()
