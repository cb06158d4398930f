"""Writes data to stdout and sentences to stderr, harmless where the target is a terminal."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from typing import TYPE_CHECKING, TextIO

from smartgallery_tui.terminal.safe_text import safe

if TYPE_CHECKING:
    from collections.abc import Iterable


class Output:
    """One stream of the process.

    On a terminal every line goes through the sanitiser; elsewhere text leaves as it is, and
    undecodable bytes of file names leave as those very bytes.
    """

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream
        self.is_terminal = stream is not None and not stream.closed and stream.isatty()

    def line(self, text: str = "") -> None:
        """Write one line; what would break or escape it is replaced on a terminal."""
        if self._stream is None:
            return
        if self.is_terminal:
            self._show(safe(text) + "\n")
        else:
            self.raw(_encode(text + "\n"))

    def lines(self, texts: Iterable[str]) -> None:
        """Write several lines."""
        for text in texts:
            self.line(text)

    def json(self, value: object) -> None:
        r"""Write a value as one line of ASCII JSON; undecodable bytes become `\udcXX`."""
        self.line(json.dumps(value, ensure_ascii=True, allow_nan=False))

    def raw(self, data: bytes) -> None:
        """Write bytes unchanged; nothing untrusted may go to a terminal this way."""
        if self._stream is None:
            return
        self._stream.flush()
        self._stream.buffer.write(data)

    def status(self, text: str) -> None:
        """Replace the current line of a terminal; does nothing elsewhere."""
        if self._stream is not None and self.is_terminal:
            width = _columns(self._stream)
            self._show("\r\x1b[K" + safe(text)[: max(1, width - 1)])

    def end_status(self) -> None:
        """Clear the line that `status` wrote."""
        if self._stream is not None and self.is_terminal:
            self._show("\r\x1b[K")

    def _show(self, text: str) -> None:
        """Write to a terminal, in UTF-8: an old locale has no bytes for most names."""
        self.raw(text.encode("utf-8", "replace"))
        self.flush()

    def flush(self) -> None:
        """Send what is buffered."""
        if self._stream is not None:
            self._stream.flush()


def stdout() -> Output:
    """Return the stream for data."""
    return Output(sys.stdout)


def stderr() -> Output:
    """Return the stream for people."""
    return Output(sys.stderr)


def complain(text: str) -> None:
    """Write one line to stderr; never fails, however broken the stream is."""
    with contextlib.suppress(OSError, ValueError):
        errors = stderr()
        errors.line(f"smartgallery: {' '.join(text.split())}")
        errors.flush()


def silence(stream: TextIO | None) -> None:
    """Point a stream whose reader has gone at nothing, so that flushing at exit is quiet."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, stream.fileno())  # type: ignore[union-attr]
        os.close(nothing)


def _encode(text: str) -> bytes:
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # a lone surrogate that no file name can hold
        return text.encode("utf-8", "backslashreplace")


def _columns(stream: TextIO) -> int:
    try:
        return os.get_terminal_size(stream.fileno()).columns or 80
    except (OSError, ValueError):
        return 80
