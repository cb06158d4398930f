"""How fast the line to the terminal is: bytes that nobody sees, and when their answer comes."""

from __future__ import annotations

import os
import select
import sys
import time
from dataclasses import dataclass

from smartgallery_tui.terminal.asking import raw, write_all
from smartgallery_tui.terminal.pacing import QUERY
from smartgallery_tui.terminal.replies import parse_position

_LIMIT_S = 2.0
_PROBES = 3
_FIRST_BYTES = 16 * 1024
_MOST_BYTES = 1024 * 1024
_LONG_ENOUGH_S = 0.1
_PIECE_BYTES = 4096
_PADDING = b"\0"
"""Terminals ignore it; it was padding for those that needed time.

Source: ECMA-48, 8.3.88 (NUL).
"""


@dataclass(frozen=True, slots=True)
class LineSpeed:
    """What was measured."""

    rtt_s: float
    """Shortest time from a question to its answer."""
    bytes_per_s: float | None
    """None where the terminal stopped answering."""


def measure_line() -> LineSpeed | None:
    """Return the speed of the line; None without a terminal that answers. At most 3 seconds.

    Inside tmux this is the way to tmux, not to the terminal behind it.
    """
    if sys.__stdin__ is None or sys.__stderr__ is None:
        return None
    if not (sys.__stdin__.isatty() and sys.__stderr__.isatty()):
        return None
    reads, writes = sys.__stdin__.fileno(), sys.__stderr__.fileno()
    with raw(reads):
        until_s = time.monotonic() + _LIMIT_S
        times = [_time(reads, writes, 0, until_s) for _ in range(_PROBES)]
        answered = [seconds for seconds in times if seconds is not None]
        if not answered:
            return None
        rtt_s = min(answered)
        return LineSpeed(rtt_s, _rate(reads, writes, rtt_s, until_s))


def _rate(reads: int, writes: int, rtt_s: float, until_s: float) -> float | None:
    """Return bytes a second, from a burst that takes long enough to be measured."""
    size = _FIRST_BYTES
    while True:
        seconds = _time(reads, writes, size, until_s)
        if seconds is None:
            return None
        line_s = seconds - rtt_s
        if line_s >= _LONG_ENOUGH_S or size >= _MOST_BYTES:
            return size / max(line_s, 1e-6)
        size *= 4


def _time(reads: int, writes: int, size_bytes: int, until_s: float) -> float | None:
    """Return the seconds until a question behind so many bytes is answered."""
    started_s = time.monotonic()
    left = size_bytes
    while left > 0:
        piece = min(left, _PIECE_BYTES)
        if not write_all(writes, _PADDING * piece, until_s):
            return None
        left -= piece
    if not write_all(writes, QUERY.encode("ascii"), until_s):
        return None
    answer = b""
    while not parse_position(answer):
        wait_s = until_s - time.monotonic()
        if wait_s <= 0 or not select.select([reads], [], [], wait_s)[0]:
            return None
        answer += os.read(reads, 4096)
    return time.monotonic() - started_s
