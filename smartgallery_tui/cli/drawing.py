"""The terminal that the app draws on: looked for, and lent to the streams that go elsewhere."""

from __future__ import annotations

import fcntl
import os
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from smartgallery_tui.errors import TerminalError

if TYPE_CHECKING:
    from collections.abc import Iterator

_DUMB = frozenset({"", "dumb", "unknown"})
_STDOUT, _STDERR = 1, 2


def require_terminal(*, draws_on_stdout: bool = True) -> None:
    """Make sure that there is a terminal to draw on and to read keys from.

    stderr may go to a file, and stdout, too, where the command prints there afterwards.

    Args:
        draws_on_stdout: stdout is what is drawn on.

    Raises:
        TerminalError: There is none.
    """
    streams = {"stdin": sys.stdin, "stdout": sys.stdout if draws_on_stdout else sys.stdin}
    for name, stream in streams.items():
        if stream is None or stream.closed or not stream.isatty():
            raise TerminalError(
                f"{name} is not a terminal; for scripts there are `find`, `inspect` and `scan`"
            )
    if os.environ.get("TERM", "") in _DUMB:
        raise TerminalError(
            "this terminal cannot be drawn on (TERM is dumb or not set); "
            "for scripts there are `find`, `inspect` and `scan`"
        )
    if sys.stdout is None or sys.stderr is None:
        raise TerminalError("stdout or stderr is closed; send it to a file or to /dev/null")


@contextmanager
def lend_terminal() -> Iterator[None]:
    """Let stdout and stderr mean the terminal meanwhile, wherever they go otherwise, in UTF-8.

    Textual draws on stderr and asks stdout for the size of the screen.

    Raises:
        TerminalError: No terminal can be written to.
    """
    _write_utf8()
    elsewhere = [number for number in (_STDOUT, _STDERR) if not os.isatty(number)]
    if not elsewhere:
        yield
        return
    terminal = _writable_terminal()
    kept = {number: os.dup(number) for number in elsewhere}
    try:
        _flush()
        for number in elsewhere:
            os.dup2(terminal, number)
        yield
    finally:
        _flush()
        for number, copy in kept.items():
            os.dup2(copy, number)
            os.close(copy)
        os.close(terminal)


def _writable_terminal() -> int:
    """Return a new descriptor of the terminal; the caller closes it."""
    for number in (_STDERR, _STDOUT, 0):
        with suppress(OSError):
            if os.isatty(number) and fcntl.fcntl(number, fcntl.F_GETFL) & os.O_ACCMODE:
                return os.dup(number)
    try:
        return os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError as error:
        raise TerminalError(
            f"no terminal can be drawn on: {error.strerror}; for scripts there is `find`"
        ) from error


def _write_utf8() -> None:
    """Draw in UTF-8: terminals read it whatever the locale says, which would spell blocks out."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):
            stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):
            stream.flush()
