"""A stream of PPM pictures, as ffmpeg writes them to a pipe."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from smartgallery_tui.records import Picture

if TYPE_CHECKING:
    from collections.abc import Callable

_HEADER = re.compile(rb"P6\s+(\d{1,6})\s+(\d{1,6})\s+255\s")
_MAX_HEADER_BYTES = 64


class PpmStream:
    """Takes bytes as they come and gives whole pictures; keeps only the last.

    What is no PPM ends the stream: the rest is ignored.

    Args:
        take: Called with each picture.

    Source: Netpbm, PPM format (P6, one byte a sample).
    """

    def __init__(self, take: Callable[[Picture], None] | None = None) -> None:
        self._take = take
        self._data = bytearray()
        self._is_broken = False
        self.last: Picture | None = None
        """The last whole picture so far."""

    def feed(self, data: bytes) -> None:
        """Take the next bytes."""
        if self._is_broken:
            return
        self._data += data
        while (picture := self._next()) is not None:
            self.last = picture
            if self._take is not None:
                self._take(picture)

    def _next(self) -> Picture | None:
        head = _HEADER.match(self._data)
        if head is None:
            self._is_broken = len(self._data) > _MAX_HEADER_BYTES
            return None
        width_px, height_px = int(head[1]), int(head[2])
        start = head.end()
        end = start + width_px * height_px * 3
        if len(self._data) < end:
            return None
        rgb = bytes(self._data[start:end])
        del head  # it holds on to the buffer that is cut now
        del self._data[:end]
        return Picture(width_px, height_px, rgb)
