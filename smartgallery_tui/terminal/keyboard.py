"""Reads what the terminal sends: whole escape sequences, without waiting longer than asked."""

from __future__ import annotations

import os
import select
import time
from codecs import getincrementaldecoder
from typing import TYPE_CHECKING

from smartgallery_tui.terminal.torn_keys import TornKeys

if TYPE_CHECKING:
    from collections.abc import Callable

QUESTION = "\x1b[c"
"""Every terminal answers it, in the order of what it sends."""
_READ_BYTES = 4096


class Keyboard:
    """The input of a terminal as text for a key parser.

    Used by one thread.

    Args:
        descriptor: The terminal.
        escape_delay_s: A lone ESC is the key after this time.
        ask: Sends `QUESTION` where a sequence may be torn on its way: a lone ESC is the key as
            soon as the answer is there. None: nothing is asked.
        heard: Gets all that comes, as it comes.
    """

    def __init__(
        self,
        descriptor: int,
        escape_delay_s: float,
        ask: Callable[[str], None] | None = None,
        heard: Callable[[bytes], None] | None = None,
    ) -> None:
        self.is_ended = False
        """The terminal is gone."""
        self._descriptor = descriptor
        self._decode = getincrementaldecoder("utf-8")(errors="replace").decode
        self._torn = TornKeys(escape_delay_s)
        self._ask = ask
        self._heard = heard

    def read(self, timeout_s: float) -> str:
        """Return what may be parsed now, "" after `timeout_s`."""
        torn = self._torn
        if torn.is_escape_held:
            timeout_s = min(timeout_s, max(0.0, torn.due_s - time.monotonic()))
        if not select.select([self._descriptor], [], [], timeout_s)[0]:
            return torn.take_escape(time.monotonic())
        try:
            data = os.read(self._descriptor, _READ_BYTES)
        except OSError:
            data = b""
        if not data:
            self.is_ended = True
            return ""
        if self._heard is not None:
            self._heard(data)
        text = torn.feed(self._decode(data), time.monotonic())
        if self._ask is not None and data.endswith(b"\x1b") and torn.may_ask():
            self._ask(QUESTION)
        return text
