"""The last key that widgets were given and that is no text: Backspace, an arrow, `E` in a list."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from textual.widgets import Input, TextArea

if TYPE_CHECKING:
    from textual import events
    from textual.widget import Widget

LIMIT_S = 2.0
"""A key that has not come back after this time will not: its field is gone."""


class KeyOnItsWay:
    """Tells when the next key may follow.

    A field takes text at once. Any other key goes from the focused widget up to the app, one queue
    after the other, and acts there: text behind it would have been put into the field before, and
    the word behind an `E` would have gone to the list and not to the dialog that the key opens.
    """

    def __init__(self) -> None:
        self._key: events.Key | None = None
        self._until_s = 0.0

    def begin(self, key: events.Key, focused: Widget | None) -> None:
        """Note a key that the widgets are about to be given."""
        is_text = isinstance(focused, Input | TextArea) and key.is_printable
        if not is_text:
            self._key = key
            self._until_s = time.monotonic() + LIMIT_S

    def end(self, key: events.Key) -> None:
        """Note a key that has come back; it acts now."""
        if key is self._key:
            self._key = None

    @property
    def is_open(self) -> bool:
        """Tell whether the key has not acted yet."""
        key = self._key
        if key is None:
            return False
        is_stopped = key._stop_propagation  # noqa: SLF001 - nothing public tells it
        has_acted = is_stopped or not key.is_forwarded
        if has_acted or time.monotonic() >= self._until_s:
            self._key = None
        return self._key is not None
