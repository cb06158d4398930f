"""Whole pictures as RGBA, for texts that some tools hide in the lowest bits of pixels."""

from __future__ import annotations

from typing import NamedTuple

from smartgallery_tui.media.pool import DecodePool


class Pixels(NamedTuple):
    """`rgba` is `height_px * width_px * 4` bytes, rows from the top."""

    rgba: bytes
    width_px: int
    height_px: int


class PixelReader:
    """Decodes in a process of its own, which starts with the first file. One thread at a time."""

    def __init__(self) -> None:
        self._pool: DecodePool | None = None

    def read(self, path: str) -> Pixels:
        """Return all pixels of a PNG or WebP file.

        Raises:
            MediaError: It is none of them, too large, or damaged; or it crashed the decoder.
        """
        if self._pool is None:
            self._pool = DecodePool(1)
        return Pixels(*self._pool.rgba(path))

    def close(self) -> None:
        """End the process."""
        if self._pool is not None:
            self._pool.close()

    def __enter__(self) -> PixelReader:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()
