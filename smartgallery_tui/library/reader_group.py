"""Starts processes that read files; `readers` gives them work.

Imports little: a command that will read thousands of files starts them before all else, and they
load what they need beside it.
"""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_NICE: Final = 10
_MOST: Final = 4
_PIPE_BYTES: Final = 1 << 20
"""Room for the rows of some chunks: a worker that has written them goes on with the next."""
_PATIENCE_S: Final = 1.0
"""How long processes get to end by themselves."""

Ends = tuple[int, int]
"""Where a process is asked and where it is heard."""


def reader_count(workers: int) -> int:
    """Return how many processes read for a setting; 0 chooses by the number of cores."""
    return workers or min(_MOST, os.cpu_count() or 1)


class ReaderGroup:
    """A process that reads files, which forks others when there is work for them.

    Args:
        count: How many there may be.
        folders: Where it reads ahead until it is asked.

    Raises:
        OSError: The machine can start no more; no pipe is left open.
    """

    def __init__(self, count: int, folders: Sequence[str] = ()) -> None:
        with ExitStack() as failing:
            pipes = [(*_pipe(failing), *_pipe(failing)) for _ in range(count)]
            theirs = [(questions, answers) for questions, _, _, answers in pipes]
            self._process = _started(theirs, folders)
            failing.pop_all()
        for questions, _, _, answers in pipes:
            os.close(questions)
            os.close(answers)
        self._ends: list[Ends] = [(ask, hear) for _, ask, hear, _ in pipes]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    @property
    def pid(self) -> int:
        """Of the first process, and of the group."""
        return self._process.pid

    @property
    def count(self) -> int:
        """How many processes may be asked; 0 once they were taken."""
        return len(self._ends)

    def take_ends(self) -> list[Ends]:
        """Return our ends of the pipes of each process; who takes them closes them."""
        ends, self._ends = self._ends, []
        return ends

    def close(self) -> None:
        """End the processes, at once where nobody has taken them. Idempotent."""
        ends = self.take_ends()
        for end in (end for pair in ends for end in pair):
            os.close(end)
        if ends:
            self._kill()
        try:
            self._process.wait(_PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._kill()
            self._process.wait()

    def _kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)


def early_group(data_dir: Path, folders: Sequence[str], workers: int) -> ReaderGroup | None:
    """Return a group for a library that is about to be made of some folders, else None.

    All its files will be read. While the library opens the group loads what reading needs, and
    reads the first of them.
    """
    count = reader_count(workers)
    if count == 1:
        return None
    try:
        return None if (data_dir / "index.db").exists() else ReaderGroup(count, folders)
    except OSError:  # no memory left for more, and this process reads alone; or nobody may look
        return None


def _started(theirs: list[Ends], folders: Sequence[str]) -> subprocess.Popen[bytes]:
    """Start the first process of a group; it has their ends of the pipes."""
    command = [sys.executable, "-P", "-m", "smartgallery_tui.library.reader_process"]
    command += [str(len(theirs)), *[f"{questions},{answers}" for questions, answers in theirs]]
    command += folders
    environment = dict(os.environ)
    # The package must be found also where it is not installed (a checkout).
    environment["PYTHONPATH"] = os.pathsep.join([entry for entry in sys.path if entry])
    process = subprocess.Popen(  # noqa: S603 - our own module
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env=environment, process_group=0, pass_fds=[end for pair in theirs for end in pair],
    )  # fmt: skip
    # From the first moment on: what the user looks at comes before, and so does the writer of what
    # was read. In a group of its own, not a session: Linux weighs the processes of one session
    # against each other by their niceness, and sessions as equals (`autogroup`).
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, process.pid, _NICE)
    return process


def _pipe(failing: ExitStack) -> tuple[int, int]:
    """Return the reading and the writing end of a pipe with room for a chunk.

    Args:
        failing: Closes both unless it is told otherwise.
    """
    ends = os.pipe()
    for end in ends:
        failing.callback(os.close, end)
    with suppress(OSError):  # where the user's pipes may not be so large
        fcntl.fcntl(ends[0], fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
    return ends
