"""Pixels from a library that may be opened after the app has started."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from smartgallery_tui.errors import MediaError, NoPreviewError
from smartgallery_tui.ui.frame_shelf import FrameShelf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from smartgallery_tui.library import Library
    from smartgallery_tui.records import Picture


class LateLibrary:
    """The picture layer's source: the open library, once there is one.

    Args:
        library: The library, or None until a folder was chosen.
        tell: Takes a sentence for the user, once: a tool is missing. Called in any thread.
    """

    def __init__(
        self, library: Library | None, tell: Callable[[str], object] = lambda _text: None
    ) -> None:
        self.library = library
        self._tell = tell
        self.frames = FrameShelf()
        """Pictures that are no items of the library."""

    def _open(self) -> Library:
        if self.library is None:
            raise MediaError("no library is open")
        return self.library

    @contextmanager
    def _telling(self) -> Iterator[Library]:
        """Lend the library; say what is missing on this machine the first time it is missed."""
        library = self._open()
        try:
            yield library
        except NoPreviewError:
            if text := library.media_notice():
                self._tell(text)
            raise

    def thumbnail(self, id: int, box_px: tuple[int, int]) -> Picture:  # noqa: A002 - Library's name
        """Return a picture that fits the box, from the thumbnail store where it can."""
        if id < 0:
            return self.frames.get(id)
        with self._telling() as library:
            return library.thumbnail(id, box_px)

    def micro(self, id: int) -> Picture | None:  # noqa: A002 - Library's name
        """Return the kept tiny picture, or None; of a frame there is none."""
        return None if id < 0 else self._open().micro(id)

    def picture(
        self,
        id: int,  # noqa: A002 - Library's name
        box_px: tuple[int, int],
        part: tuple[float, float, float, float] | None = None,
    ) -> Picture:
        """Return a picture, or a part of it, that fits the box, from the file.

        Frames come as large as they were decoded.
        """
        if id < 0:
            return self.frames.get(id, part)
        with self._telling() as library:
            return library.picture(id, box_px, part)

    def cached_payload(self, id: int, key: str) -> bytes | None:  # noqa: A002 - Library's name
        """Return an encoded picture stored before."""
        return None if id < 0 else self._open().cached_payload(id, key)

    def store_payload(self, id: int, key: str, data: bytes) -> None:  # noqa: A002 - Library's name
        """Store an encoded picture."""
        if id > 0:
            self._open().store_payload(id, key, data)
