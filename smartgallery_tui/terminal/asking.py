"""Asks the terminal once, before the app starts, what it can do.

One write carries all questions; the last is one that every terminal answers (primary device
attributes), so its answer ends the waiting, however long the line is. Everything that comes in
is read up to that answer: no reply is left to be taken for keys.
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
from dataclasses import replace
from typing import TYPE_CHECKING

from smartgallery_tui.terminal.kitty import wrap
from smartgallery_tui.terminal.replies import Replies, parse_replies
from smartgallery_tui.terminal.select_protocol import choose
from smartgallery_tui.terminal.tmux import TmuxClient, ask_tmux

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from smartgallery_tui.records import GraphicsName
    from smartgallery_tui.terminal.caps import TerminalCaps

DEADLINE_S = 2.0
"""Longest wait for a terminal that answers nothing."""
_QUIET_S = 0.05
"""Wait after the last answer for stragglers."""
_READ_BYTES = 4096
_QUERY_ID = 31
_KITTY_QUERY = f"\x1b_Gi={_QUERY_ID},s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\"
_NAME_QUERY = "\x1b[>q"
_CELL_QUERY = "\x1b[16t"
_SYNC_QUERY = "\x1b[?2026$p"
_ATTRIBUTES_QUERY = "\x1b[c"


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
    replies = Replies()
    client: TmuxClient | None = None
    if environment.get("TMUX"):
        client = ask_tmux(environment)
    descriptor = _terminal()
    if descriptor is not None:
        replies = _ask(descriptor, client, deadline_s)
        replies = replace(replies, window=window_size(descriptor))
    return choose(replies, override, environment, client)


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
        descriptor = _terminal()
    if descriptor is None:
        return None
    columns, rows, width_px, height_px = window_size(descriptor)
    if not (columns and rows and width_px and height_px):
        return None
    return max(1, width_px // columns), max(1, height_px // rows)


def _terminal() -> int | None:
    """Return the descriptor to talk to, or None where there is no terminal."""
    try:
        if sys.__stdin__ is None or sys.__stderr__ is None:
            return None
        if not (sys.__stdin__.isatty() and sys.__stderr__.isatty()):
            return None
        return sys.__stdin__.fileno()
    except (ValueError, OSError):
        return None


def _ask(descriptor: int, client: TmuxClient | None, deadline_s: float) -> Replies:
    is_tmux = client is not None
    questions = wrap(_KITTY_QUERY, is_tmux=is_tmux)
    if is_tmux:
        questions += wrap(_NAME_QUERY, is_tmux=True)
    questions += _NAME_QUERY + _CELL_QUERY + _SYNC_QUERY + _ATTRIBUTES_QUERY
    with _raw(descriptor):
        start = time.monotonic()
        if not _write(descriptor, questions.encode("ascii"), start + deadline_s):
            return Replies()
        answer, rtt_s = _read(descriptor, start, deadline_s, _has_attributes)
        if client is not None and client.has_passthrough and b"_G" not in answer:
            # What passes through tmux comes back later than tmux's own answers.
            late, _ = _read(descriptor, time.monotonic(), min(0.5, deadline_s), _has_kitty)
            answer += late
    return parse_replies(answer, rtt_ms=rtt_s * 1000)


@contextmanager
def _raw(descriptor: int) -> Iterator[None]:
    before = termios.tcgetattr(descriptor)
    try:
        tty.setraw(descriptor, termios.TCSANOW)
        yield
    finally:
        termios.tcsetattr(descriptor, termios.TCSANOW, before)


def _write(descriptor: int, data: bytes, until_s: float) -> bool:
    while data:
        left_s = until_s - time.monotonic()
        if left_s <= 0 or not select.select([], [descriptor], [], left_s)[1]:
            return False
        try:
            data = data[os.write(descriptor, data) :]
        except OSError:
            return False
    return True


def _has_attributes(answer: bytes) -> bool:
    return parse_replies(answer).attributes is not None


def _has_kitty(answer: bytes) -> bool:
    return parse_replies(answer).kitty is not None


def _read(
    descriptor: int,
    start_s: float,
    deadline_s: float,
    is_ended: Callable[[bytes], bool],
) -> tuple[bytes, float]:
    """Return all answers and the time to the last of them, in seconds."""
    answer = b""
    rtt_s = 0.0
    is_complete = False
    while True:
        left_s = start_s + deadline_s - time.monotonic()
        wait_s = _QUIET_S if is_complete else left_s
        if not is_complete and left_s <= 0:
            return answer, rtt_s
        if not select.select([descriptor], [], [], max(0.0, wait_s))[0]:
            return answer, rtt_s
        try:
            piece = os.read(descriptor, _READ_BYTES)
        except OSError:
            return answer, rtt_s
        if not piece:
            return answer, rtt_s
        answer += piece
        if not is_complete and is_ended(answer):
            is_complete = True
            rtt_s = time.monotonic() - start_s
