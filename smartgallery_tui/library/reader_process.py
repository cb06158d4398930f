"""A worker process: reads files for a large scan. Started by `readers`, talks over its pipes.

Frames in both directions are a 4-byte length and a `marshal` value (both ends are the same
Python). The first frame says what is known of node classes; then a list of tasks comes in, and
their files go out in brief (see `row_recipes`) with what they showed of the order of widgets. It
ends when its input does, so it never outlives the scan.
"""

from __future__ import annotations

import gc
import marshal
import os
import struct
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from smartgallery_tui.library.reading import FileReader
from smartgallery_tui.library.tasks import Task
from smartgallery_tui.metadata import Rules

if TYPE_CHECKING:
    from typing import BinaryIO

LENGTH: Final = struct.Struct("<I")
READY: Final = "ready"
"""What a worker says first."""


def send(stream: BinaryIO, value: Any) -> None:
    """Write one frame."""
    data = marshal.dumps(value)
    stream.write(LENGTH.pack(len(data)) + data)
    stream.flush()


def receive(stream: BinaryIO) -> Any:
    """Return the value of the next frame.

    Raises:
        EOFError: The other end is gone.
    """
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        raise EOFError
    (count,) = LENGTH.unpack(head)
    data = stream.read(count)
    if len(data) < count:
        raise EOFError
    return marshal.loads(data)  # noqa: S302 - our own process wrote it


def main() -> None:
    """Serve until the input ends.

    Each argument names the two ends of pipes of one process. The first process forks the others:
    what it took a tenth of a second to import is there at once. It goes last.
    """
    pipes = [
        (int(source), int(target))
        for source, _, target in [pair.partition(",") for pair in sys.argv[1:]]
    ]
    gc.freeze()
    mine = 0
    for place in range(1, len(pipes)):
        if os.fork() == 0:
            mine = place
            break
    for place, ends in enumerate(pipes):
        for end in ends if place != mine else ():
            os.close(end)
    source, target = pipes[mine]
    with (
        suppress(EOFError, BrokenPipeError, KeyboardInterrupt),
        os.fdopen(source, "rb") as questions,
    ):
        _serve(questions, os.fdopen(target, "wb"))
    with suppress(ChildProcessError, KeyboardInterrupt):
        while True:
            os.wait()
    os._exit(0)


def _serve(questions: BinaryIO, answers: BinaryIO) -> None:
    inputs, ignored, orders = receive(questions)
    reader = FileReader(Rules(inputs, ignored), orders)
    # What is here now stays; what a file leaves behind holds no cycles worth a search.
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    send(answers, READY)
    while True:
        tasks = receive(questions)
        briefed = reader.briefly([Task(*task) for task in tasks])
        send(answers, (briefed, reader.take_votes()))


if __name__ == "__main__":
    main()
