"""Frames of videos and animated pictures: pictures for a moment, known by ids below zero."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from smartgallery_tui.errors import MediaError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from smartgallery_tui.records import Item, Picture


class FrameShelf:
    """Keeps decoded frames for the picture layer while a screen shows them. Any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pictures: dict[int, Picture] = {}
        self._last_id = 0

    def put(self, item: Item, pictures: Sequence[Picture]) -> list[Item]:
        """Keep frames of an item; return a row for each, to be shown like an item."""
        rows: list[Item] = []
        with self._lock:
            for picture in pictures:
                self._last_id -= 1
                self._pictures[self._last_id] = picture
                rows.append(
                    replace(
                        item,
                        id=self._last_id,
                        kind="image",
                        problem=None,
                        width=picture.width_px,
                        height=picture.height_px,
                    )
                )
        return rows

    def get(self, frame_id: int) -> Picture:
        """Return a frame.

        Raises:
            MediaError: It is no longer kept.
        """
        with self._lock:
            picture = self._pictures.get(frame_id)
        if picture is None:
            raise MediaError("the frame is gone")
        return picture

    def drop(self, rows: Iterable[Item]) -> None:
        """Forget frames that are not shown any more."""
        with self._lock:
            for row in rows:
                self._pictures.pop(row.id, None)
