"""Pixels from a library that may be opened after the app has started."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartgallery_tui.errors import MediaError
from smartgallery_tui.ui.frame_shelf import FrameShelf

if TYPE_CHECKING:
    from smartgallery_tui.library import Library
    from smartgallery_tui.records import Picture


class LateLibrary:
    """The picture layer's source: the open library, once there is one.

    Args:
        library: The library, or None until a folder was chosen.
    """

    def __init__(self, library: Library | None) -> None:
        self.library = library
        self.frames = FrameShelf()
        """Pictures that are no items of the library."""

    def _open(self) -> Library:
        if self.library is None:
            raise MediaError("no library is open")
        return self.library

    def thumbnail(self, id: int, box_px: tuple[int, int]) -> Picture:  # noqa: A002 - Library's name
        """Return a picture that fits the box, from the thumbnail store where it can."""
        return self.frames.get(id) if id < 0 else self._open().thumbnail(id, box_px)

    def picture(
        self,
        id: int,  # noqa: A002 - Library's name
        box_px: tuple[int, int],
        part: tuple[float, float, float, float] | None = None,
    ) -> Picture:
        """Return a picture, or a part of it, that fits the box, from the file.

        Frames come as large as they were decoded.
        """
        return self.frames.get(id, part) if id < 0 else self._open().picture(id, box_px, part)

    def cached_payload(self, id: int, key: str) -> bytes | None:  # noqa: A002 - Library's name
        """Return an encoded picture stored before."""
        return None if id < 0 else self._open().cached_payload(id, key)

    def store_payload(self, id: int, key: str, data: bytes) -> None:  # noqa: A002 - Library's name
        """Store an encoded picture."""
        if id > 0:
            self._open().store_payload(id, key, data)
