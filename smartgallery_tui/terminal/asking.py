"""Asks the terminal once, before the app starts, what it can do.

Everything that comes in is read up to the last answer: no reply is left to be taken for keys.
"""

from __future__ import annotations

import array
import fcntl
import os
import select
import sys
import termios
import time
import tty
from contextlib import contextmanager
from typing import TYPE_CHECKING

from smartgallery_tui.terminal.inquiry import Inquiry
from smartgallery_tui.terminal.tmux import ask_tmux

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from smartgallery_tui.records import GraphicsName
    from smartgallery_tui.terminal.caps import TerminalCaps
    from smartgallery_tui.terminal.tmux import TmuxClient

DEADLINE_S = 2.0
"""Longest wait for a terminal that answers nothing."""
_QUIET_S = 0.05
"""Wait after the last answer for stragglers."""
_READ_BYTES = 4096


def probe(
    override: GraphicsName = "auto",
    env: Mapping[str, str] | None = None,
    *,
    deadline_s: float = DEADLINE_S,
) -> TerminalCaps:
    """Return what the terminal can do; takes one round trip, at most `deadline_s`.

    Call before Textual starts: nobody else may read the terminal meanwhile. Where stdin or stderr
    is no terminal nothing is asked and half blocks are assumed.

    Args:
        override: A protocol to use whatever the terminal says, or `auto`.
        env: Environment variables; the process's own by default.
        deadline_s: Longest wait for the last answer.
    """
    environment = os.environ if env is None else env
    client = ask_tmux(environment) if environment.get("TMUX") else None
    inquiry = Inquiry(override, environment, client)
    window = (0, 0, 0, 0)
    terminal = _terminal()
    if terminal is not None:
        _ask(*terminal, inquiry, deadline_s)
        window = window_size(terminal[0])
    return inquiry.caps(window)


def live_inquiry(override: GraphicsName, client: TmuxClient | None) -> Inquiry:
    """Return a question that can be put while the app reads the keys."""
    return Inquiry(override, os.environ, client, is_live=True)


def terminal_window() -> tuple[int, int, int, int]:
    """Return `window_size` of our terminal."""
    terminal = _terminal()
    return window_size(terminal[0]) if terminal is not None else (0, 0, 0, 0)


def probe_again(caps: TerminalCaps) -> TerminalCaps:
    """Return what the terminal can do after the program was away from it.

    Call while nobody else reads the terminal. In the background nothing is asked and `caps` is
    returned: the shell has the terminal.
    """
    terminal = _terminal()
    try:
        is_ours = terminal is not None and os.tcgetpgrp(terminal[0]) == os.getpgrp()
    except OSError:
        is_ours = False
    return probe(caps.asked) if is_ours else caps


def window_size(descriptor: int) -> tuple[int, int, int, int]:
    """Return columns, rows, width and height in pixels of a terminal; zeros where unknown."""
    numbers = array.array("H", [0, 0, 0, 0])
    try:
        fcntl.ioctl(descriptor, termios.TIOCGWINSZ, numbers)
    except OSError:
        return 0, 0, 0, 0
    rows, columns, width_px, height_px = numbers
    return columns, rows, width_px, height_px


def cell_size(descriptor: int | None = None) -> tuple[int, int] | None:
    """Return the size of a cell in pixels as the kernel knows it now, or None.

    Cheap: for every resize, as a font zoom changes it.
    """
    if descriptor is None:
        terminal = _terminal()
        if terminal is None:
            return None
        descriptor = terminal[0]
    columns, rows, width_px, height_px = window_size(descriptor)
    if not (columns and rows and width_px and height_px):
        return None
    return max(1, width_px // columns), max(1, height_px // rows)


def _terminal() -> tuple[int, int] | None:
    """Return where to read the terminal and where to write to it, or None where there is none.

    What is read may not be writable: `< /dev/tty`.
    """
    try:
        if sys.__stdin__ is None or sys.__stderr__ is None:
            return None
        if not (sys.__stdin__.isatty() and sys.__stderr__.isatty()):
            return None
        return sys.__stdin__.fileno(), sys.__stderr__.fileno()
    except (ValueError, OSError):
        return None


def _ask(reads: int, writes: int, inquiry: Inquiry, deadline_s: float) -> None:
    with raw(reads):
        until_s = time.monotonic() + deadline_s
        if write_all(writes, inquiry.text.encode("ascii"), until_s):
            _read(reads, until_s, inquiry.hear)


@contextmanager
def raw(descriptor: int) -> Iterator[None]:
    """Take the terminal's input byte by byte and unechoed meanwhile."""
    before = termios.tcgetattr(descriptor)
    try:
        tty.setraw(descriptor, termios.TCSANOW)
        yield
    finally:
        termios.tcsetattr(descriptor, termios.TCSANOW, before)


def write_all(descriptor: int, data: bytes, until_s: float) -> bool:
    """Write everything, or return False at a time of the monotonic clock."""
    while data:
        left_s = until_s - time.monotonic()
        if left_s <= 0 or not select.select([], [descriptor], [], left_s)[1]:
            return False
        try:
            data = data[os.write(descriptor, data) :]
        except OSError:
            return False
    return True


def _read(descriptor: int, until_s: float, hear: Callable[[bytes], bool]) -> None:
    """Read until everything was heard and nothing follows, or until `until_s`."""
    is_complete = False
    while True:
        wait_s = _QUIET_S if is_complete else until_s - time.monotonic()
        if wait_s <= 0 or not select.select([descriptor], [], [], wait_s)[0]:
            return
        try:
            piece = os.read(descriptor, _READ_BYTES)
        except OSError:
            return
        if not piece:
            return
        is_complete = hear(piece) or is_complete
