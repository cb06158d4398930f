"""Frames of videos and animated pictures: pictures for a moment, known by ids below zero."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from smartgallery_tui.errors import MediaError
from smartgallery_tui.records import Picture

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from smartgallery_tui.records import Item


class FrameShelf:
    """Keeps decoded frames for the picture layer while a screen shows them. Any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pictures: dict[int, Picture] = {}
        self._last_id = 0

    def put(self, item: Item, pictures: Sequence[Picture]) -> list[Item]:
        """Keep frames of an item; return a row for each, to be shown like an item and as large."""
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
                        width=item.width or picture.width_px,
                        height=item.height or picture.height_px,
                    )
                )
        return rows

    def get(self, frame_id: int, part: tuple[float, float, float, float] | None = None) -> Picture:
        """Return a frame, or a part of it: left, top, right and bottom as fractions.

        Raises:
            MediaError: It is no longer kept.
        """
        with self._lock:
            picture = self._pictures.get(frame_id)
        if picture is None:
            raise MediaError("the frame is gone")
        return picture if part is None else _cut(picture, part)

    def drop(self, rows: Iterable[Item]) -> None:
        """Forget frames that are not shown any more."""
        with self._lock:
            for row in rows:
                self._pictures.pop(row.id, None)


def _cut(picture: Picture, part: tuple[float, float, float, float]) -> Picture:
    width, height = picture.width_px, picture.height_px
    left, right = _edges(part[0], part[2], width)
    top, bottom = _edges(part[1], part[3], height)
    rows = (
        picture.rgb[(y * width + left) * 3 : (y * width + right) * 3] for y in range(top, bottom)
    )
    return Picture(right - left, bottom - top, b"".join(rows))


def _edges(start: float, end: float, length: int) -> tuple[int, int]:
    first = min(length - 1, max(0, round(start * length)))
    return first, max(first + 1, min(length, round(end * length)))
