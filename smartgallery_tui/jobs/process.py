"""Run one external program under limits, so that it can neither hang, ask nor outlive us."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# Runs in a fresh, single-threaded interpreter: after a fork in a threaded program nothing but
# exec is safe, and the death signal must be set between the two. It survives the exec.
_LAUNCHER = """
import ctypes, os, resource, signal, sys
ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)
if os.getppid() != int(sys.argv[1]):
    os._exit(1)
for name, limit in (("RLIMIT_AS", int(sys.argv[2])), ("RLIMIT_CPU", int(sys.argv[3]))):
    hard = resource.getrlimit(getattr(resource, name))[1]
    limit = limit if hard < 0 else min(limit, hard)
    resource.setrlimit(getattr(resource, name), (limit, limit))
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
os.execv(sys.argv[4], sys.argv[4:])
"""

_CHUNK_BYTES = 1 << 16
_POLL_S = 0.1
_SHORT_POLL_S = 0.002


@dataclass(frozen=True, slots=True)
class ProcessLimits:
    """What a program may use."""

    wall_s: float
    """It is killed, with its children, when this time is over."""
    stdout_bytes: int = 64 << 20
    """It is killed when it has written more than this."""
    memory_bytes: int = 3 << 30
    """Address space."""
    stderr_bytes: int = 64 << 10
    """How much of the end of its messages is kept."""


@dataclass(frozen=True, slots=True)
class Finished:
    """How a program ended."""

    returncode: int
    """Negative: the signal that ended it."""
    stdout: bytes
    """Empty where a `sink` took it."""
    stderr: str
    """The end of its messages."""
    stopped_by: str
    """"": it ended by itself; else `time`, `output` or `cancelled`."""


def run(
    argv: Sequence[str],
    limits: ProcessLimits,
    *,
    cancelled: threading.Event | None = None,
    sink: Callable[[bytes], None] | None = None,
) -> Finished:
    """Run a program to its end and return what it wrote; blocks.

    It has no input, a session of its own (a Ctrl-C or a terminal of ours never reaches it), and
    the system kills it when we die. On a limit, a cancel or an exception its whole group is
    killed. Call from a worker thread that lives as long as the call.

    Args:
        argv: Absolute path of the program, then its arguments.
        limits: Time, output and memory.
        cancelled: Ends the program within 0.1 s when set.
        sink: Takes output as it comes, instead of it being collected.

    Raises:
        OSError: The interpreter that launches it cannot be started.
    """
    launcher = [sys.executable, "-I", "-S", "-c", _LAUNCHER, str(os.getpid())]
    launcher += [str(limits.memory_bytes), str(max(1, round(limits.wall_s * 4)))]
    child = subprocess.Popen(  # noqa: S603 - a list of arguments, no shell
        [*launcher, *argv],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    reader = _Reader(child, limits, cancelled, sink)
    try:
        reader.read_all()
    finally:
        _kill_group(child)
        reader.close()
    return Finished(child.returncode, bytes(reader.stdout), reader.message(), reader.stopped_by)


class _Reader:
    """Reads both pipes of a child until they close or a limit is reached."""

    def __init__(
        self,
        child: subprocess.Popen[bytes],
        limits: ProcessLimits,
        cancelled: threading.Event | None,
        sink: Callable[[bytes], None] | None,
    ) -> None:
        self._child = child
        self._limits = limits
        self._cancelled = cancelled or threading.Event()
        self._sink = sink
        self._deadline = time.monotonic() + limits.wall_s
        self._written = 0
        self._errors: deque[bytes] = deque()
        self._errors_bytes = 0
        self.stdout = bytearray()
        self.stopped_by = ""

    def read_all(self) -> None:
        with selectors.DefaultSelector() as selector:
            for pipe in (self._child.stdout, self._child.stderr):
                if pipe is not None:
                    selector.register(pipe, selectors.EVENT_READ)
            while selector.get_map() and not self._must_stop():
                for key, _ in selector.select(_POLL_S):
                    if not self._take(key.fileobj):  # type: ignore[arg-type]
                        selector.unregister(key.fileobj)
        # Pipes can close before the program ends; its time still counts.
        while not self._must_stop() and not _has_ended(self._child.pid):
            time.sleep(_SHORT_POLL_S)

    def message(self) -> str:
        """Return the end of what the program said."""
        tail = b"".join(self._errors)[-self._limits.stderr_bytes :]
        return tail.decode("utf-8", "replace")

    def close(self) -> None:
        for pipe in (self._child.stdout, self._child.stderr):
            if pipe is not None:
                pipe.close()

    def _take(self, pipe: IO[bytes]) -> bool:
        data = os.read(pipe.fileno(), _CHUNK_BYTES)
        if pipe is self._child.stderr:
            self._errors.append(data)
            self._errors_bytes += len(data)
            while self._errors_bytes - len(self._errors[0]) > self._limits.stderr_bytes:
                self._errors_bytes -= len(self._errors.popleft())
        elif self._sink is not None:
            self._written += len(data)
            self._sink(data)
        else:
            self._written += len(data)
            self.stdout += data
        return bool(data)

    def _must_stop(self) -> bool:
        if self._cancelled.is_set():
            self.stopped_by = "cancelled"
        elif time.monotonic() > self._deadline:
            self.stopped_by = "time"
        elif self._written > self._limits.stdout_bytes:
            self.stopped_by = "output"
        return bool(self.stopped_by)


def _has_ended(pid: int) -> bool:
    """Tell whether the child is dead, without reaping it: its group id must stay ours."""
    state = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    return state is not None


def _kill_group(child: subprocess.Popen[bytes]) -> None:
    """Kill whatever is left of the child's group, then reap the child."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
