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

from smartgallery_tui.library.reading import FileReader, Task
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
    """Serve until the input ends."""
    # Nothing that is printed by accident may get between the frames.
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        inputs, ignored, orders = receive(sys.stdin.buffer)
        reader = FileReader(Rules(inputs, ignored), orders)
    except (EOFError, KeyboardInterrupt):
        return
    # What is here now stays; what a file leaves behind holds no cycles worth a search.
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    with suppress(BrokenPipeError):
        send(output, READY)
    while True:
        try:
            tasks = receive(sys.stdin.buffer)
            briefed = reader.briefly([Task(*task) for task in tasks])
            send(output, (briefed, reader.take_votes()))
        except (EOFError, BrokenPipeError, KeyboardInterrupt):
            return


if __name__ == "__main__":
    main()
