"""Reads what the terminal sends: whole escape sequences, without waiting longer than asked."""

from __future__ import annotations

import os
import select
import time
from codecs import getincrementaldecoder

from smartgallery_tui.terminal.torn_keys import TornKeys

_READ_BYTES = 4096


class Keyboard:
    """The input of a terminal as text for a key parser.

    Used by one thread.

    Args:
        descriptor: The terminal.
        escape_delay_s: A lone ESC is the key after this time.
    """

    def __init__(self, descriptor: int, escape_delay_s: float) -> None:
        self.is_ended = False
        """The terminal is gone."""
        self._descriptor = descriptor
        self._decode = getincrementaldecoder("utf-8")(errors="replace").decode
        self._torn = TornKeys(escape_delay_s)

    def read(self, timeout_s: float) -> str:
        """Return what may be parsed now, "" after `timeout_s`; the ESC key is not part of it."""
        wait_s = min(timeout_s, 0.02) if self._torn.is_holding else timeout_s
        if not select.select([self._descriptor], [], [], wait_s)[0]:
            return ""
        try:
            data = os.read(self._descriptor, _READ_BYTES)
        except OSError:
            data = b""
        if not data:
            self.is_ended = True
            return ""
        return self._torn.feed(self._decode(data), time.monotonic())

    def has_escape(self) -> bool:
        """Tell once that the ESC key was pressed: nothing followed it in time."""
        return self._torn.take_escape(time.monotonic())
