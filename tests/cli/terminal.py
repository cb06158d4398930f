"""A terminal for one child process: reads what it draws, answers its first question."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from typing import Self

from tests.cli.shown import Shown

PATIENCE_S = 60.0
"""How long a program may take on a busy machine to show something or to end."""


class Terminal:
    """Runs `smartgallery` with the given words on a new pseudo terminal.

    It answers the device attributes query and nothing else, as a plain terminal does.
    """

    def __init__(
        self, *words: object, program: list[str] | None = None, columns: int = 100, rows: int = 30
    ) -> None:
        self.seen = bytearray()
        self.shown = Shown(columns, rows)
        self._answered = 0
        self._code: int | None = None
        self.pid, self.fd = pty.fork()
        if self.pid == 0:  # pragma: no cover - the child
            argv = program or [sys.executable, "-m", "smartgallery_tui", *map(str, words)]
            os.execvp(argv[0], argv)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("4H", rows, columns, 0, 0))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._code is None:
            os.kill(self.pid, signal.SIGKILL)
            self.wait()
        if self.fd >= 0:
            os.close(self.fd)

    def read_until(self, wanted: str, seconds: float = PATIENCE_S) -> None:
        """Read until the terminal shows `wanted`, in whatever pieces it was drawn."""
        end = time.monotonic() + seconds
        while wanted not in self.shown.text():
            if time.monotonic() > end or not self._read(0.1, end):
                raise AssertionError(f"{wanted!r} is not shown:\n{self.shown.text()}")

    def send(self, keys: bytes) -> None:
        """Press keys."""
        os.write(self.fd, keys)

    def hang_up(self) -> None:
        """Close the terminal, as a lost connection does."""
        os.close(self.fd)
        self.fd = -1

    def wait(self, seconds: float = PATIENCE_S) -> int:
        """Return the exit code (minus the signal's number); fail if it takes longer."""
        end = time.monotonic() + seconds
        while self._code is None:
            if self.fd >= 0:
                self._read(0.02, end)
            done, status = os.waitpid(self.pid, os.WNOHANG)
            if done:
                self._code = os.waitstatus_to_exitcode(status)
            elif time.monotonic() > end:
                raise AssertionError(f"still running after {seconds} s")
        return self._code

    def is_cooked(self) -> bool:
        """Tell whether the terminal echoes and reads lines again."""
        flags = termios.tcgetattr(self.fd)[3]
        return bool(flags & termios.ECHO) and bool(flags & termios.ICANON)

    def _read(self, wait_s: float, end: float) -> bool:
        ready, _, _ = select.select([self.fd], [], [], wait_s)
        if not ready:
            return time.monotonic() < end
        try:
            data = os.read(self.fd, 65536)
        except OSError:  # the other side is closed
            return False
        self.seen += data
        self.shown.feed(data)
        asked = self.seen.count(b"\x1b[c")
        for _ in range(asked - self._answered):
            os.write(self.fd, b"\x1b[?62;22c")
        self._answered = asked
        return bool(data)
