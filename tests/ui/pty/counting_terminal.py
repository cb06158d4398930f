"""A terminal made of a pty: it answers like a brand, at a given distance and rate, and counts."""

from __future__ import annotations

import base64
import contextlib
import fcntl
import os
import pty
import re
import selectors
import signal
import struct
import termios
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tests.ui.pty.screen import Screen

if TYPE_CHECKING:
    from collections.abc import Callable

_QUERY = re.compile(
    rb"\x1b\[c|\x1b\[>0?q|\x1b\[16t|\x1b\[6n|\x1b\[\?(?P<mode>\d+)\$p"
    rb"|\x1b_G(?P<kitty>[^;\x1b]*a=q[^;\x1b]*);(?P<data>[^\x1b]*)\x1b{1,2}\\"
)
_LONGEST_QUERY = 80
_RESTS = b"\x1b]7777;rest\x07"
"""What the test app writes when it has nothing to do."""
PATIENCE_S = 60.0
"""How long a program may take on a busy machine."""


@dataclass(frozen=True)
class Brand:
    """What a terminal says of itself."""

    name: str = ""
    has_kitty: bool = False
    has_sixel: bool = False
    has_sync: bool = True
    answers: bool = True
    sees_files: bool = False
    """It runs on the same machine as the program."""


KITTY = Brand("kitty(0.41.1)", has_kitty=True)
FOOT = Brand("foot(1.21.0)", has_sixel=True)
LOCAL_KITTY = Brand("kitty(0.41.1)", has_kitty=True, sees_files=True)
WEZTERM = Brand("WezTerm 20240203-110809", has_kitty=True, has_sixel=True)
PLAIN = Brand(has_sync=False)
SILENT = Brand(answers=False)


@dataclass
class Step:
    """What came out between two moments."""

    data: bytes
    seconds: float
    """Until the first byte."""

    @property
    def pictures(self) -> int:
        """Pictures that were sent: kitty transmissions, sixels, inline pictures."""
        kitty = re.findall(rb"\x1b_Ga=T[^;\x1b]*;", self.data)
        sixel = re.findall(rb"\x1bP[0-9;]*q", self.data)
        inline = re.findall(rb"\x1b\]1337;File=", self.data)
        return len(kitty) + len(sixel) + len(inline)

    @property
    def picture_bytes(self) -> int:
        """Bytes of picture data."""
        codes = re.findall(
            rb"\x1b_G[^\x1b]*\x1b\\|\x1bP[^\x1b]*\x1b\\|\x1b\]1337[^\x07]*\x07", self.data
        )
        return sum(map(len, codes))


@dataclass
class CountingTerminal:
    """Runs a program on a pty.

    Args:
        argv: The program.
        brand: How the terminal answers.
        columns, rows: Size; cells are 10 x 20 pixels.
        rtt_s: Delay of every answer.
        rate: Bytes a second that the line takes, or None.
        env: Environment of the program.
    """

    argv: list[str]
    brand: Brand = KITTY
    columns: int = 120
    rows: int = 40
    rtt_s: float = 0.0
    rate: float | None = None
    env: dict[str, str] = field(default_factory=dict)
    output: bytearray = field(default_factory=bytearray)
    arrivals: list[tuple[float, int]] = field(default_factory=list)

    def __enter__(self) -> CountingTerminal:
        self._replies: deque[tuple[float, bytes]] = deque()
        self._lock = threading.Condition(threading.RLock())
        self._is_closed = False
        self.started = time.monotonic()
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            # Not execvp: readline has put the size of another terminal into C's environment.
            os.execvpe(self.argv[0], self.argv, {**os.environ, **self.env})
        self.resize(self.columns, self.rows)
        self._screen, self._seen = Screen(self.columns, self.rows), 0
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        return self

    def __exit__(self, *_: object) -> None:
        if not self._is_closed:
            self._kill()
        self._reader.join(5)
        os.close(self.master)

    def _kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)

    def resize(self, columns: int, rows: int, cell_px: tuple[int, int] = (10, 20)) -> None:
        """Change the size; the program gets SIGWINCH."""
        self.columns, self.rows = columns, rows
        size = struct.pack("HHHH", rows, columns, columns * cell_px[0], rows * cell_px[1])
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, size)

    @property
    def screen(self) -> Screen:
        """What is shown now."""
        with self._lock:
            self._screen.feed(bytes(self.output[self._seen :]))
            self._seen = len(self.output)
        return self._screen

    def become(self, brand: Brand) -> None:
        """Be another terminal from now on, with an empty screen."""
        with self._lock:
            self.brand = brand
            self._screen, self._seen = Screen(self.columns, self.rows), len(self.output)

    def shared_folder(self) -> Path:
        """Return the folder of the pictures that the terminal was told to read."""
        name = re.findall(rb"\x1b_Ga=T[^;]*,t=f,[^;]*;([^\x1b]*)", self.output)[-1]
        return Path(base64.b64decode(name).decode()).parent

    def send(self, keys: bytes) -> None:
        """Type."""
        os.write(self.master, keys)

    def wait_for(self, pattern: bytes, *, start: int = 0, timeout_s: float = PATIENCE_S) -> float:
        """Wait until a pattern came out; return the seconds since the start."""
        compiled = re.compile(pattern, re.DOTALL)
        until = time.monotonic() + timeout_s
        with self._lock:
            while not compiled.search(self.output, start):
                left = until - time.monotonic()
                assert left > 0, f"{pattern!r} did not come; got {bytes(self.output[-600:])!r}"
                assert not self._is_closed, bytes(self.output[-2000:])
                self._lock.wait(left)
        return time.monotonic() - self.started

    def wait_until(self, is_reached: Callable[[], bool], timeout_s: float = PATIENCE_S) -> None:
        """Wait until the screen is as it should be; looked at whenever something came out."""
        until = time.monotonic() + timeout_s
        while True:
            with contextlib.suppress(AssertionError):  # half a frame shows anything
                if is_reached():
                    return
            assert time.monotonic() < until, self.screen.text()
            with self._lock:
                self._lock.wait(0.2)

    def settle(self, quiet_s: float = 0.3, timeout_s: float = PATIENCE_S) -> None:
        """Wait until nothing has come out for a while."""
        until = time.monotonic() + timeout_s
        with self._lock:
            while True:
                last = self.arrivals[-1][0] if self.arrivals else self.started
                left = last + quiet_s - time.monotonic()
                if left <= 0:
                    return
                assert time.monotonic() < until, "the terminal never came to rest"
                self._lock.wait(left)

    def rest(self) -> None:
        """Wait until the program has done all that was asked, pictures included."""
        at = len(self.output)
        self.send(b"B")
        self.wait_for(re.escape(_RESTS), start=at)

    def step(self, keys: bytes, quiet_s: float | None = None) -> Step:
        """Type and return what came out until the program had done all of it.

        Args:
            keys: What is typed.
            quiet_s: For programs that do not say when they rest: how long nothing may come.
        """
        with self._lock:
            start, count = len(self.output), len(self.arrivals)
        sent = time.monotonic()
        self.send(keys)
        if quiet_s is None:
            self.rest()
        else:
            with self._lock:
                self._lock.wait_for(lambda: len(self.arrivals) > count, PATIENCE_S)
            self.settle(quiet_s)
        with self._lock:
            first = self.arrivals[count][0] - sent if len(self.arrivals) > count else 0.0
            return Step(bytes(self.output[start:]).replace(_RESTS, b""), first)

    def exit_code(self, timeout_s: float = PATIENCE_S) -> int:
        """Wait for the program's end and return its code."""
        self._reader.join(timeout_s)
        assert self._is_closed, "the program still runs"
        _, status = os.waitpid(self.pid, 0)
        return os.waitstatus_to_exitcode(status)

    def _read(self) -> None:
        selector = selectors.DefaultSelector()
        selector.register(self.master, selectors.EVENT_READ)
        seen = 0
        most = 65536 if self.rate is None else max(256, int(self.rate * 0.01))
        with selector:
            while True:
                self._reply_due()
                if not selector.select(0.005 if self._replies else 0.05):
                    continue
                try:
                    data = os.read(self.master, most)
                except OSError:
                    data = b""
                if not data:
                    break
                if self.rate is not None:
                    time.sleep(len(data) / self.rate)
                with self._lock:
                    self.output += data
                    self.arrivals.append((time.monotonic(), len(data)))
                    self._lock.notify_all()
                seen = self._look_for_queries(seen)
        with self._lock:
            self._is_closed = True
            self._lock.notify_all()

    def _look_for_queries(self, seen: int) -> int:
        window = bytes(self.output[max(0, seen) :])
        end = 0
        for match in _QUERY.finditer(window):
            end = match.end()
            answer = self._answer(match)
            if answer and self.brand.answers:
                self._replies.append((time.monotonic() + self.rtt_s, answer))
        return max(seen + end, len(self.output) - _LONGEST_QUERY)

    def _reply_due(self) -> None:
        while self._replies and self._replies[0][0] <= time.monotonic():
            os.write(self.master, self._replies.popleft()[1])

    def _answer(self, match: re.Match[bytes]) -> bytes:
        query = match[0]
        if match["kitty"]:
            return self._answer_kitty(match["kitty"], match["data"])
        if match["mode"]:
            is_known = match["mode"] == b"2026" and self.brand.has_sync
            return b"\x1b[?%s;%d$y" % (match["mode"], 2 if is_known else 0)
        if query == b"\x1b[c":
            return b"\x1b[?62;4;22c" if self.brand.has_sixel else b"\x1b[?62;22c"
        if query == b"\x1b[16t":
            return b"\x1b[6;20;10t"
        if query == b"\x1b[6n":
            return b"\x1b[1;1R"
        return b"\x1bP>|%s\x1b\\" % self.brand.name.encode() if self.brand.name else b""

    def _answer_kitty(self, keys: bytes, data: bytes) -> bytes:
        number = re.search(rb"i=(\d+)", keys)
        if not self.brand.has_kitty or number is None:
            return b""
        is_seen = b"t=f" not in keys
        if self.brand.sees_files and not is_seen:
            is_seen = Path(base64.b64decode(data).decode()).read_bytes() == bytes(3)
        return b"\x1b_Gi=%s;%s\x1b\\" % (number[1], b"OK" if is_seen else b"EBADF:not here")
